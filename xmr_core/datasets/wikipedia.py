"""Wikipedia's featured articles: one picture and one text each, in ten classes.

2,173 pairs to train and 693 to test; pictures as 128 visual words (SIFT), texts as 10 topics
(latent Dirichlet allocation). Rasiwasia et al., "A new approach to cross-modal multimedia
retrieval", ACM MM 2010.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.datasets.files import arrays_of, need, same
from xmr_core.datasets.split import Dataset, Split, checksum_of
from xmr_core.errors import LabError
from xmr_core.media import Modality

WHERE = (
    "Get the archive wikipedia_dataset of the Statistical Visual Computing Laboratory, UC San "
    "Diego (svcl.ucsd.edu/projects/crossmodal), and put raw_features.mat, categories.list, "
    "trainset_txt_img_cat.list and testset_txt_img_cat.list into one folder."
)
SUMS = {
    "raw_features.mat": "ca628f765a69575e168ab29eb97f5ade12fadf47b31de1328c7ff631c7f225ae",
    "categories.list": "4929f3ee00e9de9ffe11f9ab18fc8919b0f6182cc801309409df2f2d05e2b0f5",
    "trainset_txt_img_cat.list": "30c1ba8afbe90da5986de9b12496b6dd2e4680d3876b79ab7aae2e437d5819a3",
    "testset_txt_img_cat.list": "ec3123ee31cc89dd95fbeb23eb73b2ecfd1d8909bba863723471aad99408c1eb",
}


def read_wikipedia(folder: Path) -> Dataset:
    """Read it from the folder of its files.

    Raises:
        LabError: files are missing or do not fit each other.
    """
    mat, names, train, test = need(folder, list(SUMS), WHERE)
    image_train, text_train, image_test, text_test = arrays_of(
        mat, ["I_tr", "T_tr", "I_te", "T_te"], WHERE
    )
    made = [_split(image_train, text_train, train), _split(image_test, text_test, test)]
    return Dataset(
        name="wikipedia",
        train=made[0],
        val=None,
        test=made[1],
        classes=tuple(names.read_text("utf-8").split()),
        checksum=checksum_of(*made),
        relevant="labels",
        source="Rasiwasia et al. 2010, original features: 128 visual words, 10 topics",
        known=same(folder, SUMS),
    )


def _split(image: npt.NDArray[Any], text: npt.NDArray[Any], table: Path) -> Split:
    """The pairs of one table: rows of (text, picture, class from 1)."""
    rows = [line.split("\t") for line in table.read_text("utf-8").splitlines() if line.strip()]
    count = len(rows)
    if not len(image) == len(text) == count:
        raise LabError(
            f"{table.name} has {count} rows for {len(image)} pictures and {len(text)} texts.",
            WHERE,
        )
    labels = np.array([int(row[2]) - 1 for row in rows])
    owners = np.arange(count)
    both = (Modality.IMAGE, Modality.TEXT)
    return Split(
        dict(zip(both, (image.astype(np.float32), text.astype(np.float32)), strict=True)),
        dict.fromkeys(both, owners),
        dict.fromkeys(both, labels),
        {Modality.IMAGE: [row[1] for row in rows], Modality.TEXT: [row[0] for row in rows]},
    )
