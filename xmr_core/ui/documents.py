"""Documents that answer a stated query, from several libraries in one list."""

from dataclasses import dataclass

from xmr_core.library.documents import DocumentHit
from xmr_core.results import PRESENT
from xmr_core.ui import queries
from xmr_core.ui.context import Context, Plain


@dataclass(frozen=True)
class Answered:
    """Documents with the names of their libraries, best first; how many were ranked, and whether
    there are more; and whether none of them is likely to be right."""

    hits: list[tuple[str, DocumentHit]]
    total: int
    cut: bool
    nothing: bool
    asked: queries.Asked


def answer(context: Context, stated: Plain, k: int, offset: int = 0) -> Answered:
    """The documents from ``offset`` on; those that hold the items asked with are left out."""
    asked = queries.asked(context, stated)
    hits: list[tuple[str, DocumentHit]] = []
    total, cut = 0, False
    wide = offset + k + len(asked.itself)
    for library in asked.libraries:
        found = library.answer_documents(queries.engine_query(context, asked, library, wide))
        total += found.total
        cut = cut or found.cut
        hits += [
            (library.name, hit)
            for hit in found.hits
            if not any((library.name, item.id) in asked.itself for item in hit.document.members)
        ]
    hits.sort(key=lambda hit: -hit[1].odds)
    nothing = all(hit.strength < PRESENT for _, hit in hits)
    return Answered(hits[offset : offset + k], total, cut, nothing, asked)
