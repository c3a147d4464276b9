"""One item, large: the dialog that opens from a card."""

from collections.abc import Sequence

from xmr_core.media import Item, Modality, Part
from xmr_core.ui import inside
from xmr_core.ui.cards import folder
from xmr_core.ui.pieces import button
from xmr_core.ui.words import NAMES, badge, esc, facts, icon, media_url

_PARTS = 60  # moments, pages and views offered as buttons
_PASSAGES = 400  # passages of a text shown around the found one


def detail(library: str, item: Item, parts: Sequence[Part], found: int = 0) -> str:
    """The inside of the dialog.

    Args:
        library: the item's library.
        item: what to show.
        parts: its coarse parts, in order.
        found: the number of the part that matched, 0 for none.
    """
    name = esc(item.title)
    return (
        f'<div class="x-dialog-head">{badge(item.modality)}<h2 id="x-detail-title">{name}</h2>'
        f'<button class="x-tool" type="button" data-do="close" aria-label="Close">'
        f"{icon('close')}</button></div>"
        f'<div class="x-detail" data-m="{item.modality}" data-library="{esc(library)}" '
        f'data-id="{item.id}" data-title="{name}" data-src="{esc(media_url(library, item))}">'
        f"{_stage(library, item, parts, found)}{_side(library, item, parts, found)}</div>"
    )


def _stage(library: str, item: Item, parts: Sequence[Part], found: int) -> str:
    source, thumb = esc(media_url(library, item)), esc(media_url(library, item, "thumb"))
    name, start = esc(item.title), _start(parts, found)
    m = item.modality
    if m is Modality.IMAGE:
        inside = f'<img src="{source}" data-thumb="{thumb}" alt="{NAMES[m][0]}: {name}">'
    elif m is Modality.AUDIO:
        inside = (
            f'<div class="x-wave"><img src="{thumb}" alt="Waveform"><div class="x-head-line"></div>'
            f'</div><audio src="{source}#t={start:.2f}" controls '
            f'preload="metadata" data-start="{start:.2f}"></audio>'
        )
    elif m is Modality.VIDEO:
        inside = (
            f'<video src="{source}#t={start:.2f}" poster="{thumb}" controls playsinline '
            f'preload="metadata" data-start="{start:.2f}"></video>'
        )
    elif m is Modality.MESH:
        model = esc(media_url(library, item, "view.glb"))
        sprite = esc(media_url(library, item, "turn"))
        inside = (
            f'<canvas tabindex="0" role="img" data-model="{model}" data-sprite="{sprite}" '
            f'aria-label="3D view of {name}. Arrow keys turn it, plus and minus zoom."></canvas>'
            '<span class="x-stage-hint">Drag to turn · scroll or pinch to zoom</span>'
        )
    else:
        inside = f'<div class="x-reading" tabindex="0">{_reading(parts, found)}</div>'
    return f'<div class="x-stage" data-m="{m}">{inside}</div>'


def _reading(parts: Sequence[Part], found: int) -> str:
    texts = [part for part in parts if part.text.strip()]
    if not texts:
        return "<p>The words of this file were not kept. Open the original to read it.</p>"
    at = next((i for i, part in enumerate(texts) if part.no == found), 0)
    first = max(0, at - _PASSAGES // 2)
    shown = texts[first : first + _PASSAGES]
    lead = "<p>…</p>" if first else ""
    tail = "<p>…</p>" if first + len(shown) < len(texts) else ""
    return lead + "".join(_section(part, found) for part in shown) + tail


def _section(part: Part, found: int) -> str:
    mark = " data-found" if part.no == found else ""
    label = f"<b>{esc(part.label)}</b>" if part.label else ""
    return f'<section data-no="{part.no}"{mark}>{label}{esc(part.text.strip())}</section>'


def _side(library: str, item: Item, parts: Sequence[Part], found: int) -> str:
    rows = [("Library", library), ("Folder", folder(item)), ("File", item.path.split("/")[-1])]
    listed = "".join(
        f"<dt>{esc(key)}</dt><dd>{esc(value)}</dd>" for key, value in rows + facts(item)
    )

    actions = (
        button("why", "Why?", "why", "x-btn-main")
        + button("similar", "More like this", "similar")
        + button("like", "Add", "like")
        + button("unlike", "Subtract", "unlike")
        + button("keep", "Keep …", "keep")
        + button("connections", "Links …", "links")
        + button("open", "Open file", "open")
        + button("reveal", "Show in folder", "folder")
        + button("copy", "Copy path", "copy")
    )
    return (
        f'<div class="x-side"><div class="x-side-actions">{actions}</div>'
        f"{_parts(item, parts, found)}{inside.form(item, len(parts))}"
        '<div class="x-keeps" data-keep="keeps"></div>'
        f'<dl class="x-facts">{listed}</dl></div>'
    )


def _parts(item: Item, parts: Sequence[Part], found: int) -> str:
    """The moments of a sound or a video and the views of a mesh, as buttons that go there."""
    if item.modality not in {Modality.AUDIO, Modality.VIDEO} or len(parts) < 2:
        return ""
    step = max(1, -(-len(parts) // _PARTS))
    shown = [p for i, p in enumerate(parts) if i % step == 0 or p.no == found]
    buttons = "".join(
        f'<button type="button" data-do="seek" data-at="{p.low[0]:.2f}"'
        f"{' data-found aria-current=true' if p.no == found else ''}>{esc(p.label)}</button>"
        for p in shown
    )
    return f'<div><h3 class="x-quiet">Moments</h3><div class="x-parts">{buttons}</div></div>'


def _start(parts: Sequence[Part], found: int) -> float:
    return next((part.low[0] for part in parts if part.no == found and found), 0.0)
