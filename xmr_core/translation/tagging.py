r"""Tags: which concepts of the vocabulary a medium shows.

Each concept's cosine with the medium, less what media of that kind have in common with it,
becomes a share by a softmax; a concept's mass is the sum of the shares of all that are kinds of
it, so that a dozen breeds that are each a little likely make "dog" very likely. General names
are right more often and say less. So names are ranked by

.. math:: \log m_c + \gamma \log \log \frac{v}{|c|}

with m the mass, v concepts in all and :math:`|c|` those that are kinds of c, after Deng, Krause,
Berg and Fei-Fei, "Hedging your bets: optimizing accuracy-specificity trade-offs in large scale
visual recognition", CVPR 2012, and near relations of a name that stands already are left out.
Of pictures people say "boy" and "snow" more often than "baby blue-eyes" and "ice pack": to their
ranks a fifth of the logarithm is added of how many of XMR's own sentences hold the name. More
than that helps photographs further and takes from pictures of rare things.
How often such a name is right, as mass and specificity have it, was fitted on media whose
content is known (tools/fit_words.py): that is a tag's strength.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from xmr_core.media import Floats, Modality
from xmr_core.space import JointSpace
from xmr_core.translation.strengths import fitted
from xmr_core.translation.vectors import text_vectors
from xmr_core.translation.words import Sentence, Vocabulary, sentences, spoken

SURE = 0.25  # strength from which on a tag is shown
MOST = 6
WORDINGS = ("{}", "A photo of {}.")
_TEMPERATURE = {Modality.AUDIO: 0.03}
_USUAL_TEMPERATURE = 0.045  # of cosines
_COMMON = 0.25  # added to the exponent for each level of commonness
_SPECIFIC = 2.0  # γ
_SAID = {Modality.IMAGE: 0.2}  # chosen on photographs and cut-outs; other media were not measured
_ALIKE = 0.7  # cosine from which on two names say the same
_LOOKED_AT = 120  # of the best names, before relations are left out
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Tag:
    """A concept that is shown.

    Attributes:
        name: of the concept.
        strength: how often such a tag is right, 0…1.
    """

    name: str
    strength: float


@dataclass(frozen=True, slots=True)
class Curve:
    """How often a name is right: log-odds ``offset + mass·logit(m) + specific·log(v/|c|)``."""

    offset: float
    mass: float
    specific: float

    def strength(self, mass: float, specific: float) -> float:
        """The probability, of a mass and of log(v/|c|).

        >>> Curve(0.0, 1.0, 0.0).strength(0.5, 3.0)
        0.5
        """
        odds = self.offset + self.mass * logit(mass) + self.specific * specific
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


USUAL = Curve(-1.0, 0.5, 0.0)
"""For media that nobody has measured."""


def logit(share: float) -> float:
    """Log-odds of a share.

    >>> logit(0.5)
    0.0
    """
    bounded = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


@dataclass(frozen=True, eq=False)
class Tagger:
    """Says which concepts media show, in a joint space.

    Attributes:
        space: of the media's vectors.
        words: v concepts.
        strengths: of tags, by medium.
        lines: sentences that tell which names people use.
    """

    space: JointSpace
    words: Vocabulary
    strengths: Mapping[Modality, Curve] = field(default_factory=lambda: fitted("tags", Curve))
    lines: Sequence[Sentence] = field(default_factory=sentences)

    @cached_property
    def vectors(self) -> Floats:
        """Unit rows f32 (v, d) of the concepts."""
        return text_vectors(self.space, self.words.names, WORDINGS)

    @cached_property
    def specific(self) -> Floats:
        """How much each name tells, log(v/|c|), f32 (v,)."""
        below = np.asarray(self.words.below.sum(axis=1), np.float32).ravel()
        return np.log(len(self.words) / below).astype(np.float32)

    @cached_property
    def _common(self) -> Floats:
        return np.array([concept.common for concept in self.words.concepts], np.float32)

    @cached_property
    def said(self) -> Floats:
        """How often each name is said, as the logarithm of sentences that hold it, f32 (v,)."""
        counts = spoken([line.text for line in self.lines if line.fits(Modality.IMAGE)], self.words)
        return np.asarray(np.log(counts + 0.5), np.float32)

    def masses(self, modality: Modality, vectors: Floats) -> Floats:
        """The mass of each concept, unit rows f32 (q, d) → (q, v); 0 for what cannot be met."""
        scores = vectors @ self.vectors.T  # (q, v)
        if modality is not Modality.AUDIO:  # nothing stands for sounds but sentences
            scores -= self.space.bank(modality).mean(axis=0) @ self.vectors.T
        warmth = _TEMPERATURE.get(modality, _USUAL_TEMPERATURE)
        exponents = scores / warmth + _COMMON * self._common
        exponents[:, ~self.words.met(modality)] = -np.inf
        shares = np.exp(exponents - exponents.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        masses = (self.words.below @ shares.T).T
        return np.asarray(np.where(self.words.met(modality), masses, 0), np.float32)

    def ranked(self, modality: Modality, masses: Floats, most: int = MOST) -> list[int]:
        """Places of the names that tell most, one of near relations, by masses f32 (v,)."""
        told = np.log(masses + _LEAST) + _SPECIFIC * np.log(np.maximum(self.specific, _LEAST))
        if share := _SAID.get(modality):
            told += share * self.said
        told[masses == 0] = -np.inf
        names: list[int] = []
        for place in np.argsort(-told, kind="stable")[:_LOOKED_AT].tolist():
            if not np.isfinite(told[place]) or len(names) == most:
                break
            if not any(self._same(place, other) for other in names):
                names.append(place)
        return names

    def strength(self, modality: Modality, place: int, mass: float) -> float:
        """How often a concept of such a mass is right."""
        curve = self.strengths.get(modality, USUAL)
        return curve.strength(mass, float(self.specific[place]))

    def tags(
        self, modality: Modality, vectors: Floats, most: int = MOST, sure: float = SURE
    ) -> list[list[Tag]]:
        """What each of q media shows, unit rows f32 (q, d), the strongest first.

        Args:
            modality: of the media.
            vectors: theirs.
            most: tags of each.
            sure: strength below which nothing is said.
        """
        said = []
        for row in self.masses(modality, vectors):
            tags = [
                Tag(self.words.names[place], self.strength(modality, place, float(row[place])))
                for place in self.ranked(modality, row, most)
            ]
            said.append(sorted((t for t in tags if t.strength >= sure), key=lambda t: -t.strength))
        return said

    def _same(self, one: int, other: int) -> bool:
        near = float(self.vectors[one] @ self.vectors[other]) > _ALIKE
        return near or self.words.akin(one, other)
