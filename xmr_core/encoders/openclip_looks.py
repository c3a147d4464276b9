"""How an OpenCLIP tower looks at pictures: as torchvision prepares them, without torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xmr_core.media import Bytes


@dataclass(frozen=True, slots=True)
class Look:
    """How pictures are prepared: the ``side`` of the square and what becomes of the rest.

    Attributes:
        side: pixels.
        bilinear: rather than bicubic.
        squash: the whole picture, out of proportion; otherwise its middle.
        mean, std: of each channel, of values from 0 to 1.
    """

    side: int
    bilinear: bool
    squash: bool
    mean: tuple[float, ...]
    std: tuple[float, ...]


def square(pixels: Bytes, look: Look) -> Bytes:
    """A picture u8 (H, W, 3) as a tower looks at it, u8 (side, side, 3).

    As torchvision does, but only the middle is reduced, which is cut out there after all has
    been: of values of noise four in ten thousand differ, by one or two of 255.
    """
    import PIL.Image

    picture = PIL.Image.fromarray(pixels)
    how = PIL.Image.Resampling.BILINEAR if look.bilinear else PIL.Image.Resampling.BICUBIC
    side = width = height = look.side
    if not look.squash:
        short = min(picture.size)
        width, height = (int(side * n / short) if n > short else side for n in picture.size)
    left, top = round((width - side) / 2), round((height - side) / 2)
    across, down = picture.width / width, picture.height / height
    right, bottom = (left + side) * across, (top + side) * down
    box = left * across, top * down, min(right, picture.width), min(bottom, picture.height)
    return np.asarray(picture.resize((side, side), how, box=box))


def squares(pictures: Sequence[Bytes], look: Look) -> dict[str, Bytes]:
    """Pictures as the graph of a tower takes them."""
    return {"pixels": np.stack([square(p, look) for p in pictures])}


def look_of(visual: Any) -> Look | None:
    """How a tower looks at pictures, where that is one of the two usual ways."""
    from open_clip.transform import PreprocessCfg

    told = PreprocessCfg(**visual.preprocess_cfg)
    height, width = told.size if isinstance(told.size, tuple | list) else (told.size, told.size)
    usual = told.interpolation in ("bicubic", "bilinear") and told.resize_mode in (
        "shortest",
        "squash",
    )
    if height != width or not usual:
        return None
    bilinear, squash = told.interpolation == "bilinear", told.resize_mode == "squash"
    return Look(int(height), bilinear, squash, tuple(told.mean), tuple(told.std))
