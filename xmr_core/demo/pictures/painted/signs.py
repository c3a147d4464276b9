"""What is made to be read: a clock, a sign, a monitor, keys."""

from collections.abc import Callable

import numpy as np
from PIL import ImageDraw

from xmr_core.demo.canvas import (
    PAINTING,
    U8,
    Rng,
    clouds,
    draw,
    gradient,
    grain,
    grid,
    lay,
    ridge,
    u8,
)

W, H = PAINTING


def piano_keys(rng: Rng) -> U8:
    """The keys of a piano, seen from above."""
    picture = gradient(
        H,
        W,
        [
            (0, (24, 20, 20)),
            (0.14, (40, 30, 28)),
            (0.15, (120, 20, 26)),
            (0.18, (60, 8, 12)),
            (1, (30, 26, 24)),
        ],
    )

    def paint(pen: ImageDraw.ImageDraw, unit: float) -> None:
        wide = 1.3334 * unit / 14
        for n in range(14):
            pen.rounded_rectangle(
                [n * wide + 3, 0.18 * unit, (n + 1) * wide - 3, 0.96 * unit],
                10,
                fill=(248, 245, 234, 255),
            )
            pen.rectangle(
                [n * wide + 3, 0.9 * unit, (n + 1) * wide - 3, 0.95 * unit],
                fill=(222, 216, 202, 255),
            )
        for n in range(14):
            if n % 7 not in (2, 6):
                left = (n + 1) * wide - 0.3 * wide
                pen.polygon(
                    [
                        (left + 0.6 * wide, 0.2 * unit),
                        (left + 0.85 * wide, 0.24 * unit),
                        (left + 0.85 * wide, 0.66 * unit),
                        (left + 0.6 * wide, 0.66 * unit),
                    ],
                    fill=(150, 146, 140, 130),
                )
                pen.rounded_rectangle(
                    [left, 0.17 * unit, left + 0.6 * wide, 0.64 * unit], 8, fill=(22, 20, 22, 255)
                )
                pen.rounded_rectangle(
                    [left + 0.1 * wide, 0.17 * unit, left + 0.5 * wide, 0.6 * unit],
                    6,
                    fill=(56, 54, 58, 255),
                )

    shaded = draw(picture, paint) * (0.86 + 0.2 * grid(H, W)[1][..., None] / 1.33)
    return u8(grain(shaded, rng, 0.006))


def station_clock(rng: Rng) -> U8:
    """A station clock with a red second hand."""
    picture = np.clip(
        gradient(H, W, [(0, (150, 160, 168)), (1, (110, 116, 124))])
        + 0.05 * (clouds(H, W, rng, 3)[..., None] - 0.5),
        0,
        1,
    )

    def paint(pen: ImageDraw.ImageDraw, unit: float) -> None:
        cx, cy = 0.667 * unit, 0.5 * unit
        for r, colour in ((0.45, (40, 42, 46)), (0.42, (250, 250, 248))):
            pen.ellipse(
                [cx - r * unit, cy - r * unit, cx + r * unit, cy + r * unit], fill=(*colour, 255)
            )
        for mark in range(60):
            a = np.radians(mark * 6)
            pen.line(
                [
                    (cx + r * unit * np.sin(a), cy - r * unit * np.cos(a))
                    for r in (0.31 if mark % 5 == 0 else 0.37, 0.4)
                ],
                fill=(20, 20, 22, 255),
                width=int(unit * (0.028 if mark % 5 == 0 else 0.01)),
            )
        for degrees, long, width, colour in (
            (305, 0.25, 0.045, (20, 20, 22)),
            (54, 0.37, 0.036, (20, 20, 22)),
            (200, 0.27, 0.012, (214, 30, 36)),
        ):
            a = np.radians(degrees)
            pen.line(
                [
                    (cx - 0.08 * unit * np.sin(a), cy + 0.08 * unit * np.cos(a)),
                    (cx + long * unit * np.sin(a), cy - long * unit * np.cos(a)),
                ],
                fill=(*colour, 255),
                width=int(unit * width),
            )
        a = np.radians(200)
        px, py, r = cx + 0.27 * unit * np.sin(a), cy - 0.27 * unit * np.cos(a), 0.036 * unit
        pen.ellipse([px - r, py - r, px + r, py + r], fill=(214, 30, 36, 255))

    return u8(grain(draw(picture, paint), rng, 0.006))


def heart_trace(rng: Rng) -> U8:
    """The green trace of a heart on a monitor."""
    y, x = grid(H, W)
    picture = np.zeros((H, W, 3)) + np.array([0.01, 0.03, 0.03])
    lines = ((x * 20) % 1 < 0.045) | ((y * 20) % 1 < 0.045)
    picture = lay(picture, lines * 0.35, (30, 90, 70))
    t = np.linspace(0, 1, 900)
    beat = (t * 3.4) % 1
    trace = (
        0.04 * np.exp(-(((beat - 0.2) / 0.03) ** 2))
        - 0.05 * np.exp(-(((beat - 0.345) / 0.01) ** 2))
        + 0.34 * np.exp(-(((beat - 0.37) / 0.012) ** 2))
        - 0.1 * np.exp(-(((beat - 0.395) / 0.012) ** 2))
        + 0.07 * np.exp(-(((beat - 0.62) / 0.05) ** 2))
    )

    def line(width: int) -> Callable[[ImageDraw.ImageDraw, float], None]:
        def paint(pen: ImageDraw.ImageDraw, unit: float) -> None:
            pen.line(
                [(a * 1.3334 * unit, (0.56 - b) * unit) for a, b in zip(t, trace, strict=True)],
                fill=(70, 255, 130, 255),
                width=width,
                joint="curve",
            )

        return paint

    picture = draw(draw(picture, line(14), 4.0), line(6))

    def heart(pen: ImageDraw.ImageDraw, unit: float) -> None:
        a = np.linspace(0, 2 * np.pi, 60)
        pen.polygon(
            [
                (
                    (1.2 + 0.0045 * 16 * np.sin(b) ** 3) * unit,
                    (
                        0.14
                        - 0.0045
                        * (13 * np.cos(b) - 5 * np.cos(2 * b) - 2 * np.cos(3 * b) - np.cos(4 * b))
                    )
                    * unit,
                )
                for b in a
            ],
            fill=(240, 50, 70, 255),
        )

    return u8(draw(picture, heart))


def stop_sign(rng: Rng) -> U8:
    """A red stop sign by the road."""
    from PIL import ImageFont

    picture = gradient(
        H,
        W,
        [(0, (110, 164, 226)), (0.72, (214, 230, 242)), (0.74, (96, 132, 66)), (1, (70, 104, 48))],
    )
    y, _ = grid(H, W)
    picture = lay(
        picture, np.clip((clouds(H, W, rng, 3) - 0.55) * 2, 0, 0.9) * (y < 0.7), (250, 252, 255)
    )
    picture = lay(
        picture, np.clip((y - ridge(W, rng, 0.7, 0.05)[None]) * H, 0, 1) * (y < 0.76), (58, 92, 52)
    )

    def paint(pen: ImageDraw.ImageDraw, unit: float) -> None:
        cx, cy = 0.667 * unit, 0.4 * unit
        pen.rectangle([cx - 0.018 * unit, cy, cx + 0.018 * unit, unit], fill=(150, 154, 158, 255))
        for r, colour in ((0.31, (244, 244, 242)), (0.29, (196, 24, 32))):
            pen.polygon(
                [
                    (
                        cx + r * unit * np.cos(np.pi / 8 + k * np.pi / 4),
                        cy + r * unit * np.sin(np.pi / 8 + k * np.pi / 4),
                    )
                    for k in range(8)
                ],
                fill=(*colour, 255),
            )
        font = ImageFont.load_default(size=0.19 * unit)
        pen.text(
            (cx, cy),
            "STOP",
            fill=(250, 250, 250, 255),
            font=font,
            anchor="mm",
            stroke_width=4,
            stroke_fill=(250, 250, 250, 255),
        )

    return u8(grain(draw(picture, paint), rng))
