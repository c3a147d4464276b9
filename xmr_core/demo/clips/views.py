"""Moving views over the real photographs, and over any picture."""

from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from xmr_core.demo.canvas import U8, Rng
from xmr_core.demo.film import FPS, SIZE
from xmr_core.demo.photos import photograph

Box = tuple[float, float, float, float]


def glide(picture: Image.Image, start: Box, end: Box, seconds: float) -> Iterator[U8]:
    """A picture seen through a box that glides from ``start`` to ``end``.

    Boxes are (left, top, right, bottom) in 0…1 of the picture.
    """
    w, h = picture.size
    count = round(seconds * FPS)
    for n in range(count):
        ease = (1 - np.cos(np.pi * n / (count - 1))) / 2
        box = [a + (b - a) * ease for a, b in zip(start, end, strict=True)]
        place = (box[0] * w, box[1] * h, box[2] * w, box[3] * h)
        yield np.asarray(picture.resize(SIZE, Image.Resampling.BILINEAR, box=place))


def pan(name: str, start: Box, end: Box) -> Callable[[Rng, float], Iterator[U8]]:
    """``glide`` over one of the photographs of ``photos.SOURCES``."""

    def frames(rng: Rng, seconds: float) -> Iterator[U8]:
        return glide(photograph(name), start, end, seconds)

    return frames
