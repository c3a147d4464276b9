"""Taking bands and spans out of a sound."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from xmr_core.encoders.audio import BANDS
from xmr_core.media import Audio, Floats

_FRAME = 2048  # samples that a sound is filtered in
_HOP = 512
_TOP = 22_050.0  # Hz, where the mel bands end
_AT_ONCE = 512  # frames of a sound: bounds memory for long ones


def mute(audio: Audio, boxes: Floats) -> Audio:
    """A sound without boxes f32 (r, 2, 2) of (seconds, mel bands); the rest stays as it is.

    Bands are those of the encoder: 96 from 0 to 22,050 Hz, evenly spaced in mel.
    """
    samples = np.asarray(audio.samples, np.float32)
    lows = np.arange(-_FRAME + _HOP, len(samples), _HOP)  # first samples of the frames
    # frames over an end of the sound belong to what lies there
    middles = np.clip((lows + _FRAME / 2) / audio.rate, 0, audio.seconds * (1 - 1e-6))
    inside = (middles >= boxes[:, 0, 0, None]) & (middles < boxes[:, 1, 0, None])  # (r, t)
    touched = np.flatnonzero(inside.any(axis=0))
    if not len(touched):
        return audio
    window = np.hanning(_FRAME + 1)[:-1]
    band = _bands(audio.rate)  # (bins,)
    covered = (band >= boxes[:, 0, 1, None]) & (band < boxes[:, 1, 1, None])  # (r, bins)
    padded = np.pad(samples.astype(np.float64), _FRAME)
    rebuilt = np.zeros_like(padded)
    share = np.zeros_like(padded)  # of each sample that the touched frames stand for
    for first in range(0, len(touched), _AT_ONCE):
        some = touched[first : first + _AT_ONCE]
        places = lows[some, None] + _FRAME + np.arange(_FRAME)  # (t, 2048)
        spectrum = np.fft.rfft(padded[places] * window)
        keep = ~(inside[:, some].T.astype(np.uint8) @ covered.astype(np.uint8)).astype(bool)
        frames = np.fft.irfft(spectrum * keep, _FRAME) * window
        np.add.at(rebuilt, places, frames)
        np.add.at(share, places, np.broadcast_to(window**2, places.shape))
    whole = 1.5 * _FRAME / _HOP / 4  # of the squared windows over each sample: 3/8 · 2048 / 512
    left = np.clip(1 - share / whole, 0, 1)
    left[left < 1e-6] = 0  # so that silence is silence
    heard = (rebuilt / whole + padded * left)[_FRAME:-_FRAME]
    return replace(audio, samples=heard.astype(np.float32))


def _bands(rate: int) -> npt.NDArray[np.float64]:
    """The mel band, as a real number, of each bin of a frame's spectrum: (1025,).

    A band's own frequency lies in the middle of its box; what is above the top is in the last.
    """
    hertz = np.fft.rfftfreq(_FRAME, 1 / rate)
    mel = np.log1p(hertz / 700) / np.log1p(_TOP / 700)
    return np.asarray(np.clip(mel * (BANDS + 1) - 0.5, 0, BANDS - 1e-6))
