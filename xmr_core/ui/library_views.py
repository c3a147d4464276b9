"""The Library page as HTML: the shelf's cards and the sheet of one library, every word escaped."""

import time
from collections.abc import Mapping, Sequence

from xmr_core.catalogue import Failure, Root
from xmr_core.errors import (
    LibraryDamaged,
    LibraryNotFound,
    LibraryReadOnly,
    LibraryTooNew,
    XMRError,
)
from xmr_core.media import Modality
from xmr_core.ui.words import NAMES, ORDER, count, day, esc, icon, size

FAILURES_SHOWN = 50
_READ_ONLY = (
    "This library can be searched, but not changed.",
    "Its folder cannot be written. Give yourself write permission on it to index, rename or "
    "delete it.",
)


def tool(do: str, drawing: str, label: str, **data: object) -> str:
    """A small button with a drawing; its label is read out and shown on hover."""
    return (
        f'<button type="button" class="x-tool" data-do="{do}" aria-label="{esc(label)}" '
        f'title="{esc(label)}"{_data(data)}>{icon(drawing)}</button>'
    )


def button(do: str, label: str, drawing: str = "", kind: str = "", **data: object) -> str:
    """A button with words."""
    return (
        f'<button type="button" class="x-btn {kind}" data-do="{do}"{_data(data)}>'
        f"{icon(drawing) if drawing else ''}{esc(label)}</button>"
    )


def note(message: str, hint: str = "", kind: str = "warn", extra: str = "") -> str:
    """A coloured box that tells something."""
    drawing = "info" if kind == "info" else "warn"
    return (
        f'<div class="x-note" data-kind="{kind}">{icon(drawing)}<div><strong>{esc(message)}'
        f"</strong>{f'<p>{esc(hint)}</p>' if hint else ''}{extra}</div></div>"
    )


def card(
    name: str,
    counts: Mapping[Modality, int],
    weight: int | None,
    *,
    current: bool = False,
    state: str = "",
    problem: XMRError | None = None,
) -> str:
    """One library on the shelf.

    Args:
        name: of the library.
        counts: items by medium.
        weight: bytes on disk, if known.
        current: the one that is shown.
        state: what goes on with it, in a word or two.
        problem: why it cannot be opened.
    """
    total = sum(counts.values())
    line = count(total, "item") + (f" · {size(weight)}" if weight is not None else "")
    if problem is not None:
        line = _PROBLEMS.get(type(problem), "Cannot be opened")
    mix = "".join(f'<i data-m="{m}" style="flex:{counts[m]}"></i>' for m in ORDER if counts.get(m))
    words = ", ".join(count(counts[m], *_nouns(m)) for m in ORDER if counts.get(m))
    return (
        f'<li><button type="button" class="x-lib-card" data-do="choose" data-library="{esc(name)}"'
        f'{" data-bad" if problem else ""}{_current(current)} title="{esc(words)}">'
        f'<b>{esc(name)}</b><span class="x-mix" aria-hidden="true">{mix}</span>'
        f'<span class="x-lib-line x-quiet"><span>{esc(line)}</span>'
        f'<span class="x-lib-state">{esc(state)}</span></span></button></li>'
    )


_PROBLEMS: dict[type[XMRError], str] = {
    LibraryDamaged: "Damaged",
    LibraryTooNew: "Of a newer XMR",
    LibraryReadOnly: "Cannot be written",
    LibraryNotFound: "Gone",
}


def no_libraries() -> str:
    """What is shown before there is any library."""
    return (
        '<div class="x-empty x-lib-empty"><h2>Point XMR at a folder</h2>'
        "<p>A library holds the pictures, sounds, videos, texts and 3D models of one or more of "
        "your folders, ready to be searched by any of them. Your files stay where they are; "
        "nothing leaves this machine.</p>"
        f'<div class="x-empty-row">{button("new", "New library", "plus", "x-btn-main")}'
        f"{button('demo', 'Build the demo library', 'sparkle')}</div></div>"
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
        f'<div class="x-sheet" data-library="{esc(name)}"><section><div class="x-lib-title">'
        f'<h2 tabindex="-1">{esc(name)}</h2></div></section><section>'
        f"{note(problem.message, problem.hint, 'bad', row)}</section></div>"
    )


def coming(name: str) -> str:
    """The sheet of a library that is being made."""
    return (
        f'<div class="x-sheet" data-library="{esc(name)}"><section><div class="x-lib-title">'
        f'<h2 tabindex="-1">{esc(name)}</h2></div></section>{_run()}</div>'
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
    """
    sections = (
        _title(name, profile, counts, weight, updated, bool(roots), read_only),
        _run(),
        _folders(roots, ignore, read_only),
        _failures(failures, read_only),
    )
    return f'<div class="x-sheet" data-library="{esc(name)}">{"".join(sections)}</div>'


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


def _run() -> str:
    """The panel of a run: empty, and hidden until there is one."""
    buttons = "".join(
        button(do, label, drawing, kind)
        for do, label, drawing, kind in (
            ("pause", "Pause", "pause", ""),
            ("resume", "Resume", "play", "x-btn-main"),
            ("again", "Take it up again", "retry", "x-btn-main"),
            ("accept", "Accept the loss", "", "x-btn-bad"),
            ("search-in", "Search now", "search", ""),
            ("cancel", "Cancel", "close", ""),
        )
    )
    return (
        '<section class="x-run" aria-labelledby="x-run-what" hidden>'
        '<h3 id="x-run-what" tabindex="-1"><span data-run="what"></span>'
        f'<small data-run="state"></small>{tool("dismiss", "close", "Dismiss")}</h3>'
        '<div class="x-progress" role="progressbar" aria-labelledby="x-run-what" '
        'aria-valuemin="0" aria-valuemax="100"><i></i></div>'
        '<p class="x-run-line"><b data-run="line"></b><span data-run="rate"></span>'
        '<span data-run="left"></span></p>'
        '<ul class="x-run-counts" data-run="counts"></ul>'
        '<p class="x-run-now" data-run="current"></p>'
        '<div class="x-run-notes" data-run="notes"></div>'
        f'<div class="x-row x-run-buttons">{buttons}</div></section>'
    )


def _folders(roots: Sequence[Root], ignore: Sequence[str], read_only: bool) -> str:
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
        f'<ul class="x-roots">{rows}</ul>{"" if read_only else form}</section>'
    )


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
        f"<li{'' if there else ' data-lost'}>{icon('folder')}"
        f'<span class="x-mono">{esc(root.path)}{lost}</span>{tools}</li>'
    )


def _failures(failures: Sequence[Failure], read_only: bool) -> str:
    if not failures:
        return ""
    retry = "" if read_only else button("retry-all", "Try all again", "retry")
    return (
        f'<section class="x-failed"><h3>Could not be read <small>{count(len(failures), "file")}'
        f'</small>{retry}</h3><ul class="x-fails">{failure_rows(failures, 0, read_only)}</ul>'
        "</section>"
    )


def failure_rows(failures: Sequence[Failure], offset: int, read_only: bool) -> str:
    """Some of the files that failed, and the way to more of them."""
    rows = "".join(
        f'<li data-failure="{failure.id}">{icon(failure.modality or "warn")}'
        f'<div><b title="{esc(failure.file)}">{esc(failure.path)}</b>'
        f"<p>{esc(_sentence(failure.reason))} {esc(failure.hint)}</p></div>"
        + (
            ""
            if read_only
            else tool("retry", "retry", f"Try {failure.path} again", failure=failure.id)
        )
        + "</li>"
        for failure in failures[offset : offset + FAILURES_SHOWN]
    )
    left = len(failures) - offset - FAILURES_SHOWN
    if left > 0:
        more = button("more-failures", f"Show {min(left, FAILURES_SHOWN):,} of {left:,} more")
        rows += f'<li class="x-fails-more" data-offset="{offset + FAILURES_SHOWN}">{more}</li>'
    return rows


def _sentence(reason: str) -> str:
    """The end of a sentence as one that begins here.

    >>> _sentence("is empty (0 bytes)")
    'It is empty (0 bytes).'
    """
    return f"It {reason.rstrip('.')}." if reason[:1].islower() else reason


def _nouns(modality: Modality) -> tuple[str, str]:
    one, many = NAMES[modality]
    return (one, many) if one[0].isdigit() else (one.lower(), many.lower())


def _moment(when: float) -> str:
    """A day and, if it is today's, the time of day.

    >>> _moment(time.time()).startswith("today at ")
    True
    """
    now, then = time.localtime(), time.localtime(when)
    if now[:3] == then[:3]:
        return f"today at {then.tm_hour}:{then.tm_min:02}"
    return f"on {day(when)}"


def _current(current: bool) -> str:
    return ' aria-current="true"' if current else ""


def _data(data: Mapping[str, object]) -> str:
    return "".join(f' data-{name}="{esc(value)}"' for name, value in data.items())
