"""The Moon, a planet, and what flies to them."""

import numpy as np

from xmr_core.demo.meshes.palette import (
    BLACK,
    GLASS,
    GOLD,
    GREY,
    OFF_WHITE,
    SIGNAL_RED,
    SILVER,
    STEEL,
    WHITE,
)
from xmr_core.demo.meshes.spheres import icosphere
from xmr_core.demo.solids import Colour, Solid


def moon() -> Solid:
    """The Moon, with seas and craters."""
    rng = np.random.default_rng(9)
    vertices, faces, _ = icosphere(5)
    height = np.zeros(len(vertices))
    for _ in range(90):
        centre = rng.normal(size=3)
        centre /= np.linalg.norm(centre)
        size = 0.03 + 0.16 * rng.random() ** 3
        r = np.arccos(np.clip(vertices @ centre, -1, 1)) / size
        height += size * np.where(
            r < 1, 0.32 * (r**2 - 0.72), 0.09 * np.exp(-((r - 1) * 3)) * (r < 3)
        )
    seas = np.zeros(len(vertices))
    for x, y, z, size in (
        (-0.3, 0.4, 0.8, 0.42),
        (0.25, 0.35, 0.9, 0.3),
        (-0.5, 0.05, 0.85, 0.35),
        (0.5, 0.1, 0.8, 0.25),
        (0.1, -0.2, -1.0, 0.3),
    ):
        centre = np.array([x, y, z]) / np.linalg.norm([x, y, z])
        seas = np.maximum(
            seas,
            size
            - np.arccos(np.clip(vertices @ centre, -1, 1))
            + 0.05 * np.sin(vertices @ [9, 13, 7]),
        )
    shade = seas[faces].mean(axis=1)
    grey = np.clip(np.digitize(height[faces].mean(axis=1), [-0.03, -0.008, 0.004]), 0, 3)
    palette: tuple[Colour, ...] = (
        (150, 148, 144),
        (176, 174, 170),
        (196, 194, 190),
        (218, 216, 212),
    )
    vertices = vertices * (1 + height)[:, None]
    solid = Solid().raw(vertices, faces[shade > 0], (112, 112, 114))
    for n, colour in enumerate(palette):
        solid.raw(vertices, faces[(shade <= 0) & (grey == n)], colour)
    return solid


def saturn() -> Solid:
    """Saturn and its rings."""
    bands: tuple[Colour, ...] = (
        (206, 172, 116),
        (226, 196, 144),
        (196, 158, 102),
        (236, 212, 166),
        (214, 182, 128),
    )
    solid, edges = Solid(), np.linspace(-np.pi / 2, np.pi / 2, 16)
    for n in range(15):
        bow = np.linspace(edges[n], edges[n + 1], 5)
        solid.lathe([(np.cos(b), 0.92 * np.sin(b)) for b in bow], bands[n * 7 % 5], sides=56)
    for low, high, colour in (
        (1.3, 1.52, (150, 126, 96)),
        (1.54, 1.95, (222, 196, 152)),
        (2.02, 2.25, (186, 160, 122)),
    ):
        solid.lathe([(low, -0.01), (high, -0.01), (high, 0.01), (low, 0.01)], colour, sides=72)
    tilted = Solid().add(solid, turn=(22, 0, 12))
    return tilted


def satellite() -> Solid:
    """A satellite with solar panels and a dish."""
    solid = (
        Solid().box((0.5, 0.7, 0.5), (0, 0, 0), GOLD).rod((-1.7, 0, 0), (1.7, 0, 0), 0.025, STEEL)
    )
    for s in (1, -1):
        for n in range(3):
            solid.box((0.4, 0.62, 0.02), (s * (0.62 + 0.43 * n), 0, 0), (36, 60, 140))
            for y in (-0.15, 0.15):
                solid.box((0.4, 0.012, 0.026), (s * (0.62 + 0.43 * n), y, 0), STEEL)
    solid.lathe(
        [(0, 0), (0.12, 0.02), (0.26, 0.09), (0.36, 0.2), (0.34, 0.2), (0.2, 0.08), (0, 0.03)],
        WHITE,
        (0, 0, 0.3),
        (90, 0, 0),
    ).rod((0, 0, 0.3), (0, 0, 0.58), 0.012, STEEL).ball(0.035, (0, 0, 0.58), STEEL)
    return solid.rod((0, 0.35, 0), (0, 0.7, 0), 0.012, STEEL).rod(
        (0, -0.35, 0), (0, -0.5, 0), 0.12, BLACK, 0.16
    )


def rocket() -> Solid:
    """A white rocket with red fins and a nose of the same colour."""
    solid = Solid().lathe(
        [(0, 0.25), (0.34, 0.25), (0.46, 0.9), (0.5, 1.6), (0.46, 2.4), (0.36, 3.0)], OFF_WHITE
    )
    solid.lathe([(0.36, 3.0), (0.24, 3.4), (0.1, 3.72), (0, 3.85)], SIGNAL_RED).lathe(
        [(0.505, 1.3), (0.512, 1.5), (0.505, 1.7)], SIGNAL_RED
    )
    solid.lathe([(0, 0.02), (0.3, 0.0), (0.2, 0.27)], GREY)
    for n in range(4):
        fin = [(0.34, 0.3), (0.85, -0.15), (0.9, 0.25), (0.48, 1.15)]
        solid.slab(fin, 0.06, SIGNAL_RED, turn=(0, 45 + 90 * n, 0))
    return solid.lathe(
        [(0, 0), (0.2, 0), (0.2, 0.05), (0, 0.05)], SILVER, (0, 2.15, 0.44), (82, 0, 0)
    ).lathe([(0, 0), (0.15, 0), (0.15, 0.07), (0, 0.08)], GLASS, (0, 2.15, 0.44), (82, 0, 0))


def space_shuttle() -> Solid:
    """A space shuttle on its tank, between two boosters."""
    orange = (196, 106, 46)
    solid = Solid().lathe(
        [(0, 0.2), (0.5, 0.3), (0.5, 3.3), (0.4, 3.8), (0.15, 4.2), (0, 4.3)], orange, (0, 0, -0.55)
    )
    for x in (-0.72, 0.72):
        solid.lathe([(0, 0), (0.26, 0), (0.2, 0.3), (0.2, 3.2), (0, 3.6)], OFF_WHITE, (x, 0, -0.5))
    solid.lathe(
        [(0, 0.4), (0.32, 0.4), (0.34, 2.2), (0.26, 2.6), (0.1, 2.95), (0, 3.0)],
        OFF_WHITE,
        (0, 0, 0.35),
    )
    solid.slab(
        [(-1.05, 0.45), (1.05, 0.45), (1.0, 0.8), (0.34, 1.9), (-0.34, 1.9), (-1.0, 0.8)],
        0.08,
        OFF_WHITE,
        (0, 0, 0.16),
    ).slab(
        [(-1.0, 0.5), (1.0, 0.5), (0.95, 0.75), (0.3, 1.8), (-0.3, 1.8), (-0.95, 0.75)],
        0.04,
        BLACK,
        (0, 0, 0.1),
    )
    solid.slab(
        [(0.6, 0.35), (1.15, 0.3), (1.25, 0.55), (0.65, 1.2)],
        0.07,
        OFF_WHITE,
        (0, 0, 0),
        (0, -90, 0),
    )
    solid.ball((0.2, 0.16, 0.08), (0, 2.5, 0.6), BLACK)
    for x in (-0.16, 0.16):
        solid.lathe([(0, 0.4), (0.14, 0.15), (0.08, 0.42)], GREY, (x, 0, 0.35))
    return solid
