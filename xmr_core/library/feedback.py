"""Likes and dislikes: they refine a query, and together make a named concept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xmr_core.catalogue.concepts import Kept
from xmr_core.errors import LibraryError, QueryError
from xmr_core.feedback import toward
from xmr_core.library.explanations import Explanations
from xmr_core.library.queries import make_query
from xmr_core.media import Modality
from xmr_core.query import Concept, Marks, Query, Term
from xmr_core.results import Results
from xmr_core.space import unit

LONGEST_NAME = 100
MOST_MARKS = 500
_FEW = 3  # words of a sentence that is told as a direction


@dataclass(frozen=True, slots=True)
class Told:
    """What marks do to a query.

    Attributes:
        likes, dislikes: how many.
        toward, away: words that the query moved nearest to, and away from.
        kept: the cosine of the moved query with the one that was asked.
    """

    likes: int
    dislikes: int
    toward: tuple[str, ...]
    away: tuple[str, ...]
    kept: float


@dataclass(frozen=True, slots=True)
class Named:
    """A named concept.

    Attributes:
        name: unlike any other's, whatever the case.
        words, items: what was asked with, and by how much.
        liked, disliked: items.
        gone: titles of what it was made of that is in the library no more.
        when: it was made, seconds since 1970.
    """

    name: str
    words: Mapping[str, float]
    items: Mapping[int, float]
    liked: tuple[int, ...]
    disliked: tuple[int, ...]
    gone: tuple[str, ...]
    when: float


class Refining(Explanations):
    """Queries that learn from what was liked of their answers."""

    def refine(self, query: Query, liked: Sequence[int], disliked: Sequence[int] = ()) -> Results:
        """Answer a query again, moved by what was liked and disliked of its answers.

        Args:
            query: such as :func:`xmr_core.library.make_query` makes it.
            liked, disliked: ids of items of any medium; what is in both counts as disliked.

        Raises:
            LibraryError: there is no such item.
            ProfileMismatch: the library's vectors belong to another profile.
        """
        return self.answer(replace(query, marks=self.marks(liked, disliked)))

    def marks(self, liked: Sequence[int], disliked: Sequence[int] = ()) -> Marks:
        """Items as marks of a query.

        Raises:
            LibraryError: there is no such item.
            QueryError: there are too many.
        """
        no = dict.fromkeys(disliked)
        yes = [item for item in dict.fromkeys(liked) if item not in no]
        if len(yes) + len(no) > MOST_MARKS:
            raise QueryError(
                f"A query can have {MOST_MARKS} marks.", "Save it as a concept, and begin again."
            )
        return Marks(tuple(map(self.term, yes)), tuple(map(self.term, no)))

    def told(self, query: Query) -> Told:
        """What the marks of a query do to it, in numbers and words."""
        feedback = self.searcher.feedback(query)
        if feedback is None:
            return Told(0, 0, (), (), 1.0)
        names, vectors = self._directions()
        gained, lost = toward(feedback.query, feedback.vector, vectors)
        return Told(
            len(feedback.liked),
            len(feedback.disliked),
            tuple(names[place] for place in gained),
            tuple(names[place] for place in lost),
            float(feedback.query @ feedback.vector),
        )

    def _directions(self) -> tuple[list[str], Any]:
        """Words that a query can move towards, and their unit vectors less their mean."""
        texts = self.space.bank_texts
        bank = self.space.bank(Modality.TEXT)[: len(texts)]
        few = [place for place, text in enumerate(texts) if len(text.split()) <= _FEW]
        if not few:
            return [], np.zeros((0, self.space.dim), np.float32)
        return [texts[place] for place in few], unit(bank[few] - bank[few].mean(axis=0))

    # -- named concepts

    def save_concept(
        self,
        name: str,
        asked: Mapping[str | int, float],
        liked: Sequence[int] = (),
        disliked: Sequence[int] = (),
        *,
        again: bool = False,
    ) -> Named:
        """Keep a query with its marks under a name.

        Args:
            name: of the concept.
            asked: words (str) and items (int), with their weights.
            liked, disliked: ids of items.
            again: in place of the one of that name, if there is one.

        Raises:
            LibraryExists: the name is taken.
            LibraryError: there is no such item.
            QueryError: no name, or nothing that it looks for.
        """
        name = _checked(name)
        if not liked and not any(weight > 0 for weight in asked.values()):
            raise QueryError(
                "The concept has nothing to look for.", "Ask with some words, or like something."
            )
        no = dict.fromkeys(disliked)
        query = {
            "words": {str(one): w for one, w in asked.items() if isinstance(one, str)},
            "items": [
                self._reference(one) | {"weight": w}
                for one, w in asked.items()
                if isinstance(one, int)
            ],
            "liked": [self._reference(one) for one in dict.fromkeys(liked) if one not in no],
            "disliked": [self._reference(one) for one in no],
        }
        self.catalogue.keep_concept(name, query, again=again)
        return self.concept(name)

    def concepts(self) -> list[Named]:
        """All named concepts, by name."""
        return [self._named(kept) for kept in self.catalogue.concepts()]

    def concept(self, name: str) -> Named:
        """A named concept.

        Raises:
            LibraryError: there is none of that name.
        """
        return self._named(self._kept(name))

    def rename_concept(self, name: str, new: str) -> Named:
        """Give a concept another name.

        Raises:
            LibraryError: there is none of that name.
            LibraryExists: the new one is taken.
            QueryError: the new one cannot be a name.
        """
        new = _checked(new)
        self.catalogue.rename_concept(self._kept(name).id, new)
        return self.concept(new)

    def forget_concept(self, name: str) -> None:
        """Drop a concept; its items stay.

        Raises:
            LibraryError: there is none of that name.
        """
        self.catalogue.forget_concept(self._kept(name).id)

    def concept_term(self, name: str, weight: float = 1.0) -> Term:
        """A named concept as a term of a query, made again from its words and items.

        Raises:
            LibraryError: there is none of that name.
            QueryError: nothing of it is left in the library.
        """
        one = self.concept(name)
        terms = [make_query([words]).terms[0] for words in one.words]
        terms = [replace(t, weight=w) for t, w in zip(terms, one.words.values(), strict=True)]
        terms += [self.term(item, w) for item, w in one.items.items()]
        marks = self.marks(one.liked, one.disliked)
        if not any(term.weight > 0 for term in terms):
            # what was asked with is gone: what was liked still says what is meant
            terms = [self.term(item, 1 / len(one.liked)) for item in one.liked]
        if not terms:
            raise QueryError(
                f"Nothing that the concept '{one.name}' was made of is in {self.name} any more.",
                "Index its files again, or forget it.",
            )
        return Term(Concept(tuple(terms), marks), weight, one.name)

    def _kept(self, name: str) -> Kept:
        kept = self.catalogue.concept(name)
        if kept is None:
            names = ", ".join(one.name for one in self.catalogue.concepts()) or "none"
            raise LibraryError(
                f"{self.name} has no concept '{name}'.", f"Its concepts are: {names}."
            )
        return kept

    def _reference(self, item_id: int) -> dict[str, Any]:
        """An item as it is found again, by its number or, in another folder, by its content."""
        item, known = self.item(item_id), self.catalogue.hash_of(item_id)
        return {"id": item.id, "hash": known, "title": item.title}

    def _named(self, kept: Kept) -> Named:
        gone: list[str] = []

        def found(references: Sequence[Mapping[str, Any]]) -> list[int | None]:
            ids = [self.catalogue.find_again(ref["id"], ref["hash"]) for ref in references]
            gone.extend(r["title"] for r, id in zip(references, ids, strict=True) if id is None)
            return ids

        query = kept.query
        weights = [one["weight"] for one in query["items"]]
        items = zip(found(query["items"]), weights, strict=True)
        liked, disliked = (tuple(id for id in found(query[s]) if id) for s in ("liked", "disliked"))
        return Named(
            kept.name,
            dict(query["words"]),
            {id: weight for id, weight in items if id},
            liked,
            disliked,
            tuple(dict.fromkeys(gone)),
            kept.when,
        )


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise QueryError(
            "The concept has no name." if not name else "The name of the concept is too long.",
            f"Give it one of up to {LONGEST_NAME} characters.",
        )
    return name
