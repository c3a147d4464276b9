"""Layers without tensors that classical networks and codes are made of, and a kernel's."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

import numpy as np

from xmr_core.errors import ModelError
from xmr_core.heads.layers import AGAIN, Keep, Take, array, fit
from xmr_core.media import Floats


@dataclass(frozen=True)
class Tanh:
    """The hyperbolic tangent; with σ(x) = (1 + tanh(x / 2)) / 2 the logistic function too."""

    def width(self, a: int) -> int:
        """The same."""
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        return cast(Floats, np.tanh(x))

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        return cast(Floats, dx * (1 - np.tanh(x) ** 2))

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "tanh"}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls()


@dataclass(frozen=True)
class Relu:
    """max(x, 0)."""

    def width(self, a: int) -> int:
        """The same."""
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        return np.maximum(x, 0)

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        return dx * (x > 0)

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "relu"}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls()


@dataclass(frozen=True)
class Sign:
    """−1 or 1: codes of bits. The cosine of two such rows is 1 − 2 · Hamming distance / bits.

    Zero counts as 1. Its derivative is taken to be that of x itself within −1…1, else 0
    ("straight through", Bengio, Léonard and Courville, 2013): the true one is 0 everywhere.
    """

    def width(self, a: int) -> int:
        """The same."""
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        return np.where(x >= 0, np.float32(1), np.float32(-1))

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        return dx * (np.abs(x) <= 1)

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "sign"}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls()


@dataclass(frozen=True, eq=False)
class Kernel:
    """exp(−``gamma`` ‖x − landmark‖²) for each of the ``landmarks`` f32 (b, a): Gaussian kernel."""

    landmarks: Floats
    gamma: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "landmarks", array(self.landmarks, 2, "landmarks"))
        if not (math.isfinite(self.gamma) and self.gamma > 0):
            raise ModelError(f"A kernel cannot have gamma {self.gamma}.", AGAIN)

    def width(self, a: int) -> int:
        """How many landmarks."""
        fit("kernel", self.landmarks.shape[1], a)
        return len(self.landmarks)

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, b)."""
        far = (x**2).sum(axis=1)[:, None] + (self.landmarks**2).sum(axis=1)
        apart = np.maximum(far - 2 * x @ self.landmarks.T, 0)  # (n, b)
        return cast(Floats, np.exp(np.float32(-self.gamma) * apart))

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a)."""
        slope = np.float32(2 * self.gamma) * self(x)  # (1, b)
        return cast(Floats, slope * (dx @ (self.landmarks - x).T))

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "kernel", "landmarks": keep(self.landmarks), "gamma": self.gamma}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls(take(spec["landmarks"]), float(spec["gamma"]))
