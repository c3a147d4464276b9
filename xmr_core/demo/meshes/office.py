"""What lies on a desk, coins among it."""

import numpy as np

from xmr_core.demo.meshes.palette import BLACK, RED, STEEL, WHITE
from xmr_core.demo.solids import Solid


def telephone() -> Solid:
    """An old telephone with a dial and its receiver on top."""
    black, ivory = (34, 34, 38), (236, 230, 212)
    solid = Solid().slab(
        [(-0.14, 0), (0.14, 0), (0.085, 0.11), (0.04, 0.14), (-0.04, 0.14), (-0.085, 0.11)],
        0.2,
        black,
    )
    solid.box((0.3, 0.02, 0.24), (0, 0.01, 0), black)
    solid.lathe(
        [(0, 0), (0.075, 0), (0.075, 0.012), (0, 0.014)], ivory, (0, 0.065, 0.1), (75, 0, 0)
    )
    for n in range(10):
        a = np.radians(30 * n + 40)
        solid.rod(
            (0.053 * np.sin(a), 0.065 + 0.053 * np.cos(a), 0.11),
            (0.053 * np.sin(a), 0.065 + 0.053 * np.cos(a), 0.124),
            0.011,
            black,
        )
    solid.rod((0, 0.065, 0.11), (0, 0.065, 0.122), 0.022, (190, 60, 50))
    bow = np.linspace(-0.14, 0.14, 9)
    solid.tube([(x, 0.205 - 1.2 * x * x, 0) for x in bow], 0.02, black)
    for x in (-0.15, 0.15):
        solid.lathe(
            [(0, 0.03), (0.045, 0.0), (0.042, -0.02), (0, -0.02)][::-1], black, (x, 0.165, 0)
        )
    return solid


def laptop() -> Solid:
    """An open laptop."""
    solid = (
        Solid()
        .box((1.4, 0.05, 0.95), (0, 0.025, 0), STEEL)
        .box((1.2, 0.01, 0.46), (0, 0.052, -0.12), (60, 62, 68))
        .box((0.4, 0.008, 0.24), (0, 0.052, 0.29), (160, 166, 174))
    )
    for row in range(4):
        for n in range(12):
            solid.box((0.085, 0.012, 0.09), (-0.545 + n * 0.099, 0.06, -0.29 + row * 0.113), BLACK)
    lid = (
        Solid()
        .box((1.4, 0.92, 0.035), (0, 0.46, 0), STEEL)
        .box((1.3, 0.8, 0.01), (0, 0.47, 0.02), (36, 70, 120))
        .box((0.7, 0.06, 0.012), (-0.2, 0.7, 0.022), WHITE)
    )
    for k in range(4):
        lid.box(
            (0.9 - 0.13 * k, 0.025, 0.012),
            (-0.1 - 0.065 * k, 0.58 - 0.09 * k, 0.022),
            (190, 206, 226),
        )
    return solid.add(lid, (0, 0.05, -0.47), 1.0, (-14, 0, 0))


def pencil() -> Solid:
    """A yellow pencil."""
    solid = (
        Solid()
        .lathe([(0, 0), (0.05, 0), (0.05, 0.1), (0, 0.1)], (232, 130, 130), turn=(0, 0, -90))
        .lathe([(0.053, 0.1), (0.053, 0.2)], STEEL, turn=(0, 0, -90))
    )
    solid.lathe(
        [(0, 0.2), (0.05, 0.2), (0.05, 1.3)], (248, 190, 40), turn=(0, 0, -90), sides=6
    ).lathe([(0.05, 1.3), (0.016, 1.47)], (230, 190, 140), turn=(0, 0, -90), sides=12)
    return solid.lathe([(0.016, 1.47), (0, 1.55)], BLACK, turn=(0, 0, -90))


def camera() -> Solid:
    """A film camera."""
    solid = (
        Solid()
        .box((1.1, 0.62, 0.36), (0, 0.35, 0), BLACK)
        .box((1.1, 0.16, 0.36), (0, 0.72, 0), STEEL)
        .slab([(-0.22, 0), (0.22, 0), (0.12, 0.2), (-0.12, 0.2)], 0.4, STEEL, (0, 0.78, 0))
    )
    solid.lathe(
        [
            (0, 0.15),
            (0.29, 0.15),
            (0.29, 0.36),
            (0.26, 0.38),
            (0.26, 0.56),
            (0.22, 0.56),
            (0.2, 0.5),
            (0, 0.48),
        ],
        (44, 44, 48),
        (0, 0.36, 0),
        (90, 0, 0),
    ).lathe(
        [(0, 0), (0.19, 0), (0.12, 0.03), (0, 0.04)], (60, 80, 130), (0, 0.36, 0.49), (90, 0, 0)
    )
    solid.lathe([(0.295, 0.24), (0.3, 0.26), (0.295, 0.28)], STEEL, (0, 0.36, 0), (90, 0, 0))
    solid.rod((0.38, 0.8, 0), (0.38, 0.88, 0), 0.09, STEEL).rod(
        (-0.38, 0.8, 0), (-0.38, 0.87, 0), 0.11, BLACK
    ).rod((0.2, 0.8, 0.08), (0.2, 0.86, 0.08), 0.04, RED)
    return solid.box((0.16, 0.1, 0.02), (0.4, 0.7, 0.19), (130, 170, 190))


def coin_stack() -> Solid:
    """Three stacks of gold coins."""
    coin = [
        *((0, 0), (0.12, 0), (0.125, 0.006), (0.125, 0.022)),
        *((0.12, 0.028), (0.1, 0.026), (0, 0.026)),
    ]
    rng = np.random.default_rng(7)
    solid = Solid()
    for x, z, height in ((-0.24, 0, 9), (0.06, -0.16, 14), (0.12, 0.16, 5)):
        for n in range(height):
            dx, dz = rng.normal(0, 0.006, 2)
            solid.lathe(
                coin,
                (226, 178, 58) if n % 2 else (206, 156, 44),
                (x + dx, n * 0.029, z + dz),
            )
    return solid.lathe(
        coin,
        (226, 178, 58),
        (0.34, 0.09, 0.14),
        (70, 20, 0),
    )
