"""3D models → features: twelve rendered views through an image encoder.

The multi-view way (Su et al., "Multi-view Convolutional Neural Networks for 3D
Shape Recognition", ICCV 2015), with a mean over views: what a picture tower
has learned of things carries over to models of them. Things are photographed from
the front, and so are models looked at: glTF's and most exporters' front is +z.
"""

from collections.abc import Sequence

import numpy as np

from xmr_core.encoders import Encoder
from xmr_core.media import Encoding, Floats, Image, Mesh, Modality
from xmr_core.render import render_views, view_angles

_SIDE = 224  # of a view, in pixels
_FRONT = 3.0  # weight of the views from the front, beside 1 for the others
_VIEWS = "views-2"  # angles, light, size and weights of the views, as part of the fingerprint


class MeshEncoder:
    """Meshes to the features of an image encoder.

    A part is a view; its box is [[i], [i + 1]] with i its place in ``view_angles()``. The
    whole is the mean of the views, those from the front counting more.

    Args:
        image: encodes the views.
    """

    modality = Modality.MESH

    def __init__(self, image: Encoder[Image]) -> None:
        self.image = image
        self.dim = image.dim
        self.name = f"views of {image.name}"
        self.fingerprint = f"{_VIEWS}:{image.fingerprint}"

    def encode(self, batch: Sequence[Mesh]) -> list[Encoding]:
        """One vector a view and their weighted mean."""
        return [self._encode(mesh) for mesh in batch]

    def _encode(self, mesh: Mesh) -> Encoding:
        views = self.image.encode([Image(view) for view in render_views(mesh, _SIDE)])
        parts = np.stack([view.pooled for view in views])  # (p, m)
        low = np.arange(len(view_angles()), dtype=np.float32)
        boxes = np.stack([low, low + 1], axis=1)[:, :, None]  # (p, 2, 1)
        return Encoding(view_weights() @ parts, parts, boxes)


def view_weights() -> Floats:
    """The share of each of ``view_angles()`` in the whole, f32 (p,).

    >>> (18 * view_weights()).round(3)[:4].tolist()
    [3.0, 3.0, 1.0, 1.0]
    """
    front = [np.cos(np.radians(a)) > 0.7 and low < 30 for a, low in view_angles()]
    weights = np.where(front, _FRONT, 1.0)
    return np.asarray(weights / weights.sum(), np.float32)
