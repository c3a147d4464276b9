"""Sounds, videos and meshes by the coarse parts that every encoder gives: windows, frames, views.

What is left for encoders that show nothing finer of themselves.
"""

from typing import Any

import numpy as np

from xmr_core.encoders.audio import BANDS
from xmr_core.explain.explanation import Side
from xmr_core.explain.sides.source import Source
from xmr_core.indexing.labels import clock
from xmr_core.media import Audio, Floats, Mesh, Modality, Video
from xmr_core.space import JointSpace

_STRETCHES = 24  # of a sound at most: each is encoded as a sound of its own
_SHORTEST = 1.0  # seconds of one


def _audio(audio: Audio, space: JointSpace) -> Side:
    """Stretches of a sound, each encoded as a sound; the encoder's own windows where those do."""
    encoder: Any = space.encoders[Modality.AUDIO]
    (whole,) = encoder.encode([audio])
    parts, spans = whole.parts, whole.boxes[:, :, 0]
    if len(parts) < _STRETCHES and audio.seconds > _SHORTEST:
        spans = stretches(audio.seconds)
        # a stretch is heard with half of either neighbour: a second says little by itself
        around = spans + (spans[:, 1] - spans[:, 0])[:, None] * np.array([-0.5, 0.5])
        cuts = np.clip(np.rint(around * audio.rate), 0, len(audio.samples)).astype(int)
        heard = encoder.encode([Audio(audio.samples[a:b], audio.rate) for a, b in cuts])
        parts = np.stack([one.pooled for one in heard])
    boxes = across(spans[:, :, None].astype(np.float32), [BANDS])
    labels = tuple(clock(low) for low in spans[:, 0])
    return Side(audio, parts, _even(len(parts)), whole.pooled, boxes, labels, (len(parts), 1))


def stretches(seconds: float) -> Floats:
    """Spans f32 (p, 2) of a second or more that tile a sound.

    >>> stretches(2.5).round(2).tolist()
    [[0.0, 1.25], [1.25, 2.5]]
    """
    edges = np.linspace(0, seconds, int(np.clip(seconds / _SHORTEST, 1, _STRETCHES)) + 1)
    return np.stack([edges[:-1], edges[1:]], axis=1).astype(np.float32)


def _mesh(mesh: Mesh, space: JointSpace) -> Side:
    (whole,) = space.encoders[Modality.MESH].encode([mesh])
    p = len(whole.parts)
    boxes = across(whole.boxes, [1, 1])
    labels = tuple(f"view {int(low) + 1}" for low in whole.boxes[:, 0, 0])
    return Side(mesh, whole.parts, _even(p), whole.pooled, boxes, labels, (p, 1, 1))


def _video(video: Video, space: JointSpace) -> Side:
    encoder: Any = space.encoders[Modality.VIDEO]
    (whole,) = encoder.encode([video])
    seen = min(len(video.frames), len(whole.parts))  # frames come before sounds
    heard = len(whole.parts) - seen
    labels = [clock(low) for low in whole.boxes[:seen, 0, 0]]
    labels += [f"sound {clock(low)}" for low in whole.boxes[seen:, 0, 0]]
    return Side(
        video,
        whole.parts,
        np.concatenate([_even(seen), _even(heard)]),  # each half of the features has its own mean
        whole.pooled,
        across(whole.boxes, [1, 1]),
        tuple(labels),
        (seen, 1, 1),
    )


def across(boxes: Floats, sizes: list[int]) -> Floats:
    """Boxes (p, 2, 1) made to reach over whole further axes of these sizes: (p, 2, 1 + s).

    >>> across(np.array([[[2], [3]]], np.float32), [1, 1]).tolist()
    [[[2.0, 0.0, 0.0], [3.0, 1.0, 1.0]]]
    """
    more = np.zeros((len(boxes), 2, len(sizes)), np.float32)
    more[:, 1] = sizes
    return np.concatenate([boxes, more], axis=2)


def _even(count: int) -> Floats:
    return np.full(count, 1 / max(count, 1), np.float32)


AUDIO = Source(lambda _: True, _audio)
VIDEO = Source(lambda _: True, _video)
MESH = Source(lambda _: True, _mesh)
