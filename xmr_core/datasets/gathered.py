"""Datasets of media, before any encoder has read them: files and sentences, who owns which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from xmr_core.datasets.split import Labels, Owners
from xmr_core.errors import LabError
from xmr_core.media import Modality

Part = Literal["train", "val", "test"]


@dataclass(frozen=True, eq=False)
class Things:
    """Rows of one medium.

    Attributes:
        media: n files, or n sentences.
        owners: i64 (n,), see :class:`xmr_core.datasets.Split`.
        labels: i64 (n,), or None.
    """

    media: Sequence[Path | str]
    owners: Owners
    labels: Labels | None = None


@dataclass(frozen=True, eq=False)
class Gathered:
    """What a loader found in a folder; encoders make a :class:`xmr_core.datasets.Dataset` of it.

    Attributes:
        name, classes, relevant, source, known: as of the dataset.
        parts: things by medium, for training, choosing (may be missing) and testing.
    """

    name: str
    parts: Mapping[Part, Mapping[Modality, Things]]
    relevant: Literal["labels", "pairs"]
    source: str
    classes: tuple[str, ...] = ()
    known: bool = False


def captioned(
    images: Sequence[Path], captions: Sequence[Sequence[str]], parts: Mapping[Part, Sequence[int]]
) -> dict[Part, dict[Modality, Things]]:
    """Pictures with their captions, by the rows of each part.

    Args:
        images: n files.
        captions: n tuples of sentences.
        parts: numbers of rows.
    """
    made: dict[Part, dict[Modality, Things]] = {}
    for part, rows in parts.items():
        said = [captions[i] for i in rows]
        owners = np.repeat(np.asarray(rows, np.int64), [len(lines) for lines in said])
        made[part] = {
            Modality.IMAGE: Things([images[i] for i in rows], np.asarray(rows, np.int64)),
            Modality.TEXT: Things([line for lines in said for line in lines], owners),
        }
    return made


def shares(count: int, seed: int, test: float = 0.2, val: float = 0.0) -> dict[Part, list[int]]:
    """Seeded parts of ``count`` things, for data that come without a split of their own.

    Args:
        count: of all things.
        seed: of their order.
        test, val: shares; the rest is to train on.

    Raises:
        LabError: too few for one thing in each part.

    >>> {part: len(rows) for part, rows in shares(10, 0).items()}
    {'train': 8, 'test': 2}
    """
    held, chosen = round(count * test), round(count * val)
    if min(held, count - held - chosen) < 1:
        raise LabError(f"{count} things cannot be split.", "Give hundreds of them.")
    order = np.random.default_rng(seed).permutation(count)
    cuts = np.split(order, [held, held + chosen])
    parts: dict[Part, list[int]] = {"train": sorted(map(int, cuts[2]))}
    if chosen:
        parts["val"] = sorted(map(int, cuts[1]))
    parts["test"] = sorted(map(int, cuts[0]))
    return parts
