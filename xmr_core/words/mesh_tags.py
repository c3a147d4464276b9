"""What 3D models say of themselves: the names of glTF's parts, and who made it."""

import json
import re
import struct
from collections.abc import Iterator
from typing import Any

from xmr_core.readers import LIMITS
from xmr_core.readers.source import Source

_NAMED = ("scenes", "nodes", "meshes", "materials")
# What programs call what nobody has named.
_UNNAMED = re.compile(
    r"(?i)^(?:\W|_|\d|node|mesh|object|scene|auxscene|root|rootnode|world|geometry|group|default"
    r"|material|mat|primitive|part|colour|color|sketchfab|model|gltf|glb|obj|fbx|cleaner|materialmerger)*$"
)
_WORD = re.compile(r"[A-Z]?[a-zß-öø-ÿ]+|[A-ZÀ-Þ]+(?![a-z])|\d+|[^\W\d_]+")
_EXTRAS = {"title": "title", "author": "author", "source": "comment", "license": "comment"}


def told(source: Source, kind: str) -> Iterator[tuple[str, str]]:
    """Fields and their words; other kinds of models have no names worth finding."""
    if kind not in ("glb", "gltf"):
        return
    tree = _tree(source, kind)
    about: dict[str, Any] = tree.get("asset") or {}
    extras: Any = about.get("extras")
    if isinstance(extras, dict):
        yield from ((f, str(extras[key])) for key, f in _EXTRAS.items() if extras.get(key))
    if about.get("copyright"):
        yield "author", str(about["copyright"])
    for table in _NAMED:
        for entry in tree.get(table) or ():
            name = str(entry.get("name") or "") if isinstance(entry, dict) else ""
            if name and not _UNNAMED.match(name):
                yield "keywords", in_words(name)


def in_words(name: str) -> str:
    """The name of a part as words.

    >>> in_words("frontWheel_02"), in_words("Door.001"), in_words("LEFT_WING")
    ('front Wheel', 'Door', 'LEFT WING')
    """
    return " ".join(word for word in _WORD.findall(name) if not word.isdecimal())


def _tree(source: Source, kind: str) -> dict[str, Any]:
    """The JSON of a model; of a glb nothing else is read."""
    source.file.seek(0)
    if kind == "glb":
        _, _, _, size, _ = struct.unpack("<4sIIII", source.file.read(20))
        data = source.file.read(min(size, LIMITS.text_bytes))
    else:
        data = source.whole(LIMITS.file_bytes)
    tree: Any = json.loads(data.decode("utf-8-sig"))
    return tree if isinstance(tree, dict) else {}
