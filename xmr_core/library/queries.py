"""Queries from what a person gives: words, files, media, weighted terms."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xmr_core import readers
from xmr_core.errors import QueryError
from xmr_core.filters import Filters
from xmr_core.indexing.reading import content_hash
from xmr_core.media import Media, Modality
from xmr_core.query import Query, Term, typed

What = str | Path | Media | Term


def make_query(
    what: Sequence[What],
    minus: Sequence[What] = (),
    to: Sequence[Modality | str] = (),
    k: int = 24,
    offset: int = 0,
    filters: Filters | None = None,
    corrected: bool = True,
) -> Query:
    """A query from words, files, media and terms; see :meth:`Library.search`.

    >>> query = make_query(["a red ball"], minus=["a dog"], to=["image"], k=3)
    >>> [(term.label, term.weight) for term in query.terms], query.k
    ([('a red ball', 1.0), ('a dog', -1.0)], 3)
    """
    terms = [_term(w) for w in what]
    terms += [replace(t, weight=-abs(t.weight)) for t in map(_term, minus)]
    filters = filters or Filters()
    if to:
        try:
            filters = replace(filters, modalities=frozenset(Modality(m) for m in to))
        except ValueError as error:
            raise QueryError(
                f"{error}.", f"The media are: {', '.join(sorted(Modality))}."
            ) from error
    return Query(tuple(terms), filters, k, offset, corrected)


def _term(what: What) -> Term:
    if isinstance(what, Term):
        return what
    if isinstance(what, Path):
        return Term(readers.read(what), label=what.name, content=content_hash(what))
    if isinstance(what, str):
        # Half a character, as a terminal of another encoding sends, is none.
        words = what.encode("utf-8", "replace").decode("utf-8").strip()
        if not words:
            raise QueryError("The query is empty.", "Type some words or give a file.")
        return typed(words)
    return Term(what)
