"""Layers made of layers, and the table of all kinds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

import numpy as np

from xmr_core.errors import ModelError
from xmr_core.heads.activations import Kernel, Relu, Sign, Tanh
from xmr_core.heads.codes import SparseCode
from xmr_core.heads.layers import (
    AGAIN,
    Gelu,
    Keep,
    Layer,
    Linear,
    Root,
    Slice,
    Softmax,
    Standardise,
    Take,
    Unit,
    fit,
)
from xmr_core.media import Floats


@dataclass(frozen=True)
class Residual:
    """x + f(x), with f a list of layers."""

    layers: tuple[Layer, ...]

    def width(self, a: int) -> int:
        """The same."""
        fit("residual", width_of(self.layers, a), a)
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        return x + run(self.layers, x)

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        return dx + run_along(self.layers, x, dx)[1]

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "residual", "layers": [layer.spec(keep) for layer in self.layers]}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls(read(spec["layers"], take))


@dataclass(frozen=True)
class Branches:
    """Several lists of layers on the same rows, weighted, then added or set side by side.

    Side by side ("concat"), unit branches with weights wᵢ on both sides of a comparison
    give Σ wᵢ² cosᵢ: an ensemble of joint spaces inside one.

    Attributes:
        join: ``sum`` or ``concat``.
        branches: the lists of layers.
        weights: one a branch.
    """

    join: str
    branches: tuple[tuple[Layer, ...], ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        fits = self.branches and len(self.branches) == len(self.weights)
        if self.join not in ("sum", "concat") or not fits or not np.isfinite(self.weights).all():
            raise ModelError(
                f"A head cannot {self.join} {len(self.branches)} branches "
                f"with {len(self.weights)} weights.",
                AGAIN,
            )

    def width(self, a: int) -> int:
        """The branches' own (sum) or their total (concat)."""
        widths = [width_of(branch, a) for branch in self.branches]
        if self.join == "concat":
            return sum(widths)
        for width in widths:
            fit("sum", widths[0], width)
        return widths[0]

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, b)."""
        pairs = zip(self.branches, self.weights, strict=True)
        out = [np.float32(weight) * run(branch, x) for branch, weight in pairs]
        if self.join == "concat":
            return np.concatenate(out, axis=1)
        total = out[0]
        for more in out[1:]:
            total = total + more
        return total

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        pairs = zip(self.branches, self.weights, strict=True)
        out = [np.float32(weight) * run_along(branch, x, dx)[1] for branch, weight in pairs]
        if self.join == "concat":
            return np.concatenate(out, axis=1)
        total: Floats = np.sum(out, axis=0)
        return total

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {
            "kind": "branches",
            "join": self.join,
            "branches": [[layer.spec(keep) for layer in branch] for branch in self.branches],
            "weights": list(self.weights),
        }

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        branches = tuple(read(branch, take) for branch in spec["branches"])
        return cls(str(spec["join"]), branches, tuple(float(w) for w in spec["weights"]))


@dataclass(frozen=True)
class Blend:
    """Several lists of layers on the same rows, side by side, in shares that depend on the row.

    A mixture of experts (Jacobs et al., "Adaptive mixtures of local experts", 1991) whose
    gate alone is learned: names of things are read otherwise than whole sentences.

    Attributes:
        gate: layers to one column; through the logistic function it is g, from 0 to 1.
        branches: the lists of layers.
        low, high: one weight a branch, where g is 0 and where it is 1; straight between.
    """

    gate: tuple[Layer, ...]
    branches: tuple[tuple[Layer, ...], ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def __post_init__(self) -> None:
        counts = {len(self.branches), len(self.low), len(self.high)}
        if counts == {0} or len(counts) > 1 or not np.isfinite((self.low, self.high)).all():
            raise ModelError(
                f"A head cannot blend {len(self.branches)} branches with {len(self.low)} and "
                f"{len(self.high)} weights.",
                AGAIN,
            )

    def width(self, a: int) -> int:
        """The branches' total."""
        fit("blend", width_of(self.gate, a), 1)
        return sum(width_of(branch, a) for branch in self.branches)

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, b)."""
        g = _logistic(run(self.gate, x))  # (n, 1)
        out = [
            (np.float32(low) + g * np.float32(high - low)) * run(branch, x)
            for branch, low, high in zip(self.branches, self.low, self.high, strict=True)
        ]
        return np.concatenate(out, axis=1)

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        z, dz = run_along(self.gate, x, dx)
        g = _logistic(z)  # (1, 1)
        dg = g * (1 - g) * dz  # (k, 1)
        out = []
        for branch, low, high in zip(self.branches, self.low, self.high, strict=True):
            y, dy = run_along(branch, x, dx)
            rise = np.float32(high - low)
            out.append((np.float32(low) + g * rise) * dy + dg * rise * y)
        return np.concatenate(out, axis=1)

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {
            "kind": "blend",
            "gate": [layer.spec(keep) for layer in self.gate],
            "branches": [[layer.spec(keep) for layer in branch] for branch in self.branches],
            "low": list(self.low),
            "high": list(self.high),
        }

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        low, high = (tuple(float(w) for w in spec[side]) for side in ("low", "high"))
        branches = tuple(read(branch, take) for branch in spec["branches"])
        return cls(read(spec["gate"], take), branches, low, high)


def _logistic(x: Floats) -> Floats:
    """1 / (1 + e⁻ˣ), by its symmetric form, which cannot overflow."""
    return cast(Floats, 0.5 + 0.5 * np.tanh(x / 2))


KINDS: dict[str, Callable[[Mapping[str, Any], Take], Layer]] = {
    "blend": Blend.read,
    "branches": Branches.read,
    "gelu": Gelu.read,
    "kernel": Kernel.read,
    "linear": Linear.read,
    "relu": Relu.read,
    "residual": Residual.read,
    "root": Root.read,
    "sign": Sign.read,
    "slice": Slice.read,
    "softmax": Softmax.read,
    "sparsecode": SparseCode.read,
    "standardise": Standardise.read,
    "tanh": Tanh.read,
    "unit": Unit.read,
}


def width_of(layers: tuple[Layer, ...], a: int) -> int:
    """Columns that come out where a go in; raises ModelError where layers do not fit."""
    for layer in layers:
        a = layer.width(a)
    return a


def run(layers: tuple[Layer, ...], x: Floats) -> Floats:
    """Rows f32 (n, a) through the layers, in order: (n, b)."""
    for layer in layers:
        x = layer(x)
    return x


def run_along(layers: tuple[Layer, ...], x: Floats, dx: Floats) -> tuple[Floats, Floats]:
    """One row f32 (1, a) through the layers, and the directions dx f32 (k, a) with it.

    Returns:
        what comes out, (1, b), and its derivatives in those directions, (k, b): exact, by the
        chain rule in forward mode, for about the price of k more rows.
    """
    for layer in layers:
        x, dx = layer(x), layer.along(x, dx)
    return x, dx


def read(specs: list[Mapping[str, Any]], take: Take) -> tuple[Layer, ...]:
    """Layers from JSON, their tensors taken by name."""
    return tuple(KINDS[spec["kind"]](spec, take) for spec in specs)
