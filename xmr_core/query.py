"""Queries: weighted media, marks of earlier answers, and which items may answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from xmr_core.errors import QueryError
from xmr_core.filters import Filters
from xmr_core.media import Floats, Media, Modality, Text, modality_of
from xmr_core.wording import Wording, parse


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Encoder features of something already encoded: an item of a library.

    Attributes:
        modality: whose encoder.
        vector: f32 (m,).
        fingerprint: of that encoder.
    """

    modality: Modality
    vector: Floats
    fingerprint: str


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One medium of a query; a negative weight subtracts it (see :mod:`xmr_core.algebra`).

    Attributes:
        wording: of typed words, which are also looked for as they are; None for all else.
        content: the hash of the file that it is of, as catalogues keep it; "" for all else.
    """

    media: "Media | Features | Concept"
    weight: float = 1.0
    label: str = ""
    wording: Wording | None = None
    content: str = ""

    @property
    def modality(self) -> Modality:
        """The medium's modality."""
        known = isinstance(self.media, Features | Concept)
        return self.media.modality if known else modality_of(self.media)  # type: ignore[union-attr,arg-type]


@dataclass(frozen=True, slots=True)
class Beside:
    """How an item stands to one that a query is made of (see `xmr_core.library.companions`).

    Attributes:
        kind: of the link between the two, or "liked" or "disliked" of one that was marked.
        label: of the query's term.
        odds: what that adds to the log-odds that it answers.
    """

    kind: str
    label: str
    odds: float


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What was liked and disliked of earlier answers; see :mod:`xmr_core.feedback`."""

    liked: tuple[Term, ...] = ()
    disliked: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """A query with its marks as one term of another query."""

    terms: tuple[Term, ...]
    marks: Marks

    @property
    def modality(self) -> Modality:
        """Of the term that weighs the most."""
        return max(self.terms, key=lambda term: term.weight).modality


def typed(words: str, weight: float = 1.0) -> Term:
    """Typed words as a term, with the phrases and fields in them (see :mod:`xmr_core.wording`).

    Raises:
        QueryError: they only leave out.

    >>> typed('a sign "no smoking"').media.text
    'a sign no smoking'
    """
    wording = parse(words)
    if not wording.meaning:
        raise QueryError(
            "The query only says what is to be left out.", "Type what you look for beside it."
        )
    return Term(Text(wording.meaning), weight, words, wording)


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What is looked for.

    Attributes:
        terms: weighted media, at least one with a positive weight.
        filters: which items may answer.
        k, offset: how many hits, after how many.
        corrected: subtract the hub bias (see :mod:`xmr_core.hubness`).
        names: let the names of files speak for them, where they hold words of the query.
        spread: let hits lend to what they are linked with (see :mod:`xmr_core.graph.spread`);
            only a library does so, not its searcher.
        marks: what was liked and disliked of earlier answers.
        beside: by its number, what lies beside the items that the query is made of; a library
            says so, not its searcher.
    """

    terms: tuple[Term, ...]
    filters: Filters = field(default_factory=Filters)
    k: int = 24
    offset: int = 0
    corrected: bool = True
    names: bool = True
    spread: bool = False
    marks: Marks = field(default_factory=Marks)
    beside: Mapping[int, Beside] = field(default_factory=dict)

    def opened(self) -> "Query":
        """Of a query that is nothing but a concept, the query with marks which that is."""
        only = self.terms[0].media if len(self.terms) == 1 else None
        if not isinstance(only, Concept) or self.terms[0].weight <= 0:
            return self
        marks = Marks(
            only.marks.liked + self.marks.liked, only.marks.disliked + self.marks.disliked
        )
        return replace(self, terms=only.terms, marks=marks)

    @property
    def wording(self) -> Wording | None:
        """What all typed words ask for together, what is subtracted being left out where it is a
        phrase; None where there is nothing of the kind."""
        added = [t.wording for t in self.terms if t.wording and t.weight > 0]
        taken = [t.wording for t in self.terms if t.wording and t.weight < 0]
        if not added and not any(w.required for w in taken):
            return None
        excluded = [p for w in added for p in w.excluded]
        excluded += [p for w in taken for p in w.required]
        return Wording(
            " ".join(w.meaning for w in added),
            tuple(dict.fromkeys(word for w in added for word in w.words)),
            tuple(p for w in added for p in w.required),
            tuple(excluded),
        )
