"""A table of the lab, as plain data: methods measured on one dataset, over several seeds.

Written to a file it holds the versions, the seeds and the checksum of the data that it was made
with, so that it can be shown again, or made again by one command.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from xmr_core.errors import LabError
from xmr_core.lab.contract import Family
from xmr_core.metrics import Difference, Value
from xmr_core.report import By, Direction, Report, arrow, direction_of

BASE = "cca"
"""The method that all others are compared with."""

MAIN: Mapping[By, tuple[str, str]] = {"labels": ("map", "map"), "pairs": ("mean_recall", "rsum")}
"""The measure of a direction, and that of all directions together, that methods go by."""

_FORMAT = "xmr-table-1"


@dataclass(frozen=True)
class Row:
    """One method of a table.

    Attributes:
        method: name in the registry.
        title, family: for people.
        bits: of its codes, 0 where its vectors are no codes.
        settings: its hyper-parameters.
        seeds: it was fitted with; one where the seed changes nothing.
        report: the mean over seeds; None where the method failed.
        spread: standard deviation over seeds of the overall measure (see ``MAIN``).
        seconds: of a fit, the mean over seeds.
        against: by direction how much more it finds than the base (see ``BASE``), by the
            measure of ``MAIN``; none for the base itself.
        problem: why there is no report, in a sentence.
    """

    method: str
    title: str
    family: Family
    bits: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    seeds: tuple[int, ...] = ()
    report: Report | None = None
    spread: float = 0.0
    seconds: float = 0.0
    against: Mapping[Direction, Difference] = field(default_factory=dict)
    problem: str = ""


Kind = Literal["captions", "words"]
"""What translators say."""

SAID_BY: Mapping[Kind, str] = {"captions": "cider-d", "words": "map/known"}
"""The measure that translators of a kind go by."""


@dataclass(frozen=True)
class Said:
    """One translator of a table, or what it is to be compared with.

    Attributes:
        name: in the registry of translators, or of a baseline.
        title: for people.
        kind: what is said.
        baseline: whether it is only there to compare with.
        settings: hyper-parameters.
        things: of which something is said.
        known, new: words that were learned, words that were never shown.
        measured: of captions ``bleu-4``, ``cider-d`` and, where each thing is asked for by what
            was said of it, ``recall@k`` and ``median_rank``; of words ``map/known`` and
            ``map/new``.
        seconds: of learning.
        problem: why nothing is measured, in a sentence.
    """

    name: str
    title: str
    kind: Kind
    baseline: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    things: int = 0
    known: int = 0
    new: int = 0
    measured: Mapping[str, Value] = field(default_factory=dict)
    seconds: float = 0.0
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """All rows, and what they were made with.

    Attributes:
        dataset, source, checksum, known: of the dataset.
        by: what counted as found.
        train, test: pairs to fit on; rows of each medium to measure with.
        seeds: asked for.
        versions: of packages.
        when: in UTC.
        rows: in the order of the registry.
        said: what translators say, each kind after its baselines; none in older files.
    """

    dataset: str
    source: str
    checksum: str
    known: bool
    by: By
    train: int
    test: Mapping[str, int]
    seeds: tuple[int, ...]
    versions: Mapping[str, str]
    when: str
    rows: tuple[Row, ...]
    said: tuple[Said, ...] = ()

    def row(self, method: str) -> Row | None:
        """The row of a method that was measured, or None."""
        return next((r for r in self.rows if r.method == method and r.report is not None), None)

    def as_json(self) -> dict[str, Any]:
        """Plain data for a file."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        plain["rows"] = [_row_as_json(row) for row in self.rows]
        plain["said"] = [_said_as_json(one) for one in self.said]
        return {"format": _FORMAT, **plain}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Table":
        """What :meth:`as_json` wrote.

        Raises:
            LabError: it is something else.
        """
        if data.get("format") != _FORMAT:
            raise LabError("This is no table of the lab.", "Give a file that xmr lab run wrote.")
        plain = {f.name: data[f.name] for f in dataclasses.fields(cls) if f.name != "said"}
        plain["seeds"] = tuple(plain["seeds"])
        plain["rows"] = tuple(_row_of_json(row) for row in data["rows"])
        plain["said"] = tuple(_said_of_json(one) for one in data.get("said", ()))
        return cls(**plain)


def read_table(file: Path) -> Table:
    """The table in a file.

    Raises:
        LabError: there is none.
    """
    try:
        return Table.from_json(json.loads(file.read_text("utf-8")))
    except OSError as error:
        raise LabError(f"{file} cannot be read ({error.strerror}).", "Check its path.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabError(f"{file.name} is no table of the lab.", "Make it again.") from error


def _row_as_json(row: Row) -> dict[str, Any]:
    plain = {f.name: getattr(row, f.name) for f in dataclasses.fields(row)}
    plain["report"] = row.report.as_json() if row.report else None
    plain["against"] = {
        arrow(d): {
            "difference": [found.value.value, found.value.low, found.value.high],
            "p": found.p,
        }
        for d, found in row.against.items()
    }
    return plain


def _row_of_json(data: Mapping[str, Any]) -> Row:
    plain = {f.name: data[f.name] for f in dataclasses.fields(Row)}
    plain["seeds"] = tuple(data["seeds"])
    plain["report"] = Report.from_json(data["report"]) if data["report"] else None
    plain["against"] = {
        direction_of(words): Difference(Value(*found["difference"]), found["p"])
        for words, found in data["against"].items()
    }
    return Row(**plain)


def _said_as_json(said: Said) -> dict[str, Any]:
    plain = {f.name: getattr(said, f.name) for f in dataclasses.fields(said)}
    plain["measured"] = {
        name: [value.value, value.low, value.high] for name, value in said.measured.items()
    }
    return plain


def _said_of_json(data: Mapping[str, Any]) -> Said:
    plain = {f.name: data[f.name] for f in dataclasses.fields(Said)}
    plain["measured"] = {name: Value(*numbers) for name, numbers in data["measured"].items()}
    return Said(**plain)


def settings_of(method: Any) -> dict[str, Any]:
    """Hyper-parameters of a method as a file can hold them."""
    held = {f.name: getattr(method, f.name) for f in dataclasses.fields(method)}
    return {
        name: value if isinstance(value, int | float | str | bool | None) else repr(value)
        for name, value in held.items()
    }
