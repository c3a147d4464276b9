"""What a benchmark measured: figures, some with a bar that they must reach."""

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import psutil


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
        return self.value < self.bar if self.better == "more" else self.value > self.bar


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
                bar = f"{sign} {figure.bar:g} {'missed' if figure.missed else 'held'}"
            rows.append(f"| {figure.name} | {figure.value:.4g} {figure.unit} | {bar} |")
        bars = [figure for figure in self.figures if figure.bar is not None]
        held = len(bars) - len(self.missed)
        return "\n".join([*rows, "", f"{machine()}: {held} of {len(bars)} bars held."])

    def as_json(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return {"machine": machine(), "figures": [asdict(figure) for figure in self.figures]}


def machine() -> str:
    """The machine, in words: processor family, cores, memory, Python."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{platform.processor() or platform.machine()}, {psutil.cpu_count()} cores, "
        f"{memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"
    )
