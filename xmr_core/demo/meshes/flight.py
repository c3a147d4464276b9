"""What flies in the air."""

import numpy as np

from xmr_core.demo.meshes.palette import (
    BLACK,
    GLASS,
    GREY,
    OFF_WHITE,
    SIGNAL_RED,
    SILVER,
    TEAK,
    YELLOW,
)
from xmr_core.demo.meshes.vehicles import wheel
from xmr_core.demo.solids import Colour, Solid


def aeroplane() -> Solid:
    """An airliner, its nose towards +z."""
    body = [
        (0, -3.0),
        (0.08, -2.95),
        (0.2, -2.4),
        (0.33, -1.6),
        (0.36, -0.8),
        (0.36, 1.8),
        (0.31, 2.3),
        (0.2, 2.7),
        (0.08, 2.9),
        (0, 2.93),
    ]
    solid = Solid().lathe(body, OFF_WHITE, turn=(90, 0, 0))
    for s in (1, -1):
        wing = np.array([(0.2, 0.75), (0.2, -0.55), (2.9, -1.35), (2.95, -1.1)]) * (s, 1)
        solid.slab(wing[::-s], 0.07, SILVER, (0, -0.12, 0), (90, 0, 0))
        tail = np.array([(0.1, 2.2), (0.1, 2.75), (1.15, 3.0), (1.15, 2.75)]) * (s, -1)
        solid.slab(tail[::s], 0.05, (28, 84, 160), (0, 0.16, 0), (90, 0, 0))
        for x, z in ((1.0, -0.1), (1.75, -0.5)):
            solid.lathe(
                [(0, -0.35), (0.1, -0.35), (0.16, 0.0), (0.17, 0.3), (0.14, 0.36), (0, 0.3)],
                GREY,
                (s * x, -0.3, z + 0.3),
                (90, 0, 0),
            )
        for z in np.linspace(-1.4, 1.9, 18):
            solid.box((0.02, 0.08, 0.06), (s * 0.352, 0.09, float(z)), (60, 80, 100))
        solid.box((0.012, 0.05, 3.9), (s * 0.36, -0.02, 0.2), (28, 84, 160))
    solid.slab(
        [(-2.0, 0.3), (-2.95, 0.3), (-3.15, 1.25), (-2.8, 1.25)][::-1],
        0.06,
        (28, 84, 160),
        turn=(0, -90, 0),
    )
    return solid.ball((0.24, 0.1, 0.18), (0, 0.2, 2.42), (50, 70, 90))


def biplane() -> Solid:
    """A small red propeller plane with two pairs of wings."""
    solid = Solid().lathe(
        [(0, -2.0), (0.1, -1.95), (0.2, -1.2), (0.34, 0.2), (0.36, 0.9), (0.3, 1.2), (0, 1.25)],
        SIGNAL_RED,
        turn=(90, 0, 0),
    )
    for y in (-0.2, 0.75):
        solid.box((4.2, 0.06, 0.7), (0, y, 0.5), SIGNAL_RED)
    for x in (-1.5, -0.35, 0.35, 1.5):
        for z in (0.3, 0.7):
            solid.rod((x, -0.2, z), (x, 0.75, z), 0.02, TEAK)
    solid.box((1.4, 0.04, 0.45), (0, 0.05, -1.75), SIGNAL_RED).box(
        (0.04, 0.55, 0.45), (0, 0.3, -1.8), OFF_WHITE
    )
    solid.box((0.14, 1.5, 0.04), (0, 0, 1.36), TEAK, (0, 0, 35)).ball(0.1, (0, 0, 1.36), SILVER)
    for x in (-0.4, 0.4):
        solid.add(wheel(0.22, 0.1, (x, -0.7, 0.7))).rod(
            (x, -0.7, 0.7), (x * 0.5, -0.2, 0.6), 0.03, BLACK
        )
    return solid.ball((0.2, 0.12, 0.3), (0, 0.32, -0.2), BLACK).ball(
        0.12, (0, 0.45, -0.25), (150, 100, 60)
    )


def helicopter() -> Solid:
    """A yellow rescue helicopter."""
    solid = (
        Solid()
        .ball((0.62, 0.66, 1.1), (0, 0.85, 0.2), YELLOW)
        .ball((0.55, 0.45, 0.62), (0, 0.95, 0.74), GLASS)
    )
    solid.rod((0, 1.05, -0.5), (0, 1.2, -2.6), 0.24, YELLOW, 0.08).box(
        (0.05, 0.75, 0.4), (0, 1.45, -2.6), SIGNAL_RED, (-15, 0, 0)
    )
    solid.box((0.7, 0.04, 0.25), (0, 1.2, -2.2), SIGNAL_RED).box(
        (0.5, 0.3, 0.9), (0, 1.5, 0), SIGNAL_RED
    )
    solid.rod((0, 1.6, 0), (0, 1.85, 0), 0.06, GREY)
    for a in (25, 115):
        solid.box((4.6, 0.03, 0.2), (0, 1.87, 0), (60, 62, 68), (0, a, 0))
    solid.box((0.03, 0.9, 0.09), (0.1, 1.25, -2.62), (60, 62, 68), (35, 0, 0))
    for x in (-0.55, 0.55):
        solid.tube([(x, 0.05, -0.8), (x, 0.05, 0.9), (x, 0.12, 1.1), (x, 0.25, 1.2)], 0.045, GREY)
        for z in (-0.35, 0.55):
            solid.rod((x, 0.05, z), (x * 0.6, 0.45, z), 0.035, GREY)
    return solid


def balloon() -> Solid:
    """A hot-air balloon of striped cloth with its basket."""
    solid = Solid()
    bow = np.linspace(-1.1, np.pi / 2, 22)
    shape = np.stack(
        [
            np.cos(bow) * 1.2 * np.where(bow < -0.2, 0.96 + 0.2 * (bow + 0.2), 1),
            np.sin(bow) * np.where(bow < 0, 1.55, 1.2),
        ],
        axis=-1,
    )
    stripes: tuple[Colour, ...] = (SIGNAL_RED, YELLOW, (40, 110, 190), OFF_WHITE)
    for gore in range(16):
        angle = np.linspace(gore, gore + 1, 4) * 2 * np.pi / 16
        grid = np.stack(
            [
                shape[:, :1] * np.sin(angle),
                np.repeat(shape[:, 1:], 4, axis=1) + 3.0,
                shape[:, :1] * np.cos(angle),
            ],
            axis=-1,
        )
        r, s = np.meshgrid(np.arange(21) * 4, np.arange(3), indexing="ij")
        faces = np.stack(
            [r + s, r + s + 1, r + s + 5, r + s, r + s + 5, r + s + 4], axis=-1
        ).reshape(-1, 3)
        solid.raw(grid.reshape(-1, 3), faces, stripes[gore % 4])
    solid.box((0.5, 0.4, 0.5), (0, 0.2, 0), TEAK).box(
        (0.54, 0.07, 0.54), (0, 0.42, 0), (110, 68, 36)
    )
    for x in (-0.22, 0.22):
        for z in (-0.22, 0.22):
            solid.rod((x, 0.4, z), (x * 2.0, 1.62, z * 2.0), 0.012, (90, 70, 50))
    return solid
