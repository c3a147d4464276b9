"""Office documents of since 2007: docx by its headings, pptx by its slides."""

from collections.abc import Iterator
from typing import Any

from xmr_core.errors import OversizedMedia
from xmr_core.readers.archive import unpacked
from xmr_core.readers.limits import Limits
from xmr_core.readers.passages import Passage
from xmr_core.readers.source import Source
from xmr_core.readers.xml import refuse_entities


def headings(source: Source, limits: Limits) -> list[Passage]:
    """The paragraphs and tables of a docx under their headings.

    Raises:
        ProtectedMedia, OversizedMedia, DamagedMedia: see `archive.unpacked`; also XML entities.
    """
    import docx
    from docx.table import Table

    _check(source, limits)
    document = docx.Document(source.file)
    passages: list[Passage] = []
    label, lines = "", list[str]()
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines.extend(_rows(block))
            continue
        style = (block.style.name or "") if block.style is not None else ""
        if block.text.strip() and (style.startswith("Heading") or style == "Title"):
            passages.append(Passage(label, "\n".join(lines)))
            label, lines = block.text.strip()[:120], []
        lines.append(block.text)
    passages.append(Passage(label, "\n".join(lines)))
    return [passage for passage in passages if passage.text.strip()]


def slides(source: Source, limits: Limits) -> list[Passage]:
    """The words of each slide of a pptx, tables, groups and notes included.

    Raises:
        ProtectedMedia, OversizedMedia, DamagedMedia: see `archive.unpacked`; also XML entities.
    """
    import pptx

    _check(source, limits)
    presentation = pptx.Presentation(source.file)
    if len(presentation.slides) > limits.pages:
        raise OversizedMedia(
            source.path,
            f"has {len(presentation.slides):,} slides; at most {limits.pages:,} are read",
            "Split it into smaller files.",
        )
    passages = []
    for number, slide in enumerate(presentation.slides, start=1):
        lines = list(_shapes(slide.shapes))
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            lines.append(slide.notes_slide.notes_text_frame.text)
        passages.append(Passage(f"slide {number}", "\n".join(lines)))
    return passages


def _shapes(shapes: Any) -> Iterator[str]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        elif shape.has_text_frame:
            yield shape.text_frame.text
        elif getattr(shape, "has_table", False):
            yield from _rows(shape.table)


def _rows(table: Any) -> Iterator[str]:
    """Rows of a table, cells parted by tabs; a merged cell once."""
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            text = cell.text.strip()
            if not cells or cells[-1] != text:
                cells.append(text)
        yield "\t".join(cells)


def _check(source: Source, limits: Limits) -> None:
    """Refuse bombs, passwords and entities before a parser sees the parts."""
    source.refuse_over(limits.file_bytes)
    with unpacked(source, limits.unpacked_bytes) as archive:
        for info in archive.infolist():
            if info.filename.lower().endswith((".xml", ".rels")):
                with archive.open(info) as part:
                    refuse_entities(source, part)
    source.file.seek(0)
