"""Tables of the lab in words: Markdown with intervals, published figures beside ours, orders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xmr_core.lab.published import FIGURES, ORDERS, Order, Published
from xmr_core.lab.table import BASE, Row, Table
from xmr_core.media import Modality
from xmr_core.metrics import Value
from xmr_core.report import Direction, Report, arrow

_SURE = 0.05  # p below which a difference is no chance

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


def markdown(table: Table) -> str:
    """The table with its intervals, and what is to be known beside it."""
    return "\n".join(_lines(table))


def summary(table: Table, held: Sequence[Bar]) -> str:
    """One line: how many methods were measured, how many bars are held."""
    count = sum(row.report is not None for row in table.rows)
    reached = sum(bar.held for bar in held)
    return f"{table.dataset}: {count} methods measured, {reached} of {len(held)} bars held."


def _lines(table: Table) -> Iterator[str]:
    measured = [(row, row.report) for row in table.rows if row.report is not None]
    if measured:
        yield from _grid(table, measured)
    failed = [row for row in table.rows if row.report is None]
    if failed:
        yield ""
        yield "Not measured:"
        yield ""
        yield from (f"- {row.method}: {row.problem}" for row in failed)


def _grid(table: Table, measured: Sequence[tuple[Row, Report]]) -> Iterator[str]:
    figures = {(f.method, f.direction, f.measure): f for f in FIGURES.get(table.dataset, ())}
    columns = [(d, name) for d in measured[0][1] for name in _SHOWN[table.by]]
    overall = "map" if table.by == "labels" else "rsum"
    heads = [f"{arrow(d)} {_HEADS[name]}" for d, name in columns]
    yield "| method | family | " + " | ".join([*heads, _OVERALL[overall], "fit (s)"]) + " |"
    yield "| --- | --- |" + " ---: |" * (len(columns) + 2)
    for row, report in measured:
        cells = [row.title + (f", {row.bits} bits" if row.bits else ""), row.family]
        for d, name in columns:
            cell = _cell(report[d][name], name, name in _WITH_INTERVALS)
            if name in _WITH_INTERVALS and d in row.against and row.against[d].p < _SURE:
                cell += " ▲" if row.against[d].value.value > 0 else " ▼"
            figure = figures.get((row.method, d, name))
            cells.append(cell + (f" [{figure.value:.{figure.digits}f}]" if figure else ""))
        cells += [_cell(report.overall[overall], overall, True), f"{row.seconds:.1f}"]
        yield "| " + " | ".join(cells) + " |"
    yield ""
    sizes = ", ".join(f"{count:,} {medium}" for medium, count in table.test.items())
    known = "the published files" if table.known else "files of one's own"
    yield (
        f"{table.source}; {known}, checksum {table.checksum}. Fitted on {table.train:,} pairs, "
        f"measured on {sizes}, seeds {', '.join(map(str, table.seeds))}. In parentheses: where "
        "the value lies in 95 of 100 test sets (bootstrap over queries)."
    )
    if any(row.against for row, _ in measured):
        base = next((row.title for row, _ in measured if row.method == BASE), BASE)
        yield (
            f"▲ ▼: more or less than {base[0].lower() + base[1:]} by more than chance "
            "(randomisation test, p < 0.05)."
        )
    if figures:
        yield "In brackets: the published figure."
    if table.by == "labels":
        yield "mAP@50 divides by the relevant items found among the first 50."


_SHOWN = {
    "labels": ("map", "map@50"),
    "pairs": ("recall@1", "recall@5", "recall@10", "median_rank"),
}
_WITH_INTERVALS = ("map", "rsum")
_HEADS = {
    "map": "mAP",
    "map@50": "mAP@50",
    "recall@1": "R@1",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "median_rank": "median rank",
}
_OVERALL = {"map": "mAP, mean", "rsum": "rsum"}


def _cell(value: Value, name: str, interval: bool) -> str:
    """A value as the field prints it: recalls and rsum in percent, mAP to three digits."""
    if name.startswith("recall"):
        value = Value(*(100 * number for number in (value.value, value.low, value.high)))
    digits = 3 if name.startswith("map") else 1
    if name == "median_rank":
        digits = 0 if value.value == round(value.value) else 1
    if not interval:
        return f"{value.value:.{digits}f}"
    return f"{value.value:.{digits}f} ({value.low:.{digits}f}–{value.high:.{digits}f})"


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
