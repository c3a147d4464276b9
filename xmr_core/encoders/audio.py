"""Sounds → features of sound effects: the aiSFX network.

Weights: aiSFX (Ma and Lerch, "Representation Learning for the Automatic Indexing
of Sound Effects Libraries", ISMIR 2022; CC BY 4.0), a VGG-like network of eight
convolutions over blocks of 100 log-mel frames, trained on libraries of sound
effects. Its embedding is the mean over frequency and the maximum over time of
the last convolution; small classifiers on it name the category of the sound in
the Universal Category System, a vocabulary of everything that sound libraries
hold. The features are the embedding and the logits of those classifiers, side
by side, for the logits carry the vocabulary that a zero-shot head needs.

Those libraries hold full-band recordings at modest levels with the air of a place
behind them. A sound that was cut at 5 kHz, gated or turned up to its peak is a
robot or a cartoon to the network. So every sound comes at one level, over a faint
pink noise 50 dB below its peak: of ten animals' clips (3 to 16 kHz wide) three times
as many then are birds or animals to it, and good recordings stay as they were.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial

import numpy as np

from xmr_core.encoders.soundnet import CLASSIFIERS, EMBEDDING, WEIGHTS, map_graph, named
from xmr_core.media import Audio, Encoding, Floats, Modality
from xmr_core.models import artefact

RATE = 44_100
FFT = 2048
HOP = 1024
BANDS = 96
FRAMES = 100  # of one window: 2.3 seconds
MOST_PARTS = 512
BATCH = 2  # windows in one run of the graph
_HELD = 64  # windows whose maps are held
_LOUDEST = 9.457798957824707  # of the log-mel values of the training data; scales them to 0…1
_LEFTOVER = 10  # frames after the last whole window that are worth a window of their own
_QUIET = 1e-3  # of the sound's peak: windows below it are silence and not pooled
_PEAK = 0.2  # of the sound, as the network hears it
_AIR = 0.0006  # deviation of the noise behind it
_AIR_SAMPLES = 1 << 18  # after which the noise repeats
_FRONT = "logmel-2"  # the pre-processing and pooling, as part of the fingerprint


class AudioEncoder:
    """Sounds to f32 (m,): 512 features of the embedding, then the logits of ``CLASSIFIERS``.

    A part is a window of 2.3 seconds; the last window of a sound ends at its end, and a
    sound shorter than a window is repeated to fill it. The whole is the mean of the
    windows, without those that are silent.
    """

    modality = Modality.AUDIO
    name = "aisfx"

    def __init__(self) -> None:
        self.dim = EMBEDDING + sum(CLASSIFIERS.values())
        self.fingerprint = ":".join([self.name, artefact(WEIGHTS).sha256[:16], _FRONT])

    def encode(self, batch: Sequence[Audio]) -> list[Encoding]:
        """One vector a window and their mean; boxes are in seconds."""
        return [self._encode(audio) for audio in batch]

    def _encode(self, audio: Audio) -> Encoding:
        samples = prepare(audio)
        starts = window_starts(1 + len(samples) // HOP)  # in frames
        heard = in_air(samples)
        features = named(np.concatenate(list(_embeddings(heard, starts))))  # (w, m)
        loud = np.array([_peak(samples, start) for start in starts]) > _QUIET  # (w,)
        pooled = features[loud].mean(axis=0) if loud.any() else features.mean(axis=0)
        step = HOP / RATE
        ends = np.minimum((np.array(starts) + FRAMES) * step, audio.seconds)
        boxes = np.stack([np.minimum(np.array(starts) * step, ends), ends], axis=1)  # (w, 2)
        parts, boxes = _merge(features, boxes.astype(np.float32))
        return Encoding(pooled, parts, boxes[:, :, None])


def window_starts(frames: int) -> list[int]:
    """First frames of the windows of a sound: back to back, and a last one that ends at the end.

    >>> window_starts(250), window_starts(205), window_starts(30)
    ([0, 100, 150], [0, 100], [0])
    """
    starts = list(range(0, frames - FRAMES + 1, FRAMES)) or [0]
    if frames - (starts[-1] + FRAMES) >= _LEFTOVER:
        starts.append(frames - FRAMES)
    return starts


def log_mel(samples: Floats) -> Floats:
    """Log-mel frames in 0…1 of samples f32 (n,) at 44.1 kHz: f32 (t, 96), t = n // 1024 − 1.

    Hann windows of 2048 samples every 1024, power, 96 HTK mel bands whose weights sum
    to one, log10(10⁴ S + 1), over the largest value of the network's training data.
    """
    frames = np.lib.stride_tricks.sliding_window_view(samples, FFT)[::HOP]  # (t, 2048)
    window, mel = _front_end()
    spectrum = np.fft.rfft(frames * window)  # (t, 1025)
    power = spectrum.real**2 + spectrum.imag**2
    return np.asarray(np.log10(power @ mel * 1e4 + 1) / _LOUDEST, np.float32)


def prepare(audio: Audio) -> Floats:
    """Samples at 44.1 kHz, at least one window of them, with a peak of one."""
    samples = np.nan_to_num(audio.samples.astype(np.float32), posinf=0.0, neginf=0.0)
    if audio.rate != RATE and len(samples):
        import soxr

        samples = soxr.resample(samples, audio.rate, RATE)
    needed = FRAMES * HOP - 1
    if len(samples) < needed:
        samples = (
            np.tile(samples, -(-needed // len(samples)))[:needed]
            if len(samples)
            else (np.zeros(needed, np.float32))
        )
    peak = float(np.abs(samples).max())
    return samples / peak if peak > 0 else samples


def in_air(samples: Floats, start: int = 0) -> Floats:
    """Samples with a peak of one (n,) → at the network's level, with the air of a place.

    Args:
        samples: f32 (n,), a sound or a stretch of it.
        start: the place of the first of them in the sound.
    """
    air = np.roll(_air(), -start) if start else _air()
    return samples * np.float32(_PEAK) + np.resize(air, len(samples))


@lru_cache(maxsize=1)
def _air() -> Floats:
    """Pink noise f32 (_AIR_SAMPLES,), the same every time; its end meets its beginning."""
    spectrum = np.fft.rfft(np.random.default_rng(0).standard_normal(_AIR_SAMPLES))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(_AIR_SAMPLES, 1 / RATE), 40.0))
    noise = np.fft.irfft(spectrum, _AIR_SAMPLES)
    return np.asarray(noise * (_AIR / noise.std()), np.float32)


def _window(samples: Floats, start: int) -> Floats:
    """The samples under the frames of the window at frame ``start``, zeros beyond the sound.

    Frame i is centred on sample i · 1024.
    """
    low = start * HOP - FFT // 2
    high = low + (FRAMES - 1) * HOP + FFT
    inside = samples[max(low, 0) : high]
    before = max(-low, 0)
    return np.pad(inside, (before, high - low - before - len(inside)))


def _batches(
    samples: Floats, starts: Sequence[int]
) -> Iterator[Callable[[], Mapping[str, Floats]]]:
    """Makers of log-mel blocks (b, 100, 96) of the windows, a few at a time to bound memory."""

    def some(at: int) -> Mapping[str, Floats]:
        windows = [_window(samples, start) for start in starts[at : at + BATCH]]
        return {"blocks": np.stack([log_mel(window) for window in windows])}

    for at in range(0, len(starts), BATCH):
        yield partial(some, at)


def _embeddings(samples: Floats, starts: Sequence[int]) -> Iterator[Floats]:
    """Embeddings f32 (b, 512) of the windows, some at a time: maps are large."""
    for first in range(0, len(starts), _HELD):
        some = _batches(samples, starts[first : first + _HELD])
        for cells in map_graph().each("cells", some):  # (b, 12, 12, 512)
            yield cells.mean(axis=2).max(axis=1)


def _peak(samples: Floats, start: int) -> float:
    return float(np.abs(samples[start * HOP : (start + FRAMES) * HOP]).max(initial=0.0))


def _merge(features: Floats, boxes: Floats) -> tuple[Floats, Floats]:
    """Means of neighbouring windows, so that at most ``MOST_PARTS`` are left: (p, m), (p, 2)."""
    size = -(-len(features) // MOST_PARTS)
    if size == 1:
        return features, boxes
    cuts = np.arange(0, len(features), size)
    counts = np.diff([*cuts, len(features)])[:, None]
    lows = np.minimum.reduceat(boxes[:, :1], cuts)
    highs = np.maximum.reduceat(boxes[:, 1:], cuts)
    means = np.add.reduceat(features, cuts) / counts
    return means.astype(np.float32), np.concatenate([lows, highs], axis=1)


@lru_cache(maxsize=1)
def _front_end() -> tuple[Floats, Floats]:
    """The Hann window (2048,) and the mel weights (1025, 96)."""
    import librosa

    mel = librosa.filters.mel(
        sr=RATE, n_fft=FFT, n_mels=BANDS, fmin=0.0, fmax=RATE / 2, htk=True, norm=1
    )
    window = librosa.filters.get_window("hann", FFT, fftbins=True)
    return window.astype(np.float32), np.ascontiguousarray(mel.T, np.float32)
