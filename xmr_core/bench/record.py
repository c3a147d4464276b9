"""What was measured before, to be compared with: figures of an earlier run, from its JSON file.

Ratios, shares and scores can be compared from machine to machine; seconds, and what is in a
second, only on the same one, and there with a grain of salt.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xmr_core.bench.report import Figure, Report, short, told
from xmr_core.errors import QueryError

_SAME = 0.05  # of a value: less is chance


@dataclass(frozen=True, slots=True)
class Change:
    """One figure, now and before.

    Attributes:
        figure: as it is now.
        before: its former value.
    """

    figure: Figure
    before: float

    @property
    def share(self) -> float:
        """What it grew by, as a share of what it was; negative where it fell.

        >>> Change(Figure("rate", 12.0, "×"), 10.0).share.__round__(3)
        0.2
        """
        return (self.figure.value - self.before) / abs(self.before) if self.before else math.inf

    @property
    def notable(self) -> bool:
        """More than chance."""
        return self.figure.value != self.before and abs(self.share) > _SAME


@dataclass(frozen=True)
class Record:
    """An earlier run.

    Attributes:
        machine: that it was on.
        values: by the figures' names.
    """

    machine: str
    values: Mapping[str, float]

    @classmethod
    def read(cls, path: Path) -> "Record":
        """Read what ``--json`` has written.

        Raises:
            QueryError: there is no such file, or it holds something else.
        """
        try:
            plain: Any = json.loads(path.read_text("utf-8"))
            values = {one["name"]: float(one["value"]) for one in plain["figures"]}
            return cls(str(plain["machine"]), values)
        except OSError as error:
            raise QueryError(f"{path} cannot be read ({error.strerror}).", "Check it.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise QueryError(
                f"{path} holds no figures of a benchmark.", "Give a file that --json has written."
            ) from error

    def changes(self, report: Report) -> list[Change]:
        """The figures that both runs have, in the order of the later one."""
        return [
            Change(figure, self.values[figure.name])
            for figure in report.figures
            if figure.name in self.values
        ]

    def table(self, report: Report) -> str:
        """What changed, in Markdown, and a line that sums it up."""
        changes = self.changes(report)
        notable = [change for change in changes if change.notable]
        rows = ["| figure | now | before | change |", "| --- | ---: | ---: | ---: |"]
        for one in notable:
            before = f"{short(one.before)} {one.figure.unit}"
            rows.append(f"| {one.figure.name} | {told(one.figure)} | {before} | {one.share:+.0%} |")
        summary = (
            f"Compared with {self.machine}: {len(changes) - len(notable)} of {len(changes)} figures"
            f" within {_SAME:.0%}."
        )
        return "\n".join([*(rows if notable else ()), "", summary])
