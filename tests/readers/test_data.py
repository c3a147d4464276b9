"""The optional data: every mesh and film of it is read."""

from pathlib import Path

import numpy as np
import pytest

from xmr_core.media import Mesh, Video
from xmr_core.readers import read


def test_all_meshes_are_read_with_their_colours(xmr_data: Path) -> None:
    files = sorted((xmr_data / "meshes").glob("*.glb"))
    if not files:
        pytest.skip("XMR_DATA has no meshes")
    coloured = 0
    for path in files:
        mesh = read(path)
        assert isinstance(mesh, Mesh) and len(mesh.faces) > 0, path.name
        assert np.isfinite(mesh.vertices).all(), path.name
        coloured += bool(np.ptp(mesh.colours, axis=0).any())
    assert coloured > len(files) / 3


def test_all_films_are_read_with_key_frames(xmr_data: Path) -> None:
    files = sorted((xmr_data / "videos").glob("*.mp4"))
    if not files:
        pytest.skip("XMR_DATA has no films")
    for path in files:
        video = read(path)
        assert isinstance(video, Video) and len(video.frames) > 0, path.name
        assert max(video.frames.shape[1:3]) <= 448
        assert video.seconds[-1] <= video.facts["seconds"]
