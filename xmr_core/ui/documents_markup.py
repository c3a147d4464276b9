"""Documents as cards: a sketch of what they hold, and which member matched."""

from collections.abc import Sequence

from xmr_core.library.documents import Document, DocumentHit
from xmr_core.media import Item, Modality
from xmr_core.ui.cards import folder, passage
from xmr_core.ui.words import NAMES, badge, esc, icon, media_url, strength

_FACES = 4  # pictures, frames and models of a sketch
_MEMBERS = 12  # named below it


def document_card(
    library: str, document: Document, hit: DocumentHit | None = None, words: Sequence[str] = ()
) -> str:
    """A document as a card.

    Args:
        library: its own.
        document: what is shown.
        hit: how it answers a query; None where nobody asked.
        words: of the query, marked in the text.
    """
    lead = hit.best.item if hit else document.members[0]
    title = esc(document.title)
    return (
        f'<article class="x-card x-doc" data-m="{lead.modality}" data-key="doc {document.id} '
        f'{esc(library)}" data-library="{esc(library)}" data-id="{lead.id}" '
        f'data-no="{_no(hit)}" data-start="0" data-title="{esc(lead.title)}" '
        f'data-src="{esc(media_url(library, lead))}">'
        f"{_sketch(library, document, hit, words)}"
        f'<div class="x-card-text"><a class="x-open" href="#">{title}</a>'
        f'<span class="x-where">{esc(_why(document))}</span></div>{_matched(document, hit)}'
        f"{_members(library, document)}</article>"
    )


def _sketch(library: str, document: Document, hit: DocumentHit | None, words: Sequence[str]) -> str:
    seen = [
        item
        for modality in (Modality.IMAGE, Modality.VIDEO, Modality.MESH)
        for item in document.of(modality)
    ]
    matched = {one.item.id for one in hit.matched} if hit else set()
    faces = "".join(_face(library, item, item.id in matched) for item in seen[:_FACES])
    more = f'<span class="x-doc-more">+{len(seen) - _FACES}</span>' if len(seen) > _FACES else ""
    heard = "".join(
        _face(library, item, item.id in matched) for item in document.of(Modality.AUDIO)[:2]
    )
    text = _text(document, hit)
    lead = f'<p class="x-doc-lead">{passage(text, words, 240)}</p>' if text else ""
    pictures = f'<div class="x-doc-faces" data-n="{min(len(seen), _FACES)}">{faces}{more}</div>'
    return f'<div class="x-doc-sketch">{pictures if seen else ""}{heard}{lead}</div>'


def _text(document: Document, hit: DocumentHit | None) -> str:
    """The passage that matched, or how the text begins."""
    for one in hit.matched if hit else ():
        if one.item.modality is Modality.TEXT and one.part and one.part.text:
            return one.part.text
    return document.lead


def _face(library: str, item: Item, matched: bool) -> str:
    m = item.modality
    name = f"{NAMES[m][0]}: {esc(item.title)}"
    mark = " data-matched" if matched else ""
    return (
        f'<button type="button" class="x-doc-face" data-do="member" data-m="{m}" '
        f'data-id="{item.id}" aria-label="{name}" title="{name}"{mark}>{icon(m)}'
        f'<img src="{esc(media_url(library, item, "thumb"))}" alt="" loading="lazy"></button>'
    )


def _why(document: Document) -> str:
    if not document.why:
        item = document.members[0]
        return f"{NAMES[item.modality][0]} · {folder(item)}"
    return f"{len(document.members)} items · {', '.join(document.why)}"


def _matched(document: Document, hit: DocumentHit | None) -> str:
    if hit is None:
        return ""
    names = dict.fromkeys(one.item.title for one in hit.matched)
    by = f'<p class="x-doc-by">Found by {esc(", ".join(names))}</p>'
    return (
        f'<div class="x-strength"><span aria-hidden="true"><i style="width:{100 * hit.strength:.0f}'
        f'%"></i></span><span><span class="x-sr">Match: </span>{strength(hit.strength)}</span>'
        f"</div>{by if len(document.members) > 1 else ''}"
    )


def _members(library: str, document: Document) -> str:
    """The members by name, each to be opened, seen with its connections, or taken out."""
    if len(document.members) < 2:
        return ""
    rows = "".join(
        f'<li><button type="button" class="x-doc-name" data-do="member" data-id="{item.id}">'
        f"{badge(item.modality)}<span>{esc(item.title)}</span></button>"
        f'<button type="button" class="x-tool" data-do="part" data-id="{item.id}" '
        f'aria-label="Take {esc(item.title)} out" title="Take it out of this document">'
        f"{icon('minus')}</button></li>"
        for item in document.members[:_MEMBERS]
    )
    left = len(document.members) - _MEMBERS
    rest = f'<li class="x-quiet">and {left} more</li>' if left > 0 else ""
    return (
        f'<details class="x-doc-members"><summary>{len(document.members)} members</summary>'
        f"<ul>{rows}{rest}</ul></details>"
    )


def _no(hit: DocumentHit | None) -> int:
    return hit.best.part.no if hit and hit.best.part else 0
