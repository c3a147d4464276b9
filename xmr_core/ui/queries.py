"""A query that a page states (see :mod:`xmr_core.ui.query_form`), found and answered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from xmr_core import readers
from xmr_core.errors import QueryError
from xmr_core.filters import Filters
from xmr_core.library import Library
from xmr_core.library.keepsakes import check_kept
from xmr_core.media import Item, Modality
from xmr_core.query import Marks, Query, Term, typed
from xmr_core.results import Results, fuse
from xmr_core.ui import courses, fields, query_form
from xmr_core.ui.context import Context, Plain
from xmr_core.ui.feedback_marks import NO_MARKS, Stated, engine_marks, marks
from xmr_core.ui.words import media_url
from xmr_core.wording import parse

MAX_K = 200
MAX_OFFSET = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with everything it names found.

    Attributes:
        libraries: where to look.
        terms: as stated, checked.
        filters, corrected: as the engine takes them.
        marks: what was liked and disliked of earlier answers.
        spread: hits lend to what they are linked with.
    """

    libraries: tuple[Library, ...]
    terms: tuple[Plain, ...]
    filters: Filters
    corrected: bool
    marks: Stated = NO_MARKS
    spread: bool = False

    @property
    def words(self) -> list[str]:
        """The words that are looked for, to be marked in passages."""
        return [t["text"] for t in self.terms if t["kind"] == "text" and t["weight"] > 0]

    @property
    def unknown(self) -> list[str]:
        """What is typed before a colon as a field would be, and is none."""
        texts = (t["text"] for t in self.terms if t["kind"] == "text")
        return list(dict.fromkeys(name for text in texts for name in parse(text).unknown))

    @property
    def itself(self) -> frozenset[tuple[str, int]]:
        """Items that are terms: who has them in the query need not find them again."""
        return frozenset((t["library"], t["id"]) for t in self.terms if t["kind"] == "item")

    def within(self, library: str) -> Filters:
        """The filters in one library: collections that are asked with need not find themselves."""
        terms = (t for t in self.terms if t["kind"] == "collection" and t["library"] == library)
        mine = frozenset(t["title"] for t in terms)
        return replace(self.filters, outside=self.filters.outside | mine)

    def only(self, modality: Modality) -> "Asked":
        """The same in one medium."""
        return replace(self, filters=replace(self.filters, modalities=frozenset({modality})))


def asked(context: Context, plain: Plain) -> Asked:
    """Read a stated query.

    Raises:
        QueryError: it cannot be understood, or looks for nothing.
        LibraryError: a library that cannot be used.
    """
    names = fields.texts(plain, "libraries")
    if not names:
        raise QueryError("No library is chosen.", "Choose one beside the query box.")
    found = Asked(
        tuple(context.shelf.get(name) for name in dict.fromkeys(names)),
        tuple(query_form.terms(plain)),
        query_form.filters(plain),
        fields.truth(plain, "corrected", True),
        marks(plain),
        fields.truth(plain, "spread"),
    )
    check_kept(found.libraries, found.filters)
    return found


def answer(context: Context, query: Asked, k: int, offset: int = 0) -> Results:
    """The hits from ``offset`` on, the items that were asked with left out."""
    if steps := courses.steps(query.terms):
        return courses.answer(query.libraries, steps, query.within, query.corrected, k, offset)
    hidden = query.itself
    wide = offset + k + len(hidden)
    answers = [one.answer(engine_query(context, query, one, wide)) for one in query.libraries]
    found = fuse(answers, wide)
    hits = [hit for hit in found.hits if (hit.library, hit.item.id) not in hidden]
    page = enumerate(hits[offset : offset + k], start=offset + 1)
    return Results(
        tuple(replace(hit, rank=rank) for rank, hit in page),  # without gaps of what is left out
        max(len(hits), found.total - len(hidden)),
        found.presence,
        found.seconds,
    )


def engine_query(context: Context, query: Asked, library: Library, k: int = MAX_K) -> Query:
    """A query as the engine takes it, for a search in a library."""
    return Query(
        tuple(engine_term(context, term, library) for term in spread(context, query.terms)),
        query.within(library.name),
        k,
        corrected=query.corrected,
        spread=query.spread,
        marks=marks_in(context, query, library),
    )


def spread(context: Context, terms: Iterable[Plain]) -> list[Plain]:
    """Stated terms, with the items of a collection in its place.

    Raises:
        LibraryError: a collection is gone.
        QueryError: nothing is in it.
    """
    wide: list[Plain] = []
    for term in terms:
        if term["kind"] != "collection":
            wide.append(term)
            continue
        library = context.shelf.get(term["library"])
        items = library.speakers(term["title"])
        wide += [item_term(library.name, one, term["weight"] / len(items)) for one in items]
    return wide


def item_term(library: str, item: Item, weight: float = 1.0) -> Plain:
    """An item as a term of a stated query."""
    return {
        "kind": "item",
        "library": library,
        "id": item.id,
        "title": item.title,
        "modality": item.modality.value,
        "src": media_url(library, item),
        "weight": weight,
    }


def marks_in(context: Context, query: Asked, library: Library) -> Marks:
    """A query's marks as the engine takes them, for a search in a library."""
    return engine_marks(query.marks, lambda term: engine_term(context, term, library))


def engine_term(context: Context, term: Plain, library: Library) -> Term:
    """One term as the engine takes it, for a search in a library.

    Raises:
        QueryError: a collection, which is many (see :func:`spread`).
        LibraryError: what it names is gone.
    """
    weight = term["weight"]
    if term["kind"] == "collection":
        raise QueryError("A collection is many things, not one.", "Choose one of its items.")
    if term["kind"] == "text":
        return typed(term["text"], weight)
    if term["kind"] == "file":
        upload = context.uploads.get(term["token"])
        return Term(upload.media, weight, upload.name, content=upload.content)
    source = context.shelf.get(term["library"])
    if term["kind"] == "concept":
        return source.concept_term(term["title"], weight)
    if source is library or source.profile == library.profile:
        return source.term(term["id"], weight)
    # the other library's vectors mean nothing here, its file does
    item = source.item(term["id"])
    media = readers.read(source.media_path(term["id"]))
    return Term(media, weight, item.title, content=item.hash)
