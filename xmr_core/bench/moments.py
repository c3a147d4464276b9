"""Is one thing after another found in that order? Sounds of three, joined in both orders.

For each pair of kinds two sounds are made: the one first and the other last, and the other way
round, with a third kind between. Both hold the same, so that only the order tells them apart.
"""

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from xmr_core.bench.mosaics import join_sounds
from xmr_core.bench.report import Figure
from xmr_core.bench.stock import Stock, Thing, stock
from xmr_core.library import Library, make_query
from xmr_core.metrics import average_precision
from xmr_core.space import JointSpace

KINDS = 10  # at most


def bench_moments(
    things: Stock | None = None, space: JointSpace | None = None, kinds: int = KINDS, seed: int = 3
) -> Iterator[Figure]:
    """Courses of two steps by words, against the same words in no order.

    Args:
        things: whose sounds are joined; see `stock`.
        space: the profile ``embedded`` if None.
        kinds: of sounds, at most.
        seed: of the choice.
    """
    things = things or stock()
    groups: dict[str, list[Thing]] = {}
    for thing in things.things["sounds"]:
        groups.setdefault(thing.group, []).append(thing)
    names = sorted(groups)[:kinds]
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory(prefix="xmr-moments-") as place:
        media = Path(place) / "media"
        media.mkdir()
        order: dict[str, tuple[str, ...]] = {}
        for number, (first, last) in enumerate(itertools.permutations(names, 2)):
            between = str(rng.choice([name for name in names if name not in (first, last)]))
            kind = (first, between, last)
            sounds = [groups[name][rng.integers(len(groups[name]))].path for name in kind]
            order[join_sounds(sounds, media / f"{number:03}").path.name] = kind
        with Library.create("moments", home=Path(place) / "home", space=space) as library:
            for _ in library.index(media):
                pass
            yield from _figures(library, order, names, things.beside("sounds"))


def _figures(
    library: Library, order: dict[str, tuple[str, ...]], names: Sequence[str], beside: str
) -> Iterator[Figure]:
    precision: dict[str, list[float]] = {"in order": [], "in no order": []}
    apart = []
    for first, last in itertools.permutations(names, 2):
        steps = [make_query([first], to=["audio"]), make_query([last], to=["audio"])]
        found = [course.hit for course in library.courses(steps, len(order))]
        either = library.search(first, last, to=["audio"], k=len(order)).hits
        right = np.array([[_follows(kinds, first, last) for kinds in order.values()]])
        for kind, hits in (("in order", found), ("in no order", either)):
            places = {hit.item.title: -hit.rank for hit in hits}
            scores = np.array([[places.get(name, -len(order) - 1) for name in order]], np.float32)
            precision[kind].append(float(average_precision(scores, right)[0]))
        ends = {(kinds[0], kinds[2]): name for name, kinds in order.items()}
        rank = {hit.item.title: hit.rank for hit in found}
        last_of_all = len(order) + 1  # a sound too short to have two parts
        forth, back = (rank.get(ends[pair], last_of_all) for pair in ((first, last), (last, first)))
        apart.append(forth < back)
    said = f"{len(apart)} pairs{beside}"
    share = 100 * float(np.mean(apart))
    yield Figure(f"one sound after another, {said}: the right order is first", share, "%", 90.0)
    for kind, bar in (("in order", 0.6), ("in no order", None)):
        mean = float(np.mean(precision[kind]))
        yield Figure(f"two sounds by their names {kind}, {said}: mAP", mean, "", bar)


def _follows(kinds: Sequence[str], first: str, last: str) -> bool:
    return first in kinds and last in kinds and kinds.index(first) < kinds.index(last)
