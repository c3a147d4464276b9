"""Sounds of weather, water and fire."""

from collections.abc import Iterable

import numpy as np

from xmr_core.demo.synth import (
    Rng,
    band,
    coloured,
    decay,
    hump,
    mix,
    points,
    sine,
    slow,
    times,
    white,
)
from xmr_core.demo.work import Array


def drops(seconds: float, rng: Rng, rate: float, low: float, high: float) -> Array:
    """Water drops: short falling bubbles of random pitch, ``rate`` of them a second."""
    events = []
    for start in rng.uniform(0, seconds, rng.poisson(rate * seconds)):
        length, pitch = rng.uniform(0.012, 0.05), rng.uniform(low, high)
        rise = pitch * (1 + rng.uniform(0.1, 0.6) * times(length) / length)
        events.append(
            (start, rng.uniform(0.1, 1) ** 2 * sine(rise, length) * decay(length, length / 4))
        )
    return mix(seconds, events)


def rain(rng: Rng, seconds: float = 6.0) -> Array:
    """Steady rain with drops close by."""
    hiss = band(coloured(seconds, rng, 0.6), 500, 12000) * slow(seconds, rng, 3, 0.8, 1)
    clicks = np.where(rng.random(len(hiss)) < 0.004, rng.standard_normal(len(hiss)) * 14, 0)
    return hiss * 0.6 + band(clicks, 1200, 9000) * 0.9 + drops(seconds, rng, 50, 900, 4500) * 1.2


def thunder(rng: Rng, seconds: float = 7.0) -> Array:
    """A crack, then rolling."""
    rumble = band(coloured(seconds, rng, 1.6), 25, 260) * slow(seconds, rng, 5, 0.15, 1) ** 1.5
    rumble *= points(seconds, [(0, 0), (0.35, 0.1), (0.5, 1), (2, 0.7), (3, 0.8), (7, 0)])
    crack = band(white(1.6, rng), 100, 5000) * decay(1.6, 0.18, 0.004) * slow(1.6, rng, 40, 0, 1)
    return rumble * 2.2 + mix(
        seconds, [(0.4, crack * 1.6), (0.55, crack[::-1] * 0.15), (0.75, crack * 0.5)]
    )


def wind(rng: Rng, seconds: float = 6.0) -> Array:
    """Gusts that howl round a corner."""
    gust = slow(seconds, rng, 0.9, 0.15, 1)
    body = band(coloured(seconds, rng, 1.3), 60, 900) * gust
    howl = np.zeros_like(body)
    noise = white(seconds, rng)
    for centre in (420, 640, 900):
        howl += (
            band(noise, centre * 0.93, centre * 1.07, 1) * slow(seconds, rng, 1.2, 0, 1) * gust**2
        )
    return body + howl * 2.2


def waves(rng: Rng, seconds: float = 8.0) -> Array:
    """Waves breaking on a beach and drawing back."""
    out = 0.12 * band(coloured(seconds, rng, 1), 80, 1500)
    foam = band(coloured(seconds, rng, 0.5), 500, 9000)
    body = band(coloured(seconds, rng, 1.2), 60, 900)
    t = times(seconds)
    for start in (-0.8, 2.6, 5.8):
        x = np.clip((t - start) / 3.6, 0, 1)
        swell = (x / 0.35) ** 2 * (x < 0.35) + np.exp(-4.2 * (x - 0.35)) * (x >= 0.35)
        swell *= (x > 0) & (x < 1)
        out += swell * (body * 0.9 + foam * 0.55 * np.clip((x - 0.2) * 3, 0, 1))
    return out


def stream(rng: Rng, seconds: float = 6.0) -> Array:
    """A brook over stones."""
    bubbles = drops(seconds, rng, 220, 350, 1900)
    return bubbles + 0.16 * band(coloured(seconds, rng, 0.8), 300, 6000) * slow(
        seconds, rng, 4, 0.6, 1
    )


def fire(rng: Rng, seconds: float = 6.0) -> Array:
    """A campfire that crackles and spits."""
    roar = band(coloured(seconds, rng, 1.6), 40, 500) * slow(seconds, rng, 7, 0.5, 1)
    events = []
    for start in rng.uniform(0, seconds, 170):
        length = rng.uniform(0.003, 0.02)
        snap = band(white(0.03, rng), rng.uniform(600, 2500), rng.uniform(4500, 14000), 1)
        events.append((start, snap * decay(0.03, length / 3, 0.0004) * rng.pareto(2.2) * 0.8))
    return 0.3 * roar + np.tanh(mix(seconds, events))


def bubbles(rng: Rng, seconds: float = 5.0) -> Array:
    """Coffee poured into a cup: the pitch climbs as it fills."""
    climb = np.linspace(0, 1, 170)
    events = []
    for x in climb:
        length = rng.uniform(0.015, 0.04)
        pitch = rng.uniform(350, 700) * (1 + 1.3 * x)
        tone = sine(pitch * (1 + 0.5 * times(length) / length), length) * decay(length, length / 3)
        events.append((0.4 + x * (seconds - 1) + rng.normal(0, 0.02), tone * rng.uniform(0.3, 1)))
    hiss = band(coloured(seconds, rng, 0.8), 600, 5000) * points(
        seconds, [(0, 0), (0.3, 0.4), (seconds - 0.6, 0.35), (seconds - 0.3, 0)]
    )
    return mix(seconds, [(max(0, s), e) for s, e in events]) + 0.3 * hiss


def kettle(rng: Rng, seconds: float = 6.0) -> Array:
    """A kettle that comes to the boil and whistles."""
    boil = band(coloured(seconds, rng, 1), 150, 4000) * points(
        seconds, [(0, 0.3), (3, 0.7), (6, 0.8)]
    )
    rise = points(seconds, [(0, 1200), (2, 1500), (3.5, 2350), (6, 2450)])
    rise = rise + 18 * np.sin(2 * np.pi * 6 * times(seconds))
    whistle = sine(rise, seconds) + 0.3 * sine(rise * 2, seconds)
    swell = points(seconds, [(0, 0), (1.2, 0.0), (3.4, 0.9), (6, 1)])
    return 0.25 * boil + 0.6 * whistle * swell * slow(seconds, rng, 12, 0.8, 1)


def sizzle(rng: Rng, seconds: float = 5.0) -> Array:
    """Something frying in hot oil."""
    base = band(white(seconds, rng), 2500, 14000) * slow(seconds, rng, 14, 0.3, 1)
    spits = np.where(rng.random(len(base)) < 0.0012, rng.pareto(2.5, len(base)) * 3, 0)
    spits = band(spits * rng.choice([-1, 1], len(base)), 900, 9000)
    return np.asarray(base * 0.4 + spits * hump(seconds, 0.2))


def fireworks(
    rng: Rng, seconds: float = 6.0, bursts: Iterable[float] = (0.6, 1.6, 2.2, 3.4)
) -> Array:
    """Rockets that whistle up, bang and crackle."""
    events: list[tuple[float, Array]] = []
    for at in bursts:
        rise = 0.5
        whine = sine(points(rise, [(0, 900), (rise, 2600)]), rise) * points(
            rise, [(0, 0), (rise, 0.22)]
        )
        bang = band(coloured(1.4, rng, 1.3), 30, 1800) * decay(1.4, 0.1, 0.002) * 1.8
        crackle = np.where(rng.random(bang.size) < 0.002, rng.standard_normal(bang.size) * 9, 0)
        crackle = band(crackle, 1500, 9000) * points(1.4, [(0, 0), (0.25, 0), (0.4, 0.7), (1.4, 0)])
        events += [(at - rise, whine), (at, bang), (at, crackle)]
    return mix(seconds, [(max(0.0, at), sound) for at, sound in events])


def leaves(rng: Rng, seconds: float = 6.0) -> Array:
    """Wind in the leaves of a wood."""
    gust = slow(seconds, rng, 0.8, 0.15, 1)
    rustle = band(white(seconds, rng), 1800, 9000) * slow(seconds, rng, 25, 0.2, 1) * gust**1.5
    return rustle + 0.4 * band(coloured(seconds, rng, 1.2), 100, 900) * gust
