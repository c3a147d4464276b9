r"""Joint feature selection and subspace learning.

.. math:: \min_U \sum_p \lVert X_p U_p - Y \rVert_F^2 + \lambda_1 \sum_p \lVert U_p \rVert_{2,1}
    + \lambda_2 \sum_{p, q} \operatorname{tr}(U_p^\top X_p^\top L_{pq} X_q U_q)

with X_p the views, Y the classes, and L = D − W the Laplacian of one graph over all things in
all media: those of like classes are joined across media, nearest neighbours within a medium. The
ℓ₂,₁ norm, the sum of the lengths of rows, brings whole features to nought. Wang, He, Wang, Wang
and Tan, "Joint feature selection and subspace learning for cross-modal retrieval", TPAMI 2016.

Solved as in the paper by turns: weights 1 / (2 ‖u‖) from the lengths of rows, then each U_p by
least squares. Things are joined across media by the cosine of their sets of classes (the paper:
1 for the same class), and both kinds of edges are scaled so that a thing has one of weight 1 on
average. Neighbours within a medium are looked for among things that share a class.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy.linalg

from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.lab.linear import Doubles
from xmr_core.lab.supervised.classes import directions, indicators
from xmr_core.lab.supervised.neighbours import nearest, roughness
from xmr_core.lab.supervised.prepared import Prepared

_LEAST = 1e-8  # of the length of a row of U, where its weight would be infinite


@dataclass(frozen=True)
class JFSSL(FromClasses):
    """Regression on classes by few features of each view, smooth over a graph of all.

    Attributes:
        sparsity: λ1, as a share of the number of pairs.
        smoothness: λ2.
        near: nearest neighbours within a medium.
        rounds: of turns.
    """

    about: ClassVar[About] = About(
        "Joint feature selection and subspace learning (JFSSL)",
        "supervised",
        "Wang et al., Joint feature selection and subspace learning for cross-modal retrieval, "
        "TPAMI 2016",
        labelled=True,
        most_views=5,
    )
    name: ClassVar[str] = "jfssl"
    sparsity: float = 0.03
    smoothness: float = 3.0
    near: int = 10
    rounds: int = 20

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        ready = [Prepared.of(view) for view in views.values()]
        problem = Problem.of(
            [one.rows for one in ready],
            indicators(labels),
            directions(labels),
            self.sparsity,
            self.smoothness,
            self.near,
        )
        weights = problem.start()
        for turn in range(self.rounds):
            weights = problem.turn(weights)
            if tell:
                tell(turn + 1, self.rounds, problem.objective(weights))
        return {m: one.head(u) for m, one, u in zip(views, ready, weights, strict=True)}


@dataclass(frozen=True, eq=False)
class Problem:
    """The objective, a pair's share of it, with the pairs summed up beforehand.

    Attributes:
        squares: X_pᵀ X_p / n, (m_p, m_p).
        towards: X_pᵀ Y / n, (m_p, c).
        rough: X_pᵀ L_pq X_q / n, (m_p, m_q).
        constant: ‖Y‖² / n.
        sparsity, smoothness: λ1 / n and λ2.
    """

    squares: list[Doubles]
    towards: list[Doubles]
    rough: list[list[Doubles]]
    constant: float
    sparsity: float
    smoothness: float

    @classmethod
    def of(
        cls,
        views: Sequence[Doubles],
        table: Doubles,
        unit: Doubles,
        sparsity: float,
        smoothness: float,
        near: int,
    ) -> "Problem":
        """Sum up views f64 (n, m_p), all of mean 0, with classes (n, c) as 0 and 1 and unit."""
        n = len(table)
        y = table - table.mean(axis=0)
        degrees = unit @ unit.sum(axis=0)  # (n,), across to one other medium
        across = 1 / max(float(degrees.mean()), 1e-12)
        rough = [[across * -(unit.T @ x).T @ (unit.T @ z) / n for z in views] for x in views]
        for p, x in enumerate(views):
            graph = nearest(x, table, near, same=True)
            within = 1 / max(float(graph.sum()) / n, 1e-12)
            others = across * (len(views) - 1) * degrees
            rough[p][p] = ((others[:, None] * x).T @ x + within * roughness(graph, x)) / n
        return cls(
            [x.T @ x / n for x in views],
            [x.T @ y / n for x in views],
            rough,
            float((y**2).sum() / n),
            sparsity,
            smoothness,
        )

    def start(self) -> list[Doubles]:
        """Ridge regression of each view on its own."""
        return [
            scipy.linalg.solve(s + 0.1 * np.eye(len(s)), t, assume_a="pos")
            for s, t in zip(self.squares, self.towards, strict=True)
        ]

    def turn(self, weights: Sequence[Doubles]) -> list[Doubles]:
        """Each U_p once, given the others; never makes the objective larger."""
        made = list(weights)
        for p, (square, towards) in enumerate(zip(self.squares, self.towards, strict=True)):
            lengths = np.linalg.norm(made[p], axis=1)
            whole = square + self.smoothness * self.rough[p][p]
            whole = whole + np.diag(self.sparsity / (2 * np.maximum(lengths, _LEAST)))
            others = sum(self.rough[p][q] @ made[q] for q in range(len(made)) if q != p)
            made[p] = scipy.linalg.solve(whole, towards - self.smoothness * others, assume_a="pos")
        return made

    def objective(self, weights: Sequence[Doubles]) -> float:
        """What is minimised, a pair's share of it."""
        total = self.constant * len(weights)
        for p, u in enumerate(weights):
            total += float(np.sum(u * (self.squares[p] @ u)) - 2 * np.sum(u * self.towards[p]))
            total += self.sparsity * float(np.linalg.norm(u, axis=1).sum())
            for q, v in enumerate(weights):
                total += self.smoothness * float(np.sum(u * (self.rough[p][q] @ v)))
        return total
