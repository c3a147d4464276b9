"""Pictures of solids in their places: harbours, streets, desks, gardens."""

from collections.abc import Callable
from typing import Any

import numpy as np

from xmr_core.demo.meshes import (
    animals,
    birds,
    buildings,
    clocks,
    doctor,
    flight,
    fruit,
    furniture,
    games,
    kitchen,
    music,
    office,
    outdoors,
    party,
    percussion,
    plants,
    space,
    sport,
    tools,
    vehicles,
)
from xmr_core.demo.solids import Point, Solid
from xmr_core.demo.stage import Stage, f32, grass, noise, plain, planks, rough
from xmr_core.demo.work import Array

SNOW = plain((236, 240, 248), 0.05, 2.0)
SAND = plain((222, 196, 150), 0.14, 0.4)
SEA = plain((22, 66, 96), 0.05)
NIGHT: dict[str, Any] = {
    "zenith": (8, 12, 34),
    "horizon": (30, 38, 66),
    "sun": (-0.4, 0.7, -0.6),
    "sun_colour": (0.1, 0.13, 0.2),
    "cloud": 0.0,
    "stars": 6.0,
}
INDOORS: dict[str, Any] = {
    "zenith": (206, 200, 190),
    "horizon": (196, 186, 170),
    "cloud": 0.0,
    "sun": (-0.7, 0.9, 0.6),
    "sun_colour": (0.75, 0.68, 0.58),
}
EVENING: dict[str, Any] = {
    "zenith": (70, 80, 140),
    "horizon": (250, 170, 110),
    "sun": (-0.8, 0.22, -0.7),
    "sun_colour": (1.1, 0.62, 0.3),
}


def portrait(
    solid: Solid,
    azimuth: float = 30,
    elevation: float = 14,
    fill: float = 0.72,
    aim: float = 0.0,
    **stage: Any,
) -> Stage:
    """A solid set on the ground in the middle, so near that it fills the picture.

    Args:
        solid: anything.
        azimuth, elevation: of the camera, in degrees; 0, 0 is level in front.
        fill: share of the picture's height that the solid's bounding ball takes.
        aim: how far above its middle the camera looks, in its radii.
        stage: more of the scene.
    """
    vertices, _, _ = solid.arrays()
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    middle = (low + high) / 2
    placed = Solid().add(solid, (-middle[0], -low[1], -middle[2]))
    radius = float(np.linalg.norm(vertices - middle, axis=1).max())
    target = np.array([0, middle[1] - low[1] + aim * radius, 0])
    angle = 30.0
    a, e = np.radians(azimuth), np.radians(elevation)
    away = radius / np.sin(np.radians(angle / 2)) / fill
    eye = target + away * np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    eye[1] = max(eye[1], 0.06 * radius)
    return Stage(placed, _point(eye), _point(target), angle=angle, **stage)


def _point(place: np.ndarray[Any, Any]) -> Point:
    return float(place[0]), float(place[1]), float(place[2])


def _room(floor: bool = True) -> Solid:
    """Two walls of a room about 6 × 3 × 6."""
    solid = (
        Solid()
        .box((6.4, 3, 0.1), (0, 1.5, -2.2), (222, 212, 192))
        .box((0.1, 3, 6), (-3.0, 1.5, 0.8), (206, 198, 180))
    )
    return solid.box((6.4, 0.14, 0.14), (0, 0.07, -2.14), (240, 238, 232)) if floor else solid


def living_room() -> Stage:
    """Sofa, lamp, bookcase and a clock on the wall."""
    solid = (
        _room()
        .add(furniture.sofa(), (0.2, 0, -1.2))
        .add(furniture.bookcase(), (-2.0, 0, -1.9))
        .add(clocks.wall_clock(), (0.3, 2.1, -2.1), 0.7)
    )
    solid.box((0.5, 0.5, 0.5), (1.75, 0.25, -1.3), (130, 86, 50)).add(
        furniture.lamp(), (1.75, 0.5, -1.3)
    )
    solid.box((1.9, 0.02, 1.3), (0.2, 0.01, 0.1), (70, 96, 120)).add(
        furniture.table(), (0.2, 0, 0.1), 0.55
    )
    lamp = ((1.75, 1.08, -1.1), (1.0, 0.8, 0.5), 0.35)
    return Stage(
        solid, (1.0, 1.7, 4.6), (-0.15, 1.0, -1), angle=34, ground=planks, lamps=(lamp,), **INDOORS
    )


def bedroom() -> Stage:
    """A bed beneath a window wall, with a lamp and an alarm clock."""
    solid = (
        _room()
        .add(furniture.bed(), (-0.3, 0, -1.0))
        .box((0.5, 0.5, 0.45), (0.95, 0.25, -1.8), (120, 78, 46))
    )
    solid.add(furniture.lamp(), (1.05, 0.5, -1.9), 0.8).add(
        clocks.alarm_clock(), (0.86, 0.66, -1.7), 0.5
    )
    return Stage(
        solid,
        (2.6, 1.9, 3.2),
        (0, 0.6, -1),
        angle=36,
        ground=planks,
        lamps=(((1.05, 1.0, -1.7), (1.0, 0.8, 0.5), 0.25),),
        **INDOORS,
    )


def kitchen_table() -> Stage:
    """A table and chairs laid with a teapot and cups."""
    solid = (
        _room()
        .add(furniture.table(), (0, 0, 0))
        .add(furniture.chair(), (-0.5, 0, -0.75), 1.0)
        .add(furniture.chair(), (0.5, 0, -0.75))
    )
    solid.add(furniture.chair(), (0.3, 0, 0.85), 1.0, (0, 180, 0)).add(
        kitchen.teapot(), (-0.25, 0.765, 0), 1.0
    ).add(kitchen.cup(), (0.2, 0.765, 0.15), 1.0).add(
        kitchen.cup(), (0.45, 0.765, -0.15), 1.0, (0, 70, 0)
    )
    return Stage(solid, (1.5, 1.75, 2.8), (0, 0.65, -0.1), angle=34, ground=planks, **INDOORS)


def breakfast() -> Stage:
    """A coffee cup close by, a kettle behind it."""
    solid = (
        Solid()
        .add(kitchen.cup(), (0.12, 0, 0.12), 1.0, (0, -30, 0))
        .add(kitchen.kettle(), (-0.3, 0, -0.35), 1.0, (0, 20, 0))
        .add(party.donut(), (0.42, 0.08, -0.12), 0.2)
    )
    return Stage(solid, (0.15, 0.5, 1.15), (-0.02, 0.1, -0.05), angle=34, ground=planks, **INDOORS)


def fruit_bowl() -> Stage:
    """Apples, bananas and oranges on a table."""
    solid = (
        Solid()
        .add(fruit.apple(), (-0.75, 0.33, 0.1))
        .add(fruit.banana(), (0.55, 0.22, 0.35), 1.2, (0, 30, 0))
        .add(fruit.orange_half(), (0.15, 0, -0.75), 1.0)
        .add(fruit.strawberry(), (-0.15, 0.3, 0.55), 0.6, (80, 0, 20))
    )
    return Stage(solid, (0, 1.7, 3.8), (0, 0.25, -0.1), angle=32, ground=planks, **INDOORS)


def stove() -> Stage:
    """A frying pan and a pot on a stove."""
    solid = (
        Solid()
        .box((2.6, 0.06, 1.6), (0.1, -0.02, 0), (50, 50, 54))
        .box((3.0, 1.6, 0.08), (0, 0.8, -0.95), (214, 222, 224))
    )
    for x in np.arange(-1.4, 1.5, 0.3):
        solid.box((0.012, 1.6, 0.01), (float(x), 0.8, -0.905), (170, 178, 180))
    for y in (0.3, 0.6, 0.9, 1.2):
        solid.box((3.0, 0.012, 0.01), (0, y, -0.905), (170, 178, 180))
    solid.add(kitchen.frying_pan(), (-0.5, 0.02, 0.25), 0.95, (0, 20, 0)).add(
        kitchen.pot(), (0.62, 0.02, -0.25), 0.95
    )
    return Stage(
        solid, (0.1, 1.3, 2.5), (0.1, 0.25, 0), angle=36, ground=plain((120, 120, 124)), **INDOORS
    )


def desk() -> Stage:
    """A laptop, a telephone, a pencil and a cup on a desk."""
    solid = (
        Solid()
        .add(office.laptop(), (0, 0, 0), 1.0, (0, 12, 0))
        .add(office.telephone(), (-1.2, 0, 0.1), 1.9, (0, 35, 0))
        .add(kitchen.cup(), (1.1, 0, 0.35), 1.9)
        .add(office.pencil(), (0.35, 0.06, 0.85), 0.5, (0, 15, 0))
    )
    solid.box((0.6, 0.015, 0.8), (-0.55, 0.01, 0.75), (246, 244, 238), (0, 14, 0))
    return Stage(solid, (0.1, 1.6, 3.4), (-0.05, 0.3, 0.1), angle=34, ground=planks, **INDOORS)


def workbench() -> Stage:
    """Hammer, saw and screwdriver on a bench."""
    solid = (
        Solid()
        .add(tools.hammer(), (-0.7, 0.06, 0.4), 1.0, (-90, 0, 15))
        .add(tools.saw(), (-0.3, 0.03, -0.4), 1.0, (-88, 10, 0))
        .add(tools.screwdriver(), (0.55, 0.07, 0.5), 0.9, (-90, 0, -25))
    )
    solid.box((1.6, 0.12, 0.22), (0.3, 0.06, -0.75), (206, 164, 108), (0, 8, 0))
    return Stage(solid, (0.2, 2.0, 2.3), (0.05, 0, 0.0), angle=36, ground=planks, **INDOORS)


def hammer_and_nails() -> Stage:
    """A hammer lying by a board with nails."""
    solid = Solid().add(tools.hammer(), (0, 0.08, 0.25), 1.0, (-90, 0, 60))
    for n in range(4):
        solid.rod(
            (0.1 + 0.16 * n, 0, -0.2),
            (0.1 + 0.16 * n, 0.16 - 0.03 * n, -0.2),
            0.012,
            (150, 154, 160),
        ).rod(
            (0.1 + 0.16 * n, 0.16 - 0.03 * n, -0.2),
            (0.1 + 0.16 * n, 0.17 - 0.03 * n, -0.2),
            0.03,
            (150, 154, 160),
        )
    return Stage(solid, (0.3, 1.5, 1.6), (0.25, 0, 0), angle=36, ground=planks, **INDOORS)


def music_room() -> Stage:
    """A grand piano with a violin and a guitar."""
    solid = (
        _room()
        .add(music.grand_piano(), (0, 0, -0.7), 1.0, (0, -25, 0))
        .add(music.guitar(), (1.6, 0.62, -1.2), 1.1, (-10, 0, 0))
    )
    return Stage(solid, (0.2, 1.7, 4.2), (0.1, 0.75, -0.6), angle=36, ground=planks, **INDOORS)


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


def airliner() -> Stage:
    """An airliner above the clouds."""
    return Stage(
        Solid().add(flight.aeroplane(), (0, 0, 0), 1.0, (-6, 62, 8)),
        (0, -0.8, 8.2),
        (0, 0.1, 0),
        angle=36,
        zenith=(40, 106, 200),
        horizon=(178, 212, 242),
        cloud=0.5,
    )


def biplane() -> Stage:
    """A red biplane over the fields."""
    return Stage(
        Solid().add(flight.biplane(), (0, 6, 0), 1.0, (-4, 40, 10)),
        (0.5, 6.1, 7.4),
        (0, 5.9, 0),
        angle=36,
        ground=grass,
        haze=60,
    )


def helicopter() -> Stage:
    """A rescue helicopter above the sea."""
    return Stage(
        Solid().add(flight.helicopter(), (0, 3, 0), 1.0, (6, 55, 0)),
        (0.4, 3.6, 7.6),
        (0, 3.8, 0),
        angle=38,
        ground=SEA,
        water=True,
    )


def balloons_in_the_sky() -> Stage:
    """Hot-air balloons over the hills in the morning."""
    solid = (
        Solid()
        .add(flight.balloon(), (0.9, 2.4, 0), 1.0)
        .add(flight.balloon(), (-5.5, 5, -12), 1.0, (0, 30, 0))
        .add(flight.balloon(), (8, 3.5, -18), 1.0)
    )
    for x, z, size in ((-20, -50, 14), (16, -60, 20)):
        solid.ball((size * 2.2, size * 0.45, size), (x, 0, z), (112, 146, 92))
    return Stage(solid, (0, 3.6, 9.0), (0.1, 4.9, 0), angle=38, ground=grass, haze=70)


def launch_pad() -> Stage:
    """A rocket ready beside its tower."""
    solid = (
        Solid()
        .add(space.space_shuttle(), (0, 0.5, 0))
        .box((3.4, 0.5, 2.6), (0, 0.25, -0.2), (140, 140, 142))
    )
    for y in np.arange(0, 4.6, 0.6):
        for x in (-1.8, -1.3):
            for z in (-0.9, -0.4):
                solid.box((0.06, 0.6, 0.06), (x, float(y) + 0.8, z), (176, 70, 50))
        solid.box((0.56, 0.05, 0.56), (-1.55, float(y) + 0.5, -0.65), (176, 70, 50)).rod(
            (-1.8, float(y) + 0.5, -0.4), (-1.3, float(y) + 1.1, -0.4), 0.025, (176, 70, 50)
        )
    return Stage(
        solid, (3.2, 1.4, 9.0), (-0.2, 2.5, 0), angle=36, ground=plain((150, 150, 140), 0.2)
    )


def saturn() -> Stage:
    """Saturn among the stars."""
    return Stage(
        Solid().add(space.saturn(), (0, 0, 0)),
        (0, 0.6, 9.0),
        (0, 0, 0),
        angle=34,
        zenith=(0, 0, 4),
        horizon=(2, 2, 8),
        cloud=0.0,
        stars=5.0,
        sun=(-0.9, 0.35, 0.6),
        sun_colour=(1.3, 1.25, 1.15),
    )


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


def christmas() -> Stage:
    """A Christmas tree with presents in a room."""
    solid = (
        _room()
        .add(plants.fir(), (-0.3, 0, -0.8), 1.1)
        .add(party.gift(), (0.7, 0, -0.3), 0.45, (0, 25, 0))
        .add(party.gift(), (-1.1, 0, 0.0), 0.35, (0, -30, 0))
    )
    return Stage(
        solid,
        (0.6, 1.4, 4.0),
        (-0.1, 1.0, -0.6),
        angle=36,
        ground=planks,
        lamps=(((1.6, 2.2, 1.0), (1.0, 0.75, 0.4), 1.6),),
        **{**INDOORS, "sun_colour": (0.4, 0.34, 0.26)},
    )


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


def candles() -> Stage:
    """Three candles in a dark room."""
    solid, lamps = Solid(), []
    for x, z in ((-0.28, 0), (0.1, -0.12), (0.4, 0.06)):
        solid.add(furniture.candle(), (x, 0, z), 1.0, (0, x * 200, 0))
        lamps.append(((x, 0.42, z + 0.06), (1.0, 0.62, 0.26), 0.09))
    flames = frozenset({(255, 176, 40), (255, 226, 120)})
    dark: dict[str, Any] = {
        **NIGHT,
        "zenith": (6, 6, 10),
        "horizon": (12, 10, 12),
        "stars": 0.0,
        "sun_colour": (0.02, 0.02, 0.03),
    }
    return Stage(
        solid,
        (0.05, 0.42, 1.35),
        (0.05, 0.22, 0),
        angle=34,
        ground=planks,
        lamps=tuple(lamps),
        glowing=flames,
        **dark,
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


def lawn(solid: Solid, **extra: Any) -> Stage:
    """An animal on the grass, trees far behind it."""
    return portrait(solid, ground=grass, **{"azimuth": 50, "elevation": 7, "fill": 0.78, **extra})


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


def tulips_on_the_sill() -> Stage:
    """Tulips in a vase and a blue vase beside it."""
    solid = Solid().add(plants.tulips(), (-0.2, 0, 0)).add(kitchen.vase(), (0.4, 0, -0.05), 0.9)
    return Stage(solid, (0.1, 0.8, 2.7), (0.05, 0.5, 0), angle=30, ground=planks, **INDOORS)


def birthday() -> Stage:
    """A birthday table: cake, presents, balloons."""
    solid = (
        Solid()
        .add(party.cake(), (0, 0, 0.1))
        .add(party.gift(), (-1.25, 0, -0.4), 0.7, (0, 20, 0))
        .add(party.donut(), (1.0, 0.11, 0.5), 0.42)
        .add(party.balloons(), (0.95, 0.1, -1.2), 0.75)
    )
    return Stage(
        solid,
        (0.1, 1.5, 4.2),
        (0.05, 0.7, -0.3),
        angle=34,
        ground=plain((240, 236, 228), 0.03),
        glowing=frozenset({(255, 176, 40)}),
        **INDOORS,
    )


def chess() -> Stage:
    """A game of chess, close up."""
    return Stage(
        games.chess_board(), (4.6, 3.6, 7.6), (0.3, 0.0, 0.6), angle=32, ground=planks, **INDOORS
    )


def knights() -> Stage:
    """A white and a black knight face each other."""

    def squares(x: Array, z: Array) -> Array:
        dark = ((np.floor(x / 1.1 + 0.5) + np.floor(z / 1.1 + 0.5)) % 2 > 0)[:, None]
        return np.asarray(np.where(dark, [0.34, 0.2, 0.13], [0.93, 0.87, 0.75]), np.float32)

    solid = (
        Solid()
        .add(games.knight((240, 226, 196)), (-0.55, 0, 0), 1.0, (0, 70, 0))
        .add(games.knight((52, 38, 34)), (0.75, 0, -0.2), 1.0, (0, -75, 0))
        .add(games.pawn((240, 226, 196)), (-1.4, 0, -1.1))
        .add(games.king((52, 38, 34)), (1.5, 0, -1.4))
    )
    return Stage(solid, (0.1, 1.5, 4.6), (0.1, 0.55, 0), angle=30, ground=squares, **INDOORS)


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


def basketball() -> Stage:
    """A basketball on a wooden floor."""
    return portrait(sport.basketball(), 20, 12, 0.62, ground=planks, **INDOORS)


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


STAGES: dict[str, tuple[Callable[[], Stage], tuple[str, ...]]] = {
    "home/living-room.jpg": (living_room, ("home",)),
    "home/bedroom.jpg": (bedroom, ("home",)),
    "home/table-and-chairs.jpg": (kitchen_table, ("home", "coffee")),
    "home/house-with-a-garden.jpg": (
        lambda: portrait(buildings.house(), 28, 10, 0.9, ground=grass),
        ("home",),
    ),
    "telephone/black-telephone.jpg": (
        lambda: portrait(office.telephone(), 30, 24, 0.85, ground=planks, **INDOORS),
        ("telephone",),
    ),
    "office/desk.jpg": (desk, ("office", "telephone")),
    "camera/film-camera-on-a-table.jpg": (
        lambda: portrait(office.camera(), 28, 18, 0.85, ground=planks, **INDOORS),
        ("camera",),
    ),
    "tools/workbench.jpg": (workbench, ("tools",)),
    "tools/hammer-and-nails.jpg": (hammer_and_nails, ("tools",)),
    "coffee/coffee-and-a-doughnut.jpg": (breakfast, ("coffee", "kitchen")),
    "coffee/teapot.jpg": (
        lambda: portrait(kitchen.teapot(), 10, 16, 0.85, ground=planks, **INDOORS),
        ("coffee", "kitchen"),
    ),
    "kitchen/stove.jpg": (stove, ("kitchen",)),
    "fruit/fruit-on-a-table.jpg": (fruit_bowl, ("fruit",)),
    "fruit/strawberry.jpg": (
        lambda: portrait(fruit.strawberry(), 20, 16, 0.8, ground=plain((238, 234, 226)), **INDOORS),
        ("fruit",),
    ),
    "party/birthday-table.jpg": (birthday, ("party",)),
    "flowers/sunflowers.jpg": (blossom, ("flowers",)),
    "flowers/tulips-on-the-sill.jpg": (tulips_on_the_sill, ("flowers",)),
    "forest/toadstools.jpg": (forest, ("forest",)),
    "forest/lone-tree.jpg": (meadow_tree, ("forest",)),
    "winter/snowman.jpg": (snowman, ("winter",)),
    "winter/christmas-room.jpg": (christmas, ("winter", "party")),
    "dogs/dog-on-the-lawn.jpg": (lambda: lawn(animals.dog()), ("dogs",)),
    "horses/horse-in-the-meadow.jpg": (lambda: lawn(animals.horse(), azimuth=65), ("horses",)),
    "birds/robin-on-a-branch.jpg": (lambda: portrait(birds.bird(), 40, 8, 0.95), ("birds",)),
    "night/owl-at-night.jpg": (owl, ("night", "birds")),
    "pond/duck-and-frog.jpg": (pond, ("pond", "birds")),
    "pond/goldfish.jpg": (goldfish, ("pond",)),
    "clocks/alarm-clock.jpg": (
        lambda: portrait(clocks.alarm_clock(), 18, 10, 0.85, ground=planks, **INDOORS),
        ("clocks",),
    ),
    "clocks/hourglass.jpg": (
        lambda: portrait(clocks.hourglass(), 10, 10, 0.85, ground=planks, **INDOORS),
        ("clocks",),
    ),
    "fire/candles.jpg": (candles, ("fire",)),
    "fire/campfire-at-night.jpg": (campfire, ("fire", "night")),
    "rain/umbrella-on-a-wet-street.jpg": (umbrella, ("rain",)),
    "space/saturn.jpg": (saturn, ("space",)),
    "space/shuttle-on-the-pad.jpg": (launch_pad, ("space",)),
    "sea/harbour.jpg": (harbour, ("sea",)),
    "sea/lighthouse-at-dusk.jpg": (lighthouse_at_dusk, ("sea",)),
    "sea/sailing-away.jpg": (sailing_away, ("sea",)),
    "cars/street.jpg": (street, ("cars",)),
    "cars/red-car.jpg": (
        lambda: portrait(vehicles.car(), 38, 10, 0.95, ground=plain((96, 98, 102)), cloud=0.4),
        ("cars",),
    ),
    "cars/traffic-light.jpg": (
        lambda: portrait(vehicles.traffic_light(), 20, 0, 0.8, aim=0.1, cloud=0.4),
        ("cars",),
    ),
    "trains/steam-train.jpg": (railway, ("trains",)),
    "flight/airliner.jpg": (airliner, ("flight",)),
    "flight/red-biplane.jpg": (biplane, ("flight",)),
    "flight/rescue-helicopter.jpg": (helicopter, ("flight", "sea")),
    "flight/hot-air-balloons.jpg": (balloons_in_the_sky, ("flight",)),
    "coins/gold-coins.jpg": (
        lambda: portrait(office.coin_stack(), 20, 24, 0.9, ground=planks, **INDOORS),
        ("coins",),
    ),
    "doctor/stethoscope.jpg": (
        lambda: portrait(
            Solid().add(doctor.stethoscope(), (0, 0.05, 0), 1.0, (-90, 0, 0)),
            10,
            60,
            0.95,
            ground=plain((232, 238, 242), 0.03),
            **INDOORS,
        ),
        ("doctor",),
    ),
    "sport/football-on-the-pitch.jpg": (pitch, ("sport",)),
    "sport/basketball.jpg": (basketball, ("sport",)),
    "games/chess.jpg": (chess, ("games",)),
    "games/two-knights.jpg": (knights, ("games",)),
    "bells/bell-in-the-belfry.jpg": (belfry, ("bells",)),
    "china/pagoda-by-the-lake.jpg": (pagoda, ("china",)),
    "music/grand-piano.jpg": (music_room, ("piano", "music")),
    "music/acoustic-guitar.jpg": (
        lambda: portrait(music.guitar(), 16, 4, 0.9, ground=planks, **INDOORS),
        ("guitar", "music"),
    ),
    "music/violin.jpg": (
        lambda: portrait(music.violin(), 14, 6, 0.9, ground=planks, **INDOORS),
        ("violin", "music"),
    ),
    "music/drum-kit.jpg": (
        lambda: portrait(percussion.drum_kit(), 20, 16, 0.95, ground=planks, **INDOORS),
        ("drums", "music"),
    ),
}
