"""Sounds of machines: engines, clocks, bells that ring themselves."""

import numpy as np

from xmr_core.demo.synth import (
    Rng,
    band,
    coloured,
    decay,
    mix,
    partials,
    points,
    room,
    saw,
    sine,
    slow,
    times,
    white,
)
from xmr_core.demo.work import Array


def ticking(rng: Rng, seconds: float = 6.0) -> Array:
    """A clock that ticks and tocks."""
    events = []
    for n in range(int(seconds * 2)):
        pitch = 2300 if n % 2 else 1850
        body = partials(0.12, [(pitch, 0.6, 0.006), (pitch * 1.7, 0.5, 0.004), (520, 0.35, 0.012)])
        click = band(white(0.12, rng), 1800, 9000) * decay(0.12, 0.0025, 0.0003)
        events += [(0.15 + n * 0.5, body + click), (0.15 + n * 0.5 + 0.055, 0.3 * click)]
    return room(mix(seconds, events), rng, 0.3, 0.12)


def alarm(rng: Rng, seconds: float = 5.0) -> Array:
    """The clatter of an alarm clock's two bells."""
    events = []
    for n in range(int((seconds - 0.8) * 22)):
        pitch = 2650 if n % 2 else 2890
        hit = partials(
            0.5,
            [
                (pitch, 1, 0.06),
                (pitch * 1.52, 0.6, 0.04),
                (pitch * 2.3, 0.5, 0.03),
                (pitch * 3.1, 0.3, 0.02),
            ],
        )
        events.append((0.3 + n / 22 + rng.normal(0, 0.001), hit * rng.uniform(0.85, 1)))
    return mix(seconds, events)


def engine(rng: Rng, seconds: float = 5.0) -> Array:
    """A car's engine: idling, a push on the pedal, idling again."""
    speed = points(seconds, [(0, 26), (1.4, 26), (2.2, 62), (2.8, 66), (4, 28), (5, 26)])
    speed = speed * slow(seconds, rng, 20, 0.97, 1.03)
    phase = np.cumsum(speed) / len(speed) * seconds
    out = np.zeros_like(speed)
    for k, gain in (
        (0.5, 0.4),
        (1, 1),
        (1.5, 0.35),
        (2, 0.8),
        (3, 0.5),
        (4, 0.45),
        (5, 0.2),
        (6, 0.25),
        (8, 0.15),
    ):
        out += gain * np.sin(2 * np.pi * k * phase + k)
    puff = (
        band(coloured(seconds, rng, 1), 60, 2500) * (0.5 + 0.5 * np.cos(2 * np.pi * 2 * phase)) ** 3
    )
    return np.tanh(1.4 * out) * 0.6 + puff * 0.6 * (speed / 40)


def siren(rng: Rng, seconds: float = 6.0) -> Array:
    """A siren that climbs and falls."""
    t = times(seconds)
    pitch = 950 + 420 * np.sin(2 * np.pi * t / 2.4 - np.pi / 2)
    return room(np.tanh(1.6 * saw(pitch, seconds, 8)), rng, 0.8, 0.25)


def train(rng: Rng, seconds: float = 7.0) -> Array:
    """A steam train: puffs, rails and a whistle."""
    events = []
    start, gap, n = 0.1, 0.42, 0
    while start < seconds:
        puff = band(coloured(gap * 1.2, rng, 0.7), 150, 3500) * decay(gap * 1.2, gap / 4.5, 0.02)
        events.append((start, puff * (1.0 if n % 4 == 0 else 0.65)))
        start, gap, n = start + gap, max(0.2, gap * 0.965), n + 1
    for at in np.arange(0.3, seconds, 0.9):
        for shift in (0, 0.12):
            clank = partials(0.2, [(310, 0.3, 0.02), (820, 0.25, 0.015), (1430, 0.12, 0.01)])
            events.append((at + shift, clank))
    bed = 0.25 * band(coloured(seconds, rng, 1.4), 40, 600)
    blow = points(1.7, [(0, 0), (0.12, 1), (1.4, 0.9), (1.7, 0)])
    whistle = sum(
        sine(f * points(1.7, [(0, 0.94), (0.2, 1), (1.7, 0.985)]), 1.7)
        for f in (588, 740, 880, 1108)
    )
    breath = band(white(1.7, rng), 600, 4000) * 0.5
    return mix(seconds, [*events, (2.6, (0.35 * whistle + breath) * blow * 0.9)]) + bed


def jet(rng: Rng, seconds: float = 7.0) -> Array:
    """A jet that flies over."""
    swell = np.exp(-(((times(seconds) - 3.3) / 1.5) ** 2))
    low = band(coloured(seconds, rng, 1.2), 50, 900)
    high = band(coloured(seconds, rng, 0.5), 900, 7000)
    whine = sine(points(seconds, [(0, 2900), (2.6, 2800), (4, 2000), (7, 1850)]), seconds)
    return swell * (low * 1.2 + high * 0.5 * swell + 0.12 * whine * swell) + 0.05 * low


def helicopter(rng: Rng, seconds: float = 6.0) -> Array:
    """Rotor blades that chop the air."""
    t = times(seconds)
    chop = np.clip(np.sin(2 * np.pi * 10.5 * t), 0, 1) ** 3
    body = band(coloured(seconds, rng, 1.2), 40, 1400)
    turbine = 0.06 * sine(1350, seconds) + 0.04 * sine(2710, seconds)
    swell = points(seconds, [(0, 0.35), (3, 1), (6, 0.4)])
    beat = body * (0.15 + 1.3 * chop) + 0.5 * sine(84, seconds) * chop
    return np.asarray(swell * (beat + turbine))


def propeller(rng: Rng, seconds: float = 6.0) -> Array:
    """A small propeller plane that passes."""
    pitch = points(seconds, [(0, 92), (2.4, 91), (3.6, 79), (6, 77)])
    swell = 0.12 + np.exp(-(((times(seconds) - 3) / 1.4) ** 2))
    drone = saw(pitch, seconds, 24) * slow(seconds, rng, 16, 0.8, 1)
    return swell * (drone * 0.6 + 0.25 * band(coloured(seconds, rng, 1), 80, 2500))


def car_passing(rng: Rng, seconds: float = 6.0) -> Array:
    """A car that drives by on a wet road."""
    swell = 0.04 + np.exp(-(((times(seconds) - 3) / 0.8) ** 2))
    tyres = band(coloured(seconds, rng, 0.8), 250, 6000)
    hum = saw(points(seconds, [(0, 112), (2.6, 110), (3.4, 92), (6, 90)]), seconds, 14)
    return swell * (tyres * 0.8 + hum * 0.25 + 0.5 * band(coloured(seconds, rng, 1.5), 40, 250))


def horn(rng: Rng, seconds: float = 3.0) -> Array:
    """Two hoots of a car's horn."""

    def hoot(length: float) -> Array:
        tone = saw(420, length, 18) + saw(527, length, 18)
        return tone * points(length, [(0, 0), (0.02, 1), (length - 0.04, 1), (length, 0)])

    return room(mix(seconds, [(0.2, hoot(0.35)), (0.75, hoot(1.1))]), rng, 0.8, 0.2)


def rocket(rng: Rng, seconds: float = 8.0) -> Array:
    """A rocket's launch: ignition, roar, crackle, fading with height."""
    roar = (
        band(coloured(seconds, rng, 1.4), 25, 1200) * 1.3
        + band(coloured(seconds, rng, 0.7), 700, 6000) * 0.3
    )
    crackle = np.sign(white(seconds, rng)) * (rng.random(round(seconds * 44100)) < 0.004)
    crackle = band(crackle * 6.0, 300, 5000)
    swell = points(seconds, [(0, 0), (0.5, 0.15), (0.9, 1), (4, 1), (8, 0.12)])
    return np.asarray(np.tanh(swell * (roar + crackle * slow(seconds, rng, 9, 0.2, 1))))


def phone(rng: Rng, seconds: float = 6.0) -> Array:
    """An old telephone that rings twice."""
    events = []
    for start in (0.2, 3.2):
        for n in range(40):
            hit = partials(
                0.4, [(1010, 0.8, 0.06), (1320, 0.8, 0.06), (2480, 0.4, 0.04), (3600, 0.2, 0.02)]
            )
            events.append((start + n / 21, hit * rng.uniform(0.8, 1)))
    return room(mix(seconds, events), rng, 0.5, 0.15)


def typing(rng: Rng, seconds: float = 6.0) -> Array:
    """Somebody types quickly, with a space now and then."""
    events: list[tuple[float, Array]] = []
    start = 0.1
    while start < seconds - 0.2:
        space = rng.random() < 0.16
        click = band(white(0.06, rng), 1500 if space else 2400, 8000) * decay(0.06, 0.004, 0.0005)
        thud = partials(0.06, [(190 if space else 260, 0.5, 0.012), (900, 0.15, 0.006)])
        events += [
            (start, (click + thud) * rng.uniform(0.6, 1)),
            (start + rng.uniform(0.06, 0.09), click * 0.35),
        ]
        start += rng.gamma(3, 0.045) + (0.12 if space else 0)
    return room(mix(seconds, events), rng, 0.25, 0.1)


def sonar(rng: Rng, seconds: float = 6.0) -> Array:
    """A submarine's pings in the deep."""
    ping = sine(1480, 2.6) * decay(2.6, 0.35, 0.004)
    deep = 0.06 * band(coloured(seconds, rng, 1.6), 40, 300)
    return room(mix(seconds, [(0.3, ping), (3.2, ping)]), rng, 2.5, 0.7) + deep


def heart_monitor(rng: Rng, seconds: float = 5.0) -> Array:
    """The beeps of a hospital's heart monitor."""
    beep = sine(1000, 0.11) * points(0.11, [(0, 0), (0.005, 1), (0.1, 1), (0.11, 0)])
    return mix(seconds, [(t, beep) for t in np.arange(0.3, seconds, 0.8)]) + 0.003 * white(
        seconds, rng
    )


def shutter(rng: Rng, seconds: float = 3.0) -> Array:
    """A camera clicks three times, its motor winding the film on."""
    events = []
    for at in (0.2, 1.1, 2.0):
        for shift, loud in ((0, 1.0), (0.045, 0.7)):
            snap = band(white(0.05, rng), 1500, 9000) * decay(0.05, 0.006, 0.0004)
            events += [
                (at + shift, snap * loud),
                (at + shift, partials(0.08, [(620, 0.4, 0.01), (2100, 0.4, 0.006)])),
            ]
        wind = saw(points(0.4, [(0, 120), (0.1, 190), (0.4, 170)]), 0.4, 20) * points(
            0.4, [(0, 0), (0.03, 0.09), (0.36, 0.09), (0.4, 0)]
        )
        events.append((at + 0.12, wind))
    return room(mix(seconds, events), rng, 0.3, 0.1)
