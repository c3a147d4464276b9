"""Sounds of animals and people."""

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


def heartbeat(rng: Rng, seconds: float = 6.0) -> Array:
    """A heart, heard through a stethoscope."""
    events = []
    for at in np.arange(0.2, seconds, 0.86):
        for shift, pitch, loud in ((0, 52, 1), (0.3, 66, 0.7)):
            lub = sine(points(0.2, [(0, pitch * 1.25), (0.2, pitch * 0.8)]), 0.2) * hump(0.2, 1.5)
            events.append((at + shift, lub * loud))
    return mix(seconds, events) + 0.006 * band(coloured(seconds, rng, 1.2), 30, 300)


def snow_steps(rng: Rng, seconds: float = 6.0) -> Array:
    """Boots that crunch through fresh snow."""
    events = []
    for at in np.arange(0.3, seconds - 0.5, 0.72):
        length = 0.34
        crunch = (
            band(coloured(length, rng, 0.5), 700, 5500)
            * slow(length, rng, 60, 0, 1) ** 3
            * hump(length, 0.7)
        )
        events += [(at, crunch), (at, partials(0.2, [(95, 0.25, 0.03)]))]
    return mix(seconds, events) + 0.01 * band(coloured(seconds, rng, 1.2), 80, 800)


def knock(rng: Rng, seconds: float = 3.0) -> Array:
    """Three knocks on a wooden door."""
    hit = partials(0.3, [(165, 1, 0.03), (290, 0.7, 0.022), (520, 0.5, 0.014), (1150, 0.3, 0.006)])
    hits = [(at, hit * rng.uniform(0.85, 1)) for at in (0.3, 0.62, 0.94, 2.0, 2.32)]
    return room(mix(seconds, hits), rng, 0.6, 0.2)


def coins(rng: Rng, seconds: float = 4.0) -> Array:
    """Coins poured on to a table."""
    events = []
    for at in np.sort(rng.gamma(3, 0.42, 34)):
        f = rng.uniform(3800, 6800)
        clink = partials(
            0.5,
            [(f, 1, 0.05), (f * 1.37, 0.7, 0.04), (f * 1.93, 0.5, 0.025), (f * 2.4, 0.3, 0.015)],
        )
        knock_on = partials(0.05, [(420, 0.4, 0.008)])
        loud = rng.uniform(0.2, 1)
        events += [(at, clink * loud), (at, knock_on * loud)]
    spin = np.cumsum(0.16 * 0.93 ** np.arange(40))
    ring = partials(0.2, [(5100, 0.3, 0.02), (7900, 0.2, 0.015)])
    events += [(2.0 + t, ring) for t in spin if 2.0 + t < seconds]
    return mix(seconds, events)


def bounce(rng: Rng, seconds: float = 5.0) -> Array:
    """A ball that bounces lower and lower."""
    at, gap, loud = 0.3, 0.8, 1.0
    events = []
    while at < seconds and loud > 0.03:
        thud = partials(0.3, [(88, 1, 0.035), (180, 0.6, 0.02), (620, 0.2, 0.012)])
        slap = band(white(0.3, rng), 500, 4000) * decay(0.3, 0.006, 0.0008) * 0.4
        events.append((at, (thud + slap) * loud))
        at, gap, loud = at + gap, gap * 0.82, loud * 0.8
    return room(mix(seconds, events), rng, 0.9, 0.25)


def hammer(rng: Rng, seconds: float = 4.0) -> Array:
    """A hammer drives a nail."""
    events = []
    for n, at in enumerate(np.arange(0.25, seconds - 0.3, 0.5)):
        rise = 1 + n * 0.05
        hit = partials(
            0.3,
            [
                (240, 1, 0.02),
                (1900 * rise, 0.5, 0.02),
                (3100 * rise, 0.4, 0.015),
                (4700, 0.2, 0.01),
            ],
        )
        events.append(
            (
                at + rng.normal(0, 0.01),
                hit + band(white(0.3, rng), 700, 6000) * decay(0.3, 0.006, 0.0005),
            )
        )
    return room(mix(seconds, events), rng, 0.7, 0.18)


def crunch(rng: Rng, seconds: float = 4.0) -> Array:
    """A bite of a crisp apple, and chewing."""
    events = []
    for at, loud in ((0.3, 1.0), (1.3, 0.45), (1.75, 0.4), (2.2, 0.35), (2.65, 0.3), (3.1, 0.25)):
        length = 0.22
        snaps = np.where(
            rng.random(round(length * 44100)) < 0.012, rng.standard_normal(round(length * 44100)), 0
        )
        events.append((at, band(snaps * 6, 500, 6500) * hump(length, 0.5) * loud))
    return mix(seconds, events)


def sawing(rng: Rng, seconds: float = 5.0) -> Array:
    """A hand saw, to and fro through a board."""
    out = np.zeros(round(seconds * 44100))
    for n, at in enumerate(np.arange(0.2, seconds - 0.5, 0.5)):
        length = 0.42
        teeth = 0.5 + 0.5 * np.sign(np.sin(2 * np.pi * np.cumsum(230 * hump(length)) / 44100))
        stroke = (
            band(white(length, rng), 900 if n % 2 else 600, 7000, 1) * (0.4 + teeth) * hump(length)
        )
        out += mix(seconds, [(at, stroke * (1.0 if n % 2 else 0.7))])
    return room(out, rng, 0.5, 0.12)


def dice(rng: Rng, seconds: float = 3.5) -> Array:
    """Dice shaken in a cup and rolled over a table, twice."""
    events = []
    for start in (0.2, 1.9):
        shakes = start + np.sort(rng.uniform(0, 0.7, 22))
        rolls = start + 0.85 + np.cumsum(rng.uniform(0.03, 0.12, 9))
        for at, low, loud in [*((t, 900, 0.5) for t in shakes), *((t, 1500, 1.0) for t in rolls)]:
            f = low * rng.uniform(0.8, 1.5)
            events.append(
                (
                    at,
                    partials(0.08, [(f, 1, 0.006), (f * 2.3, 0.6, 0.004), (240, 0.4, 0.01)])
                    * loud
                    * rng.uniform(0.4, 1),
                )
            )
    return mix(seconds, events)


def woodpecker(rng: Rng, seconds: float = 5.0) -> Array:
    """A woodpecker drums on a hollow trunk."""
    events = []
    for start in (0.3, 2.0, 3.6):
        for n in range(16):
            knock_on = partials(0.12, [(820, 1, 0.012), (1430, 0.6, 0.008), (410, 0.5, 0.016)])
            events.append((start + n * 0.047, knock_on * (1 - 0.04 * n)))
    return room(mix(seconds, events), rng, 1.5, 0.35) + 0.005 * coloured(seconds, rng, 1)
