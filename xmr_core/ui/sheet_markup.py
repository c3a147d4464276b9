"""The sheet of one library as HTML, every word escaped."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from xmr_core.catalogue import Failure, Root
from xmr_core.errors import LibraryDamaged, LibraryNotFound, XMRError
from xmr_core.media import Modality
from xmr_core.ui import failures_markup, run_markup
from xmr_core.ui.pieces import button, note, tool
from xmr_core.ui.words import NAMES, ORDER, day, esc, icon, size
from xmr_core.watching import Noticed

_READ_ONLY = (
    "This library can be searched, but not changed.",
    "Its folder cannot be written. Give yourself write permission on it to index, rename or "
    "delete it.",
)


def broken(name: str, problem: XMRError) -> str:
    """The sheet of a library that cannot be opened."""
    offers = ""
    if isinstance(problem, LibraryDamaged):
        offers += button("salvage", "Salvage what can be read", "retry", "x-btn-main")
    if not isinstance(problem, LibraryNotFound):
        offers += button("delete", "Delete it", "bin", "x-btn-bad")
    row = f'<div class="x-row x-note-row">{offers}</div>' if offers else ""
    return (
        f'<div class="x-sheet" data-key="{esc(name)}"><section><div class="x-lib-title">'
        f'<h2 tabindex="-1">{esc(name)}</h2></div></section><section>'
        f"{note(problem.message, problem.hint, 'bad', row)}</section></div>"
    )


def coming(name: str) -> str:
    """The sheet of a library that is being made."""
    return (
        f'<div class="x-sheet" data-key="{esc(name)}"><section><div class="x-lib-title">'
        f'<h2 tabindex="-1">{esc(name)}</h2></div></section>{run_markup.panel()}</div>'
    )


def sheet(
    name: str,
    *,
    profile: tuple[str, str],
    counts: Mapping[Modality, int],
    weight: int,
    updated: float | None,
    roots: Sequence[Root],
    ignore: Sequence[str],
    failures: Sequence[Failure],
    read_only: bool = False,
    watched: bool = False,
    noticed: Noticed | None = None,
) -> str:
    """The sheet of one library; a run's panel in it is filled by the page.

    Args:
        name: of the library.
        profile: its name and what people call it.
        counts: items by medium.
        weight: bytes on disk.
        updated: when the last run ended, seconds since 1970.
        roots: its folders.
        ignore: patterns of what is left out.
        failures: files that could not be indexed.
        read_only: it cannot be changed.
        watched: its folders are watched.
        noticed: what the watch noticed last.
    """
    sections = (
        _title(name, profile, counts, weight, updated, bool(roots), read_only),
        run_markup.panel(),
        _folders(roots, ignore, read_only, _watch(watched, noticed) if roots else ""),
        failures_markup.section(failures, read_only),
    )
    return f'<div class="x-sheet" data-key="{esc(name)}">{"".join(sections)}</div>'


def _title(
    name: str,
    profile: tuple[str, str],
    counts: Mapping[Modality, int],
    weight: int,
    updated: float | None,
    any_roots: bool,
    read_only: bool,
) -> str:
    stats = "".join(
        f'<div class="x-stat" data-m="{m}"><b>{counts.get(m, 0):,}</b>'
        f'<span>{icon(m)}<span data-one="{NAMES[m][0]}" data-many="{NAMES[m][1]}">'
        f"{NAMES[m][counts.get(m, 0) != 1]}</span></span></div>"
        for m in ORDER
    )
    menu = "".join(
        f'<button type="button" data-do="{do}">{icon(drawing)}{label}</button>'
        for do, drawing, label in (
            ("rename", "pen", "Rename"),
            ("profile", "sparkle", "Change the profile"),
            ("delete", "bin", "Delete"),
        )
    )
    fold = (
        f'<details class="x-pop"><summary class="x-tool" aria-label="More for this library" '
        f'title="More">{icon("dots")}</summary><div class="x-panel x-menu x-lib-menu">{menu}</div>'
        "</details>"
    )
    update = button("update", "Look for changes", "retry") if any_roots else ""
    update += button("duplicates", "Near-duplicates …", "copy") if counts else ""
    update += button("words", "Words inside …", "text") if counts else ""
    search = button("search-in", "Search it", "search", "x-btn-main") if counts else ""
    never = "Not gone through to the end yet" if counts else "Not indexed yet"
    when = f"Brought up to date {_moment(updated)}" if updated else never
    return (
        f'<section class="x-lib-top"><div class="x-lib-title"><h2 tabindex="-1">{esc(name)}</h2>'
        f"{search}{'' if read_only else update + fold}</div>"
        f'<p class="x-lib-facts x-quiet"><span title="{esc(profile[0])}">'
        f"Profile: {esc(profile[1])}</span>"
        f"<span>{size(weight)} on disk</span><span>{when}</span></p>"
        f'<div class="x-stats">{stats}</div>'
        f"{note(*_READ_ONLY, kind='info') if read_only else ''}</section>"
    )


def _folders(roots: Sequence[Root], ignore: Sequence[str], read_only: bool, watch: str) -> str:
    rows = "".join(_folder(root, read_only) for root in roots)
    if not rows:
        rows = '<li class="x-quiet">No folder yet.</li>'
    add = "" if read_only else button("add", "Add a folder", "plus")
    patterns = ", ".join(ignore)
    what = f"Left out: {patterns}" if patterns else "Leave files out by a pattern"
    form = (
        f'<details class="x-left-out"><summary>{icon("filter")}<span>{esc(what)}</span></summary>'
        '<form data-form="ignore"><label class="x-field">One pattern a line, as in a .gitignore. '
        "Hidden and system folders are left out in any case."
        f'<textarea name="ignore" rows="4" spellcheck="false" placeholder="*.tmp&#10;drafts/">'
        f"{esc(chr(10).join(ignore))}</textarea></label>"
        '<button type="submit" class="x-btn">Keep, and use them from the next run</button>'
        "</form></details>"
    )
    return (
        f"<section><h3>Folders <small>{len(roots) or ''}</small>{add}</h3>"
        f'<ul class="x-roots">{rows}</ul>{"" if read_only else watch + form}</section>'
    )


def _watch(watched: bool, noticed: Noticed | None) -> str:
    """The switch that has folders watched, with what there is to say about it."""
    told = "New, changed and deleted files are noticed while XMR runs."
    if watched and noticed:
        told = noticed.message or told
        if not noticed.message and noticed.swept:
            told = f"{_names(noticed.swept)}: gone through every quarter of an hour."
        if noticed.away:
            told = f"{_names(noticed.away)}: not there now, looked at when back."
    return (
        f'<div class="x-watch"><button type="button" class="x-switch" role="switch" '
        f'aria-checked="{str(watched).lower()}" data-do="watch"><i></i>'
        f'Watch for changes</button><span class="x-quiet">{esc(told)}</span></div>'
    )


def _names(folders: Sequence[Path]) -> str:
    return ", ".join(folder.name or str(folder) for folder in folders)


def _folder(root: Root, read_only: bool) -> str:
    there = root.path.is_dir()
    lost = "" if there else '<span class="x-lost">not there now; what is known of it is kept</span>'
    data = {"root": root.id, "path": str(root.path)}
    tools = (
        ""
        if read_only
        else tool("move", "pen", f"Say where {root.path.name} is now", **data)
        + tool("remove", "bin", f"Take {root.path.name} out of the library", **data)
    )
    return (
        f'<li data-key="{root.id}"{"" if there else " data-lost"}>{icon("folder")}'
        f'<span class="x-mono">{esc(root.path)}{lost}</span>{tools}</li>'
    )


def _moment(when: float) -> str:
    """A day and, if it is today's, the time of day.

    >>> _moment(time.time()).startswith("today at ")
    True
    """
    now, then = time.localtime(), time.localtime(when)
    if now[:3] == then[:3]:
        return f"today at {then.tm_hour}:{then.tm_min:02}"
    return f"on {day(when)}"
