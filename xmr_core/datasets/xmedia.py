"""XMedia: five media in twenty classes, as features.

4,000 texts and pictures that belong together to train, 1,000 to test; beside them videos, sounds
and 3D models of the same classes, which have no partners. Zhai, Peng and Xiao, "Learning
cross-media joint representation with sparse and semisupervised regularization", IEEE TCSVT 2014;
Peng, Zhai, Zhao and Huang, "Semi-supervised cross-media feature learning with unified patch graph
regularization", IEEE TCSVT 2016.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.datasets.files import arrays_of, need
from xmr_core.datasets.split import Dataset, Split, checksum_of
from xmr_core.errors import LabError
from xmr_core.media import Modality

WHERE = (
    "Ask for XMedia at Peking University (the MIPL group, icst.pku.edu.cn/mipl/xmedia), and put "
    "XMediaFeatures.mat into a folder; its SHA-256 is not on record here."
)
_FILE = "XMediaFeatures.mat"
# Features and classes of each medium, {} for tr and te
_KEYS: dict[Modality, tuple[str, str]] = {
    Modality.IMAGE: ("I_{}_CNN", "{}ImgCat"),
    Modality.TEXT: ("T_{}_BOW", "{}TxtCat"),
    Modality.AUDIO: ("A_{}", "{}AudCat"),
    Modality.VIDEO: ("V_{}_CNN", "{}VidCat"),
    Modality.MESH: ("d3_{}", "{}3dCat"),
}


def read_xmedia(
    folder: Path, media: Sequence[Modality] = (Modality.IMAGE, Modality.TEXT)
) -> Dataset:
    """Read its features.

    Pictures and texts are paired as they were gathered. Any other medium is paired within its
    class, the first with the first: such partners share a class and nothing else.

    Args:
        folder: of the file.
        media: two or more of the five.

    Raises:
        LabError: the file is missing or damaged.
    """
    (mat,) = need(folder, [_FILE], WHERE)
    keys = [key.format(part) for part in ("tr", "te") for m in media for key in _KEYS[m]]
    arrays = dict(zip(keys, arrays_of(mat, keys, WHERE), strict=True))
    train, test = (_split(arrays, part, media) for part in ("tr", "te"))
    count = 1 + max(int(column.max()) for column in train.labels.values())
    return Dataset(
        name="xmedia",
        train=train,
        val=None,
        test=test,
        classes=tuple(f"class {n + 1}" for n in range(count)),
        checksum=checksum_of(train, test),
        relevant="labels",
        source=f"XMedia (Zhai et al. 2014), features of {', '.join(media)}",
    )


def _split(arrays: dict[str, npt.NDArray[Any]], part: str, media: Sequence[Modality]) -> Split:
    views, labels = {}, {}
    for modality in media:
        features, classes = (arrays[key.format(part)] for key in _KEYS[modality])
        views[modality] = np.asarray(features, np.float32)
        labels[modality] = classes.reshape(-1).astype(np.int64) - 1
        if len(views[modality]) != len(labels[modality]):
            raise LabError(
                f"{_FILE} has {len(views[modality])} rows of {modality} and "
                f"{len(labels[modality])} classes.",
                WHERE,
            )
    if set(media) == {Modality.IMAGE, Modality.TEXT}:
        owners = {m: np.arange(len(view)) for m, view in views.items()}
    else:
        owners = {m: within_class(column) for m, column in labels.items()}
    return Split(views, owners, labels)


def within_class(labels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """An owner for each row: its class, and which of its class it is.

    >>> within_class(np.array([1, 0, 1])).tolist()
    [1000000, 0, 1000001]
    """
    order = np.argsort(labels, kind="stable")
    ranked = labels[order]
    nth = np.empty(len(labels), np.int64)
    nth[order] = np.arange(len(labels)) - np.searchsorted(ranked, ranked)
    return labels * 1_000_000 + nth
