r"""Cross-view hashing.

.. math:: \min_{A_x, A_y} \sum_{ij} S_{ij} \sum_{k, k' \in \{x, y\}}
    \|A_k^\top x_i^k - A_{k'}^\top x_j^{k'}\|^2 \quad\text{s.t.}\quad
    \sum_k A_k^\top X_k^\top X_k A_k = I

whose least generalised eigenvectors give bits, cut at the mean: half of it is tr(Aᵀ M A), with
X(2D − S)Xᵀ of each view on M's diagonal, −XSYᵀ beside it and D the sums of S. Kumar and
Udupa, "Learning hash functions for cross-view similarity search", IJCAI 2011. With S = I it is
CCA, as the paper says; here S = I + share · a graph of neighbours in either view, since things
alike are to get like codes even where they are no pair.

Later directions say little (they correlate least), so that more bits are not always better.
Where a view has fewer features than bits it is seen through a kernel.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import scipy.linalg
import scipy.sparse

from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.contract import About, Tell, Views
from xmr_core.lab.hashing.shared import bits_head, neighbours, widened
from xmr_core.lab.linear import Doubles, ridge_of


def projections(
    x: Doubles, y: Doubles, alike: Any, count: int, ridge: float
) -> tuple[Doubles, Doubles]:
    """The weights (m, d) and (m', d) of centred views under a graph, the best first.

    Args:
        x: one view (n, m).
        y: the other (n, m').
        alike: S, sparse (n, n), symmetric.
        count: d.
        ridge: share of the mean variance added to each.
    """
    sums = np.asarray(alike.sum(axis=1))  # (n, 1)
    m, n = x.shape[1], len(x)
    kept = [ridge_of(view.T @ view / n, ridge) for view in (x, y)]
    within = [view.T @ (2 * sums * view - alike @ view) / n for view in (x, y)]
    # The ridge widens what a pair is held to in M as it does in the constraint
    within = [a + b - v.T @ v / n for a, b, v in zip(within, kept, (x, y), strict=True)]
    across = x.T @ (alike @ y) / n
    matrix = np.block([[within[0], -across], [-across.T, within[1]]])
    few = min(count, m, y.shape[1])
    held = scipy.linalg.block_diag(*kept) + 1e-12 * np.eye(len(matrix))
    _, a = scipy.linalg.eigh(matrix, held, subset_by_index=[0, few - 1])
    return a[:m], a[m:]


@dataclass(frozen=True)
class CVH(FromPairs):
    """Codes that are alike for what is alike, in the same view or the other.

    Attributes:
        bits: of a code.
        near: k, neighbours of each thing in each view.
        share: what all of a thing's neighbours count beside its pair.
        ridge: of both covariances.
    """

    about: ClassVar[About] = About(
        "Cross-view hashing (CVH)",
        "hashing",
        "Kumar and Udupa, Learning hash functions for cross-view similarity search, IJCAI 2011",
        bits=True,
    )
    name: ClassVar[str] = "cvh"
    bits: int = 32
    near: int = 5
    share: float = 0.2
    ridge: float = 0.1

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        rng = np.random.default_rng(seed)
        (one, (x, to_x)), (other, (y, to_y)) = (
            (modality, widened(view, self.bits, rng)) for modality, view in views.items()
        )
        n = len(x)
        alike = scipy.sparse.identity(n, format="csr")
        if self.share > 0:
            for view in views.values():
                found = neighbours(view / np.maximum(view.std(axis=0), 1e-6), self.near)
                rows = np.repeat(np.arange(n), found.shape[1])
                weight = np.full(found.size, self.share / (4 * found.shape[1]))
                graph = scipy.sparse.csr_matrix((weight, (rows, found.ravel())), (n, n))
                alike = alike + graph + graph.T
        v, w = projections(x, y, alike, self.bits, self.ridge)
        return {
            one: bits_head(views[one].shape[1], to_x, v),
            other: bits_head(views[other].shape[1], to_y, w),
        }
