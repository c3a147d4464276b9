"""A small kit for painting: skies, noise, soft light, and smooth drawing by supersampling.

Pictures in the making are f64 (H, W, 3) in 0…1; positions are fractions of the height
and width unless they are said to be pixels.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

from xmr_core.demo.work import Array

U8 = npt.NDArray[np.uint8]
Rng = np.random.Generator
Colour = tuple[int, int, int]

PAINTING = (440, 330)
"""Width and height of a painting."""


def gradient(height: int, width: int, stops: Sequence[tuple[float, Colour]]) -> Array:
    """A picture whose colour runs from the top (0) to the bottom (1) through ``stops``."""
    y = np.linspace(0, 1, height)
    at = [stop for stop, _ in stops]
    channels = [np.interp(y, at, [colour[c] / 255 for _, colour in stops]) for c in range(3)]
    return np.repeat(np.stack(channels, axis=-1)[:, None], width, axis=1)


def grid(height: int, width: int) -> tuple[Array, Array]:
    """(y, x) of the pixels, 0…1 down and 0…width/height across, each (H, W)."""
    y, x = np.mgrid[0:height, 0:width]
    return (y + 0.5) / height, (x + 0.5) / height


def clouds(height: int, width: int, rng: Rng, scale: float = 4.0, octaves: int = 5) -> Array:
    """Smooth noise (H, W) in 0…1: ``scale`` lumps over the height, then ever finer ones."""
    out = np.zeros((height, width))
    for octave in range(octaves):
        lumps = scale * 2**octave
        rows, columns = int(lumps) + 3, int(lumps * width / height) + 3
        coarse = rng.random((rows, columns))
        y = np.linspace(0, rows - 2, height)
        x = np.linspace(0, columns - 2, width)
        fine = ndimage.map_coordinates(
            coarse, np.meshgrid(y, x, indexing="ij"), order=1, mode="nearest"
        )
        out += ndimage.gaussian_filter(fine, height / lumps / 5) / 2**octave
    low, high = np.percentile(out, [1, 99])
    return np.asarray(np.clip((out - low) / (high - low + 1e-9), 0, 1))


def glow(
    picture: Array, y: float, x: float, radius: float, colour: Colour, power: float = 1.0
) -> Array:
    """Light added around a point: it falls to 1/e at ``radius``."""
    gy, gx = grid(*picture.shape[:2])
    light = np.exp(-((((gy - y) ** 2 + (gx - x) ** 2) / radius**2) ** (power / 2)))
    return np.asarray(picture + light[..., None] * np.array(colour) / 255)


def lay(picture: Array, mask: Array, colour: Colour | Array) -> Array:
    """A colour, or another picture, laid over where ``mask`` (H, W) is 1."""
    over = np.asarray(colour) / 255 if isinstance(colour, tuple) else colour
    return np.asarray(picture * (1 - mask[..., None]) + over * mask[..., None])


def draw(
    picture: Array,
    paint: Callable[[ImageDraw.ImageDraw, float], None],
    blur: float = 0.0,
    times: int = 3,
) -> Array:
    """Shapes drawn on a picture ``times`` as large and scaled back.

    Args:
        picture: f64 (H, W, 3).
        paint: gets the drawing and the number of its pixels in one height.
        blur: of the shapes, in pixels of the picture.
    """
    height, width = picture.shape[:2]
    big = Image.new("RGBA", (width * times, height * times))
    paint(ImageDraw.Draw(big), height * float(times))
    if blur:
        big = big.filter(ImageFilter.GaussianBlur(blur * times))
    weighed = big.convert("RGBa").reduce(times)  # colours weighed by alpha: no dark edges
    small = np.asarray(weighed) / 255.0
    return np.asarray(picture * (1 - small[..., 3:]) + small[..., :3])


def paste(picture: Array, sprite: U8, y: float, x: float) -> Array:
    """A cutout u8 (h, w, 4) laid with its middle at pixel (y, x), fractions of pixels too."""
    image = Image.fromarray(sprite).convert("RGBa")
    height, width = picture.shape[:2]
    top, left = y - sprite.shape[0] / 2, x - sprite.shape[1] / 2
    placed = image.transform(
        (width, height),
        Image.Transform.AFFINE,
        (1, 0, -left, 0, 1, -top),
        Image.Resampling.BILINEAR,
    )
    over = np.asarray(placed) / 255.0
    return np.asarray(picture * (1 - over[..., 3:]) + over[..., :3])


def u8(picture: Array) -> U8:
    """As bytes."""
    return np.asarray(np.rint(np.clip(picture, 0, 1) * 255), dtype=np.uint8)


def grain(picture: Array, rng: Rng, amount: float = 0.012) -> Array:
    """The fine noise of a camera, without which flat colours look drawn."""
    return np.asarray(picture + rng.normal(0, amount, (*picture.shape[:2], 1)))


def ridge(width: int, rng: Rng, level: float, height: float, rough: float = 0.5) -> Array:
    """The skyline (W,) of a mountain range: y of its top, in 0…1, by midpoint displacement."""
    line, step = np.array([rng.uniform(-1, 1) for _ in range(3)]), 1.0
    while len(line) < width:
        step *= rough
        middle = (line[1:] + line[:-1]) / 2 + rng.normal(0, step, len(line) - 1)
        out = np.empty(len(line) * 2 - 1)
        out[::2], out[1::2] = line, middle
        line = out
    return np.asarray(level - height * line[:width])
