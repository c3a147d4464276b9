"""Tools of a workshop."""

import numpy as np

from xmr_core.demo.meshes.palette import RED, STEEL, WOOD
from xmr_core.demo.solids import Solid


def hammer() -> Solid:
    """A claw hammer."""
    solid = Solid().tube(
        [(0, 0, 0), (0, 0.3, 0), (0, 0.62, 0), (0, 0.98, 0)], [0.045, 0.05, 0.034, 0.032], WOOD
    )
    solid.rod((0.06, 0.95, 0), (0.17, 0.95, 0), 0.045, STEEL).rod(
        (0.17, 0.95, 0), (0.24, 0.95, 0), 0.065, STEEL
    ).box((0.14, 0.1, 0.09), (0, 0.95, 0), STEEL)
    for z in (-0.028, 0.028):
        solid.tube(
            [
                (-0.05, 0.96, z * 0.8),
                (-0.14, 0.965, z),
                (-0.22, 0.93, z * 1.2),
                (-0.28, 0.86, z * 1.5),
            ],
            [0.035, 0.03, 0.022, 0.01],
            STEEL,
        )
    return solid


def saw() -> Solid:
    """A hand saw."""
    teeth = [(x, 0.0 if n % 2 else -0.025) for n, x in enumerate(np.linspace(0, 1.0, 61))]
    solid = Solid().slab([*teeth, (1.0, 0.1), (0.0, 0.24)], 0.008, STEEL)
    a = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    return solid.tube(
        np.stack(
            [-0.1 + 0.12 * np.cos(a) + 0.02 * np.cos(2 * a), 0.1 + 0.15 * np.sin(a), 0 * a], axis=-1
        ),
        0.032,
        WOOD,
        closed=True,
    )


def screwdriver() -> Solid:
    """A screwdriver with a red handle."""
    solid = Solid().lathe(
        [(0, 0), (0.05, 0.01), (0.065, 0.06), (0.055, 0.3), (0.04, 0.36), (0.03, 0.38), (0, 0.38)],
        RED,
        sides=8,
    )
    return solid.rod((0, 0.38, 0), (0, 0.95, 0), 0.016, STEEL).box(
        (0.045, 0.06, 0.01), (0, 0.96, 0), STEEL
    )
