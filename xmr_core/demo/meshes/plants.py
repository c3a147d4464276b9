"""Trees, flowers, and a toadstool."""

import numpy as np

from xmr_core.demo.meshes.palette import BARK, LEAF, WHITE
from xmr_core.demo.solids import Colour, Solid


def tree() -> Solid:
    """A broad-leaved tree."""
    rng = np.random.default_rng(11)
    solid = Solid().lathe([(0.26, 0), (0.17, 0.2), (0.13, 0.9), (0.1, 1.6)], BARK)
    for a in (0.4, 2.5, 4.4):
        solid.rod((0, 1.1, 0), (0.5 * np.sin(a), 1.75, 0.5 * np.cos(a)), 0.07, BARK, 0.04)
    for _ in range(26):
        x, y, z = rng.normal(0, 1, 3) * (0.46, 0.34, 0.46)
        green = tuple(
            int(c * s)
            for c, s in zip((70, 142, 56), np.full(3, rng.uniform(0.78, 1.15)), strict=True)
        )
        solid.ball(
            float(rng.uniform(0.28, 0.42)),
            (x, 2.15 + y, z),
            (green[0], green[1], green[2]),
            sides=14,
        )
    return solid


def fir() -> Solid:
    """A fir tree decked for Christmas."""
    rng = np.random.default_rng(12)
    solid = Solid().rod((0, 0, 0), (0, 0.4, 0), 0.1, BARK)
    tiers = [(0.3, 0.75, 0.62), (0.7, 0.6, 0.55), (1.1, 0.46, 0.5), (1.45, 0.32, 0.45)]
    for y, r, h in tiers:
        solid.lathe(
            [(0, y), (r, y - 0.04), (r * 0.5, y + h * 0.45), (0.03, y + h)], (30, 96, 56), sides=28
        )
    for y, r, _ in tiers:
        for a in rng.uniform(0, 2 * np.pi, 7):
            colour: Colour = ((210, 40, 40), (240, 190, 60), (60, 110, 200))[int(rng.integers(3))]
            solid.ball(
                0.055, (r * 0.93 * np.sin(a), y - 0.03, r * 0.93 * np.cos(a)), colour, sides=16
            )
    star = [
        (r * np.sin(a), r * np.cos(a))
        for r, a in zip([0.17, 0.07] * 5, -np.arange(10) * np.pi / 5, strict=True)
    ]
    return solid.slab(star, 0.04, (250, 206, 60), (0, 2.0, 0))


def sunflower() -> Solid:
    """A sunflower in a pot."""
    solid = (
        Solid()
        .lathe(
            [(0, 0), (0.16, 0), (0.22, 0.3), (0.25, 0.3), (0.25, 0.36), (0, 0.34)], (186, 92, 54)
        )
        .tube([(0, 0.3, 0), (0.03, 0.7, 0.0), (0, 1.15, -0.02), (0, 1.32, 0.02)], 0.03, LEAF)
    )
    for ring, (count, size) in enumerate(((21, 0.2), (17, 0.16))):
        for n in range(count):
            a = 2 * np.pi * (n + ring * 0.5) / count
            solid.ball(
                (0.055, size, 0.015),
                (0.3 * np.sin(a), 1.36 + 0.3 * np.cos(a), 0.06 + 0.025 * ring),
                (250, 196 - 16 * ring, 26),
                (0, 0, -float(np.degrees(a))),
                sides=14,
            )
    solid.lathe(
        [(0, 0), (0.2, 0), (0.21, 0.04), (0.14, 0.08), (0, 0.09)],
        (84, 52, 26),
        (0, 1.36, 0.05),
        (90, 0, 0),
    )
    for s, y in ((1, 0.65), (-1, 0.82)):
        solid.ball((0.2, 0.02, 0.1), (s * 0.2, y, 0.03), LEAF, (20, 0, s * 28))
    return solid


def tulips() -> Solid:
    """A bunch of tulips in a glass vase."""
    solid = Solid().lathe(
        [
            (0, 0),
            (0.13, 0),
            (0.14, 0.05),
            (0.11, 0.3),
            (0.15, 0.45),
            (0.14, 0.45),
            (0.1, 0.3),
            (0, 0.28),
        ],
        (176, 210, 222),
    )
    colours: tuple[Colour, ...] = (
        (214, 40, 60),
        (246, 190, 40),
        (226, 96, 150),
        (214, 40, 60),
        (240, 240, 236),
        (150, 60, 150),
        (246, 120, 50),
    )
    for n, colour in enumerate(colours):
        a, out = 2 * np.pi * n / 6, 0.0 if n == 6 else 0.27
        x, z, y = out * np.sin(a), out * np.cos(a), 0.88 - 0.25 * out + 0.03 * (n % 2)
        solid.tube(
            [(0.03 * np.sin(a), 0.2, 0.03 * np.cos(a)), (0.4 * x, 0.55, 0.4 * z), (x, y - 0.1, z)],
            0.014,
            LEAF,
        )
        for k in range(6):
            b = np.pi * k / 3
            solid.ball(
                (0.05, 0.1, 0.025),
                (x + 0.045 * np.sin(b), y, z + 0.045 * np.cos(b)),
                colour,
                (10, float(np.degrees(b)), 0),
                sides=18,
            )
        solid.ball(
            (0.03, 0.2, 0.012),
            (0.6 * x + 0.05 * np.cos(a), 0.58, 0.6 * z - 0.05 * np.sin(a)),
            (80, 146, 66),
            (0, float(np.degrees(a)), 0),
            sides=18,
        )
    return solid


def mushroom() -> Solid:
    """A red toadstool with white spots."""
    solid = (
        Solid()
        .lathe([(0, 0), (0.18, 0), (0.2, 0.08), (0.12, 0.3), (0.1, 0.7), (0, 0.72)], WHITE)
        .lathe([(0.1, 0.48), (0.2, 0.42), (0.19, 0.45), (0.1, 0.52)], WHITE)
    )
    bow = np.linspace(0, np.pi / 2, 16)
    solid.lathe(
        [(0.1, 0.64), (0.45, 0.6), *[(0.46 * np.cos(b), 0.6 + 0.34 * np.sin(b)) for b in bow]],
        (206, 36, 30),
    )
    rng = np.random.default_rng(2)
    for n in range(24):
        up, a = np.arcsin(0.08 + 0.9 * n / 24), n * 2.4
        at = (0.46 * np.cos(up) * np.sin(a), 0.6 + 0.34 * np.sin(up), 0.46 * np.cos(up) * np.cos(a))
        solid.ball(float(rng.uniform(0.025, 0.05)), at, WHITE, sides=12)
    return solid
