"""Grids of cells drawn anew by area: each new cell is the mean of what it covers."""

import numpy as np

from xmr_core.media import Floats


def overlap(cells: int, parts: int, low: float = 0.0, high: float = 1.0) -> Floats:
    """The share of each of ``cells`` of 0…1 that each of ``parts`` of low…high covers.

    Returns:
        f32 (cells, parts); a row sums to 1 where low…high covers its cell.

    >>> overlap(2, 1, 0.25, 1.0).tolist()
    [[0.5], [1.0]]
    """
    edges, old = np.linspace(0, 1, cells + 1), np.linspace(low, high, parts + 1)
    first = np.maximum(edges[:-1, None], old[:-1])
    last = np.minimum(edges[1:, None], old[1:])
    shares: Floats = (np.clip(last - first, 0, None) * cells).astype(np.float32)
    return shares


def redraw(grids: Floats, rows: int, columns: int) -> Floats:
    """Redraw f32 (…, gy, gx, m) on (…, rows, columns, m), which keeps the mean.

    >>> float(redraw(np.arange(4, dtype=np.float32).reshape(1, 2, 2, 1), 3, 3).mean())
    1.5
    """
    gy, gx = grids.shape[-3:-1]
    if (gy, gx) == (rows, columns):
        return grids
    by_row, by_column = overlap(rows, gy), overlap(columns, gx)
    drawn: Floats = np.einsum("ya,...abm,xb->...yxm", by_row, grids, by_column, optimize=True)
    return drawn


def coarser(grids: Floats, side: int) -> Floats:
    """Redraw f32 (…, gy, gx, m) with at most ``side`` cells a side.

    >>> coarser(np.arange(9, dtype=np.float32).reshape(1, 3, 3, 1), 1).tolist()
    [[[[4.0]]]]
    """
    gy, gx = grids.shape[-3:-1]
    return redraw(grids, min(gy, side), min(gx, side))
