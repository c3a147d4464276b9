"""The methods of explanation, as people are told of them."""

from xmr_core.explain import Explanation
from xmr_core.explain.methods import METHODS
from xmr_core.ui.context import Plain

_WORDS = {
    "closeup": ("Close-up", "Each part by itself, seen closer, against the whole of the other."),
    "similarity": ("Similarity", "Each part in its place, against the whole of the other."),
    "gradient": ("Gradient", "What each part adds to the score, by the derivative of the head."),
    "without": ("Leave out", "What the score loses without each part."),
    "attention": ("Attention", "How near each part is to those of the other that it attends to."),
    "value": ("Value path", "What the last attention of the network would take from each part."),
    "relevance": ("Relevance", "What flows through the attention of the network to the score."),
}
# these follow the attention inside a network, which only transformers have
_OF_ATTENTION = frozenset({"value", "relevance"})


def listed(told: Explanation) -> list[Plain]:
    """Those that can explain a pair: ``name``, ``title``, ``about``."""
    inside = any("value" in side.variants for side in (told.query, told.hit))
    return [
        {"name": name, "title": title(name), "about": about(name)}
        for name in METHODS
        if inside or name not in _OF_ATTENTION
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
