"""The shelf of the Library page as HTML: a card a library."""

from collections.abc import Mapping

from xmr_core.errors import (
    LibraryDamaged,
    LibraryNotFound,
    LibraryReadOnly,
    LibraryTooNew,
    XMRError,
)
from xmr_core.media import Modality
from xmr_core.ui.pieces import button
from xmr_core.ui.words import NAMES, ORDER, count, esc, size


def card(
    name: str,
    counts: Mapping[Modality, int],
    weight: int | None,
    *,
    state: str = "",
    problem: XMRError | None = None,
) -> str:
    """One library on the shelf.

    Args:
        name: of the library.
        counts: items by medium.
        weight: bytes on disk, if known.
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
        f'<li data-key="{esc(name)}"><button type="button" class="x-lib-card" data-do="choose" '
        f'data-library="{esc(name)}"'
        f'{" data-bad" if problem else ""} title="{esc(words)}">'
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


def _nouns(modality: Modality) -> tuple[str, str]:
    one, many = NAMES[modality]
    return (one, many) if one[0].isdigit() else (one.lower(), many.lower())
