"""Answers of searches, as hits or as documents, written to files to take away."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from xmr_core import export
from xmr_core.export import Chosen
from xmr_core.library.documents import DocumentResults
from xmr_core.results import fuse
from xmr_core.ui import documents, fields, queries, query_form
from xmr_core.ui.context import Action, Context, Plain
from xmr_core.ui.words import ORDER


def actions(context: Context) -> Mapping[str, Action]:
    """What the Search page asks."""
    return {"search.export": lambda payload: _export(context, payload)}


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was made: what it answers, how many hits or documents, what it lacks."""

    path: Path
    label: str
    count: int
    left_out: list[str]


def write(
    context: Context,
    stated: Plain,
    kind: str,
    k: int,
    *,
    columns: bool = False,
    whole: bool = False,
) -> Written:
    """Answer a stated query into a file, in the order of the page.

    Args:
        context: of the server.
        stated: the query.
        kind: of :data:`xmr_core.export.FORMATS`.
        k: how many; of each medium, in columns.
        columns: medium by medium.
        whole: documents instead of hits.

    Raises:
        XMRError: it cannot be answered, or written in that way.
    """
    export.check_format(kind, "Documents" if whole else "Hits")
    asked = queries.asked(context, stated)
    found: Chosen
    if whole:
        answer = documents.answer(context, stated, k)
        found = DocumentResults(
            tuple(replace(hit, rank=at) for at, (_, hit) in enumerate(answer.hits, start=1)),
            answer.total,
        )
        count = len(found.hits)
    else:
        targets = asked.filters.modalities or ORDER
        lists = [asked.only(m) for m in ORDER if m in targets] if columns else [asked]
        pages = [queries.answer(context, one, k) for one in lists]
        hits = [hit for page in pages for hit in page.hits]  # as the page shows them
        ranked = tuple(replace(hit, rank=at) for at, hit in enumerate(hits, start=1))
        found = replace(fuse(pages, len(hits)), hits=ranked)
        count = len(hits)
    label, path = query_form.label(asked.terms), context.exports.place(kind)
    left_out = export.write(path, found, label, export.files_of(asked.libraries))
    return Written(path, label, count, left_out)


def _export(context: Context, payload: Plain) -> Plain:
    """``{query, k, columns, documents, format}`` → where a file of it is, and what it lacks."""
    stated, columns = fields.record(payload, "query"), fields.truth(payload, "columns")
    whole, kind = fields.truth(payload, "documents"), fields.text(payload, "format")
    k = fields.whole(payload, "k", queries.MAX_K, 1, queries.MAX_K)
    made = write(context, stated, kind, k, columns=columns, whole=whole)
    url = context.exports.keep(made.path, made.label)
    return {"url": url, "hits": made.count, "left_out": made.left_out}
