"""Heads: an encoder's features → the joint space, in numpy alone.

A head is a list of small layers, trained elsewhere (with torch, by ``tools/``), written
to one safetensors file: tensors by name, and the list of layers as JSON in the file's
metadata. Reading one executes no code. Letters of shapes: n items, m features, d joint.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from xmr_core.errors import ModelError, WeightsDamaged, WeightsMissing
from xmr_core.heads.layers import AGAIN, Layer, Linear, Unit, array
from xmr_core.heads.stacks import read, run, run_along, width_of
from xmr_core.media import Floats

_FORMAT = "xmr-head-1"


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
            raise ModelError(f"A head cannot take {dim_in} features.", AGAIN)
        self.dim_in = dim_in
        self.layers = tuple(layers)
        self.about = dict(about or {})
        self.dim = width_of(self.layers, dim_in)
        spec, tensors = self._pack()
        digest = hashlib.sha256(spec.encode())
        for name in sorted(tensors):
            digest.update(np.ascontiguousarray(tensors[name], "<f4").data)  # not copied
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
        weight = array(weight, 2, "weight")
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
        return run(self.layers, x)

    def __call__(self, features: Floats) -> Floats:
        """Features f32 (n, m) → unit rows f32 (n, d).

        Raises:
            ModelError: features of another width.
        """
        return Unit()(self.raw(features)).astype(np.float32)

    def along(self, features: Floats, directions: Floats) -> tuple[Floats, Floats]:
        """One row of features f32 (1, m) and directions f32 (k, m) from it.

        Returns:
            the row before it is scaled to length one, (1, d), and how it grows in each
            direction, (k, d). Where the layers are affine, the sum of both is ``raw`` of
            the features plus the direction.

        >>> head = Head.affine(np.array([[2.0], [3.0]], np.float32))
        >>> head.along(np.ones((1, 2), np.float32), np.eye(2, dtype=np.float32))[1].tolist()
        [[2.0], [3.0]]
        """
        return run_along(self.layers, np.asarray(features, np.float32), directions)

    def half(self) -> "Head":
        """The same head with its tensors rounded to float16, so that its file is half as long."""
        spec, tensors = self._pack()
        with np.errstate(over="ignore"):  # what float16 cannot hold is refused by the layers
            rounded = {k: t.astype(np.float16).astype(np.float32) for k, t in tensors.items()}
        return Head(self.dim_in, read(json.loads(spec), rounded.__getitem__), self.about)

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
            raise WeightsMissing(f"The head {path.name} is not at {path.parent}.", AGAIN)
        try:
            with safe_open(path, framework="np") as file:
                metadata = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
            if metadata.get("format") != _FORMAT:
                raise WeightsDamaged(f"{path.name} is not a head of this version.", AGAIN)
            layers = read(json.loads(metadata["layers"]), tensors.__getitem__)
            head = cls(int(metadata["dim_in"]), layers, json.loads(metadata["about"]))
        except WeightsDamaged:
            raise
        except ModelError as e:
            raise WeightsDamaged(f"The head {path.name} is damaged: {e.message}", AGAIN) from e
        except (SafetensorError, OSError, LookupError, TypeError, ValueError, RecursionError) as e:
            raise WeightsDamaged(f"The head {path.name} is damaged ({e}).", AGAIN) from e
        if head.fingerprint != metadata.get("fingerprint"):
            raise WeightsDamaged(f"The head {path.name} has changed since it was written.", AGAIN)
        return head
