"""Animals, put together from rounded solids."""

import numpy as np

from xmr_core.demo.meshes.palette import COAL, WHITE
from xmr_core.demo.solids import Colour, Solid

PINK: Colour = (232, 150, 150)


def eyes(solid: Solid, at: tuple[float, float, float], size: float, colour: Colour = COAL) -> Solid:
    """Two eyes with a light in each, as far to the left and the right of the middle as ``at``."""
    x, y, z = at
    for s in (1, -1):
        solid.ball(size, (s * x, y, z), colour).ball(
            size * 0.35, (s * x + size * 0.3, y + size * 0.35, z + size * 0.8), WHITE
        )
    return solid


def cat() -> Solid:
    """A ginger cat that sits, looking towards +z."""
    ginger, dark, cream = (222, 138, 62), (172, 92, 34), (250, 228, 196)
    solid = (
        Solid()
        .ball((0.2, 0.28, 0.23), (0, 0.28, -0.04), ginger)
        .ball((0.13, 0.22, 0.12), (0, 0.4, 0.08), ginger)
    )
    solid.ball((0.1, 0.15, 0.05), (0, 0.38, 0.17), cream).ball(
        (0.17, 0.145, 0.15), (0, 0.68, 0.1), ginger
    )
    for s in (1, -1):
        solid.slab(
            [(-0.055, 0), (0.055, 0), (0.012, 0.13), (-0.012, 0.13)],
            0.04,
            ginger,
            (s * 0.1, 0.77, 0.09),
            (0, 0, -s * 14),
        )
        solid.slab(
            [(-0.03, 0), (0.03, 0), (0, 0.08)], 0.045, PINK, (s * 0.1, 0.78, 0.095), (0, 0, -s * 14)
        )
        solid.rod((s * 0.075, 0.36, 0.14), (s * 0.075, 0.05, 0.19), 0.055, ginger, 0.042).ball(
            (0.055, 0.04, 0.08), (s * 0.075, 0.04, 0.22), cream
        )
        solid.ball((0.09, 0.13, 0.17), (s * 0.16, 0.13, -0.02), ginger).ball(
            (0.05, 0.04, 0.09), (s * 0.19, 0.04, 0.12), cream
        )
        solid.ball((0.032, 0.036, 0.015), (s * 0.062, 0.71, 0.235), (130, 170, 60)).ball(
            (0.011, 0.03, 0.01), (s * 0.062, 0.71, 0.247), COAL
        )
        solid.ball((0.055, 0.042, 0.045), (s * 0.038, 0.62, 0.225), cream)
        for k in (-1, 0, 1):
            solid.rod(
                (s * 0.06, 0.625 + 0.01 * k, 0.25),
                (s * 0.24, 0.63 + 0.04 * k, 0.24),
                0.003,
                WHITE,
                sides=6,
            )
    solid.ball((0.022, 0.016, 0.014), (0, 0.655, 0.262), PINK)
    for y, w in ((0.2, 0.2), (0.3, 0.2), (0.4, 0.17)):
        solid.ring(w * 0.98, 0.014, (0, y, -0.06), dark)
    for x in (-0.05, 0, 0.05):
        solid.box((0.02, 0.09, 0.02), (x, 0.79, 0.19), dark, (-35, 0, 0))
    a = np.linspace(0, 1, 14)
    return solid.tube(
        np.stack([0.1 + 0.32 * np.sin(2.2 * a), 0.06 + 0.35 * a**2.2, -0.2 + 0.1 * a], axis=-1),
        0.04,
        ginger,
    ).ball(0.042, (0.36, 0.41, -0.1), dark)


def dog() -> Solid:
    """A brown and white dog that stands, its nose towards +z."""
    brown, dark = (166, 108, 60), (92, 56, 30)
    solid = (
        Solid()
        .ball((0.18, 0.19, 0.42), (0, 0.55, 0), brown)
        .ball((0.17, 0.2, 0.2), (0, 0.53, 0.22), WHITE)
    )
    solid.rod((0, 0.6, 0.3), (0, 0.86, 0.46), 0.13, brown, 0.11).ball(
        (0.15, 0.14, 0.16), (0, 0.92, 0.5), brown
    )
    solid.rod((0, 0.87, 0.58), (0, 0.84, 0.76), 0.085, WHITE, 0.065, round_ends=True).ball(
        (0.038, 0.03, 0.03), (0, 0.88, 0.83), COAL
    )
    solid.ball((0.035, 0.012, 0.07), (0, 0.775, 0.76), (220, 90, 100), (25, 0, 0))
    for s in (1, -1):
        solid.ball((0.035, 0.15, 0.08), (s * 0.15, 0.84, 0.46), dark, (0, 0, s * 14))
        for z in (-0.3, 0.26):
            solid.rod((s * 0.11, 0.5, z), (s * 0.11, 0.06, z), 0.07, brown, 0.045).ball(
                (0.055, 0.045, 0.08), (s * 0.11, 0.045, z + 0.03), WHITE
            )
    eyes(solid, (0.065, 0.97, 0.63), 0.024)
    solid.ring(0.135, 0.02, (0, 0.72, 0.38), (200, 40, 40), (58, 0, 0))
    a = np.linspace(0, 1, 12)
    return solid.tube(
        np.stack([0 * a, 0.62 + 0.3 * a, -0.38 - 0.22 * np.sin(1.8 * a)], axis=-1),
        np.linspace(0.05, 0.025, 12),
        brown,
    )


def horse() -> Solid:
    """A chestnut horse, its head towards +z."""
    coat, mane = (142, 76, 38), (40, 26, 20)
    solid = (
        Solid()
        .ball((0.24, 0.27, 0.6), (0, 1.05, 0), coat)
        .ball((0.25, 0.3, 0.26), (0, 1.08, -0.38), coat)
        .ball((0.22, 0.28, 0.22), (0, 1.05, 0.4), coat)
    )
    solid.rod((0, 1.15, 0.42), (0, 1.72, 0.82), 0.2, coat, 0.12, round_ends=True)
    solid.rod((0, 1.76, 0.82), (0, 1.5, 1.2), 0.115, coat, 0.07, round_ends=True).ball(
        (0.07, 0.065, 0.06), (0, 1.48, 1.23), (90, 52, 34)
    )
    solid.box((0.05, 0.3, 0.02), (0, 1.7, 1.06), WHITE, (-56, 0, 0))
    for s in (1, -1):
        solid.slab([(-0.04, 0), (0.04, 0), (0, 0.14)], 0.03, coat, (s * 0.06, 1.84, 0.78))
        solid.ball(0.022, (s * 0.095, 1.73, 0.93), COAL)
        for z, lean in ((-0.42, -0.06), (0.42, 0.03)):
            solid.rod((s * 0.13, 1.0, z), (s * 0.13, 0.52, z + lean), 0.12, coat, 0.065).ball(
                0.068, (s * 0.13, 0.52, z + lean), coat
            )
            solid.rod((s * 0.13, 0.52, z + lean), (s * 0.13, 0.1, z), 0.055, coat, 0.042).rod(
                (s * 0.13, 0.0, z + 0.02), (s * 0.13, 0.12, z), 0.08, COAL, 0.055
            )
    a = np.linspace(0, 1, 12)
    solid.tube(
        np.stack([0 * a, 1.9 - 0.62 * a, 0.74 - 0.42 * a], axis=-1),
        0.055 + 0.03 * np.sin(np.pi * a),
        mane,
    )
    return solid.tube(
        np.stack([0 * a, 1.2 - 0.75 * a, -0.62 - 0.22 * np.sin(2.2 * a)], axis=-1),
        0.035 + 0.07 * np.sin(np.pi * a) ** 1.5,
        mane,
    )


def fish() -> Solid:
    """A goldfish, its mouth towards +x."""
    gold, fin = (246, 126, 24), (252, 170, 70)
    solid = (
        Solid()
        .ball((0.42, 0.24, 0.14), (0, 0, 0), gold)
        .ball((0.2, 0.17, 0.12), (0.22, 0, 0), gold)
    )
    solid.slab(
        [(0, 0.04), (-0.34, 0.3), (-0.26, 0.0), (-0.34, -0.3), (0, -0.04)], 0.02, fin, (-0.36, 0, 0)
    )
    solid.slab([(0.16, 0.18), (0.05, 0.4), (-0.24, 0.34), (-0.26, 0.16)], 0.02, fin).slab(
        [(-0.06, -0.2), (-0.2, -0.34), (-0.24, -0.16)], 0.02, fin
    )
    for s in (1, -1):
        solid.ball(0.05, (0.27, 0.07, s * 0.095), WHITE).ball(
            0.028, (0.285, 0.075, s * 0.127), COAL
        )
        solid.slab(
            [(0, 0), (-0.2, -0.1), (-0.18, 0.06)],
            0.012,
            fin,
            (0.1, -0.06, s * 0.13),
            (0, s * 25, 0),
        )
    return solid.ring(0.035, 0.016, (0.415, -0.02, 0), (226, 96, 30), (0, 0, 90))


def frog() -> Solid:
    """A green frog that squats."""
    green, pale = (86, 156, 56), (214, 226, 140)
    solid = (
        Solid()
        .ball((0.25, 0.19, 0.3), (0, 0.24, 0), green, (-22, 0, 0))
        .ball((0.21, 0.14, 0.22), (0, 0.2, 0.1), pale)
        .ball((0.23, 0.13, 0.2), (0, 0.38, 0.22), green)
    )
    for s in (1, -1):
        solid.ball(0.08, (s * 0.13, 0.49, 0.22), green).ball(
            0.055, (s * 0.145, 0.505, 0.27), (250, 210, 60)
        ).ball((0.035, 0.02, 0.02), (s * 0.152, 0.505, 0.315), COAL)
        solid.ball((0.1, 0.1, 0.22), (s * 0.27, 0.14, -0.1), green, (15, s * 20, 0)).rod(
            (s * 0.32, 0.1, -0.22), (s * 0.36, 0.04, 0.14), 0.055, green, 0.035
        )
        solid.rod((s * 0.2, 0.25, 0.22), (s * 0.25, 0.04, 0.3), 0.045, green, 0.035)
        for k in (-1, 0, 1):
            solid.rod((s * 0.25, 0.03, 0.29), (s * 0.25 + 0.07 * k, 0.02, 0.4), 0.018, green).rod(
                (s * 0.36, 0.03, 0.14), (s * 0.36 + 0.07 * k, 0.02, 0.27), 0.018, green
            )
    a = np.linspace(-1, 1, 15)
    return solid.tube(
        np.stack([0.2 * a, 0.345 + 0.02 * a**2, 0.225 + 0.19 * np.sqrt(1.02 - a**2)], axis=-1),
        0.008,
        (44, 84, 34),
    )


def bee() -> Solid:
    """A honey bee."""
    solid = Solid()
    for n in range(7):
        z0, z1 = -0.52 + n * 0.1, -0.42 + n * 0.1
        r0, r1 = (0.2 * np.sqrt(max(0.0, 1 - ((z + 0.17) / 0.36) ** 2)) for z in (z0, z1))
        solid.rod(
            (0, 0, z0), (0, 0, z1), max(r0, 0.01), (250, 190, 40) if n % 2 else COAL, max(r1, 0.01)
        )
    solid.ball((0.16, 0.16, 0.16), (0, 0.03, 0.24), (186, 130, 40)).ball(
        (0.12, 0.12, 0.1), (0, 0.0, 0.44), COAL
    ).rod((0, 0, -0.5), (0, 0, -0.62), 0.02, COAL, 0.002)
    for s in (1, -1):
        solid.ball(
            (0.32, 0.008, 0.12), (s * 0.36, 0.2, 0.2), (216, 232, 242), (0, s * 20, s * 18)
        ).ball((0.22, 0.008, 0.09), (s * 0.3, 0.18, 0.0), (216, 232, 242), (0, -s * 20, s * 16))
        solid.ball(0.05, (s * 0.09, 0.04, 0.48), (70, 50, 40)).tube(
            [(s * 0.04, 0.08, 0.5), (s * 0.08, 0.17, 0.58), (s * 0.12, 0.17, 0.66)], 0.012, COAL
        )
        for z in (0.14, 0.24, 0.34):
            solid.tube(
                [(s * 0.1, -0.08, z), (s * 0.24, -0.1, z), (s * 0.28, -0.26, z + 0.03)],
                0.016,
                COAL,
            )
    return solid
