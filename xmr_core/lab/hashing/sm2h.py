r"""Sparse multi-modal hashing (SM²H).

.. math:: \min_{D_m, A_m \ge 0} \sum_m \tfrac12 \|X_m - A_m D_m\|^2 + \lambda \sum_m \|A_m\|_1
    + \tfrac{\gamma}{2} \operatorname{tr}(A^\top L A), \qquad
    L = I - D_v^{-1/2} H D_e^{-1} H^\top D_v^{-1/2}

with A the codes of both views, one above the other, and L the Laplacian of a hypergraph whose
edges H hold a thing and its nearest of the same medium (similarity within a medium) together
with the partner of each (similarity between media): what shares an edge is to be written in
the same words of either dictionary. A code has a bit for each word, set where a new thing's
own sparse code, which knows no graph, uses that word most. Wu, Yu, Yang, Tang, Zhang and
Zhuang, "Sparse multi-modal hashing", IEEE Transactions on Multimedia 2014.

The paper compares the sets of words by a weighted Jaccard measure; bits are compared by
Hamming distance here, as all codes are. For that each word is set for the same share of the
training things in both media. A word is at most added (A ≥ 0), never taken away: there is a
bit for its presence only.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import scipy.sparse

from xmr_core.heads import Head, Layer, Sign, SparseCode, Standardise
from xmr_core.heads.stacks import run
from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.coding import (
    better_atoms,
    evened,
    first_words,
    fista,
    misfit,
    shrunk,
    steepest,
)
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.hashing.shared import neighbours
from xmr_core.media import Floats


def hypergraph(members: list[Any], n: int) -> Any:
    """S = Dᵥ^-½ H Dₑ^-½ of edges over n things, sparse f32 (n, e); the Laplacian is I − S Sᵀ.

    Args:
        members: of each edge, i64 (e, k): every array holds edges of one size.
        n: things.

    >>> s = hypergraph([np.array([[0, 1]])], 3)
    >>> (s @ s.T).toarray().round(6).tolist()
    [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 0.0]]
    """
    parts = []
    for held in members:
        e, k = held.shape
        columns = np.repeat(np.arange(e), k)
        weight = np.full(held.size, k**-0.5, np.float32)
        parts.append(scipy.sparse.csr_matrix((weight, (held.ravel(), columns)), (n, e)))
    edges = scipy.sparse.hstack(parts).tocsr()
    degrees = np.asarray((edges > 0).sum(axis=1), np.float32).ravel()
    return (scipy.sparse.diags(np.maximum(degrees, 1) ** -0.5) @ edges).astype(np.float32).tocsr()


@dataclass(frozen=True)
class SM2H(FromPairs):
    """Dictionaries of both views under a hypergraph; a bit for each word.

    Attributes:
        bits: b, words of each dictionary; no more than there are pairs.
        penalty: λ.
        graph: γ.
        near: things of the same medium in an edge, beside the one it is about.
        active: share of things for which a word's bit is set, at most.
        rounds: of codes and dictionaries.
        steps: of coding in each.
        centres: no more things than this have an edge of their own.
    """

    about: ClassVar[About] = About(
        "Sparse multi-modal hashing (SM²H)",
        "hashing",
        "Wu, Yu, Yang, Tang, Zhang and Zhuang, Sparse multi-modal hashing, IEEE Transactions on "
        "Multimedia 2014",
        bits=True,
    )
    name: ClassVar[str] = "sm2h"
    bits: int = 32
    penalty: float = 0.1
    graph: float = 30.0
    near: int = 3
    active: float = 0.15
    rounds: int = 20
    steps: int = 10
    centres: int = 5000

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        (one, first), (other, second) = views.items()
        (x, before_x), (y, before_y) = evened(first), evened(second)
        n = len(x)
        close = self._edges(x, y)
        start = first_words(n, self.bits, [np.arange(n)], np.random.default_rng(seed))
        d, e = x[start], y[start]
        code = np.zeros((2 * n, len(start)), np.float32)
        for done in range(self.rounds):
            code = self._coded(x, y, d, e, close, code)
            d, e = better_atoms(d, x, code[:n]), better_atoms(e, y, code[n:])
            if tell:
                apart = float(np.sum(code**2) - np.sum((close.T @ code) ** 2)) / 2
                fits = misfit(x, d, code[:n]) + misfit(y, e, code[n:])
                size = self.penalty * float(code.sum())
                tell(done + 1, self.rounds, (fits + size + self.graph * apart) / n)
        return {
            one: self._head(first, (*before_x, SparseCode(d, self.penalty, positive=True))),
            other: self._head(second, (*before_y, SparseCode(e, self.penalty, positive=True))),
        }

    def _edges(self, x: Floats, y: Floats) -> Any:
        n, members = len(x), []
        for view in (x, y):
            near = neighbours(view, self.near, self.centres)
            held = np.hstack([np.arange(len(near))[:, None], near])
            members.append(np.hstack([held, held + n]))
        pairs = np.stack([np.arange(n), np.arange(n) + n], axis=1)
        return hypergraph([*members, pairs], 2 * n)

    def _coded(
        self, x: Floats, y: Floats, d: Floats, e: Floats, close: Any, code: Floats
    ) -> Floats:
        n = len(x)
        grams = [d @ d.T, e @ e.T]
        likeness = np.vstack([x @ d.T, y @ e.T])
        bound = max(steepest(gram) for gram in grams) + self.graph
        spread, gathered = close, close.T.tocsr()

        def slope(a: Floats) -> Floats:
            fits = np.vstack([a[:n] @ grams[0], a[n:] @ grams[1]]) - likeness
            made: Floats = fits + np.float32(self.graph) * (a - spread @ (gathered @ a))
            return made

        def positive(a: Floats, less: float) -> Floats:
            return shrunk(np.maximum(a, 0), less)

        return fista(slope, positive, code, bound, self.penalty, self.steps)

    def _head(self, view: Floats, layers: tuple[Layer, ...]) -> Head:
        code = run(layers, view)
        least = np.quantile(code, 1 - self.active, axis=0).astype(np.float32)
        least = np.maximum(least, 1e-6)
        cut = Standardise(least, np.ones(len(least), np.float32))
        return Head(view.shape[1], (*layers, cut, Sign()))
