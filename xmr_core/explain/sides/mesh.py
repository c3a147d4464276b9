"""Meshes in the cells of their views; the cells go back onto the faces that are seen in them.

Unlike a frame of a video, a view is never asked for by itself: what counts is which part of the
model is meant, and for that cells do best alone. Their weighted mean is the whole.
"""

from typing import Any

import numpy as np

from xmr_core.encoders import Encoder
from xmr_core.encoders.mesh import MeshEncoder, view_weights
from xmr_core.explain.explanation import Side
from xmr_core.explain.sides.source import Source
from xmr_core.explain.sides.video import boxes_of
from xmr_core.media import Image, Mesh, Modality
from xmr_core.render import render_views
from xmr_core.space import JointSpace

_SIDE = 224  # of a view, in pixels, as the encoder sees it


def _gridded(mesh: Mesh, space: JointSpace) -> Side:
    encoder: Any = space.encoders[Modality.MESH]
    views = [Image(view) for view in render_views(mesh, _SIDE)]
    grids = np.stack(encoder.image.grid(views))  # (v, gy, gx, m)
    v, rows, columns, m = grids.shape
    whole = grids.mean(axis=(1, 2))  # (v, m)
    spans = np.arange(v, dtype=np.float32)[:, None] + np.array([0, 1], np.float32)
    return Side(
        mesh,
        grids.reshape(-1, m),
        np.repeat(view_weights() / (rows * columns), rows * columns).astype(np.float32),
        (view_weights() @ whole).astype(np.float32),
        boxes_of(spans, rows, columns),
        tuple(f"view {i + 1}" for i in range(v) for _ in range(rows * columns)),
        (v, rows, columns),
    )


def _has_grid(encoder: Encoder[Any]) -> bool:
    return isinstance(encoder, MeshEncoder) and hasattr(encoder.image, "grid")


GRIDDED = Source(_has_grid, _gridded)
