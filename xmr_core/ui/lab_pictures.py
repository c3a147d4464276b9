"""Small pictures of a dataset's things, for pages: as data, since no route serves a benchmark."""

import base64
import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from xmr_core.datasets import Dataset
from xmr_core.errors import MediaError
from xmr_core.media import Image, Modality
from xmr_core.readers import read
from xmr_core.thumbnails import thumbnail

_SIDE = 240  # pixels
_KEPT = 600  # some 10 kB each


def of(dataset: Dataset, rows: Sequence[int]) -> dict[str, str]:
    """Addresses of pictures by row of the test split; what is no file, or cannot be read, lacks."""
    if Modality.IMAGE not in dataset.encoders:
        return {}
    names = dataset.test.names.get(Modality.IMAGE, ())
    made = {str(row): _small(str(names[row])) for row in rows if row < len(names)}
    return {row: address for row, address in made.items() if address}


@lru_cache(_KEPT)
def _small(path: str) -> str:
    """A picture's address, or nothing where there is none."""
    try:
        medium = read(Path(path))
    except MediaError:
        return ""
    if not isinstance(medium, Image):
        return ""
    held = io.BytesIO()
    thumbnail(medium, _SIDE).save(held, "WEBP", quality=75)
    return "data:image/webp;base64," + base64.b64encode(held.getvalue()).decode()
