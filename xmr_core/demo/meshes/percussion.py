"""What is struck: bells, a gong, drums."""

import numpy as np

from xmr_core.demo.meshes.palette import BRASS, BRIGHT_STEEL, EBONY, IVORY, ROSEWOOD, SPRUCE
from xmr_core.demo.solids import Colour, Solid

LACQUER: Colour = (176, 30, 34)


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
    solid.rod((0, 0.9, 0), (0, 0.1, 0), 0.03, EBONY).ball(0.1, (0, 0.02, 0), EBONY)
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
    ).ball(0.05, (0, 0.0, 0), EBONY)
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
        solid.box((0.1, 1.8, 0.1), (x, 0.9, 0), LACQUER).box(
            (0.14, 0.1, 0.6), (x, 0.05, 0), LACQUER
        )
    solid.box((1.9, 0.1, 0.12), (0, 1.78, 0), LACQUER)
    for x in (-0.25, 0.25):
        solid.rod((x, 1.75, 0), (x, 1.42, 0), 0.012, BRASS)
    return solid.rod((0.9, 0.1, 0.1), (0.85, 0.8, 0.1), 0.018, ROSEWOOD).ball(
        (0.08, 0.1, 0.08), (0.845, 0.86, 0.1), IVORY
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
        drum.ring(radius, radius * 0.045, (0, y, 0), BRIGHT_STEEL)
        drum.lathe([(0, 0.0), (radius, 0.0), (radius, 0.004), (0, 0.005)], IVORY, (0, y, 0))
    for a in np.linspace(0, 2 * np.pi, 8, endpoint=False):
        x, z = radius * 1.02 * np.sin(a), radius * 1.02 * np.cos(a)
        drum.rod((x, -height * 0.4, z), (x, height * 0.4, z), radius * 0.025, BRIGHT_STEEL, sides=8)
    return Solid().add(drum, at, 1.0, turn)


def drum_kit() -> Solid:
    """A red drum kit: bass drum, snare, toms and cymbals."""
    solid = _drum(0.4, 0.45, (0, 0.42, 0), LACQUER, (90, 0, 0)).add(
        _drum(0.22, 0.16, (0.55, 0.62, -0.35), BRIGHT_STEEL)
    )
    solid.add(_drum(0.19, 0.2, (-0.24, 1.0, -0.05), LACQUER, (15, 0, 0))).add(
        _drum(0.2, 0.22, (0.24, 1.0, -0.05), LACQUER, (15, 0, 0))
    ).add(_drum(0.27, 0.4, (-0.72, 0.45, -0.3), LACQUER))
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
        solid.rod((x, 0, z), (x, y + 0.06, z), 0.014, BRIGHT_STEEL)
        for a in (0.3, 2.4, 4.5):
            solid.rod(
                (x, 0.25, z), (x + 0.22 * np.sin(a), 0.0, z + 0.22 * np.cos(a)), 0.012, BRIGHT_STEEL
            )
    for x in (-0.24, 0.24):
        solid.rod((x * 0.3, 0.8, 0), (x, 0.95, -0.05), 0.018, BRIGHT_STEEL)
    for a in (0, 2.1, 4.2):
        solid.rod(
            (0.55, 0.54, -0.35),
            (0.55 + 0.25 * np.sin(a), 0, -0.35 + 0.25 * np.cos(a)),
            0.012,
            BRIGHT_STEEL,
        )
        solid.rod(
            (-0.72 + 0.27 * np.sin(a), 0.5, -0.3 + 0.27 * np.cos(a)),
            (-0.72 + 0.28 * np.sin(a), 0, -0.3 + 0.28 * np.cos(a)),
            0.012,
            BRIGHT_STEEL,
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
