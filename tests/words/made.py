"""Small media with words in them."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from xmr_core import readers
from xmr_core.media import Item


def font(size):
    return ImageFont.load_default(size)


def sign(path, words, size=36, turn=0):
    """A picture of a line of writing in the upper half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGB", (640, 400), (235, 230, 220))
    ImageDraw.Draw(picture).text((60, 80), words, font=font(size), fill=(30, 30, 60))
    picture.rotate(turn, fillcolor=(235, 230, 220)).save(path)
    return path


def film(path, shown, subtitles=()):
    """A video that shows one line of words a second for three seconds each, with subtitles."""
    import av

    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as box:
        stream = box.add_stream("mpeg4", rate=4)
        stream.width, stream.height, stream.pix_fmt = 640, 400, "yuv420p"
        stream.bit_rate = 2_000_000
        for number, words in enumerate(shown):
            picture = Image.new("RGB", (640, 400), (20 + 60 * number, 40, 90))
            ImageDraw.Draw(picture).text((60, 150), words, font=font(40), fill="white")
            for _ in range(12):
                for packet in stream.encode(av.VideoFrame.from_ndarray(np.array(picture))):
                    box.mux(packet)
        for packet in stream.encode():
            box.mux(packet)
    return path


def item(path: Path) -> Item:
    return Item(1, path.parent, path.name, readers.detect(path), 1, 0.0, "", path.name, {})
