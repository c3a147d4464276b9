"""NUS-WIDE-10k: photographs and their tags, of ten classes.

Chua et al., "NUS-WIDE: a real-world web image database from National University of Singapore",
CIVR 2009; ten classes of 1,000 pictures each are taken of it since Feng, Wang and Li,
"Cross-modal retrieval with correspondence autoencoder", ACM MM 2014. Which pictures those are was
not published with the data: here they are drawn by a seed among those of one of the ten classes
alone, so that figures are like the published ones and not the same.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from xmr_core.datasets.files import need
from xmr_core.datasets.split import Dataset, Split, checksum_of
from xmr_core.errors import LabError
from xmr_core.media import Modality

WHERE = (
    "Get NUS-WIDE's ground truth, tags and low-level features from the National University of "
    "Singapore (lms.comp.nus.edu.sg), and put Groundtruth/AllLabels, NUS_WID_Tags/AllTags1k.txt "
    "and Low_Level_Features/BoW_int.dat into one folder; their SHA-256 are not on record here."
)
_LABELS, _TAGS = "Groundtruth/AllLabels", "NUS_WID_Tags/AllTags1k.txt"
_WORDS = "Low_Level_Features/BoW_int.dat"
_CLASSES, _EACH, _SEED = 10, 1000, 2014
_HELD = 5  # one in so many of each class is to test, as many to choose


def read_nuswide(folder: Path) -> Dataset:
    """Read ten classes: pictures as 500 visual words, tags as 1,000 words, each to its root.

    Raises:
        LabError: files are missing, or have different numbers of lines.
    """
    tables, tags, words = need(folder, [_LABELS, _TAGS, _WORDS], WHERE)
    names, flags = _flags(tables)
    largest = np.argsort(-flags.sum(axis=0), kind="stable")[:_CLASSES]
    chosen = flags[:, np.sort(largest)]  # (n, 10)
    classes = tuple(names[i] for i in np.sort(largest))
    tagged = _nonzero(tags)
    if len(tagged) != len(chosen):
        raise LabError(
            f"There are {len(chosen):,} labels and {len(tagged):,} lines of tags.", WHERE
        )
    alone = (chosen.sum(axis=1) == 1) & tagged
    rng = np.random.default_rng(_SEED)
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])
    for column in range(chosen.shape[1]):
        rows = rng.permutation(np.flatnonzero(alone & chosen[:, column]))[:_EACH]
        if len(rows) < _HELD * 2:
            raise LabError(f"Of {classes[column]} there are {len(rows)} pictures alone.", WHERE)
        held = len(rows) // (2 * _HELD)
        for part, cut in zip(
            parts, np.split(rows, [len(rows) - 2 * held, len(rows) - held]), strict=True
        ):
            part += map(int, cut)
    rows = np.sort(np.concatenate([np.array(part) for part in parts]))
    image, text = (np.sqrt(_lines(file, rows)) for file in (words, tags))
    made = []
    for part in parts:
        at = np.searchsorted(rows, np.sort(part))
        both = (Modality.IMAGE, Modality.TEXT)
        made.append(
            Split(
                {Modality.IMAGE: image[at], Modality.TEXT: text[at]},
                dict.fromkeys(both, rows[at]),
                dict.fromkeys(both, chosen[rows[at]].argmax(axis=1)),
            )
        )
    train, val, test = made
    return Dataset(
        name="nuswide",
        train=train,
        val=val,
        test=test,
        classes=classes,
        checksum=checksum_of(train, val, test),
        relevant="labels",
        source=f"NUS-WIDE (Chua et al. 2009), {len(rows):,} pictures of {len(classes)} classes",
    )


def _flags(folder: Path) -> tuple[list[str], npt.NDArray[np.bool_]]:
    """Names of the concepts, and which picture shows which, bool (n, concepts)."""
    files = sorted(folder.glob("Labels_*.txt"))
    if not files:
        raise LabError(f"In {folder} there are no Labels_*.txt.", WHERE)
    columns = [np.loadtxt(file, np.int64, ndmin=1) == 1 for file in files]
    if len({len(column) for column in columns}) > 1:
        raise LabError(f"The files in {folder} have different numbers of lines.", WHERE)
    return [file.stem.removeprefix("Labels_") for file in files], np.stack(columns, axis=1)


def _nonzero(file: Path) -> npt.NDArray[np.bool_]:
    """Whether each line holds any number but 0: a picture without tags asks nothing."""
    with file.open(encoding="ascii") as lines:
        return np.array([any(word != "0" for word in line.split()) for line in lines])


def _lines(file: Path, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Lines of whole numbers, by number ascending, f32 (rows, m)."""
    wanted, made = set(rows.tolist()), []
    with file.open(encoding="ascii") as lines:
        for number, line in enumerate(lines):
            if number in wanted:
                made.append(np.array(line.split(), np.float32))
    if len(made) != len(rows):
        raise LabError(f"{file.name} ends before picture {int(rows[-1]) + 1:,}.", WHERE)
    return np.stack(made)
