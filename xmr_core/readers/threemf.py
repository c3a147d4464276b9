"""3MF, a zip container of XML, in one pass (3MF core 1.3, materials 1.2, production 1.1).

Read by hand: trimesh's reader has no colours, and unfolds objects within objects before
anything can be counted.
"""

import zipfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

import numpy as np

from xmr_core.media import Bytes
from xmr_core.readers import facecolours
from xmr_core.readers.archive import unpacked
from xmr_core.readers.instances import Census
from xmr_core.readers.limits import Limits
from xmr_core.readers.pieces import Z_UP, Doubles, Piece, refuse_faces, within
from xmr_core.readers.source import Source
from xmr_core.readers.xml import refuse_entities

_MAIN = "3d/3dmodel.model"
_BLOCK = 1 << 20
Key = tuple[str, str]  # the part of the container, in lower case, and the object's number in it


@dataclass(slots=True)
class _Object:
    vertices: "array[float]" = field(default_factory=lambda: array("d"))
    faces: "array[int]" = field(default_factory=lambda: array("q"))
    colours: bytearray = field(default_factory=bytearray)
    colour: tuple[int, ...] = facecolours.GREY
    parts: list[tuple[Key, Doubles]] = field(default_factory=list)

    def piece(self, source: Source) -> Piece:
        vertices = np.array(self.vertices, np.float64).reshape(-1, 3)
        faces = np.array(self.faces, np.int64).reshape(-1, 3)
        within(source, len(vertices), faces)
        colours: Bytes = np.frombuffer(bytes(self.colours), np.uint8).reshape(-1, 3)
        return Piece(vertices, faces, colours)


def pieces(source: Source, kind: str, limits: Limits) -> list[Piece]:
    """The pieces of what is to be built.

    Raises:
        ProtectedMedia, OversizedMedia: see `archive.unpacked`; also over ``limits.faces``
            when all instances are counted.
        DamagedMedia: malformed, or XML entities.
    """
    book = _Book(source, limits)
    with unpacked(source, limits.unpacked_bytes) as archive:
        for info in archive.infolist():
            if info.filename.lower().endswith(".model"):
                with archive.open(info) as part:
                    refuse_entities(source, part)
                book.read(archive, info)
    return book.pieces()


class _Book:
    """The objects of all parts, and what is to be built of them."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source, self._limits = source, limits
        self.objects: dict[Key, _Object] = {}
        self.items: list[tuple[Key, Doubles]] = []
        self._faces = self._vertices = 0
        self._part = ""
        self._colours: dict[str, list[tuple[int, ...]]] = {}
        self._group: list[tuple[int, ...]] = []
        self._object = _Object()

    def read(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        """Collect the objects of one part."""
        self._part, self._colours = info.filename.lower(), {}
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        with archive.open(info) as part:
            while block := part.read(_BLOCK):
                parser.Parse(block, False)
        parser.Parse(b"", True)
        refuse_faces(self._source, self._faces, self._limits)

    def pieces(self) -> list[Piece]:
        """What is built, upright."""
        census = Census(
            lambda key: len(self.objects[key].faces) // 3 if key in self.objects else 0,
            lambda key: (
                [part for part, _ in self.objects[key].parts] if key in self.objects else []
            ),
        )
        total = sum(census.below(key) for key, _ in self.items)
        refuse_faces(self._source, total, self._limits)
        made: dict[Key, Piece] = {}

        def unfolded(key: Key, matrix: Doubles) -> Iterator[Piece]:
            if not census.below(key):
                return
            entry = self.objects[key]
            if entry.faces:
                if key not in made:
                    made[key] = entry.piece(self._source)
                yield made[key].placed(matrix)
            for part, inner in entry.parts:
                yield from unfolded(part, matrix @ inner)

        return [piece for key, matrix in self.items for piece in unfolded(key, Z_UP @ matrix)]

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins; the frequent ones first."""
        name = tag.rpartition(" ")[2]
        if name == "vertex":
            self._object.vertices.extend(float(attributes[axis]) for axis in "xyz")
            self._vertices += 1
            if self._vertices > 6 * self._limits.faces:
                refuse_faces(self._source, self._vertices // 6, self._limits)
        elif name == "triangle":
            self._object.faces.extend(int(attributes[corner]) for corner in ("v1", "v2", "v3"))
            self._object.colours.extend(self._colour(attributes, "p1", self._object.colour))
            self._faces += 1
            if self._faces > self._limits.faces:
                refuse_faces(self._source, self._faces, self._limits)
        elif name == "object":
            self._object = _Object(colour=self._colour(attributes, "pindex", facecolours.GREY))
            self.objects[self._part, attributes["id"]] = self._object
        elif name == "component":
            self._object.parts.append(self._use(attributes))
        elif name == "item" and self._part == _MAIN:
            self.items.append(self._use(attributes))
        elif name in ("basematerials", "colorgroup"):
            self._group = self._colours.setdefault(attributes["id"], [])
        elif name in ("base", "color"):
            self._group.append(_rgb(attributes.get("displaycolor") or attributes.get("color", "")))

    def _colour(
        self, attributes: dict[str, str], index: str, otherwise: tuple[int, ...]
    ) -> tuple[int, ...]:
        group = self._colours.get(attributes.get("pid", ""))
        number = attributes.get(index, "0")
        if group and number.isdigit() and int(number) < len(group):
            return group[int(number)]
        return otherwise

    def _use(self, attributes: dict[str, str]) -> tuple[Key, Doubles]:
        part = next((v for k, v in attributes.items() if k.endswith(" path")), self._part)
        matrix = np.eye(4)
        if "transform" in attributes:
            rows = np.array(attributes["transform"].split(), np.float64).reshape(4, 3)
            matrix[:3] = rows.T
        return (part.lower().lstrip("/"), attributes["objectid"]), matrix


def _rgb(text: str) -> tuple[int, ...]:
    """A colour as 3MF writes it.

    >>> _rgb("#FF8000FF")
    (255, 128, 0)
    """
    try:
        return tuple(bytes.fromhex(text[1:7].ljust(6, "0")))
    except ValueError:
        return facecolours.GREY
