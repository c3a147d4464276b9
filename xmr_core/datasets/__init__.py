"""Loaders of the field's benchmarks and of people's own pairs; nothing is downloaded.

``load("wikipedia")`` reads the folder ``wikipedia`` in ``XMR_DATA``, or a folder that is given.
A benchmark that came with features is read as it is; media go through a profile's encoders,
once, see :mod:`xmr_core.datasets.features`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from xmr_core.datasets import (
    esc50,
    flickr8k,
    karpathy,
    listed,
    nuswide,
    pascal,
    wikipedia,
    xmedia,
)
from xmr_core.datasets.features import Encoders, encoded
from xmr_core.datasets.files import folder_of
from xmr_core.datasets.gathered import Gathered
from xmr_core.datasets.own import FEWEST, halves, own_pairs, shared
from xmr_core.datasets.shards import Tell
from xmr_core.datasets.split import Dataset, Labels, Owners, Split, checksum_of
from xmr_core.errors import LabError


@dataclass(frozen=True)
class Loader:
    """A dataset that can be read, once its files are there.

    Attributes:
        title: what it is, in a line.
        where: where to get it, and which files to put where.
        read: the folder → the dataset, or what its media are.
        encoded: whether its media go through a profile's encoders.
        labelled: whether it has classes; None where that is told by the files.
        captioned: whether it is of pictures and sentences, read by encoders, so that both can
            be taken apart.
    """

    title: str
    where: str
    read: Callable[[Path], Dataset | Gathered]
    encoded: bool = True
    labelled: bool | None = True
    captioned: bool = False


LOADERS: Mapping[str, Loader] = {
    "wikipedia": Loader(
        "Wikipedia's featured articles: 2,866 pictures and texts, 10 classes",
        wikipedia.WHERE,
        wikipedia.read_wikipedia,
        encoded=False,
    ),
    "flickr8k": Loader(
        "Flickr8k: photographs with five captions each",
        flickr8k.WHERE,
        flickr8k.read_flickr8k,
        labelled=False,
        captioned=True,
    ),
    "flickr30k": Loader(
        "Flickr30k: 31,014 photographs with five captions each",
        karpathy.WHERE_FLICKR30K,
        karpathy.read_flickr30k,
        labelled=False,
        captioned=True,
    ),
    "mscoco": Loader(
        "MS-COCO 2014: 123,287 photographs with five captions each",
        karpathy.WHERE_COCO,
        karpathy.read_coco,
        labelled=False,
        captioned=True,
    ),
    "nuswide": Loader(
        "NUS-WIDE-10k: photographs and their tags, 10 classes",
        nuswide.WHERE,
        nuswide.read_nuswide,
        encoded=False,
    ),
    "pascal": Loader(
        "Pascal Sentences: 1,000 photographs with five sentences each, 20 classes",
        pascal.WHERE,
        pascal.read_pascal,
        captioned=True,
    ),
    "xmedia": Loader(
        "XMedia: pictures and texts, 20 classes", xmedia.WHERE, xmedia.read_xmedia, encoded=False
    ),
    "esc50": Loader(
        "ESC-50: 2,000 sounds beside the names of their 50 kinds", esc50.WHERE, esc50.read_esc50
    ),
    "folder": Loader(
        "A folder of your own with a table of captions, labels or partners",
        listed.WHERE,
        listed.read_listed,
        labelled=None,
    ),
}
"""Every dataset by name."""


def load(
    name: str,
    folder: Path | None = None,
    encoders: Encoders | None = None,
    tell: Tell | None = None,
) -> Dataset:
    """Read a dataset.

    Args:
        name: of a loader.
        folder: of its files; the one of its name in ``XMR_DATA`` if None.
        encoders: of a profile, for datasets of media.
        tell: told (work done, work in all) of encoding; see :data:`Tell`.

    Raises:
        LabError: there is no such loader, files are missing or damaged, or encoders are.
    """
    if name not in LOADERS:
        raise LabError(f"There is no dataset '{name}'.", f"There are: {', '.join(LOADERS)}.")
    loader = LOADERS[name]
    found = loader.read(folder_of(name, folder, loader.where))
    if isinstance(found, Dataset):
        return found
    if encoders is None:
        raise LabError(f"{name} holds media, no features.", "Give the encoders of a profile.")
    return encoded(found, encoders, tell)


__all__ = [
    "FEWEST",
    "LOADERS",
    "Dataset",
    "Encoders",
    "Gathered",
    "Labels",
    "Loader",
    "Owners",
    "Split",
    "Tell",
    "checksum_of",
    "encoded",
    "halves",
    "load",
    "own_pairs",
    "shared",
]
