"""Animals, plants and fruit, put together from rounded solids."""

import numpy as np

from xmr_core.demo.solids import Colour, Solid

BLACK: Colour = (28, 26, 28)
WHITE: Colour = (244, 242, 238)
PINK: Colour = (232, 150, 150)
LEAF: Colour = (62, 128, 56)
BARK: Colour = (110, 74, 44)
ORANGE: Colour = (238, 132, 36)


def _eyes(
    solid: Solid, at: tuple[float, float, float], size: float, colour: Colour = BLACK
) -> Solid:
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
            (0.011, 0.03, 0.01), (s * 0.062, 0.71, 0.247), BLACK
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
        (0.038, 0.03, 0.03), (0, 0.88, 0.83), BLACK
    )
    solid.ball((0.035, 0.012, 0.07), (0, 0.775, 0.76), (220, 90, 100), (25, 0, 0))
    for s in (1, -1):
        solid.ball((0.035, 0.15, 0.08), (s * 0.15, 0.84, 0.46), dark, (0, 0, s * 14))
        for z in (-0.3, 0.26):
            solid.rod((s * 0.11, 0.5, z), (s * 0.11, 0.06, z), 0.07, brown, 0.045).ball(
                (0.055, 0.045, 0.08), (s * 0.11, 0.045, z + 0.03), WHITE
            )
    _eyes(solid, (0.065, 0.97, 0.63), 0.024)
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
        solid.ball(0.022, (s * 0.095, 1.73, 0.93), BLACK)
        for z, lean in ((-0.42, -0.06), (0.42, 0.03)):
            solid.rod((s * 0.13, 1.0, z), (s * 0.13, 0.52, z + lean), 0.12, coat, 0.065).ball(
                0.068, (s * 0.13, 0.52, z + lean), coat
            )
            solid.rod((s * 0.13, 0.52, z + lean), (s * 0.13, 0.1, z), 0.055, coat, 0.042).rod(
                (s * 0.13, 0.0, z + 0.02), (s * 0.13, 0.12, z), 0.08, BLACK, 0.055
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


def bird() -> Solid:
    """A robin with a red breast on a branch."""
    brown, red, pale = (112, 90, 68), (222, 88, 34), (226, 220, 206)
    solid = (
        Solid()
        .ball((0.2, 0.22, 0.28), (0, 0.5, 0), brown, (-25, 0, 0))
        .ball((0.16, 0.2, 0.16), (0, 0.53, 0.14), red)
        .ball((0.15, 0.13, 0.15), (0, 0.38, 0.06), pale)
    )
    solid.ball((0.15, 0.145, 0.15), (0, 0.76, 0.15), brown).ball(
        (0.11, 0.11, 0.1), (0, 0.72, 0.22), red
    )
    solid.rod((0, 0.76, 0.28), (0, 0.74, 0.4), 0.03, (60, 50, 44), 0.004)
    for s in (1, -1):
        solid.ball((0.035, 0.13, 0.24), (s * 0.185, 0.5, -0.06), (88, 70, 52), (-30, s * 8, 0)).rod(
            (s * 0.07, 0.3, 0.04), (s * 0.07, 0.12, 0.07), 0.014, (120, 70, 40)
        )
        for z in (-0.03, 0.05, 0.13):
            solid.rod((s * 0.07, 0.12, 0.05), (s * 0.07 + s * 0.02, 0.1, z), 0.012, (120, 70, 40))
    _eyes(solid, (0.085, 0.8, 0.255), 0.024)
    solid.box((0.12, 0.025, 0.36), (0, 0.38, -0.4), (88, 70, 52), (-22, 0, 0))
    solid.tube(
        [(-0.7, 0.04, -0.02), (-0.2, 0.07, 0.05), (0.3, 0.06, 0.06), (0.75, 0.12, 0.0)],
        [0.05, 0.05, 0.045, 0.03],
        BARK,
    )
    return solid.ball((0.1, 0.012, 0.05), (0.72, 0.2, 0.05), LEAF, (0, 20, 40)).ball(
        (0.1, 0.012, 0.05), (-0.5, 0.12, 0.08), LEAF, (0, 120, 20)
    )


def owl() -> Solid:
    """A brown owl that looks straight ahead."""
    brown, pale, dark = (132, 96, 60), (224, 200, 160), (84, 58, 36)
    solid = (
        Solid()
        .ball((0.24, 0.34, 0.2), (0, 0.42, 0), brown)
        .ball((0.18, 0.26, 0.1), (0, 0.38, 0.13), pale)
        .ball((0.23, 0.19, 0.18), (0, 0.8, 0.02), brown)
    )
    for s in (1, -1):
        solid.ball((0.11, 0.115, 0.03), (s * 0.095, 0.82, 0.17), pale).ball(
            (0.066, 0.066, 0.02), (s * 0.09, 0.82, 0.195), (250, 190, 30)
        ).ball((0.036, 0.036, 0.015), (s * 0.088, 0.82, 0.212), BLACK)
        solid.slab(
            [(-0.06, 0), (0.06, 0), (0, 0.14)], 0.05, dark, (s * 0.15, 0.93, 0.03), (0, 0, -s * 20)
        )
        solid.ball((0.06, 0.27, 0.16), (s * 0.24, 0.42, -0.02), dark, (0, 0, s * 6))
        for k in (-1, 0, 1):
            solid.rod((s * 0.09, 0.1, 0.1), (s * 0.09 + 0.03 * k, 0.06, 0.18), 0.018, ORANGE)
    rng = np.random.default_rng(3)
    for y in (0.26, 0.36, 0.46, 0.56):
        for x in np.linspace(-0.1, 0.1, 4) + rng.normal(0, 0.01, 4):
            solid.ball(
                (0.02, 0.028, 0.012),
                (float(x), y, 0.225 - 2.4 * float(x) ** 2 - 0.6 * (y - 0.4) ** 2),
                dark,
            )
    solid.rod((0, 0.78, 0.19), (0, 0.71, 0.24), 0.035, (70, 60, 50), 0.005)
    return solid.rod((-0.6, 0.05, 0.1), (0.6, 0.03, 0.1), 0.05, BARK, 0.04)


def duck() -> Solid:
    """A mallard drake as it swims."""
    grey, brown, green = (186, 182, 174), (112, 72, 48), (22, 98, 66)
    solid = (
        Solid()
        .ball((0.26, 0.2, 0.44), (0, 0.2, -0.04), grey)
        .ball((0.2, 0.19, 0.2), (0, 0.24, 0.28), brown)
    )
    solid.rod((0, 0.34, 0.3), (0, 0.55, 0.34), 0.085, green, 0.08).ring(
        0.09, 0.018, (0, 0.36, 0.3), WHITE, (10, 0, 0)
    ).ball((0.125, 0.12, 0.14), (0, 0.63, 0.37), green)
    solid.ball((0.06, 0.022, 0.12), (0, 0.6, 0.54), (236, 190, 50)).rod(
        (0, 0.27, -0.36), (0, 0.36, -0.56), 0.12, WHITE, 0.02
    )
    for s in (1, -1):
        solid.ball((0.05, 0.13, 0.3), (s * 0.24, 0.26, -0.1), (138, 126, 112), (-6, s * 6, 0)).ball(
            (0.02, 0.05, 0.1), (s * 0.285, 0.24, -0.2), (44, 70, 160)
        )
    return _eyes(solid, (0.085, 0.67, 0.455), 0.02)


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
            0.028, (0.285, 0.075, s * 0.127), BLACK
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
        ).ball((0.035, 0.02, 0.02), (s * 0.152, 0.505, 0.315), BLACK)
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
            (0, 0, z0), (0, 0, z1), max(r0, 0.01), (250, 190, 40) if n % 2 else BLACK, max(r1, 0.01)
        )
    solid.ball((0.16, 0.16, 0.16), (0, 0.03, 0.24), (186, 130, 40)).ball(
        (0.12, 0.12, 0.1), (0, 0.0, 0.44), BLACK
    ).rod((0, 0, -0.5), (0, 0, -0.62), 0.02, BLACK, 0.002)
    for s in (1, -1):
        solid.ball(
            (0.32, 0.008, 0.12), (s * 0.36, 0.2, 0.2), (216, 232, 242), (0, s * 20, s * 18)
        ).ball((0.22, 0.008, 0.09), (s * 0.3, 0.18, 0.0), (216, 232, 242), (0, -s * 20, s * 16))
        solid.ball(0.05, (s * 0.09, 0.04, 0.48), (70, 50, 40)).tube(
            [(s * 0.04, 0.08, 0.5), (s * 0.08, 0.17, 0.58), (s * 0.12, 0.17, 0.66)], 0.012, BLACK
        )
        for z in (0.14, 0.24, 0.34):
            solid.tube(
                [(s * 0.1, -0.08, z), (s * 0.24, -0.1, z), (s * 0.28, -0.26, z + 0.03)],
                0.016,
                BLACK,
            )
    return solid


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


def apple() -> Solid:
    """A red apple with a leaf."""
    a = np.linspace(-np.pi / 2, np.pi / 2, 24)
    shape = [
        (0.02, -0.3),
        *[
            (
                0.42 * np.cos(b) ** 0.8 * (1 + 0.06 * np.sin(b)),
                0.4 * np.sin(b) - 0.1 * np.exp(-((np.cos(b) / 0.35) ** 2)) * np.sign(np.sin(b)),
            )
            for b in a[1:-1]
        ],
        (0.0, 0.26),
    ]
    solid = (
        Solid()
        .lathe(shape, (204, 34, 40))
        .tube([(0, 0.24, 0), (0.01, 0.38, 0.0), (0.05, 0.5, 0.01)], 0.018, BARK)
    )
    return solid.ball((0.15, 0.012, 0.07), (0.18, 0.45, 0.02), LEAF, (15, 0, 20))


def banana() -> Solid:
    """Three bananas on one stalk."""
    solid = Solid()
    a = np.linspace(0, 1, 22)
    for turn in (-16, 0, 16):
        curve = np.stack(
            [0.62 * np.sin(1.9 * a - 0.95), 0.42 - 0.62 * np.cos(1.9 * a - 0.95), 0 * a], axis=-1
        )
        radii = (
            0.085 * np.clip(np.sin(np.pi * np.clip(a * 1.04 - 0.0, 0.04, 0.99)), 0.16, 1) ** 0.45
        )
        solid.add(
            Solid().tube(curve, radii, (250, 214, 60)).tube(curve[:2], 0.03, (90, 66, 30)),
            (0, 0, turn * 0.006),
            1.0,
            (turn * 1.2, 0, 0),
        )
        end = curve[-1]
        solid.rod(
            (end[0], end[1], turn * 0.002),
            (end[0] + 0.06, end[1] + 0.1, 0),
            0.035,
            (196, 178, 60),
            0.028,
        )
    return solid


def orange_half() -> Solid:
    """An orange, and a half of one."""
    solid = (
        Solid()
        .ball(0.3, (-0.36, 0.3, -0.05), ORANGE)
        .lathe([(0, 0), (0.035, 0), (0.02, 0.02), (0, 0.02)], LEAF, (-0.36, 0.59, -0.05))
    )
    bow = np.linspace(-np.pi / 2, 0, 14)
    half = (
        Solid()
        .lathe([(0.3 * np.cos(b), 0.3 * np.sin(b)) for b in bow] + [(0.27, 0.0)], ORANGE)
        .lathe([(0.295, 0.0), (0.0, 0.002)], (252, 236, 206))
    )
    for n in range(9):
        wedge = [(0.0, 0.03), (0.085, 0.235), (0.0, 0.255), (-0.085, 0.235)]
        half.slab(np.array(wedge)[::1], 0.012, (248, 158, 50), (0, 0.004, 0), (90, n * 40, 0))
    return solid.add(half, (0.34, 0.24, 0.05), 1.0, (55, 20, 0))


def strawberry() -> Solid:
    """A strawberry."""
    shape = [
        (0, -0.42),
        (0.1, -0.38),
        (0.22, -0.2),
        (0.31, 0.05),
        (0.3, 0.2),
        (0.2, 0.29),
        (0, 0.31),
    ]
    solid = Solid().lathe(shape, (216, 30, 44))
    r, y = zip(*shape, strict=True)
    for n in range(70):
        h = -0.36 + 0.58 * n / 70
        a = n * 2.4
        w = float(np.interp(h, y, r)) * 1.0
        solid.ball(
            (0.012, 0.02, 0.012), (w * np.sin(a), h, w * np.cos(a)), (250, 214, 110), sides=8
        )
    for n in range(8):
        solid.ball(
            (0.055, 0.012, 0.16),
            (0.15 * np.sin(n * np.pi / 4), 0.315, 0.15 * np.cos(n * np.pi / 4)),
            LEAF,
            (12, n * 45, 0),
            sides=16,
        )
    return solid.tube([(0, 0.3, 0), (0.02, 0.42, 0), (0.08, 0.5, 0)], 0.018, LEAF)


def snowman() -> Solid:
    """A snowman with a hat, a scarf and a carrot."""
    solid = (
        Solid()
        .ball((0.5, 0.46, 0.5), (0, 0.42, 0), WHITE)
        .ball(0.36, (0, 1.05, 0), WHITE)
        .ball(0.26, (0, 1.56, 0), WHITE)
    )
    solid.lathe(
        [(0, 1.74), (0.32, 1.74), (0.32, 1.78), (0.2, 1.79), (0.2, 2.12), (0, 2.12)], BLACK
    ).lathe([(0.205, 1.8), (0.205, 1.88)], (190, 30, 34))
    solid.rod((0, 1.56, 0.24), (0, 1.53, 0.56), 0.05, ORANGE, 0.008)
    for s in (1, -1):
        solid.ball(0.035, (s * 0.1, 1.65, 0.225), BLACK).rod(
            (s * 0.3, 1.15, 0), (s * 0.82, 1.42, 0.06), 0.025, BARK, 0.016
        ).rod((s * 0.68, 1.35, 0.05), (s * 0.74, 1.52, 0.08), 0.014, BARK).rod(
            (s * 0.68, 1.35, 0.05), (s * 0.86, 1.32, 0.1), 0.014, BARK
        )
    for k in range(5):
        a = np.radians(-40 + 20 * k)
        solid.ball(0.022, (0.14 * np.sin(a), 1.5 - 0.06 * np.cos(a), 0.24), BLACK)
    for y, z in ((1.22, 0.325), (1.05, 0.36), (0.88, 0.335)):
        solid.ball(0.035, (0, y, z), BLACK)
    solid.ring(0.22, 0.055, (0, 1.35, 0), (200, 36, 40)).box(
        (0.11, 0.36, 0.05), (0.16, 1.16, 0.33), (200, 36, 40), (-14, 20, 0)
    )
    return solid
