"""Do explanations point at what was asked for, and is it what the match rests on?

The mosaic game tells the first: see `games`. Faithfulness tells the second, on whole media:
taking away what a map points at must lower the score faster than taking away what a smooth
random map or the middle of the medium does.

Every method that is registered is measured, on every medium that can be taken apart.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from xmr_core.bench.games import DEFAULT, GAMES, Choice, Game, explained, play, some
from xmr_core.bench.report import Figure
from xmr_core.bench.stock import Stock, stock
from xmr_core.explain.canvas import canvas_of
from xmr_core.explain.faithfulness import baselines, curves
from xmr_core.explain.methods import METHODS, Method, default_method
from xmr_core.media import Modality, Text
from xmr_core.profiles import load_profile
from xmr_core.readers import read
from xmr_core.space import JointSpace

SAMPLES = 100  # mosaics of each game that has a bar
_UNBARRED = 4  # games without a bar are played this many times less
_PEAK = "peak in the right part"
_FASTER = "deletion falls faster than for the"
_BASELINES = {"random": "smooth random map", "centre": "centred Gaussian"}


def bench_explain(
    samples: int | None = None,
    space: JointSpace | None = None,
    games: Sequence[Game] = GAMES,
    things: Stock | None = None,
    methods: Mapping[str, Method] = METHODS,
    best: Choice = default_method,
) -> Iterator[Figure]:
    """The mosaic game and faithfulness, for every method and pair of media.

    Args:
        samples: mosaics of each game that has a bar; the others get fewer.
        space: the profile ``embedded`` if None.
        games: to play.
        things: to play with; see `stock`.
        methods: to measure.
        best: says which method is shown when nobody asks for another; bars are for that.
    """
    space = space or load_profile("embedded")
    things = things or stock()
    samples = samples or SAMPLES
    for game in games:
        rounds = samples if game.bar is not None else max(samples // _UNBARRED, 1)
        column = game.name + things.beside(game.things)
        found = play(game, things, space, methods, rounds, best)
        hits = found.pop(DEFAULT, [])
        for method, told in found.items():
            yield _share(f"{column}: {_PEAK}, {method}", told, cell=(_PEAK, method, column))
        yield _share(f"{column}: {_PEAK}", hits, game.bar)
    for game in games:
        if game.whole:
            pairs = faithful(game, things, space, methods, max(samples // game.whole, 1), best)
            yield from _faster(pairs, game.name + things.beside(game.things), game.faithful)


def faithful(
    game: Game,
    stock: Stock,
    space: JointSpace,
    methods: Mapping[str, Method],
    rounds: int,
    best: Choice = default_method,
    seed: int = 0,
) -> list[dict[str, float]]:
    """Areas under the deletion curves of maps of whole media.

    Args:
        game, stock, space, methods, rounds, best, seed: as for `play`, but of single things.

    Returns:
        For each pair of media, the area by method and of ``DEFAULT``, ``centre`` and ``random``.
    """
    rng = np.random.default_rng(seed)
    areas = []
    for i in range(rounds):
        (shown,) = some(game.choices(stock), 1, rng)
        asked = game.ask(shown, stock, rng)
        media = Text(shown.words[0]) if game.modality is Modality.TEXT else read(shown.path)
        canvas = canvas_of(media)
        made = explained(asked, media, space, methods, best)
        maps = baselines(canvas, i) | {
            name: canvas.spread(e.hit, e.hit_heat) for name, e in made.items() if name != DEFAULT
        }
        target = space.encode([asked], "query")[0]
        measured = curves(canvas, maps, target, space, kinds=("deletion",))
        areas.append({name: curve["deletion"].area for name, curve in measured.items()})
        if DEFAULT in made:
            areas[-1][DEFAULT] = areas[-1][made[DEFAULT].method]
    return areas


def _faster(
    pairs: Sequence[Mapping[str, float]], column: str, bar: float | None
) -> Iterator[Figure]:
    """How often maps beat each baseline, by method and for the best method."""
    names = list(dict.fromkeys(n for pair in pairs for n in pair if n not in _BASELINES))
    for baseline, called in _BASELINES.items():
        title = f"{_FASTER} {called}"
        won = {n: [pair.get(n, np.inf) < pair[baseline] for pair in pairs] for n in names}
        best = won.pop(DEFAULT, [])
        for method, told in won.items():
            yield _share(f"{column}: {title}, {method}", told, cell=(title, method, column))
        yield _share(f"{column}: {title}", best, bar)


def _share(
    name: str,
    hits: Sequence[bool],
    bar: float | None = None,
    cell: tuple[str, str, str] | None = None,
) -> Figure:
    """The share of hits, in per cent; nothing is reached where nothing could be measured."""
    interval = wilson(sum(hits), len(hits))
    value = 100 * sum(hits) / max(len(hits), 1)
    return Figure(name, value, "%", bar, interval=interval, cell=cell)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95% interval of a share, in per cent (Wilson, 1927): honest near 0 and 100 too.

    >>> [round(end, 1) for end in wilson(80, 100)]
    [71.1, 86.7]
    """
    if n == 0:
        return 0.0, 100.0
    z = 1.959964
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return 100 * max(middle - reach, 0.0), 100 * min(middle + reach, 1.0)
