"""Tables of the lab in words: Markdown with intervals, published figures beside ours, orders."""

from collections.abc import Iterator, Mapping, Sequence

from xmr_core.lab.bars import Bar
from xmr_core.lab.published import FIGURES
from xmr_core.lab.table import BASE, Kind, Row, Said, Table
from xmr_core.media import Modality
from xmr_core.metrics import Value
from xmr_core.report import Report, arrow

_SURE = 0.05  # p below which a difference is no chance


def markdown(table: Table) -> str:
    """The table with its intervals, and what is to be known beside it."""
    return "\n".join(_lines(table))


def measured(table: Table) -> bool:
    """Whether anything was."""
    methods = any(row.report is not None for row in table.rows)
    return methods or any(one.measured and not one.baseline for one in table.said)


def summary(table: Table, held: Sequence[Bar]) -> str:
    """One line: how many methods were measured, how many bars are held."""
    count = sum(row.report is not None for row in table.rows)
    said = sum(bool(one.measured) and not one.baseline for one in table.said)
    reached = sum(bar.held for bar in held)
    measured = _counted(count, "method")
    if table.said:
        measured += f" and {_counted(said, 'translator')}"
    return f"{table.dataset}: {measured} measured, {reached} of {len(held)} bars held."


def _counted(count: int, what: str) -> str:
    """A number of things.

    >>> _counted(1, "method"), _counted(0, "method")
    ('1 method', '0 methods')
    """
    return f"{count} {what}{'' if count == 1 else 's'}"


def _lines(table: Table) -> Iterator[str]:
    measured = [(row, row.report) for row in table.rows if row.report is not None]
    if measured:
        yield from _grid(table, measured)
    for kind in _SAID:
        said = [one for one in table.said if one.kind == kind and one.measured]
        if said:
            yield from _said(table, kind, said)
    failed = [(row.method, row.problem) for row in table.rows if row.report is None]
    failed += [(one.name, one.problem) for one in table.said if not one.measured]
    if failed:
        yield ""
        yield "Not measured:"
        yield ""
        yield from (f"- {name}: {problem}" for name, problem in failed)


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
        yield (
            f"▲ ▼: more or less than {_base(table)} by more than chance (randomisation test, "
            "p < 0.05)."
        )
    if figures:
        yield "In brackets: the published figure."
    if table.by == "labels":
        yield "mAP@50 divides by the relevant items found among the first 50."


def _base(table: Table) -> str:
    """What the method that others are compared with is called in a sentence."""
    row = table.row(BASE)
    return row.title[0].lower() + row.title[1:] if row else BASE


def _said(table: Table, kind: Kind, said: Sequence[Said]) -> Iterator[str]:
    """What translators of one kind say, beside baselines."""
    first = said[0]
    medium = next(name for name in table.test if name != Modality.TEXT)
    yield ""
    heads = [_HEADS[name] for name in _SAID[kind]]
    yield f"| {kind} by | " + " | ".join([*heads, "fit (s)"]) + " |"
    yield "| --- |" + " ---: |" * (len(heads) + 1)
    for one in said:
        cells = [
            _cell(one.measured[name], name, name in _SAID_INTERVALS)
            if name in one.measured
            else "–"
            for name in _SAID[kind]
        ]
        seconds = "–" if one.baseline else f"{one.seconds:.1f}"
        yield "| " + " | ".join([one.title, *cells, seconds]) + " |"
    yield ""
    things = f"{first.things:,} items of the test split ({medium})"
    if kind == "captions":
        yield (
            f"Captions of the training split, said of {things}. BLEU-4 and CIDEr-D: agreement "
            "with what people say of them. R@k and median rank: where an item is when it is asked "
            f"for by what was said of it, in the space of {_base(table)}."
        )
        if any(one.name == "person" for one in said):
            yield "One person: the first caption that people gave an item, beside their others."
    else:
        yield (
            f"Mean average precision of the words in people's captions of {things}, among "
            f"{first.known:,} words that were learned and {first.new:,} that were never shown."
        )


_SAID: Mapping[Kind, tuple[str, ...]] = {
    "captions": ("bleu-4", "cider-d", "recall@1", "recall@5", "recall@10", "median_rank"),
    "words": ("map/known", "map/new"),
}
_SAID_INTERVALS = ("bleu-4", "cider-d", "map/known", "map/new")

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
    "bleu-4": "BLEU-4",
    "cider-d": "CIDEr-D",
    "map/known": "mAP, words learned",
    "map/new": "mAP, words never shown",
}
_OVERALL = {"map": "mAP, mean", "rsum": "rsum"}


def _cell(value: Value, name: str, interval: bool) -> str:
    """A value as the field prints it: recalls and rsum in percent, mAP to three digits."""
    if name.startswith("recall"):
        value = Value(*(100 * number for number in (value.value, value.low, value.high)))
    digits = 3 if name.startswith(("map", "bleu", "cider")) else 1
    if name == "median_rank":
        digits = 0 if value.value == round(value.value) else 1
    if not interval:
        return f"{value.value:.{digits}f}"
    return f"{value.value:.{digits}f} ({value.low:.{digits}f}–{value.high:.{digits}f})"
