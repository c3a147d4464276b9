"""Groups of near-duplicates as HTML, side by side, what differs marked; every word escaped."""

from collections.abc import Callable, Sequence

from xmr_core.indexing.labels import clock
from xmr_core.library import Library
from xmr_core.library.duplicates import Copies, Copy, Looked
from xmr_core.media import Item, Modality
from xmr_core.ui.duplicates_words import how
from xmr_core.ui.pieces import tool
from xmr_core.ui.words import badge, count, day, esc, icon, media_url, size


def _pixels(item: Item) -> str:
    width, height = (item.facts.get(side, 0) for side in ("width", "height"))
    return f"{width:,.0f} × {height:,.0f}" if width and height else ""


def _fact(name: str) -> Callable[[Item], str]:
    return lambda item: f"{item.facts[name]:,.0f}" if name in item.facts else ""


_FACTS: tuple[tuple[str, Callable[[Item], str]], ...] = (
    ("Pixels", _pixels),
    ("Length", lambda item: clock(item.facts["seconds"]) if "seconds" in item.facts else ""),
    ("Faces", _fact("faces")),
    ("Pages", _fact("pages")),
    ("Characters", _fact("characters")),
    ("Size", lambda item: size(item.size)),
    ("Changed", lambda item: day(item.mtime)),
    ("Folder", lambda item: item.path.rpartition("/")[0] or item.root.name),
    ("Name", lambda item: item.path.rpartition("/")[2]),
)


def looked(state: Looked, total: int) -> dict[str, object]:
    """How much was looked at, in words, and what a button offers."""
    if not state.items:
        return {"line": "The library holds nothing yet.", "offer": ""}
    if state.waiting == state.items:
        line = f"Nothing was looked for yet. {count(state.items, 'file')} are to be looked at."
        return {"line": line, "offer": "Look for near-duplicates"}
    line = f"{count(total, 'group')} of near-duplicates."
    if state.unread:
        line += f" {count(state.unread, 'file')} could not be looked at."
    if state.waiting:
        were = "was" if state.waiting == 1 else "were"
        line += f" {count(state.waiting, 'file')} {were} not looked at yet."
    elif not state.current:
        line += " The library has changed since they were looked for."
    return {"line": line, "offer": "" if state.current else "Look again"}


def group(library: Library, copies: Copies, local: bool) -> str:
    """One group: the best copy first."""
    items = [copy.item for copy in copies.copies]
    facts = [(name, [tell(item) for item in items]) for name, tell in _FACTS]
    facts = [(name, values) for name, values in facts if any(values)]
    cards = "".join(
        _card(library, copy, [(name, values[i], len(set(values)) > 1) for name, values in facts],
              items, local)
        for i, copy in enumerate(copies.copies)
    )  # fmt: skip
    return (
        f'<li class="x-dup-group" data-m="{copies.modality}"><header>{badge(copies.modality)}'
        f"<h3>{len(items)} copies</h3><span class='x-quiet'>Best: {esc(copies.reason)}; "
        f"{size(copies.spare)} beside it</span></header>"
        f'<ul class="x-dup-cards">{cards}</ul></li>'
    )


def _card(
    library: Library,
    copy: Copy,
    facts: Sequence[tuple[str, str, bool]],
    items: Sequence[Item],
    local: bool,
) -> str:
    item = copy.item
    rows = "".join(
        f"<div><dt>{esc(name)}</dt><dd>{f'<mark>{esc(value)}</mark>' if differs else esc(value)}"
        "</dd></div>"
        for name, value, differs in facts
        if value
    )
    others = " ".join(str(other.id) for other in items if other.id != item.id)
    tools = tool("dup-open", "open", f"Open {item.title}")
    if local:
        tools += tool("dup-reveal", "folder", f"Show {item.title} in its folder")
    tools += tool("dup-copy", "copy", f"Copy the path of {item.title}")
    if not library.catalogue.read_only:
        tools += (
            f'<button type="button" class="x-btn x-btn-bare" data-do="dup-different" '
            f'data-others="{others}">Different</button>'
        )
    best = copy.kind is None
    told = f"{icon('star')}Best copy" if best else esc(how(copy)[:1].upper() + how(copy)[1:])
    return (
        f'<li class="x-dup-card"{" data-best" if best else ""} data-id="{item.id}" '
        f'data-library="{esc(library.name)}" data-title="{esc(item.title)}" '
        f'data-src="{esc(media_url(library.name, item))}">'
        f'{_shown(library, item)}<p class="x-dup-how">{told}</p><dl>{rows}</dl>'
        f'<div class="x-dup-tools">{tools}</div></li>'
    )


def _shown(library: Library, item: Item) -> str:
    """The item itself: its picture, with what plays it."""
    src = esc(media_url(library.name, item))
    there = library.thumbnail(item.id) is not None
    thumb = esc(media_url(library.name, item, "thumb")) if there else ""
    if item.modality is Modality.VIDEO:
        poster = f' poster="{thumb}"' if thumb else ""
        return (
            f'<div class="x-dup-shown"><video controls preload="none" src="{src}"{poster} '
            f'aria-label="{esc(item.title)}"></video></div>'
        )
    picture = (
        f'<img src="{thumb}" alt="{esc(item.title)}" loading="lazy">'
        if thumb
        else icon(item.modality)
    )
    player = ""
    if item.modality is Modality.AUDIO:
        player = (
            f'<audio controls preload="none" src="{src}" aria-label="{esc(item.title)}"></audio>'
        )
    return f'<div class="x-dup-shown">{picture}{player}</div>'
