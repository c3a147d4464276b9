"""Lattices of cells, and windows closer than the whole over them.

An encoder that sees a whole picture of four things mixes them in every cell. Shown a
window of it, it sees what is there alone, and larger: what the cells of overlapping
windows say of a place, together with what each window says as a whole, tells far better
which place is meant. Every axis is taken to be 0…1 long.
"""

from collections.abc import Sequence

import numpy as np

from xmr_core.encoders.areas import overlap
from xmr_core.media import Bytes, Floats

CELLS = 12  # along each side of a picture, whatever its encoder's own grid is
STARTS = (0.0, 0.25, 0.5)  # of the windows along each axis
WIDTH = 0.5


def windows(pixels: Bytes) -> list[Bytes]:
    """The nine half-size windows of a picture u8 (H, W, 3), row by row."""
    height, width = pixels.shape[:2]
    rows, columns = [_span(s, height) for s in STARTS], [_span(s, width) for s in STARTS]
    return [pixels[a:b, c:d] for a, b in rows for c, d in columns]


def gather(grids: Sequence[Floats], cells: int = CELLS) -> Floats:
    """What windows say of each cell of the picture.

    Args:
        grids: of the nine windows, f32 (gy, gx, m) each.
        cells: along each side of the picture.

    Returns:
        f32 (cells, cells, m): the mean, over the windows that show it, of the place in the
        window's grid and of the window as a whole, half and half.
    """
    total: Floats = np.zeros((cells, cells, grids[0].shape[2]), np.float32)
    seen: Floats = np.zeros((cells, cells, 1), np.float32)
    corners = [(y, x) for y in STARTS for x in STARTS]
    for (y, x), grid in zip(corners, grids, strict=True):
        first, rows = _covered(overlap(cells, grid.shape[0], y, y + WIDTH))
        left, columns = _covered(overlap(cells, grid.shape[1], x, x + WIDTH))
        across = columns @ grid  # (gy, columns, m)
        drawn = (rows @ across.reshape(len(grid), -1)).reshape(len(rows), len(columns), -1)
        share = rows.sum(1)[:, None, None] * columns.sum(1)[None, :, None]
        here = np.s_[first : first + len(rows), left : left + len(columns)]
        total[here] += 0.5 * (drawn + share * grid.mean(axis=(0, 1)))
        seen[here] += share
    return (total / seen).astype(np.float32)


def lattice(rows: int, columns: int) -> Floats:
    """Boxes f32 (rows · columns, 2, 2) of the cells of a lattice over (y, x) in 0…1.

    >>> lattice(1, 2).tolist()
    [[[0.0, 0.0], [1.0, 0.5]], [[0.0, 0.5], [1.0, 1.0]]]
    """
    y, x = np.mgrid[:rows, :columns].reshape(2, -1)
    size = np.array([rows, columns])
    low = np.stack([y, x], axis=1)
    return np.stack([low / size, (low + 1) / size], axis=1).astype(np.float32)


def _covered(shares: Floats) -> tuple[int, Floats]:
    """The rows of shares (cells, parts) that are not all zero, and where they begin."""
    some = np.flatnonzero(shares.any(axis=1))
    return int(some[0]), shares[some[0] : some[-1] + 1]


def _span(start: float, length: int) -> tuple[int, int]:
    """Pixels of a window along one side; of the smallest picture it still has one."""
    first = min(round(start * length), length - 1)
    return first, max(first + 1, round((start + WIDTH) * length))
