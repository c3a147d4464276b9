"""A beach, mountains, and a window in the rain."""

import numpy as np
from scipy import ndimage

from xmr_core.demo.canvas import (
    PAINTING,
    U8,
    Colour,
    Rng,
    clouds,
    glow,
    gradient,
    grain,
    grid,
    lay,
    ridge,
    u8,
)

W, H = PAINTING


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
