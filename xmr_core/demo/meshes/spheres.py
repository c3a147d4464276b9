"""A ball of triangles that are almost alike."""

import numpy as np

from xmr_core.demo.work import Array


def icosphere(level: int) -> tuple[Array, np.ndarray[tuple[int, int], np.dtype[np.int64]], Array]:
    """Unit vertices (v, 3), faces (f, 3), and the icosahedron's own corners (12, 3)."""
    g = (1 + 5**0.5) / 2
    corners = np.array(
        [(0, s, t * g) for s in (1, -1) for t in (1, -1)]
        + [(s, t * g, 0) for s in (1, -1) for t in (1, -1)]
        + [(t * g, 0, s) for s in (1, -1) for t in (1, -1)]
    )
    corners /= np.linalg.norm(corners, axis=1, keepdims=True)
    near = corners @ corners.T > 0.4
    faces = np.array(
        [
            (i, j, k)
            for i in range(12)
            for j in range(i)
            for k in range(j)
            if near[i, j] and near[j, k] and near[i, k]
        ]
    )
    a, b, c = (corners[faces[:, n]] for n in range(3))
    inward = (np.cross(b - a, c - a) * a).sum(axis=1) < 0
    faces[inward] = faces[inward][:, ::-1]
    tris = corners[faces]  # (f, 3, 3)
    for _ in range(level):
        m = (tris + np.roll(tris, -1, axis=1)) / 2
        tris = np.concatenate(
            [
                np.stack([tris[:, 0], m[:, 0], m[:, 2]], axis=1),
                np.stack([m[:, 0], tris[:, 1], m[:, 1]], axis=1),
                np.stack([m[:, 2], m[:, 1], tris[:, 2]], axis=1),
                m,
            ]
        )
        tris /= np.linalg.norm(tris, axis=2, keepdims=True)
    flat = tris.reshape(-1, 3)
    _, first, place = np.unique(flat.round(6), axis=0, return_index=True, return_inverse=True)
    return flat[first], place.reshape(-1, 3), corners
