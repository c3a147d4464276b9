"""Who is asked what, in which order, and what comes of it as figures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from xmr_core.bench.report import Figure

from .command import Took
from .players import Player

Tell = Callable[[str], None]


@dataclass
class Times:
    """What one player took in each round.

    Attributes:
        index, again, ask, ask_filled: commands: a new index, one with nothing new, a question
            of the pictures, one of the filled index.
        warm, warm_filled: milliseconds of questions in one process, all rounds together.
    """

    index: list[Took] = field(default_factory=list)
    again: list[Took] = field(default_factory=list)
    ask: list[Took] = field(default_factory=list)
    ask_filled: list[Took] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    warm_filled: list[float] = field(default_factory=list)


def taking_part(players: Sequence[Player], n: int) -> list[Player]:
    """Who takes part in round n, in its order."""
    return [player for player in turns(players, n) if n < player.rounds]


def turns(players: Sequence[Player], n: int) -> list[Player]:
    """The players in the order of round n: each is first, and last, as often as the others.

    >>> [[*turns("abc", n)] for n in range(3)]
    [['a', 'b', 'c'], ['b', 'c', 'a'], ['c', 'a', 'b']]
    """
    first = n % len(players)
    return [*players[first:], *players[:first]]


def measure(
    players: Sequence[Player], queries: Path, rounds: int, questions: int, tell: Tell
) -> dict[str, Times]:
    """All rounds. In each, every player indexes anew, looks again, and is asked.

    Args:
        players: that are there.
        queries: a JSON list of questions for warm processes.
        rounds: how often.
        questions: by command, a round.
        tell: told what was measured.
    """
    times = {player.name: Times() for player in players}
    for n in range(rounds):
        for player in taking_part(players, n):
            mine = times[player.name]
            player.forget()
            for kept in (mine.index, mine.again):
                anew = kept is mine.index or not player.always_anew
                kept.append(player.index() if anew else mine.index[-1])
                tell(f"{player.name}, indexing: {kept[-1].seconds:.1f} s")
    for n in range(rounds * questions):
        for player in taking_part(players, n):
            times[player.name].ask.append(player.ask("a dog on a lawn"))
            tell(f"{player.name}, question: {times[player.name].ask[-1].seconds:.2f} s")
    for n in range(rounds):
        for player in taking_part(players, n):
            times[player.name].warm += player.warm(queries)
            tell(f"{player.name}, warm: {np.median(times[player.name].warm):.1f} ms")
    return times


def measure_filled(
    players: Sequence[Player],
    times: dict[str, Times],
    queries: Path,
    rounds: int,
    questions: int,
    tell: Tell,
) -> None:
    """Questions of the filled indexes, into the same times."""
    for n in range(rounds * questions):
        for player in taking_part(players, n):
            times[player.name].ask_filled.append(player.ask("a dog on a lawn", filled=True))
            took = times[player.name].ask_filled[-1].seconds
            tell(f"{player.name}, question of many: {took:.2f} s")
    for n in range(rounds):
        for player in taking_part(players, n):
            times[player.name].warm_filled += player.warm(queries, filled=True)
            took = float(np.median(times[player.name].warm_filled))
            tell(f"{player.name}, warm, of many: {took:.1f} ms")


def figures(times: dict[str, Times], items: int, filled: int) -> Iterator[Figure]:
    """A table of what each took, then how far the first is ahead of the others.

    Args:
        times: by player, XMR first.
        items: pictures.
        filled: vectors of the filled indexes; 0 without.
    """
    rows: dict[str, dict[str, float]] = {}
    for name, mine in times.items():
        rows[name] = dict(_told(mine, items))
        for row, value in rows[name].items():
            label, _, unit = row.rpartition(", ")
            label = label.replace("many", f"{filled:,}").replace("all", f"{items:,}")
            yield Figure(
                f"{name}: {label}", value, unit, cell=("medians", f"{label}, {unit}", name)
            )
    us, *others = rows
    for other in others:
        for row, label in _COMPARED.items():
            if row in rows[us] and row in rows[other]:
                ratio = rows[other][row] / rows[us][row]
                ratio = 1 / ratio if row.endswith("pictures/s") else ratio
                label = label.replace("many", f"{filled:,}")
                yield Figure(f"{label}, {us} against {other}", ratio, "×", 1.0)


_INDEX, _AGAIN = "indexing, whole command, pictures/s", "nothing new, whole command, s"
_ASK, _WARM = "a question by command, s", "a question in a running process, ms"
_ASK_MANY = "a question by command, of many, s"
_WARM_MANY = "a question in a running process, of many, ms"
_COMPARED = {
    _INDEX: "indexing",
    _AGAIN: "nothing new",
    _ASK: "query by command",
    _WARM: "query in a running process",
    _ASK_MANY: "query by command, many",
    _WARM_MANY: "query in a running process, many",
}


def _told(mine: Times, items: int) -> Iterator[tuple[str, float]]:
    def seconds(some: list[Took]) -> float:
        return float(np.median([one.seconds for one in some]))

    def memory(some: list[Took]) -> float:
        return float(np.median([one.bytes for one in some])) / 2**20

    if mine.index:
        yield _INDEX, items / seconds(mine.index)
        work = float(np.median([one.work for one in mine.index]))
        yield "processor time of that for each picture, ms", 1000 * work / items
        yield "most memory of that, MiB", memory(mine.index)
        yield _AGAIN, seconds(mine.again)
    if mine.ask:
        yield _ASK, seconds(mine.ask)
        yield "processor time of that, s", float(np.median([one.work for one in mine.ask]))
        yield "most memory of a question, MiB", memory(mine.ask)
    if mine.warm:
        yield _WARM, float(np.median(mine.warm))
    if mine.ask_filled:
        yield _ASK_MANY, seconds(mine.ask_filled)
        work = float(np.median([one.work for one in mine.ask_filled]))
        yield "processor time of that, of many, s", work
        yield "most memory of a question, of many, MiB", memory(mine.ask_filled)
    if mine.warm_filled:
        yield _WARM_MANY, float(np.median(mine.warm_filled))
        yield "the same, p95, of many, ms", float(np.percentile(mine.warm_filled, 95))
