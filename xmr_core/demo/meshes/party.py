"""What belongs to a birthday."""

import numpy as np

from xmr_core.demo.meshes.palette import RED, WHITE
from xmr_core.demo.solids import Colour, Solid


def cake() -> Solid:
    """A birthday cake with five candles."""
    icing, sponge = (250, 214, 226), (226, 180, 120)
    solid = (
        Solid()
        .lathe([(0, 0), (0.7, 0), (0.7, 0.02), (0, 0.02)], WHITE)
        .lathe([(0, 0.02), (0.55, 0.02), (0.55, 0.18)], sponge)
        .lathe([(0.555, 0.18), (0.555, 0.23)], (150, 40, 60))
        .lathe([(0.55, 0.23), (0.55, 0.4)], sponge)
    )
    solid.lathe([(0.57, 0.34), (0.58, 0.42), (0.54, 0.46), (0, 0.46)], icing)
    for n in range(14):
        a = 2 * np.pi * n / 14
        solid.ball(
            (0.06, 0.09, 0.04),
            (0.55 * np.sin(a), 0.33, 0.55 * np.cos(a)),
            icing,
            (0, float(np.degrees(a)), 0),
            sides=14,
        ).ball(0.05, (0.46 * np.sin(a), 0.48, 0.46 * np.cos(a)), RED if n % 2 else WHITE, sides=14)
    for n in range(5):
        a = 2 * np.pi * n / 5
        x, z = 0.24 * np.sin(a), 0.24 * np.cos(a)
        solid.rod(
            (x, 0.46, z),
            (x, 0.74, z),
            0.022,
            ((80, 150, 220), (250, 200, 60), (120, 200, 110))[n % 3],
        ).lathe([(0, 0.75), (0.022, 0.79), (0, 0.88)], (255, 176, 40), (x, 0, z), sides=14)
    return solid


def donut() -> Solid:
    """A doughnut with pink icing and sprinkles."""
    rng = np.random.default_rng(6)
    solid = Solid().ring(0.5, 0.24, (0, 0, 0), (206, 148, 82))
    solid.add(
        Solid()
        .ring(0.5, 0.245, (0, 0, 0), (240, 130, 170))
        .bend(lambda v: np.where(v[:, 1:2] < 0.04, v * 0.97, v)),
        (0, 0.012, 0),
    )
    colours: tuple[Colour, ...] = ((250, 240, 90), (80, 160, 230), WHITE, (110, 200, 100))
    for n in range(60):
        a, b = rng.uniform(0, 2 * np.pi), rng.uniform(0.45, np.pi - 0.45)
        r, y = 0.5 + 0.25 * np.cos(b), 0.015 + 0.25 * np.sin(b)
        d = rng.uniform(-0.04, 0.04, 2)
        solid.rod(
            (r * np.sin(a), y, r * np.cos(a)),
            (r * np.sin(a) + d[0], y, r * np.cos(a) + d[1]),
            0.013,
            colours[n % 4],
            sides=8,
        )
    return solid


def gift() -> Solid:
    """A present in blue paper with a yellow bow."""
    solid = (
        Solid()
        .box((1, 0.7, 1), (0, 0.35, 0), (46, 92, 180))
        .box((1.06, 0.14, 1.06), (0, 0.72, 0), (56, 106, 200))
    )
    yellow: Colour = (250, 206, 60)
    solid.box((0.16, 0.8, 1.08), (0, 0.4, 0), yellow).box((1.08, 0.8, 0.16), (0, 0.4, 0), yellow)
    for turn in (0, 90, 180, 270):
        a = np.linspace(0.2, 2 * np.pi - 0.2, 20)
        loop = Solid().tube(
            np.stack([0.2 - 0.2 * np.cos(a), 0.12 * np.sin(a) + 0.1, 0 * a], axis=-1), 0.045, yellow
        )
        solid.add(loop, (0, 0.76, 0), 1.0, (0, turn + 45, 12))
    return solid


def balloons() -> Solid:
    """Three balloons on strings."""
    solid = Solid()
    colours: tuple[Colour, ...] = ((220, 44, 50), (50, 120, 210), (250, 196, 46))
    for n, colour in enumerate(colours):
        x, y, z = ((-0.42, 2.0, 0), (0.42, 2.1, 0.05), (0, 2.65, -0.1))[n]
        solid.lathe(
            [
                (0, -0.5),
                (0.06, -0.48),
                (0.2, -0.34),
                (0.36, -0.08),
                (0.4, 0.12),
                (0.34, 0.34),
                (0.18, 0.48),
                (0, 0.52),
            ],
            colour,
            (x, y, z),
        ).rod((x, y - 0.56, z), (x, y - 0.49, z), 0.05, colour, 0.015)
        solid.tube(
            [(x, y - 0.55, z), (x * 0.7, 1.0, z), (x * 0.25, 0.5, 0.02), (0, 0, 0)],
            0.009,
            (230, 230, 230),
            sides=8,
        )
    return solid
