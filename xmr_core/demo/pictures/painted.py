"""Pictures painted with noise, gradients and smooth shapes."""

from collections.abc import Callable

import numpy as np
from PIL import ImageDraw
from scipy import ndimage

from xmr_core.demo.canvas import (
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

H, W = 330, 440


def _stars(picture: Array, rng: Rng, count: int, lowest: float = 1.0) -> Array:
    out = picture.copy()
    y = (rng.random(count) ** 1.2 * lowest * H).astype(int).clip(0, H - 2)
    x = rng.integers(0, W - 1, count)
    bright = rng.pareto(2.2, count).clip(0.1, 3)[:, None] * rng.uniform(0.6, 1, (count, 3)) * 0.4
    np.add.at(out, (y, x), bright)
    np.add.at(out, (y, x + 1), bright * 0.4)
    return out


def beach(rng: Rng) -> U8:
    """A sandy beach with turquoise water and a blue sky."""
    y, x = grid(H, W)
    picture = gradient(
        H,
        W,
        [
            (0, (84, 150, 222)),
            (0.42, (196, 224, 240)),
            (0.43, (24, 106, 150)),
            (0.62, (64, 178, 184)),
            (1, (120, 210, 200)),
        ],
    )
    cover = np.clip((clouds(H, W, rng, 3) - 0.55) * 2.5, 0, 1) * (y < 0.42)
    picture = lay(picture, cover * 0.9, (250, 252, 255))
    ripple = np.sin(260 * np.clip(y - 0.4, 0, 1) ** 0.5 * 3 + 6 * clouds(H, W, rng, 6)) * (y > 0.43)
    picture = picture + 0.035 * ripple[..., None]
    shore = 0.72 + 0.1 * (x - 0.66) + 0.012 * np.sin(9 * x) + 0.01 * np.sin(23 * x + 1)
    sand = np.array([0.9, 0.79, 0.58]) * (0.93 + 0.14 * clouds(H, W, rng, 40, 4)[..., None])
    wet = np.clip((shore + 0.09 - y) / 0.09, 0, 1)
    picture = lay(picture, np.clip((y - shore) * 90, 0, 1), sand * (1 - 0.28 * wet[..., None]))
    for offset, width in ((0.0, 0.014), (-0.07, 0.01), (-0.13, 0.006)):
        foam = (
            np.exp(-(((y - shore - offset - 0.01 * clouds(H, W, rng, 9)) / width) ** 2))
            * clouds(H, W, rng, 26, 3) ** 0.6
        )
        picture = lay(picture, np.clip(foam * 1.2, 0, 0.95), (252, 252, 250))
    return u8(grain(picture, rng))


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


def window(rng: Rng) -> U8:
    """Raindrops on a window, blurred street lights behind."""
    picture = gradient(H, W, [(0, (34, 40, 54)), (0.6, (54, 58, 70)), (1, (24, 26, 34))])
    for _ in range(34):
        colour: Colour = ((255, 180, 90), (250, 90, 70), (120, 190, 255), (255, 236, 190))[
            int(rng.integers(4))
        ]
        picture = glow(
            picture,
            rng.uniform(0.3, 0.95),
            rng.uniform(0, 1.33),
            rng.uniform(0.02, 0.06),
            (colour[0] // 2, colour[1] // 2, colour[2] // 2),
            8,
        )
    back = ndimage.gaussian_filter(picture, (2.5, 2.5, 0))
    y, x = grid(H, W)
    height = np.zeros((H, W))
    for _ in range(420):
        cy, cx, r = rng.uniform(0, 1), rng.uniform(0, 1.34), 0.005 + 0.022 * rng.random() ** 4
        top, bottom = max(0, int((cy - 2 * r) * H)), int((cy + 2 * r) * H) + 2
        left, right = max(0, int((cx - 2 * r) * H)), int((cx + 2 * r) * H) + 2
        part = np.s_[top:bottom, left:right]
        d = 1 - (((y[part] - cy) / (1.15 * r)) ** 2 + ((x[part] - cx) / r) ** 2)
        height[part] = np.maximum(height[part], r * np.sqrt(np.clip(d, 0, 1)))
    for _ in range(9):
        cx, start, end = rng.uniform(0.05, 1.28), rng.uniform(-0.1, 0.4), rng.uniform(0.5, 1.0)
        path = cx + 0.012 * np.sin(9 * y + cx * 40)
        streak = np.exp(-(((x - path) / 0.006) ** 2)) * (y > start) * (y < end)
        height = np.maximum(height, 0.01 * streak)
    dy, dx = np.gradient(ndimage.gaussian_filter(height, 0.7) * H)
    rows, columns = np.mgrid[0:H, 0:W]
    bent = np.stack(
        [
            ndimage.map_coordinates(
                back[..., c], [rows - 46 * dy, columns - 46 * dx], order=1, mode="mirror"
            )
            for c in range(3)
        ],
        axis=-1,
    )
    shine = np.clip(-dy * 0.5 - dx * 0.25, -0.25, 0.6)
    return u8(grain(bent * (1 + 0.2 * (height > 0.003))[..., None] + shine[..., None] * 0.55, rng))


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


def mountains(rng: Rng) -> U8:
    """Snow-covered mountains at dawn."""
    y, x = grid(H, W)
    picture = gradient(H, W, [(0, (70, 110, 176)), (0.45, (244, 196, 170)), (1, (240, 220, 210))])
    picture = lay(
        picture, np.clip((clouds(H, W, rng, 4) - 0.6) * 1.6, 0, 0.8) * (y < 0.4), (255, 226, 214)
    )
    for level, height, far in ((0.5, 0.2, 0.75), (0.62, 0.2, 0.4), (0.78, 0.13, 0.0)):
        top = ndimage.gaussian_filter1d(ridge(W, rng, level, height, 0.55), 1.0)
        below = y - top[None]
        rock = clouds(H, W, rng, 9, 5)
        light = np.clip(0.55 + 26 * np.gradient(top)[None] + 0.9 * (rock - 0.5), 0, 1)
        snow = np.clip((0.22 - below + 0.25 * (rock - 0.4)) * 9, 0, 1)
        stone = np.array([0.3, 0.32, 0.4]) * (0.5 + 0.8 * light[..., None])
        white = (
            np.array([0.72, 0.78, 0.92]) * (1 - light[..., None])
            + np.array([1.0, 0.93, 0.88]) * light[..., None]
        )
        slope = stone * (1 - snow[..., None]) + white * snow[..., None]
        haze = np.array([0.86, 0.8, 0.82])
        picture = lay(picture, np.clip(below * H, 0, 1), slope * (1 - 0.6 * far) + haze * 0.6 * far)
    firs = ndimage.gaussian_filter1d(ridge(W, rng, 0.93, 0.04, 0.7), 0.4) - 0.03 * np.abs(
        ((x[0] * 40) % 1) - 0.5
    )
    picture = lay(picture, np.clip((y - firs[None]) * H, 0, 1), (22, 38, 44))
    return u8(grain(picture, rng))


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


PAINTINGS: dict[str, tuple[Callable[[Rng], U8], tuple[str, ...]]] = {
    "sea/beach.jpg": (beach, ("sea",)),
    "night/full-moon.jpg": (full_moon, ("night",)),
    "night/milky-way.jpg": (milky_way, ("night", "space")),
    "rain/lightning.jpg": (lightning, ("rain",)),
    "rain/rain-on-the-window.jpg": (window, ("rain",)),
    "party/fireworks.jpg": (fireworks, ("party",)),
    "winter/mountains-in-snow.jpg": (mountains, ("winter",)),
    "music/piano-keys.png": (piano_keys, ("piano", "music")),
    "clocks/station-clock.png": (station_clock, ("clocks", "trains")),
    "birds/geese-at-sunset.jpg": (flock, ("birds",)),
    "doctor/heart-trace.png": (heart_trace, ("doctor",)),
    "cars/stop-sign.png": (stop_sign, ("cars",)),
    "flowers/butterfly.webp": (butterfly, ("flowers",)),
}
