"""Towers trained further on captioned pictures: what changed of them, and what they then say.

The early stages of a tower serve both its own features and these, so that they cost half of
what a second tower would. Of every matrix after them the change is kept, in eight bits and one
scale for each output: it is small beside the weights of ImageNet, which come in packages.

A linear map carries the mean of each changed last layer into a few numbers, and the towers'
numbers are added: they were trained to lie near those of a picture's captions.
"""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from xmr_core.errors import WeightsDamaged, WeightsMissing
from xmr_core.media import Floats

if TYPE_CHECKING:
    import torch

Arrays = Mapping[str, npt.NDArray[Any]]

_FORMAT = "xmr-tuning-1"
_LEVELS = 15  # of a change, on either side of zero: more cannot be told from none
_CLIP = 3.5  # standard deviations of an output's changes; beyond them they are cut
_AGAIN = "Install XMR again, or train it again with tools/."


class Tuning:
    """The changes in a file, read when they are first needed.

    Args:
        path: what `save` wrote.

    Attributes:
        dim: numbers that the changed towers give together.
        first: the stage of a tower, from 0, that is the first to be changed.
        fingerprint: of all the arrays.

    Raises:
        WeightsMissing: no such file.
        WeightsDamaged: not such a file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise WeightsMissing(f"{path.name} is not at {path.parent}.", _AGAIN)
        try:
            with safe_open(path, "np") as file:
                about = file.metadata() or {}
            if about.get("format") != _FORMAT:
                raise WeightsDamaged(f"{path.name} is not a tuning of this version.", _AGAIN)
            self.dim, self.first = int(about["dim"]), int(about["first"])
            self.fingerprint = about["fingerprint"]
        except (OSError, SafetensorError, LookupError, ValueError) as error:
            raise WeightsDamaged(f"{path.name} is damaged ({error}).", _AGAIN) from error

    @cached_property
    def _arrays(self) -> Arrays:
        with safe_open(self.path, "np") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dict
        if _digest(arrays) != self.fingerprint:
            said = f"{self.path.name} has changed since it was written."
            raise WeightsDamaged(said, _AGAIN)
        return arrays

    def apply(self, tower: str, net: "torch.nn.Module") -> None:
        """Change a tower's network, in place.

        Raises:
            WeightsDamaged: the changes are another network's, or the file has changed.
        """
        import torch

        parameters = dict(net.named_parameters())
        for name, change in self._arrays.items():
            if not name.startswith(f"{tower}/") or name.endswith(":scale"):
                continue
            scale = self._arrays.get(f"{name}:scale")
            grown = change.astype(np.float32)
            if scale is not None:
                grown *= scale.reshape(-1, *(1,) * (change.ndim - 1))
            changed = parameters.get(name.partition("/")[2])
            if changed is None or changed.shape != grown.shape:
                said = f"{self.path.name} has a change for another network: {name}."
                raise WeightsDamaged(said, _AGAIN)
            with torch.no_grad():
                changed.add_(torch.from_numpy(grown))

    def map(self, tower: str) -> tuple[Floats, Floats]:
        """Weights f32 (``dim``, c) from the c channels of a tower's last layer, and (``dim``,).

        Raises:
            WeightsDamaged: the tower was not tuned, or the file has changed.
        """
        names = (f"map/{tower}", f"bias/{tower}")
        if not all(name in self._arrays for name in names):
            raise WeightsDamaged(f"{self.path.name} does not know the tower {tower}.", _AGAIN)
        weight, bias = (self._arrays[name].astype(np.float32) for name in names)
        return weight, bias


def save(
    path: Path,
    changes: Mapping[str, Mapping[str, Floats]],
    maps: Mapping[str, tuple[Floats, Floats]],
    first: int,
) -> None:
    """Write a file for `Tuning`.

    Args:
        path: the file.
        changes: tower → name of a parameter → what is to be added to it.
        maps: tower → weights f32 (dim, c) and bias (dim,).
        first: the stage that is the first to be changed.
    """
    arrays: dict[str, npt.NDArray[Any]] = {}
    for tower, parameters in changes.items():
        for name, change in parameters.items():
            if change.ndim == 1:
                arrays[f"{tower}/{name}"] = change.astype(np.float16)
            else:
                arrays[f"{tower}/{name}"], arrays[f"{tower}/{name}:scale"] = rounded(change)
    for tower, (weight, bias) in maps.items():
        arrays[f"map/{tower}"], arrays[f"bias/{tower}"] = weight.astype(np.float16), bias
    dim = len(next(iter(maps.values()))[1])
    about = {"format": _FORMAT, "dim": str(dim), "first": str(first)}
    save_file(arrays, path, about | {"fingerprint": _digest(arrays)})


def rounded(change: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """A change f32 (out, …) as whole numbers and the scale f32 (out,) that they count in.

    >>> whole, scale = rounded(np.array([[-3.0, 1.0], [0.0, 0.0]], np.float32))
    >>> whole.tolist(), scale.round(2).tolist()
    ([[-15, 5], [0, 0]], [0.20000000298023224, 0.0])
    """
    rows = change.reshape(len(change), -1)
    reach = np.minimum(np.abs(rows).max(1), _CLIP * rows.std(1))
    scale = (reach / _LEVELS).astype(np.float32)
    counted = rows / np.where(scale > 0, scale, 1)[:, None]
    whole = np.clip(np.round(counted), -_LEVELS, _LEVELS).astype(np.int8)
    return whole.reshape(change.shape), scale


def _digest(arrays: Arrays) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()[:16]
