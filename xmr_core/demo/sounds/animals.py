"""Sounds of animals."""

import numpy as np

from xmr_core.demo.synth import (
    Rng,
    band,
    coloured,
    decay,
    hump,
    mix,
    partials,
    points,
    resonate,
    room,
    saw,
    sine,
    slow,
    times,
    white,
)
from xmr_core.demo.work import Array


def meow(rng: Rng, seconds: float = 3.5) -> Array:
    """A cat that meows twice."""

    def one(length: float, pitch: float) -> Array:
        curve = pitch * points(
            length, [(0, 0.8), (length * 0.3, 1.25), (length * 0.6, 1.15), (length, 0.72)]
        )
        curve = curve * (1 + 0.008 * np.sin(2 * np.pi * 7 * times(length)))
        voice = saw(curve, length, 24) + 0.08 * white(length, rng)
        m = resonate(voice, [(480, 200, 0.9), (2100, 500, 0.1)])
        e = resonate(voice, [(850, 250, 0.8), (2300, 400, 0.8), (3800, 700, 0.35)])
        o = resonate(voice, [(720, 200, 1), (1150, 260, 0.7), (3200, 700, 0.15)])
        x = times(length) / length
        vowels = m * np.clip(1 - x * 7, 0, 1) + e * np.clip(
            np.minimum(x * 7, (0.68 - x) * 3.5), 0, 1
        )
        vowels += o * np.clip((x - 0.38) * 3.5, 0, 1)
        loud = points(
            length, [(0, 0), (0.08, 0.6), (length * 0.4, 1), (length * 0.8, 0.6), (length, 0)]
        )
        return np.asarray(vowels * loud)

    return room(mix(seconds, [(0.15, one(0.9, 560)), (1.6, one(1.3, 500))]), rng, 0.4, 0.12)


def purr(rng: Rng, seconds: float = 5.0) -> Array:
    """A contented cat."""
    breath = 0.65 + 0.35 * np.sign(np.sin(2 * np.pi * 0.45 * times(seconds)))
    rate = 25.0 + 2 * band(breath, None, 3, 1)
    pulse = np.clip(sine(rate, seconds), 0, 1) ** 4
    return pulse * band(coloured(seconds, rng, 1.2), 60, 900) * band(breath, None, 6, 1)


def bark(rng: Rng, seconds: float = 4.0) -> Array:
    """A dog that barks four times."""

    def one(pitch: float) -> Array:
        length = 0.24
        curve = pitch * points(length, [(0, 0.7), (0.04, 1.4), (0.1, 1.2), (0.24, 0.6)])
        voice = np.tanh(saw(curve, length, 30) * 1.6) + 0.5 * white(length, rng)
        tone = resonate(voice, [(520, 260, 1), (1050, 350, 0.9), (2400, 700, 0.35)])
        return tone * points(length, [(0, 0), (0.015, 1), (0.09, 0.8), (0.2, 0.12), (0.24, 0)])

    events = [(at, one(rng.uniform(230, 265))) for at in (0.2, 0.62, 1.75, 2.2, 3.2)]
    return room(mix(seconds, events), rng, 0.7, 0.2)


def chirps(rng: Rng, seconds: float = 6.0) -> Array:
    """Small birds at dawn."""
    events = []
    for base, start in ((3600, 0.1), (4700, 0.5), (2900, 0.9), (5400, 1.3)):
        at = start
        while at < seconds - 0.4:
            for n in range(int(rng.integers(2, 7))):
                length = rng.uniform(0.05, 0.12)
                bend = rng.choice([-1, 1]) * rng.uniform(300, 1300)
                pitch = base + bend * np.sin(np.pi * times(length) / length * rng.uniform(0.5, 1.5))
                events.append(
                    (at + n * 0.13, sine(pitch, length) * hump(length) * rng.uniform(0.3, 1))
                )
            at += rng.uniform(0.9, 2.0)
    return room(mix(seconds, events), rng, 1.2, 0.2) + 0.004 * coloured(seconds, rng, 1)


def cuckoo(rng: Rng, seconds: float = 5.0) -> Array:
    """A cuckoo in a wood."""
    events = []
    for at in (0.3, 1.8, 3.3):
        for shift, pitch, length in ((0, 660, 0.22), (0.34, 545, 0.34)):
            tone = sine(pitch, length) + 0.12 * sine(pitch * 2, length)
            events.append((at + shift, tone * hump(length, 0.6)))
    return room(mix(seconds, events), rng, 1.8, 0.45) + 0.006 * coloured(seconds, rng, 1)


def owl(rng: Rng, seconds: float = 6.0) -> Array:
    """An owl hoots in the night."""
    events = []
    for at in (0.3, 3.4):
        for shift, length in ((0, 0.42), (0.7, 0.16), (0.95, 0.16), (1.2, 0.75)):
            pitch = (
                375
                * (1 + 0.05 * hump(length))
                * (1 + 0.006 * np.sin(2 * np.pi * 9 * times(length)))
            )
            tone = (
                sine(pitch, length)
                + 0.2 * sine(2 * pitch, length)
                + 0.06 * band(white(length, rng), 300, 900)
            )
            events.append((at + shift, tone * hump(length, 0.7)))
    night = band(coloured(seconds, rng, 1), 100, 2000) * 0.005
    return room(mix(seconds, events), rng, 2.0, 0.4) + night


def gulls(rng: Rng, seconds: float = 6.0) -> Array:
    """Gulls above a harbour."""
    events = []
    for at in (0.2, 0.75, 1.25, 2.9, 3.3, 3.65, 4.8):
        length = rng.uniform(0.35, 0.6)
        base = rng.uniform(1250, 1600)
        pitch = base * points(
            length, [(0, 0.75), (length * 0.25, 1.25), (length * 0.6, 1.1), (length, 0.7)]
        )
        voice = saw(pitch, length, 10) + 0.1 * white(length, rng)
        events.append(
            (
                at,
                resonate(voice, [(1500, 500, 1), (3100, 800, 0.9), (4600, 900, 0.4)])
                * hump(length, 0.6),
            )
        )
    sea = 0.03 * band(coloured(seconds, rng, 0.8), 100, 3000) * slow(seconds, rng, 0.6, 0.3, 1)
    return room(mix(seconds, events), rng, 1.0, 0.2) + sea


def frogs(rng: Rng, seconds: float = 6.0) -> Array:
    """Frogs by a pond."""
    events = []
    for pitch, gap, start in ((520, 1.15, 0.2), (690, 1.4, 0.7), (390, 1.7, 1.0)):
        for at in np.arange(start, seconds - 0.5, gap):
            length = 0.36
            t = times(length)
            pulse = np.clip(np.sin(2 * np.pi * 34 * t), 0, 1) ** 2
            voice = saw(pitch * 0.5 * (1 + 0.3 * t / length), length, 16)
            croak = (
                resonate(voice, [(pitch * 1.6, 180, 1), (pitch * 3.4, 400, 0.6)])
                * pulse
                * hump(length, 0.7)
            )
            events.append((at + rng.normal(0, 0.04), croak))
    return room(mix(seconds, events), rng, 0.8, 0.2) + 0.004 * coloured(seconds, rng, 1)


def crickets(rng: Rng, seconds: float = 6.0) -> Array:
    """Crickets on a summer night."""
    t = times(seconds)
    out = 0.01 * band(coloured(seconds, rng, 1), 100, 3000)
    for pitch, trill, song, loud in (
        (4500, 55, 1.9, 1),
        (4850, 62, 2.3, 0.6),
        (4200, 48, 1.5, 0.5),
    ):
        phase = rng.uniform(0, 6)
        chirp = np.clip(np.sin(2 * np.pi * song * t + phase) - 0.1, 0, 1)
        out += (
            loud
            * sine(pitch, seconds)
            * (np.clip(np.sin(2 * np.pi * trill / 2 * t), -1, 1) ** 2)
            * chirp
        )
    return out


def bee(rng: Rng, seconds: float = 5.0) -> Array:
    """A bee that goes from flower to flower."""
    pitch = slow(seconds, rng, 3, 195, 255)
    near = slow(seconds, rng, 1.6, 0.12, 1)
    buzz = saw(pitch, seconds, 26) * (0.8 + 0.2 * sine(31, seconds))
    return (band(buzz, 150, 4500, 1) + 0.05 * white(seconds, rng)) * near


def gallop(rng: Rng, seconds: float = 5.0) -> Array:
    """A horse at the gallop."""
    events = []
    for at in np.arange(0.1, seconds, 0.46):
        for shift, loud in ((0, 0.8), (0.11, 1), (0.22, 0.75)):
            thud = partials(
                0.14, [(92, 1, 0.025), (160, 0.7, 0.018), (410, 0.4, 0.01), (980, 0.25, 0.006)]
            )
            grit = band(white(0.14, rng), 500, 4500) * decay(0.14, 0.014, 0.001) * 0.35
            events.append((at + shift + rng.normal(0, 0.006), (thud + grit) * loud))
    return room(mix(seconds, events), rng, 0.5, 0.12)


def neigh(rng: Rng, seconds: float = 3.0) -> Array:
    """A horse whinnies."""
    length = 2.0
    t = times(length)
    curve = points(length, [(0, 700), (0.25, 1250), (0.6, 1150), (1.4, 700), (2.0, 380)])
    curve = curve * (1 + 0.09 * np.sin(2 * np.pi * 11 * t) * np.clip(t * 3, 0, 1))
    voice = saw(curve, length, 14) + 0.25 * white(length, rng)
    tone = resonate(voice, [(900, 350, 1), (1800, 500, 0.9), (3200, 800, 0.5)])
    shake = 0.65 + 0.35 * np.sin(2 * np.pi * 11 * t)
    return room(mix(seconds, [(0.2, tone * shake * hump(length, 0.5))]), rng, 0.8, 0.2)


def woodpecker(rng: Rng, seconds: float = 5.0) -> Array:
    """A woodpecker drums on a hollow trunk."""
    events = []
    for start in (0.3, 2.0, 3.6):
        for n in range(16):
            knock_on = partials(0.12, [(820, 1, 0.012), (1430, 0.6, 0.008), (410, 0.5, 0.016)])
            events.append((start + n * 0.047, knock_on * (1 - 0.04 * n)))
    return room(mix(seconds, events), rng, 1.5, 0.35) + 0.005 * coloured(seconds, rng, 1)
