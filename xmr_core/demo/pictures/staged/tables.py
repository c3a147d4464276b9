"""What lies and stands on tables, seen from near."""

import numpy as np

from xmr_core.demo.meshes import fruit, games, kitchen, office, party, plants, tools
from xmr_core.demo.pictures.staged.setting import INDOORS
from xmr_core.demo.solids import Solid
from xmr_core.demo.stage import Stage, plain, planks
from xmr_core.demo.work import Array


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
