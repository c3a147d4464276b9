"""What CLAP's map of a sound holds at each moment, in low and high bands.

The audio tower, a Swin transformer (Chen et al., "HTS-AT", ICASSP 2022), ends in a map of
time by frequency whose mean, projected, is the vector of a window of ten seconds. Here each
cell of the map is projected by itself: what the model would say of a sound that is this
cell all the time. A sound shorter than a window fills it by repeating itself; what its
repetitions say of a moment is averaged, and so is what overlapping windows say.

Letters of shapes: t moments, f bands, w windows, m numbers of CLAP's vectors.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from xmr_core.encoders.clap import SECONDS, ClapEncoder, window_starts
from xmr_core.media import Audio, Floats

_MOST = 400  # moments of a sound: of long ones they are longer
_BATCH = 8


@dataclass(frozen=True, slots=True, eq=False)
class ClapMap:
    """A sound in moments × bands.

    Attributes:
        features: f32 (t, f, m), unit vectors; low bands first.
        spans: f32 (t, 2), seconds.
        hertz: f32 (f + 1,), edges of the bands; above the last the model hears nothing.
    """

    features: Floats
    spans: Floats
    hertz: Floats


def clap_map(encoder: ClapEncoder, audio: Audio) -> ClapMap:
    """Take a sound apart."""
    samples = encoder.prepare(audio)
    starts = window_starts(len(samples) / encoder.rate)
    length = min(len(samples) / encoder.rate, starts[-1] + SECONDS)  # a short rest is not heard
    total: npt.NDArray[np.float64] | None = None
    for first in range(0, len(starts), _BATCH):
        some = starts[first : first + _BATCH]
        for start, cells in zip(some, _maps(encoder, samples, some), strict=True):
            steps = cells.shape[0]
            if total is None:
                moments = int(np.clip(length * steps / SECONDS, 1, _MOST))
                total = np.zeros((moments, *cells.shape[1:]))
            places = moments_of(start, steps, length, moments)
            known = places >= 0
            np.add.at(total, places[known], cells[known])
    assert total is not None  # noqa: S101 - a sound has one window at least
    features = total / np.maximum(np.linalg.norm(total, axis=2, keepdims=True), 1e-12)
    edges = np.linspace(0, max(min(audio.seconds, length), 1e-3), len(total) + 1, dtype=np.float32)
    return ClapMap(
        features.astype(np.float32),
        np.stack([edges[:-1], edges[1:]], axis=1),
        encoder.band_edges(total.shape[1]),
    )


def moments_of(start: float, steps: int, length: float, moments: int) -> npt.NDArray[np.intp]:
    """The moment of a sound that each step of a window's map is of, or −1 for none.

    Args:
        start: of the window, in seconds.
        steps: of its map, in ten seconds.
        length: of the sound, in seconds; one shorter than the window is repeated in it as
            often as it fits, and silence follows.
        moments: that the sound has, of one length.

    Returns:
        (steps,).

    >>> moments_of(0.0, 5, 4.0, 2).tolist()  # its middles are 1, 3, 5, 7 and 9 seconds
    [0, 1, 0, 1, -1]
    """
    at = (np.arange(steps) + 0.5) * SECONDS / steps  # seconds in the window
    if length < SECONDS:
        there = at < length * int(SECONDS / length)
        at = at % length
    else:
        at = at + start
        there = at < length
    places = np.minimum((at / length * moments).astype(np.intp), moments - 1)
    return np.where(there, places, -1)


def _maps(encoder: ClapEncoder, samples: Floats, starts: list[float]) -> Floats:
    """Projected cells of windows, f32 (w, steps, f, m), unit vectors."""
    network = encoder.network
    with torch.inference_mode():
        found = network.audio_model(**encoder.inputs(samples, starts)).last_hidden_state
        cells = network.audio_projection(found.permute(0, 3, 2, 1))  # (w, steps, f, m)
        return np.asarray(functional.normalize(cells.float(), dim=-1).cpu().numpy(), np.float32)
