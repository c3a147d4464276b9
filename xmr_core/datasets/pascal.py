"""Pascal Sentences: 1,000 photographs of 20 classes, five sentences each.

Rashtchian, Young, Hodosh and Hockenmaier, "Collecting image annotations using Amazon's Mechanical
Turk", NAACL 2010 workshop.
"""

from pathlib import Path

import numpy as np

from xmr_core.datasets.files import need
from xmr_core.datasets.gathered import Gathered, Part, Things
from xmr_core.errors import LabError
from xmr_core.media import Modality

WHERE = (
    "Get the Pascal Sentence dataset of the University of Illinois "
    "(vision.cs.uiuc.edu/pascal-sentences), and put its pictures into dataset/CLASS/NAME.jpg and "
    "its sentences, one a line, into sentence/CLASS/NAME.txt."
)
_SEED = 2010
_HELD = 10  # one in so many of each class is to test, as many to choose


def read_pascal(folder: Path) -> Gathered:
    """Gather it: of each class 40 pictures to train, 5 to choose, 5 to test, by a seed.

    Raises:
        LabError: files are missing.
    """
    pictures, sentences = need(folder, ["dataset", "sentence"], WHERE)
    classes = tuple(sorted(place.name for place in pictures.iterdir() if place.is_dir()))
    rng = np.random.default_rng(_SEED)
    images: list[Path] = []
    labels: list[int] = []
    rows: dict[Part, list[int]] = {"train": [], "val": [], "test": []}
    for label, name in enumerate(classes):
        here = sorted((pictures / name).glob("*.jpg"))
        held = max(1, len(here) // _HELD)
        if len(here) < 2 * held + 1:
            raise LabError(f"Of {name} there are {len(here)} pictures in {pictures}.", WHERE)
        cuts = np.split(len(images) + rng.permutation(len(here)), [held, 2 * held])
        for some, cut in zip((rows["test"], rows["val"], rows["train"]), cuts, strict=True):
            some += sorted(map(int, cut))
        images += here
        labels += [label] * len(here)
    if not images:
        raise LabError(f"In {pictures} there is no CLASS/NAME.jpg.", WHERE)
    return Gathered(
        name="pascal",
        parts={part: _things(images, labels, sentences, some) for part, some in rows.items()},
        relevant="labels",
        source=f"Pascal Sentences (Rashtchian et al. 2010), {len(images):,} pictures",
        classes=classes,
    )


def _things(
    images: list[Path], labels: list[int], sentences: Path, rows: list[int]
) -> dict[Modality, Things]:
    lines, owners = [], []
    for i in rows:
        (file,) = need(sentences, [f"{images[i].parent.name}/{images[i].stem}.txt"], WHERE)
        said = [line.strip() for line in file.read_text("utf-8", "replace").splitlines()]
        said = [line for line in said if line]
        lines += said
        owners += [i] * len(said)
    column = np.array(labels)
    return {
        Modality.IMAGE: Things([images[i] for i in rows], np.array(rows), column[rows]),
        Modality.TEXT: Things(lines, np.array(owners), column[owners]),
    }
