"""Geese and a butterfly."""

import numpy as np
from PIL import ImageDraw
from scipy import ndimage

from xmr_core.demo.canvas import (
    PAINTING,
    U8,
    Rng,
    clouds,
    draw,
    glow,
    gradient,
    grain,
    grid,
    lay,
    u8,
)
from xmr_core.demo.work import Array

W, H = PAINTING


def flock(rng: Rng) -> U8:
    """Geese fly south in front of the evening sun."""
    picture = gradient(
        H,
        W,
        [(0, (70, 60, 110)), (0.5, (236, 120, 80)), (0.85, (255, 196, 110)), (1, (120, 60, 50))],
    )
    picture = lay(picture, 0.5 * clouds(H, W, rng, 3) * (grid(H, W)[0] < 0.8), (210, 110, 110))
    picture = glow(
        glow(picture, 0.68, 0.9, 0.1, (255, 230, 160), 6), 0.68, 0.9, 0.35, (120, 60, 10)
    )

    def paint(pen: ImageDraw.ImageDraw, unit: float) -> None:
        for n in range(15):
            side = 1 if n % 2 else -1
            k = (n + 1) // 2
            px, py, size = (
                (0.42 + 0.075 * k) * unit,
                (0.3 + side * 0.036 * k + 0.01 * (n % 3)) * unit,
                (0.055 - 0.0012 * n) * unit,
            )
            lift = float(rng.uniform(-0.5, 1.0))
            ink = (24, 18, 28, 255)
            pen.ellipse(
                [px - size * 0.55, py - size * 0.1, px + size * 0.5, py + size * 0.12], fill=ink
            )
            pen.line(
                [(px - size * 0.5, py), (px - size * 0.95, py - size * 0.12)],
                fill=ink,
                width=int(size * 0.1) + 1,
            )
            for s in (1, -1):
                pen.polygon(
                    [
                        (px - size * 0.2, py),
                        (px + size * 0.22, py),
                        (px + size * 0.35, py - s * lift * size * 0.5 - size * 0.3),
                        (px + size * 0.75, py - s * lift * size - size * 0.15),
                    ],
                    fill=ink,
                )

    return u8(grain(draw(picture, paint), rng))


def butterfly(rng: Rng) -> U8:
    """A monarch butterfly on green."""
    picture = ndimage.gaussian_filter(
        gradient(H, W, [(0, (110, 156, 80)), (1, (60, 104, 50))])
        + 0.35 * (clouds(H, W, rng, 5)[..., None] - 0.5),
        (3, 3, 0),
    )

    def paint(pen: ImageDraw.ImageDraw, unit: float) -> None:
        cx, cy = 0.667 * unit, 0.5 * unit
        for s in (1, -1):
            for points, inner in (
                (
                    [
                        (0.02, -0.05),
                        (0.2, -0.32),
                        (0.42, -0.36),
                        (0.46, -0.22),
                        (0.34, -0.02),
                        (0.04, 0.03),
                    ],
                    0.84,
                ),
                ([(0.02, 0.0), (0.3, 0.02), (0.36, 0.16), (0.24, 0.32), (0.08, 0.24)], 0.82),
            ):
                shape = _smooth(np.array(points))
                middle = shape.mean(axis=0)
                pen.polygon(
                    [(cx + s * a * unit, cy + b * unit) for a, b in shape], fill=(26, 18, 16, 255)
                )
                pen.polygon(
                    [
                        (cx + s * a * unit, cy + b * unit)
                        for a, b in middle + (shape - middle) * inner
                    ],
                    fill=(238, 124, 28, 255),
                )
                for a, b in shape[::8]:
                    pen.line(
                        [
                            (cx + s * 0.03 * unit, cy - 0.02 * unit),
                            (cx + s * a * unit, cy + b * unit),
                        ],
                        fill=(30, 20, 16, 255),
                        width=7,
                    )
                for a, b in middle + (shape[::4] - middle) * 0.93:
                    pen.ellipse(
                        [
                            cx + s * a * unit - 6,
                            cy + b * unit - 6,
                            cx + s * a * unit + 6,
                            cy + b * unit + 6,
                        ],
                        fill=(246, 240, 226, 255),
                    )
            pen.line(
                [
                    (cx, cy - 0.16 * unit),
                    (cx + s * 0.05 * unit, cy - 0.25 * unit),
                    (cx + s * 0.1 * unit, cy - 0.3 * unit),
                ],
                fill=(24, 18, 16, 255),
                width=5,
            )
        pen.ellipse(
            [cx - 0.024 * unit, cy - 0.12 * unit, cx + 0.024 * unit, cy + 0.22 * unit],
            fill=(24, 18, 16, 255),
        )
        pen.ellipse(
            [cx - 0.03 * unit, cy - 0.18 * unit, cx + 0.03 * unit, cy - 0.11 * unit],
            fill=(24, 18, 16, 255),
        )

    return u8(grain(draw(picture, paint), rng))


def _smooth(corners: Array) -> Array:
    """A rounded outline through corners: Chaikin's cutting, four times."""
    for _ in range(4):
        after = np.roll(corners, -1, axis=0)
        corners = np.stack(
            [0.75 * corners + 0.25 * after, 0.25 * corners + 0.75 * after], axis=1
        ).reshape(-1, 2)
    return corners
