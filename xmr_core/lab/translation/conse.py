r"""Convex combination of the vectors of known words (ConSE).

A classifier says how likely each known word is; the vectors of the T likeliest are summed by
their likelihoods, and the words whose vectors lie nearest are said, known or not:

.. math:: f(x) = \frac{1}{Z} \sum_{t=1}^{T} p(\hat y_t \mid x)\, u_{\hat y_t}, \qquad
    Z = \sum_{t=1}^{T} p(\hat y_t \mid x)

Norouzi, Mikolov, Bengio, Singer, Shlens, Frome, Corrado and Dean, "Zero-shot learning by convex
combination of semantic embeddings", ICLR 2014.

The paper takes a classifier of ImageNet's classes as it is. Here one is learned, by softmax
regression, from the words that are said of things; of a thing with several each is as likely.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from xmr_core.heads import Head, Softmax
from xmr_core.lab.contract import SEED, About, Tell
from xmr_core.lab.training import Net, Schedule, descend
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

_LEVEL = 1.0  # of a feature's variance: small principal components are noise mostly


@dataclass(frozen=True, eq=False)
class Combined:
    """A learned :class:`xmr_core.lab.translation.contract.Translation`.

    Attributes:
        classifier: its raw rows are the likelihoods of the known words.
        known: i64 (c,), which of the words.
        texts: v words.
        vectors: f32 (v, e), unit.
        top: T.
    """

    classifier: Head
    known: np.ndarray
    texts: tuple[str, ...]
    vectors: Floats
    top: int

    def likelihoods(self, features: Floats) -> Floats:
        """Of the known words, the T largest, f32 (q, c); the others are 0, rows sum to 1."""
        made = checked_features(features, self.classifier.dim_in)
        likely = self.classifier.raw(made)
        if self.top < likely.shape[1]:
            least = -np.partition(-likely, self.top - 1, axis=1)[:, self.top - 1, None]
            likely = np.where(likely >= least, likely, 0)
        return np.asarray(likely / likely.sum(axis=1, keepdims=True), np.float32)

    def scores(self, features: Floats) -> Floats:
        """The cosine of each of q things with each word, f32 (q, v)."""
        mixed = self.likelihoods(features) @ self.vectors[self.known]
        return np.asarray(unit(mixed) @ self.vectors.T, np.float32)

    def say(self, features: Floats, most: int = 5) -> list[list[Saying]]:
        """See :class:`xmr_core.lab.translation.contract.Translation`.

        The sources of a word are the known ones, by what each adds to its cosine.
        """
        sayings = []
        for row, scores in zip(self.likelihoods(features), self.scores(features), strict=True):
            best = np.argsort(-scores, kind="stable")[:most]
            sayings.append([self._saying(int(w), float(scores[w]), row) for w in best])
        return sayings

    def _saying(self, word: int, score: float, likely: Floats) -> Saying:
        adds = likely * (self.vectors[self.known] @ self.vectors[word])  # (c,)
        known = sources(adds, lambda i, share: Source(self.texts[self.known[i]], share))
        return Saying(self.texts[word], score, known)


@dataclass(frozen=True)
class ConSE:
    """Says the words that lie between those which a classifier believes to see.

    Attributes:
        top: T.
        schedule: of the classifier's learning.
        least: steps; fewer things are seen more often.
    """

    about: ClassVar[About] = About(
        "Convex combination of semantic embeddings (ConSE)",
        "translation",
        "Norouzi, Mikolov, Bengio, Singer, Shlens, Frome, Corrado and Dean, Zero-shot learning by "
        "convex combination of semantic embeddings, ICLR 2014",
    )
    says_words: ClassVar[bool] = True
    top: int = 10
    schedule: Schedule = field(
        default_factory=lambda: Schedule(epochs=10, batch=128, rate=3e-3, decay=0.1)
    )
    least: int = 300

    def fit(
        self,
        features: Floats,
        texts: Texts,
        words: Words | None = None,
        *,
        seed: int = SEED,
        tell: Tell | None = None,
    ) -> Combined:
        """See :class:`xmr_core.lab.translation.contract.Translator`."""
        import torch

        made = checked_texts(self.about, features, texts)
        words, counts = checked_words(self.about, texts, words)
        kept = counts.any(axis=1)
        known = np.flatnonzero(counts.any(axis=0))
        said = np.minimum(counts[kept][:, known], 1)
        targets = torch.from_numpy(said / said.sum(axis=1, keepdims=True))
        net = Net.over(made[kept], len(known), seed=seed, level=_LEVEL)

        def loss(rows: Any) -> Any:
            return torch.nn.functional.cross_entropy(net.module(net.features[rows]), targets[rows])

        n = len(said)
        batch = min(self.schedule.batch, max(n // 8, 2))
        epochs = max(self.schedule.epochs, -(-self.least // (n // batch)))
        schedule = Schedule(epochs, batch, self.schedule.rate, self.schedule.decay)
        descend(loss, net.parameters, n, schedule, seed=seed, tell=tell)
        classifier = Head(made.shape[1], (*net.head().layers, Softmax()))
        return Combined(classifier, known, words.texts, words.centred(), self.top)
