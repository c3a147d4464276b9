"""Files of benchmarks: found, or asked for; the same as others had, or not."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.errors import LabError


def folder_of(name: str, folder: Path | None, where: str = "") -> Path:
    """Where a dataset's files are: a folder given, or that of its name in ``XMR_DATA``.

    Args:
        name: of the dataset.
        folder: if it was given.
        where: how to come by its files, as sentences.

    Raises:
        LabError: neither is there.
    """
    if folder is not None:
        if not folder.is_dir():
            raise LabError(f"There is no folder {folder}.", f"Check its path. {where}".rstrip())
        return folder
    data = os.environ.get("XMR_DATA")
    if not data:
        raise LabError(
            f"It is not known where {name} is.",
            f"Name its folder, or set XMR_DATA to the folder that holds it. {where}".rstrip(),
        )
    return folder_of(name, Path(data) / name, where)


def need(folder: Path, files: Sequence[str], where: str) -> list[Path]:
    """The paths of files in a folder.

    Args:
        folder: of the dataset.
        files: relative paths.
        where: what to do if one is missing, as sentences.

    Raises:
        LabError: one is missing.
    """
    paths = [folder / file for file in files]
    missing = [file for file, path in zip(files, paths, strict=True) if not path.exists()]
    if missing:
        raise LabError(f"In {folder} there is no {' and no '.join(missing)}.", where)
    return paths


def same(folder: Path, sums: Mapping[str, str]) -> bool:
    """Whether files have the SHA-256 that is on record for them."""
    return all(
        (folder / file).is_file()
        and hashlib.sha256((folder / file).read_bytes()).hexdigest() == known
        for file, known in sums.items()
    )


def arrays_of(mat: Path, names: Sequence[str], where: str) -> list[npt.NDArray[Any]]:
    """Arrays of a MATLAB file, by name.

    Raises:
        LabError: it is damaged, or holds other names.
    """
    import scipy.io

    try:
        held = scipy.io.loadmat(mat)
    except Exception as error:  # of a damaged file scipy raises whatever its parser met
        raise LabError(f"{mat.name} cannot be read ({error}).", where) from error
    missing = [name for name in names if name not in held]
    if missing:
        raise LabError(f"{mat.name} does not hold {', '.join(missing)}.", where)
    return [np.asarray(held[name]) for name in names]
