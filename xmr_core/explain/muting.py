"""Taking bands and spans out of a sound."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from xmr_core.encoders.audio import BANDS
from xmr_core.media import Audio, Floats

_FRAME = 2048  # samples that a sound is filtered in
_HOP = _FRAME // 2
_TOP = 22_050.0  # Hz, where the mel bands end
_AT_ONCE = 512  # frames of a sound: bounds memory for long ones


def mute(audio: Audio, boxes: Floats) -> Audio:
    """A sound without boxes f32 (r, 2, 2) of (seconds, mel bands); the rest stays as it is.

    Bands are those of the encoder: 96 from 0 to 22,050 Hz, evenly spaced in mel.
    """
    import scipy.fft

    samples = np.asarray(audio.samples, np.float32)
    frames = -(-len(samples) // _HOP) + 1  # each of two blocks of samples; they overlap by one
    # frames over an end of the sound belong to what lies there
    middles = np.clip(np.arange(frames) * _HOP / audio.rate, 0, audio.seconds * (1 - 1e-6))
    inside = (middles >= boxes[:, 0, 0, None]) & (middles < boxes[:, 1, 0, None])  # (r, t)
    touched = np.flatnonzero(inside.any(axis=0))
    if not len(touched) or not len(samples):
        return audio
    band = _bands(audio.rate)  # (bins,)
    covered = (band >= boxes[:, 0, 1, None]) & (band < boxes[:, 1, 1, None])  # (r, bins)
    window = np.sin(np.pi * (np.arange(_FRAME) + 0.5) / _FRAME).astype(np.float32)
    blocks = np.pad(samples, (_HOP, frames * _HOP - len(samples))).reshape(frames + 1, _HOP)
    rebuilt, share = np.zeros_like(blocks), np.zeros_like(blocks)
    for first in range(0, len(touched), _AT_ONCE):
        some = touched[first : first + _AT_ONCE]
        cut = np.concatenate([blocks[some], blocks[some + 1]], axis=1)  # (t, 2048)
        gone = inside[:, some].T.astype(np.float32) @ covered.astype(np.float32) > 0  # (t, bins)
        spectrum = scipy.fft.rfft(cut * window, axis=1)
        spectrum[gone] = 0
        kept = scipy.fft.irfft(spectrum, _FRAME, axis=1) * window
        for half, at in ((slice(0, _HOP), some), (slice(_HOP, _FRAME), some + 1)):
            rebuilt[at] += kept[:, half]
            share[at] += window[half] ** 2  # of each sample that the touched frames stand for
    left = np.where(share > 1 - 1e-5, 0, 1 - share)  # so that silence is silence
    heard = (rebuilt + blocks * left).reshape(-1)[_HOP : _HOP + len(samples)]
    return replace(audio, samples=heard.astype(np.float32))


def _bands(rate: int) -> npt.NDArray[np.float64]:
    """The mel band, as a real number, of each bin of a frame's spectrum: (1025,).

    A band's own frequency lies in the middle of its box; what is above the top is in the last.
    """
    hertz = np.fft.rfftfreq(_FRAME, 1 / rate)
    mel = np.log1p(hertz / 700) / np.log1p(_TOP / 700)
    return np.asarray(np.clip(mel * (BANDS + 1) - 0.5, 0, BANDS - 1e-6))
