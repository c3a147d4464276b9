"""Solids for the house: furniture, kitchen things, clocks."""

import numpy as np

from xmr_core.demo.solids import Colour, Solid

OAK: Colour = (181, 128, 74)
WALNUT: Colour = (104, 66, 40)
WHITE: Colour = (240, 238, 232)
STEEL: Colour = (176, 182, 190)
DARK: Colour = (38, 38, 42)
BRASS: Colour = (205, 164, 66)


def chair() -> Solid:
    """A kitchen chair with a slatted back."""
    solid = Solid().box((0.46, 0.04, 0.44), (0, 0.46, 0), OAK)
    for x in (-0.2, 0.2):
        solid.box((0.045, 0.44, 0.045), (x, 0.22, 0.19), OAK)
        solid.box((0.045, 0.96, 0.045), (x, 0.48, -0.2), OAK)
        solid.box((0.03, 0.03, 0.36), (x, 0.18, 0), WALNUT)
    for y in (0.62, 0.76, 0.9):
        solid.box((0.38, 0.07, 0.025), (0, y, -0.2), OAK)
    return solid


def table() -> Solid:
    """A dining table."""
    solid = Solid().box((1.6, 0.05, 0.9), (0, 0.74, 0), WALNUT)
    solid.box((1.44, 0.09, 0.02), (0, 0.67, 0.38), OAK).box(
        (1.44, 0.09, 0.02), (0, 0.67, -0.38), OAK
    )
    for x in (-0.7, 0.7):
        for z in (-0.37, 0.37):
            solid.box((0.08, 0.72, 0.08), (x, 0.36, z), WALNUT)
    return solid


def bed() -> Solid:
    """A double bed with pillows and a blue cover."""
    solid = Solid().box((1.6, 0.2, 2.05), (0, 0.25, 0), OAK)
    solid.box((1.66, 1.0, 0.07), (0, 0.5, -1.03), WALNUT).box(
        (1.66, 0.5, 0.06), (0, 0.25, 1.03), WALNUT
    )
    solid.box((1.54, 0.2, 1.98), (0, 0.45, 0), WHITE)
    solid.box((1.62, 0.12, 1.3), (0, 0.52, 0.36), (74, 108, 168))
    solid.box((1.64, 0.1, 0.2), (0, 0.56, -0.24), (226, 232, 242))
    for x in (-0.38, 0.38):
        solid.ball((0.33, 0.1, 0.22), (x, 0.6, -0.7), WHITE)
    for x in (-0.76, 0.76):
        for z in (-0.98, 0.98):
            solid.box((0.09, 0.2, 0.09), (x, 0.1, z), WALNUT)
    return solid


def bookcase() -> Solid:
    """Five shelves of coloured books."""
    rng = np.random.default_rng(5)
    solid = Solid().box((1.0, 1.9, 0.02), (0, 0.95, -0.14), WALNUT)
    for x in (-0.5, 0.5):
        solid.box((0.03, 1.9, 0.3), (x, 0.95, 0), OAK)
    for shelf in range(6):
        y = 0.05 + shelf * 0.365
        solid.box((1.0, 0.03, 0.3), (0, y, 0), OAK)
        x = -0.47
        while shelf < 5 and x < 0.4:
            width, height = rng.uniform(0.028, 0.06), rng.uniform(0.2, 0.3)
            colour = _SPINES[int(rng.integers(len(_SPINES)))]
            solid.box(
                (width * 0.94, height, 0.2), (x + width / 2, y + 0.015 + height / 2, 0), colour
            )
            x += width
    return solid


_SPINES: list[Colour] = [
    (158, 42, 43),
    (38, 70, 120),
    (46, 108, 72),
    (214, 170, 74),
    (110, 62, 110),
    (230, 222, 200),
    (60, 60, 66),
]


def sofa() -> Solid:
    """A two-seat sofa."""
    red, dark = (176, 62, 52), (140, 46, 40)
    solid = Solid().box((1.7, 0.26, 0.8), (0, 0.28, 0), dark)
    for x in (-0.4, 0.4):
        solid.box((0.76, 0.16, 0.66), (x, 0.49, 0.06), red)
        solid.box((0.76, 0.46, 0.18), (x, 0.72, -0.27), red, (-10, 0, 0))
    for x in (-0.9, 0.9):
        solid.box((0.2, 0.48, 0.86), (x, 0.39, 0), red)
        solid.rod((x, 0.63, -0.43), (x, 0.63, 0.43), 0.1, red)
        for z in (-0.34, 0.34):
            solid.rod((x * 0.9, 0, z), (x * 0.9, 0.16, z), 0.03, WALNUT)
    return solid


def lamp() -> Solid:
    """A table lamp with a cloth shade."""
    solid = Solid().lathe(
        [
            (0, 0),
            (0.13, 0),
            (0.13, 0.02),
            (0.03, 0.05),
            (0.05, 0.12),
            (0.085, 0.2),
            (0.05, 0.3),
            (0.02, 0.34),
            (0.015, 0.5),
            (0, 0.5),
        ],
        (44, 92, 110),
    )
    solid.lathe([(0.21, 0.4), (0.13, 0.68), (0.125, 0.68), (0.205, 0.4)], (244, 222, 172))
    return solid.ball(0.045, (0, 0.54, 0), (255, 246, 206)).rod(
        (0, 0.5, 0), (0, 0.7, 0), 0.006, BRASS
    )


def cup() -> Solid:
    """A red coffee cup on its saucer, filled."""
    red, cream = (170, 44, 34), (244, 238, 226)
    solid = Solid().lathe(
        [
            (0, 0.015),
            (0.05, 0.0),
            (0.1, 0.02),
            (0.15, 0.035),
            (0.148, 0.042),
            (0.09, 0.03),
            (0, 0.026),
        ],
        red,
    )
    solid.lathe(
        [(0, 0.03), (0.045, 0.03), (0.05, 0.045), (0.075, 0.09), (0.085, 0.15), (0.085, 0.155)], red
    )
    solid.lathe([(0.085, 0.155), (0.078, 0.155), (0.074, 0.12), (0, 0.12)], cream)
    solid.lathe([(0.0745, 0.135), (0.04, 0.1375), (0, 0.1375)], (92, 52, 24))
    bow = np.linspace(-0.42 * np.pi, 0.42 * np.pi, 14)
    return solid.tube(
        [(0.075 + 0.055 * np.cos(b), 0.1 + 0.042 * np.sin(b), 0) for b in bow], 0.01, red
    )


def teapot() -> Solid:
    """A round teapot with a lid, a spout and a handle."""
    blue, lid = (70, 116, 160), (228, 232, 236)
    bow = np.linspace(-0.9, 1.0, 14)
    solid = Solid().lathe(
        [(0, 0.0), (0.09, 0.0), *[(0.15 * np.cos(b), 0.125 + 0.125 * np.sin(b)) for b in bow]], blue
    )
    solid.lathe([(0.085, 0.228), (0.08, 0.24), (0.05, 0.262), (0.012, 0.27), (0, 0.27)], lid).ball(
        0.02, (0, 0.285, 0), lid
    )
    solid.tube(
        [(0.12, 0.09, 0), (0.18, 0.1, 0), (0.21, 0.15, 0), (0.235, 0.21, 0), (0.265, 0.235, 0)],
        [0.04, 0.034, 0.026, 0.02, 0.018],
        blue,
    )
    bow = np.linspace(0.4 * np.pi, 1.6 * np.pi, 20)
    return solid.tube(
        [(-0.15 + 0.085 * np.cos(b), 0.13 + 0.075 * np.sin(b), 0) for b in bow], 0.014, blue
    )


def bottle() -> Solid:
    """A green wine bottle with a label."""
    green = (34, 84, 50)
    solid = Solid().lathe(
        [
            (0, 0.01),
            (0.036, 0),
            (0.038, 0.005),
            (0.038, 0.19),
            (0.034, 0.215),
            (0.016, 0.245),
            (0.0145, 0.3),
            (0.0165, 0.302),
            (0.0165, 0.312),
            (0, 0.312),
        ],
        green,
    )
    solid.lathe([(0.0386, 0.06), (0.0386, 0.15)], (236, 226, 198)).lathe(
        [(0.0388, 0.1), (0.0388, 0.108)], (150, 40, 50)
    )
    return solid.lathe(
        [(0.0152, 0.262), (0.0152, 0.3), (0.0172, 0.302), (0.0172, 0.313), (0, 0.3135)],
        (120, 28, 40),
    )


def vase() -> Solid:
    """A blue and white vase."""
    shape = [
        (0.0, 0),
        (0.07, 0.0),
        (0.075, 0.02),
        (0.12, 0.12),
        (0.135, 0.2),
        (0.11, 0.29),
        (0.055, 0.36),
        (0.05, 0.4),
        (0.075, 0.44),
        (0.068, 0.44),
        (0.042, 0.4),
        (0, 0.39),
    ]
    solid = Solid().lathe(shape, (232, 238, 246))
    for y, r in ((0.125, 0.1225), (0.2, 0.1355), (0.28, 0.115)):
        solid.ring(r, 0.006, (0, y, 0), (36, 74, 150))
    for a in np.linspace(0, 2 * np.pi, 8, endpoint=False):
        solid.ball(
            (0.03, 0.03, 0.012),
            (0.128 * np.sin(a), 0.16, 0.128 * np.cos(a)),
            (36, 74, 150),
            (0, np.degrees(a), 0),
        )
    return solid


def wall_clock() -> Solid:
    """A round wall clock at ten past ten."""
    solid = Solid().lathe(
        [(0, -0.03), (0.5, -0.03), (0.52, 0), (0.5, 0.05), (0.45, 0.05), (0.44, 0.02)],
        (60, 36, 24),
        turn=(90, 0, 0),
        sides=64,
    )
    solid.lathe([(0.45, 0.018), (0, 0.02)], WHITE, turn=(90, 0, 0), sides=64)
    for hour in range(12):
        a = np.radians(hour * 30)
        long = 0.1 if hour % 3 == 0 else 0.055
        r = 0.42 - long / 2
        solid.box(
            (0.03 if hour % 3 == 0 else 0.018, long, 0.01),
            (r * np.sin(a), r * np.cos(a), 0.025),
            DARK,
            (0, 0, -hour * 30),
        )
    for angle, length, width, depth in ((-55, 0.24, 0.035, 0.032), (62, 0.36, 0.024, 0.04)):
        a = np.radians(angle)
        solid.box(
            (width, length, 0.008),
            (length / 2.2 * np.sin(a), length / 2.2 * np.cos(a), depth),
            DARK,
            (0, 0, -angle),
        )
    solid.box((0.008, 0.44, 0.006), (0, -0.14, 0.046), (190, 30, 30), (0, 0, 172))
    return solid.rod((0, 0, 0.02), (0, 0, 0.055), 0.022, BRASS)


def alarm_clock() -> Solid:
    """A twin-bell alarm clock."""
    solid = Solid().add(wall_clock(), scale=0.5)
    solid = Solid(
        [
            type(p)(p.vertices, p.faces, (198, 52, 46) if p.colour == (60, 36, 24) else p.colour)
            for p in solid.parts
        ]
    )
    solid.rod((0, 0, -0.13), (0, 0, -0.01), 0.24, (198, 52, 46))
    for x in (-0.15, 0.15):
        solid.rod((x * 0.9, -0.2, -0.06), (x * 1.3, -0.31, -0.06), 0.02, STEEL)
        solid.lathe(
            [(0.11, 0), (0.1, 0.05), (0.06, 0.09), (0, 0.1)],
            BRASS,
            (x, 0.22, -0.06),
            (0, 0, -x * 200),
        )
        solid.rod((x * 0.6, 0.2, -0.06), (x, 0.25, -0.06), 0.015, STEEL)
    return solid.rod((0, 0.24, -0.06), (0, 0.33, -0.06), 0.012, STEEL).ball(
        0.03, (0, 0.34, -0.06), STEEL
    )


def hourglass() -> Solid:
    """Sand running between two glass bulbs."""
    solid = Solid()
    for y in (0, 0.36):
        solid.rod((0, y, 0), (0, y + 0.03, 0), 0.14, WALNUT)
    for a in np.linspace(0, 2 * np.pi, 3, endpoint=False):
        solid.rod(
            (0.12 * np.sin(a), 0, 0.12 * np.cos(a)),
            (0.12 * np.sin(a), 0.38, 0.12 * np.cos(a)),
            0.01,
            OAK,
        )
    solid.lathe(
        [(0.085, 0.03), (0.1, 0.06), (0.09, 0.12), (0.012, 0.19), (0.012, 0.2), (0.07, 0.24)],
        (214, 232, 238),
    )
    solid.lathe([(0.09, 0.272), (0.1, 0.33), (0.085, 0.36)], (214, 232, 238))
    solid.lathe([(0.07, 0.24), (0.091, 0.272), (0, 0.275)], (226, 184, 104))
    return solid.lathe([(0.1015, 0.05), (0.1015, 0.075), (0.0, 0.13)], (226, 184, 104))


def candle() -> Solid:
    """A burning candle in a brass holder."""
    solid = Solid().lathe(
        [(0, 0), (0.12, 0), (0.13, 0.02), (0.12, 0.025), (0.05, 0.02), (0.045, 0.06), (0, 0.06)],
        BRASS,
    )
    solid.ring(0.03, 0.007, (0.15, 0.03, 0), BRASS, (90, 0, 0))
    solid.lathe([(0.035, 0.03), (0.035, 0.3), (0.03, 0.31), (0, 0.305)], (246, 236, 210))
    solid.rod((0, 0.3, 0), (0, 0.33, 0), 0.003, DARK)
    solid.lathe([(0, 0.32), (0.02, 0.345), (0.022, 0.365), (0.012, 0.4), (0, 0.44)], (255, 176, 40))
    return solid.lathe([(0, 0.325), (0.0225, 0.352), (0, 0.356)], (255, 226, 120))


def telephone() -> Solid:
    """An old telephone with a dial and its receiver on top."""
    black, ivory = (34, 34, 38), (236, 230, 212)
    solid = Solid().slab(
        [(-0.14, 0), (0.14, 0), (0.085, 0.11), (0.04, 0.14), (-0.04, 0.14), (-0.085, 0.11)],
        0.2,
        black,
    )
    solid.box((0.3, 0.02, 0.24), (0, 0.01, 0), black)
    solid.lathe(
        [(0, 0), (0.075, 0), (0.075, 0.012), (0, 0.014)], ivory, (0, 0.065, 0.1), (75, 0, 0)
    )
    for n in range(10):
        a = np.radians(30 * n + 40)
        solid.rod(
            (0.053 * np.sin(a), 0.065 + 0.053 * np.cos(a), 0.11),
            (0.053 * np.sin(a), 0.065 + 0.053 * np.cos(a), 0.124),
            0.011,
            black,
        )
    solid.rod((0, 0.065, 0.11), (0, 0.065, 0.122), 0.022, (190, 60, 50))
    bow = np.linspace(-0.14, 0.14, 9)
    solid.tube([(x, 0.205 - 1.2 * x * x, 0) for x in bow], 0.02, black)
    for x in (-0.15, 0.15):
        solid.lathe(
            [(0, 0.03), (0.045, 0.0), (0.042, -0.02), (0, -0.02)][::-1], black, (x, 0.165, 0)
        )
    return solid


def kettle() -> Solid:
    """A steel kettle with a black handle."""
    solid = Solid().lathe(
        [(0, 0), (0.15, 0), (0.155, 0.02), (0.12, 0.14), (0.06, 0.19), (0.055, 0.2), (0, 0.215)],
        STEEL,
    )
    solid.ball(0.02, (0, 0.225, 0), DARK)
    solid.tube(
        [(0.12, 0.06, 0), (0.17, 0.12, 0), (0.2, 0.18, 0), (0.225, 0.2, 0)],
        [0.035, 0.025, 0.018, 0.016],
        STEEL,
    )
    bow = np.linspace(0, np.pi, 16)
    return solid.tube([(0.1 * np.cos(b), 0.17 + 0.14 * np.sin(b), 0) for b in bow], 0.014, DARK)


def coin_stack() -> Solid:
    """Three stacks of gold coins."""
    rng = np.random.default_rng(7)
    solid = Solid()
    for x, z, height in ((-0.24, 0, 9), (0.06, -0.16, 14), (0.12, 0.16, 5)):
        for n in range(height):
            dx, dz = rng.normal(0, 0.006, 2)
            solid.lathe(
                [
                    (0, 0),
                    (0.12, 0),
                    (0.125, 0.006),
                    (0.125, 0.022),
                    (0.12, 0.028),
                    (0.1, 0.026),
                    (0, 0.026),
                ],
                (226, 178, 58) if n % 2 else (206, 156, 44),
                (x + dx, n * 0.029, z + dz),
            )
    return solid.lathe(
        [
            (0, 0),
            (0.12, 0),
            (0.125, 0.006),
            (0.125, 0.022),
            (0.12, 0.028),
            (0.1, 0.026),
            (0, 0.026),
        ],
        (226, 178, 58),
        (0.34, 0.09, 0.14),
        (70, 20, 0),
    )
