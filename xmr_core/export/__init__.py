"""Answers and collections to take away: a table, plain data, or a page with the files it shows."""

import json
from collections.abc import Iterable
from pathlib import Path

from xmr_core.errors import XMRError
from xmr_core.export import page, tables
from xmr_core.export.tables import Chosen, Kept, as_csv, as_plain, kept_as_csv, kept_as_plain
from xmr_core.library import Library
from xmr_core.media import Item

__all__ = [
    "FORMATS",
    "Chosen",
    "Kept",
    "as_csv",
    "as_plain",
    "check_format",
    "files_of",
    "kept",
    "kept_as_csv",
    "kept_as_plain",
    "write",
]

FORMATS = ("csv", "json", "zip")


def kept(library: Library, items: Iterable[Item]) -> list[Kept]:
    """Items of a library with their notes and tags."""
    return [
        Kept(library.name, item, tuple(library.tags(item.id)), library.note(item.id))
        for item in items
    ]


def files_of(libraries: Iterable[Library]) -> page.Files:
    """Files of hits and items of these libraries, as far as they lie in the folders of each."""
    by_name = {library.name: library for library in libraries}

    def found(hit: page.Shown) -> tuple[Path, Path | None]:
        library = by_name[hit.library]
        return library.media_path(hit.item.id), library.thumbnail(hit.item.id)

    return found


def check_format(kind: str, what: str) -> str:
    """A format that there is.

    Raises:
        XMRError: there is no such one.

    >>> check_format("csv", "Hits")
    'csv'
    """
    if kind not in FORMATS:
        raise XMRError(f"{what} are not written as '{kind}'.", f"Choose {', '.join(FORMATS)}.")
    return kind


def write(target: Path, chosen: Chosen, label: str, files: page.Files) -> list[str]:
    """Write an answer, documents, or chosen items, in the format that a file's suffix names.

    Args:
        target: ``….csv``, ``….json`` or ``….zip``; a former file is replaced once all is written.
        chosen: what is written.
        label: what was asked, or what the items are called, for the page.
        files: finds the media, for the page.

    Returns:
        Which files are left out of the page, each with the reason.

    Raises:
        XMRError: another format, or more bytes than ``page.MOST_BYTES``.
        OSError: the file cannot be written.
    """
    kind = target.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise XMRError(
            f"{target.name} has no format that answers can be written in.",
            f"End its name in {', '.join('.' + one for one in FORMATS)}.",
        )
    part = target.with_name(f".{target.name}.part")
    left_out: list[str] = []
    try:
        if kind == "zip":
            left_out = page.write(part, chosen, label, files)
        elif kind == "csv":
            part.write_bytes(tables.table(chosen))
        else:
            text = json.dumps(tables.data(chosen, label), indent=1)
            part.write_text(text, "utf-8", "replace")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return left_out
