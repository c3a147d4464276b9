"""What the readers return and the encoders take: media, and their encodings.

Letters used for shapes throughout: n items, m encoder features, d joint
dimensions, p parts, a axes of a medium, v vertices, f faces, t frames.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int32]


class Modality(StrEnum):
    """The five media."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    MESH = "mesh"


@dataclass(frozen=True, slots=True)
class Section:
    """A named stretch of a text: a page, a slide, a heading, a subtitle's time.

    Attributes:
        start, end: characters, end excluded.
        label: what people call it, such as ``page 3`` or ``0:12``.
    """

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Characters with their named sections, in order and without overlap."""

    text: str
    sections: tuple[Section, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """``pixels`` u8 (H, W, 3), upright, sRGB, alpha laid over white.

    ``facts`` holds ``width`` and ``height`` of the file, which large pictures
    no longer have here: they are decoded at a reduced scale.
    """

    pixels: Bytes
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """``samples`` f32 (n,), mono in −1…1, at ``rate`` Hz."""

    samples: Floats
    rate: int
    facts: Mapping[str, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


@dataclass(frozen=True, slots=True, eq=False)
class Video:
    """Key ``frames`` u8 (t, H, W, 3) at ``seconds`` f32 (t,), and the sound if any."""

    frames: Bytes
    seconds: Floats
    sound: Audio | None = None
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """``vertices`` f32 (v, 3), y up; ``faces`` i32 (f, 3); ``colours`` u8 (f, 3), one a face."""

    vertices: Floats
    faces: Ints
    colours: Bytes
    facts: Mapping[str, float] = field(default_factory=dict)


Media = Text | Image | Audio | Video | Mesh

_MODALITIES: dict[type, Modality] = {
    Text: Modality.TEXT,
    Image: Modality.IMAGE,
    Audio: Modality.AUDIO,
    Video: Modality.VIDEO,
    Mesh: Modality.MESH,
}


def modality_of(media: Media) -> Modality:
    """The modality of a medium.

    >>> str(modality_of(Text("a bird")))
    'text'
    """
    return _MODALITIES[type(media)]


def media_bytes(media: Media) -> int:
    """The memory that a medium takes, about.

    >>> media_bytes(Text("abc")), media_bytes(Audio(np.zeros(10, np.float32), 8000))
    (12, 40)
    """
    match media:
        case Text():
            return 4 * len(media.text)
        case Audio():
            return media.samples.nbytes
        case Video():
            return media.frames.nbytes + (media.sound.samples.nbytes if media.sound else 0)
        case Mesh():
            return media.vertices.nbytes + media.faces.nbytes + media.colours.nbytes
        case _:
            return media.pixels.nbytes


def digest(media: Media) -> str:
    """A key of a medium's content, hexadecimal; its facts do not count.

    >>> digest(Text("a")) == digest(Text("a")), digest(Text("a")) == digest(Text("b"))
    (True, False)
    """
    key = hashlib.blake2b(type(media).__name__.encode(), digest_size=16)
    for column in fields(media):
        value = getattr(media, column.name)
        if isinstance(value, np.ndarray):
            key.update(repr(value.shape).encode())
            key.update(np.ascontiguousarray(value).data)
        elif column.name == "sound" and value is not None:
            key.update(digest(value).encode())
        elif isinstance(value, str | int):
            key.update(str(value).encode())
        elif column.name == "sections":
            key.update(repr([(s.start, s.end) for s in value]).encode())
    return key.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """One medium in its encoder's feature space.

    Attributes:
        pooled: f32 (m,), the whole.
        parts: f32 (p, m), its coarse parts: chunks, windows, key frames, views; p may be 0.
        boxes: f32 (p, 2, a), the parts' low and high corners in the medium's own axes:
            characters of a text (a=1), seconds of a sound or a video (a=1),
            the number of a mesh's view (a=1), (y, x) in 0…1 of a picture (a=2).
    """

    pooled: Floats
    parts: Floats
    boxes: Floats


@dataclass(frozen=True, slots=True)
class Item:
    """One media file in a library.

    Attributes:
        id: stable within its library.
        root: the registered folder it was found in.
        path: relative to the root, with ``/``.
        modality: the medium.
        size: bytes.
        mtime: seconds since 1970.
        hash: of its content, hexadecimal.
        title: what a card shows: the file's name, or the title inside it.
        facts: width, height, seconds, pages, faces … as its reader reported them.
    """

    id: int
    root: Path
    path: str
    modality: Modality
    size: int
    mtime: float
    hash: str
    title: str
    facts: Mapping[str, float]

    @property
    def file(self) -> Path:
        """The file's absolute path."""
        return self.root / self.path


@dataclass(frozen=True, slots=True)
class Part:
    """A coarse part of an item, as the catalogue keeps it.

    Attributes:
        no: 1, 2, … within the item; 0 is the whole.
        label: where it is, for people: ``page 3``, ``0:12``, ``view 4``.
        low, high: its box's corners in the medium's own axes.
        text: the passage, for parts of texts.
    """

    no: int
    label: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    text: str = ""
