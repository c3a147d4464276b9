import numpy as np
import pytest

from xmr_core.catalogue import Catalogue, Record
from xmr_core.media import Modality, Part

SPACE, ENCODER = "space-1", "encoder-1"


def record(root, path, **changes):
    """A file of two features and two dimensions, as a run would hand it over."""
    values = {
        "root_id": root.id,
        "path": path,
        "modality": Modality.TEXT,
        "size": 10,
        "mtime_ns": 1_000,
        "hash": f"hash of {path}".encode("ascii", "backslashreplace").decode(),
        "encoder": ENCODER,
        "space": SPACE,
        "features": np.array([[1, 2], [3, 4]], np.float32),
        "joint": np.array([[1, 0], [0, 1]], np.float32),
        "parts": (Part(1, "page 1", (0.0,), (5.0,), "hello"),),
        "facts": {"characters": 5.0},
    }
    return Record(**(values | changes))


def plain(root, path, **changes):
    """The same without parts."""
    one = np.array([[1, 0]], np.float32)
    return record(root, path, **({"features": one, "joint": one, "parts": ()} | changes))


@pytest.fixture
def catalogue(tmp_path):
    with Catalogue(tmp_path / "catalogue.sqlite") as made:
        made.activate(SPACE)
        yield made


@pytest.fixture
def root(catalogue, tmp_path):
    return catalogue.add_root(tmp_path / "media")
