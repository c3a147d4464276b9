"""Lights on the dark: fireworks, and the trace of a heart."""

from collections.abc import Iterator

import numpy as np
from PIL import ImageDraw

from xmr_core.demo.canvas import U8, Rng, draw, gradient, grid, lay, u8
from xmr_core.demo.film import FPS, SIZE

W, H = SIZE


def fireworks(rng: Rng, seconds: float = 6.0) -> Iterator[U8]:
    """Rockets burst over dark roofs; the bangs come with them."""
    base = gradient(H, W, [(0, (5, 6, 20)), (1, (30, 26, 54))])
    y, _ = grid(H, W)
    roofs = 0.93 - np.repeat(rng.uniform(0, 0.09, W // 16 + 1), 16)[:W]
    base = lay(base, (y > roofs[None]) * 1.0, (8, 8, 14))
    colours = ((255, 96, 66), (110, 200, 255), (255, 226, 110), (170, 255, 150), (244, 140, 255))
    for n in range(round(seconds * FPS)):
        t = n / FPS

        def bursts(pen: ImageDraw.ImageDraw, unit: float, t: float = t) -> None:
            for i, start in enumerate(BURSTS):
                age = t - start
                own = np.random.default_rng(i)
                cx, cy = own.uniform(0.25, 1.1), own.uniform(0.2, 0.42)
                if -0.5 < age < 0:
                    py = cy - age * 1.1
                    pen.line(
                        [(cx * unit, py * unit), (cx * unit, (py + 0.04) * unit)],
                        fill=(255, 220, 160, 255),
                        width=4,
                    )
                if 0 <= age < 1.7:
                    spread = 0.28 * (1 - np.exp(-2.6 * age))
                    tail = 0.28 * (1 - np.exp(-2.6 * max(0.0, age - 0.14)))
                    fade = int(255 * max(0.0, 1 - age / 1.7))
                    for a, v in zip(
                        own.uniform(0, 2 * np.pi, 70), own.uniform(0.4, 1, 70), strict=True
                    ):
                        ends = [
                            (
                                (cx + r * v * np.cos(a)) * unit,
                                (cy + r * v * np.sin(a) + 0.09 * age**2) * unit,
                            )
                            for r in (tail, spread)
                        ]
                        pen.line(ends, fill=(*colours[i % 5], fade), width=3)

        yield u8(draw(draw(base, bursts, 3.0, 2), bursts, 0, 2))


BURSTS = (0.6, 1.4, 2.0, 2.9, 3.5, 4.1, 4.7)
"""Seconds at which the fireworks burst, for the picture and the sound."""


def monitor(rng: Rng, seconds: float = 5.0) -> Iterator[U8]:
    """The trace of a heart runs over a monitor, as the beeps of the sound."""
    y, x = grid(H, W)
    lines = ((x * 16) % 1 < 0.05) | ((y * 16) % 1 < 0.05)
    base = lay(np.zeros((H, W, 3)) + np.array([0.01, 0.04, 0.04]), lines * 0.3, (30, 90, 70))
    time = np.linspace(0, 2.4, 700)
    for n in range(round(seconds * FPS)):
        t = n / FPS

        def trace(pen: ImageDraw.ImageDraw, unit: float, t: float = t) -> None:
            moment = t - (t % 2.4) + time
            moment = np.where(moment > t, moment - 2.4, moment)
            beat = (moment - 0.3 + 0.3) % 0.8 - 0.3
            v = (
                0.04 * np.exp(-(((beat + 0.16) / 0.03) ** 2))
                - 0.06 * np.exp(-(((beat + 0.025) / 0.01) ** 2))
                + 0.36 * np.exp(-((beat / 0.013) ** 2))
                - 0.12 * np.exp(-(((beat - 0.03) / 0.013) ** 2))
                + 0.07 * np.exp(-(((beat - 0.24) / 0.05) ** 2))
            )
            v = np.where(moment < 0, 0, v)
            gap = (t % 2.4 - time + 2.4) % 2.4 > 2.25
            for i in range(0, 690, 3):
                if not gap[i]:
                    pen.line(
                        [(time[j] / 2.4 * 1.333 * unit, (0.6 - v[j]) * unit) for j in (i, i + 3)],
                        fill=(80, 255, 140, 255),
                        width=5,
                    )
            if (t - 0.3) % 0.8 < 0.2 and t >= 0.3:
                a = np.linspace(0, 2 * np.pi, 40)
                pen.polygon(
                    [
                        (
                            (1.2 + 0.0042 * 16 * np.sin(b) ** 3) * unit,
                            (
                                0.14
                                - 0.0042
                                * (
                                    13 * np.cos(b)
                                    - 5 * np.cos(2 * b)
                                    - 2 * np.cos(3 * b)
                                    - np.cos(4 * b)
                                )
                            )
                            * unit,
                        )
                        for b in a
                    ],
                    fill=(240, 50, 70, 255),
                )

        yield u8(draw(draw(base, trace, 2.0, 2), trace, 0, 2))
