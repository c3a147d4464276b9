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
    """

    name: str
    value: float
    unit: str
    bar: float | None = None
    better: Literal["more", "less"] = "more"

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
        """A table in Markdown and a summary line."""
        rows = ["| figure | value | bar |", "| --- | ---: | --- |"]
        for figure in self.figures:
            bar = ""
            if figure.bar is not None:
                sign = "≥" if figure.better == "more" else "≤"
                bar = f"{sign} {short(figure.bar)} {'missed' if figure.missed else 'held'}"
            rows.append(f"| {figure.name} | {short(figure.value)} {figure.unit} | {bar} |")
        bars = [figure for figure in self.figures if figure.bar is not None]
        held = len(bars) - len(self.missed)
        return "\n".join([*rows, "", f"{machine()}: {held} of {len(bars)} bars held."])

    def as_json(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return {
            "machine": machine(),
            "versions": {name: version(name) for name in _MATTER},
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "figures": [asdict(figure) | {"missed": figure.missed} for figure in self.figures],
            "missed": [figure.name for figure in self.missed],
        }


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
