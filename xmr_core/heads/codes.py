"""The layer that writes rows as a few words of a dictionary."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self, cast

import numpy as np
import numpy.typing as npt

from xmr_core.errors import ModelError
from xmr_core.heads.layers import AGAIN, Keep, Take, array, fit
from xmr_core.media import Floats


@dataclass(frozen=True, eq=False)
class SparseCode:
    """argmin over α of ½ ‖x − α ``atoms``‖² + ``penalty`` Σ|α|, after so many ``steps`` from 0.

    The steps are FISTA's (Beck and Teboulle, 2009), a fixed number of them, so that the layer
    is one function with one derivative, whether or not it has come all the way.

    Attributes:
        atoms: the dictionary, f32 (b, a).
        penalty: more of it, fewer words.
        steps: how many.
        positive: whether words can only be added, α ≥ 0.

    >>> layer = SparseCode(np.eye(2, dtype=np.float32), 0.5, 1)
    >>> layer(np.array([[2.0, 0.25]], np.float32)).tolist()
    [[1.5, 0.0]]
    """

    atoms: Floats
    penalty: float
    steps: int = 30
    positive: bool = False
    _gram: Floats = field(init=False, repr=False)
    _rate: np.float32 = field(init=False, repr=False)

    def __post_init__(self) -> None:
        atoms = array(self.atoms, 2, "atoms")
        object.__setattr__(self, "atoms", atoms)
        if not (math.isfinite(self.penalty) and self.penalty >= 0 and self.steps >= 1):
            raise ModelError(
                f"A head cannot code with penalty {self.penalty} in {self.steps} steps.", AGAIN
            )
        steepest = float(np.linalg.norm(atoms.astype(np.float64), 2)) ** 2
        object.__setattr__(self, "_gram", atoms @ atoms.T)  # (b, b)
        object.__setattr__(self, "_rate", np.float32(1 / max(steepest, 1e-12)))

    def width(self, a: int) -> int:
        """How many words."""
        fit("sparse code", self.atoms.shape[1], a)
        return len(self.atoms)

    def _shrunk(self, z: npt.NDArray[Any]) -> Floats:
        """Every number nearer to 0 by the step's share of the penalty, or 0."""
        less = self._rate * np.float32(self.penalty)
        if self.positive:
            return cast(Floats, np.maximum(z - less, 0))
        return cast(Floats, np.sign(z) * np.maximum(np.abs(z) - less, 0))

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, b)."""
        likeness: Floats = x @ self.atoms.T  # (n, b)
        code: Floats = np.zeros_like(likeness)
        ahead = code
        t = 1.0
        for _ in range(self.steps):
            former, code = code, self._shrunk(ahead + self._rate * (likeness - ahead @ self._gram))
            t, before = (1 + math.sqrt(1 + 4 * t * t)) / 2, t
            ahead = code + np.float32((before - 1) / t) * (code - former)
        return code

    def along(self, x: Floats, dx: Floats) -> Floats:
        """The derivative at x (1, a) in the directions dx (k, a): of the steps, one by one."""
        likeness: Floats = x @ self.atoms.T  # (1, b)
        grows: Floats = dx @ self.atoms.T  # (k, b)
        code: Floats = np.zeros_like(likeness)
        slope: Floats = np.zeros_like(grows)
        ahead, onward = code, slope
        t = 1.0
        for _ in range(self.steps):
            former, flat = code, slope
            code = self._shrunk(ahead + self._rate * (likeness - ahead @ self._gram))
            slope = (code != 0) * (onward + self._rate * (grows - onward @ self._gram))
            t, before = (1 + math.sqrt(1 + 4 * t * t)) / 2, t
            push = np.float32((before - 1) / t)
            ahead, onward = code + push * (code - former), slope + push * (slope - flat)
        return slope

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {
            "kind": "sparsecode",
            "atoms": keep(self.atoms),
            "penalty": self.penalty,
            "steps": self.steps,
            "positive": self.positive,
        }

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        atoms, penalty = take(spec["atoms"]), float(spec["penalty"])
        return cls(atoms, penalty, int(spec["steps"]), bool(spec["positive"]))
