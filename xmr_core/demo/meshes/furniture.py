"""Furniture, and what lights a room."""

import numpy as np

from xmr_core.demo.meshes.palette import GRAPHITE, LINEN, OAK, OLD_BRASS, WALNUT
from xmr_core.demo.solids import Colour, Solid


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
    solid.box((1.54, 0.2, 1.98), (0, 0.45, 0), LINEN)
    solid.box((1.62, 0.12, 1.3), (0, 0.52, 0.36), (74, 108, 168))
    solid.box((1.64, 0.1, 0.2), (0, 0.56, -0.24), (226, 232, 242))
    for x in (-0.38, 0.38):
        solid.ball((0.33, 0.1, 0.22), (x, 0.6, -0.7), LINEN)
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
        (0, 0.5, 0), (0, 0.7, 0), 0.006, OLD_BRASS
    )


def candle() -> Solid:
    """A burning candle in a brass holder."""
    solid = Solid().lathe(
        [(0, 0), (0.12, 0), (0.13, 0.02), (0.12, 0.025), (0.05, 0.02), (0.045, 0.06), (0, 0.06)],
        OLD_BRASS,
    )
    solid.ring(0.03, 0.007, (0.15, 0.03, 0), OLD_BRASS, (90, 0, 0))
    solid.lathe([(0.035, 0.03), (0.035, 0.3), (0.03, 0.31), (0, 0.305)], (246, 236, 210))
    solid.rod((0, 0.3, 0), (0, 0.33, 0), 0.003, GRAPHITE)
    solid.lathe([(0, 0.32), (0.02, 0.345), (0.022, 0.365), (0.012, 0.4), (0, 0.44)], (255, 176, 40))
    return solid.lathe([(0, 0.325), (0.0225, 0.352), (0, 0.356)], (255, 226, 120))
