"""Tables beside what was published: figures that are held or missed, orders that hold or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from xmr_core.lab.published import FIGURES, ORDERS, Order, Published
from xmr_core.lab.table import Row, Table
from xmr_core.media import Modality
from xmr_core.metrics import Value
from xmr_core.report import Direction

_MEDIA = {
    Modality.TEXT: "text",
    Modality.IMAGE: "image",
    Modality.AUDIO: "sound",
    Modality.VIDEO: "video",
    Modality.MESH: "3D model",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A published figure beside ours.

    Attributes:
        figure: what the paper reports.
        ours: None where the method was not measured.
    """

    figure: Published
    ours: float | None

    @property
    def held(self) -> bool:
        """Whether ours reaches it."""
        return self.ours is not None and self.figure.held(self.ours)

    def __str__(self) -> str:
        figure = self.figure
        ours = "not measured" if self.ours is None else f"{self.ours:.{figure.digits}f}"
        aim = "at least" if figure.within is None else f"within {figure.within:g} of"
        return (
            f"{figure.method}, {_asked(figure.direction)}, {figure.measure}: {ours}, "
            f"{aim} {figure.value:.{figure.digits}f}: {'held' if self.held else 'missed'}"
        )


def bars(table: Table, names: Sequence[str] | None = None) -> list[Bar]:
    """The published figures that a table is held to.

    Args:
        table: of a dataset.
        names: the methods that were asked for: figures of others are no bars; None: all.
    """
    found = []
    for figure in FIGURES.get(table.dataset, ()):
        if names is None or figure.method in names:
            row = table.row(figure.method)
            ours = _value(row, figure.direction, figure.measure) if row else None
            found.append(Bar(figure, ours.value if ours else None))
    return found


def orders(table: Table) -> list[str]:
    """Whether the published orders are the table's, a line each, and where they are not."""
    lines = []
    for order in ORDERS.get(table.dataset, ()):
        line = _order(table, order)
        if line:
            lines.append(line)
    return lines


def _order(table: Table, order: Order) -> str | None:
    measured = []
    for name in order.methods:
        row = table.row(name)
        value = _value(row, order.direction, order.measure) if row else None
        if value is not None:
            measured.append((name, value.value))
    if len(measured) < 2:
        return None
    digits = 1 if order.measure == "rsum" else 3
    what = f"{_asked(order.direction)}, {order.measure}" if order.direction else order.measure
    chain = " < ".join(f"{name} {value:.{digits}f}" for name, value in measured)
    wrong = [
        f"{low} is not below {high}" for (low, a), (high, b) in pairwise(measured) if not a < b
    ]
    if not wrong:
        return f"{what}: {chain}, as in {order.source}."
    ranked = " < ".join(f"{n} {v:.{digits}f}" for n, v in sorted(measured, key=lambda m: m[1]))
    return f"{what}: {ranked}; not as in {order.source}: {', '.join(wrong)}."


def _value(row: Row, direction: Direction | None, name: str) -> Value | None:
    if row.report is None:
        return None
    if direction is None:
        return row.report.overall.get(name)
    return row.report.measured.get(direction, {}).get(name)


def _asked(direction: Direction) -> str:
    """A direction as papers call it.

    >>> _asked((Modality.IMAGE, Modality.TEXT))
    'image query'
    """
    return f"{_MEDIA[direction[0]]} query"
