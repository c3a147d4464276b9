"""What flies, and what is about to."""

import numpy as np

from xmr_core.demo.meshes import flight, space
from xmr_core.demo.pictures.staged.setting import SEA
from xmr_core.demo.solids import Solid
from xmr_core.demo.stage import Stage, grass, plain


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
