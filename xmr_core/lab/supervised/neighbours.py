"""Graphs of nearest neighbours, of the same classes or of others."""

import numpy as np
import scipy.sparse as sp

from xmr_core.lab.linear import Doubles
from xmr_core.media import Floats

_BLOCK = 512  # rows compared with all others at a time


def nearest(rows: Doubles, table: Doubles, k: int, *, same: bool) -> sp.csr_array:
    """Who is among the k nearest of whom, either way: symmetric (n, n) of 0 and 1.

    Args:
        rows: f64 (n, m), compared by their distance.
        table: f64 (n, c) of 0 and 1, whose classes each row is of. Rows of none have no
            neighbours.
        k: neighbours of each, fewer where there are no more.
        same: whether neighbours share a class, or share none.

    >>> rows, table = np.array([[0.0], [1.0], [2.0]]), np.array([[1.0, 0], [0, 1], [1, 0]])
    >>> nearest(rows, table, 1, same=True).toarray().astype(int).tolist()
    [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    """
    n, few = len(rows), min(k, len(rows) - 1)
    x: Floats = rows.astype(np.float32)
    lengths = (x**2).sum(axis=1)
    classed = table.sum(axis=1) > 0
    left, right = [], []
    for start in range(0, n, _BLOCK):
        some = np.arange(start, min(start + _BLOCK, n))
        apart = lengths - 2 * x[some] @ x.T  # (block, n), less what is the same in a row
        shared = table[some] @ table.T > 0
        wanted = (shared == same) & classed & classed[some, None]
        wanted[np.arange(len(some)), some] = False
        apart[~wanted] = np.inf
        found = np.argpartition(apart, few - 1, axis=1)[:, :few]  # (block, few)
        kept = np.take_along_axis(wanted, found, axis=1)
        left.append(np.repeat(some, few)[kept.ravel()])
        right.append(found.ravel()[kept.ravel()])
    one, other = np.concatenate(left), np.concatenate(right)
    graph = sp.csr_array((np.ones(len(one)), (one, other)), shape=(n, n))
    return graph.maximum(graph.T)


def roughness(graph: sp.csr_array, rows: Doubles) -> Doubles:
    """Half the sum of (x_i − x_j)(x_i − x_j)ᵀ over all edges, both ways: Xᵀ (D − W) X, (m, m).

    >>> roughness(sp.csr_array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0], [3.0]])).tolist()
    [[9.0]]
    """
    degrees = graph.sum(axis=1)
    rough: Doubles = (degrees[:, None] * rows).T @ rows - rows.T @ (graph @ rows)
    return rough
