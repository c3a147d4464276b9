"""What pictures say of themselves: EXIF, IPTC, XMP and the words of PNG."""

from collections.abc import Iterator
from typing import Any

from PIL import IptcImagePlugin
from PIL.ImageFile import ImageFile

from xmr_core.readers import image
from xmr_core.readers.source import Source

# EXIF 2.32: tags of the picture, and of the EXIF part of them.
_EXIF = {
    0x010E: "title", 0x013B: "author", 0x9C9B: "title", 0x9C9C: "comment", 0x9C9D: "author",
    0x9C9E: "keywords",
}  # fmt: skip
_MAKE, _MODEL, _CHANGED, _PART = 0x010F, 0x0110, 0x0132, 0x8769
_TAKEN, _COMMENT, _LENS = 0x9003, 0x9286, 0xA434
_WINDOWS = range(0x9C9B, 0x9C9F)  # UTF-16, as Windows writes them
# IPTC-IIM 4.2, record 2.
_IPTC = {5: "title", 25: "keywords", 55: "date", 80: "author", 105: "title", 120: "comment"}
_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP = {"title": "title", "creator": "author", "subject": "keywords", "description": "comment"}
_LI = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"
_PNG = {"title": "title", "author": "author", "description": "comment", "comment": "comment"}
_XMP_KEYS = ("xmp", "XML:com.adobe.xmp")
# What cameras write where people are meant to.
_EMPTY = frozenset({"olympus digital camera", "digital camera", "sony dsc", "default", "untitled"})


def told(source: Source, kind: str) -> Iterator[tuple[str, str]]:
    """Fields and their words; what is broken of them is left out."""
    picture = image.opened(source, kind)
    for read in (_exif, _iptc, _xmp, _png):
        try:
            found = list(read(picture))
        except Exception:  # noqa: S112 - broken metadata must not cost the rest of it
            continue
        yield from ((field, text) for field, text in found if text.strip().lower() not in _EMPTY)


def _exif(picture: ImageFile) -> Iterator[tuple[str, str]]:
    exif = picture.getexif()
    part = exif.get_ifd(_PART)
    for tag, field in _EXIF.items():
        if (value := exif.get(tag)) is not None:
            yield field, _text(value, "utf-16-le" if tag in _WINDOWS else "utf-8")
    make, model = (_text(exif.get(tag, "")).strip("\0 ") for tag in (_MAKE, _MODEL))
    camera = model if model.lower().startswith(make.lower()) else f"{make} {model}"
    yield "camera", " ".join([camera, _text(part.get(_LENS, ""))])
    when = part.get(_TAKEN) or exif.get(_CHANGED)
    if when:
        yield "date", _text(when).replace(":", "-", 2)
    if (comment := part.get(_COMMENT)) is not None:
        yield "comment", _marked(comment)


def _marked(comment: Any) -> str:
    """A user's comment, of which the first eight bytes name the alphabet."""
    if not isinstance(comment, bytes):
        return str(comment)
    unicode = comment[:8].startswith(b"UNICODE")
    return _text(comment[8:], "utf-16-le" if unicode else "utf-8")


def _iptc(picture: ImageFile) -> Iterator[tuple[str, str]]:
    for (record, tag), value in (IptcImagePlugin.getiptcinfo(picture) or {}).items():
        if record == 2 and tag in _IPTC:
            for one in value if isinstance(value, list) else [value]:
                text = _text(one)
                if tag == 55 and len(text) == 8:  # 20240131
                    text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
                yield _IPTC[tag], text


def _xmp(picture: ImageFile) -> Iterator[tuple[str, str]]:
    from defusedxml.ElementTree import fromstring

    raw: Any = next((picture.info[key] for key in _XMP_KEYS if key in picture.info), None)
    if raw is None and hasattr(picture, "tag_v2"):
        raw = picture.tag_v2.get(700)
    if not raw:
        return
    packet = raw.encode() if isinstance(raw, str) else bytes(raw)
    root = fromstring(packet.strip(b"\0 \r\n"))
    for name, field in _XMP.items():
        for element in root.iter(_DC + name):
            items = [item.text or "" for item in element.iter(_LI)]
            for text in items or [element.text or ""]:
                yield field, text


def _png(picture: ImageFile) -> Iterator[tuple[str, str]]:
    for key, value in picture.info.items():
        field = _PNG.get(str(key).lower())
        if field and isinstance(value, str | bytes):
            yield field, _text(value)


def _text(value: Any, encoding: str = "utf-8") -> str:
    if isinstance(value, tuple | list) and all(isinstance(v, int) for v in value):
        value = bytes(value)
    if isinstance(value, bytes):
        try:
            return value.decode(encoding).strip("\0")
        except UnicodeDecodeError:
            return value.decode("latin-1").strip("\0")
    return str(value)
