"""What the catalogue takes and gives, besides items and parts."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xmr_core.media import Floats, Modality, Part


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that a library holds."""

    id: int
    path: Path


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or folder that could not be indexed.

    Attributes:
        id: to retry it by.
        root, path: where: the registered folder, and below it with ``/``.
        kind: the name of the error's class, such as ``DamagedMedia``.
        modality: where it is known.
        reason: what happened, for people.
        hint: what to do about it.
        when: seconds since 1970.
    """

    id: int
    root: Path
    path: str
    kind: str
    modality: Modality | None
    reason: str
    hint: str
    when: float

    @property
    def file(self) -> Path:
        """The absolute path."""
        return self.root / self.path


@dataclass(frozen=True, slots=True)
class Search:
    """A remembered or saved search; ``query`` is plain data of the caller's own form."""

    id: int
    name: str | None
    query: dict[str, Any]
    when: float


@dataclass(frozen=True, slots=True)
class Run:
    """One index run: its state is running, done, cancelled or failed."""

    id: int
    pid: int
    started: float
    finished: float | None
    state: str
    progress: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What a run needs to know of an item to tell whether its file changed.

    Attributes:
        current: it has a vector in the joint space asked about.
    """

    id: int
    size: int
    mtime_ns: int
    hash: str
    modality: str
    missing: bool
    current: bool


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """What a run needs to know of a failure to tell whether to try again."""

    id: int
    size: int
    mtime_ns: int
    kind: str
    modality: str


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One encoded file, ready to be kept.

    Attributes:
        root_id, path: where; the path relative to the root, with ``/``.
        encoder, space: fingerprints.
        features: f32 (1 + p, m), the whole first.
        joint: f32 (1 + p, d).
        parts: p of them, numbered from 1.
    """

    root_id: int
    path: str
    modality: Modality
    size: int
    mtime_ns: int
    hash: str
    encoder: str
    space: str
    features: Floats
    joint: Floats
    parts: Sequence[Part] = ()
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """Words inside a medium, or beside it.

    Attributes:
        field: what they are: read in a picture, heard, a title, a tag …
        text: the words.
        low, high: where, in the medium's own axes; () where they are of the whole.
        confidence: of whoever read or heard them, 0…1.
    """

    field: str
    text: str
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Print:
    """A fingerprint of how an item looks or sounds.

    Attributes:
        kind: how it was made; only prints of one kind can be compared.
        no: of an item's prints of this kind.
        bits: the print.
    """

    kind: str
    no: int
    bits: bytes


def title_of(path: str) -> str:
    """A file's name as text, whatever bytes it is made of.

    >>> title_of("birds/blue tit.jpg")
    'blue tit.jpg'
    """
    name = path.rpartition("/")[2]
    return os.fsencode(name).decode("utf-8", "replace")
