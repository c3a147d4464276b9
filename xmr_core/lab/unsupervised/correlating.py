"""What deep CCA and its autoencoder share: the objective, and the linear CCA at the end.

Letters of shapes: n pairs, b of them at a time, d of a code.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from xmr_core.heads import Head, Linear
from xmr_core.lab.contract import Tell
from xmr_core.lab.training import Schedule, descend
from xmr_core.lab.unsupervised.canonical import beyond_chance, canonical, crossed
from xmr_core.lab.unsupervised.coding import Coder
from xmr_core.media import Floats, Modality

PLAIN = 1e-4
"""The ridge of plain CCA, which says in how many directions two views go together at all."""

LAST = 0.1
"""The ridge of the linear CCA of what the networks give."""


def correlation(f: Any, g: Any, ridge: float) -> Any:
    """The sum of all canonical correlations of two torch batches (b, d): a scalar, 0…d.

    Cholesky factors whiten as well as roots do: singular values do not see a rotation.

    Args:
        f, g: row i of each of the same pair.
        ridge: r, added to each variance.
    """
    import torch

    f, g = f - f.mean(dim=0), g - g.mean(dim=0)
    eye = torch.eye(f.shape[1], dtype=f.dtype)
    left, right = (torch.linalg.cholesky(z.T @ z / len(z) + ridge * eye) for z in (f, g))
    half = torch.linalg.solve_triangular(left, f.T @ g / len(f), upper=False)
    whole = torch.linalg.solve_triangular(right, half.T, upper=False)
    return torch.linalg.svdvals(whole).sum()


def correlated(
    views: Mapping[Modality, Floats],
    *,
    dim: int,
    hidden: int,
    ridge: float,
    rebuild: float,
    schedule: Schedule,
    seed: int,
    tell: Tell | None,
) -> dict[Modality, Head]:
    """Heads of two networks whose outputs correlate most, while views can be rebuilt from them.

    Args:
        views: two, f32 (n, m).
        dim: d; no more than plain CCA finds directions that chance does not explain.
        hidden: units of the layer between.
        ridge: r, added to the variances of a batch.
        rebuild: λ, of the two errors of rebuilding; with 0 there is nothing to rebuild with.
        schedule: of the descent.
        seed: of weights and of the order of pairs.
        tell: told the objective, once an epoch.
    """
    (one, x), (other, y) = views.items()
    spreads = crossed(x, y)
    few = beyond_chance(canonical(*spreads, dim, PLAIN)[2], len(x), *spreads[:2])
    coders = [Coder.over(view, (hidden, few), seed=seed + i) for i, view in enumerate((x, y))]

    def loss(rows: Any) -> Any:
        codes = [coder.codes(rows) for coder in coders]
        total = -correlation(codes[0], codes[1], ridge)
        if rebuild:
            errors = [coder.error(rows, code) for coder, code in zip(coders, codes, strict=True)]
            total = total + rebuild * few * (errors[0] + errors[1])
        return total / few

    learned = [
        p for c in coders for p in (c.parameters if rebuild else list(c.encoder.parameters()))
    ]
    descend(loss, learned, len(x), schedule, seed=seed, tell=tell)
    spreads = crossed(coders[0].head().raw(x), coders[1].head().raw(y))
    left, right, _ = canonical(*spreads, few, LAST)
    heads = {}
    for modality, coder, weight, spread in (
        (one, coders[0], left, spreads[0]),
        (other, coders[1], right, spreads[1]),
    ):
        bias = (-spread.mean @ weight).astype(np.float32)
        heads[modality] = coder.head(Linear(weight.astype(np.float32), bias))
    return heads
