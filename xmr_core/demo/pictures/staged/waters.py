"""Pictures at the sea, by a pond, and under water."""

import numpy as np

from xmr_core.demo.meshes import animals, birds, buildings, vehicles
from xmr_core.demo.pictures.staged.setting import EVENING, SEA
from xmr_core.demo.solids import Solid
from xmr_core.demo.stage import Stage, plain

SAND = plain((222, 196, 150), 0.14, 0.4)


def harbour() -> Stage:
    """A sailing boat passes a lighthouse."""
    solid = (
        Solid()
        .add(buildings.lighthouse(), (2.4, 0, -8), 1.5)
        .add(vehicles.sailboat(), (-1.3, -0.1, -2), 1, (0, 60, 0))
        .add(vehicles.sailboat(), (-9, -0.1, -22), 1.0, (0, 80, 0))
    )
    return Stage(solid, (0, 1.6, 8.5), (0.3, 2.1, -2), angle=36, ground=SEA, water=True)


def lighthouse_at_dusk() -> Stage:
    """A lighthouse alight in the evening."""
    solid = Solid().add(buildings.lighthouse(), (0, 0, 0), 1.0)
    return Stage(
        solid,
        (2.2, 1.0, 8.6),
        (-0.5, 2.2, 0),
        angle=36,
        ground=SEA,
        water=True,
        glowing=frozenset({(255, 232, 140)}),
        **{**EVENING, "cloud": 0.55},
    )


def sailing_away() -> Stage:
    """A sailing boat against the evening sun."""
    return Stage(
        Solid().add(vehicles.sailboat(), (0.4, -0.1, 0), 1.0, (0, 70, 0)),
        (0, 1.2, 7.5),
        (-0.3, 1.7, 0),
        angle=36,
        ground=SEA,
        water=True,
        **EVENING,
    )


def pond() -> Stage:
    """A duck swims past a frog."""
    solid = (
        Solid()
        .add(birds.duck(), (-0.35, -0.05, 0), 1.0, (0, 60, 0))
        .add(birds.duck(), (-1.5, -0.05, -1.4), 0.9, (0, 75, 0))
    )
    rng = np.random.default_rng(5)
    for _ in range(9):
        x, z = rng.uniform(-2.4, 2.4), rng.uniform(-2.8, 0.6)
        solid.lathe(
            [(0, 0.01), (0.3, 0.01), (0.3, 0.02), (0, 0.02)],
            (84, 140, 60),
            (float(x), 0, float(z)),
            sides=24,
        )
    for _ in range(40):
        x, z, h = rng.uniform(-4, 4), rng.uniform(-4.6, -3.2), rng.uniform(0.6, 1.3)
        solid.rod(
            (float(x), 0, float(z)),
            (float(x + rng.normal(0, 0.12)), float(h), float(z)),
            0.022,
            (96, 130, 60),
            0.005,
            sides=6,
        )
    solid.lathe(
        [(0, 0.01), (0.42, 0.01), (0.42, 0.03), (0, 0.03)], (92, 150, 62), (0.85, 0, 0.35), sides=28
    ).add(animals.frog(), (0.85, 0.02, 0.35), 0.85, (0, -20, 0))
    return Stage(
        solid,
        (0, 1.0, 3.6),
        (0, 0.25, -0.3),
        angle=36,
        ground=plain((36, 60, 50)),
        water=True,
        horizon=(190, 208, 190),
    )


def goldfish() -> Stage:
    """A goldfish in clear water."""
    solid = (
        Solid()
        .add(animals.fish(), (0.05, 0.62, 0.2), 1.0, (0, 18, 6))
        .add(animals.fish(), (-0.7, 0.95, -0.7), 0.7, (0, 150, 0))
    )
    rng = np.random.default_rng(4)
    for _ in range(26):
        x, z = rng.uniform(-1.8, 1.8), rng.uniform(-1.6, -0.4)
        a = np.linspace(0, 1, 8)
        solid.tube(
            np.stack([x + 0.1 * np.sin(5 * a + x), a * rng.uniform(0.6, 1.6), z + 0 * a], axis=-1),
            0.03 * (1.05 - a),
            (50, 128, 70),
            sides=8,
        )
    for _ in range(14):
        solid.ball(
            float(rng.uniform(0.015, 0.04)),
            (float(rng.normal(0.55, 0.08)), float(rng.uniform(0.7, 1.5)), 0.2),
            (226, 244, 250),
            sides=12,
        )
    return Stage(
        solid,
        (0.1, 0.75, 2.6),
        (0, 0.68, 0),
        angle=36,
        ground=SAND,
        zenith=(60, 160, 190),
        horizon=(20, 96, 132),
        cloud=0.0,
        haze=5,
    )
