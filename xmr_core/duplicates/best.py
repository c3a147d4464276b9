"""Which of several copies is the best one to keep, and why."""

from collections.abc import Callable, Sequence

from xmr_core.media import Item, Modality

_Measure = Callable[[Item], float]


def _pixels(item: Item) -> float:
    return item.facts.get("width", 0.0) * item.facts.get("height", 0.0)


_MORE: dict[Modality, tuple[_Measure, str]] = {
    Modality.IMAGE: (_pixels, "most pixels"),
    Modality.VIDEO: (_pixels, "most pixels"),
    Modality.AUDIO: (lambda item: item.facts.get("seconds", 0.0), "longest"),
    Modality.MESH: (lambda item: item.facts.get("faces", 0.0), "most faces"),
    Modality.TEXT: (lambda item: item.facts.get("characters", 0.0), "longest"),
}
_CLEARLY = 1.02  # times as much as the next: less is chance of decoders


def best(items: Sequence[Item]) -> tuple[Item, str]:
    """The copy to keep, and the reason in a few words.

    What the medium has most of decides: pixels, seconds, faces, characters; then the size of
    the file; then which is oldest; then the shortest path.

    Args:
        items: at least one, of one medium.
    """
    more, words = _MORE[items[0].modality]
    left, reason = list(items), ""
    for measure, why in (
        (more, words),
        (lambda item: float(item.size), "largest file"),
    ):
        top = max(map(measure, left))
        there = [item for item in left if measure(item) * _CLEARLY >= top]
        if len(there) < len(left) and not reason:
            reason = why
        left = there
    if len(left) == 1:
        return left[0], reason
    oldest = min(item.mtime for item in left)
    there = [item for item in left if item.mtime < oldest + 2]  # disks round times
    if len(there) < len(left):
        reason = f"{reason}, oldest" if reason else "oldest"
    chosen = min(there, key=lambda item: (len(item.path), item.path, item.id))
    return chosen, reason or "shortest path"
