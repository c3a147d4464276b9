"""Balls and a weight."""

import numpy as np

from xmr_core.demo.meshes.palette import BLACK, STEEL, WHITE
from xmr_core.demo.meshes.spheres import icosphere
from xmr_core.demo.solids import Solid


def dumbbell() -> Solid:
    """A dumbbell."""
    solid = Solid().rod((-0.42, 0, 0), (0.42, 0, 0), 0.035, STEEL)
    for s in (1, -1):
        for x, r in ((0.2, 0.19), (0.28, 0.17), (0.36, 0.13)):
            solid.lathe(
                [
                    (0, -0.035),
                    (r * 0.94, -0.035),
                    (r, -0.02),
                    (r, 0.02),
                    (r * 0.94, 0.035),
                    (0, 0.035),
                ],
                BLACK,
                (s * x, 0, 0),
                (0, 0, 90),
                sides=48,
            )
    return solid


def football() -> Solid:
    """A black and white football of pentagons and hexagons."""
    vertices, faces, corners = icosphere(5)
    middle = vertices[faces].mean(axis=1)
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    near = np.sort(middle @ corners.T, axis=1)
    angle = np.degrees(np.arccos(near[:, -1]))
    dark = angle < 19.5
    seam = (np.abs(near[:, -1] - near[:, -2]) < 0.02) & ~dark
    solid = Solid().raw(vertices, faces[dark], BLACK).raw(vertices, faces[~dark & ~seam], WHITE)
    return solid.raw(vertices, faces[seam], (150, 150, 150))


def basketball() -> Solid:
    """An orange basketball with black seams."""
    solid = Solid().ball(1.0, (0, 0, 0), (226, 112, 38), sides=56)
    a = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    solid.ring(1.0, 0.018, (0, 0, 0), BLACK).ring(1.0, 0.018, (0, 0, 0), BLACK, (90, 0, 0))
    for s in (1, -1):
        curve = np.stack([s * (0.62 + 0.16 * np.cos(2 * a)), np.sin(a), np.cos(a)], axis=-1)
        curve /= np.linalg.norm(curve, axis=1, keepdims=True)
        solid.tube(curve, 0.018, BLACK, closed=True)
    return solid
