"""Clips in which solids move: cutouts over painted grounds, and solids that turn."""

from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageDraw

from xmr_core.demo.canvas import U8, Rng, clouds, draw, glow, gradient, grid, lay, paste, ridge, u8
from xmr_core.demo.film import FPS, SIZE
from xmr_core.demo.meshes import animals, flight, outdoors, percussion, plants, space, vehicles
from xmr_core.demo.pictures.staged.setting import portrait
from xmr_core.demo.solids import Solid
from xmr_core.demo.stage import Stage, cutout, photograph
from xmr_core.media import Mesh
from xmr_core.render import render_angles

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


def turntable(
    build: Callable[[], Solid], elevation: float = 14
) -> Callable[[Rng, float], Iterator[U8]]:
    """A solid that turns once before the camera."""

    def frames(rng: Rng, seconds: float) -> Iterator[U8]:
        vertices, faces, colours = build().arrays()
        mesh = Mesh(vertices.astype(np.float32), faces.astype(np.int32), colours)
        count = round(seconds * FPS)
        angles = [(15 + 360 * n / count, elevation) for n in range(0, count, 2)]
        for view in render_angles(mesh, angles, H):
            frame = np.full((H, W, 3), 255, np.uint8)
            frame[:, (W - H) // 2 : (W + H) // 2] = view
            yield frame
            yield frame

    return frames


def still(
    stage: Callable[[], Stage],
    start: tuple[float, float, float, float],
    end: tuple[float, float, float, float],
) -> Callable[[Rng, float], Iterator[U8]]:
    """The camera glides over a staged picture from one box to another, as ``views.pan`` does."""
    from xmr_core.demo.clips.views import glide

    def frames(rng: Rng, seconds: float) -> Iterator[U8]:
        pixels = photograph(stage(), rng, 440, 330)
        yield from glide(Image.fromarray(pixels), start, end, seconds)

    return frames


__all__ = [
    "BURSTS",
    "airliner",
    "car",
    "fireworks",
    "fishes",
    "launch",
    "monitor",
    "snowfall",
    "still",
    "swinging_bell",
    "train",
    "turntable",
]
