"""Heads: an encoder's features → the joint space, in numpy alone.

A head is a list of small layers, trained elsewhere (with torch, by ``tools/``), written
to one safetensors file: tensors by name, and the list of layers as JSON in the file's
metadata. Reading one executes no code. Letters of shapes: n items, m features, d joint.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self, cast

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from xmr_core.errors import ModelError, WeightsDamaged, WeightsMissing
from xmr_core.media import Floats

_FORMAT = "xmr-head-1"
_AGAIN = "Install XMR again, or train the head again with tools/."
_GELU = math.sqrt(2 / math.pi)


class Layer(Protocol):
    """One step of a head: (n, a) → (n, b)."""

    def width(self, a: int) -> int:
        """The b that belongs to a; raises ModelError where a does not fit."""
        ...

    def __call__(self, x: Floats) -> Floats:
        """Map rows f32 (n, a) → (n, b)."""
        ...

    def spec(self, keep: "Keep") -> dict[str, Any]:
        """The layer as JSON, its tensors handed to ``keep``, which gives their names."""
        ...


Keep = Callable[[Floats], str]
Take = Callable[[str], Floats]


def _fit(layer: str, needed: int, a: int) -> None:
    if needed != a:
        raise ModelError(f"A head's layer '{layer}' takes {needed} features, not {a}.", _AGAIN)


def _array(values: Floats, dims: int, name: str) -> Floats:
    array = np.ascontiguousarray(values, np.float32)
    if array.ndim != dims or 0 in array.shape or not np.isfinite(array).all():
        raise ModelError(f"A head's tensor '{name}' is not a finite {dims}-d array.", _AGAIN)
    return array


@dataclass(frozen=True, eq=False)
class Standardise:
    """(x − ``mean``) · ``scale``, both f32 (a,)."""

    mean: Floats
    scale: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", _array(self.mean, 1, "mean"))
        object.__setattr__(self, "scale", _array(self.scale, 1, "scale"))
        _fit("standardise", len(self.mean), len(self.scale))

    def width(self, a: int) -> int:
        """The same."""
        _fit("standardise", len(self.mean), a)
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        return (x - self.mean) * self.scale

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
        object.__setattr__(self, "weight", _array(self.weight, 2, "weight"))
        object.__setattr__(self, "bias", _array(self.bias, 1, "bias"))
        _fit("linear (bias)", self.weight.shape[1], len(self.bias))

    def width(self, a: int) -> int:
        """Columns of the weight."""
        _fit("linear", self.weight.shape[0], a)
        return int(self.weight.shape[1])

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, b)."""
        return cast(Floats, x @ self.weight + self.bias)

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
            raise ModelError(f"A softmax cannot have temperature {self.temperature}.", _AGAIN)

    def width(self, a: int) -> int:
        """The same."""
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        e = np.exp((x - x.max(axis=1, keepdims=True)) / np.float32(self.temperature))
        return cast(Floats, e / e.sum(axis=1, keepdims=True))

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
            raise ModelError(f"A head cannot slice {self.start}:{self.stop}.", _AGAIN)

    def width(self, a: int) -> int:
        """``stop`` − ``start``."""
        if self.stop > a:
            raise ModelError(f"A head slices {self.start}:{self.stop} of {a} features.", _AGAIN)
        return self.stop - self.start

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, b)."""
        return x[:, self.start : self.stop]

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "slice", "start": self.start, "stop": self.stop}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls(int(spec["start"]), int(spec["stop"]))


@dataclass(frozen=True)
class Residual:
    """x + f(x), with f a list of layers."""

    layers: tuple[Layer, ...]

    def width(self, a: int) -> int:
        """The same."""
        _fit("residual", _width(self.layers, a), a)
        return a

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, a)."""
        return x + _run(self.layers, x)

    def spec(self, keep: Keep) -> dict[str, Any]:
        """As JSON."""
        return {"kind": "residual", "layers": [layer.spec(keep) for layer in self.layers]}

    @classmethod
    def read(cls, spec: Mapping[str, Any], take: Take) -> Self:
        """From JSON."""
        return cls(_read(spec["layers"], take))


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
                _AGAIN,
            )

    def width(self, a: int) -> int:
        """The branches' own (sum) or their total (concat)."""
        widths = [_width(branch, a) for branch in self.branches]
        if self.join == "concat":
            return sum(widths)
        for width in widths:
            _fit("sum", widths[0], width)
        return widths[0]

    def __call__(self, x: Floats) -> Floats:
        """(n, a) → (n, b)."""
        pairs = zip(self.branches, self.weights, strict=True)
        out = [np.float32(weight) * _run(branch, x) for branch, weight in pairs]
        if self.join == "concat":
            return np.concatenate(out, axis=1)
        total = out[0]
        for more in out[1:]:
            total = total + more
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
        branches = tuple(_read(branch, take) for branch in spec["branches"])
        return cls(str(spec["join"]), branches, tuple(float(w) for w in spec["weights"]))


KINDS: dict[str, Callable[[Mapping[str, Any], Take], Layer]] = {
    "branches": Branches.read,
    "gelu": Gelu.read,
    "linear": Linear.read,
    "residual": Residual.read,
    "root": Root.read,
    "slice": Slice.read,
    "softmax": Softmax.read,
    "standardise": Standardise.read,
    "unit": Unit.read,
}


def _width(layers: tuple[Layer, ...], a: int) -> int:
    for layer in layers:
        a = layer.width(a)
    return a


def _run(layers: tuple[Layer, ...], x: Floats) -> Floats:
    for layer in layers:
        x = layer(x)
    return x


def _read(specs: list[Mapping[str, Any]], take: Take) -> tuple[Layer, ...]:
    return tuple(KINDS[spec["kind"]](spec, take) for spec in specs)


class Head:
    """Maps an encoder's features f32 (n, m) to unit rows f32 (n, d) of a joint space.

    Args:
        dim_in: m.
        layers: run in order; the rows they give are then scaled to length one.
        about: what a person may want to know: towers, training, scores.

    Attributes:
        dim_in, dim: m and d.
        fingerprint: of the layers and their tensors, not of ``about``.

    Raises:
        ModelError: layers that do not fit each other.

    >>> Head.identity(2)(np.array([[3, 4]], np.float32)).round(1).tolist()
    [[0.6000000238418579, 0.800000011920929]]
    """

    def __init__(
        self, dim_in: int, layers: tuple[Layer, ...], about: Mapping[str, str] | None = None
    ) -> None:
        if dim_in < 1:
            raise ModelError(f"A head cannot take {dim_in} features.", _AGAIN)
        self.dim_in = dim_in
        self.layers = tuple(layers)
        self.about = dict(about or {})
        self.dim = _width(self.layers, dim_in)
        spec, tensors = self._pack()
        digest = hashlib.sha256(spec.encode())
        for name in sorted(tensors):
            digest.update(tensors[name].astype("<f4").tobytes())
        self.fingerprint = digest.hexdigest()[:16]

    @classmethod
    def identity(cls, dim: int) -> "Head":
        """Only scales rows to length one."""
        return cls(dim, (Unit(),))

    @classmethod
    def affine(cls, weight: Floats, bias: Floats | None = None) -> "Head":
        """X ``weight`` + ``bias``: f32 (m, d) and (d,), then unit rows.

        Linear methods (CCA, PLS, ridge …) end as one of these.
        """
        weight = _array(weight, 2, "weight")
        zero = np.zeros(weight.shape[1], np.float32)
        return cls(weight.shape[0], (Linear(weight, zero if bias is None else bias),))

    def raw(self, features: Floats) -> Floats:
        """The rows before they are scaled to length one, f32 (n, d): affine where the layers are.

        Raises:
            ModelError: features of another width.
        """
        x = np.asarray(features, np.float32)
        if x.ndim != 2 or x.shape[1] != self.dim_in:
            raise ModelError(
                f"This head takes features (n, {self.dim_in}), not {x.shape}.",
                "Use the encoder it was trained for.",
            )
        return _run(self.layers, x)

    def __call__(self, features: Floats) -> Floats:
        """Features f32 (n, m) → unit rows f32 (n, d).

        Raises:
            ModelError: features of another width.
        """
        return Unit()(self.raw(features)).astype(np.float32)

    def half(self) -> "Head":
        """The same head with its tensors rounded to float16, so that its file is half as long."""
        spec, tensors = self._pack()
        with np.errstate(over="ignore"):  # what float16 cannot hold is refused by the layers
            rounded = {k: t.astype(np.float16).astype(np.float32) for k, t in tensors.items()}
        return Head(self.dim_in, _read(json.loads(spec), rounded.__getitem__), self.about)

    def _pack(self) -> tuple[str, dict[str, Floats]]:
        tensors: dict[str, Floats] = {}

        def keep(tensor: Floats) -> str:
            name = f"{len(tensors):03d}"
            tensors[name] = tensor
            return name

        return json.dumps([layer.spec(keep) for layer in self.layers]), tensors

    def save(self, path: Path) -> None:
        """Write one safetensors file; float16 for tensors that lose nothing by it."""
        spec, tensors = self._pack()
        with np.errstate(over="ignore"):
            halves = {name: t.astype(np.float16) for name, t in tensors.items()}
        stored = {n: h if np.array_equal(h, tensors[n]) else tensors[n] for n, h in halves.items()}
        metadata = {
            "format": _FORMAT,
            "dim_in": str(self.dim_in),
            "layers": spec,
            "about": json.dumps(self.about),
            "fingerprint": self.fingerprint,
        }
        save_file(stored, path, metadata)

    @classmethod
    def load(cls, path: Path) -> "Head":
        """Read what :meth:`save` wrote.

        Raises:
            WeightsMissing: no such file.
            WeightsDamaged: not a head, cut short, or changed since it was written.
        """
        if not path.is_file():
            raise WeightsMissing(f"The head {path.name} is not at {path.parent}.", _AGAIN)
        try:
            with safe_open(path, framework="np") as file:
                metadata = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
            if metadata.get("format") != _FORMAT:
                raise WeightsDamaged(f"{path.name} is not a head of this version.", _AGAIN)
            layers = _read(json.loads(metadata["layers"]), tensors.__getitem__)
            head = cls(int(metadata["dim_in"]), layers, json.loads(metadata["about"]))
        except WeightsDamaged:
            raise
        except ModelError as e:
            raise WeightsDamaged(f"The head {path.name} is damaged: {e.message}", _AGAIN) from e
        except (SafetensorError, OSError, LookupError, TypeError, ValueError, RecursionError) as e:
            raise WeightsDamaged(f"The head {path.name} is damaged ({e}).", _AGAIN) from e
        if head.fingerprint != metadata.get("fingerprint"):
            raise WeightsDamaged(f"The head {path.name} has changed since it was written.", _AGAIN)
        return head
