r"""Captions of nearest neighbours, the one on which they agree.

The captions of the k nearest things are the candidates C; the one is said that is most like
the m others that are most like it,

.. math:: c^* = \arg\max_{c \in C} \; \max_{M \subset C,\, |M| = m} \;
    \sum_{c' \in M} \operatorname{Sim}(c, c')

with k = 90 and m = 125 in the paper, and Sim either CIDEr or BLEU. Devlin, Gupta, Girshick,
Mitchell and Zitnick, "Exploring nearest neighbor approaches for image captioning",
arXiv:1505.04467, 2015.

Here Sim is CIDEr's (the mean over runs of one to four words of their tf-idf cosines), or the
overlap of the words alone in place of BLEU, which is no likeness of two single sentences.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from xmr_core.lab.contract import SEED, About, Tell
from xmr_core.lab.translation.contract import (
    Saying,
    Source,
    Texts,
    Words,
    checked_features,
    checked_texts,
)
from xmr_core.lab.translation.grams import Bags, spread
from xmr_core.media import Floats
from xmr_core.space import unit

Likeness = Literal["cider", "overlap"]
_SOURCES = 5


@dataclass(frozen=True, eq=False)
class Neighbours:
    """A learned :class:`xmr_core.lab.translation.contract.Translation`.

    Attributes:
        mean: f32 (m,), of the features.
        rows: f32 (n, m), unit.
        captions: t of them, all.
        owners: i64 (t,), the thing of each.
        bags: of the captions.
        near: k.
        agreeing: m.
    """

    mean: Floats
    rows: Floats
    captions: tuple[str, ...]
    owners: np.ndarray  # i64 (t,)
    bags: Bags
    near: int
    agreeing: int

    def say(self, features: Floats, most: int = 5) -> list[list[Saying]]:
        """See :class:`xmr_core.lab.translation.contract.Translation`."""
        asked = unit(checked_features(features, len(self.mean)) - self.mean)
        return [self.agreed(row, most) for row in asked @ self.rows.T]

    def agreed(self, nearness: Floats, most: int, lean: float = 0.0) -> list[Saying]:
        """What may be said of one thing, by its nearness f32 (n,) to all.

        Args:
            nearness: of the thing to each of the n.
            most: sayings.
            lean: how much a caption loses by each unit that its owner is farther than the
                nearest; the paper has 0.
        """
        few = min(self.near, len(nearness))
        near = np.argsort(-nearness, kind="stable")[:few]
        some = np.flatnonzero(np.isin(self.owners, near))  # candidates
        likeness = np.maximum(self.bags.likeness(some), 0)
        np.fill_diagonal(likeness, 0)  # itself does not count
        agreeing = max(1, min(self.agreeing, len(some) - 1))
        sums = -np.partition(-likeness, agreeing - 1, axis=1)[:, :agreeing].mean(axis=1)
        if lean:
            sums = sums + lean * (nearness[self.owners[some]] - nearness.max())
        said: dict[str, Saying] = {}
        for c in np.argsort(-sums, kind="stable"):
            text = self.captions[some[c]]
            if text not in said:
                order = np.argsort(-likeness[c], kind="stable")[:agreeing]
                sources = self._sources(some[order], likeness[c][order])
                said[text] = Saying(text, float(sums[c]), sources)
            if len(said) == most:
                break
        return list(said.values())

    def _sources(self, others: np.ndarray, alike: Floats) -> tuple[Source, ...]:
        """The things whose captions i64 (m,) agree most, each with the one that agrees most."""
        total = float(alike.sum()) or 1.0
        shares: dict[int, float] = {}
        texts: dict[int, str] = {}
        for other, value in zip(others, alike, strict=True):  # the most alike first
            if value > 0:
                owner = int(self.owners[other])
                shares[owner] = shares.get(owner, 0.0) + float(value) / total
                texts.setdefault(owner, self.captions[other])
        largest = sorted(shares, key=lambda owner: -shares[owner])[:_SOURCES]
        return tuple(Source(texts[owner], shares[owner], owner) for owner in largest)


@dataclass(frozen=True)
class Consensus:
    """Says what was said of what is like it.

    Attributes:
        near: k, things that are asked.
        agreeing: m, captions that must agree.
        likeness: of captions.
    """

    about: ClassVar[About] = About(
        "Consensus of nearest neighbours",
        "translation",
        "Devlin, Gupta, Girshick, Mitchell and Zitnick, Exploring nearest neighbor approaches for "
        "image captioning, arXiv:1505.04467, 2015",
    )
    says_words: ClassVar[bool] = False
    near: int = 90
    agreeing: int = 125
    likeness: Likeness = "cider"

    def fit(
        self,
        features: Floats,
        texts: Texts,
        words: Words | None = None,
        *,
        seed: int = SEED,
        tell: Tell | None = None,
    ) -> Neighbours:
        """See :class:`xmr_core.lab.translation.contract.Translator`; words are left aside."""
        made = checked_texts(self.about, features, texts)
        captions = tuple(text for row in texts for text in row)
        owners = np.repeat(np.arange(len(texts)), [len(row) for row in texts])
        if self.likeness == "cider":
            bags = Bags.of(captions, spread(texts), len(texts))
        else:
            bags = Bags.of(captions, longest=1)
        mean = made.mean(axis=0)
        return Neighbours(mean, unit(made - mean), captions, owners, bags, self.near, self.agreeing)
