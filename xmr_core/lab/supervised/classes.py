"""Classes in the form that the methods learn from, whichever way labels are given."""

import numpy as np

from xmr_core.lab.contract import Labels
from xmr_core.lab.linear import Doubles


def indicators(labels: Labels) -> Doubles:
    """Which classes each pair is of, f64 (n, c) of 0 and 1, of the classes that occur alone.

    A single class out of a table gets a second one, of the pairs that are not of it: what
    learns to tell classes apart needs two.

    >>> indicators(np.array([7, 3, 7])).tolist()
    [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    >>> indicators(np.array([[True, False], [False, False]])).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    if labels.ndim == 1:
        kept, place = np.unique(labels, return_inverse=True)
        single: Doubles = np.eye(len(kept))[place]
        return single
    table: Doubles = labels[:, labels.any(axis=0)].astype(np.float64)
    return np.hstack([table, 1 - table]) if table.shape[1] == 1 else table


def shares(labels: Labels) -> Doubles:
    """The same, each pair's 1 shared out between its classes; a pair of none keeps zeros.

    >>> shares(np.array([[True, True], [False, True], [False, False]])).tolist()
    [[0.5, 0.5], [0.0, 1.0], [0.0, 0.0]]
    """
    table = indicators(labels)
    shared: Doubles = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    return shared


def directions(labels: Labels) -> Doubles:
    """The same as unit rows, whose inner products are the cosines between sets of classes.

    >>> directions(np.array([[True, True], [False, True]])).round(3).tolist()
    [[0.707, 0.707], [0.0, 1.0]]
    """
    table = indicators(labels)
    unit: Doubles = table / np.sqrt(np.maximum(table.sum(axis=1, keepdims=True), 1))
    return unit
