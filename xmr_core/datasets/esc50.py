"""ESC-50: 2,000 sounds of five seconds, of 50 kinds, which stand as words beside them.

Piczak, "ESC: dataset for environmental sound classification", ACM MM 2015.
"""

import csv
from pathlib import Path

import numpy as np

from xmr_core.datasets.files import need
from xmr_core.datasets.gathered import Gathered, Part, Things
from xmr_core.errors import LabError
from xmr_core.media import Modality

WHERE = (
    "Get ESC-50 (github.com/karolpiczak/ESC-50; CC BY-NC 3.0), and put its folders meta, with "
    "esc50.csv, and audio, with the WAV files, into one folder."
)
_PARTS: dict[str, Part] = {"1": "train", "2": "train", "3": "train", "4": "val", "5": "test"}


def read_esc50(folder: Path) -> Gathered:
    """Gather it: folds 1 to 3 to train, 4 to choose, 5 to test; what is said is the kind's name.

    Raises:
        LabError: files are missing, or the table has other columns.
    """
    table, sounds = need(folder, ["meta/esc50.csv", "audio"], WHERE)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        kinds = {int(row["target"]): row["category"].replace("_", " ") for row in rows}
        places: dict[Part, list[int]] = {}
        for i, row in enumerate(rows):
            places.setdefault(_PARTS[row["fold"]], []).append(i)
        files = [sounds / row["filename"] for row in rows]
        labels = np.array([int(row["target"]) for row in rows])
    except (KeyError, ValueError) as error:
        raise LabError(
            f"{table.name} has no filename, fold, target and category.", WHERE
        ) from error
    if not {"train", "test"} <= set(places):
        raise LabError(f"{table.name} has no sounds to train on, or none to test.", WHERE)
    classes = tuple(kinds.get(n, f"class {n}") for n in range(max(kinds) + 1))
    parts: dict[Part, dict[Modality, Things]] = {}
    for part in ("train", "val", "test"):
        if part in places:
            own = labels[places[part]]
            here = np.unique(own)
            parts[part] = {
                Modality.AUDIO: Things([files[i] for i in places[part]], own, own),
                Modality.TEXT: Things([f"the sound of {classes[n]}" for n in here], here, here),
            }
    return Gathered(
        name="esc50",
        parts=parts,
        relevant="labels",
        source=f"ESC-50 (Piczak 2015), {len(rows):,} sounds",
        classes=classes,
    )
