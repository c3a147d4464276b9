"""Sounds made on the spot that reach what a network of sounds may meet: noises, tones, blows."""

import numpy as np

from xmr_core.media import Floats


def sounds(samples: int, rate: int) -> list[Floats]:
    """Sixteen sounds f32 (samples,), the same every time.

    Args:
        samples: of each.
        rate: of them, in Hz.

    >>> made = sounds(4410, 44_100)
    >>> len(made), {sound.shape for sound in made}, made[11].any().item()
    (16, {(4410,)}, False)
    """
    t = np.arange(samples) / rate
    noise = np.random.default_rng(0).normal(0, 1, samples)
    low = np.convolve(noise, np.ones(40) / 40, "same")
    high = np.diff(noise, prepend=0)
    swell = np.sin(np.pi * t / t[-1]) ** 2
    blows = np.exp(-12 * (t % 0.4))

    def tone(hertz: float) -> Floats:
        """A sawtooth, but for its highest harmonics."""
        harmonics = [np.sin(2 * np.pi * hertz * k * t) / k for k in range(1, 13)]
        return np.asarray(np.sum(harmonics, axis=0), np.float32)

    def whistle(hertz: float) -> Floats:
        return np.asarray(np.sin(2 * np.pi * hertz * t), np.float32)

    vibrato = np.sin(2 * np.pi * (300 + 200 * np.sin(10 * np.pi * t)) * t)
    made = [
        noise,
        noise * swell,
        low * blows,
        high * swell,
        tone(110) * swell,
        tone(440) * blows,
        tone(1760),
        np.sin(2 * np.pi * (300 + 4000 * t) * t),
        vibrato * blows,
        low + 0.3 * tone(220) * blows,
        noise * (t % 0.25 < 0.002),
        np.zeros(samples),
        tone(70) * swell + 0.2 * high,
        tone(880) * blows + low,
        tone(2500) * (t % 0.5 < 0.1),
        whistle(1000) * swell,
    ]
    return [sound.astype(np.float32) for sound in made]
