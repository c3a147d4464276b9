"""Clips of journeys: cutouts of solids over painted grounds."""

from collections.abc import Iterator

import numpy as np
from PIL import ImageDraw

from xmr_core.demo.canvas import U8, Rng, clouds, draw, glow, gradient, grid, lay, paste, ridge, u8
from xmr_core.demo.film import FPS, SIZE
from xmr_core.demo.meshes import flight, plants, space, vehicles
from xmr_core.demo.pictures.staged.setting import portrait
from xmr_core.demo.solids import Solid
from xmr_core.demo.stage import Stage, cutout

W, H = SIZE


def launch(rng: Rng, seconds: float = 6.0) -> Iterator[U8]:
    """A rocket lights its engines and climbs out of the smoke."""
    sky = gradient(H, W, [(0, (70, 124, 204)), (0.9, (206, 224, 240)), (1, (120, 124, 110))])
    sky = lay(sky, np.clip((clouds(H, W, rng, 3) - 0.6) * 2, 0, 0.8), (250, 252, 255))
    rocket = cutout(portrait(space.rocket(), 25, 0, 0.98), rng, 120, 150)
    puffs = [
        (float(rng.normal(0, 26)), float(rng.uniform(0, 1)), float(rng.uniform(10, 24)))
        for _ in range(60)
    ]
    for n in range(round(seconds * FPS)):
        t = n / FPS
        burn = max(0.0, t - 0.6)
        rise = 9.5 * max(0.0, t - 1.0) ** 1.9
        cy = 140 - rise
        picture = sky

        def plume(
            pen: ImageDraw.ImageDraw, unit: float, t: float = t, cy: float = cy, burn: float = burn
        ) -> None:
            k = unit / H
            for dx, start, size in puffs:
                age = burn - 2.2 * start
                if age > 0:
                    r = (size + 16 * age) * k
                    px, py = (
                        (W / 2 + dx * (1 + 0.8 * age)) * k,
                        (214 - 5 * age - 40 * start * min(1.0, burn / 4)) * k,
                    )
                    shade = int(200 + 40 * start)
                    pen.ellipse(
                        [px - r, py - r, px + r, py + r],
                        fill=(shade, shade, shade + 4, int(max(0.0, 220 - 30 * age))),
                    )
            if burn > 0:
                flicker = 1 + 0.15 * np.sin(50 * t)
                for wide, long, colour in (
                    (17, 105, (255, 150, 40)),
                    (11, 78, (255, 214, 90)),
                    (6, 48, (255, 252, 226)),
                ):
                    top = (cy + 62) * k
                    pen.polygon(
                        [
                            ((W / 2 - wide) * k, top),
                            ((W / 2 + wide) * k, top),
                            (W / 2 * k, top + long * flicker * k),
                        ],
                        fill=(*colour, 235),
                    )

        if burn > 0:
            picture = glow(draw(picture, plume, 1.5, 2), (cy + 80) / H, 0.667, 0.16, (150, 90, 30))
        yield u8(paste(picture, rocket, cy, W / 2))


def train(rng: Rng, seconds: float = 7.0) -> Iterator[U8]:
    """A steam train passes from left to right through the hills."""
    y, _ = grid(H, W)
    base = gradient(H, W, [(0, (110, 168, 226)), (0.6, (220, 234, 242)), (1, (90, 136, 62))])
    base = lay(base, np.clip((clouds(H, W, rng, 3) - 0.6) * 2, 0, 0.8) * (y < 0.5), (252, 252, 255))
    for level, colour in ((0.5, (128, 160, 128)), (0.6, (96, 142, 80)), (0.72, (112, 156, 70))):
        base = lay(base, np.clip((y - ridge(W, rng, level, 0.06)[None]) * H, 0, 1), colour)
    base = lay(base, ((y > 0.845) & (y < 0.87)) * 1.0, (96, 84, 74))
    base = lay(base, ((y > 0.83) & (y < 0.842)) * 1.0, (70, 66, 66))
    engine = cutout(portrait(vehicles.locomotive(), 84, 2, 1.25), rng, 160, 110)
    coach = (
        Solid()
        .box((1.1, 1.5, 3.6), (0, 1.35, 0), (130, 42, 40))
        .box((1.2, 0.1, 3.8), (0, 2.15, 0), (70, 70, 74))
    )
    for z in np.linspace(-1.4, 1.4, 5):
        coach.box((1.14, 0.55, 0.42), (0, 1.65, float(z)), (206, 220, 226))
    for x in (-0.5, 0.5):
        for z in (-1.3, -0.7, 0.7, 1.3):
            coach.add(vehicles.wheel(0.28, 0.12, (x, 0.28, z)))
    wagon = cutout(portrait(coach, 86, 2, 1.25), rng, 160, 110)
    for n in range(round(seconds * FPS)):
        t = n / FPS
        front = -90 + 92 * t

        def steam(
            pen: ImageDraw.ImageDraw, unit: float, t: float = t, front: float = front
        ) -> None:
            k = unit / H
            for i in range(26):
                age = (i * 0.16 + t) % 4.16
                px, py = front + 44 - 92 * age + 26 * age, 108 - 34 * age**0.7
                r = (7 + 11 * age) * k
                pen.ellipse(
                    [px * k - r, py * k - r, px * k + r, py * k + r],
                    fill=(246, 246, 250, int(max(0.0, 190 - 45 * age))),
                )

        picture = draw(base, steam, 2.0, 2)
        for car in (3, 2, 1):
            picture = paste(picture, wagon, 165, front - 122 * car + 6)
        yield u8(paste(picture, engine, 160 + 0.6 * np.sin(19 * t), front))


def car(rng: Rng, seconds: float = 5.0) -> Iterator[U8]:
    """A red car on a country road, the trees rushing past."""
    y, _ = grid(H, W)
    base = gradient(H, W, [(0, (96, 156, 224)), (0.55, (216, 232, 244)), (1, (216, 232, 244))])
    far = ridge(W * 3, rng, 0.52, 0.07)
    near = ridge(W * 6, rng, 0.62, 0.04)
    sprite = cutout(portrait(vehicles.car(), 80, 6, 1.02), rng, 210, 120)
    tree = cutout(portrait(plants.tree(), 0, 4, 0.95), rng, 90, 90)
    for n in range(round(seconds * FPS)):
        t = n / FPS
        picture = base
        for line, speed, colour in ((far, 16, (120, 156, 136)), (near, 60, (110, 160, 76))):
            shift = int(speed * t)
            picture = lay(picture, np.clip((y - line[None, shift : shift + W]) * H, 0, 1), colour)
        for k in range(7):
            picture = paste(picture, tree, 142, (k * 130 - 120 * t) % 910 - 150)
        picture = lay(picture, (y > 0.74) * 1.0, (88, 90, 94))

        def dashes(pen: ImageDraw.ImageDraw, unit: float, t: float = t) -> None:
            k = unit / H
            for i in range(6):
                left = ((i * 80 - 320 * t) % 480 - 80) * k
                pen.polygon(
                    [
                        (left, 214 * k),
                        (left + 40 * k, 214 * k),
                        (left + 36 * k, 220 * k),
                        (left - 4 * k, 220 * k),
                    ],
                    fill=(244, 242, 230, 255),
                )
            pen.ellipse([80 * k, 194 * k, 236 * k, 206 * k], fill=(20, 20, 24, 120))

        yield u8(paste(draw(picture, dashes, 0, 2), sprite, 166 + 0.8 * np.sin(11 * t), 160))


def airliner(rng: Rng, seconds: float = 6.0) -> Iterator[U8]:
    """An airliner crosses the sky."""
    blue = gradient(H, W, [(0, (44, 108, 200)), (1, (190, 218, 242))])
    cover = np.clip((clouds(H, W * 2, rng, 3) - 0.52) * 2.2, 0, 0.95)
    sprite = cutout(
        Stage(
            Solid().add(flight.aeroplane(), (0, 0, 0), 1.0, (-8, 78, 6)),
            (0, -1.2, 13.0),
            (0, 0, 0),
            angle=30,
        ),
        rng,
        220,
        160,
    )
    for n in range(round(seconds * FPS)):
        t = n / FPS
        shift = int(14 * t)
        picture = lay(blue, cover[:, shift : shift + W], (252, 253, 255))
        yield u8(paste(picture, sprite, 176 - 17 * t, -60 + 74 * t))
