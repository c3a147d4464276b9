"""Moving views over the real photographs."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from xmr_core.demo.canvas import U8
from xmr_core.demo.film import FPS, SIZE
from xmr_core.demo.photos import photograph

Box = tuple[float, float, float, float]


def pan(name: str, start: Box, end: Box, seconds: float = 5.0) -> Iterator[U8]:
    """A photograph seen through a box that glides from ``start`` to ``end``.

    Boxes are (left, top, right, bottom) in 0…1 of the photograph.
    """
    picture = photograph(name)
    w, h = picture.size
    count = round(seconds * FPS)
    for n in range(count):
        ease = (1 - np.cos(np.pi * n / (count - 1))) / 2
        box = [a + (b - a) * ease for a, b in zip(start, end, strict=True)]
        place = (box[0] * w, box[1] * h, box[2] * w, box[3] * h)
        yield np.asarray(picture.resize(SIZE, Image.Resampling.BILINEAR, box=place))
