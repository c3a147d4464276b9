"""How long everything goes on: a short form within the usual tests, the full one by ``make soak``.

The environment variable ``XMR_SOAK`` is the share of the full length, 1 for all of it; without
it, or at 0, everything has its short form.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Length:
    """How often, how many, how long.

    Attributes:
        stories: of files and runs, by chance; ``steps`` of each.
        kills: of runs and of what is saved.
        cases: spoiled files for each reader, shared out among its formats.
        sessions: browsers at once; ``seconds`` of them.
        mishaps: of each kind: a full disk, a folder that is shut, a clock that goes back.
        runs: of two processes on one library.
    """

    stories: int = 8
    steps: int = 15
    kills: int = 4
    cases: int = 150
    sessions: int = 2
    seconds: float = 3.0
    mishaps: int = 1
    runs: int = 3


FULL = Length(
    stories=300,
    steps=40,
    kills=100,
    cases=10_000,
    sessions=8,
    seconds=600.0,
    mishaps=30,
    runs=100,
)


def scaled(share: float) -> Length:
    """A share of the full length, never less than the short form.

    >>> scaled(0.0) == Length(), scaled(1.0) == FULL, scaled(0.1).cases
    (True, True, 1000)
    """
    short = Length()
    whole = {name: getattr(FULL, name) for name in Length.__slots__}
    part = {name: type(most)(share * most) for name, most in whole.items()}
    longer = {name: max(amount, getattr(short, name)) for name, amount in part.items()}
    if share > 0:  # fewer browsers would be another thing
        longer |= {"sessions": FULL.sessions, "steps": FULL.steps}
    return Length(**longer)


def chosen() -> Length:
    """The length that ``XMR_SOAK`` asks for."""
    return scaled(float(os.environ.get("XMR_SOAK") or 0))
