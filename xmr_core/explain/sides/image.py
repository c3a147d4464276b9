"""Pictures in cells: as their encoder's grid sees them, and seen closer through windows."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from xmr_core.encoders import Encoder
from xmr_core.encoders.areas import redraw
from xmr_core.encoders.image import ImageEncoder
from xmr_core.explain.explanation import CLOSE, Side
from xmr_core.explain.sides.erasing import erase_again
from xmr_core.explain.sides.source import Source
from xmr_core.explain.sides.windows import CELLS, gather, lattice, windows
from xmr_core.media import Encoding, Floats, Image, Modality
from xmr_core.space import JointSpace

_FEW = 6  # cells along each side where every cell costs a picture of its own
_SETS = 32  # of squares that are erased: beside close looks fewer will do than for frames
_REACH = 0.25  # of the picture, to each side of the middle of such a cell


class Gridded(Protocol):
    """An encoder that sees a picture as a grid whose mean is the picture's vector."""

    def grid(self, batch: Sequence[Image]) -> list[Floats]:
        """Features f32 (gy, gx, m) of the cells of each picture."""
        ...

    def encode(self, batch: Sequence[Image]) -> list[Encoding]:
        """One vector a picture."""
        ...


def cells(images: Sequence[Image], encoder: Gridded) -> list[Floats]:
    """Features f32 (CELLS, CELLS, m) of the cells of pictures; their mean is the whole."""
    return [redraw(grid, CELLS, CELLS) for grid in encoder.grid(images)]


def closer(image: Image, encoder: Gridded) -> Floats:
    """Features f32 (CELLS, CELLS, m) of the cells of a picture, seen through nine windows."""
    return gather(encoder.grid([Image(part) for part in windows(image.pixels)]))


def places(rows: int, columns: int) -> tuple[str, ...]:
    """What people call the cells of a lattice.

    >>> places(1, 2)
    ('row 1, column 1', 'row 1, column 2')
    """
    return tuple(f"row {y + 1}, column {x + 1}" for y in range(rows) for x in range(columns))


def _gridded(image: Image, space: JointSpace) -> Side:
    encoder: Any = space.encoders[Modality.IMAGE]
    (own,) = cells([image], encoder)
    whole = own.mean(axis=(0, 1))
    count = CELLS * CELLS
    return Side(
        image,
        own.reshape(count, -1),
        np.full(count, 1 / count, np.float32),
        whole,
        lattice(CELLS, CELLS),
        places(CELLS, CELLS),
        (CELLS, CELLS),
        {CLOSE: closer(image, encoder).reshape(count, -1)},
        erased=erase_again([image], np.ones(1, np.float32), whole, (CELLS, CELLS), encoder, _SETS)
        if isinstance(encoder, ImageEncoder)
        else None,
    )


def _any(image: Image, space: JointSpace) -> Side:
    """For an encoder of wholes alone: a window around each cell, encoded as a picture."""
    encoder = space.encoders[Modality.IMAGE]
    boxes = lattice(_FEW, _FEW)
    middles = np.clip(boxes.mean(axis=1), _REACH, 1 - _REACH)  # (p, 2)
    size = np.array(image.pixels.shape[:2])
    low = np.minimum(np.floor((middles - _REACH) * size), size - 1).astype(int)
    high = np.maximum(np.ceil((middles + _REACH) * size).astype(int), low + 1)
    parts = [
        Image(image.pixels[top:bottom, left:right])
        for (top, left), (bottom, right) in zip(low, high, strict=True)
    ]
    whole, *seen = encoder.encode([image, *parts])
    return Side(
        image,
        np.stack([part.pooled for part in seen]),
        np.full(len(boxes), 1 / len(boxes), np.float32),
        whole.pooled,
        boxes,
        places(_FEW, _FEW),
        (_FEW, _FEW),
    )


def _has_grid(encoder: Encoder[Any]) -> bool:
    return hasattr(encoder, "grid")


GRIDDED = Source(_has_grid, _gridded)
ANY = Source(lambda _: True, _any)
