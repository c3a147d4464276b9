"""Which view asks and which is ranked, in methods that learn one direction."""

from collections.abc import Mapping
from typing import NamedTuple

from xmr_core.media import Floats, Modality


class Sides(NamedTuple):
    """The two views of a method that tells words from what they are said of.

    Attributes:
        words: the text, or the second view where none is one, or the first is.
        things: the other.
    """

    words: Modality
    things: Modality


def sides(views: Mapping[Modality, Floats]) -> Sides:
    """Which is which.

    >>> sides({Modality.IMAGE: ..., Modality.AUDIO: ...}).words.value
    'audio'
    >>> sides({Modality.TEXT: ..., Modality.AUDIO: ...}).words.value
    'text'
    """
    one, other = views
    return Sides(one, other) if one == Modality.TEXT else Sides(other, one)
