"""Profiles fitted in the lab, ``lab:NAME``: new heads over the encoders of another profile.

A method of the lab learns heads for two media. The others are carried over: a linear map from
the old joint space to the new one, fitted on the same pairs, follows their old heads. On disk a
space is a folder of small safetensors files and a JSON file that tells what they are.
"""

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core.errors import LabError, ModelError, UnknownProfile, WeightsDamaged
from xmr_core.heads import Head, Unit
from xmr_core.media import Floats, Modality
from xmr_core.models import Progress
from xmr_core.paths import spaces_dir
from xmr_core.profiles.info import Profile, ProfileInfo
from xmr_core.space import HalvesHead, JointSpace, Projection, Role

PREFIX = "lab:"
_NAME = re.compile(r"[a-z0-9][a-z0-9 ._+-]{0,60}", re.IGNORECASE)
_SHEET, _CARRY = "space.json", "carry"
_FORMAT = "xmr-space-1"
_MOST = 4000  # pairs that are carried over: more of them make the map no better, but slower
_RIDGE = 0.01  # of the mean variance of a dimension


def fitted_names() -> list[str]:
    """The profiles that were fitted here, by name."""
    return sorted(PREFIX + sheet.parent.name for sheet in spaces_dir().glob(f"*/{_SHEET}"))


def save_fitted(
    name: str, base: JointSpace, space: JointSpace, views: Mapping[Modality, Floats], about: str
) -> str:
    """Keep a space fitted on a profile's features, to be used as a profile.

    Args:
        name: for people; the profile is called ``lab:`` and this.
        base: the profile whose encoders gave the features.
        space: what a method made of them, heads alone.
        views: f32 (n, m) of paired features, which carry the other media over.
        about: what it was fitted on, and how, in a sentence.

    Returns:
        the profile's name.

    Raises:
        LabError: a name that cannot be one, or is taken; heads that do not fit the encoders.
    """
    folder = free(name)
    for (modality, _), head in space.heads.items():
        encoder = base.encoders.get(modality)
        if not isinstance(head, Head) or encoder is None or encoder.dim != head.dim_in:
            raise LabError(
                f"The heads of this space were not fitted on {base.name}'s {modality} features.",
                "Fit it on features of that profile.",
            )
    every = max(1, -(-len(next(iter(views.values()))) // _MOST))
    rows = [(base.embed(m, v[::every]), space.embed(m, v[::every])) for m, v in views.items()]
    old, new = (np.concatenate(side) for side in zip(*rows, strict=True))
    partial = folder.with_name(f".{folder.name}.{os.getpid()}")
    partial.mkdir(parents=True)
    try:
        for (modality, role), head in space.heads.items():
            head.save(partial / f"{modality}.{role}.safetensors")  # type: ignore[attr-defined]
        carried(old, new).save(partial / f"{_CARRY}.safetensors")
        sheet = {
            "format": _FORMAT,
            "base": base.name,
            "dim": space.dim,
            "media": [str(m) for m in base.encoders],
            "about": about,
        }
        (partial / _SHEET).write_text(json.dumps(sheet, indent=1), encoding="utf-8")
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return PREFIX + name


def free(name: str) -> Path:
    """The folder that a space of this name would have.

    Raises:
        LabError: a name that cannot be one, or is taken.
    """
    folder = _folder(name)
    if folder.exists():
        raise LabError(f"There is a space '{name}' already.", "Choose another name.")
    return folder


def carried(old: Floats, new: Floats) -> Head:
    """The linear map from vectors of one space to those of another, by ridge regression.

    Args:
        old: f32 (n, d).
        new: f32 (n, e), of the same things.

    >>> old = np.eye(3, dtype=np.float32)
    >>> carried(old, old[:, [1, 2, 0]])(old[:1]).round(1).tolist()
    [[0.0, 0.0, 1.0]]
    """
    x, y = (side.astype(np.float64) for side in (old, new))
    low, high = x.mean(axis=0), y.mean(axis=0)
    spread = (x - low).T @ (x - low)
    ridge = _RIDGE * max(float(np.trace(spread)) / len(spread), 1e-12)
    weight = np.linalg.solve(spread + ridge * np.eye(len(spread)), (x - low).T @ (y - high))
    return Head.affine(weight.astype(np.float32), (high - low @ weight).astype(np.float32))


def delete_fitted(profile: str) -> None:
    """Forget a space; libraries in it must be brought into another profile first.

    Raises:
        UnknownProfile: there is none of that name.
    """
    shutil.rmtree(Fitted(profile).folder)


@dataclass(frozen=True)
class Fitted:
    """A joint space that :func:`save_fitted` wrote.

    Args:
        name: ``lab:NAME``.

    Raises:
        UnknownProfile: there is none of that name.
    """

    name: str

    def __post_init__(self) -> None:
        if not (self.folder / _SHEET).is_file():
            there = ", ".join(fitted_names()) or "none yet; fit one with: xmr lab fit"
            raise UnknownProfile(
                f"There is no profile '{self.name}'.", f"Spaces fitted here: {there}."
            )

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return _folder(self.name.removeprefix(PREFIX))

    @property
    def base(self) -> str:
        """The profile whose encoders it uses."""
        return str(self._sheet()["base"])

    def describe(self) -> ProfileInfo:
        """What it is, without loading it."""
        sheet = self._sheet()
        below = _below(sheet).describe()
        return ProfileInfo(
            name=self.name,
            about=f"{sheet['about']} Encoders of the profile {sheet['base']}.",
            dim=int(sheet["dim"]),
            modalities=below.modalities,
            licence=below.licence,
            download_bytes=below.download_bytes,
            needs_hub=below.needs_hub,
        )

    def load(self, progress: Progress | None) -> JointSpace:
        """The joint space over the encoders of the profile below."""
        sheet = self._sheet()
        base = _below(sheet).load(progress)
        try:
            carry = Head.load(self.folder / f"{_CARRY}.safetensors")
            heads = self._heads()
            for modality in base.encoders.keys() - {m for m, _ in heads} - {Modality.VIDEO}:
                old = base.head(modality)
                if isinstance(old, Head):
                    heads[modality, "gallery"] = Head(
                        old.dim_in, (*old.layers, Unit(), *carry.layers)
                    )
        except ModelError as error:
            raise WeightsDamaged(
                f"The space '{self.name}' is damaged: {error.message}", "Fit it again in the lab."
            ) from error
        image, audio = (heads.get((m, "gallery")) for m in (Modality.IMAGE, Modality.AUDIO))
        if Modality.VIDEO in base.encoders and image is not None:
            width = base.encoders[Modality.IMAGE].dim
            heads[Modality.VIDEO, "gallery"] = HalvesHead(image, audio, width)
        return JointSpace(
            name=self.name,
            dim=int(sheet["dim"]),
            encoders=base.encoders,
            heads=heads,
            bank_texts=base.bank_texts,
            unavailable=base.unavailable,
        )

    def _heads(self) -> dict[tuple[Modality, Role], Projection]:
        heads: dict[tuple[Modality, Role], Projection] = {}
        for modality in Modality:
            roles: tuple[Role, ...] = ("query", "gallery")
            for role in roles:
                file = self.folder / f"{modality}.{role}.safetensors"
                if file.is_file():
                    heads[modality, role] = Head.load(file)
        return heads

    def _sheet(self) -> dict[str, Any]:
        try:
            sheet = json.loads((self.folder / _SHEET).read_text(encoding="utf-8"))
            if sheet["format"] == _FORMAT and {"base", "dim", "about"} <= sheet.keys():
                return dict(sheet)
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            pass
        raise WeightsDamaged(f"The space '{self.name}' is damaged.", "Fit it again in the lab.")


def _below(sheet: Mapping[str, Any]) -> Profile:
    """The profile whose encoders a space uses."""
    from xmr_core.profiles import profile  # it knows this one, too

    if str(sheet["base"]).startswith(PREFIX):
        raise WeightsDamaged("A space of the lab stands on another one.", "Fit it again.")
    return profile(str(sheet["base"]))


def _folder(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise LabError(
            f"'{name}' cannot be the name of a space.",
            "Use up to 60 letters, digits, spaces, dots, dashes.",
        )
    return spaces_dir() / name
