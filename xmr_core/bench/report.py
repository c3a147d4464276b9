"""What a benchmark measured: figures, some with a bar that they must reach."""

import platform
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import psutil

_MATTER = ("xmr", "torch", "onnxruntime", "faiss-cpu", "gradio", "numpy", "pillow")  # versions


@dataclass(frozen=True, slots=True)
class Figure:
    """One number.

    Attributes:
        name: what was measured.
        value, unit: the number.
        bar: what it must reach, or None; ``better`` says in which direction.
        interval: where the true value lies in 95 of 100 such runs, or None.
        cell: title, row and column where it stands in a table of its own, or None.
    """

    name: str
    value: float
    unit: str
    bar: float | None = None
    better: Literal["more", "less"] = "more"
    interval: tuple[float, float] | None = None
    cell: tuple[str, str, str] | None = None

    @property
    def missed(self) -> bool:
        """The bar is not reached.

        >>> Figure("ratio", 0.8, "×", bar=0.9).missed, Figure("p95", 8, "ms", 10, "less").missed
        (True, False)
        """
        if self.bar is None:
            return False
        reached = self.value >= self.bar if self.better == "more" else self.value <= self.bar
        return not reached  # nor is it by what is no number


@dataclass(frozen=True)
class Report:
    """The figures of one run on one machine."""

    figures: Sequence[Figure]

    @property
    def missed(self) -> list[Figure]:
        """The figures whose bars are not reached."""
        return [figure for figure in self.figures if figure.missed]

    def table(self) -> str:
        """Tables in Markdown and a summary line."""
        rows = ["| figure | value | bar |", "| --- | ---: | --- |"]
        for figure in self.figures:
            if figure.cell is not None:
                continue
            bar = ""
            if figure.bar is not None:
                sign = "≥" if figure.better == "more" else "≤"
                bar = f"{sign} {short(figure.bar)} {'missed' if figure.missed else 'held'}"
            rows.append(f"| {figure.name} | {told(figure)} | {bar} |")
        bars = [figure for figure in self.figures if figure.bar is not None]
        held = len(bars) - len(self.missed)
        summary = f"{machine()}: {held} of {len(bars)} bars held."
        return "\n".join([*rows, *self._crossed(), "", summary])

    def _crossed(self) -> list[str]:
        """A table for each title of cells, rows against columns."""
        lines: list[str] = []
        placed = [(figure, figure.cell) for figure in self.figures if figure.cell]
        for title in dict.fromkeys(cell[0] for _, cell in placed):
            here = {cell[1:]: told(figure) for figure, cell in placed if cell[0] == title}
            columns = list(dict.fromkeys(column for _, column in here))
            lines += ["", "| " + " | ".join([title, *columns]) + " |"]
            lines.append("| --- |" + " ---: |" * len(columns))
            for row in dict.fromkeys(row for row, _ in here):
                values = [here.get((row, column), "—") for column in columns]
                lines.append("| " + " | ".join([row, *values]) + " |")
        return lines

    def as_json(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return {
            "machine": machine(),
            "versions": {name: version(name) for name in _MATTER},
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "figures": [asdict(figure) | {"missed": figure.missed} for figure in self.figures],
            "missed": [figure.name for figure in self.missed],
        }


def told(figure: Figure) -> str:
    """Value, unit and interval, for people.

    >>> told(Figure("hits", 80.0, "%", interval=(71.11, 86.66)))
    '80 % (71.1 to 86.7)'
    """
    value = f"{short(figure.value)} {figure.unit}"
    if figure.interval is None:
        return value
    low, high = figure.interval
    return f"{value} ({low:.3g} to {high:.3g})"


def short(value: float) -> str:
    """A number to four digits, for people.

    >>> short(12345.678), short(0.123456), short(2000.0)
    ('12,350', '0.1235', '2,000')
    """
    if abs(value) < 1000:
        return f"{value:.4g}"
    return f"{float(f'{value:.4g}'):,.0f}"


def machine() -> str:
    """The machine, in words: processor, cores, memory, system, Python."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{processor()}, {psutil.cpu_count()} cores, {memory:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def processor() -> str:
    """The processor's name, or at least its family."""
    about = Path("/proc/cpuinfo")
    if about.is_file():
        named = re.search(r"^model name\s*:\s*(.+)$", about.read_text("utf-8"), re.MULTILINE)
        if named:
            return " ".join(named[1].split())
    return platform.processor() or platform.machine()
