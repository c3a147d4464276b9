"""Typed courses, "first a dog barks, then a cat meows", as the Search page answers them."""

import re
from collections.abc import Callable, Sequence

from xmr_core.filters import Filters
from xmr_core.library import Library
from xmr_core.moments import MAX_STEPS
from xmr_core.query import Query, typed
from xmr_core.results import Results, fuse
from xmr_core.ui.context import Plain

_BEGINS = re.compile(r"first\b[,:]?\s+", re.IGNORECASE)
_THEN = re.compile(r"\s*(?:[,;.]\s*)?\b(?:and\s+)?then\b[,:]?\s+", re.IGNORECASE)


def steps(terms: Sequence[Plain]) -> list[str]:
    """What is to come one after the other; none where the query says nothing of the kind.

    >>> steps([{"kind": "text", "text": "First a dog barks, then a cat meows", "weight": 1.0}])
    ['a dog barks', 'a cat meows']
    >>> steps([{"kind": "text", "text": "first snow", "weight": 1.0}])
    []
    """
    if len(terms) != 1 or terms[0]["kind"] != "text" or terms[0]["weight"] <= 0:
        return []
    begins = _BEGINS.match(terms[0]["text"])
    if begins is None:
        return []
    found = [step.strip() for step in _THEN.split(terms[0]["text"][begins.end() :])]
    return found if 2 <= len(found) <= MAX_STEPS and all(found) else []


def answer(
    libraries: Sequence[Library],
    words: Sequence[str],
    within: Callable[[str], Filters],
    corrected: bool,
    k: int,
    offset: int,
) -> Results:
    """Items in which what the words say comes one after the other.

    Args:
        libraries: where to look.
        words: a step each.
        within: the filters in a library of that name.
        corrected: with hubness correction.
        k, offset: how many hits, after how many.
    """
    return fuse(
        [
            library.in_order(
                [Query((typed(one),), within(library.name), corrected=corrected) for one in words]
            )
            for library in libraries
        ],
        k,
        offset,
    )
