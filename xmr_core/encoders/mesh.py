"""3D models → features: twelve rendered views through an image encoder.

The multi-view way (Su et al., "Multi-view Convolutional Neural Networks for 3D
Shape Recognition", ICCV 2015), with the mean over views: what a picture tower
has learned of things carries over to models of them.
"""

from collections.abc import Sequence

import numpy as np

from xmr_core.encoders import Encoder
from xmr_core.media import Encoding, Image, Mesh, Modality
from xmr_core.render import render_views, view_angles

_SIDE = 224  # of a view, in pixels
_VIEWS = "views-1"  # angles, light and size of the views, as part of the fingerprint


class MeshEncoder:
    """Meshes to the features of an image encoder.

    A part is a view; its box is [[i], [i + 1]] with i its place in ``view_angles()``. The
    whole is the mean of the views.

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
        """One vector a view and their mean."""
        return [self._encode(mesh) for mesh in batch]

    def _encode(self, mesh: Mesh) -> Encoding:
        views = self.image.encode([Image(view) for view in render_views(mesh, _SIDE)])
        parts = np.stack([view.pooled for view in views])  # (p, m)
        low = np.arange(len(view_angles()), dtype=np.float32)
        boxes = np.stack([low, low + 1], axis=1)[:, :, None]  # (p, 2, 1)
        return Encoding(parts.mean(axis=0), parts, boxes)
