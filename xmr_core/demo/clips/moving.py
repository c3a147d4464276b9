"""Clips in which solids move: goldfish, a bell, and a snowman in the snow."""

from collections.abc import Iterator

import numpy as np
from PIL import ImageDraw

from xmr_core.demo.canvas import U8, Rng, clouds, draw, gradient, grid, lay, paste, ridge, u8
from xmr_core.demo.film import FPS, SIZE
from xmr_core.demo.meshes import animals, outdoors, percussion
from xmr_core.demo.pictures.staged.setting import portrait
from xmr_core.demo.solids import Solid
from xmr_core.demo.stage import Stage, cutout, photograph

W, H = SIZE


def fishes(rng: Rng, seconds: float = 5.0) -> Iterator[U8]:
    """Goldfish swim among water plants."""
    base = gradient(
        H,
        W,
        [(0, (70, 176, 196)), (0.8, (22, 92, 128)), (0.84, (166, 150, 110)), (1, (120, 106, 78))],
    )
    base = base + 0.08 * (clouds(H, W, rng, 5)[..., None] - 0.5)
    sprite = cutout(portrait(animals.fish(), 12, 0, 0.95), rng, 110, 84)
    small = cutout(portrait(animals.fish(), -10, 0, 0.95), rng, 70, 54)[:, ::-1]
    weeds = rng.random((16, 3))
    for n in range(round(seconds * FPS)):
        t = n / FPS

        def plants(pen: ImageDraw.ImageDraw, unit: float, t: float = t) -> None:
            k = unit / H
            for x, size, phase in weeds:
                a = np.linspace(0, 1, 9)
                px = x * W + 12 * a * np.sin(4 * a + 2 * t + 6 * phase)
                py = 206 - (60 + 90 * size) * a
                pen.line(
                    [(u * k, v * k) for u, v in zip(px, py, strict=True)],
                    fill=(40, int(110 + 50 * phase), 70, 255),
                    width=int(7 * k),
                    joint="curve",
                )
            for i in range(9):
                up = (t * 34 + i * 41) % 220
                r, bx = (2 + i % 3) * k, (230 + 9 * np.sin(3 * t + i)) * k
                pen.ellipse(
                    [bx - r, (206 - up) * k - r, bx + r, (206 - up) * k + r],
                    outline=(230, 246, 250, 210),
                    width=2,
                )

        picture = draw(base, plants, 0, 2)
        picture = paste(picture, small, 70 + 5 * np.sin(2 * t), 300 - 46 * t)
        yield u8(paste(picture, sprite, 130 + 8 * np.sin(1.7 * t), -30 + 72 * t))


def snowfall(rng: Rng, seconds: float = 5.0) -> Iterator[U8]:
    """Snow falls on a snowman."""
    y, _ = grid(H, W)
    base = gradient(H, W, [(0, (120, 138, 166)), (0.7, (206, 214, 226)), (1, (238, 242, 248))])
    for level, colour in ((0.6, (140, 154, 170)), (0.72, (226, 232, 242))):
        base = lay(base, np.clip((y - ridge(W, rng, level, 0.06)[None]) * H, 0, 1), colour)
    man = cutout(portrait(outdoors.snowman(), 18, 4, 0.95), rng, 190, 190)
    base = paste(base, man, 136, 170)
    flakes = rng.random((220, 4))
    for n in range(round(seconds * FPS)):
        t = n / FPS

        def snow(pen: ImageDraw.ImageDraw, unit: float, t: float = t) -> None:
            for x, start, near, phase in flakes:
                py = (start + t * (0.12 + 0.16 * near)) % 1.05
                px = (x * 1.36 + 0.02 * np.sin(2 * t + 6 * phase)) * unit
                r = (0.004 + 0.009 * near) * unit
                pen.ellipse(
                    [px - r, py * unit - r, px + r, py * unit + r],
                    fill=(255, 255, 255, int(150 + 100 * near)),
                )

        yield u8(draw(base, snow, 0.4, 2))


def swinging_bell(rng: Rng, seconds: float = 5.0) -> Iterator[U8]:
    """A church bell swings in its frame."""
    bell = Solid().add(percussion.bell(), (0, -1.24, 0))
    shots: dict[int, U8] = {}
    for n in range(round(seconds * FPS)):
        swing = round(32 * np.sin(2 * np.pi * n / FPS / 1.24) / 6) * 6
        if swing not in shots:
            solid = Solid().add(bell, (0, 2.1, 0), 1.0, (0, 0, float(swing)))
            for x in (-1.0, 1.0):
                solid.box((0.16, 2.4, 0.2), (x, 1.2, 0), (120, 80, 48))
            solid.box((2.6, 0.16, 0.9), (0, 0.08, 0), (120, 80, 48))
            shots[swing] = photograph(
                Stage(solid, (0.9, 1.5, 5.0), (0, 1.25, 0), angle=34, cloud=0.4),
                np.random.default_rng(7),
                W,
                H,
            )
        yield shots[swing]
