"""What dictionary methods share: sparse codes, and dictionaries made better for them.

Letters of shapes: n rows, m features, b words of the dictionary.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from xmr_core.heads import Layer, Standardise, Unit
from xmr_core.heads.stacks import run
from xmr_core.media import Floats

Shrink = Callable[[Floats, float], Floats]
"""(codes (n, b), by how much) → codes nearer to 0."""


def evened(view: Floats) -> tuple[Floats, tuple[Layer, ...]]:
    """A view f32 (n, m) as rows of length one about its mean, and the layers that do so.

    Every feature counts by its own spread: words of a dictionary are to be about all of them.
    """
    scale = 1 / np.maximum(view.std(axis=0), 1e-6)
    layers: tuple[Layer, ...] = (Standardise(view.mean(axis=0), scale.astype(np.float32)), Unit())
    return run(layers, view), layers


def shrunk(code: Floats, less: float) -> Floats:
    """Soft threshold: of the penalty Σ|α|.

    >>> shrunk(np.array([[3.0, -0.5]], np.float32), 1).tolist()
    [[2.0, -0.0]]
    """
    return cast(Floats, np.sign(code) * np.maximum(np.abs(code) - np.float32(less), 0))


def shrunk_together(groups: Sequence[npt.NDArray[np.int64]]) -> Shrink:
    """Soft threshold of the ℓ1/ℓ2 norm: rows of one group give up a word together.

    The threshold grows with the root of the group, as its length does, so that one penalty
    means about the same for large and small groups, and for a group of one the soft threshold.

    >>> shrink = shrunk_together([np.array([0, 1])])
    >>> shrink(np.array([[3.0, 0.1], [4.0, 0.1]], np.float32), 0.5**0.5).round(2).tolist()
    [[2.4000000953674316, 0.0], [3.200000047683716, 0.0]]
    """

    def shrink(code: Floats, less: float) -> Floats:
        made = np.zeros_like(code)
        for rows in groups:
            held = code[rows]
            length = np.linalg.norm(held, axis=0)  # (b,)
            keep = 1 - less * math.sqrt(len(rows)) / np.maximum(length, 1e-12)
            made[rows] = held * np.maximum(keep, 0).astype(np.float32)
        return made

    return shrink


def steepest(square: npt.NDArray[Any]) -> float:
    """The largest eigenvalue of a symmetric (b, b), positive: a bound on how slopes change."""
    return max(float(np.linalg.norm(square.astype(np.float64), 2)), 1e-12)


def fista(
    slope: Callable[[Floats], Floats],
    shrink: Shrink,
    code: Floats,
    bound: float,
    penalty: float,
    steps: int,
) -> Floats:
    """Codes that make a smooth objective and a penalty smaller (Beck and Teboulle, 2009).

    Args:
        slope: of the smooth part, at codes (n, b).
        shrink: of the penalty.
        code: where to begin.
        bound: on how much the slope changes, its Lipschitz constant.
        penalty: weight of the penalty.
        steps: how many.
    """
    ahead, t = code, 1.0
    for _ in range(steps):
        former, code = code, shrink(ahead - slope(ahead) * np.float32(1 / bound), penalty / bound)
        t, before = (1 + math.sqrt(1 + 4 * t * t)) / 2, t
        ahead = code + np.float32((before - 1) / t) * (code - former)
    return code


Pull = tuple[Floats, Floats, float]
"""M (b, c), T (n, c) and a strength s: codes A are to make s/2 ‖A M − T‖² small, too."""


def coded(
    x: Floats,
    atoms: Floats,
    code: Floats,
    penalty: float,
    steps: int,
    *,
    shrink: Shrink = shrunk,
    pulls: Sequence[Pull] = (),
) -> Floats:
    """Codes (n, b) of rows x (n, m): ½ ‖x − A D‖² + Σ pulls + penalty, from given ones onwards."""
    gram, likeness = atoms @ atoms.T, x @ atoms.T
    for across, target, strength in pulls:
        gram = gram + np.float32(strength) * (across @ across.T)
        likeness = likeness + np.float32(strength) * (target @ across.T)
    return fista(lambda a: a @ gram - likeness, shrink, code, steepest(gram), penalty, steps)


def misfit(x: Floats, atoms: Floats, code: Floats) -> float:
    """½ ‖x − A D‖²."""
    return 0.5 * float(np.sum((x - code @ atoms) ** 2, dtype=np.float64))


def better_atoms(atoms: Floats, x: Floats, code: Floats) -> Floats:
    """The dictionary (b, m) that writes x (n, m) better from codes (n, b), no word over length 1.

    One round of block coordinates (Mairal et al., "Online learning for matrix factorization
    and sparse coding", JMLR 2010); words that nothing uses stay as they are.
    """
    made = atoms.copy()
    gram, likeness = code.T @ code, code.T @ x  # (b, b), (b, m)
    for k in np.flatnonzero(np.diag(gram) > 1e-8):
        made[k] += (likeness[k] - gram[k] @ made) / gram[k, k]
        made[k] /= max(float(np.linalg.norm(made[k])), 1.0)
    return made


def mapped(code: Floats, onto: Floats, ridge: float) -> Floats:
    """W (b, c) of the ridge regression of ``onto`` (n, c) on codes (n, b).

    >>> mapped(np.array([[2.0]], np.float32), np.array([[3.0]], np.float32), 2.0).tolist()
    [[1.0]]
    """
    gram = code.T @ code + np.float32(ridge) * np.eye(code.shape[1], dtype=np.float32)
    return cast(Floats, np.linalg.solve(gram, code.T @ onto))


def first_words(n: int, count: int, groups: Sequence[Any], rng: np.random.Generator) -> Any:
    """Which of n rows begin as words, i64 (count,): of each group in turn, none twice."""
    orders = [list(rng.permutation(rows)) for rows in groups]
    chosen: list[int] = []
    while len(chosen) < min(count, n):
        chosen += [order.pop() for order in orders if order]
    return np.array(chosen[:count], np.int64)
