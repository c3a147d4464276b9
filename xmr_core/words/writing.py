"""Writing in pictures and videos, read by PP-OCRv6 through RapidOCR.

The models (Apache-2.0, PaddleOCR's, small) lie in RapidOCR's package; the library is told
where, so that it never asks its server. Detection finds lines of any turn, a classifier those
that stand on their head, and recognition knows Latin letters with their accents, Chinese and
Japanese. Of single letters and doubtful lines nothing is kept: to a detector of writing the
frets of a guitar are one.
"""

import difflib
import functools
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core import readers
from xmr_core.catalogue import Line
from xmr_core.encoders.onnx import threads
from xmr_core.indexing import Found
from xmr_core.media import Bytes, Image, Item, Modality
from xmr_core.readers import LIMITS
from xmr_core.wording import tokens, unspaced
from xmr_core.words.frames import frames

_SIDE = 2048  # pixels of the longer side: small print of a page is lost in the reader's 1,024
_SURE = 0.8  # of a line; below it are windows, leaves and fur
_LETTERS = 2
_SAME = 0.75  # of two readings of one line in neighbouring frames
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Read:
    """A line of writing.

    Attributes:
        text: as it was read.
        low, high: corners (y, x) of the box around it, 0…1 of the picture.
        confidence: of the recognition, 0…1.
    """

    text: str
    low: tuple[float, float]
    high: tuple[float, float]
    confidence: float


class Writing:
    """Lines of the field ``written``, with their place in a picture or their time in a video."""

    name = "writing"
    version = "1"
    modalities = frozenset({Modality.IMAGE, Modality.VIDEO})
    fields: tuple[str, ...] = ("written",)
    kinds: tuple[str, ...] = ()
    threads = 1  # the models have threads of their own

    def look(self, item: Item) -> Found:
        """Read one picture or video."""
        if item.modality is Modality.VIDEO:
            return Found(over_time((second, read(pixels)) for second, pixels in frames(item.file)))
        picture = readers.read(item.file, replace(LIMITS, image_side=_SIDE, enough_side=_SIDE))
        if not isinstance(picture, Image):
            return Found()  # the file is another one by now
        return Found(
            [Line("written", r.text, r.low, r.high, r.confidence) for r in read(picture.pixels)]
        )


def read(pixels: Bytes) -> list[Read]:
    """The lines of writing in a picture u8 (H, W, 3), from top to bottom."""
    from rapidocr.utils.process_img import ResizeImgError

    with _lock:  # one call at a time: the library keeps a call's settings in itself
        try:
            found = _engine()(np.ascontiguousarray(pixels[..., ::-1]))
        except ResizeImgError:  # a strip that is no letter high once its length fits
            return []
    if found.boxes is None or not found.txts:
        return []
    height, width = pixels.shape[:2]
    lines = []
    for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        low = np.clip(box.min(axis=0) / (width, height), 0, 1).tolist()  # (x, y)
        high = np.clip(box.max(axis=0) / (width, height), 0, 1).tolist()
        if score >= _SURE and worth(text):
            corners = (low[1], low[0]), (high[1], high[0])
            lines.append(Read(" ".join(text.split()), *corners, float(score)))
    return lines


def worth(text: str) -> bool:
    """Whether a line is long enough to be writing.

    >>> worth("EXIT"), worth("出口"), worth("|"), worth("O ."), worth("7:40")
    (True, True, False, False, True)
    """
    letters = [c for c in text if c.isalnum()]
    return len(letters) >= _LETTERS and len(set(letters)) > 1


def over_time(looks: Iterable[tuple[float, Sequence[Read]]]) -> list[Line]:
    """Lines of a video from those of its frames: what stays is one line, from when to when.

    Args:
        looks: seconds and lines of frames, in order.
    """
    done: list[Line] = []
    there: list[Line] = []
    for second, lines in looks:
        stay: list[Line] = []
        for line in lines:
            old = next((o for o in there if _same(o.text, line.text)), None)
            if old is None:
                stay.append(Line("written", line.text, (second,), (second,), line.confidence))
                continue
            there.remove(old)
            best = old.text if old.confidence >= line.confidence else line.text
            sure = max(old.confidence, line.confidence)
            stay.append(Line("written", best, old.low, (second,), sure))
        done += there
        there = stay
    return sorted(done + there, key=lambda line: line.low)


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    return difflib.SequenceMatcher(None, key(one), key(other)).ratio() >= _SAME


def key(text: str) -> str:
    """What two readings of one line share.

    >>> key("No  smoking!") == key("no smoking")
    True
    """
    return ("" if unspaced(text) else " ").join(tokens(text))


@functools.cache
def _engine() -> Any:
    """RapidOCR with the models of its own package."""
    from rapidocr import RapidOCR

    models = Path(str(files("rapidocr"))) / "models"
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "Cls.model_path": str(models / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
            "EngineConfig.onnxruntime.intra_op_num_threads": threads(),
        }
    )
