"""Which things are relevant to each other: those that share a class."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xmr_core.lab.contract import Labels

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]

_REDRAWS = 50


@dataclass(frozen=True, eq=False)
class Relevance:
    """Relevance of n things to each other, without a table (n, n).

    Attributes:
        labels: as given to a method, (n,) or bool (n, c).
    """

    labels: Labels

    def between(self, one: Whole, other: Whole) -> Truth:
        """Whether each of ``one`` (b,) is relevant to that of ``other`` (b,), bool (b,).

        >>> Relevance(np.array([0, 1, 0])).between(np.array([0, 0]), np.array([1, 2])).tolist()
        [False, True]
        """
        if self.labels.ndim == 1:
            equal: Truth = self.labels[one] == self.labels[other]
            return equal
        shared: Truth = np.any(self.labels[one] & self.labels[other], axis=1)
        itself: Truth = one == other
        return shared | itself

    def table(self, rows: Whole) -> Truth:
        """Of the things ``rows`` (b,), bool (b, b); everything is relevant to itself."""
        some = self.labels[rows]
        if self.labels.ndim == 1:
            equal: Truth = some[:, None] == some
            return equal
        shared: Truth = some.astype(np.float32) @ some.T.astype(np.float32) > 0
        itself: Truth = rows[:, None] == rows
        return shared | itself

    def triplets(self, count: int, rng: np.random.Generator) -> tuple[Whole, Whole, Whole]:
        """Queries, one relevant thing and one other for each, drawn evenly, three (k,).

        Fewer than ``count`` come where hardly anything is not relevant.
        """
        n = len(self.labels)
        asked = rng.integers(n, size=count)
        if self.labels.ndim == 1:
            classes = self.labels[asked]
            members = np.argsort(self.labels, kind="stable")
            sizes = np.bincount(self.labels)
            starts = np.cumsum(sizes) - sizes
        else:
            # One of the query's classes, each as likely; of a thing without any, itself
            bare = ~self.labels.any(axis=1)
            turn = rng.random((n, self.labels.shape[1])) * self.labels
            chosen = np.where(bare, -1, turn.argmax(axis=1))
            classes = chosen[asked]
            members = np.nonzero(self.labels.T)[1]
            sizes = self.labels.sum(axis=0)
            starts = np.cumsum(sizes) - sizes
        which = (rng.random(count) * sizes[classes]).astype(np.int64)
        near = np.where(classes < 0, asked, members[(starts[classes] + which) % len(members)])
        far = rng.integers(n, size=count)
        for _ in range(_REDRAWS):
            wrong = np.flatnonzero(self.between(asked, far))
            if not len(wrong):
                break
            far[wrong] = rng.integers(n, size=len(wrong))
        kept = ~self.between(asked, far)
        return asked[kept], near[kept], far[kept]
