r"""A linear map from features to the space of words.

What is shown is mapped to the vectors of the words that are said of it, by least squares with
a ridge,

.. math:: \min_W \sum_i \lVert y_i - W^\top x_i \rVert^2 + r \lVert W \rVert^2, \qquad
    y_i = \operatorname{unit}\Big(\sum_{w \in i} u_w\Big)

and the words whose vectors u lie nearest are said, those too that were said of nothing the map
was learned from. After Socher, Ganjoo, Manning and Ng, "Zero-shot learning through cross-modal
transfer", NIPS 2013, whose map has a hidden layer and whose things have one word each; their
detection of novel classes is left out: known and new words are ranked together.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xmr_core.lab.contract import SEED, About, Tell
from xmr_core.lab.translation.contract import (
    Saying,
    Source,
    Texts,
    Words,
    checked_features,
    checked_texts,
    checked_words,
    sources,
)
from xmr_core.media import Floats
from xmr_core.space import unit


@dataclass(frozen=True, eq=False)
class Mapped:
    """A learned :class:`xmr_core.lab.translation.contract.Translation`.

    Attributes:
        mean, scale: f32 (m,), of the standardising.
        rows: f32 (n, m), the standardised features that it was learned from.
        gain: f64 (m, m), (XᵀX + rI)⁻¹.
        targets: f32 (n, e), y.
        middle: f32 (e,), of the words' vectors, which all of them have in common.
        texts: the words.
        vectors: f32 (v, e), their vectors less the middle, unit.
        said: what is said of each of the n things, joined.
        places: i64 (n,), which of the things that were given they are.
    """

    mean: Floats
    scale: Floats
    rows: Floats
    gain: Floats
    targets: Floats
    texts: tuple[str, ...]
    vectors: Floats
    said: tuple[str, ...]
    places: np.ndarray  # i64 (n,)

    def scores(self, features: Floats) -> Floats:
        """The cosine of each of q things with each word, f32 (q, v)."""
        asked = (checked_features(features, len(self.mean)) - self.mean) * self.scale
        weight = self.gain @ (self.rows.T @ self.targets)  # (m, e)
        return np.asarray(unit(asked @ weight) @ self.vectors.T, np.float32)

    def say(self, features: Floats, most: int = 5) -> list[list[Saying]]:
        """See :class:`xmr_core.lab.translation.contract.Translation`.

        The map is a sum over what it was learned from: thing i adds xᵀ(XᵀX + rI)⁻¹xᵢ times
        yᵢ. Those that add most to a word's score are its sources.
        """
        found = self.scores(features)
        asked = (np.asarray(features, np.float32) - self.mean) * self.scale
        sayings = []
        for row, scores in zip(asked, found, strict=True):
            pull = (self.rows @ (self.gain @ row))[:, None] * self.targets  # (n, e)
            best = np.argsort(-scores, kind="stable")[:most]
            sayings.append([self._saying(int(w), float(scores[w]), pull) for w in best])
        return sayings

    def _saying(self, word: int, score: float, pull: Floats) -> Saying:
        adds = pull @ self.vectors[word]  # (n,)
        learned = sources(adds, lambda i, share: Source(self.said[i], share, int(self.places[i])))
        return Saying(self.texts[word], score, learned)


@dataclass(frozen=True)
class LinearMap:
    """Says the words whose vectors lie where the features are mapped to.

    Attributes:
        ridge: r, a share of the features' variance.
    """

    about: ClassVar[About] = About(
        "Linear map to the space of words",
        "translation",
        "Socher, Ganjoo, Manning and Ng, Zero-shot learning through cross-modal transfer, NIPS "
        "2013",
    )
    says_words: ClassVar[bool] = True
    ridge: float = 0.1

    def fit(
        self,
        features: Floats,
        texts: Texts,
        words: Words | None = None,
        *,
        seed: int = SEED,
        tell: Tell | None = None,
    ) -> Mapped:
        """See :class:`xmr_core.lab.translation.contract.Translator`."""
        made = checked_texts(self.about, features, texts)
        words, counts = checked_words(self.about, texts, words)
        vectors = words.centred()
        kept = np.flatnonzero(counts.any(axis=1))  # the others say nothing that could be learned
        made, counts = made[kept], counts[kept]
        mean = made.mean(axis=0)
        scale = (1 / np.maximum(made.std(axis=0), 1e-6)).astype(np.float32)
        rows = (made - mean) * scale
        square = rows.T.astype(np.float64) @ rows
        gain = np.linalg.inv(square + self.ridge * len(rows) * np.eye(rows.shape[1]))
        said = tuple(", ".join(texts[int(i)]) for i in kept)
        targets = unit(np.minimum(counts, 1) @ vectors)
        return Mapped(
            mean, scale, rows, gain.astype(np.float32), targets, words.texts, vectors, said, kept
        )
