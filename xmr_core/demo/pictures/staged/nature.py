"""Woods, fields and snow, by day and by night."""

import numpy as np

from xmr_core.demo.meshes import animals, birds, outdoors, plants
from xmr_core.demo.pictures.staged.setting import NIGHT
from xmr_core.demo.solids import Solid
from xmr_core.demo.stage import Stage, f32, grass, noise, plain, rough
from xmr_core.demo.work import Array

SNOW = plain((236, 240, 248), 0.05, 2.0)


def snowman() -> Stage:
    """A snowman among snowy firs."""
    solid = Solid().add(outdoors.snowman(), (0, 0, 0))
    rng = np.random.default_rng(8)
    for _ in range(12):
        x, z, size = rng.uniform(-9, 9), rng.uniform(-16, -4), rng.uniform(0.9, 1.5)
        for y, r, h in ((0.3, 0.75, 0.75), (0.8, 0.6, 0.7), (1.3, 0.42, 0.8)):
            solid.lathe(
                [(0, y * size), (r * size, y * size), (0, (y + h) * size)],
                (46, 84, 66),
                (float(x), 0, float(z)),
                sides=16,
            )
            solid.lathe(
                [(r * size * 0.75, (y + 0.2) * size), (0, (y + h + 0.02) * size)],
                (240, 244, 250),
                (float(x), 0.03, float(z)),
                sides=16,
            )
    return Stage(
        solid,
        (0.9, 1.2, 5.2),
        (0, 1.0, 0),
        angle=34,
        ground=SNOW,
        zenith=(150, 176, 214),
        horizon=(224, 232, 242),
        sun_colour=(0.8, 0.76, 0.7),
        cloud=0.8,
        haze=30,
    )


def campfire() -> Stage:
    """A campfire under the stars, trees around it."""
    solid = Solid().add(outdoors.campfire(), (0, 0, 0))
    for a in (-0.9, -0.45, 0.1, 0.55, 1.0):
        solid.add(plants.tree(), (9 * float(np.sin(a)), 0, -9 * float(np.cos(a))), 1.7)
    flames = frozenset({(226, 74, 22), (250, 140, 28), (255, 214, 70)})
    return Stage(
        solid,
        (0.5, 1.3, 4.4),
        (0, 0.75, 0),
        angle=36,
        ground=grass,
        lamps=(((0, 1.0, 0.5), (1.0, 0.5, 0.18), 2.2),),
        glowing=flames,
        **NIGHT,
    )


def owl() -> Stage:
    """An owl on its branch at night."""
    solid = (
        Solid()
        .add(birds.owl(), (0, 1.0, 0))
        .rod((-1.4, 1.07, 0.1), (1.4, 1.0, 0.05), 0.07, (90, 60, 38))
    )
    moon = Solid().ball(1.6, (-5.5, 5.2, -14), (250, 246, 226))
    return Stage(
        solid.add(moon),
        (0.3, 1.55, 2.9),
        (-0.1, 1.55, 0),
        angle=34,
        lamps=(((1.5, 2.6, 2.5), (0.9, 0.95, 1.1), 4.0),),
        glowing=frozenset({(250, 246, 226)}),
        **NIGHT,
    )


def blossom() -> Stage:
    """Sunflowers in a field, a bee before them."""
    solid = Solid()
    rng = np.random.default_rng(6)
    for n in range(16):
        x, z = (n % 4 - 1.5) * 0.9 + rng.normal(0, 0.15), -(n // 4) * 0.9
        part = plants.sunflower()
        part.parts = part.parts[1:]
        solid.add(
            part,
            (float(x), -0.32 + rng.uniform(-0.1, 0.1), float(z)),
            1.0,
            (0, float(rng.normal(0, 12)), 0),
        )
    solid.add(animals.bee(), (0.05, 1.12, 0.75), 0.22, (0, 110, 0))
    return Stage(solid, (0, 1.15, 2.6), (0, 0.95, 0), angle=36, ground=grass, cloud=0.2)


def forest() -> Stage:
    """Toadstools on the floor of a wood."""
    solid = (
        Solid()
        .add(plants.mushroom(), (-0.2, 0, 0))
        .add(plants.mushroom(), (0.5, 0, -0.2), 0.6)
        .add(plants.mushroom(), (-0.75, 0, 0.25), 0.4)
    )
    rng = np.random.default_rng(1)
    for _ in range(22):
        x, z = rng.uniform(-7, 7), rng.uniform(-12, -2)
        solid.rod(
            (float(x), 0, float(z)),
            (float(x), 8, float(z)),
            float(rng.uniform(0.18, 0.3)),
            (96, 74, 56),
        )

    def moss(x: Array, z: Array) -> Array:
        tone = rough(x * 4, z * 4, 12)[:, None]
        return np.asarray(
            f32([0.3, 0.36, 0.16]) * (0.6 + 0.8 * tone)
            + f32([0.1, 0.05, 0]) * noise(x * 8, z * 8, 3)[:, None],
            np.float32,
        )

    return Stage(
        solid,
        (0.2, 0.55, 2.5),
        (-0.05, 0.5, 0),
        angle=36,
        ground=moss,
        zenith=(90, 130, 80),
        horizon=(176, 200, 150),
        cloud=0,
        haze=14,
    )


def meadow_tree() -> Stage:
    """An oak alone in a meadow."""
    return Stage(
        Solid().add(plants.tree(), (0, 0, 0), 1.3),
        (1.0, 1.0, 8.5),
        (0, 1.7, 0),
        angle=36,
        ground=grass,
    )
