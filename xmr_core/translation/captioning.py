"""A caption: the sentence on which the sentences nearest to a medium agree.

The vote is the lab's (:mod:`xmr_core.lab.translation.consensus`, after Devlin et al., 2015): of
the nearest sentences the one is said that is most like the others. There the neighbours are
pictures with people's captions; here they are sentences themselves, met in the joint space by
whatever medium asks, those of the library and those that come with XMR together.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats, Modality
from xmr_core.translation.strengths import fitted
from xmr_core.translation.words import Sentence

if TYPE_CHECKING:  # all methods of the lab come with it
    from xmr_core.lab.translation.consensus import Neighbours

SURE = 0.3  # strength below which nothing sure can be said
NEAR, AGREEING, LEAN = 50, 25, 1.0
_LEAST_SPREAD = 1e-3  # of cosines

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Voice:
    """A sentence that voted for a caption, with its share of the votes."""

    sentence: Sentence
    share: float


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said of a medium.

    Attributes:
        text: the sentence.
        strength: how often such a caption names what is there, 0…1.
        voices: which sentences agreed most, its own first among equals.
        own: a person said it of this very item: it stands beside it.
    """

    text: str
    strength: float
    voices: tuple[Voice, ...]
    own: bool = False

    @property
    def sure(self) -> bool:
        """Whether it is worth saying."""
        return self.own or self.strength >= SURE


@dataclass(frozen=True, slots=True)
class Trust:
    """How often captions are right: log-odds ``offset + lead·(lead) + agreement·(agreement)``.

    The lead is by how many spreads of the sentences' scores the best is above their median;
    the agreement is the mean likeness of a caption with those that agree with it.
    """

    offset: float
    lead: float
    agreement: float

    def strength(self, lead: float, agreement: float) -> float:
        """The probability.

        >>> Trust(-3.0, 1.0, 0.0).strength(3.0, 0.1)
        0.5
        """
        odds = self.offset + self.lead * lead + self.agreement * agreement
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


USUAL = Trust(-4.0, 1.0, 2.0)
"""For media that nobody has measured."""


@dataclass(frozen=True, eq=False)
class Captioner:
    """Says sentences of media.

    Attributes:
        sentences: t of them, all different in text.
        vectors: theirs, unit f32 (t, d).
        strengths: of captions, by medium.
    """

    sentences: Sequence[Sentence]
    vectors: Floats
    strengths: Mapping[Modality, Trust] = field(default_factory=lambda: fitted("captions", Trust))
    _voting: "dict[Modality, tuple[Ids, Neighbours]]" = field(default_factory=dict, repr=False)

    def _voters(self, modality: Modality) -> "tuple[Ids, Neighbours]":
        """Places i64 (f,) of the sentences that can be said of a medium, and they themselves."""
        from xmr_core.lab.translation.consensus import Neighbours
        from xmr_core.lab.translation.grams import Bags, spread

        if modality not in self._voting:
            fit = np.flatnonzero([sentence.fits(modality) for sentence in self.sentences])
            texts = tuple(self.sentences[int(place)].text for place in fit)
            seen = spread([[text] for text in texts])
            self._voting[modality] = (
                fit,
                Neighbours(
                    np.zeros(self.vectors.shape[1], np.float32),
                    self.vectors[fit],
                    texts,
                    np.arange(len(fit)),
                    Bags.of(texts, seen, len(texts)),
                    NEAR,
                    AGREEING,
                ),
            )
        return self._voting[modality]

    def measures(self, modality: Modality, vectors: Floats) -> list[tuple[str, float, float]]:
        """Caption, lead and agreement of each of q media, unit rows f32 (q, d)."""
        voted = [self._voted(modality, row) for row in vectors]
        return [(caption.text, lead, agreement) for caption, lead, agreement in voted]

    def captions(self, modality: Modality, vectors: Floats) -> list[Caption | None]:
        """What is said of each of q media, unit rows f32 (q, d); None where there is nothing."""
        if not any(sentence.fits(modality) for sentence in self.sentences):
            return [None] * len(vectors)
        trust = self.strengths.get(modality, USUAL)
        said: list[Caption | None] = []
        for row in vectors:
            caption, lead, agreement = self._voted(modality, row)
            said.append(Caption(caption.text, trust.strength(lead, agreement), caption.voices))
        return said

    def _voted(self, modality: Modality, vector: Floats) -> tuple[Caption, float, float]:
        places, voters = self._voters(modality)
        nearness = voters.rows @ vector  # (f,)
        saying = voters.agreed(nearness, 1, LEAN)[0]
        spread_ = max(float(nearness.std()), _LEAST_SPREAD)
        lead = float(nearness.max() - np.median(nearness)) / spread_
        voices = tuple(
            Voice(self.sentences[int(places[source.row])], source.share)
            for source in saying.sources
            if source.row is not None
        )
        return Caption(saying.text, 0.0, voices), lead, saying.score
