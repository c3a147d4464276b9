"""Instruments that are played with keys, strings and breath."""

import numpy as np

from xmr_core.demo.meshes.palette import BRASS, BRIGHT_STEEL, EBONY, IVORY, ROSEWOOD, SPRUCE
from xmr_core.demo.solids import Colour, Solid
from xmr_core.demo.work import Array

MAPLE: Colour = (158, 74, 32)


def grand_piano() -> Solid:
    """A black grand piano, lid up, its keys towards +z."""
    t = np.linspace(0, 1, 16)
    curve = np.stack([0.75 - 0.62 * t**0.8 + 0.1 * np.sin(2 * np.pi * t), 0.2 - 1.7 * t], axis=-1)
    outline = np.concatenate([[(-0.75, 0.62), (-0.75, -1.55)], curve[::-1], [(0.75, 0.62)]])
    solid = Solid().slab(outline, 0.28, EBONY, (0, 0.78, 0), (90, 0, 0))
    inner = outline * 0.93
    solid.slab(inner, 0.02, (196, 150, 60), (0, 0.925, -0.02), (90, 0, 0))
    lid = Solid().slab(outline[:-1] * (1, 1), 0.03, EBONY, (0.75, 0, 0), (90, 0, 0))
    solid.add(lid, (-0.75, 0.95, -0.1), 1.0, (0, 0, 38)).rod(
        (0.5, 0.92, -0.3), (0.22, 1.68, -0.3), 0.015, EBONY
    )
    solid.box((1.5, 0.12, 0.3), (0, 0.7, 0.72), EBONY)
    for n in range(36):
        x = -0.66 + n * 1.32 / 35
        solid.box((0.034, 0.03, 0.22), (x, 0.775, 0.74), IVORY)
        if n % 7 not in (2, 6) and n < 35:
            solid.box((0.02, 0.03, 0.13), (x + 0.019, 0.795, 0.69), EBONY)
    solid.box((0.1, 0.2, 0.34), (-0.72, 0.76, 0.7), EBONY).box(
        (0.1, 0.2, 0.34), (0.72, 0.76, 0.7), EBONY
    )
    solid.box((0.9, 0.32, 0.03), (0, 1.08, 0.4), EBONY, (-18, 0, 0)).box(
        (0.5, 0.26, 0.01), (0, 1.1, 0.43), IVORY, (-18, 0, 0)
    )
    for x, z in ((-0.62, 0.5), (0.62, 0.5), (-0.4, -1.3)):
        solid.rod((x, 0.05, z), (x, 0.65, z), 0.04, EBONY, 0.07).ball(0.05, (x, 0.05, z), BRASS)
    solid.box((0.2, 0.4, 0.04), (0, 0.35, 0.45), EBONY).box(
        (0.9, 0.1, 0.35), (0, 0.48, 1.35), EBONY
    )
    for x in (-0.38, 0.38):
        solid.box((0.05, 0.44, 0.28), (x, 0.22, 1.35), EBONY)
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
    ).ring(0.108, 0.006, (0, 0.12, 0.097), ROSEWOOD, (90, 0, 0))
    solid.box((0.26, 0.035, 0.02), (0, -0.2, 0.105), ROSEWOOD)
    solid.box((0.1, 0.95, 0.05), (0, 0.82, 0.075), MAPLE).box(
        (0.095, 1.1, 0.015), (0, 0.74, 0.108), ROSEWOOD
    )
    for n in range(14):
        y = 1.29 - 1.0 * (1 - 0.94**n)
        solid.box((0.095, 0.006, 0.006), (0, y, 0.117), BRIGHT_STEEL)
    solid.slab(
        [(-0.075, 0), (0.075, 0), (0.095, 0.3), (0, 0.34), (-0.095, 0.3)],
        0.035,
        MAPLE,
        (0, 1.28, 0.065),
        (-8, 0, 0),
    )
    for x in (-0.0375, -0.0225, -0.0075, 0.0075, 0.0225, 0.0375):
        solid.rod((x * 1.4, -0.2, 0.125), (x, 1.3, 0.125), 0.0022, BRIGHT_STEEL, sides=6)
    for n in range(3):
        for s in (1, -1):
            solid.rod(
                (s * 0.08, 1.36 + 0.08 * n, 0.05),
                (s * 0.13, 1.36 + 0.08 * n, 0.05),
                0.012,
                BRIGHT_STEEL,
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
        [(-0.03, -0.02), (0.03, -0.02), (0.055, 0.25), (-0.055, 0.25)], 0.03, EBONY, (0, -0.42, 0.1)
    ).box((0.15, 0.015, 0.09), (0, -0.05, 0.11), SPRUCE)
    solid.box((0.06, 0.74, 0.03), (0, 0.56, 0.105), EBONY, (3, 0, 0)).box(
        (0.05, 0.45, 0.05), (0, 0.72, 0.07), wood
    )
    a = np.linspace(0, 3.6 * np.pi, 50)
    r = 0.065 - 0.045 * a / a[-1]
    solid.tube(np.stack([0 * a, 1.0 + r * np.sin(a), 0.035 + r * np.cos(a)], axis=-1), 0.02, wood)
    for n in range(4):
        s = 1 if n % 2 else -1
        solid.rod(
            (-s * 0.03, 0.9 + 0.025 * n, 0.06), (s * 0.1, 0.9 + 0.025 * n, 0.06), 0.009, EBONY
        ).ball((0.01, 0.022, 0.018), (s * 0.11, 0.9 + 0.025 * n, 0.06), EBONY)
        x = (n - 1.5) * 0.012
        solid.tube(
            [(x * 1.8, -0.2, 0.125), (x * 1.7, -0.05, 0.16), (x, 0.92, 0.125)],
            0.0022,
            BRIGHT_STEEL,
            sides=6,
        )
    for s in (1, -1):
        hole = [
            (s * (0.105 + 0.018 * np.sin(u * 3)), 0.02 + 0.1 * u - 0.02, 0.082 - 0.01 * abs(u))
            for u in np.linspace(-1, 1, 9)
        ]
        solid.tube(hole, 0.008, EBONY)
    solid.ball((0.075, 0.06, 0.02), (-0.1, -0.44, 0.09), EBONY)
    solid.rod((0.46, -0.55, 0.02), (0.46, 0.8, 0.02), 0.009, wood).rod(
        (0.42, -0.5, 0.02), (0.44, 0.8, 0.02), 0.005, IVORY
    )
    return solid.box((0.05, 0.1, 0.02), (0.44, -0.5, 0.02), EBONY).rod(
        (0.43, 0.8, 0.02), (0.465, 0.8, 0.02), 0.012, wood
    )


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
        BRIGHT_STEEL,
        (-0.6, 0.12, 0.05),
        (0, 0, 90),
    )
    for x in (-0.08, 0.0, 0.08):
        solid.rod((x, -0.14, 0.025), (x, 0.16, 0.025), 0.03, BRASS).rod(
            (x, 0.16, 0.025), (x, 0.22, 0.025), 0.008, BRIGHT_STEEL
        ).rod((x, 0.22, 0.025), (x, 0.235, 0.025), 0.022, IVORY)
    return solid
