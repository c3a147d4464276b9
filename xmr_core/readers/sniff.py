"""What a file is, by its first bytes; its suffix only settles what those leave open.

A kind is a short name such as ``png``, ``mp4`` or ``docx``; `xmr_core.readers.FORMATS`
lists them all. Signatures are those of the formats' own specifications.
"""

import re
import struct

from xmr_core.errors import DamagedMedia, ProtectedMedia, UnsupportedMedia
from xmr_core.readers import archive
from xmr_core.readers.source import Source

HEAD = 4096

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"glTF", "glb"),
    (b"ply\n", "ply"),
    (b"ply\r", "ply"),
)
_RIFF = {b"WAVE": "wav", b"AVI ": "avi", b"WEBP": "webp"}
_HEIC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}
_QUICKTIME = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
_DIB_HEADERS = {12, 40, 52, 56, 64, 108, 124}

# Kinds that are text inside, and the suffixes that choose among them.
_TEXT_SUFFIXES: dict[str, str] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".srt": "srt",
    ".vtt": "vtt",
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".obj": "obj",
    ".gltf": "gltf",
    ".off": "off",
    ".stl": "stl",
    ".dae": "dae",
    ".ply": "ply",
}
# Suffixes that promise bytes, not text.
_BINARY_SUFFIXES = frozenset({
    ".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif",
    ".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".m4a", ".aac", ".mp4", ".m4v", ".mkv",
    ".webm", ".mov", ".avi", ".ogv", ".glb", ".3mf", ".pdf", ".docx", ".pptx", ".epub",
})  # fmt: skip
_OFF = re.compile(rb"\A(?:\s*#[^\n]*\n|\s)*(?:ST)?C?N?4?OFF\b")
_SRT = re.compile(rb"\A\s*\d+\s*\r?\n\s*\d+:\d\d:\d\d[,.]\d+\s*-->")
_HTML = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_SVG = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!doctype\s+svg[^>]*>\s*)*<svg\b", re.I | re.S
)
_COLLADA = re.compile(rb"<(?:\w+:)?COLLADA\b")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"


def sniff(source: Source) -> str:
    """The kind of a file.

    Raises:
        UnsupportedMedia: no kind fits.
        DamagedMedia: the name promises bytes, the content is text, or a container breaks off.
        ProtectedMedia: an office document behind a password.
    """
    head = source.head(HEAD)
    if kind := _by_magic(head):
        return kind
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip(source)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _ole(source)
    if _is_binary_stl(head, source.size):
        return "stl"
    if is_text(head):
        return _text(source, head)
    if source.suffix == ".stl":  # binary, but not as long as it says: its reader says so
        return "stl"
    raise UnsupportedMedia(
        source.path,
        "holds none of the formats that XMR reads"
        + (f", although it is named {source.suffix}" if source.suffix in _BINARY_SUFFIXES else ""),
        "Open it in its own program and save it in a common format.",
    )


def is_text(head: bytes) -> bool:
    """Whether bytes look like text in some encoding.

    >>> is_text("smörgåsbord".encode("latin-1")), is_text(bytes(range(64)))
    (True, False)
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0\0\xfe\xff")):
        return True
    if _utf16_half(head):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls <= len(head) // 200


def _utf16_half(head: bytes) -> bool:
    """Whether every second byte is zero, and only those: UTF-16 of a Latin text, unmarked."""
    even, odd = head[0::2], head[1::2]
    for zeros, letters in ((even, odd), (odd, even)):
        if len(zeros) >= 4 and zeros.count(0) > 0.8 * len(zeros) and letters.count(0) == 0:
            return letters.translate(None, _CONTROLS) != b"" and is_text(letters)
    return False


def _by_magic(head: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] in (b"RIFF", b"RF64", b"BW64", b"RIFX"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _base_media(head)
    size = int.from_bytes(head[:4], "big")  # of the first box; 0: to the end, 1: told further on
    if head[4:8] in _QUICKTIME and (size in (0, 1) or size >= 8):
        return "mp4"
    if (
        head[:2] == b"BM"
        and len(head) >= 18
        and struct.unpack_from("<I", head, 14)[0] in _DIB_HEADERS
    ):
        return "bmp"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    return _packed_sound(head)


def _base_media(head: bytes) -> str:
    """ISO base media: pictures (HEIF, AVIF) by their brands, anything else is sound or video."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = {major} | {head[i : i + 4] for i in range(16, size - 3, 4)}
    if major in _HEIC | _AVIF:
        return "avif" if brands & _AVIF else "heic"
    return "mp4"


def _packed_sound(head: bytes) -> str | None:
    """MP3 and AAC, which begin with a tag or at once with a frame."""
    if head[:3] == b"ID3" and len(head) >= 10:
        size = sum(
            (byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True)
        )
        inside = head[10 + size :]
        if inside[:4] == b"fLaC":
            return "flac"
        return "aac" if _is_adts(inside) else "mp3"
    inside = head.lstrip(b"\0")
    if _is_adts(inside):
        return "aac"
    if len(inside) >= 4 and inside[0] == 0xFF and inside[1] in (0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2):
        bitrate, rate = inside[2] >> 4, inside[2] >> 2 & 3
        return "mp3" if bitrate not in (0, 15) and rate != 3 else None
    return None


def _is_adts(head: bytes) -> bool:
    return (
        len(head) >= 4
        and head[0] == 0xFF
        and head[1] in (0xF1, 0xF9, 0xF0, 0xF8)
        and head[2] >> 2 & 15 < 13
    )


def _is_binary_stl(head: bytes, size: int) -> bool:
    return (
        size >= 84 and len(head) >= 84 and 84 + 50 * struct.unpack_from("<I", head, 80)[0] == size
    )


def _zip(source: Source) -> str:
    if kind := archive.kind_of_zip(source):
        return kind
    raise UnsupportedMedia(
        source.path,
        "is a zip container of no kind that XMR reads (docx, pptx, epub, 3mf)",
        "Unpack it, or save it in one of these formats.",
    )


def _ole(source: Source) -> ProtectedMedia | UnsupportedMedia:
    """Office locks a document by wrapping it; a bare container is a document of before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in source.head(1 << 20):
        return ProtectedMedia(
            source.path, "is locked with a password", "Save a copy without the password."
        )
    return UnsupportedMedia(
        source.path,
        "is an office document in the format of before 2007",
        "Save it as .docx or .pptx.",
    )


def _text(source: Source, head: bytes) -> str:
    suffix = source.suffix
    if suffix in _BINARY_SUFFIXES:
        what = "a web page" if _HTML.match(head) else "plain text"
        raise DamagedMedia(
            source.path,
            f"is named {suffix} but holds {what}",
            "Download it again, or give it the suffix of what it is.",
        )
    if _COLLADA.search(head):
        return "dae"
    if _SVG.match(head):
        raise UnsupportedMedia(source.path, "is a drawing (svg)", "Export it as a PNG picture.")
    if _HTML.match(head):
        return "html"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"WEBVTT"):
        return "vtt"
    if _SRT.match(head.lstrip(b"\xef\xbb\xbf")):
        return "srt"
    if start[:5].lower() == b"solid" and b"facet" in head.lower():
        return "stl"
    if _OFF.match(head):
        return "off"
    return _TEXT_SUFFIXES.get(suffix, "plain")
