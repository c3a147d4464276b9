"""Clocks, one of them of glass and sand."""

import numpy as np

from xmr_core.demo.meshes.palette import DULL_STEEL, GRAPHITE, LINEN, OAK, OLD_BRASS, WALNUT
from xmr_core.demo.solids import Solid


def wall_clock() -> Solid:
    """A round wall clock at ten past ten."""
    solid = Solid().lathe(
        [(0, -0.03), (0.5, -0.03), (0.52, 0), (0.5, 0.05), (0.45, 0.05), (0.44, 0.02)],
        (60, 36, 24),
        turn=(90, 0, 0),
        sides=64,
    )
    solid.lathe([(0.45, 0.018), (0, 0.02)], LINEN, turn=(90, 0, 0), sides=64)
    for hour in range(12):
        a = np.radians(hour * 30)
        long = 0.1 if hour % 3 == 0 else 0.055
        r = 0.42 - long / 2
        solid.box(
            (0.03 if hour % 3 == 0 else 0.018, long, 0.01),
            (r * np.sin(a), r * np.cos(a), 0.025),
            GRAPHITE,
            (0, 0, -hour * 30),
        )
    for angle, length, width, depth in ((-55, 0.24, 0.035, 0.032), (62, 0.36, 0.024, 0.04)):
        a = np.radians(angle)
        solid.box(
            (width, length, 0.008),
            (length / 2.2 * np.sin(a), length / 2.2 * np.cos(a), depth),
            GRAPHITE,
            (0, 0, -angle),
        )
    solid.box((0.008, 0.44, 0.006), (0, -0.14, 0.046), (190, 30, 30), (0, 0, 172))
    return solid.rod((0, 0, 0.02), (0, 0, 0.055), 0.022, OLD_BRASS)


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
        solid.rod((x * 0.9, -0.2, -0.06), (x * 1.3, -0.31, -0.06), 0.02, DULL_STEEL)
        solid.lathe(
            [(0.11, 0), (0.1, 0.05), (0.06, 0.09), (0, 0.1)],
            OLD_BRASS,
            (x, 0.22, -0.06),
            (0, 0, -x * 200),
        )
        solid.rod((x * 0.6, 0.2, -0.06), (x, 0.25, -0.06), 0.015, DULL_STEEL)
    return solid.rod((0, 0.24, -0.06), (0, 0.33, -0.06), 0.012, DULL_STEEL).ball(
        0.03, (0, 0.34, -0.06), DULL_STEEL
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
