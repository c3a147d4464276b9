import numpy as np
import pytest

from tests.fakes import PictureEncoder
from xmr_core.encoders.image import ImageEncoder
from xmr_core.encoders.mesh import MeshEncoder
from xmr_core.media import Image, Mesh
from xmr_core.render import render_views, view_angles


def box(colours, size=(1.0, 1.0, 1.0)):
    """A box; colours of its +x, −x, +y, −y, +z and −z sides."""
    vertices, faces, painted = [], [], []
    for axis in range(3):
        for sign in (1, -1):
            side = np.zeros((4, 3), np.float32)
            side[:, axis] = sign
            side[:, (axis + 1) % 3] = [-1, 1, 1, -1]
            side[:, (axis + 2) % 3] = [-1, -1, 1, 1]
            start = len(vertices) * 4
            vertices.append(side * np.array(size, np.float32) / 2)
            faces += [[start, start + 1, start + 2], [start, start + 2, start + 3]]
            painted += [colours[2 * axis + (sign < 0)]] * 2
    return Mesh(np.concatenate(vertices), np.array(faces, np.int32), np.array(painted, np.uint8))


RED_BOX = box([(220, 30, 30)] * 6)
TALL = box([(30, 160, 60)] * 6, (0.3, 2.0, 0.3))


def test_whole_is_a_mean_of_the_views_and_the_views_are_those_of_the_renderer():
    image = ImageEncoder(("lite0",))
    encoder = MeshEncoder(image)
    assert encoder.dim == image.dim
    (got,) = encoder.encode([TALL])
    views = image.encode([Image(view) for view in render_views(TALL, 224)])
    assert len(got.parts) == len(view_angles()) == 12
    assert np.allclose(got.parts, np.stack([v.pooled for v in views]), atol=1e-5)
    weights = [3, 3, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1]  # the front and its neighbours count more
    assert np.allclose(got.pooled, np.average(got.parts, axis=0, weights=weights), atol=1e-5)


def test_part_is_the_view_that_its_box_names():
    """Only one side is red: the views that see it are those on that side."""
    painted = box([(20, 20, 20)] * 4 + [(255, 0, 0)] + [(20, 20, 20)])
    (got,) = MeshEncoder(PictureEncoder()).encode([painted])
    assert got.boxes[:, :, 0].tolist() == [[i, i + 1] for i in range(12)]
    redness = got.parts[:, 0] - got.parts[:, 1]
    facing = np.array([np.cos(np.radians(azimuth)) > 0.1 for azimuth, _ in view_angles()])
    assert (redness[facing] > 0.02).all()
    assert (np.abs(redness[~facing]) < 0.005).all()


def test_meshes_of_a_batch_do_not_mix():
    encoder = MeshEncoder(PictureEncoder())
    red, tall = encoder.encode([RED_BOX, TALL])
    assert red.pooled[0] > red.pooled[1]
    assert tall.pooled[1] > tall.pooled[0]


def test_size_and_place_do_not_matter():
    moved = Mesh(RED_BOX.vertices * 1e4 + 1e6, RED_BOX.faces, RED_BOX.colours)
    encoder = MeshEncoder(ImageEncoder(("lite0",)))
    plain, far = encoder.encode([RED_BOX, moved])
    apart = np.linalg.norm(plain.pooled - far.pooled) / np.linalg.norm(plain.pooled)
    assert apart < 0.1


@pytest.mark.parametrize("width", [0.0, 1e-6, 1e6])
def test_flat_tiny_and_huge_meshes_have_finite_vectors(width):
    flat = box([(90, 90, 200)] * 6, (width, 1.0, 1.0))
    (got,) = MeshEncoder(ImageEncoder(("lite0",))).encode([flat])
    assert np.isfinite(got.pooled).all()
    assert got.pooled.max() > 0


def test_fingerprint_follows_the_image_encoder():
    a, b = MeshEncoder(ImageEncoder(("lite0",))), MeshEncoder(ImageEncoder(("lite2",)))
    assert a.fingerprint != b.fingerprint
    assert a.image.fingerprint in a.fingerprint
