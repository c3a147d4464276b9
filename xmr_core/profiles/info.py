"""What all profiles share: what is told of one, the bank, and stand-ins for what is missing."""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from xmr_core.encoders import Encoder
from xmr_core.errors import ModelError, WeightsMissing
from xmr_core.media import Encoding, Modality
from xmr_core.models import Progress, fetch, locate
from xmr_core.paths import assets_dir, cache_dir
from xmr_core.space import JointSpace

_PATIENCE = 600  # seconds before a fetch that failed is tried again unasked


@dataclass(frozen=True, slots=True)
class ProfileInfo:
    """What there is to know of a profile before it is loaded.

    Attributes:
        name: to load it by.
        about: one or two sentences for people.
        dim: d of the joint space.
        modalities: what it covers when all its weights are there.
        licence: of the weights.
        download_bytes: still to fetch; 0 when everything is here, None when it cannot be told.
        needs_hub: whether the model hub must be reached to load it now.
    """

    name: str
    about: str
    dim: int
    modalities: tuple[Modality, ...]
    licence: str
    download_bytes: int | None
    needs_hub: bool


class Profile(Protocol):
    """A kind of profile: made from its name, asked what it is, loaded."""

    def describe(self) -> ProfileInfo:
        """What it is, without loading it."""
        ...

    def load(self, progress: Progress | None) -> JointSpace:
        """The joint space, with what is missing fetched."""
        ...


class Missing:
    """Keeps the place of an encoder whose weights cannot be had: name, width and fingerprint.

    So the space stays the same space when the weights arrive, and what uses the
    encoder meanwhile is told why it cannot.
    """

    def __init__(self, encoder: Encoder[Any], why: ModelError) -> None:
        self.name = encoder.name
        self.modality = encoder.modality
        self.dim = encoder.dim
        self.fingerprint = encoder.fingerprint
        self._why = why

    def encode(self, batch: Sequence[Any]) -> list[Encoding]:
        """Raise why, unless there is nothing to encode."""
        if batch:
            raise self._why
        return []


class Silent:
    """The sound of videos where sounds cannot be encoded: zeros, which count as no sound."""

    modality = Modality.AUDIO

    def __init__(self, name: str = "no sound", dim: int = 0, fingerprint: str = "silent") -> None:
        self.name = name
        self.dim = dim
        self.fingerprint = fingerprint

    def encode(self, batch: Sequence[Any]) -> list[Encoding]:
        """Zeros, no parts."""
        none, boxes = np.zeros((0, self.dim), np.float32), np.zeros((0, 2, 1), np.float32)
        return [Encoding(np.zeros(self.dim, np.float32), none, boxes) for _ in batch]


def heads_dir() -> Path:
    """The heads that come with XMR."""
    return assets_dir() / "heads"


def fetch_unless_failed(name: str, progress: Progress | None) -> None:
    """Fetch weights that are not here, but not again within minutes of a failure.

    Asking an index that cannot be reached takes most of a minute, too long for
    every search; whoever gives ``progress`` watches, and is not kept from trying.

    Raises:
        ModelError: they cannot be had.
    """
    if locate(name) is not None:
        return
    marker = cache_dir() / "unreachable" / name
    if progress is None and (reason := _recent(marker)):
        raise WeightsMissing(reason, f"Run: xmr models pull {name}")
    try:
        fetch(name, progress)
    except ModelError as error:
        with contextlib.suppress(OSError):
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.write_text(error.message, encoding="utf-8")
        raise
    marker.unlink(missing_ok=True)


def _recent(marker: Path) -> str:
    """What a marker of the last few minutes says, or nothing."""
    try:
        if time.time() - marker.stat().st_mtime < _PATIENCE:
            return marker.read_text(encoding="utf-8")
    except OSError:
        pass
    return ""
