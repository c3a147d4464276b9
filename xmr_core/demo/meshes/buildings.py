"""Buildings."""

import numpy as np

from xmr_core.demo.meshes.palette import BLACK, DARK_WOOD, GOLD, OFF_WHITE, SIGNAL_RED, TEAK, WHITE
from xmr_core.demo.solids import Solid


def house() -> Solid:
    """A small house with a red roof."""
    solid = (
        Solid()
        .box((2.6, 1.5, 2.0), (0, 0.75, 0), (240, 226, 196))
        .slab([(-1.1, 0), (1.1, 0), (0, 1.0)], 2.6, (240, 226, 196), (0, 1.5, 0), (0, 90, 0))
    )
    for s in (1, -1):
        solid.box((2.9, 0.1, 1.62), (0, 2.0, s * 0.58), (176, 66, 46), (s * 42, 0, 0))
    solid.box((0.36, 0.9, 0.36), (0.75, 2.5, -0.3), (150, 80, 62)).box(
        (0.5, 1.0, 0.06), (0, 0.5, 1.01), DARK_WOOD
    ).ball(0.04, (0.17, 0.5, 1.06), GOLD)
    for x in (-0.8, 0.8):
        solid.box((0.5, 0.5, 0.05), (x, 0.85, 1.0), (140, 190, 216)).box(
            (0.56, 0.05, 0.07), (x, 0.85, 1.01), WHITE
        ).box((0.05, 0.56, 0.07), (x, 0.85, 1.01), WHITE)
        for s in (1, -1):
            solid.box((0.14, 0.56, 0.05), (x + s * 0.34, 0.85, 1.02), (60, 110, 80))
    return solid.box((3.6, 0.06, 3.0), (0, -0.03, 0.2), (110, 160, 84))


def pagoda() -> Solid:
    """A Chinese pagoda of four storeys with curved roofs."""
    solid = Solid().lathe(
        [(0, 0), (1.5, 0), (1.5, 0.2), (1.35, 0.2), (1.35, 0.35), (0, 0.35)],
        (186, 180, 170),
        sides=8,
    )
    y, size = 0.35, 1.0
    for _ in range(4):
        solid.lathe([(0, y), (size * 0.86, y), (size * 0.86, y + 0.62)], (168, 40, 34), sides=8)
        for n in range(8):
            a = np.radians(45 * n)
            solid.rod(
                (0.95 * size * np.sin(a), y, 0.95 * size * np.cos(a)),
                (0.95 * size * np.sin(a), y + 0.6, 0.95 * size * np.cos(a)),
                0.05,
                (140, 28, 26),
                sides=10,
            )
            b = a + np.radians(22.5)
            solid.box(
                (0.3 * size, 0.34, 0.03),
                (0.81 * size * np.sin(b), y + 0.3, 0.81 * size * np.cos(b)),
                (70, 120, 110),
                (0, float(np.degrees(b)), 0),
            )
            solid.ball(
                0.05, (1.5 * size * np.sin(a), y + 0.74, 1.5 * size * np.cos(a)), GOLD, sides=12
            )
        solid.lathe(
            [
                (size * 0.8, y + 0.58),
                (size * 1.5, y + 0.68),
                (size * 1.52, y + 0.74),
                (size * 1.15, y + 0.78),
                (size * 0.85, y + 0.92),
                (size * 0.7, y + 1.05),
            ],
            (44, 108, 84),
            sides=8,
        ).lathe(
            [(size * 1.51, y + 0.66), (size * 1.54, y + 0.71), (size * 1.51, y + 0.75)],
            GOLD,
            sides=8,
        )
        y, size = y + 1.0, size * 0.8
    return (
        solid.lathe(
            [(size * 1.0, y), (size * 0.6, y + 0.22), (size * 0.2, y + 0.55), (0, y + 0.7)],
            (44, 108, 84),
            sides=8,
        )
        .rod((0, y + 0.6, 0), (0, y + 1.0, 0), 0.03, GOLD)
        .ball(0.1, (0, y + 0.8, 0), GOLD)
    )


def lighthouse() -> Solid:
    """A lighthouse with red and white bands on a rock."""
    solid = (
        Solid()
        .ball((1.3, 0.4, 1.1), (0, 0, 0), (104, 100, 94), sides=14)
        .ball((0.8, 0.4, 0.9), (0.6, -0.05, 0.4), (86, 84, 80), sides=12)
    )
    for n in range(6):
        low, high = 0.55 - 0.04 * n, 0.55 - 0.04 * (n + 1)
        solid.lathe(
            [(low, 0.25 + 0.5 * n), (high, 0.75 + 0.5 * n)], SIGNAL_RED if n % 2 == 0 else OFF_WHITE
        )
    solid.lathe([(0, 3.25), (0.48, 3.25), (0.5, 3.33), (0, 3.33)], BLACK).ring(
        0.46, 0.015, (0, 3.52, 0), BLACK
    )
    for a in np.linspace(0, 2 * np.pi, 10, endpoint=False):
        solid.rod(
            (0.46 * np.sin(a), 3.33, 0.46 * np.cos(a)),
            (0.46 * np.sin(a), 3.52, 0.46 * np.cos(a)),
            0.012,
            BLACK,
        )
    solid.lathe([(0.24, 3.33), (0.24, 3.8)], (255, 232, 140)).lathe(
        [(0.34, 3.8), (0.2, 4.02), (0, 4.15)], SIGNAL_RED
    ).ball(0.06, (0, 4.18, 0), SIGNAL_RED)
    solid.box((0.24, 0.42, 0.1), (0, 0.5, 0.5), TEAK)
    for y in (1.5, 2.5):
        solid.box((0.12, 0.22, 0.08), (0, y, 0.5 - 0.08 * y + 0.02), BLACK)
    return solid
