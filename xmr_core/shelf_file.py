"""The file beside the index of a shelf: its rows, its banks, and what chance queries get on it.

It is a cache, as the index is: what is absent, damaged or of another format is made again.
"""

import contextlib
import json
import os
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core.calibration import Chance, Null
from xmr_core.media import Modality
from xmr_core.shelf import Bank, Shelf
from xmr_core.stores import Index

_FORMAT = 5


def write(path: Path, shelf: Shelf, aims: str) -> None:
    """Write a shelf's file, all of it or nothing.

    Args:
        path: of the file; its folder is there.
        shelf: whose index has its stamp.
        aims: of the space, see `JointSpace.aims`.

    Raises:
        OSError: it cannot be written.
    """
    chances = {
        f"{m} {int(corrected)}": [astuple(chance.best), astuple(chance.lead)]
        for (m, corrected), chance in shelf.chances.items()
    }
    head = {
        "format": _FORMAT,
        "aims": aims,
        "chances": chances,
        "own": sorted(shelf.own),
        "changed": shelf.changed,
    }
    banks: dict[str, Any] = {f"{m} items": bank.items for m, bank in shelf.banks.items()}
    # as the catalogue has them, which is where they are from
    banks |= {f"{m} vectors": bank.vectors.astype(np.float16) for m, bank in shelf.banks.items()}
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            np.savez(
                file,
                rows=shelf.rows,
                items=shelf.items,
                nos=shelf.nos,
                generation=np.int64(shelf.index.stamp.generation),
                head=np.frombuffer(json.dumps(head).encode(), np.uint8),
                **banks,
            )
        temporary.replace(path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def read(path: Path, index: Index, aims: str) -> Shelf | None:
    """The shelf of an index; None where the file does not belong to it."""
    try:
        # numpy leaves a file open that is no archive; this closes it
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            head = json.loads(arrays["head"].tobytes())
            if head["format"] != _FORMAT or head["aims"] != aims:
                return None
            if int(arrays["generation"]) != index.stamp.generation:
                return None
            chances = {}
            for key, (best, lead) in head["chances"].items():
                modality, corrected = key.split()
                chances[Modality(modality), corrected == "1"] = Chance(Null(*best), Null(*lead))
            banks = {
                Modality(m): Bank(arrays[f"{m} vectors"].astype(np.float32), arrays[f"{m} items"])
                for m in head["own"]
            }
            rows, items, nos = arrays["rows"], arrays["items"], arrays["nos"]
            return Shelf(index, rows, items, nos, chances, banks, head["changed"])
    except Exception:  # overwritten bytes make an archive raise anything
        return None
