"""Sounds in seconds × bands: what the aiSFX network's map holds around each moment.

A part is 0.19 seconds by an eighth of the mel bands or less, described by the windows around
it (see `xmr_core.encoders.soundmap`); of sounds of more than a minute and a half it is a window
of 2.3 seconds, as the encoder, and so a library, has it. The encoder takes maxima, so that no
mean of the parts is the whole: the weights share it out evenly among the moments at which there
is any sound, as the encoder does among its windows.
"""

import itertools
from typing import Any

import numpy as np

from xmr_core.encoders import Encoder
from xmr_core.encoders.audio import BANDS, AudioEncoder
from xmr_core.encoders.soundmap import (
    MAP_BANDS,
    MOST_STEPS,
    STEP,
    SoundMap,
    levels_of,
    sound_map,
)
from xmr_core.explain.explanation import Side
from xmr_core.explain.sides.source import Source
from xmr_core.indexing.labels import clock
from xmr_core.media import Audio, Floats, Modality
from xmr_core.space import JointSpace

LONG = MOST_STEPS * STEP  # seconds: longer sounds are told by the encoder's own windows
_TOP = 22_050.0  # Hz, where the highest mel band ends


def _mapped(audio: Audio, space: JointSpace) -> Side:
    (whole,) = space.encoders[Modality.AUDIO].encode([audio])
    if audio.seconds > LONG:
        return by_windows(audio, whole.pooled, whole.parts, whole.boxes[:, :, 0])
    return _side(audio, whole.pooled, sound_map(audio))


def by_windows(audio: Audio, pooled: Floats, windows: Floats, spans: Floats) -> Side:
    """A long sound by the windows that its encoder pooled; nothing of it is encoded.

    Within a window the bands differ by their loudness alone.

    Args:
        audio: the sound.
        pooled: f32 (m,), the whole.
        windows: f32 (t, m).
        spans: f32 (t, 2), seconds; where one begins before the last has ended, it is shown
            from there.
    """
    spans = spans.copy()
    spans[1:, 0] = np.maximum(spans[1:, 0], spans[:-1, 1])
    levels = levels_of(audio, spans)
    features = np.repeat(windows[:, None], MAP_BANDS, axis=1)
    return _side(audio, pooled, SoundMap(features, spans, np.asarray(levels.any(axis=1)), levels))


def _side(audio: Audio, pooled: Floats, heard: SoundMap) -> Side:
    steps, bands, m = heard.features.shape
    high = BANDS // MAP_BANDS * np.arange(1, bands + 1)
    boxes = np.zeros((steps, bands, 2, 2), np.float32)
    boxes[..., 0] = heard.spans[:, None]  # seconds
    boxes[..., 0, 1], boxes[..., 1, 1] = high - BANDS // MAP_BANDS, high
    names = band_names(bands)
    return Side(
        audio,
        heard.features.reshape(-1, m),
        np.repeat(moments(heard) / bands, bands).astype(np.float32),
        pooled,
        boxes.reshape(-1, 2, 2),
        tuple(f"{clock(low)}, {name}" for low in heard.spans[:, 0] for name in names),
        (steps, bands),
        levels=heard.levels.reshape(-1),
    )


def moments(heard: SoundMap) -> Floats:
    """The share of each span of a map in the whole, f32 (t,): those with sound alike, others 0."""
    counted = heard.loud if heard.loud.any() else np.ones_like(heard.loud)
    lengths = np.maximum(heard.spans[:, 1] - heard.spans[:, 0], 1e-6) * counted  # (t,)
    return np.asarray(lengths / lengths.sum(), np.float32)


def band_names(bands: int) -> list[str]:
    """What frequencies each of so many even groups of the mel bands holds, low ones first.

    >>> band_names(3)
    ['0–1.5 kHz', '1.5–6.4 kHz', '6.4–22 kHz']
    """
    edges = 700 * np.expm1(np.arange(bands + 1) / bands * np.log1p(_TOP / 700)) / 1000
    told = [f"{edge:.2g}" for edge in edges]
    return [f"{low}–{high} kHz" for low, high in itertools.pairwise(told)]


def _has_map(encoder: Encoder[Any]) -> bool:
    return isinstance(encoder, AudioEncoder)


MAPPED = Source(_has_map, _mapped)
