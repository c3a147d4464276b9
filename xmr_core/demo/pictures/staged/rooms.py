"""Rooms, and a candle's light in one."""

from typing import Any

from xmr_core.demo.meshes import clocks, furniture, kitchen, music, party, plants, sport
from xmr_core.demo.pictures.staged.setting import INDOORS, NIGHT, portrait, room
from xmr_core.demo.solids import Solid
from xmr_core.demo.stage import Stage, planks


def living_room() -> Stage:
    """Sofa, lamp, bookcase and a clock on the wall."""
    solid = (
        room()
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
        room()
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
        room()
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


def music_room() -> Stage:
    """A grand piano with a violin and a guitar."""
    solid = (
        room()
        .add(music.grand_piano(), (0, 0, -0.7), 1.0, (0, -25, 0))
        .add(music.guitar(), (1.6, 0.62, -1.2), 1.1, (-10, 0, 0))
    )
    return Stage(solid, (0.2, 1.7, 4.2), (0.1, 0.75, -0.6), angle=36, ground=planks, **INDOORS)


def christmas() -> Stage:
    """A Christmas tree with presents in a room."""
    solid = (
        room()
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


def basketball() -> Stage:
    """A basketball on a wooden floor."""
    return portrait(sport.basketball(), 20, 12, 0.62, ground=planks, **INDOORS)
