"""Which files a file names: pictures of a page, links of a note, textures of a model."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

REFERS = "refers"

_BYTES = 4 << 20  # of a file that are read: names of other files stand before megabytes of data
_MOST = 400  # names taken of one file
_TAG = re.compile(
    r"""\b(?:src|href|poster|data|xlink:href)\s*=\s*(?:"([^"]{1,500})"|'([^']{1,500})')""", re.I
)
_SET = re.compile(r"""\bsrcset\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})')""", re.I)
_INLINE = re.compile(r"!?\[[^\]\n]{0,300}\]\(\s*(?:<([^>\n]{1,500})>|([^)\s]{1,500}))")
_LISTED = re.compile(r"^ {0,3}\[[^\]\n]{1,100}\]:\s*(?:<([^>\n]+)>|(\S{1,500}))", re.M)
_WIKI = re.compile(r"!?\[\[([^\]|#\n]{1,300})")
_LIBRARY = re.compile(r"^\s*mtllib\s+(.+?)\s*$", re.M)
_TEXTURE = re.compile(
    r"^\s*(?:map_\w+|bump|norm|disp|decal|refl)\s+(?:-\S+\s+\S+\s+)*(.+?)\s*$", re.M
)
_TARGET = re.compile(rb"/(?:URI|F|UF)\s*\(((?:[^()\\]|\\.){1,500})\)")
_TOLD = re.compile(r"\w[\w()+/-]{0,120}\.[A-Za-z0-9]{2,5}\b")


def mentioned(path: Path) -> list[str]:
    """The names of files that a file mentions, as it writes them; none where it cannot be read.

    Pages, notes, subtitles, PDF, glTF, OBJ with its materials, and Collada are looked into.
    """
    look = _LOOKS.get(path.suffix.lower())
    if look is None:
        return []
    try:
        with path.open("rb") as file:
            found = list(dict.fromkeys(look(path, file.read(_BYTES))))
    except (OSError, ValueError):
        return []
    return [name for name in found if name and not name.startswith(("#", "data:"))][:_MOST]


def looked_into(path: str) -> bool:
    """Whether files of that name are looked into.

    >>> looked_into("a/page.html"), looked_into("a/photo.jpg")
    (True, False)
    """
    return PurePosixPath(path).suffix.lower() in _LOOKS


def resolved(name: str, folder: str) -> str | None:
    """Where a name leads that a file in a folder mentions: a path below the same root.

    Args:
        name: as it is written, with its escapes; an address of the web leads nowhere.
        folder: of the file that mentions it, below its root.

    >>> resolved("../photos/blue%20tit.jpg?size=2#top", "birds/pages")
    'birds/photos/blue tit.jpg'
    >>> resolved("/photos/owl.jpg", "birds"), resolved("https://a.org/owl.jpg", "birds")
    ('photos/owl.jpg', None)
    >>> resolved("../../owl.jpg", "birds")
    """
    try:
        parts = urlsplit(name.strip().replace("\\", "/"))
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    written = unquote(parts.path)
    steps = [] if written.startswith("/") or folder in ("", ".") else folder.split("/")
    for step in written.split("/"):
        if step == "..":
            if not steps:
                return None  # out of the root
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps) or None


def find(name: str, folder: str, paths: Mapping[str, int], names: Mapping[str, int]) -> int | None:
    """The item that a name means, or None.

    Args:
        name, folder: as for :func:`resolved`.
        paths: ids of the root's items by path.
        names: ids by the file name in lower case, with its ending and without, where only one
            item has it: notes that link to each other by name alone leave out the folder.
    """
    path = resolved(name, folder)
    if path is None:
        return None
    return paths.get(path, names.get(path.rpartition("/")[2].lower()))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _markup(_: Path, data: bytes) -> Iterator[str]:
    text = _text(data)
    for one, other in _TAG.findall(text):
        yield (one or other).replace("&amp;", "&")
    for one, other in _SET.findall(text):
        for candidate in (one or other).split(","):
            yield candidate.strip().partition(" ")[0]


def _notes(path: Path, data: bytes) -> Iterator[str]:
    text = _text(data)
    for pattern in (_INLINE, _LISTED):
        for one, other in pattern.findall(text):
            yield one or other
    yield from (name.strip() for name in _WIKI.findall(text))
    yield from _markup(path, data)


def _told(_: Path, data: bytes) -> Iterator[str]:
    """Names of files among words, as in a plain text: they count only if there is such a file."""
    yield from _TOLD.findall(_text(data))


def _model(path: Path, data: bytes) -> Iterator[str]:
    if data[:4] == b"glTF":  # the binary form: a header of 12 bytes, then a chunk of JSON
        data = data[20 : 20 + int.from_bytes(data[12:16], "little")]
    tree = json.loads(data)
    for part in ("images", "buffers"):
        listed = tree.get(part) if isinstance(tree, dict) else None
        for entry in listed if isinstance(listed, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("uri"), str):
                yield entry["uri"]


def _object(path: Path, data: bytes) -> Iterator[str]:
    for name in _LIBRARY.findall(_text(data)):
        materials = path.parent / name
        if materials.parent.resolve().is_relative_to(path.parent.resolve()) and materials.is_file():
            with materials.open("rb") as file:
                for texture in _TEXTURE.findall(_text(file.read(_BYTES))):
                    yield str(PurePosixPath(name.replace("\\", "/")).parent / texture)


def _collada(_: Path, data: bytes) -> Iterator[str]:
    yield from re.findall(r"<init_from>\s*([^<]{1,500}?)\s*</init_from>", _text(data))


def _pdf(_: Path, data: bytes) -> Iterator[str]:
    """Targets of links; those inside compressed objects are not seen."""
    for found in _TARGET.findall(data):
        yield re.sub(rb"\\(.)", rb"\1", found).decode("utf-8", "replace")


_LOOKS: dict[str, Callable[[Path, bytes], Iterator[str]]] = {
    **dict.fromkeys((".html", ".htm", ".xhtml"), _markup),
    **dict.fromkeys((".md", ".markdown"), _notes),
    **dict.fromkeys((".txt", ".srt", ".vtt", ".csv"), _told),
    **dict.fromkeys((".gltf", ".glb"), _model),
    ".obj": _object,
    ".dae": _collada,
    ".pdf": _pdf,
}
