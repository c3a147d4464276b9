"""What near-duplicates are called, and pairs of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Prints = Mapping[int, Sequence[bytes]]
"""The prints of one kind, by item, each in the order it was made in."""

Tell = Callable[[int, int], None]
"""Told (done, total) now and then; may raise to stop the work."""


class Kind(StrEnum):
    """How two items are alike."""

    EXACT = "exact"
    SAME = "same"
    MIRRORED = "mirrored"
    PART = "part"
    TURNED = "turned"
    UPSIDE_DOWN = "upside-down"
    RECOLOURED = "recoloured"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that are alike.

    Attributes:
        first, second: their ids, the lower first.
        kind: how.
        similarity: 0…1; 1 where the files are the same, byte for byte.
    """

    first: int
    second: int
    kind: Kind
    similarity: float

    @classmethod
    def of(cls, one: int, other: int, kind: Kind, similarity: float) -> "Pair":
        """A pair of items in whichever order.

        >>> Pair.of(7, 3, Kind.SAME, 0.98765)
        Pair(first=3, second=7, kind=<Kind.SAME: 'same'>, similarity=0.9877)
        """
        first, second = sorted((int(one), int(other)))
        most = 1.0 if kind is Kind.EXACT else 0.9999
        return cls(first, second, kind, round(min(max(float(similarity), 0.0), most), 4))


def silent(done: int, total: int) -> None:
    """Tells nobody."""
