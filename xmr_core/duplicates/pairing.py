"""All pairs of a library: prints that agree, and files that are the same byte for byte."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from xmr_core.duplicates import films, pictures, shapes, sounds, wide, writings
from xmr_core.duplicates.pairs import Kind, Pair, Prints, Tell, silent
from xmr_core.media import Modality

Load = Callable[[str], Prints]
"""The prints of a kind, by item."""

_ALIKE: Mapping[Modality, Callable[[Load, Tell], list[Pair]]] = {
    Modality.IMAGE: lambda load, tell: pictures.pairs(load(pictures.KIND), tell),
    Modality.AUDIO: lambda load, tell: sounds.pairs(load(sounds.KIND), tell),
    Modality.VIDEO: lambda load, tell: films.pairs(load(films.KIND), load(films.SOUND), tell),
    Modality.MESH: lambda load, tell: shapes.pairs(load(shapes.KIND), tell),
    Modality.TEXT: lambda load, tell: writings.pairs(load(writings.KIND), tell),
}


def all_pairs(
    load: Load,
    hashes: Iterable[tuple[int, str]],
    tell: Tell = silent,
    close: Sequence[tuple[int, int]] = (),
) -> list[Pair]:
    """The pairs of all media.

    Args:
        load: gives the prints of a kind.
        hashes: (item, hash of its content).
        tell: told (hundredths done, of all); may raise to stop.
        close: pairs of pictures whose vectors are close, which are looked at more closely.
    """
    same: dict[str, list[int]] = defaultdict(list)
    for id, hash in hashes:
        same[hash].append(id)
    # Of files that are the same one print is enough: the first stands for all.
    first = {id: ids[0] for ids in same.values() for id in ids}
    found: dict[tuple[int, int], Pair] = {}
    for ids in same.values():
        for id in ids[1:]:
            found[ids[0], id] = Pair.of(ids[0], id, Kind.EXACT, 1.0)
    total_told = 100 * (len(_ALIKE) + bool(close))
    for number, alike in enumerate(_ALIKE.values()):

        def told(done: int, total: int, number: int = number) -> None:
            share = done / total if total else 0.0
            tell(round(100 * (number + share)), total_told)

        def once(kind: str) -> Prints:
            return {id: rows for id, rows in load(kind).items() if first.get(id, id) == id}

        told(0, 1)
        for pair in alike(once, told):
            found.setdefault((pair.first, pair.second), pair)
    pairs = wide.pairs(
        {id: rows for id, rows in load(pictures.KIND).items() if first.get(id, id) == id},
        [pair for pair in close if pair not in found],
        lambda done, total: tell(round(100 * (len(_ALIKE) + done / total)), total_told),
    )
    found |= {(pair.first, pair.second): pair for pair in pairs}
    return sorted(found.values(), key=lambda pair: (pair.first, pair.second))
