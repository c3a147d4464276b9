"""``python -m tests.soak [NAME …]``: everything that has to hold for hours, in a table with bars.

``XMR_SOAK`` is the share of the full length (see `tests.soak.length`); ``--json FILE`` keeps the
figures. ``fuzzing:pdf`` is one reader of them. It exits with 1 where a bar is missed.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.soak.fuzzing import READERS, fuzzing
from tests.soak.killing import killing
from tests.soak.length import Length, chosen
from tests.soak.mishaps import mishaps
from tests.soak.pairs import pairs
from tests.soak.sessions import sessions
from tests.soak.stories import stories
from xmr_core.bench.report import Figure, Report, told

SOAKS: dict[str, Callable[[Length], Iterator[Figure]]] = {
    "stories": stories,
    "killing": killing,
    "mishaps": mishaps,
    "pairs": pairs,
    "sessions": sessions,
    "fuzzing": fuzzing,
}
PARTS = SOAKS | {f"fuzzing:{reader}": partial(fuzzing, readers=[reader]) for reader in READERS}


def _soaked(names: list[str], length: Length) -> Iterator[Figure]:
    """The figures of the chosen ones; what breaks one off is a missed bar of its own."""
    for name in names:
        begun = time.monotonic()
        try:
            yield from PARTS[name](length)
        except Exception as error:  # the others go on
            sys.stderr.write(f"{name} broke off: {error!r}\n")
            yield Figure(f"{name} went on to its end", 0, "", 1)
        yield Figure(f"{name} took", (time.monotonic() - begun) / 60, "min")


def _main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SOAKS))
    asked.add_argument("--json", type=Path, help="a file for the figures")
    given = asked.parse_args()
    if unknown := set(given.names) - PARTS.keys():
        asked.error(f"there is no {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    length = chosen()
    sys.stderr.write(f"{length}\n")
    figures = []
    for figure in _soaked(given.names or list(SOAKS), length):
        sys.stderr.write(f"{figure.name}: {told(figure)}\n")
        figures.append(figure)
    report = Report(figures)
    sys.stdout.write(f"{report.table()}\n")
    if given.json is not None:
        given.json.write_text(json.dumps(report.as_json(), indent=1) + "\n")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(_main())
