"""Where in a sound, and how high, the aiSFX network hears what it hears.

The network's last block is a map of twelve bands by steps of 0.19 seconds; the encoder takes
the mean over the bands and the maximum over the twelve steps of a window. Nothing in the
network asks for a window, so it runs over the whole sound at once, and windows of any length
around any step are the maximum of a few columns of the map. A window of two seconds knows
best what it hears, one of half a second where that is: a cell is described by the mean of
both and of one between. A band is told apart by giving it and its neighbours a third of the
weight and the whole step the rest, for a window in which only some bands are left is a robot
to the network.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt

from xmr_core.encoders.audio import (
    BANDS,
    FFT,
    FRAMES,
    HOP,
    RATE,
    in_air,
    log_mel,
    prepare,
)
from xmr_core.encoders.soundnet import EMBEDDING, map_graph, named
from xmr_core.media import Audio, Floats

STEP_FRAMES = 8  # log-mel frames of a step: three halvings
STEP = STEP_FRAMES * HOP / RATE  # seconds
MAP_BANDS = BANDS // STEP_FRAMES
MOST_STEPS = 512  # a minute and a half; longer sounds are told by whole windows, and runs of them
_SCALES = (3, 6, 12)  # steps of the windows around a step
_BAND = np.float32(1 / 3)  # weight of a band and its neighbours, beside the whole step
_WINDOW = FRAMES // STEP_FRAMES  # steps of the encoder's own window
_CHUNK = 4 * _WINDOW  # steps in one run of the graph
_MARGIN = 5  # steps beside a chunk that its own can see
_AT_ONCE = 8  # chunks whose maps are held
_SAMPLED = 4  # steps of a long span that its loudness is measured on
_RIPPLE = np.float32(0.02)  # of log-mel values: the air alone is at times so much louder
_FAINT = 0.05  # of the loudest of all: what is quieter is not made louder beside it
_QUIET = 1e-3  # of the sound's peak: what is below it is silence, as for the encoder


@dataclass(frozen=True, slots=True, eq=False)
class SoundMap:
    """What is heard when, and how high.

    Attributes:
        features: f32 (t, 12, m), in the encoder's own feature space; the last but one axis is
            the bands, low ones first.
        spans: f32 (t, 2), seconds.
        loud: bool (t,), whether there is any sound.
        levels: f32 (t, 12), how loud, as decibels above the air behind the sound: 0…1 of the
            loudest within a second or so.
    """

    features: Floats
    spans: Floats
    loud: npt.NDArray[np.bool_]
    levels: Floats


def sound_map(audio: Audio) -> SoundMap:
    """The map of a sound of any length, in at most ``MOST_STEPS`` spans.

    Sounds of up to a minute and a half have a span each 0.19 seconds; longer ones one for
    each window of 2.2 seconds, or for the mean of as many of those as it takes.
    """
    samples = prepare(audio)
    there = int(np.ceil(audio.seconds / STEP - 1e-6))  # a short sound is repeated to fill a window
    frames = 1 + len(samples) // HOP
    steps = max(1, min(frames // STEP_FRAMES, there))
    if steps <= MOST_STEPS:
        size = 1
        features = _fine(np.concatenate(list(_maps(samples, frames))))[:steps]
    else:
        size = _WINDOW * -(-steps // (_WINDOW * MOST_STEPS))
        features = _coarse(_maps(samples, frames), size)
    spans = np.minimum(np.arange(len(features))[:, None] * size + np.array([0, size]), steps) * STEP
    spans[-1, 1] = max(audio.seconds, spans[-1, 0])
    edges = (np.arange(len(features) + 1) * size * STEP_FRAMES * HOP).clip(max=len(samples))
    loud = np.array(
        [np.abs(samples[a:b]).max(initial=0) > _QUIET for a, b in itertools.pairwise(edges)]
    )
    spans = np.minimum(spans, max(audio.seconds, 0)).astype(np.float32)
    steps_at = np.minimum(np.arange(len(features) + 1) * size, steps)
    return SoundMap(features, spans, loud, _levels(samples, steps_at))


def levels_of(audio: Audio, spans: Floats) -> Floats:
    """How loud each band is in spans f32 (s, 2) of seconds that tile a sound: f32 (s, 12)."""
    edges = np.append(spans[:, 0], spans[-1:, 1]) / STEP
    return _levels(prepare(audio), np.rint(edges).astype(int))


def _fine(cells: Floats) -> Floats:
    """Maps (t, 12, 512) → features (t, 12, m): the mean over windows of several lengths.

    Neighbouring steps are averaged: a single window may by chance be near to anything.
    """
    blended = _blend(cells)
    total = np.zeros((len(cells), cells.shape[1], 1), np.float32)
    for size in _SCALES:
        total = total + _named(_windows(blended, size))
    padded = np.pad(total, ((1, 1), (0, 0), (0, 0)), mode="edge")
    smooth = padded[:-2] + padded[1:-1] + padded[2:]
    return np.asarray(smooth / np.float32(3 * len(_SCALES)), np.float32)


def _coarse(maps: Iterator[Floats], size: int) -> Floats:
    """Maps (c, 12, 512), one after the other → features (t, 12, m) of ``size`` steps each.

    Windows lie back to back, as the encoder's do, and a span has the mean of its windows.
    """
    sums: list[Floats] = []
    counts: list[int] = []
    at = 0
    for cells in maps:
        blended = _blend(cells)
        for low in range(0, len(blended), _WINDOW):
            window = blended[low : low + _WINDOW].max(axis=0)  # (12, 512)
            if (at + low) // size == len(sums):
                sums.append(np.zeros_like(window))
                counts.append(0)
            sums[-1] += window
            counts[-1] += 1
        at += len(blended)
    return _named(np.stack(sums) / np.array(counts, np.float32)[:, None, None])


def _levels(samples: Floats, edges: npt.NDArray[np.intp]) -> Floats:
    """How loud each band is between steps (s + 1,): f32 (s, 12), 0…1.

    Measured on the network's own log-mel frames, of long spans on a few steps of each, beside
    the loudest of a window around: a quiet sound that follows a loud one is heard too.
    """
    from scipy.ndimage import maximum_filter1d

    last = (1 + len(samples) // HOP) // STEP_FRAMES - 1
    some = np.linspace(edges[:-1], np.maximum(edges[1:] - 1, edges[:-1]), _SAMPLED)  # (n, s)
    steps, where = np.unique(np.minimum(some.round().astype(int), last), return_inverse=True)
    measured = np.concatenate(list(_measured(samples, steps)))  # (u, 12)
    levels = measured[where.reshape(some.shape)].mean(axis=0)  # (s, 12)
    levels = np.maximum(levels - _air_level() - _RIPPLE, 0)
    reach = _WINDOW // (2 * max(int(edges[1] - edges[0]), 1))  # spans to either side
    near = maximum_filter1d(levels.max(axis=1), 2 * reach + 1)[:, None]  # (s, 1)
    return np.asarray(levels / np.maximum(near, max(_FAINT * near.max(), 1e-6)), np.float32)


def _measured(samples: Floats, steps: npt.NDArray[np.intp]) -> Iterator[Floats]:
    """The log-mel values of steps in each band, f32 (u, 12), some at a time."""
    for first in range(0, len(steps), _CHUNK):
        starts = steps[first : first + _CHUNK] * STEP_FRAMES
        pieces = [_heard(samples, start, start + STEP_FRAMES) for start in starts.tolist()]
        # between two pieces lies one frame of both
        rows = log_mel(np.concatenate([*pieces, np.zeros(HOP, np.float32)]))
        rows = rows.reshape(len(pieces), STEP_FRAMES + 1, BANDS)[:, :STEP_FRAMES]
        yield rows.reshape(len(pieces), STEP_FRAMES, MAP_BANDS, -1).mean(axis=(1, 3))


@lru_cache(maxsize=1)
def _air_level() -> Floats:
    """What is measured of silence: f32 (12,)."""
    frames = log_mel(in_air(np.zeros((FRAMES - 1) * HOP + FFT, np.float32)))
    return np.asarray(frames.mean(axis=0).reshape(MAP_BANDS, -1).mean(axis=1), np.float32)


def _blend(cells: Floats) -> Floats:
    """Each band in its step: (t, 12, 512) → (t, 12, 512); see above."""
    padded = np.pad(cells, ((0, 0), (1, 1), (0, 0)), mode="edge")
    near = (padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]) / 3
    return np.asarray(_BAND * near + (1 - _BAND) * cells.mean(axis=1, keepdims=True), np.float32)


def _windows(cells: Floats, size: int) -> Floats:
    """Maxima over windows of ``size`` steps around each step: (t, 12, 512) → (t, 12, 512)."""
    before = size // 2
    padded = np.pad(cells, ((before, size - 1 - before), (0, 0), (0, 0)), mode="edge")
    result = padded[: len(cells)].copy()
    for shift in range(1, size):
        np.maximum(result, padded[shift : shift + len(cells)], out=result)
    return result


def _named(embeddings: Floats) -> Floats:
    """Embeddings (t, 12, 512) → features (t, 12, m)."""
    rows = np.ascontiguousarray(embeddings, np.float32).reshape(-1, EMBEDDING)
    return np.asarray(named(rows).reshape(*embeddings.shape[:2], -1), np.float32)


def _maps(samples: Floats, frames: int) -> Iterator[Floats]:
    """The map of samples with a peak of one, (c, 12, 512) at a time; memory stays bounded."""
    steps = frames // STEP_FRAMES
    starts = range(0, steps, _CHUNK)

    def log_mels(start: int) -> dict[str, Floats]:
        low, high = max(start - _MARGIN, 0), start + _CHUNK + _MARGIN
        last = high * STEP_FRAMES if high < steps else frames
        return {"blocks": log_mel(_heard(samples, low * STEP_FRAMES, last))[None]}

    for first in range(0, len(starts), _AT_ONCE):
        some = starts[first : first + _AT_ONCE]
        runs = map_graph().each("cells", [partial(log_mels, start) for start in some])
        for start, cells in zip(some, runs, strict=True):
            before = min(start, _MARGIN)
            yield cells[0, before : before + min(_CHUNK, steps - start)]


def _heard(samples: Floats, first: int, last: int) -> Floats:
    """The samples under frames ``first`` … ``last`` − 1 as the network hears them.

    Frame i is centred on sample i · 1024; beyond the sound there is nothing.
    """
    low, high = first * HOP - FFT // 2, (last - 1) * HOP + FFT // 2
    start, end = max(low, 0), min(high, len(samples))
    inside = in_air(samples[start:end], start)
    return np.pad(inside, (start - low, high - end))
