"""Texts: plain files in any encoding, and documents by their pages, slides, chapters and times."""

import codecs
from collections.abc import Callable

from xmr_core.errors import BlankMedia, OversizedMedia, UnsupportedMedia
from xmr_core.media import Text
from xmr_core.readers import epub, markup, office, pdf, subtitles
from xmr_core.readers.limits import Limits
from xmr_core.readers.passages import Passage, joined
from xmr_core.readers.source import Source

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, which begins alike
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1 << 16
_FEW = 200  # bytes
_ASCII = bytes(range(128))
# What texts are found in. Without it a short word in Latin-1 becomes two in Chinese.
_ENCODINGS = (
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "cp437", "cp850", "cp866", "cp874", "koi8_r", "mac_roman",
    "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip


def _verbatim(text: str) -> list[Passage]:
    return [Passage("", text)]


# Kinds that are characters in a file.
_CHARACTERS: dict[str, Callable[[str], list[Passage]]] = {
    "plain": _verbatim,
    "csv": _verbatim,
    "json": _verbatim,
    "markdown": markup.markdown,
    "html": markup.html,
    "srt": subtitles.cues,
    "vtt": subtitles.cues,
}
# Kinds that pack characters, and whether their passages count as pages.
_DOCUMENTS: dict[str, tuple[Callable[[Source, Limits], list[Passage]], bool]] = {
    "pdf": (pdf.pages, True),
    "docx": (office.headings, False),
    "pptx": (office.slides, True),
    "epub": (epub.chapters, False),
}


def read(source: Source, kind: str, limits: Limits) -> Text:
    """Read a text.

    Returns:
        the text with a section for each page, slide, chapter, heading or subtitle;
        facts ``characters``, and ``pages`` of a pdf or a presentation.

    Raises:
        OversizedMedia: over ``limits.characters``, ``pages`` or bytes.
        BlankMedia: no words.
        UnsupportedMedia: no encoding fits.
    """
    facts: dict[str, float] = {}
    if kind in _DOCUMENTS:
        extract, paged = _DOCUMENTS[kind]
        passages = extract(source, limits)
        if paged:
            facts["pages"] = float(len(passages))
    else:
        passages = _CHARACTERS[kind](decode(source, source.whole(limits.text_bytes)))
    text, sections = joined(passages)
    if not text.strip():
        hint = "It may be a scan: run text recognition on it." if kind == "pdf" else ""
        raise BlankMedia(source.path, "holds no words", hint)
    if len(text) > limits.characters:
        raise OversizedMedia(
            source.path,
            f"has {len(text):,} characters; texts are read up to {limits.characters:,}",
            "Split it into smaller files.",
        )
    return Text(text, sections, {"characters": float(len(text)), **facts})


def decode(source: Source, data: bytes) -> str:
    """Characters of a plain text file: by its byte order mark, as UTF-8, or by its statistics.

    Raises:
        UnsupportedMedia: no encoding fits.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _clean(data.decode(encoding, errors="replace"))
    try:
        return _clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _clean(data.decode(_guess(source, data), errors="replace"))


def _guess(source: Source, data: bytes) -> str:
    """The encoding of characters that are not UTF-8, by their statistics.

    Of few bytes those say little; where most are ASCII, it is the one of Western Europe.
    """
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE]
    foreign = len(sample.translate(None, _ASCII))
    if len(sample) < _FEW and foreign < 0.4 * len(sample):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=list(_ENCODINGS)).best()
    if best is None:
        raise UnsupportedMedia(
            source.path,
            "is not text in any encoding that could be recognised",
            "Save it as UTF-8.",
        )
    return best.encoding


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removeprefix("\ufeff")
