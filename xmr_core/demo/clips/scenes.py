"""Little painted scenes that move: frames u8 (H, W, 3) of ``SIZE``."""

from collections.abc import Iterator

import numpy as np
from PIL import ImageDraw

from xmr_core.demo.canvas import U8, Rng, clouds, draw, glow, gradient, grid, lay, ridge, u8
from xmr_core.demo.film import FPS, SIZE

W, H = SIZE


def sunset_waves(rng: Rng, seconds: float = 6.0) -> Iterator[U8]:
    """The sun low over a rolling sea."""
    sky = gradient(
        H, W, [(0, (40, 52, 108)), (0.3, (198, 92, 92)), (0.5, (255, 176, 92)), (1, (255, 176, 92))]
    )
    haze = clouds(H, W, rng, 3)
    sky = lay(sky, 0.35 * haze * np.linspace(1, 0.2, H)[:, None], (255, 150, 120))
    sky = glow(glow(sky, 0.44, 0.66, 0.055, (255, 240, 190), 6), 0.44, 0.66, 0.22, (150, 80, 20))
    y, x = grid(H, W)
    depth = np.clip((y - 0.5) / 0.5, 1e-3, 1)
    for n in range(round(seconds * FPS)):
        t = n / FPS
        wave = np.sin(34 / (depth + 0.12) + 2.2 * t + 3 * np.sin(5 * x + 0.7 * t))
        wave += 0.6 * np.sin(58 / (depth + 0.1) - 1.7 * t + 9 * x) + 0.4 * np.sin(
            21 * x * (1.4 - depth) + 3 * t
        )
        sea = gradient(H, W, [(0.5, (226, 138, 92)), (0.62, (112, 88, 118)), (1, (24, 42, 78))])
        sea = sea + wave[..., None] * np.array([0.06, 0.05, 0.05])
        path = np.exp(-(((x - 0.66) / (0.05 + 0.22 * depth)) ** 2)) * np.clip(wave, 0, 2)
        sea = sea + path[..., None] * np.array([0.6, 0.4, 0.16])
        foam = np.clip(wave - 1.35, 0, 1) * depth**2 * 1.6
        picture = np.where(
            (y < 0.5)[..., None], sky, lay(sea, np.clip(foam, 0, 0.8), (250, 236, 226))
        )
        yield u8(picture)


def rain(rng: Rng, seconds: float = 5.0) -> Iterator[U8]:
    """Rain over grey hills and a lake, with a flash of lightning."""
    base = gradient(H, W, [(0, (62, 70, 84)), (0.6, (132, 142, 152)), (1, (96, 108, 114))])
    base = lay(
        base, 0.7 * clouds(H, W, rng, 3) * np.clip(1.2 - 2 * grid(H, W)[0], 0, 1), (44, 50, 62)
    )
    y, _ = grid(H, W)
    for level, colour in ((0.56, (88, 104, 112)), (0.66, (56, 78, 74))):
        base = lay(base, (y > ridge(W, rng, level, 0.07)[None]) * 1.0, colour)
    base = lay(base, (y > 0.76) * 1.0, gradient(H, W, [(0.76, (120, 134, 142)), (1, (74, 88, 98))]))
    bolt = np.cumsum(rng.normal(0, 5, 14)) + W * 0.64
    drops = rng.random((260, 3))
    for n in range(round(seconds * FPS)):
        t = n / FPS
        flash = 0.0 if n not in (14, 15, 17) else (0.5, 0.25, 0.4)[(14, 15, 17).index(n)]

        def paint(
            pen: ImageDraw.ImageDraw, unit: float, t: float = t, flash: float = flash
        ) -> None:
            if flash:
                path = [(float(x) * 3, unit * 0.045 * i) for i, x in enumerate(bolt)]
                pen.line(path, fill=(255, 255, 255, 255), width=5)
            for x, start, near in drops:
                fall = (start + t * (1.1 + near)) % 1.15 - 0.1
                px, py, long = (
                    (x * 1.5 - 0.08 * fall) * unit,
                    fall * unit,
                    (0.03 + 0.05 * near) * unit,
                )
                pen.line(
                    [(px, py), (px - long * 0.1, py + long)],
                    fill=(222, 230, 240, int(90 + 110 * near)),
                    width=2,
                )
            for k in range(26):
                cx, cy = drops[k + 40, 0] * 1.4 * unit, (0.79 + 0.2 * drops[k + 40, 1]) * unit
                size = ((t * 1.6 + drops[k, 2]) % 1) * 0.035 * unit
                pen.ellipse(
                    [cx - size, cy - size / 3, cx + size, cy + size / 3],
                    outline=(210, 222, 230, 150),
                    width=2,
                )

        yield u8(draw(np.clip(base + flash * 0.6, 0, 1), paint))


def fire(rng: Rng, seconds: float = 5.0) -> Iterator[U8]:
    """A campfire in the dark: heat that rises, cools and is carried about."""
    h, w = 120, 160
    heat = np.zeros((h, w))
    x = np.arange(w)
    bed = np.exp(-(((x - w / 2) / 26.0) ** 2))
    palette = (
        np.array(
            [(0, 0, 0), (60, 6, 2), (170, 30, 4), (240, 96, 8), (255, 186, 44), (255, 244, 180)]
        )
        / 255.0
    )
    from scipy import ndimage

    frames = round(seconds * FPS)
    night = gradient(H, W, [(0, (6, 8, 18)), (0.75, (18, 16, 22)), (1, (34, 24, 16))])
    for n in range(frames + 24):
        for _ in range(3):
            heat[-6:] = np.maximum(heat[-6:], bed * rng.uniform(0.55, 1.25, (6, w)))
            drift = ndimage.gaussian_filter(rng.normal(0, 1, (h, w)), 7) * 14
            rows, columns = np.mgrid[0:h, 0:w].astype(float)
            heat = ndimage.map_coordinates(
                heat, [rows + 1.9, columns + drift], order=1, mode="constant"
            )
            heat = ndimage.gaussian_filter(heat, 0.55) * 0.972 - 0.0035
            np.clip(heat, 0, 1.3, out=heat)
        if n < 24:
            continue
        glowing = np.clip(ndimage.zoom(heat, 2, order=1), 0, 1) * 5
        flames = np.stack(
            [np.interp(glowing, np.arange(6), palette[:, c]) for c in range(3)], axis=-1
        )
        lit = glow(night, 0.85, 0.66, 0.42, (90 + int(rng.integers(0, 26)), 44, 12))
        picture = 1 - (1 - np.clip(lit, 0, 1)) * (1 - np.clip(np.roll(flames, -26, axis=0), 0, 1))

        def paint(pen: ImageDraw.ImageDraw, unit: float) -> None:
            for x0, y0, x1, y1 in (
                (0.4, 0.95, 0.9, 0.86),
                (0.44, 0.86, 0.94, 0.95),
                (0.5, 0.93, 0.84, 0.93),
            ):
                pen.line(
                    [(x0 * unit, y0 * unit), (x1 * unit, y1 * unit)],
                    fill=(58, 34, 20, 255),
                    width=int(0.055 * unit),
                )
                for end in ((x0, y0), (x1, y1)):
                    r = 0.027 * unit
                    pen.ellipse(
                        [
                            end[0] * unit - r,
                            end[1] * unit - r,
                            end[0] * unit + r,
                            end[1] * unit + r,
                        ],
                        fill=(112, 70, 40, 255),
                    )

        yield u8(draw(picture, paint))


def bouncing_ball(rng: Rng, seconds: float = 5.0) -> Iterator[U8]:
    """A football that bounces lower and lower on a lawn; times as in the sound."""
    y, _ = grid(H, W)
    base = gradient(
        H,
        W,
        [(0, (120, 180, 236)), (0.6, (214, 234, 250)), (0.6, (104, 160, 70)), (1, (66, 120, 46))],
    )
    base = np.clip(
        base + (clouds(H, W, rng, 30, 3)[..., None] - 0.5) * 0.12 * (y > 0.6)[..., None], 0, 1
    )
    hits, gap = [0.3], 0.8
    while gap > 0.02:
        hits.append(hits[-1] + gap)
        gap *= 0.82
    for n in range(round(seconds * FPS)):
        t = n / FPS
        k = min(int(np.searchsorted(hits, t)) - 1, len(hits) - 2)
        if k < 0:
            high = 0.55 * (1 - (t / 0.3) ** 2)
        else:
            long = hits[k + 1] - hits[k]
            u = min(1.0, (t - hits[k]) / long)
            high = 4 * u * (1 - u) * 0.55 * (long / 0.8) ** 2 * 0.9
        cx, cy, r = 0.35 + 0.13 * t, 0.8 - high, 0.1

        def paint(
            pen: ImageDraw.ImageDraw,
            unit: float,
            cx: float = cx,
            cy: float = cy,
            r: float = r,
            t: float = t,
            high: float = high,
        ) -> None:
            s = r * (1 - 0.5 * high)
            pen.ellipse(
                [(cx - s) * unit, 0.885 * unit, (cx + s) * unit, 0.925 * unit],
                fill=(20, 50, 20, 130),
            )
            pen.ellipse(
                [(cx - r) * unit, (cy - r + 0.1) * unit, (cx + r) * unit, (cy + r + 0.1) * unit],
                fill=(246, 246, 244, 255),
                outline=(60, 60, 60, 255),
                width=2,
            )
            for ring, count in ((0.0, 1), (0.72, 5)):
                for i in range(count):
                    a = 2 * np.pi * i / max(count, 1) + 2.4 * t
                    px, py = cx + ring * r * np.cos(a), cy + 0.1 + ring * r * np.sin(a)
                    size = r * (0.3 if ring == 0 else 0.22)
                    corners = [
                        ((px + size * np.cos(a + b)) * unit, (py + size * np.sin(a + b)) * unit)
                        for b in np.arange(5) * 2 * np.pi / 5
                    ]
                    pen.polygon(corners, fill=(32, 32, 36, 255))

        yield u8(draw(base, paint))


def clock(rng: Rng, seconds: float = 6.0) -> Iterator[U8]:
    """A wall clock whose second hand ticks twice a second."""
    wall = gradient(H, W, [(0, (214, 196, 168)), (1, (188, 166, 136))])
    wall = np.clip(wall + (clouds(H, W, rng, 20, 3)[..., None] - 0.5) * 0.04, 0, 1)
    for n in range(round(seconds * FPS)):
        ticks = int(max(0.0, n / FPS - 0.15) * 2)

        def paint(pen: ImageDraw.ImageDraw, unit: float, ticks: int = ticks) -> None:
            cx, cy = 0.667 * unit, 0.5 * unit
            for r, colour in ((0.44, (70, 42, 26)), (0.41, (120, 78, 48)), (0.39, (250, 248, 240))):
                pen.ellipse(
                    [cx - r * unit, cy - r * unit, cx + r * unit, cy + r * unit],
                    fill=(*colour, 255),
                )
            for mark in range(60):
                a = np.radians(mark * 6)
                inner = 0.33 if mark % 5 == 0 else 0.36
                pen.line(
                    [
                        (cx + r * unit * np.sin(a), cy - r * unit * np.cos(a))
                        for r in (inner, 0.375)
                    ],
                    fill=(40, 40, 44, 255),
                    width=9 if mark % 5 == 0 else 3,
                )
            for degrees, long, width, colour in (
                (304 + ticks / 240, 0.2, 20, (30, 30, 34)),
                (50 + ticks / 20, 0.31, 13, (30, 30, 34)),
                (96 + ticks * 3, 0.34, 5, (200, 36, 30)),
            ):
                a = np.radians(degrees)
                pen.line(
                    [
                        (cx - 0.05 * unit * np.sin(a), cy + 0.05 * unit * np.cos(a)),
                        (cx + long * unit * np.sin(a), cy - long * unit * np.cos(a)),
                    ],
                    fill=(*colour, 255),
                    width=width,
                )
            pen.ellipse([cx - 12, cy - 12, cx + 12, cy + 12], fill=(200, 36, 30, 255))

        yield u8(draw(wall, paint))
