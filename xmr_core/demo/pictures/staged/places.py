"""Streets, rails, a pitch, and what was built to be looked at."""

import numpy as np

from xmr_core.demo.meshes import buildings, outdoors, percussion, plants, sport, vehicles
from xmr_core.demo.solids import Solid
from xmr_core.demo.stage import Stage, grass, plain, rough
from xmr_core.demo.work import Array


def street() -> Stage:
    """A car and a bus at a traffic light, houses behind."""

    def asphalt(x: Array, z: Array) -> Array:
        tone = 0.3 + 0.06 * rough(x * 6, z * 6, 4)
        line = (np.abs(z - 1.7) < 0.07) & (np.sin(x * 1.6) > 0)
        tone = np.where(line, 0.9, np.where(z < -2.2, 0.58 + 0.04 * rough(x * 3, z * 3, 8), tone))
        return np.asarray(np.repeat(tone[:, None], 3, axis=1), np.float32)

    solid = (
        Solid()
        .add(vehicles.car(), (-0.4, 0, 0.2), 1.0, (0, 62, 0))
        .add(vehicles.bus(), (-7.5, 0, -0.6), 1.0, (0, 80, 0))
        .add(vehicles.traffic_light(), (2.7, 0, -1.6), 1.15)
    )
    for n, x in enumerate((-9.0, -4.4, 0.4, 5.2)):
        solid.add(buildings.house(), (x, 0, -7.5 - n % 2), 1.45)
    solid.add(plants.tree(), (4.6, 0, -4), 1.5)
    return Stage(solid, (2.6, 1.7, 7.6), (-1.3, 1.2, -1), angle=36, ground=asphalt)


def railway() -> Stage:
    """A steam engine on its rails in green hills."""
    solid = Solid().add(vehicles.locomotive(), (0, 0.28, 0), 1.0)
    for n in range(-14, 6):
        solid.box((2.0, 0.12, 0.3), (0, 0.1, n * 0.75), (96, 66, 44))
    for x in (-0.5, 0.5):
        solid.box((0.08, 0.12, 18), (x, 0.2, -4), (120, 116, 112))
    for n in range(4):
        solid.box((1.2, 1.5, 3.4), (0, 1.2, -4.4 - 3.9 * n), (120, 40, 40)).box(
            (1.3, 0.1, 3.6), (0, 2.0, -4.4 - 3.9 * n), (70, 70, 74)
        ).box((1.22, 0.5, 2.9), (0, 1.5, -4.4 - 3.9 * n), (90, 110, 126))
    rng = np.random.default_rng(2)
    for n in range(9):
        solid.ball(
            float(0.25 + 0.1 * n),
            (0.12 * n, 2.9 + 0.3 * n, 1.5 - 0.75 * n),
            (226, 226, 230),
            sides=18,
        )
    for _ in range(14):
        x, z = rng.uniform(4, 22) * rng.choice([-1, 1]), rng.uniform(-30, -4)
        solid.add(plants.tree(), (float(x), 0, float(z)), 1.5)
    for x, z, size in ((-30, -60, 18), (14, -75, 24), (46, -60, 16)):
        solid.ball((size * 2.2, size * 0.5, size), (x, 0, z), (106, 142, 84))
    return Stage(solid, (4.2, 1.7, 6.4), (-0.1, 1.5, -1.2), angle=38, ground=grass)


def umbrella() -> Stage:
    """An umbrella left open on a wet street."""
    return Stage(
        Solid().add(outdoors.umbrella(), (0, 0.78, 0), 1.0, (58, 25, 0)),
        (0.6, 1.2, 4.6),
        (0, 0.55, 0),
        angle=36,
        ground=plain((70, 76, 84)),
        water=True,
        zenith=(120, 130, 142),
        horizon=(160, 168, 176),
        sun_colour=(0.3, 0.3, 0.32),
        cloud=0.9,
        haze=25,
    )


def pitch() -> Stage:
    """A football on the pitch, the goal behind."""
    solid = Solid().add(sport.football(), (0, 0.22, 0), 0.22)
    for x in (-1.8, 1.8):
        solid.rod((x, 0, -6), (x, 2.0, -6), 0.06, (246, 246, 246))
    solid.rod((-1.8, 2.0, -6), (1.8, 2.0, -6), 0.06, (246, 246, 246))
    for n in range(25):
        x = -1.8 + 0.15 * n
        solid.rod((x, 2.0, -6), (x, 0, -7), 0.006, (230, 230, 230), sides=4)
    for n in range(14):
        solid.rod(
            (-1.8, 2.0 - n / 7, -6 - n / 14),
            (1.8, 2.0 - n / 7, -6 - n / 14),
            0.006,
            (230, 230, 230),
            sides=4,
        )
    return Stage(solid, (0.25, 0.42, 1.7), (0, 0.33, 0), angle=34, ground=grass)


def pagoda() -> Stage:
    """A pagoda by a lake."""
    solid = (
        Solid()
        .add(buildings.pagoda(), (0.5, 0.1, -3), 1.0)
        .ball((7, 0.5, 3), (1.5, -0.15, -4), (120, 140, 90))
    )
    for x in (-3.4, 4.2, 5.2):
        solid.add(plants.tree(), (x, 0.1, -4.2), 1.2)
    return Stage(
        solid,
        (-1.0, 1.5, 7.5),
        (0.3, 2.2, -2),
        angle=38,
        ground=plain((60, 90, 96)),
        water=True,
        cloud=0.25,
    )


def belfry() -> Stage:
    """A bronze bell hung in its arch."""
    solid = Solid().add(percussion.bell(), (0, 0.55, 0))
    for x in (-0.95, 0.95):
        solid.box((0.4, 2.2, 0.5), (x, 1.1, 0), (186, 172, 150))
    solid.box((2.4, 0.35, 0.5), (0, 2.3, 0), (186, 172, 150)).box(
        (3.4, 0.2, 1.2), (0, 0.1, 0), (170, 158, 138)
    )
    return Stage(solid, (0.9, 1.3, 4.4), (0, 1.25, 0), angle=34)
