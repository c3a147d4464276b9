"""A small kit for making sounds: waves, noises, filters, echoes, and files.

Sounds are f64 (n,) at 44,100 Hz; frequencies in Hz, times in seconds.
"""

import io
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from scipy import signal

from xmr_core.demo.work import Array

if TYPE_CHECKING:
    import av

RATE = 44_100
Rng = np.random.Generator


def times(seconds: float) -> Array:
    """The moments of the samples (n,)."""
    return np.arange(round(seconds * RATE)) / RATE


def sine(frequency: float | Array, seconds: float, phase: float = 0.0) -> Array:
    """A sine of a steady frequency, or of one given for every sample."""
    steps = np.broadcast_to(np.asarray(frequency, dtype=np.float64), round(seconds * RATE))
    return np.asarray(np.sin(2 * np.pi * np.cumsum(steps) / RATE + phase))


def saw(frequency: float | Array, seconds: float, harmonics: int = 20) -> Array:
    """A sawtooth of a limited number of harmonics, so that it does not alias."""
    return np.asarray(
        sum(sine(np.asarray(frequency) * k, seconds) / k for k in range(1, harmonics + 1))
    )


def white(seconds: float, rng: Rng) -> Array:
    """Noise with as much in every Hz."""
    return rng.standard_normal(round(seconds * RATE))


def coloured(seconds: float, rng: Rng, slope: float = 1.0) -> Array:
    """Noise whose power falls as 1/f^slope, of unit deviation: 1 is pink, 2 is brown."""
    n = round(seconds * RATE)
    spectrum = np.fft.rfft(rng.standard_normal(n))
    spectrum *= np.maximum(np.fft.rfftfreq(n, 1 / RATE), 20.0) ** (-slope / 2)
    noise = np.fft.irfft(spectrum, n)
    return np.asarray(noise / noise.std())


def band(sound: Array, low: float | None, high: float | None, order: int = 2) -> Array:
    """What lies between two frequencies; None leaves that side open."""
    if low is None and high is None:
        return sound
    kind = "lowpass" if low is None else "highpass" if high is None else "bandpass"
    edges = [f for f in (low, high) if f is not None]
    sos = signal.butter(order, edges if len(edges) == 2 else edges[0], kind, fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(sos, sound))


def resonate(sound: Array, peaks: Iterable[tuple[float, float, float]]) -> Array:
    """Formants: the sum of resonances (frequency, width, gain)."""
    out = np.zeros_like(sound)
    for frequency, width, gain in peaks:
        b, a = signal.iirpeak(frequency, frequency / width, fs=RATE)
        out += gain * signal.lfilter(b, a, sound)
    return out


def slow(seconds: float, rng: Rng, rate: float, low: float = 0.0, high: float = 1.0) -> Array:
    """A smooth random curve between ``low`` and ``high`` that turns ``rate`` times a second."""
    knots = rng.uniform(low, high, max(4, int(seconds * rate) + 3))
    place = np.linspace(0, len(knots) - 1.001, round(seconds * RATE))
    left = place.astype(int)
    ease = (1 - np.cos(np.pi * (place - left))) / 2
    return np.asarray(knots[left] * (1 - ease) + knots[left + 1] * ease)


def decay(seconds: float, half: float, attack: float = 0.002) -> Array:
    """An envelope that rises within ``attack`` and halves every ``half`` seconds."""
    t = times(seconds)
    return np.asarray(np.minimum(1, t / attack) * 0.5 ** (t / half))


def hump(seconds: float, sharpness: float = 1.0) -> Array:
    """An envelope that swells and fades: a half sine to a power."""
    n = round(seconds * RATE)
    return np.asarray(np.sin(np.pi * (np.arange(n) + 0.5) / n) ** sharpness)


def points(seconds: float, knots: Iterable[tuple[float, float]]) -> Array:
    """A curve through (time, value) knots, straight between them."""
    t, value = zip(*knots, strict=True)
    return np.asarray(np.interp(times(seconds), t, value))


def mix(seconds: float, events: Iterable[tuple[float, Array]]) -> Array:
    """Sounds laid at their starting times; what runs over the end is cut."""
    out = np.zeros(round(seconds * RATE))
    for start, sound in events:
        at = round(start * RATE)
        piece = sound[: max(0, len(out) - at)]
        out[at : at + len(piece)] += piece
    return out


def partials(seconds: float, parts: Iterable[tuple[float, float, float]]) -> Array:
    """A struck body: the sum of sines (frequency, gain, half-life)."""
    out = np.zeros(round(seconds * RATE))
    for frequency, gain, half in parts:
        out += gain * sine(frequency, seconds) * decay(seconds, half)
    return out


def string(
    frequency: float, seconds: float, rng: Rng, bright: float = 0.5, ring: float = 0.996
) -> Array:
    """A plucked string (Karplus and Strong, Computer Music Journal, 1983)."""
    period = round(RATE / frequency)
    pluck = np.zeros(round(seconds * RATE))
    noise = rng.uniform(-1, 1, period)
    pluck[:period] = band(noise, None, 2000 + 9000 * bright, 1)
    taps = np.zeros(period + 2)
    taps[0], taps[period], taps[period + 1] = 1, -ring / 2, -ring / 2
    return np.asarray(signal.lfilter([1.0], taps, pluck))


def room(sound: Array, rng: Rng, seconds: float = 1.2, wet: float = 0.3) -> Array:
    """The sound in a room: decaying noise as its echo; the length stays."""
    echo = band(white(seconds, rng), 150, 5000) * decay(seconds, seconds / 7, 0.005)
    echo /= np.sqrt((echo**2).sum())
    return np.asarray(sound + wet * signal.fftconvolve(sound, echo)[: len(sound)])


def recorded(sound: Array, rng: Rng) -> Array:
    """As a microphone would have it: a little room, no extremes, and the air's own noise."""
    heard = band(room(level(sound), rng, 1.0, 0.25), 60, 11_000)
    return np.asarray(heard + 0.004 * coloured(len(heard) / RATE, rng, 1.0)[: len(heard)])


def level(sound: Array, peak: float = 0.89, fade: float = 0.02) -> Array:
    """Scaled to its peak, without a mean, with short fades at both ends."""
    sound = sound - sound.mean()
    n = min(len(sound) // 2, round(fade * RATE))
    ramp = np.linspace(0, 1, n)
    sound[:n] *= ramp
    sound[len(sound) - n :] *= ramp[::-1]
    return np.asarray(sound * (peak / (np.abs(sound).max() + 1e-12)))


def note(name: str) -> float:
    """The frequency of a note.

    >>> note("A4"), round(note("C#5"), 1)
    (440.0, 554.4)
    """
    semitones = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}[name[0]]
    return float(440 * 2 ** ((semitones + name.count("#") + 12 * (int(name[-1]) - 4)) / 12))


_CODECS = {".wav": "pcm_s16le", ".flac": "flac", ".ogg": "libopus", ".mp3": "libmp3lame"}


def encode(sound: Array, suffix: str) -> bytes:
    """The sound as a mono file: ``.wav``, ``.flac``, ``.ogg`` (Opus) or ``.mp3``."""
    import av

    rate = 48_000 if suffix == ".ogg" else RATE  # Opus knows no 44.1 kHz
    if rate != RATE:
        sound = signal.resample_poly(sound, 160, 147)
    target = io.BytesIO()
    with av.open(target, "w", format=suffix[1:], options={"fflags": "+bitexact"}) as file:
        stream = cast(av.AudioStream, file.add_stream(_CODECS[suffix], rate=rate))
        stream.layout = "mono"
        for packet in audio_packets(stream, sound, rate):
            file.mux(packet)
    return target.getvalue()


def audio_packets(stream: "av.AudioStream", sound: Array, rate: int) -> "Iterator[av.Packet[Any]]":
    """The encoded packets of a sound, for a stream of PyAV."""
    import av

    samples = (np.clip(sound, -1, 1) * 32767).astype(np.int16)[None]
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), 0
    resampler = av.AudioResampler(
        stream.codec_context.format,
        "mono",
        rate,
        frame_size=stream.codec_context.frame_size or 4096,
    )
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        yield from stream.encode(piece)
    yield from stream.encode(None)
