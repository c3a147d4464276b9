"""Answers to a query: hits, best first, and how likely it is that there is one at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xmr_core.media import Item, Modality, Part

# Below this strength of the best hit, what is asked for is probably absent. Of all bounds
# this one is right most often, over pairs of media and queries of which half have an answer
# (tools/train_heads.py strengths). It is less than one half because such a query may miss it.
PRESENT = 0.2


@dataclass(frozen=True, slots=True)
class Matched:
    """Words of the query that a hit holds, or the item of the query that it lies beside.

    Attributes:
        field: a key of :data:`xmr_core.wording.FIELDS`: how they are in it; "named" where its name
            says what the query was seen as; or how it stands to an item of the query (see
            :class:`xmr_core.query.Beside`).
        text: the line around them, what it was seen as, or that item's name.
        marks: where in ``text`` they lie, characters from and to.
        low, high: where they are in the medium's own axes; () for words about the whole.
        label: of the page or passage, "" for others.
        no: the number of the part, for passages; 0 for others.
    """

    field: str
    text: str
    marks: tuple[tuple[int, int], ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    label: str = ""
    no: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One item that answers a query.

    Attributes:
        library: the name of its library.
        item: the file.
        part: where in it the match is best, or None where it has no parts.
        cosine: in the joint space, −1…1.
        score: the cosine less the hub bias.
        odds: log-odds that the hit is right, comparable across media.
        strength: the same as a probability, for a query whose answer is as likely there as not.
        rank: from 1.
        matched: what of the query it holds or lies beside, or None.
    """

    library: str
    item: Item
    part: Part | None
    cosine: float
    score: float
    odds: float
    strength: float
    rank: int
    matched: Matched | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query.

    Attributes:
        hits: k at most, best first.
        total: how many items could have answered.
        presence: by target modality, the strength of its best hit.
        seconds: spent in "encode", "search" and "fetch".
    """

    hits: tuple[Hit, ...]
    total: int
    presence: Mapping[Modality, float]
    seconds: Mapping[str, float]

    @property
    def probably_nothing(self) -> bool:
        """No target modality is likely to hold a match."""
        return all(value < PRESENT for value in self.presence.values())


def ordered(odds: float) -> float:
    """What hits of such log-odds are sorted by: equal ones stay in one order from page to page,
    whichever way their scores came about."""
    return -round(odds, 4)


def fuse(answers: Sequence[Results], k: int, offset: int = 0) -> Results:
    """One list from the answers of several libraries to the same query, each asked for
    ``offset + k`` hits from the first."""
    hits = sorted((hit for answer in answers for hit in answer.hits), key=lambda h: ordered(h.odds))
    presence: dict[Modality, float] = {}
    for answer in answers:
        for modality, value in answer.presence.items():
            presence[modality] = max(value, presence.get(modality, 0.0))
    names = dict.fromkeys(name for answer in answers for name in answer.seconds)
    page = enumerate(hits[offset : offset + k], start=offset + 1)
    return Results(
        tuple(replace(hit, rank=rank) for rank, hit in page),
        sum(answer.total for answer in answers),
        presence,
        {name: sum(answer.seconds.get(name, 0.0) for answer in answers) for name in names},
    )
