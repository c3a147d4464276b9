"""Solids that make music, bells among them."""

import numpy as np

from xmr_core.demo.solids import Colour, Solid
from xmr_core.demo.work import Array

BLACK: Colour = (24, 22, 24)
IVORY: Colour = (246, 242, 230)
BRASS: Colour = (214, 168, 64)
STEEL: Colour = (198, 202, 208)
SPRUCE: Colour = (214, 150, 72)
MAPLE: Colour = (158, 74, 32)
DARK: Colour = (58, 34, 22)
RED: Colour = (176, 30, 34)


def bell() -> Solid:
    """A bronze bell with its clapper, on a yoke."""
    bronze = (184, 136, 60)
    solid = Solid().lathe(
        [
            (0.62, 0),
            (0.6, 0.06),
            (0.5, 0.2),
            (0.4, 0.45),
            (0.34, 0.75),
            (0.27, 0.92),
            (0.12, 0.99),
            (0, 1.0),
        ],
        bronze,
        sides=56,
    )
    solid.lathe(
        [(0, 0.9), (0.2, 0.85), (0.32, 0.5), (0.52, 0.08), (0.6, 0.0)][::-1],
        (120, 84, 34),
        sides=56,
    )
    solid.ring(0.5, 0.018, (0, 0.2, 0), bronze).ring(0.36, 0.014, (0, 0.68, 0), bronze)
    solid.rod((0, 0.9, 0), (0, 0.1, 0), 0.03, BLACK).ball(0.1, (0, 0.02, 0), BLACK)
    solid.ring(0.09, 0.035, (0, 1.06, 0), bronze, (90, 0, 0))
    return solid.box((1.1, 0.2, 0.22), (0, 1.24, 0), (112, 70, 38)).rod(
        (-0.75, 1.24, 0), (0.75, 1.24, 0), 0.05, (70, 70, 74)
    )


def handbell() -> Solid:
    """A brass handbell with a wooden handle."""
    solid = Solid().lathe(
        [(0.3, 0), (0.29, 0.04), (0.22, 0.12), (0.17, 0.3), (0.1, 0.38), (0, 0.4)], BRASS, sides=48
    )
    solid.lathe(
        [(0, 0.35), (0.14, 0.28), (0.27, 0.03), (0.29, 0.0)][::-1], (150, 112, 36), sides=48
    ).ball(0.05, (0, 0.0, 0), BLACK)
    return solid.lathe(
        [
            (0, 0.4),
            (0.03, 0.4),
            (0.03, 0.45),
            (0.05, 0.55),
            (0.055, 0.68),
            (0.035, 0.8),
            (0.045, 0.84),
            (0, 0.88),
        ],
        (96, 50, 26),
    )


def grand_piano() -> Solid:
    """A black grand piano, lid up, its keys towards +z."""
    t = np.linspace(0, 1, 16)
    curve = np.stack([0.75 - 0.62 * t**0.8 + 0.1 * np.sin(2 * np.pi * t), 0.2 - 1.7 * t], axis=-1)
    outline = np.concatenate([[(-0.75, 0.62), (-0.75, -1.55)], curve[::-1], [(0.75, 0.62)]])
    solid = Solid().slab(outline, 0.28, BLACK, (0, 0.78, 0), (90, 0, 0))
    inner = outline * 0.93
    solid.slab(inner, 0.02, (196, 150, 60), (0, 0.925, -0.02), (90, 0, 0))
    lid = Solid().slab(outline[:-1] * (1, 1), 0.03, BLACK, (0.75, 0, 0), (90, 0, 0))
    solid.add(lid, (-0.75, 0.95, -0.1), 1.0, (0, 0, 38)).rod(
        (0.5, 0.92, -0.3), (0.22, 1.68, -0.3), 0.015, BLACK
    )
    solid.box((1.5, 0.12, 0.3), (0, 0.7, 0.72), BLACK)
    for n in range(36):
        x = -0.66 + n * 1.32 / 35
        solid.box((0.034, 0.03, 0.22), (x, 0.775, 0.74), IVORY)
        if n % 7 not in (2, 6) and n < 35:
            solid.box((0.02, 0.03, 0.13), (x + 0.019, 0.795, 0.69), BLACK)
    solid.box((0.1, 0.2, 0.34), (-0.72, 0.76, 0.7), BLACK).box(
        (0.1, 0.2, 0.34), (0.72, 0.76, 0.7), BLACK
    )
    solid.box((0.9, 0.32, 0.03), (0, 1.08, 0.4), BLACK, (-18, 0, 0)).box(
        (0.5, 0.26, 0.01), (0, 1.1, 0.43), IVORY, (-18, 0, 0)
    )
    for x, z in ((-0.62, 0.5), (0.62, 0.5), (-0.4, -1.3)):
        solid.rod((x, 0.05, z), (x, 0.65, z), 0.04, BLACK, 0.07).ball(0.05, (x, 0.05, z), BRASS)
    solid.box((0.2, 0.4, 0.04), (0, 0.35, 0.45), BLACK).box(
        (0.9, 0.1, 0.35), (0, 0.48, 1.35), BLACK
    )
    for x in (-0.38, 0.38):
        solid.box((0.05, 0.44, 0.28), (x, 0.22, 1.35), BLACK)
    return solid


def _body(widths: list[tuple[float, float]], points: int = 60) -> Array:
    """A symmetrical outline (p, 2), counter-clockwise, from half widths at heights."""
    y = np.array([height for height, _ in widths])
    w = np.array([width for _, width in widths])
    fine = y[0] + (y[-1] - y[0]) * (1 - np.cos(np.linspace(0, np.pi, points // 2))) / 2
    from numpy.polynomial import chebyshev

    fit = chebyshev.Chebyshev.fit(y, w**2, len(y) - 1)
    half = np.sqrt(np.clip(fit(fine), 0, None))
    right = np.stack([half, fine], axis=-1)
    left = np.stack([-half[::-1], fine[::-1]], axis=-1)[1:-1]
    return np.concatenate([right, left])


def guitar() -> Solid:
    """An acoustic guitar, standing, its strings towards +z."""
    outline = _body(
        [
            (-0.5, 0.0),
            (-0.4, 0.3),
            (-0.2, 0.375),
            (0.05, 0.27),
            (0.25, 0.26),
            (0.42, 0.2),
            (0.5, 0.0),
        ]
    )
    solid = Solid().slab(outline, 0.18, MAPLE).slab(outline * 0.97, 0.02, SPRUCE, (0, 0, 0.085))
    solid.lathe(
        [(0, 0), (0.1, 0), (0.1, 0.004), (0, 0.004)], (30, 18, 12), (0, 0.12, 0.094), (90, 0, 0)
    ).ring(0.108, 0.006, (0, 0.12, 0.097), DARK, (90, 0, 0))
    solid.box((0.26, 0.035, 0.02), (0, -0.2, 0.105), DARK)
    solid.box((0.1, 0.95, 0.05), (0, 0.82, 0.075), MAPLE).box(
        (0.095, 1.1, 0.015), (0, 0.74, 0.108), DARK
    )
    for n in range(14):
        y = 1.29 - 1.0 * (1 - 0.94**n)
        solid.box((0.095, 0.006, 0.006), (0, y, 0.117), STEEL)
    solid.slab(
        [(-0.075, 0), (0.075, 0), (0.095, 0.3), (0, 0.34), (-0.095, 0.3)],
        0.035,
        MAPLE,
        (0, 1.28, 0.065),
        (-8, 0, 0),
    )
    for x in (-0.0375, -0.0225, -0.0075, 0.0075, 0.0225, 0.0375):
        solid.rod((x * 1.4, -0.2, 0.125), (x, 1.3, 0.125), 0.0022, STEEL, sides=6)
    for n in range(3):
        for s in (1, -1):
            solid.rod(
                (s * 0.08, 1.36 + 0.08 * n, 0.05), (s * 0.13, 1.36 + 0.08 * n, 0.05), 0.012, STEEL
            ).ball((0.012, 0.022, 0.018), (s * 0.14, 1.36 + 0.08 * n, 0.05), IVORY)
    return solid


def violin() -> Solid:
    """A violin with its bow beside it."""
    outline = _body(
        [
            (-0.5, 0.0),
            (-0.4, 0.24),
            (-0.25, 0.29),
            (0.0, 0.155),
            (0.1, 0.16),
            (0.28, 0.235),
            (0.42, 0.17),
            (0.5, 0.0),
        ]
    )
    wood, light = (150, 62, 20), (188, 92, 34)
    solid = Solid().slab(outline, 0.09, wood)
    for sign in (1, -1):
        dome = Solid().slab(outline * 0.98, 0.02, light if sign > 0 else wood, (0, 0, sign * 0.045))

        def arch(v: Array, sign: int = sign) -> Array:
            high = np.exp(-(v[:, 0] ** 2 / 0.02 + v[:, 1] ** 2 / 0.25))
            return np.asarray(v + high[:, None] * (0, 0, 0.05 * sign))

        solid.add(dome.bend(arch))
    solid.slab(
        [(-0.03, -0.02), (0.03, -0.02), (0.055, 0.25), (-0.055, 0.25)], 0.03, BLACK, (0, -0.42, 0.1)
    ).box((0.15, 0.015, 0.09), (0, -0.05, 0.11), SPRUCE)
    solid.box((0.06, 0.74, 0.03), (0, 0.56, 0.105), BLACK, (3, 0, 0)).box(
        (0.05, 0.45, 0.05), (0, 0.72, 0.07), wood
    )
    a = np.linspace(0, 3.6 * np.pi, 50)
    r = 0.065 - 0.045 * a / a[-1]
    solid.tube(np.stack([0 * a, 1.0 + r * np.sin(a), 0.035 + r * np.cos(a)], axis=-1), 0.02, wood)
    for n in range(4):
        s = 1 if n % 2 else -1
        solid.rod(
            (-s * 0.03, 0.9 + 0.025 * n, 0.06), (s * 0.1, 0.9 + 0.025 * n, 0.06), 0.009, BLACK
        ).ball((0.01, 0.022, 0.018), (s * 0.11, 0.9 + 0.025 * n, 0.06), BLACK)
        x = (n - 1.5) * 0.012
        solid.tube(
            [(x * 1.8, -0.2, 0.125), (x * 1.7, -0.05, 0.16), (x, 0.92, 0.125)],
            0.0022,
            STEEL,
            sides=6,
        )
    for s in (1, -1):
        hole = [
            (s * (0.105 + 0.018 * np.sin(u * 3)), 0.02 + 0.1 * u - 0.02, 0.082 - 0.01 * abs(u))
            for u in np.linspace(-1, 1, 9)
        ]
        solid.tube(hole, 0.008, BLACK)
    solid.ball((0.075, 0.06, 0.02), (-0.1, -0.44, 0.09), BLACK)
    solid.rod((0.46, -0.55, 0.02), (0.46, 0.8, 0.02), 0.009, wood).rod(
        (0.42, -0.5, 0.02), (0.44, 0.8, 0.02), 0.005, IVORY
    )
    return solid.box((0.05, 0.1, 0.02), (0.44, -0.5, 0.02), BLACK).rod(
        (0.43, 0.8, 0.02), (0.465, 0.8, 0.02), 0.012, wood
    )


def _drum(
    radius: float,
    height: float,
    at: tuple[float, float, float],
    colour: Colour,
    turn: tuple[float, float, float] = (0, 0, 0),
) -> Solid:
    drum = Solid().lathe([(radius, -height / 2), (radius, height / 2)], colour)
    for y in (-height / 2, height / 2):
        drum.ring(radius, radius * 0.045, (0, y, 0), STEEL)
        drum.lathe([(0, 0.0), (radius, 0.0), (radius, 0.004), (0, 0.005)], IVORY, (0, y, 0))
    for a in np.linspace(0, 2 * np.pi, 8, endpoint=False):
        x, z = radius * 1.02 * np.sin(a), radius * 1.02 * np.cos(a)
        drum.rod((x, -height * 0.4, z), (x, height * 0.4, z), radius * 0.025, STEEL, sides=8)
    return Solid().add(drum, at, 1.0, turn)


def drum_kit() -> Solid:
    """A red drum kit: bass drum, snare, toms and cymbals."""
    solid = _drum(0.4, 0.45, (0, 0.42, 0), RED, (90, 0, 0)).add(
        _drum(0.22, 0.16, (0.55, 0.62, -0.35), STEEL)
    )
    solid.add(_drum(0.19, 0.2, (-0.24, 1.0, -0.05), RED, (15, 0, 0))).add(
        _drum(0.2, 0.22, (0.24, 1.0, -0.05), RED, (15, 0, 0))
    ).add(_drum(0.27, 0.4, (-0.72, 0.45, -0.3), RED))
    for x, y, z, r in ((-0.8, 1.35, 0.05, 0.3), (0.85, 1.0, -0.1, 0.22), (0.62, 1.45, 0.15, 0.27)):
        solid.lathe(
            [
                (0.0, -0.004),
                (r, -0.012),
                (r, -0.008),
                (r * 0.25, 0.006),
                (r * 0.2, 0.03),
                (0, 0.04),
            ],
            BRASS,
            (x, y, z),
            (12, 0, 4),
        )
        solid.rod((x, 0, z), (x, y + 0.06, z), 0.014, STEEL)
        for a in (0.3, 2.4, 4.5):
            solid.rod((x, 0.25, z), (x + 0.22 * np.sin(a), 0.0, z + 0.22 * np.cos(a)), 0.012, STEEL)
    for x in (-0.24, 0.24):
        solid.rod((x * 0.3, 0.8, 0), (x, 0.95, -0.05), 0.018, STEEL)
    for a in (0, 2.1, 4.2):
        solid.rod(
            (0.55, 0.54, -0.35),
            (0.55 + 0.25 * np.sin(a), 0, -0.35 + 0.25 * np.cos(a)),
            0.012,
            STEEL,
        )
        solid.rod(
            (-0.72 + 0.27 * np.sin(a), 0.5, -0.3 + 0.27 * np.cos(a)),
            (-0.72 + 0.28 * np.sin(a), 0, -0.3 + 0.28 * np.cos(a)),
            0.012,
            STEEL,
        )
    return solid


def snare_drum() -> Solid:
    """A marching drum with two sticks on it."""
    solid = _drum(0.35, 0.3, (0, 0.15, 0), (36, 70, 140))
    for n in range(16):
        a, b = 2 * np.pi * n / 16, 2 * np.pi * (n + 1) / 16
        y0, y1 = (0.02, 0.28) if n % 2 else (0.28, 0.02)
        solid.rod(
            (0.36 * np.sin(a), y0, 0.36 * np.cos(a)),
            (0.36 * np.sin(b), y1, 0.36 * np.cos(b)),
            0.008,
            IVORY,
            sides=8,
        )
    for turn in (20, -25):
        a = np.radians(turn)
        solid.rod(
            (-0.45 * np.cos(a), 0.33, -0.45 * np.sin(a)),
            (0.3 * np.cos(a), 0.335, 0.3 * np.sin(a)),
            0.018,
            SPRUCE,
            0.012,
        ).ball(0.022, (0.31 * np.cos(a), 0.335, 0.31 * np.sin(a)), SPRUCE)
    return solid


def trumpet() -> Solid:
    """A brass trumpet."""
    solid = Solid().lathe(
        [
            (0.015, 0),
            (0.018, 0.5),
            (0.03, 0.66),
            (0.06, 0.76),
            (0.125, 0.82),
            (0.12, 0.82),
            (0.05, 0.755),
            (0.012, 0.6),
        ],
        BRASS,
        (0.1, 0.12, 0),
        (0, 0, -90),
    )
    solid.tube(
        [
            (0.2, 0.12, 0),
            (-0.32, 0.12, 0),
            (-0.4, 0.09, 0),
            (-0.43, 0.03, 0),
            (-0.4, -0.03, 0),
            (-0.32, -0.06, 0),
            (0.3, -0.06, 0),
        ],
        0.014,
        BRASS,
    )
    solid.tube(
        [
            (-0.62, 0.12, 0.05),
            (0.3, 0.12, 0.05),
            (0.38, 0.09, 0.03),
            (0.41, 0.03, 0),
            (0.38, -0.03, 0),
            (0.3, -0.06, 0),
        ],
        0.013,
        BRASS,
    )
    solid.lathe(
        [(0.01, 0), (0.012, 0.06), (0.035, 0.1), (0.03, 0.1), (0, 0.08)],
        STEEL,
        (-0.6, 0.12, 0.05),
        (0, 0, 90),
    )
    for x in (-0.08, 0.0, 0.08):
        solid.rod((x, -0.14, 0.025), (x, 0.16, 0.025), 0.03, BRASS).rod(
            (x, 0.16, 0.025), (x, 0.22, 0.025), 0.008, STEEL
        ).rod((x, 0.22, 0.025), (x, 0.235, 0.025), 0.022, IVORY)
    return solid


def gong() -> Solid:
    """A bronze gong in a red frame."""
    solid = Solid().lathe(
        [
            (0, -0.03),
            (0.08, -0.03),
            (0.1, 0.0),
            (0.5, 0.0),
            (0.55, -0.08),
            (0.56, -0.08),
            (0.52, 0.02),
            (0.1, 0.02),
            (0.09, 0.05),
            (0, 0.07),
        ],
        (178, 128, 52),
        (0, 0.95, 0),
        (90, 0, 0),
        sides=56,
    )
    for x in (-0.75, 0.75):
        solid.box((0.1, 1.8, 0.1), (x, 0.9, 0), RED).box((0.14, 0.1, 0.6), (x, 0.05, 0), RED)
    solid.box((1.9, 0.1, 0.12), (0, 1.78, 0), RED)
    for x in (-0.25, 0.25):
        solid.rod((x, 1.75, 0), (x, 1.42, 0), 0.012, BRASS)
    return solid.rod((0.9, 0.1, 0.1), (0.85, 0.8, 0.1), 0.018, DARK).ball(
        (0.08, 0.1, 0.08), (0.845, 0.86, 0.1), IVORY
    )
