"""What an index run would find and cost, looked up and put into words."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xmr_core.cli.terminal import amounts, bar_of_progress

if TYPE_CHECKING:
    from xmr_core.indexing import Estimate
    from xmr_core.library import Library


def look(
    library: "Library | None", folders: Sequence[Path], ignore: Sequence[str] | None
) -> "Estimate":
    """Look through folders, reading none of their files and changing nothing.

    Args:
        library: that they are for; None for a new one.
        folders: all roots of the library if empty.
        ignore: patterns to leave out; those that the library keeps if None.
    """
    from xmr_core.library import Library

    with bar_of_progress() as bar:
        task = bar.add_task("looking", total=None)

        def tell(seen: int, _: str) -> None:
            bar.update(task, completed=seen)

        if library is None:
            return Library.preview(*folders, ignore=ignore or (), tell=tell)
        return library.estimate(*folders, ignore=ignore, tell=tell)


def lines(name: str, found: "Estimate") -> list[str]:
    """An estimate in words.

    >>> from xmr_core.indexing import Estimate
    >>> from xmr_core.media import Modality
    >>> found = Estimate({Modality.IMAGE: 3}, 6_000_000, new=2, changed=1, seconds=61, disk=90_000)
    >>> lines("home", found)
    ['home: 3 files, 6 MB: 3 image', '2 new, 1 changed: a minute or so, and 90 kB of disk.']
    """
    from xmr_core.ui.words import count, size, span

    total = sum(found.files.values())
    if not total:
        return [f"{name}: no texts, pictures, sounds, videos or 3D models were found."]
    first = f"{name}: {count(total, 'file')}, {size(found.bytes)}: {amounts(found.files)}"
    if not found.new + found.changed:
        return [first, "All of them are known and unchanged."]
    return [
        first,
        f"{found.new:,} new, {found.changed:,} changed: {span(found.seconds)} or so, "
        f"and {size(found.disk)} of disk.",
    ]


def as_json(found: "Estimate") -> dict[str, Any]:
    """An estimate as plain data."""
    return {
        "files": {str(m): n for m, n in found.files.items()},
        "bytes": found.bytes,
        "new": found.new,
        "changed": found.changed,
        "seconds": round(found.seconds, 1),
        "disk": found.disk,
        "warnings": list(found.warnings),
    }
