"""Texts written for the demo library, kept in ``assets/demo/texts``.

A file named ``name.docx.md`` there becomes ``name.docx``: a heading ``#`` starts a
document, ``##`` a page or a slide, and an empty line a paragraph. All other files
are taken as they are.
"""

import io
import textwrap
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from xmr_core.demo.work import Work
from xmr_core.paths import assets_dir

_MADE = datetime(2026, 1, 1, tzinfo=UTC)  # in every file, so that they are the same each time


def _blocks(source: str) -> list[tuple[str, str]]:
    """(kind, text) of the paragraphs: kinds are ``#``, ``##`` and the empty string.

    >>> _blocks("# Bells\\n\\nThey\\nring.")
    [('#', 'Bells'), ('', 'They ring.')]
    """
    found = []
    for block in source.strip().split("\n\n"):
        text = " ".join(block.split())
        mark = text.split(" ", 1)[0]
        kind = mark if mark in ("#", "##") else ""
        found.append((kind, text[len(kind) :].strip()))
    return found


def _docx(source: str) -> bytes:
    import docx

    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = _MADE
    for kind, text in _blocks(source):
        if kind:
            document.add_heading(text, level=0 if kind == "#" else 1)
        else:
            document.add_paragraph(text)
    target = io.BytesIO()
    document.save(target)
    return _still(target.getvalue())


def _pptx(source: str) -> bytes:
    import pptx

    show = pptx.Presentation()
    show.core_properties.created = show.core_properties.modified = _MADE
    body = None
    for kind, text in _blocks(source):
        if kind:
            slide = show.slides.add_slide(show.slide_layouts[0 if kind == "#" else 1])
            slide.shapes.title.text = text
            body, empty = slide.placeholders[1].text_frame, True
        elif body is not None:
            line = body.paragraphs[0] if empty else body.add_paragraph()
            line.text, empty = text, False
    target = io.BytesIO()
    show.save(target)
    return _still(target.getvalue())


def _still(data: bytes) -> bytes:
    """The same zip with one fixed date on every member."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(
                zipfile.ZipInfo(info.filename, (2026, 1, 1, 0, 0, 0)),
                old.read(info),
                zipfile.ZIP_DEFLATED,
            )
    return target.getvalue()


def _pdf(source: str) -> bytes:
    """A4 pages of real text in Helvetica; ``##`` starts a page (PDF 32000-1:2008)."""
    pages: list[list[str]] = [[]]
    for kind, text in _blocks(source):
        if kind == "##" and pages[-1]:
            pages.append([])
        size, wide = {"#": (22, 42), "##": (16, 58)}.get(kind, (11.5, 84))
        for line in textwrap.wrap(text, wide):
            escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            pages[-1].append(f"/F1 {size} Tf {size * 1.35:.1f} TL ({escaped}) Tj T*")
        pages[-1].append("T*")
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, lines in enumerate(pages):
        content = ("BT 72 770 Td\n" + "\n".join(lines) + "\nET").encode("cp1252")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
    data, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        starts.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    data += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return data + trailer % (len(objects) + 1, data.rindex(b"xref"))


_FORMATS: dict[str, Callable[[str], bytes]] = {".docx": _docx, ".pptx": _pptx, ".pdf": _pdf}

# A text's theme is its folder's name, but for these.
_THEMES: dict[str, tuple[str, ...]] = {
    "coffee/tea-or-coffee.html": ("coffee", "kitchen"),
    "music/a-drummers-first-lesson.html": ("drums", "music"),
    "music/first-chords-on-the-guitar.md": ("guitar", "music"),
    "music/how-a-piano-works.docx": ("piano", "music"),
    "music/the-violin.txt": ("violin", "music"),
    "night/owls-in-the-dark.md": ("night", "birds"),
    "night/the-moon-at-the-window.txt": ("night", "space"),
    "winter/christmas-eve.srt": ("winter", "party"),
}


def _work(source: Path, folder: Path) -> Work:
    path = source.relative_to(folder).as_posix()
    inner = Path(path[:-3]).suffix if path.endswith(".md") else ""
    if inner in _FORMATS:
        path = path[:-3]

    def make(rng: np.random.Generator) -> bytes:
        if inner in _FORMATS:
            return _FORMATS[inner](source.read_text("utf-8"))
        return source.read_bytes()

    return Work(path, _THEMES.get(path, (path.split("/")[0],)), make)


def _works() -> tuple[Work, ...]:
    folder = assets_dir() / "demo" / "texts"
    return tuple(_work(f, folder) for f in sorted(folder.rglob("*")) if f.is_file())


WORKS: tuple[Work, ...] = _works()
