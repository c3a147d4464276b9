"""Where solids stand: the light, the ground, a room, and the camera that fills its picture."""

from typing import Any

import numpy as np

from xmr_core.demo.solids import Point, Solid
from xmr_core.demo.stage import Stage, grass, plain

SEA = plain((22, 66, 96), 0.05)
NIGHT: dict[str, Any] = {
    "zenith": (8, 12, 34),
    "horizon": (30, 38, 66),
    "sun": (-0.4, 0.7, -0.6),
    "sun_colour": (0.1, 0.13, 0.2),
    "cloud": 0.0,
    "stars": 6.0,
}
INDOORS: dict[str, Any] = {
    "zenith": (206, 200, 190),
    "horizon": (196, 186, 170),
    "cloud": 0.0,
    "sun": (-0.7, 0.9, 0.6),
    "sun_colour": (0.75, 0.68, 0.58),
}
EVENING: dict[str, Any] = {
    "zenith": (70, 80, 140),
    "horizon": (250, 170, 110),
    "sun": (-0.8, 0.22, -0.7),
    "sun_colour": (1.1, 0.62, 0.3),
}


def portrait(
    solid: Solid,
    azimuth: float = 30,
    elevation: float = 14,
    fill: float = 0.72,
    aim: float = 0.0,
    **stage: Any,
) -> Stage:
    """A solid set on the ground in the middle, so near that it fills the picture.

    Args:
        solid: anything.
        azimuth, elevation: of the camera, in degrees; 0, 0 is level in front.
        fill: share of the picture's height that the solid's bounding ball takes.
        aim: how far above its middle the camera looks, in its radii.
        stage: more of the scene.
    """
    vertices, _, _ = solid.arrays()
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    middle = (low + high) / 2
    placed = Solid().add(solid, (-middle[0], -low[1], -middle[2]))
    radius = float(np.linalg.norm(vertices - middle, axis=1).max())
    target = np.array([0, middle[1] - low[1] + aim * radius, 0])
    angle = 30.0
    a, e = np.radians(azimuth), np.radians(elevation)
    away = radius / np.sin(np.radians(angle / 2)) / fill
    eye = target + away * np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    eye[1] = max(eye[1], 0.06 * radius)
    return Stage(placed, _point(eye), _point(target), angle=angle, **stage)


def lawn(solid: Solid, **extra: Any) -> Stage:
    """An animal on the grass, trees far behind it."""
    return portrait(solid, ground=grass, **{"azimuth": 50, "elevation": 7, "fill": 0.78, **extra})


def _point(place: np.ndarray[Any, Any]) -> Point:
    return float(place[0]), float(place[1]), float(place[2])


def room(floor: bool = True) -> Solid:
    """Two walls of a room about 6 × 3 × 6."""
    solid = (
        Solid()
        .box((6.4, 3, 0.1), (0, 1.5, -2.2), (222, 212, 192))
        .box((0.1, 3, 6), (-3.0, 1.5, 0.8), (206, 198, 180))
    )
    return solid.box((6.4, 0.14, 0.14), (0, 0.07, -2.14), (240, 238, 232)) if floor else solid
