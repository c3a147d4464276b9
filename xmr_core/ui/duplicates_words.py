"""Near-duplicates in words, rows and plain data."""

from collections.abc import Iterator, Sequence
from typing import Any

from xmr_core.duplicates import Kind
from xmr_core.library.duplicates import Copies, Copy
from xmr_core.media import Modality

_HOW: dict[Kind, str] = {
    Kind.EXACT: "the same file",
    Kind.SAME: "alike",
    Kind.MIRRORED: "mirrored",
    Kind.PART: "a part of it",
    Kind.TURNED: "the same shape, lying otherwise",
    Kind.UPSIDE_DOWN: "upside down",
    Kind.RECOLOURED: "the same shape in other colours",
}
_ALIKE: dict[Modality, str] = {
    Modality.IMAGE: "the same picture",
    Modality.AUDIO: "the same recording",
    Modality.VIDEO: "the same video",
    Modality.MESH: "the same shape",
    Modality.TEXT: "the same text",
}
_PART: dict[Modality, str] = {
    Modality.IMAGE: "cut out of the same picture",
    Modality.AUDIO: "a stretch of the same recording",
    Modality.VIDEO: "a stretch of the same video",
    Modality.MESH: "a part of the same shape",
    Modality.TEXT: "one holds the other",
}
COLUMNS = ("group", "keep", "path", "bytes", "medium", "alike", "similarity", "reason")


def how(copy: Copy) -> str:
    """How a copy is alike to the best one, with its similarity."""
    if copy.kind is None:
        return "the best copy"
    modality = copy.item.modality
    own = {Kind.SAME: _ALIKE[modality], Kind.PART: _PART[modality]}
    if modality is Modality.IMAGE:
        own[Kind.TURNED] = "turned by a quarter"
    words = own.get(copy.kind, _HOW[copy.kind])
    return words if copy.kind is Kind.EXACT else f"{words}, {percent(copy.similarity)}"


def percent(similarity: float) -> str:
    """A similarity for people; only what is the same byte for byte is 100%.

    >>> percent(0.9987), percent(0.8512), percent(1.0)
    ('99%', '85%', '99%')
    """
    return f"{min(int(100 * similarity + 1e-9), 99)}%"


def as_rows(groups: Sequence[Copies]) -> Iterator[tuple[Any, ...]]:
    """A table of what could be kept and what could be removed, its head first."""
    yield COLUMNS
    for number, group in enumerate(groups, 1):
        for copy in group.copies:
            keep = copy.kind is None
            yield (
                number,
                "yes" if keep else "no",
                str(copy.item.file),
                copy.item.size,
                str(copy.item.modality),
                "" if copy.kind is None else str(copy.kind),
                "" if copy.kind is None else copy.similarity,
                group.reason if keep else "",
            )


def as_plain(group: Copies) -> dict[str, Any]:
    """A group as plain data."""
    return {
        "medium": str(group.modality),
        "similarity": group.similarity,
        "keep": str(group.copies[0].item.file),
        "reason": group.reason,
        "others": [
            {
                "id": copy.item.id,
                "path": str(copy.item.file),
                "bytes": copy.item.size,
                "alike": str(copy.kind),
                "similarity": copy.similarity,
            }
            for copy in group.copies[1:]
        ],
    }
