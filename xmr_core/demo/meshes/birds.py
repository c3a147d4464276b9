"""Birds, put together from rounded solids."""

import numpy as np

from xmr_core.demo.meshes.animals import eyes
from xmr_core.demo.meshes.palette import BARK, COAL, LEAF, ORANGE, WHITE
from xmr_core.demo.solids import Solid


def bird() -> Solid:
    """A robin with a red breast on a branch."""
    brown, red, pale = (112, 90, 68), (222, 88, 34), (226, 220, 206)
    solid = (
        Solid()
        .ball((0.2, 0.22, 0.28), (0, 0.5, 0), brown, (-25, 0, 0))
        .ball((0.16, 0.2, 0.16), (0, 0.53, 0.14), red)
        .ball((0.15, 0.13, 0.15), (0, 0.38, 0.06), pale)
    )
    solid.ball((0.15, 0.145, 0.15), (0, 0.76, 0.15), brown).ball(
        (0.11, 0.11, 0.1), (0, 0.72, 0.22), red
    )
    solid.rod((0, 0.76, 0.28), (0, 0.74, 0.4), 0.03, (60, 50, 44), 0.004)
    for s in (1, -1):
        solid.ball((0.035, 0.13, 0.24), (s * 0.185, 0.5, -0.06), (88, 70, 52), (-30, s * 8, 0)).rod(
            (s * 0.07, 0.3, 0.04), (s * 0.07, 0.12, 0.07), 0.014, (120, 70, 40)
        )
        for z in (-0.03, 0.05, 0.13):
            solid.rod((s * 0.07, 0.12, 0.05), (s * 0.07 + s * 0.02, 0.1, z), 0.012, (120, 70, 40))
    eyes(solid, (0.085, 0.8, 0.255), 0.024)
    solid.box((0.12, 0.025, 0.36), (0, 0.38, -0.4), (88, 70, 52), (-22, 0, 0))
    solid.tube(
        [(-0.7, 0.04, -0.02), (-0.2, 0.07, 0.05), (0.3, 0.06, 0.06), (0.75, 0.12, 0.0)],
        [0.05, 0.05, 0.045, 0.03],
        BARK,
    )
    return solid.ball((0.1, 0.012, 0.05), (0.72, 0.2, 0.05), LEAF, (0, 20, 40)).ball(
        (0.1, 0.012, 0.05), (-0.5, 0.12, 0.08), LEAF, (0, 120, 20)
    )


def owl() -> Solid:
    """A brown owl that looks straight ahead."""
    brown, pale, dark = (132, 96, 60), (224, 200, 160), (84, 58, 36)
    solid = (
        Solid()
        .ball((0.24, 0.34, 0.2), (0, 0.42, 0), brown)
        .ball((0.18, 0.26, 0.1), (0, 0.38, 0.13), pale)
        .ball((0.23, 0.19, 0.18), (0, 0.8, 0.02), brown)
    )
    for s in (1, -1):
        solid.ball((0.11, 0.115, 0.03), (s * 0.095, 0.82, 0.17), pale).ball(
            (0.066, 0.066, 0.02), (s * 0.09, 0.82, 0.195), (250, 190, 30)
        ).ball((0.036, 0.036, 0.015), (s * 0.088, 0.82, 0.212), COAL)
        solid.slab(
            [(-0.06, 0), (0.06, 0), (0, 0.14)], 0.05, dark, (s * 0.15, 0.93, 0.03), (0, 0, -s * 20)
        )
        solid.ball((0.06, 0.27, 0.16), (s * 0.24, 0.42, -0.02), dark, (0, 0, s * 6))
        for k in (-1, 0, 1):
            solid.rod((s * 0.09, 0.1, 0.1), (s * 0.09 + 0.03 * k, 0.06, 0.18), 0.018, ORANGE)
    rng = np.random.default_rng(3)
    for y in (0.26, 0.36, 0.46, 0.56):
        for x in np.linspace(-0.1, 0.1, 4) + rng.normal(0, 0.01, 4):
            solid.ball(
                (0.02, 0.028, 0.012),
                (float(x), y, 0.225 - 2.4 * float(x) ** 2 - 0.6 * (y - 0.4) ** 2),
                dark,
            )
    solid.rod((0, 0.78, 0.19), (0, 0.71, 0.24), 0.035, (70, 60, 50), 0.005)
    return solid.rod((-0.6, 0.05, 0.1), (0.6, 0.03, 0.1), 0.05, BARK, 0.04)


def duck() -> Solid:
    """A mallard drake as it swims."""
    grey, brown, green = (186, 182, 174), (112, 72, 48), (22, 98, 66)
    solid = (
        Solid()
        .ball((0.26, 0.2, 0.44), (0, 0.2, -0.04), grey)
        .ball((0.2, 0.19, 0.2), (0, 0.24, 0.28), brown)
    )
    solid.rod((0, 0.34, 0.3), (0, 0.55, 0.34), 0.085, green, 0.08).ring(
        0.09, 0.018, (0, 0.36, 0.3), WHITE, (10, 0, 0)
    ).ball((0.125, 0.12, 0.14), (0, 0.63, 0.37), green)
    solid.ball((0.06, 0.022, 0.12), (0, 0.6, 0.54), (236, 190, 50)).rod(
        (0, 0.27, -0.36), (0, 0.36, -0.56), 0.12, WHITE, 0.02
    )
    for s in (1, -1):
        solid.ball((0.05, 0.13, 0.3), (s * 0.24, 0.26, -0.1), (138, 126, 112), (-6, s * 6, 0)).ball(
            (0.02, 0.05, 0.1), (s * 0.285, 0.24, -0.2), (44, 70, 160)
        )
    return eyes(solid, (0.085, 0.67, 0.455), 0.02)
