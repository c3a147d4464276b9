"""Sounds of musical instruments and bells."""

import numpy as np

from xmr_core.demo.synth import (
    Rng,
    band,
    decay,
    mix,
    note,
    partials,
    points,
    room,
    saw,
    sine,
    slow,
    string,
    times,
    white,
)
from xmr_core.demo.work import Array


def bell(rng: Rng, seconds: float = 5.0, pitch: float = 520.0) -> Array:
    """One stroke of a church bell: hum, prime, tierce, quint, nominal …"""
    parts = [
        (0.5, 0.7, 2.2),
        (1, 0.9, 1.4),
        (1.19, 0.7, 1.1),
        (1.5, 0.4, 0.8),
        (2, 1, 0.7),
        (2.5, 0.45, 0.4),
        (2.67, 0.4, 0.35),
        (3.01, 0.4, 0.3),
        (4.1, 0.3, 0.2),
        (5.4, 0.2, 0.12),
    ]
    tone = partials(seconds, [(pitch * r * (1 + rng.normal(0, 0.0006)), g, h) for r, g, h in parts])
    strike = band(white(0.05, rng), 1500, 9000) * decay(0.05, 0.006, 0.0005)
    return mix(seconds, [(0, tone), (0, strike * 0.7)])


def church_bells(rng: Rng, seconds: float = 8.0) -> Array:
    """A peal of four bells."""
    events = []
    for n, start in enumerate(np.arange(0.1, seconds - 0.6, 0.62)):
        pitch = (620, 552, 492, 413)[n % 4]
        events.append((start + rng.normal(0, 0.015), bell(rng, 4.0, pitch)))
    return room(mix(seconds, events), rng, 1.8, 0.25)


def gong(rng: Rng, seconds: float = 7.0) -> Array:
    """A temple gong, struck once, that blooms."""
    ratios = np.sort(rng.uniform(1, 14, 34))
    parts = [(92 * r, 1 / r**0.7, 2.4 / r**0.5) for r in ratios]
    tone = sum(
        g
        * sine(f * (1 + 0.002 * np.sin(2 * np.pi * 3 * times(seconds))), seconds)
        * decay(seconds, h, 0.02 + 0.05 * f / 900)
        for f, g, h in parts
    )
    return room(np.asarray(tone), rng, 2.0, 0.3)


def clock_chime(rng: Rng, seconds: float = 7.0) -> Array:
    """A grandfather clock strikes three."""
    stroke = partials(
        3.5, [(262, 1, 0.7), (524, 0.5, 0.5), (787, 0.4, 0.4), (1312, 0.3, 0.25), (2100, 0.2, 0.1)]
    )
    tick = band(white(0.03, rng), 2000, 8000) * decay(0.03, 0.003, 0.0004) * 0.25
    ticks = [(t, tick) for t in np.arange(0.2, seconds, 0.5)]
    return room(mix(seconds, [(0.4, stroke), (2.4, stroke), (4.4, stroke), *ticks]), rng, 1.2, 0.3)


def key(frequency: float, seconds: float) -> Array:
    """One key of a piano: stiff strings, brighter when struck, three of them a hair apart."""
    t = times(seconds)
    out = np.zeros(len(t))
    for k in range(1, 11):
        stretched = frequency * k * np.sqrt(1 + 0.0004 * k * k)
        if stretched > 8000:
            break
        beating = np.sin(2 * np.pi * stretched * t) * (
            1 + 0.25 * np.cos(2 * np.pi * 0.0007 * stretched * t)
        )
        out += beating * decay(seconds, 0.75 / k**0.7, 0.003) / k**1.25
    knock = partials(0.05, [(180, 0.3, 0.01), (900, 0.1, 0.005)])
    return mix(seconds, [(0, out), (0, knock)])


def piano(rng: Rng, seconds: float = 7.0) -> Array:
    """A little piano melody over broken chords."""
    tune = ["E5", "D5", "C5", "G4", "A4", "C5", "D5", "C5", "E5", "G5", "E5", "C5"]
    chords = [("C3", "G3", "E4"), ("A2", "E3", "C4"), ("F2", "C3", "A3"), ("G2", "D3", "B3")]
    events = [
        (0.1 + 0.5 * n, key(note(name), 2.0) * rng.uniform(0.8, 1)) for n, name in enumerate(tune)
    ]
    for n, chord in enumerate(chords):
        events += [
            (0.1 + 1.5 * n + 0.25 * i, key(note(name), 2.2) * 0.55) for i, name in enumerate(chord)
        ]
    return room(mix(seconds, events), rng, 1.2, 0.2)


def guitar(rng: Rng, seconds: float = 7.0) -> Array:
    """Chords picked and strummed on a guitar."""
    chords = [
        ("A2", "E3", "A3", "C4", "E4"),
        ("F2", "C3", "F3", "A3", "C4"),
        ("C3", "E3", "G3", "C4", "E4"),
        ("G2", "B2", "D3", "G3", "B3"),
    ]
    events = []
    for n, chord in enumerate(chords):
        for i, name in enumerate(chord):
            events.append((0.1 + n * 1.6 + i * 0.16, string(note(name), 2.6, rng, 0.5, 0.997)))
        events += [
            (0.1 + n * 1.6 + 0.95 + i * 0.02, string(note(name), 1.6, rng, 0.7) * 0.8)
            for i, name in enumerate(chord)
        ]
    dry = mix(seconds, events)
    body = band(dry, 90, 130, 1) * 0.8 + band(dry, 180, 260, 1) * 0.5
    return room(dry + body, rng, 0.8, 0.15)


def violin(rng: Rng, seconds: float = 6.0) -> Array:
    """A slow violin line with vibrato."""
    events = []
    for start, length, name in (
        (0.1, 1.3, "A4"),
        (1.35, 0.75, "C5"),
        (2.05, 0.75, "E5"),
        (2.75, 1.2, "D5"),
        (3.9, 1.9, "A4"),
    ):
        t = times(length)
        pitch = note(name) * (1 + 0.006 * np.sin(2 * np.pi * 5.6 * t) * np.clip(t * 3, 0, 1))
        bow = saw(pitch, length, 26) + 0.06 * band(white(length, rng), 1500, 8000)
        shaped = (
            band(bow, 200, 6500, 1) + 0.8 * band(bow, 400, 620, 1) + 0.9 * band(bow, 2200, 3400, 1)
        )
        events.append(
            (
                start,
                shaped * points(length, [(0, 0), (0.14, 1), (length - 0.18, 0.85), (length, 0)]),
            )
        )
    return room(mix(seconds, events), rng, 1.6, 0.35)


def flute(rng: Rng, seconds: float = 6.0) -> Array:
    """A flute tune."""
    events = []
    for n, name in enumerate(["D5", "E5", "F#5", "A5", "F#5", "E5", "D5", "B4"]):
        length = 1.5 if n == 7 else 0.68
        t = times(length)
        pitch = note(name) * (1 + 0.004 * np.sin(2 * np.pi * 5 * t))
        tone = sine(pitch, length) + 0.35 * sine(pitch * 2, length) + 0.1 * sine(pitch * 3, length)
        breath = band(white(length, rng), note(name) * 0.9, note(name) * 4, 1) * 0.12
        events.append(
            (
                0.1 + n * 0.62,
                (tone + breath)
                * points(length, [(0, 0), (0.06, 1), (length - 0.1, 0.8), (length, 0)]),
            )
        )
    return room(mix(seconds, events), rng, 1.4, 0.3)


def music_box(rng: Rng, seconds: float = 6.0) -> Array:
    """A wound-up music box."""
    events = []
    for n, name in enumerate(
        ["G5", "E5", "C6", "B5", "G5", "A5", "F5", "D6", "C6", "A5", "G5", "E6", "D6", "B5", "C6"]
    ):
        f = note(name)
        events.append(
            (
                0.2 + n * 0.34 + rng.normal(0, 0.006),
                partials(
                    1.8,
                    [
                        (f, 1, 0.3),
                        (f * 2.01, 0.2, 0.15),
                        (f * 5.4, 0.25, 0.04),
                        (f * 8.9, 0.1, 0.02),
                    ],
                ),
            )
        )
    return room(mix(seconds, events), rng, 0.7, 0.15)


def kick(rng: Rng) -> Array:
    """A bass drum."""
    return sine(points(0.4, [(0, 170), (0.05, 62), (0.4, 48)]), 0.4) * decay(0.4, 0.07) * 1.3


def snare(rng: Rng) -> Array:
    """A snare drum."""
    rattle = band(white(0.25, rng), 1200, 9000) * decay(0.25, 0.035)
    return rattle + partials(0.25, [(190, 0.7, 0.03), (330, 0.4, 0.025)])


def cymbal(rng: Rng, half: float = 0.02) -> Array:
    """A hi-hat, or with a longer ``half`` a crash."""
    return band(white(half * 14, rng), 6000, 16000) * decay(half * 14, half) * 0.5


def drums(rng: Rng, seconds: float = 6.0) -> Array:
    """A rock beat on a drum kit."""
    events = [(0.1, cymbal(rng, 0.25))]
    beat = 0.54
    for n in range(int(seconds / beat * 2)):
        at = 0.1 + n * beat / 2
        events.append((at, cymbal(rng)))
        if n % 4 == 0 or n % 8 == 5:
            events.append((at, kick(rng)))
        if n % 4 == 2:
            events.append((at, snare(rng)))
    for n in range(6):
        tom = sine(points(0.3, [(0, 220 - 18 * n), (0.3, 130 - 12 * n)]), 0.3) * decay(0.3, 0.06)
        events.append((seconds - 1.2 + n * 0.14, tom))
    return room(mix(seconds, events), rng, 0.5, 0.15)


def whistle(rng: Rng, seconds: float = 3.0) -> Array:
    """A referee's pea whistle."""
    t = times(1.3)
    trill = 2900 + 220 * np.sign(np.sin(2 * np.pi * 38 * t)) + 30 * np.sin(2 * np.pi * 11 * t)
    tone = sine(band(trill, None, 400, 1), 1.3) + 0.12 * band(white(1.3, rng), 2000, 9000)
    blow = points(1.3, [(0, 0), (0.03, 1), (1.2, 0.9), (1.3, 0)])
    return room(
        mix(seconds, [(0.15, tone * blow * 0.4), (0.15 + 1.4, tone * blow)]), rng, 0.8, 0.15
    )


def applause(rng: Rng, seconds: float = 6.0) -> Array:
    """A hall that claps."""
    events = []
    crowd = slow(seconds, rng, 1, 0.7, 1)
    for _ in range(45):
        start, gap = rng.uniform(0, 0.6), rng.uniform(0.19, 0.3)
        pitch, loud = rng.uniform(700, 1700), rng.uniform(0.15, 1) ** 2
        clap = band(white(0.04, rng), pitch, pitch * 3.2, 1) * decay(0.04, 0.005, 0.0006) * loud
        while start < seconds:
            events.append((start, clap))
            start += gap * rng.normal(1, 0.06)
    return (
        room(mix(seconds, events), rng, 1.0, 0.6)
        * crowd
        * points(seconds, [(0, 0.3), (0.8, 1), (4.5, 0.9), (6, 0.2)])
    )
