"""Low-rank structural ranking of one view's things for another's, as CMSRM has it.

Letters of shapes: b pairs of a batch, a and m features of queries and documents, d of the space.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from xmr_core.heads import Head, Layer, Linear
from xmr_core.lab.base import FromClasses
from xmr_core.lab.contract import Labels, Tell
from xmr_core.lab.ranking.listwise import most_violated
from xmr_core.lab.ranking.prepared import prepared
from xmr_core.lab.ranking.relevance import Relevance, Truth
from xmr_core.lab.training import Schedule, descend
from xmr_core.media import Floats, Modality

_START = 0.3  # length that a unit row has in the space, before anything is learned


def structural(scores: Any, relevant: Truth) -> Any:
    """The mean structural hinge of queries' lists, as a scalar tensor.

    Args:
        scores: tensor (b, b), a query a row.
        relevant: bool (b, b); lists without any other document have no ranking to learn.
    """
    import torch

    known = scores.detach().numpy()
    counts = relevant.sum(axis=1)
    order = np.argsort(~relevant, axis=1, kind="stable")  # relevant documents first
    slope = np.zeros_like(known)
    total = 0.0
    for p in np.unique(counts).tolist():
        if not 0 < p < known.shape[1]:
            continue
        rows = np.flatnonzero(counts == p)[:, None]
        hinge, some = most_violated(known[rows, order[rows[:, 0]]], p)
        slope[rows, order[rows[:, 0]]] = some
        total += float(hinge.sum())
    straight = (scores * torch.from_numpy(slope)).sum()
    return (straight - straight.detach() + total) / len(known)


@dataclass(frozen=True)
class LowRank(FromClasses):
    """What both methods are: maps U and V by which queries rank documents.

    Attributes:
        dim: d.
        penalty: λ, of squared weights, for each direction learned, of up to ``many`` pairs;
            of more it falls as 1 / n, as a support vector machine's with a fixed C does.
        many: pairs.
        schedule: how long and how fast; weights decay by ``penalty`` alone.
    """

    dim: int = 128
    penalty: float = 0.005
    many: int = 2000
    schedule: Schedule = field(
        default_factory=lambda: Schedule(epochs=40, batch=128, rate=2e-2, decay=0, most=3000)
    )

    def learned(
        self,
        views: Mapping[Modality, Floats],
        labels: Labels,
        asking: Sequence[Modality],
        *,
        seed: int,
        tell: Tell | None,
    ) -> dict[Modality, Head]:
        """Heads of both views.

        Args:
            views: two, f32 (n, m).
            labels: of their things.
            asking: whose queries are learned from: one of the views, or both.
            seed: of the first weights and the order of the pairs.
            tell: told how far it is.
        """
        import torch

        before: dict[Modality, tuple[Layer, ...]] = {m: prepared(view) for m, view in views.items()}
        rows_of = {
            m: torch.from_numpy(Head(view.shape[1], before[m])(view)) for m, view in views.items()
        }
        dice = torch.Generator().manual_seed(seed)
        weights = {
            m: (_START * self.dim**-0.5 * torch.randn(x.shape[1], self.dim, generator=dice))
            for m, x in rows_of.items()
        }
        for weight in weights.values():
            weight.requires_grad_()
        relevance = Relevance(labels)
        penalty = self.penalty * min(1.0, self.many / len(labels))
        one, other = views

        def loss(rows: Any) -> Any:
            scores = (rows_of[one][rows] @ weights[one]) @ (rows_of[other][rows] @ weights[other]).T
            relevant = relevance.table(rows.numpy())
            of = {one: scores, other: scores.T}
            lists = sum(structural(of[m], relevant) for m in asking)
            size = sum((weight**2).sum() for weight in weights.values())
            return lists + len(asking) * penalty / 2 * size

        learned = list(weights.values())
        descend(loss, learned, len(labels), self.schedule, seed=seed, tell=tell)
        heads = {}
        for m, weight in weights.items():
            last = Linear(weight.detach().numpy().copy(), np.zeros(self.dim, np.float32))
            heads[m] = Head(views[m].shape[1], (*before[m], last))
        return heads
