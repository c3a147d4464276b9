"""What a run has made, as the page takes it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from xmr_core.datasets import Dataset
from xmr_core.lab import method
from xmr_core.lab.fitting import Fit
from xmr_core.lab.table import Said
from xmr_core.media import Floats, Modality
from xmr_core.ui.context import Plain
from xmr_core.ui.lab_made import Again, Made, Spoken
from xmr_core.ui.words import NAMES

_CURVE = 200  # points of a training curve
_LONG = 300  # characters of what a row is called


def made(one: Made) -> Plain:
    """A method's, a re-ranker's or a translator's row."""
    told: Plain = {"seconds": round(one.seconds, 2), "curve": thin(one.curve)}
    match one:
        case Fit():
            told |= {"dim": one.space.dim, "bits": method(one.method).about.bits}
        case Again():
            told["again"] = {"first": one.first, "best": one.best, "weight": round(one.weight, 2)}
        case Spoken():
            told["said"] = _said(one.said)
            told["beside"] = [_said(other) for other in one.beside]
            return told
    return told | {"by": {by: report.as_json() for by, report in one.reports.items()}}


def thin(curve: Sequence[tuple[int, float]]) -> list[list[float]]:
    """At most so many points, the last one always among them.

    >>> thin([(0, 1.0), (1, 0.5)])
    [[0, 1.0], [1, 0.5]]
    """
    every = max(1, -(-len(curve) // _CURVE))
    kept = list(curve[::every])
    if curve and kept[-1] != curve[-1]:
        kept.append(curve[-1])
    return [[step, round(value, 6)] for step, value in kept if np.isfinite(value)]


def points(placed: Mapping[Modality, Floats]) -> Plain:
    """Points f32 (n, 2) by medium, in few digits."""
    return {str(m): np.round(p.astype(float), 3).tolist() for m, p in placed.items()}


def name(dataset: Dataset, modality: Modality, row: int) -> str:
    """What a row is called: its words, those of its partner, its file, or its class and number.

    Never a file's whole path: a page is no place for that.
    """
    split = dataset.test
    words = split.names.get(Modality.TEXT)
    if modality is not Modality.TEXT and words is not None and len(words):
        partners = np.flatnonzero(split.owners[Modality.TEXT] == split.owners[modality][row])
        if len(partners):
            return str(words[partners[0]])[:_LONG]
    if modality in split.names and len(split.names[modality]):
        called = str(split.names[modality][row])
        return called[:_LONG] if modality is Modality.TEXT else Path(called).name
    if modality in split.labels and split.labels[modality].ndim == 1:
        kind = dataset.classes[int(split.labels[modality][row])]
        return f"{kind}, {NAMES[modality][0]} {row + 1}"
    return f"{NAMES[modality][0]} {row + 1}"


def examples(spoken: Sequence[Spoken]) -> list[Plain]:
    """Things of the test split, with what each translator says of them, and what people say."""
    rows: dict[int, Plain] = {}
    for one in spoken:
        for example in one.examples:
            told = rows.setdefault(
                example.row, {"row": example.row, "references": example.references, "says": {}}
            )
            told["says"][one.method] = [
                {
                    "text": saying.text,
                    "sources": [
                        {"text": source.text, "share": round(source.share, 3)}
                        for source in saying.sources
                    ],
                }
                for saying in example.sayings
            ]
    return list(rows.values())


def _said(said: Said) -> Plain:
    return {
        "title": said.title,
        "kind": said.kind,
        "baseline": said.baseline,
        "things": said.things,
        "known": said.known,
        "new": said.new,
        "measured": {
            measure: [round(number, 6) for number in (value.value, value.low, value.high)]
            for measure, value in said.measured.items()
        },
    }
