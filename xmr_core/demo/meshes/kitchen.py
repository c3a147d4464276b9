"""Pots, pans and other vessels."""

import numpy as np

from xmr_core.demo.meshes.palette import BLACK, DULL_STEEL, GRAPHITE, STEEL, WHITE
from xmr_core.demo.solids import Solid


def cup() -> Solid:
    """A red coffee cup on its saucer, filled."""
    red, cream = (170, 44, 34), (244, 238, 226)
    solid = Solid().lathe(
        [
            (0, 0.015),
            (0.05, 0.0),
            (0.1, 0.02),
            (0.15, 0.035),
            (0.148, 0.042),
            (0.09, 0.03),
            (0, 0.026),
        ],
        red,
    )
    solid.lathe(
        [(0, 0.03), (0.045, 0.03), (0.05, 0.045), (0.075, 0.09), (0.085, 0.15), (0.085, 0.155)], red
    )
    solid.lathe([(0.085, 0.155), (0.078, 0.155), (0.074, 0.12), (0, 0.12)], cream)
    solid.lathe([(0.0745, 0.135), (0.04, 0.1375), (0, 0.1375)], (92, 52, 24))
    bow = np.linspace(-0.42 * np.pi, 0.42 * np.pi, 14)
    return solid.tube(
        [(0.075 + 0.055 * np.cos(b), 0.1 + 0.042 * np.sin(b), 0) for b in bow], 0.01, red
    )


def teapot() -> Solid:
    """A round teapot with a lid, a spout and a handle."""
    blue, lid = (70, 116, 160), (228, 232, 236)
    bow = np.linspace(-0.9, 1.0, 14)
    solid = Solid().lathe(
        [(0, 0.0), (0.09, 0.0), *[(0.15 * np.cos(b), 0.125 + 0.125 * np.sin(b)) for b in bow]], blue
    )
    solid.lathe([(0.085, 0.228), (0.08, 0.24), (0.05, 0.262), (0.012, 0.27), (0, 0.27)], lid).ball(
        0.02, (0, 0.285, 0), lid
    )
    solid.tube(
        [(0.12, 0.09, 0), (0.18, 0.1, 0), (0.21, 0.15, 0), (0.235, 0.21, 0), (0.265, 0.235, 0)],
        [0.04, 0.034, 0.026, 0.02, 0.018],
        blue,
    )
    bow = np.linspace(0.4 * np.pi, 1.6 * np.pi, 20)
    return solid.tube(
        [(-0.15 + 0.085 * np.cos(b), 0.13 + 0.075 * np.sin(b), 0) for b in bow], 0.014, blue
    )


def kettle() -> Solid:
    """A steel kettle with a black handle."""
    solid = Solid().lathe(
        [(0, 0), (0.15, 0), (0.155, 0.02), (0.12, 0.14), (0.06, 0.19), (0.055, 0.2), (0, 0.215)],
        DULL_STEEL,
    )
    solid.ball(0.02, (0, 0.225, 0), GRAPHITE)
    solid.tube(
        [(0.12, 0.06, 0), (0.17, 0.12, 0), (0.2, 0.18, 0), (0.225, 0.2, 0)],
        [0.035, 0.025, 0.018, 0.016],
        DULL_STEEL,
    )
    bow = np.linspace(0, np.pi, 16)
    return solid.tube([(0.1 * np.cos(b), 0.17 + 0.14 * np.sin(b), 0) for b in bow], 0.014, GRAPHITE)


def bottle() -> Solid:
    """A green wine bottle with a label."""
    green = (34, 84, 50)
    solid = Solid().lathe(
        [
            (0, 0.01),
            (0.036, 0),
            (0.038, 0.005),
            (0.038, 0.19),
            (0.034, 0.215),
            (0.016, 0.245),
            (0.0145, 0.3),
            (0.0165, 0.302),
            (0.0165, 0.312),
            (0, 0.312),
        ],
        green,
    )
    solid.lathe([(0.0386, 0.06), (0.0386, 0.15)], (236, 226, 198)).lathe(
        [(0.0388, 0.1), (0.0388, 0.108)], (150, 40, 50)
    )
    return solid.lathe(
        [(0.0152, 0.262), (0.0152, 0.3), (0.0172, 0.302), (0.0172, 0.313), (0, 0.3135)],
        (120, 28, 40),
    )


def vase() -> Solid:
    """A blue and white vase."""
    shape = [
        (0.0, 0),
        (0.07, 0.0),
        (0.075, 0.02),
        (0.12, 0.12),
        (0.135, 0.2),
        (0.11, 0.29),
        (0.055, 0.36),
        (0.05, 0.4),
        (0.075, 0.44),
        (0.068, 0.44),
        (0.042, 0.4),
        (0, 0.39),
    ]
    solid = Solid().lathe(shape, (232, 238, 246))
    for y, r in ((0.125, 0.1225), (0.2, 0.1355), (0.28, 0.115)):
        solid.ring(r, 0.006, (0, y, 0), (36, 74, 150))
    for a in np.linspace(0, 2 * np.pi, 8, endpoint=False):
        solid.ball(
            (0.03, 0.03, 0.012),
            (0.128 * np.sin(a), 0.16, 0.128 * np.cos(a)),
            (36, 74, 150),
            (0, np.degrees(a), 0),
        )
    return solid


def frying_pan() -> Solid:
    """A frying pan with a fried egg."""
    solid = (
        Solid()
        .lathe(
            [(0, 0), (0.46, 0), (0.54, 0.12), (0.52, 0.12), (0.44, 0.025), (0, 0.02)],
            (46, 46, 50),
            sides=56,
        )
        .rod((0.52, 0.1, 0), (1.25, 0.18, 0), 0.04, BLACK, 0.05, round_ends=True)
    )
    a = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    r = 0.28 + 0.035 * np.sin(3 * a) + 0.02 * np.sin(5 * a + 1)
    return solid.slab(
        np.stack([r * np.cos(a), r * np.sin(a)], axis=-1), 0.025, WHITE, (0, 0.035, 0), (-90, 0, 0)
    ).ball((0.12, 0.07, 0.12), (0.03, 0.05, 0.02), (250, 186, 30))


def pot() -> Solid:
    """A cooking pot with a lid."""
    solid = (
        Solid()
        .lathe([(0, 0), (0.42, 0), (0.45, 0.04), (0.45, 0.5), (0.47, 0.52)], STEEL, sides=56)
        .lathe([(0.48, 0.52), (0.3, 0.6), (0, 0.63)], (206, 210, 216), sides=56)
        .rod((0, 0.63, 0), (0, 0.68, 0), 0.03, BLACK)
        .ball((0.07, 0.035, 0.07), (0, 0.71, 0), BLACK)
    )
    for s in (1, -1):
        solid.tube(
            [
                (s * 0.45, 0.4, -0.12),
                (s * 0.57, 0.4, -0.09),
                (s * 0.57, 0.4, 0.09),
                (s * 0.45, 0.4, 0.12),
            ],
            0.025,
            BLACK,
        )
    return solid
