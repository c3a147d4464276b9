"""Carry one text space into another: a linear map fitted on sentences both have read.

Two encoders that were trained apart, each with a text tower of its own, have
no common axes. But both can read the same sentences, and a linear map from
the one's sentence vectors to the other's then also carries whatever else lives
in the first space: sounds, when it is CLAP's, or other languages, when it is a
multilingual encoder's. The map is ridge regression with an intercept; its
strength is chosen, and its quality told, on sentences it was not fitted on.

Hoerl & Kennard, Ridge regression, 1970; Mikolov, Le & Sutskever, Exploiting
similarities among languages for machine translation, 2013.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from xmr_core.errors import ModelError, WeightsDamaged
from xmr_core.heads import Head
from xmr_core.media import Floats
from xmr_core.paths import cache_dir

Doubles = npt.NDArray[np.float64]

RIDGES = tuple(10.0 ** (half / 2) for half in range(-10, 3))
"""Strengths tried, as shares of the mean variance of a source dimension."""

FEWEST = 20
"""Fewer sentences than this say nothing about a map."""

_QUALITY = ("ridge", "cosine", "baseline", "recall")


@dataclass(frozen=True, slots=True, eq=False)
class Bridge:
    """A map from one text space into another, and how well it does.

    Attributes:
        head: the map: (n, m) → unit rows (n, d).
        ridge: the strength chosen among `RIDGES`.
        cosine: mean cosine between carried and true vectors of held-out sentences;
            1 is perfect.
        baseline: the same when every sentence is given the mean vector: what the
            cosine is worth is what it adds to this.
        recall: share of held-out sentences whose carried vector is nearest to their
            own true vector among all those held out with them.
    """

    head: Head
    ridge: float
    cosine: float
    baseline: float
    recall: float

    def save(self, path: Path) -> None:
        """Write the map as a head that tells its quality, whole or not at all."""
        quality = {key: repr(getattr(self, key)) for key in _QUALITY}
        head = Head(self.head.dim_in, self.head.layers, quality)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.part")
        try:
            head.save(partial)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path) -> "Bridge":
        """Read a map written by `save`.

        Raises:
            WeightsDamaged: the file is not one.
        """
        head = Head.load(path)
        try:
            return cls(head, **{key: float(head.about[key]) for key in _QUALITY})
        except (KeyError, ValueError) as error:
            raise WeightsDamaged(
                f"The bridge {path.name} does not tell its quality.", "Delete it; it is made again."
            ) from error


def _centred(rows: Floats) -> tuple[Doubles, Doubles]:
    wide = rows.astype(np.float64)
    mean = wide.mean(axis=0)
    return wide - mean, mean


def _solver(source: Doubles, target: Doubles) -> Callable[[float], Doubles]:
    """The ridge solutions of one system for any strength, from one decomposition.

    Args:
        source: (n, m), centred.
        target: (n, d), centred.
    """
    values, vectors = np.linalg.eigh(source.T @ source)  # (m,), (m, m)
    values = np.maximum(values, 0.0)
    unit = values.mean() or 1.0
    crossed = vectors.T @ (source.T @ target)  # (m, d)

    def solve(ridge: float) -> Doubles:
        return vectors @ (crossed / (values + ridge * unit)[:, None])  # type: ignore[no-any-return]

    return solve


def _unit(rows: Doubles) -> Doubles:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(lengths, 1e-12)  # type: ignore[no-any-return]


def fit_bridge(source: Floats, target: Floats, *, folds: int = 5) -> Bridge:
    """Fit the linear map that carries `source` rows to `target` rows.

    Deterministic: sentence i is held out in fold i mod `folds`.

    Args:
        source: f32 (n, m), vectors of n sentences in the space to leave.
        target: f32 (n, d), vectors of the same sentences in the space to enter.
        folds: parts that take turns to be held out.

    Raises:
        ModelError: too few sentences, or rows that do not pair up.

    >>> rng = np.random.default_rng(0)
    >>> source = rng.normal(size=(200, 8)).astype(np.float32)
    >>> turn = rng.normal(size=(8, 5)).astype(np.float32)
    >>> round(fit_bridge(source, source @ turn + 1).cosine, 4)
    1.0
    """
    if len(source) != len(target):
        raise ModelError(f"A bridge needs pairs, not {len(source)} vectors against {len(target)}.")
    if len(source) < FEWEST:
        raise ModelError(
            f"A bridge between text spaces needs {FEWEST} sentences or more, not {len(source)}.",
            "Give it a longer bank of sentences.",
        )
    fold = np.arange(len(source)) % folds
    goal = _unit(target.astype(np.float64))  # (n, d)
    scores = np.zeros((len(RIDGES), len(source)))
    hits = np.zeros((len(RIDGES), len(source)))
    baseline = np.zeros(len(source))
    for out in range(folds):
        kept, held = fold != out, fold == out
        x, x_mean = _centred(source[kept])
        y, y_mean = _centred(target[kept])
        solve = _solver(x, y)
        probe = source[held].astype(np.float64) - x_mean  # (h, m)
        baseline[held] = goal[held] @ _unit(y_mean[None])[0]
        for row, ridge in enumerate(RIDGES):
            carried = _unit(probe @ solve(ridge) + y_mean)  # (h, d)
            likeness = carried @ goal[held].T  # (h, h)
            scores[row, held] = likeness.diagonal()
            hits[row, held] = likeness.diagonal() >= likeness.max(axis=1) - 1e-9
    best = int(scores.mean(axis=1).argmax())
    x, x_mean = _centred(source)
    y, y_mean = _centred(target)
    weight = _solver(x, y)(RIDGES[best])  # (m, d)
    return Bridge(
        head=Head.affine(weight.astype(np.float32), (y_mean - x_mean @ weight).astype(np.float32)),
        ridge=RIDGES[best],
        cosine=float(scores[best].mean()),
        baseline=float(baseline.mean()),
        recall=float(hits[best].mean()),
    )


def cached_bridge(
    fingerprints: tuple[str, str],
    sentences: Sequence[str],
    source: Callable[[Sequence[str]], Floats],
    target: Callable[[Sequence[str]], Floats],
) -> Bridge:
    """The bridge between two encoders over a bank, fitted once and kept in the cache.

    Args:
        fingerprints: of the encoder to leave and of the space to enter.
        sentences: the bank.
        source: sentences → f32 (n, m); called only when there is nothing in the cache.
        target: sentences → f32 (n, d).
    """
    key = hashlib.sha256("\0".join([*fingerprints, *sentences]).encode()).hexdigest()
    path = cache_dir() / "bridges" / f"{key[:32]}.safetensors"
    if path.is_file():
        try:
            return Bridge.load(path)
        except ModelError:
            path.unlink()
    bridge = fit_bridge(source(sentences), target(sentences))
    bridge.save(path)
    return bridge
