"""Fruit."""

import numpy as np

from xmr_core.demo.meshes.palette import BARK, LEAF, ORANGE
from xmr_core.demo.solids import Solid


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
