"""A heart, and what it is heard with."""

import numpy as np

from xmr_core.demo.meshes.palette import BLACK, STEEL, WHITE
from xmr_core.demo.solids import Solid


def stethoscope() -> Solid:
    """A stethoscope."""
    a = np.linspace(0, 1, 40)
    solid = Solid().tube(
        np.stack(
            [
                0.02 + 0.42 * np.sin(2.9 * a),
                0.3 - 0.75 * a - 0.4 * np.sin(np.pi * a),
                0.04 * np.sin(9 * a),
            ],
            axis=-1,
        ),
        0.026,
        (30, 60, 110),
    )
    for s in (1, -1):
        bow = np.linspace(0, 1, 24)
        solid.tube(
            np.stack(
                [
                    s * (0.02 + 0.32 * np.sin(np.pi * bow**0.8) * (1 - 0.35 * bow)),
                    0.3 + 0.75 * bow,
                    0 * bow,
                ],
                axis=-1,
            ),
            0.018,
            STEEL,
        )
        solid.ball(0.04, (s * 0.03, 1.06, 0), BLACK)
    end = (0.02 + 0.42 * float(np.sin(2.9)), -0.45, 0.02)
    return solid.lathe(
        [(0, 0), (0.13, 0), (0.14, 0.02), (0.1, 0.06), (0.04, 0.09), (0, 0.1)],
        STEEL,
        (end[0], end[1] - 0.02, end[2] + 0.03),
        (70, 0, 0),
    ).lathe(
        [(0, -0.004), (0.12, -0.004), (0.12, 0.002)],
        WHITE,
        (end[0], end[1] - 0.02, end[2] + 0.03),
        (70, 0, 0),
    )


def heart() -> Solid:
    """A red heart."""
    a = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    flat = (
        np.stack(
            [
                16 * np.sin(a) ** 3,
                13 * np.cos(a) - 5 * np.cos(2 * a) - 2 * np.cos(3 * a) - np.cos(4 * a),
            ],
            axis=-1,
        )[::-1]
        / 17
    )
    flat -= flat.mean(axis=0)
    bow = np.linspace(-np.pi / 2, np.pi / 2, 17)[1:-1]
    rings = [np.column_stack([flat * np.cos(b) ** 0.6, np.full(64, 0.42 * np.sin(b))]) for b in bow]
    vertices = np.concatenate([*rings, [[0, 0, -0.42], [0, 0, 0.42]]])
    r, s = np.meshgrid(np.arange(14) * 64, np.arange(64), indexing="ij")
    t = (s + 1) % 64
    faces = np.stack([r + s, r + t, r + 64 + t, r + s, r + 64 + t, r + 64 + s], axis=-1).reshape(
        -1, 3
    )
    k = np.arange(64)
    low = np.stack([np.full(64, 15 * 64), (k + 1) % 64, k], axis=-1)
    high = np.stack([np.full(64, 15 * 64 + 1), 14 * 64 + k, 14 * 64 + (k + 1) % 64], axis=-1)
    return Solid().raw(vertices, np.concatenate([faces, low, high]), (210, 24, 44))
