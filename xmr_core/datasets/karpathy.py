"""Captioned photographs in Karpathy's splits: Flickr8k, Flickr30k, MS-COCO.

Karpathy and Fei-Fei, "Deep visual-semantic alignments for generating image descriptions", CVPR
2015: one JSON file of pictures, sentences and splits a dataset. Young et al., "From image
descriptions to visual denotations", TACL 2014 (Flickr30k); Lin et al., "Microsoft COCO: common
objects in context", ECCV 2014.
"""

import json
from pathlib import Path
from typing import Any

from xmr_core.datasets.files import need
from xmr_core.datasets.gathered import Gathered, Part, captioned
from xmr_core.errors import LabError

_SPLITS: dict[str, Part] = {"train": "train", "restval": "train", "val": "val", "test": "test"}
_TABLE = (
    "the table from cs.stanford.edu/people/karpathy/deepimagesent (its SHA-256 is not on record "
    "here)"
)
WHERE_FLICKR30K = (
    "Ask for Flickr30k at the University of Illinois (shannon.cs.illinois.edu/DenotationGraph; "
    "research only), and put its pictures into a folder flickr30k-images or images beside "
    f"dataset_flickr30k.json, {_TABLE}."
)
WHERE_COCO = (
    "Get the pictures train2014 and val2014 of MS-COCO (cocodataset.org), and put both folders "
    f"beside dataset_coco.json, {_TABLE}."
)
_TITLES = {"flickr8k": "Flickr8k", "flickr30k": "Flickr30k", "mscoco": "MS-COCO 2014"}
_FILES = {"mscoco": "dataset_coco.json"}


def read_flickr30k(folder: Path) -> Gathered:
    """Gather Flickr30k: 29,000 pictures to train, 1,014 to choose, 1,000 to test."""
    return read_karpathy(folder, "flickr30k", WHERE_FLICKR30K)


def read_coco(folder: Path) -> Gathered:
    """Gather MS-COCO: 113,287 pictures to train, 5,000 to choose, 5,000 to test."""
    return read_karpathy(folder, "mscoco", WHERE_COCO)


def read_karpathy(folder: Path, name: str, where: str) -> Gathered:
    """Gather a dataset by its JSON file.

    Args:
        folder: of the file and the pictures.
        name: of the dataset.
        where: how to get it, as sentences.

    Raises:
        LabError: files are missing, or the table is none of Karpathy's.
    """
    (table,) = need(folder, [_FILES.get(name, f"dataset_{name}.json")], where)
    try:
        rows = json.loads(table.read_text("utf-8"))["images"]
        captions = [[sentence["raw"] for sentence in row["sentences"]] for row in rows]
        places: dict[Part, list[int]] = {}
        for i, row in enumerate(rows):
            places.setdefault(_SPLITS[row["split"]], []).append(i)
    except (ValueError, KeyError, TypeError) as error:
        raise LabError(f"{table.name} is no table of Karpathy's splits.", where) from error
    if not {"train", "test"} <= set(places):
        raise LabError(f"{table.name} has no pictures to train on, or none to test.", where)
    parts = {part: places[part] for part in ("train", "val", "test") if part in places}
    return Gathered(
        name=name,
        parts=captioned([_image(folder, row, name, where) for row in rows], captions, parts),
        relevant="pairs",
        source=f"{_TITLES[name]}, {len(rows):,} pictures in Karpathy's splits",
    )


def _image(folder: Path, row: dict[str, Any], name: str, where: str) -> Path:
    """A picture's file, wherever people put it."""
    file = row["filename"]
    tries: list[Path] = [folder / row.get("filepath", "") / file]
    tries += [folder / inside / file for inside in ("images", f"{name}-images", f"{name}_images")]
    for path in tries:
        if path.is_file():
            return path
    raise LabError(f"The picture {file} is not in {folder}.", where)
