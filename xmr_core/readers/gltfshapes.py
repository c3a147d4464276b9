"""glTF's ways to write triangles and to place them."""

from typing import Any

import numpy as np

from xmr_core.readers.pieces import Doubles, Indices

TRIANGLES, STRIP, FAN = 4, 5, 6  # modes of a primitive; the others are points and lines


def triangles(corners: Indices, mode: int) -> Indices:
    """Triangles (f, 3) of a list, a strip or a fan of corners (c,).

    >>> triangles(np.arange(4), STRIP).tolist()
    [[0, 1, 2], [2, 1, 3]]
    """
    if mode == TRIANGLES:
        return corners[: len(corners) // 3 * 3].reshape(-1, 3)
    if mode == FAN:
        first = np.broadcast_to(corners[:1], max(0, len(corners) - 2))
        return np.stack([first, corners[1:-1], corners[2:]], axis=1)
    faces = np.stack([corners[:-2], corners[1:-1], corners[2:]], axis=1)
    faces[1::2, :2] = faces[1::2, 1::-1]
    return faces


def matrix_of(node: dict[str, Any]) -> Doubles:
    """What a node does to the points below it: f64 (4, 4).

    >>> matrix_of({"translation": [1, 2, 3], "scale": [2, 2, 2]})[:3].tolist()
    [[2.0, 0.0, 0.0, 1.0], [0.0, 2.0, 0.0, 2.0], [0.0, 0.0, 2.0, 3.0]]
    """
    if "matrix" in node:
        return np.array(node["matrix"], np.float64).reshape(4, 4).T
    x, y, z, w = np.array(node.get("rotation", (0, 0, 0, 1)), np.float64)
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.get("scale", (1, 1, 1)), np.float64)
    matrix[:3, 3] = np.array(node.get("translation", (0, 0, 0)), np.float64)
    return matrix
