"""Photographs of one thing each, told by what all who described them agree on.

Captions tell stories; a class name is a word. Where most captions of a photograph speak of
one of the things below, and none of any other, that thing's name asks for it.
"""

import re
from collections.abc import Mapping, Sequence

_MOST = 0.6  # of the captions have to speak of it

# what a thing is called → how captions speak of it
NOUNS: Mapping[str, str] = {
    "baseball": r"baseballs?",
    "basketball": r"basketballs?",
    "beach": r"beach(es)?",
    "bench": r"bench(es)?",
    "bicycle": r"bikes?|bicycles?|bikers?|cyclists?",
    "bird": r"birds?|ducks?|gulls?|seagulls?|goose|geese|pigeons?",
    "boat": r"boats?|kayaks?|canoes?|rafts?|sailboats?|kayakers?",
    "camera": r"cameras?",
    "car": r"cars?|trucks?|jeeps?|taxis?|vans?|suv",
    "dog": r"dogs?|pupp(y|ies)",
    "football": r"footballs?|soccer",
    "fountain": r"fountains?",
    "guitar": r"guitars?",
    "horse": r"horses?|pony|bulls?",
    "motorcycle": r"motorcycles?|motorbikes?|motocross|dirt ?bikes?|motorcyclists?|atv",
    "mountain": r"mountains?|cliffs?|climb(s|er|ers|ing)?",
    "skateboard": r"skateboard(s|er|ers|ing)?",
    "skis": r"ski(s|er|ers|ing)?",
    "slide": r"slides?",
    "snowboard": r"snowboard(s|er|ers|ing)?",
    "surfboard": r"surf(er|ers|ing|board|boards|s)?",
    "swimming pool": r"pools?",
    "swing": r"swings?",
    "tennis racket": r"tennis",
    "tent": r"tents?",
    "trampoline": r"trampolines?",
}
_SAID = {noun: re.compile(rf"\b({words})\b", re.IGNORECASE) for noun, words in NOUNS.items()}


def noun_of(captions: Sequence[str]) -> str | None:
    """The one thing of ``NOUNS`` that most captions speak of, if none speaks of another.

    >>> noun_of(["A dog runs.", "Two dogs play.", "An animal in the grass."])
    'dog'
    >>> noun_of(["A dog runs.", "A dog and a boat."]) is None
    True
    """
    counts = {
        noun: sum(bool(said.search(caption)) for caption in captions)
        for noun, said in _SAID.items()
    }
    spoken = [noun for noun, count in counts.items() if count]
    if len(spoken) != 1 or counts[spoken[0]] < _MOST * len(captions):
        return None
    return spoken[0]
