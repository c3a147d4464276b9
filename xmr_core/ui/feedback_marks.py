"""Likes and dislikes as a page states them, and named concepts as terms.

::

    "marks": {"liked": [{"library": "demo", "id": 7}], "disliked": []}
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xmr_core.errors import QueryError
from xmr_core.feedback import PULL
from xmr_core.library.feedback import MOST_MARKS
from xmr_core.query import Marks, Term
from xmr_core.ui import fields
from xmr_core.ui.context import Context, Plain


@dataclass(frozen=True, slots=True)
class Stated:
    """Marks as stated, checked: each is an item as a term of a query is."""

    liked: tuple[Plain, ...] = ()
    disliked: tuple[Plain, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.liked or self.disliked)

    @property
    def plain(self) -> Plain:
        """The field of a stated query, or no field where nothing is marked."""
        if not self:
            return {}
        sides = {"liked": self.liked, "disliked": self.disliked}
        plain = {
            s: [{n: o[n] for n in ("library", "id")} for o in side] for s, side in sides.items()
        }
        return {"marks": plain}

    def within(self, library: str) -> tuple[list[int], list[int]]:
        """The ids of what is liked and disliked of one library."""
        sides = (self.liked, self.disliked)
        yes, no = ([one["id"] for one in side if one["library"] == library] for side in sides)
        return yes, no


NO_MARKS = Stated()


def marks(plain: Plain) -> Stated:
    """The marks of a stated query; what is on both sides is disliked.

    >>> marks({"marks": {"liked": [{"library": "a", "id": 1}]}}).liked
    ({'kind': 'item', 'library': 'a', 'id': 1, 'weight': 1.0},)
    """
    given = fields.record(plain, "marks")
    yes, no = (
        {(fields.text(o, "library"), fields.whole(o, "id")): None for o in fields.records(given, s)}
        for s in ("liked", "disliked")
    )
    if len(yes) + len(no) > MOST_MARKS:
        raise QueryError(
            f"A query can have {MOST_MARKS} marks.", "Save it as a concept, and begin again."
        )

    def side(keys: Sequence[tuple[str, int]]) -> tuple[Plain, ...]:
        return tuple({"kind": "item", "library": n, "id": i, "weight": 1.0} for n, i in keys)

    return Stated(side([key for key in yes if key not in no]), side(list(no)))


def engine_marks(stated: Stated, term: Callable[[Plain], Term]) -> Marks:
    """Marks as the engine takes them, each made by ``term``."""
    return Marks(tuple(map(term, stated.liked)), tuple(map(term, stated.disliked)))


def unfolded(context: Context, terms: Sequence[Plain]) -> list[Plain]:
    """Stated terms with what each concept was made of in its place: words, items, and what was
    liked and disliked, which pull and push as in a search."""
    wide: list[Plain] = []
    for term in terms:
        if term["kind"] != "concept":
            wide.append(term)
            continue
        library, weight = context.shelf.get(term["library"]), term["weight"]
        one = library.concept(term["title"])
        wide += [
            {"kind": "text", "text": text, "weight": weight * share}
            for text, share in one.words.items()
        ]
        pull, push = PULL[sum(one.words.values()) > sum(one.items.values())]
        marks = [(item, pull / len(one.liked)) for item in one.liked]
        marks += [(item, -push / len(one.disliked)) for item in one.disliked]
        for item, share in [*one.items.items(), *marks]:
            found = library.item(item)
            wide.append(
                {
                    "kind": "item",
                    "library": library.name,
                    "id": item,
                    "title": found.title,
                    "modality": found.modality.value,
                    "src": "",
                    "weight": weight * share,
                }
            )
    return wide
