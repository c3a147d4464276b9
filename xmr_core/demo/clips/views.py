"""Moving views: over photographs, over staged pictures, and around a solid."""

from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from xmr_core.demo import photos
from xmr_core.demo.canvas import U8, Rng
from xmr_core.demo.film import FPS, SIZE
from xmr_core.demo.solids import Solid
from xmr_core.demo.stage import Stage, photograph
from xmr_core.media import Mesh
from xmr_core.render import render_angles

W, H = SIZE
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
        return glide(photos.photograph(name), start, end, seconds)

    return frames


def still(stage: Callable[[], Stage], start: Box, end: Box) -> Callable[[Rng, float], Iterator[U8]]:
    """The camera glides over a staged picture from one box to another, as ``pan`` does."""

    def frames(rng: Rng, seconds: float) -> Iterator[U8]:
        pixels = photograph(stage(), rng, 440, 330)
        yield from glide(Image.fromarray(pixels), start, end, seconds)

    return frames


def turntable(
    build: Callable[[], Solid], elevation: float = 14
) -> Callable[[Rng, float], Iterator[U8]]:
    """A solid that turns once before the camera."""

    def frames(rng: Rng, seconds: float) -> Iterator[U8]:
        vertices, faces, colours = build().arrays()
        mesh = Mesh(vertices.astype(np.float32), faces.astype(np.int32), colours)
        count = round(seconds * FPS)
        angles = [(15 + 360 * n / count, elevation) for n in range(0, count, 2)]
        for view in render_angles(mesh, angles, H):
            frame = np.full((H, W, 3), 255, np.uint8)
            frame[:, (W - H) // 2 : (W + H) // 2] = view
            yield frame
            yield frame

    return frames
