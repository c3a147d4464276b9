"""The benchmark of near-duplicates at a small size, on made media."""

import numpy as np
import soundfile
import trimesh

from tests.duplicates import made
from tests.indexing.world import write_film
from xmr_core.bench import altered, duplicates


def few(tmp_path):
    for name in made.PHOTOGRAPHS:
        made.photograph(name).save(tmp_path / f"{name}.png")
    for seed in range(3):
        song = made.song(seed)
        soundfile.write(tmp_path / f"{seed}.wav", song.samples, song.rate)
        mesh = made.shape(seed, detail=36)
        trimesh.Trimesh(mesh.vertices, mesh.faces).export(tmp_path / f"{seed}.glb")
    write_film(tmp_path / "film.gif")
    kinds = {"pictures": "png", "sounds": "wav", "meshes": "glb", "videos": "gif"}
    return {kind: sorted(tmp_path.glob(f"*.{suffix}")) for kind, suffix in kinds.items()}


def test_every_alteration_is_measured_and_few_are_missed(tmp_path, monkeypatch):
    files = few(tmp_path)
    monkeypatch.setattr(duplicates, "_files", lambda: files)
    figures = {figure.name: figure for figure in duplicates.bench_duplicates(4, many=50)}
    assert all(np.isfinite(figure.value) for figure in figures.values())
    told = {name for name in figures if "found again" in name}
    assert len(told) == len(altered.PICTURES) + len(altered.PIECES) + len(altered.SOUNDS) + 5
    pictures = [figures[name].value for name in told if name.startswith("pictures")]
    assert np.mean(pictures) > 90
    assert figures["pairs among 4 pictures that should be distinct"].value == 0
    assert figures["sounds found again: without its first second"].value == 100
    assert figures["3D models found again: turned and scaled"].value == 100


def test_a_decimated_model_has_half_its_faces():
    mesh = made.shape(1, detail=40)
    assert 0 < len(altered.decimated(mesh).faces) <= len(mesh.faces) / 2
