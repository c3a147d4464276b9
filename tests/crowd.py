"""Many items without files: jittered copies of vectors that are there."""

from pathlib import Path

import numpy as np

from xmr_core.catalogue import Record
from xmr_core.library import Library
from xmr_core.media import Floats, Modality
from xmr_core.space import unit

_BATCH = 2000
_ENDS = {"text": "txt", "image": "jpg", "audio": "wav", "video": "mp4", "mesh": "glb"}


def crowd(
    library: Library,
    folder: Path,
    size: int,
    real: list[tuple[Modality, str, Floats]],
    jitter: float = 0.5,
) -> None:
    """Put so many items into a library, none of which has a file.

    Args:
        library: an empty one; its joint space is used.
        folder: its root.
        size: how many items.
        real: medium, name and unit vector f32 (d,) of what is copied in turn.
        jitter: how far the copies lie from it.
    """
    space, catalogue = library.space, library.catalogue
    folder.mkdir(parents=True, exist_ok=True)
    root = catalogue.add_root(folder)
    dice = np.random.default_rng(0)
    for start in range(0, size, _BATCH):
        numbers = range(start, min(start + _BATCH, size))
        noise = dice.normal(size=(len(numbers), space.dim)) / np.sqrt(space.dim)
        with catalogue.transaction():
            for i, shift in zip(numbers, noise, strict=True):
                medium, name, vector = real[i % len(real)]
                joint = unit((vector + jitter * shift)[None].astype(np.float32))
                catalogue.put(
                    Record(
                        root_id=root.id,
                        path=f"{name}/{name}-{i:05}.{_ENDS[medium]}",
                        modality=medium,
                        size=1000,
                        mtime_ns=0,
                        hash=f"{i:032x}",
                        encoder=space.encoders[medium].fingerprint,
                        space=space.fingerprint,
                        features=np.zeros((1, space.encoders[medium].dim), np.float32),
                        joint=joint,
                    )
                )
    catalogue.activate(space.fingerprint)
