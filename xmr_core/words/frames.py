"""Frames of a video to read writing in: large, and often enough that no title is missed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from xmr_core import readers
from xmr_core.media import Bytes
from xmr_core.readers import container

_EVERY = 1.5  # seconds
_MOST = 80  # frames of one video
_SIDE = 1280  # pixels of the longer side
_WHOLE = 60.0  # seconds: of longer videos only key frames are decoded
_CELLS = (48, 27)
_STILL = 6.0  # of 255: cells that differ by less show the same


def frames(path: Path) -> Iterator[tuple[float, Bytes]]:
    """Seconds and pixels u8 (H, W, 3) of frames, upright; one that shows what the last one
    showed is left out.

    Raises:
        MediaError: the file cannot be read.
    """
    with readers.known(path) as (source, kind), container.opened(source, kind) as box:
        stream = container.moving(box)
        if stream is None:
            return
        container.check_codec(source, stream)
        length = float(box.duration or 0) / 1e6
        if length > _WHOLE:
            stream.codec_context.skip_frame = "NONKEY"
        step = max(_EVERY, length / _MOST)
        due, before = 0.0, np.full(_CELLS[::-1], -255.0, np.float32)
        for frame in container.decoded(box, stream):
            if frame is None or frame.time is None or frame.time < due:
                continue
            due = float(frame.time) + step
            pixels = container.pixels(frame, _SIDE)
            cells = signature(pixels)
            if np.abs(cells - before).max() < _STILL:
                continue
            before = cells
            turns = round(float(getattr(frame, "rotation", 0) or 0) / 90) % 4
            yield float(frame.time), np.ascontiguousarray(np.rot90(pixels, turns))


def signature(pixels: Bytes) -> np.ndarray:
    """The brightness of a frame's cells, f32 (27, 48)."""
    grey = Image.fromarray(pixels).convert("L").resize(_CELLS, Image.Resampling.BOX)
    return np.asarray(grey, np.float32)
