"""The methods of explanation, as people are told of them."""

from xmr_core.explain import Explanation
from xmr_core.explain.explanation import CLOSE, VALUE
from xmr_core.explain.methods import METHODS
from xmr_core.ui.context import Plain

_WORDS = {
    "focus": (
        "Focus",
        "Close-up, Similarity (of frames and views Gradient), Erased: what is meant and rested on.",
    ),
    "closeup": ("Close-up", "Each part by itself, seen closer, against the whole of the other."),
    "erased": ("Erased", "What the score loses where squares of the picture are blurred away."),
    "heard": ("Heard", "How like the other each moment and band is, by how loud it is."),
    "similarity": ("Similarity", "Each part in its place, against the whole of the other."),
    "gradient": ("Gradient", "What each part adds to the score, by the derivative of the head."),
    "without": ("Leave out", "What the score loses without each part."),
    "attention": ("Attention", "How near each part is to those of the other that it attends to."),
    "value": ("Value path", "What the last attention of the network would take from each part."),
    "relevance": ("Relevance", "What flows through the attention of the network to the score."),
}
# these read the parts in another way, which not every encoder has: looks from close by, and what
# flows through the attention inside a network, which only transformers have
_READING = {
    "focus": "erased",
    "closeup": CLOSE,
    "erased": "erased",
    "heard": "levels",
    "value": VALUE,
    "relevance": VALUE,
}


def listed(told: Explanation) -> list[Plain]:
    """Those that can explain a pair: ``name``, ``title``, ``about``."""
    known = {*told.query.variants, *told.hit.variants}
    if told.query.levels is not None or told.hit.levels is not None:
        known.add("levels")
    if told.query.erased is not None or told.hit.erased is not None:
        known.add("erased")
    return [
        {"name": name, "title": title(name), "about": about(name)}
        for name in METHODS
        if name not in _READING or _READING[name] in known
    ]


def title(name: str) -> str:
    """A method in a word or two.

    >>> title("without"), title("something_new")
    ('Leave out', 'Something new')
    """
    known = _WORDS.get(name)
    return known[0] if known else name.replace("_", " ").capitalize()


def about(name: str) -> str:
    """What it does, in a sentence."""
    known = _WORDS.get(name)
    return known[1] if known else ""
