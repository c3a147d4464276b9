"""Sounds of people: a heart, steps, and what their hands do."""

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
    room,
    sine,
    slow,
    white,
)
from xmr_core.demo.work import Array


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
