"""Flickr8k: photographs of people and animals doing something, five captions each.

Hodosh, Young and Hockenmaier, "Framing image description as a ranking task", JAIR 2013. Either
a folder with ``captions.csv`` (path, caption1 … caption5), which has a split of its own here, or
the original pictures with Karpathy's ``dataset_flickr8k.json``.
"""

import csv
from pathlib import Path

import numpy as np

from xmr_core.datasets.files import need
from xmr_core.datasets.gathered import Gathered, captioned
from xmr_core.datasets.karpathy import read_karpathy
from xmr_core.errors import LabError

WHERE = (
    "Ask for Flickr8k at the University of Illinois (illinois.edu, Julia Hockenmaier's group; "
    "research only), and put its pictures into a folder images beside dataset_flickr8k.json "
    "(Karpathy and Fei-Fei, cs.stanford.edu/people/karpathy/deepimagesent), or beside a table "
    "captions.csv with the columns path and caption1 to caption5."
)
_SEED, _JUDGED = 2026, 1000  # as the heads of the embedded profile were trained: see their card


def read_flickr8k(folder: Path) -> Gathered:
    """Gather it from its folder; of a table, 1,000 pictures are kept apart to test.

    Raises:
        LabError: files are missing, or the table has other columns.
    """
    if not (folder / "captions.csv").is_file() and (folder / "dataset_flickr8k.json").is_file():
        return read_karpathy(folder, "flickr8k", WHERE)
    (table,) = need(folder, ["captions.csv"], WHERE)
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or "path" not in rows[0] or "caption1" not in rows[0]:
        raise LabError(f"{table.name} has no columns path and caption1.", WHERE)
    columns = [name for name in rows[0] if name and name.startswith("caption")]
    images = [folder / row["path"] for row in rows]
    captions = [[row[name] for name in columns if row[name]] for row in rows]
    order = np.random.default_rng(_SEED).permutation(len(rows))
    held = min(_JUDGED, len(rows) // 5)
    test, train = (sorted(map(int, cut)) for cut in np.split(order, [held]))
    return Gathered(
        name="flickr8k",
        parts=captioned(images, captions, {"train": train, "test": test}),
        relevant="pairs",
        source=f"Flickr8k (Hodosh et al. 2013), {len(rows):,} pictures, {held:,} kept apart",
    )
