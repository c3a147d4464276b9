"""The layers of heads: small numpy functions on rows, told and read as JSON.

Letters of shapes: n items, a and b columns before and after.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self, cast

import numpy as np

from xmr_core.errors import ModelError
from xmr_core.media import Floats

AGAIN = "Install XMR again, or train the head again with tools/."
_GELU = math.sqrt(2 / math.pi)


class Layer(Protocol):
    """One step of a head: (n, a) → (n, b)."""

    def width(self, a: int) -> int:
        """The b that belongs to a; raises ModelError where a does not fit."""
        ...

    def __call__(self, x: Floats) -> Floats:
        """Map rows f32 (n, a) → (n, b)."""
        ...

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at one row x (1, a) in the directions dx (k, a): (k, b)."""
        ...

    def spec(self, keep: "Keep") -> dict[str, Any]:
        """The layer as JSON, its tensors handed to ``keep``, which gives their names."""
        ...


Keep = Callable[[Floats], str]
Take = Callable[[str], Floats]


def fit(layer: str, needed: int, a: int) -> None:
    """Raise ModelError unless a layer that needs so many columns gets them."""
    if needed != a:
        raise ModelError(f"A head's layer '{layer}' takes {needed} features, not {a}.", AGAIN)


def array(values: Floats, dims: int, name: str) -> Floats:
    """A tensor as finite f32 of so many dimensions; raises ModelError for any other."""
    made = np.ascontiguousarray(values, np.float32)
    if made.ndim != dims or 0 in made.shape or not np.isfinite(made).all():
        raise ModelError(f"A head's tensor '{name}' is not a finite {dims}-d array.", AGAIN)
    return made


@dataclass(frozen=True, eq=False)
class Standardise:
    """(x − ``mean``) · ``scale``, both f32 (a,)."""

    mean: Floats
    scale: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", array(self.mean, 1, "mean"))
        object.__setattr__(self, "scale", array(self.scale, 1, "scale"))
        fit("standardise", len(self.mean), len(self.scale))

    def width(self, a: int) -> int:
        """The same."""
        fit("standardise", len(self.mean), a)
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        return (x - self.mean) * self.scale

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        return dx * self.scale

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "standardise", "mean": keep(self.mean), "scale": keep(self.scale)}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls(take(spec["mean"]), take(spec["scale"]))


@dataclass(frozen=True, eq=False)
class Linear:
    """x ``weight`` + ``bias``: f32 (a, b) and (b,)."""

    weight: Floats
    bias: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", array(self.weight, 2, "weight"))
        object.__setattr__(self, "bias", array(self.bias, 1, "bias"))
        fit("linear (bias)", self.weight.shape[1], len(self.bias))

    def width(self, a: int) -> int:
        """Columns of the weight."""
        fit("linear", self.weight.shape[0], a)
        return int(self.weight.shape[1])

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, b)."""
        return cast(Floats, x @ self.weight + self.bias)

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        return cast(Floats, dx @ self.weight)

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "linear", "weight": keep(self.weight), "bias": keep(self.bias)}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls(take(spec["weight"]), take(spec["bias"]))


@dataclass(frozen=True)
class Gelu:
    """Gaussian error linear unit in its tanh form (Hendrycks and Gimpel 2016)."""

    def width(self, a: int) -> int:
        """The same."""
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        return cast(Floats, 0.5 * x * (1 + np.tanh(_GELU * (x + 0.044715 * x * x * x))))

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        inner = np.tanh(_GELU * (x + 0.044715 * x * x * x))
        steep = _GELU * (1 + 3 * 0.044715 * x * x)
        return cast(Floats, dx * (0.5 * (1 + inner) + 0.5 * x * (1 - inner * inner) * steep))

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "gelu"}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls()


@dataclass(frozen=True)
class Root:
    """√max(x, 0): features that count how much of something is seen, with less said by the most.

    The Hellinger map of histograms (Arandjelović and Zisserman, CVPR 2012).
    """

    def width(self, a: int) -> int:
        """The same."""
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        return cast(Floats, np.sqrt(np.maximum(x, 0)))

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        # At 0 the slope is infinite; a mean of zeros is one of zeros only, so nothing moves there.
        slope = np.where(x > 0, 0.5 / np.sqrt(np.where(x > 0, x, 1)), 0)
        return dx * slope

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "root"}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls()


@dataclass(frozen=True)
class Softmax:
    """Probabilities exp(x / ``temperature``) / Σ: the first half of ConSE.

    A linear layer whose rows are the classes' name vectors makes the second half: the
    convex combination of class names (Norouzi et al. 2014).
    """

    temperature: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.temperature) and self.temperature > 0):
            raise ModelError(f"A softmax cannot have temperature {self.temperature}.", AGAIN)

    def width(self, a: int) -> int:
        """The same."""
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        e = np.exp((x - x.max(axis=1, keepdims=True)) / np.float32(self.temperature))
        return cast(Floats, e / e.sum(axis=1, keepdims=True))

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        y = self(x)
        mean = np.sum(dx * y, axis=1, keepdims=True)  # (k, 1)
        return cast(Floats, y * (dx - mean) / np.float32(self.temperature))

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "softmax", "temperature": self.temperature}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls(float(spec["temperature"]))


@dataclass(frozen=True)
class Unit:
    """Rows of length one; a row of zeros stays zero."""

    def width(self, a: int) -> int:
        """The same."""
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        length = np.linalg.norm(x, axis=1, keepdims=True)
        return cast(Floats, x / np.where(length > 0, length, 1))

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        length = np.linalg.norm(x, axis=1, keepdims=True)  # (1, 1)
        if not length.any():
            return dx
        y = x / length
        return cast(Floats, (dx - (dx @ y.T) * y) / length)

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "unit"}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls()


@dataclass(frozen=True)
class Slice:
    """Columns ``start`` … ``stop`` − 1: one tower's share of features side by side."""

    start: int
    stop: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop:
            raise ModelError(f"A head cannot slice {self.start}:{self.stop}.", AGAIN)

    def width(self, a: int) -> int:
        """``stop`` − ``start``."""
        if self.stop > a:
            raise ModelError(f"A head slices {self.start}:{self.stop} of {a} features.", AGAIN)
        return self.stop - self.start

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, b)."""
        return x[:, self.start : self.stop]

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        return dx[:, self.start : self.stop]

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "slice", "start": self.start, "stop": self.stop}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls(int(spec["start"]), int(spec["stop"]))
