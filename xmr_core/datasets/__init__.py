"""Loaders of the field's benchmarks and of people's own pairs; nothing is downloaded.

``load("wikipedia")`` reads the folder ``wikipedia`` in ``XMR_DATA``, or a folder that is given.
"""

from pathlib import Path

from xmr_core.datasets.files import folder_of
from xmr_core.datasets.split import Dataset, Labels, Owners, Split, checksum_of
from xmr_core.datasets.wikipedia import read_wikipedia
from xmr_core.errors import LabError

_READERS = {"wikipedia": read_wikipedia}


def load(name: str, folder: Path | None = None) -> Dataset:
    """Read a dataset.

    Args:
        name: of a loader.
        folder: of its files; the one of its name in ``XMR_DATA`` if None.

    Raises:
        LabError: there is no such loader, or files are missing or damaged.
    """
    if name not in _READERS:
        raise LabError(f"There is no dataset '{name}'.", f"There are: {', '.join(_READERS)}.")
    return _READERS[name](folder_of(name, folder))


__all__ = ["Dataset", "Labels", "Owners", "Split", "checksum_of", "load"]
