"""Videos in the cells of their key frames, then the moments of their sound.

A cell is described by the mean of itself and its whole frame: alone it says little about which
frame of a clip is meant, and what it says it says in a space that was learned on whole pictures.
The mean over a frame's cells stays the frame's own vector.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from xmr_core.encoders import Encoder
from xmr_core.encoders.areas import coarser
from xmr_core.encoders.audio import AudioEncoder
from xmr_core.encoders.image import ImageEncoder
from xmr_core.encoders.soundmap import sound_map
from xmr_core.encoders.video import VideoEncoder, shots
from xmr_core.explain.explanation import Erased, Side
from xmr_core.explain.sides.audio import moments
from xmr_core.explain.sides.coarse import across
from xmr_core.explain.sides.erasing import erase_again
from xmr_core.explain.sides.image import Gridded
from xmr_core.explain.sides.source import Source
from xmr_core.indexing.labels import clock
from xmr_core.media import Floats, Image, Modality, Video
from xmr_core.space import JointSpace

_MOST_CELLS = 1600  # of all frames together: more frames have fewer cells each
_BATCH = 8  # frames whose full grids are held


def _gridded(video: Video, space: JointSpace) -> Side:
    encoder: Any = space.encoders[Modality.VIDEO]
    grids = _grids(video, encoder.image)  # (t, gy, gx, m_image)
    t, rows, columns, _ = grids.shape
    whole = grids.mean(axis=(1, 2))  # (t, m_image)
    cells = (grids + whole[:, None, None]) / 2
    heard, spans, share = _heard(video, encoder.audio)
    count = t * rows * columns
    features = np.zeros((count + len(heard), encoder.dim), np.float32)
    features[:count, : encoder.image.dim] = cells.reshape(count, -1)
    features[count:, encoder.image.dim :] = heard
    pooled = np.concatenate([whole.mean(axis=0), _pooled_sound(video, encoder.audio)])
    shot = shots(video)
    frames = [Image(frame) for frame in video.frames]
    labels = [clock(low) for low in shot[:, 0] for _ in range(rows * columns)]
    labels += [f"sound {clock(low)}" for low in spans[:, 0]]
    return Side(
        video,
        features,
        # each half of the features has a mean of its own
        np.concatenate([np.full(count, 1 / count, np.float32), share]),
        pooled,
        np.concatenate([boxes_of(shot, rows, columns), across(spans[:, :, None], [1, 1])]),
        tuple(labels),
        (t, rows, columns),
        erased=_without_squares(frames, pooled, encoder.image, grids, len(heard)),
    )


def _without_squares(
    frames: Sequence[Image], whole: Floats, encoder: Encoder[Image], grids: Floats, others: int
) -> Erased | None:
    """The video without squares of its frames, where the encoder is quick enough.

    Args:
        frames: t of them.
        whole: f32 (m,), features.
        encoder: of the frames.
        grids: their cells, f32 (t, rows, columns, m_image).
        others: parts after the cells, of which nothing is taken away.
    """
    if not isinstance(encoder, ImageEncoder):
        return None
    t, rows, columns, _ = grids.shape
    shares = np.full(t, 1 / t, np.float32)
    made = erase_again(frames, shares, whole, (rows, columns), encoder)
    return made and replace(made, gone=np.pad(made.gone, ((0, 0), (0, others))))


def boxes_of(spans: Floats, rows: int, columns: int) -> Floats:
    """Boxes (t · rows · columns, 2, 3) of the cells of pictures that stand for spans (t, 2).

    >>> boxes_of(np.array([[3, 4]], np.float32), 1, 2).tolist()
    [[[3.0, 0.0, 0.0], [4.0, 1.0, 0.5]], [[3.0, 0.0, 0.5], [4.0, 1.0, 1.0]]]
    """
    boxes = np.empty((len(spans), rows, columns, 2, 3), np.float32)
    boxes[..., 0] = spans[:, None, None]
    y, x = np.arange(rows)[:, None], np.arange(columns)
    for corner in (0, 1):
        boxes[..., corner, 1] = (y + corner) / rows
        boxes[..., corner, 2] = (x + corner) / columns
    return boxes.reshape(-1, 2, 3)


def _grids(video: Video, encoder: Gridded) -> Floats:
    """Cells of every key frame, f32 (t, gy, gx, m)."""
    t = len(video.frames)
    side = max(1, int(np.sqrt(_MOST_CELLS / t)))
    batches = [
        coarser(np.stack(encoder.grid([Image(f) for f in video.frames[at : at + _BATCH]])), side)
        for at in range(0, t, _BATCH)
    ]
    return np.concatenate(batches)


def _heard(video: Video, encoder: Encoder[Any]) -> tuple[Floats, Floats, Floats]:
    """Features (s, m_audio), spans (s, 2) and shares (s,) of the moments of the sound, if any."""
    if video.sound is None or not isinstance(encoder, AudioEncoder):
        return (
            np.zeros((0, encoder.dim), np.float32),
            np.zeros((0, 2), np.float32),
            np.zeros(0, np.float32),
        )
    heard = sound_map(video.sound)
    return heard.features.mean(axis=1), heard.spans, moments(heard)


def _pooled_sound(video: Video, encoder: Encoder[Any]) -> Floats:
    if video.sound is None:
        return np.zeros(encoder.dim, np.float32)
    return encoder.encode([video.sound])[0].pooled


def _has_grid(encoder: Encoder[Any]) -> bool:
    return isinstance(encoder, VideoEncoder) and hasattr(encoder.image, "grid")


GRIDDED = Source(_has_grid, _gridded)
