"""What is made or carried out of doors."""

import numpy as np

from xmr_core.demo.meshes.palette import (
    BARK,
    BLACK,
    COAL,
    DARK_WOOD,
    ORANGE,
    RED,
    STEEL,
    WHITE,
    WOOD,
)
from xmr_core.demo.solids import Solid


def campfire() -> Solid:
    """A campfire ringed with stones."""
    rng = np.random.default_rng(4)
    solid = Solid()
    for n in range(11):
        a = 2 * np.pi * n / 11
        size = rng.uniform(0.11, 0.15, 3)
        solid.ball(
            (size[0], size[1] * 0.8, size[2]),
            (0.75 * np.sin(a), 0.08, 0.75 * np.cos(a)),
            (122, 120, 116),
            (0, n * 40, 0),
            sides=10,
        )
    for n in range(5):
        a = 2 * np.pi * n / 5
        solid.rod(
            (0.55 * np.sin(a), 0.06, 0.55 * np.cos(a)),
            (-0.1 * np.sin(a), 0.46, -0.1 * np.cos(a)),
            0.075,
            DARK_WOOD,
        ).ball(
            (0.074, 0.074, 0.03),
            (0.55 * np.sin(a), 0.06, 0.55 * np.cos(a)),
            WOOD,
            (0, float(np.degrees(a)), 0),
        )
    flame = [(0, 0), (0.5, 0.1), (0.56, 0.3), (0.36, 0.65), (0.14, 0.9), (0, 1.1)]
    for n, (scale, colour) in enumerate(
        ((0.75, (226, 74, 22)), (0.62, (250, 140, 28)), (0.45, (255, 214, 70)))
    ):
        for k in range(5 - n):
            a = 2 * np.pi * k / (5 - n) + n
            d = 0.2 - 0.06 * n
            tongue = Solid().lathe(
                [(r * scale * 0.55, y * scale * (0.9 + 0.25 * (k % 2))) for r, y in flame],
                (colour[0], colour[1], colour[2]),
                sides=18,
            )
            solid.add(
                tongue,
                (d * np.sin(a), 0.2 + 0.02 * n, d * np.cos(a)),
                1.0,
                (14 * np.cos(a), 0, -14 * np.sin(a)),
            )
    return solid


def umbrella() -> Solid:
    """An open umbrella in red and white."""
    solid = Solid()
    for n in range(8):
        angle = np.linspace(n, n + 1, 7) * np.pi / 4
        bow = np.linspace(0.0, 1.25, 12)
        sag = 1 - 0.06 * np.sin(np.linspace(0, np.pi, 7)) * np.sin(bow[:, None] / 1.25 * np.pi / 2)
        radius = 1.1 * np.sin(bow)[:, None] * sag
        grid = np.stack(
            [
                radius * np.sin(angle),
                0.75 * np.cos(bow)[:, None] + 0.5 + 0 * radius,
                radius * np.cos(angle),
            ],
            axis=-1,
        )
        r, s = np.meshgrid(np.arange(11) * 7, np.arange(6), indexing="ij")
        faces = np.stack(
            [r + s, r + s + 8, r + s + 1, r + s, r + s + 7, r + s + 8], axis=-1
        ).reshape(-1, 3)
        solid.raw(grid.reshape(-1, 3), faces, RED if n % 2 else WHITE)
        a = n * np.pi / 4
        solid.tube(
            [
                (
                    1.09 * np.sin(b) * np.sin(a),
                    0.74 * np.cos(b) + 0.49,
                    1.09 * np.sin(b) * np.cos(a),
                )
                for b in np.linspace(0, 1.25, 8)
            ],
            0.012,
            BLACK,
            sides=8,
        )
    solid.rod((0, -0.75, 0), (0, 1.42, 0), 0.022, STEEL)
    bow = np.linspace(0, np.pi, 12)
    return solid.tube(
        [(0.12 - 0.12 * np.cos(b), -0.75 - 0.13 * np.sin(b), 0) for b in bow], 0.04, DARK_WOOD
    ).rod((0, -0.75, 0), (0, -0.55, 0), 0.04, DARK_WOOD)


def snowman() -> Solid:
    """A snowman with a hat, a scarf and a carrot."""
    solid = (
        Solid()
        .ball((0.5, 0.46, 0.5), (0, 0.42, 0), WHITE)
        .ball(0.36, (0, 1.05, 0), WHITE)
        .ball(0.26, (0, 1.56, 0), WHITE)
    )
    solid.lathe(
        [(0, 1.74), (0.32, 1.74), (0.32, 1.78), (0.2, 1.79), (0.2, 2.12), (0, 2.12)], COAL
    ).lathe([(0.205, 1.8), (0.205, 1.88)], (190, 30, 34))
    solid.rod((0, 1.56, 0.24), (0, 1.53, 0.56), 0.05, ORANGE, 0.008)
    for s in (1, -1):
        solid.ball(0.035, (s * 0.1, 1.65, 0.225), COAL).rod(
            (s * 0.3, 1.15, 0), (s * 0.82, 1.42, 0.06), 0.025, BARK, 0.016
        ).rod((s * 0.68, 1.35, 0.05), (s * 0.74, 1.52, 0.08), 0.014, BARK).rod(
            (s * 0.68, 1.35, 0.05), (s * 0.86, 1.32, 0.1), 0.014, BARK
        )
    for k in range(5):
        a = np.radians(-40 + 20 * k)
        solid.ball(0.022, (0.14 * np.sin(a), 1.5 - 0.06 * np.cos(a), 0.24), COAL)
    for y, z in ((1.22, 0.325), (1.05, 0.36), (0.88, 0.335)):
        solid.ball(0.035, (0, y, z), COAL)
    solid.ring(0.22, 0.055, (0, 1.35, 0), (200, 36, 40)).box(
        (0.11, 0.36, 0.05), (0.16, 1.16, 0.33), (200, 36, 40), (-14, 20, 0)
    )
    return solid
