"""Generalised multiview analysis: one eigenproblem of which many methods are cases."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.contract import Labels, Tell, Views
from xmr_core.lab.linear import Doubles, ridge_of, top_pairs
from xmr_core.lab.supervised.classes import indicators
from xmr_core.lab.supervised.prepared import Prepared

Scatters = tuple[list[Doubles], list[Doubles]]
"""B_i, to be small, and A_i, to be large: (m_i, m_i) by view."""


@dataclass(frozen=True)
class GMA(FromClasses):
    """What its cases are: joint directions whose exemplars are the means of classes.

    Attributes:
        dim: d.
        couple: α, how much the views should agree.
        ridge: as a share of the mean variance in what is to be small.
        power: of its eigenvalue, by which each direction is scaled; 0 leaves them alike.
    """

    dim: int = 64
    couple: float = 1.0
    ridge: float = 0.5
    power: float = 0.5

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        ready = [Prepared.of(view) for view in views.values()]
        table = indicators(labels)
        means = class_means(table, ready)
        spread, scatter = self.scatters(table, ready, means)
        weights = joint_directions(
            spread,
            scatter,
            means,
            couple=self.couple,
            ridge=self.ridge,
            power=self.power,
            count=self.most(table.shape[1]),
        )
        return {m: one.head(w) for m, one, w in zip(views, ready, weights, strict=True)}

    @abstractmethod
    def scatters(
        self, table: Doubles, ready: Sequence[Prepared], means: Sequence[Doubles]
    ) -> Scatters:
        """What is to be small and what large in each view.

        Args:
            table: f64 (n, c), the classes as 0 and 1.
            ready: the views.
            means: of the classes, see :func:`class_means`.
        """

    def most(self, classes: int) -> int:
        """Directions that are kept, with so many classes."""
        return self.dim


def joint_directions(
    spread: Sequence[Doubles],
    scatter: Sequence[Doubles],
    exemplars: Sequence[Doubles],
    *,
    couple: float,
    ridge: float,
    power: float,
    count: int,
) -> list[Doubles]:
    r"""Directions of all views together, by the largest eigenvalues of A w = λ B w.

    .. math:: \max \sum_i w_i^\top A_i w_i
        + \sum_{i \ne j} \alpha\, w_i^\top Z_i^\top Z_j w_j \quad\text{s.t.}\quad
        \sum_i \gamma_i w_i^\top B_i w_i = 1

    where γ_i makes the traces of all B_i equal.

    Args:
        spread: B_i (m_i, m_i), to be small.
        scatter: A_i (m_i, m_i), to be large.
        exemplars: Z_i (z, m_i), of which row k of each view should meet.
        couple: α.
        ridge: added to each B_i, as a share of its mean variance.
        power: of its eigenvalue, by which each direction is scaled; 0 leaves them alike, as in
            the paper. The last of c − 1 directions hold mostly noise.
        count: d.

    Returns:
        W_i (m_i, d) by view.
    """
    widths = [len(b) for b in spread]
    ends = np.cumsum([0, *widths])
    a, b = np.zeros((2, ends[-1], ends[-1]))
    for i, (p, q) in enumerate(pairwise(ends)):
        ridged = ridge_of(spread[i], ridge)
        b[p:q, p:q] = ridged / np.trace(ridged)
        for j, (r, s) in enumerate(pairwise(ends)):
            a[p:q, r:s] = scatter[i] if i == j else couple * exemplars[i].T @ exemplars[j]
    values, vectors = top_pairs(a, b, count)
    vectors = vectors * np.maximum(values / values[0], 0) ** power
    return [vectors[p:q] for p, q in pairwise(ends)]


def class_means(table: Doubles, ready: Sequence[Prepared]) -> list[Doubles]:
    """The mean of each class in each view less the mean of all, (c, m_i).

    A class of many pairs counts by the root of its size.

    Args:
        table: f64 (n, c), see :func:`xmr_core.lab.supervised.classes.indicators`.
        ready: the views.
    """
    sizes = table.sum(axis=0)  # (c,)
    weights = table / np.sqrt(sizes)
    overall = table.sum(axis=1) / sizes.sum()  # of a pair of several classes, several times
    return [weights.T @ (one.rows - overall @ one.rows) for one in ready]
