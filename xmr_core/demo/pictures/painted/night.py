"""Nights: the Moon, stars, lightning, fireworks."""

from collections.abc import Callable

import numpy as np
from PIL import ImageDraw
from scipy import ndimage

from xmr_core.demo.canvas import (
    PAINTING,
    U8,
    Colour,
    Rng,
    clouds,
    draw,
    glow,
    gradient,
    grain,
    grid,
    lay,
    ridge,
    u8,
)
from xmr_core.demo.work import Array

W, H = PAINTING


def _stars(picture: Array, rng: Rng, count: int, lowest: float = 1.0) -> Array:
    out = picture.copy()
    y = (rng.random(count) ** 1.2 * lowest * H).astype(int).clip(0, H - 2)
    x = rng.integers(0, W - 1, count)
    bright = rng.pareto(2.2, count).clip(0.1, 3)[:, None] * rng.uniform(0.6, 1, (count, 3)) * 0.4
    np.add.at(out, (y, x), bright)
    np.add.at(out, (y, x + 1), bright * 0.4)
    return out


def full_moon(rng: Rng) -> U8:
    """The full Moon behind thin clouds over dark hills."""
    picture = _stars(
        gradient(H, W, [(0, (6, 10, 28)), (0.8, (26, 36, 66)), (1, (40, 50, 80))]), rng, 500, 0.8
    )
    y, x = grid(H, W)
    r = np.hypot(y - 0.36, x - 0.72)
    disc = np.clip((0.15 - r) * H, 0, 1)
    seas = np.clip((clouds(H, W, rng, 9, 4) - 0.5) * 3, 0, 1)[..., None]
    face = np.array([0.98, 0.96, 0.88]) * (1 - 0.3 * seas) * (1 - 0.25 * (r / 0.15)[..., None] ** 2)
    picture = glow(picture, 0.36, 0.72, 0.3, (90, 96, 120))
    picture = lay(picture, disc, face)
    veil = np.clip((clouds(H, W, rng, 3) - 0.5) * 1.6, 0, 0.75) * np.exp(-(((y - 0.5) / 0.24) ** 2))
    picture = lay(picture, veil, (70, 78, 106))
    for level, colour in ((0.78, (20, 28, 48)), (0.88, (8, 12, 22))):
        picture = lay(picture, (y > ridge(W, rng, level, 0.05)[None]) * 1.0, colour)
    return u8(grain(picture, rng, 0.008))


def milky_way(rng: Rng) -> U8:
    """The Milky Way above a dark horizon."""
    y, x = grid(H, W)
    band = np.exp(-(((y - 0.9 + 0.62 * x) / 0.2) ** 2))
    dust = clouds(H, W, rng, 5, 6)
    picture = gradient(H, W, [(0, (6, 8, 20)), (1, (22, 26, 46))])
    picture = picture + (band * (0.35 + 0.65 * dust))[..., None] * np.array([0.42, 0.36, 0.46])
    picture = picture * (
        1 - 0.75 * np.clip(band * (clouds(H, W, rng, 6, 6) - 0.55) * 3, 0, 1)[..., None]
    )
    picture = _stars(_stars(picture, rng, 2600), rng, 500)
    return u8(lay(picture, (y > ridge(W, rng, 0.88, 0.05)[None]) * 1.0, (4, 5, 10)))


def lightning(rng: Rng) -> U8:
    """Lightning strikes beneath a thundercloud."""
    y, _ = grid(H, W)
    picture = gradient(
        H, W, [(0, (24, 22, 44)), (0.55, (82, 72, 120)), (0.85, (120, 104, 140)), (1, (30, 28, 40))]
    )
    picture = lay(
        picture,
        np.clip(clouds(H, W, rng, 3) * 1.7 - 0.4, 0, 1) * np.clip(1.2 - 2.2 * y, 0, 1),
        (16, 16, 30),
    )

    def branch(
        py: float, px: float, down: float, reach: float, width: float
    ) -> list[tuple[list[tuple[float, float]], float]]:
        path, out = [(px, py)], []
        while py < down:
            py += rng.uniform(0.012, 0.03)
            px += rng.normal(0, 0.016) + reach
            path.append((px, py))
            if width > 1.2 and rng.random() < 0.16:
                out += branch(
                    py,
                    px,
                    min(down, py + rng.uniform(0.1, 0.3)),
                    float(rng.choice([-1, 1])) * 0.012,
                    width * 0.45,
                )
        return [(path, width), *out]

    bolts = branch(0.14, 0.5, 0.82, 0.001, 3.0) + branch(0.1, 0.98, 0.6, 0.003, 2.0)

    def paint(scale: float) -> Callable[[ImageDraw.ImageDraw, float], None]:
        def lines(pen: ImageDraw.ImageDraw, unit: float) -> None:
            for path, width in bolts:
                pen.line(
                    [(a * unit, b * unit) for a, b in path],
                    fill=(236, 230, 255, 255),
                    width=max(2, int(width * scale)),
                )

        return lines

    for blur, scale in ((14.0, 9), (5.0, 6), (0.0, 2.6)):
        picture = draw(picture, paint(scale), blur)
    picture = lay(picture, (y > ridge(W, rng, 0.84, 0.03)[None]) * 1.0, (10, 10, 16))
    return u8(grain(picture, rng))


def fireworks(rng: Rng) -> U8:
    """Fireworks over a town by the water."""
    picture = gradient(
        H, W, [(0, (6, 8, 24)), (0.75, (26, 22, 50)), (0.76, (10, 12, 26)), (1, (14, 16, 34))]
    )
    y, _ = grid(H, W)
    light = np.zeros((H, W, 3))
    for cy, cx, size, colour in (
        (0.28, 0.45, 0.24, (255, 90, 60)),
        (0.22, 0.98, 0.2, (90, 190, 255)),
        (0.44, 0.76, 0.17, (255, 220, 90)),
        (0.38, 0.15, 0.13, (150, 255, 140)),
        (0.5, 1.15, 0.12, (240, 130, 255)),
    ):
        light = glow(light, cy, cx, size * 0.8, (colour[0] // 5, colour[1] // 5, colour[2] // 5))

        def sparks(
            pen: ImageDraw.ImageDraw,
            unit: float,
            cy: float = cy,
            cx: float = cx,
            size: float = size,
            colour: Colour = colour,
        ) -> None:
            for a in rng.uniform(0, 2 * np.pi, 90):
                long = size * rng.uniform(0.75, 1.05)
                t = np.linspace(0.18, 1, 9)
                px, py = cx + long * t * np.cos(a), cy + long * t * np.sin(a) + 0.05 * t**2
                for k in range(8):
                    fade = int(90 + 165 * k / 7)
                    pen.line(
                        [(px[k] * unit, py[k] * unit), (px[k + 1] * unit, py[k + 1] * unit)],
                        fill=(*colour, fade),
                        width=2,
                    )
                pen.ellipse(
                    [px[8] * unit - 4, py[8] * unit - 4, px[8] * unit + 4, py[8] * unit + 4],
                    fill=(255, 250, 236, 255),
                )

        light = draw(light, sparks)
    bloom = light + 0.8 * ndimage.gaussian_filter(light, (4, 4, 0))
    sky = 1 - (1 - np.clip(picture, 0, 1)) * (1 - np.clip(bloom, 0, 1))
    skyline = 0.76 - np.repeat(rng.uniform(0.01, 0.085, W // 14 + 1), 14)[:W]
    sky = lay(sky, ((y > skyline[None]) & (y < 0.76)) * 1.0, (10, 10, 18))
    lit = (rng.random((H // 4 + 1, W // 4 + 1)) < 0.25).repeat(4, 0).repeat(4, 1)[:H, :W] & (
        (np.mgrid[0:H, 0:W].sum(axis=0) % 4) < 2
    )
    sky = lay(sky, (lit & (y > skyline[None] + 0.012) & (y < 0.75)) * 0.8, (255, 206, 120))
    shown = ndimage.gaussian_filter(sky[int(0.76 * H) :: -1][: H - int(0.76 * H) - 1], (1, 5, 0))
    sky[int(0.76 * H) + 1 :][: len(shown)] = shown * 0.6
    return u8(sky)
