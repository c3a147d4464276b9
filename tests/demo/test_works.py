"""What the demo library is made of, file by file."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import PurePosixPath

import numpy as np
import PIL.Image
import pytest

from xmr_core import demo
from xmr_core.demo import EXAMPLES, THEMES, WORKS, photos
from xmr_core.errors import UnreadableFile
from xmr_core.media import Audio, Image, Mesh, Modality, Text, Video, modality_of
from xmr_core.readers import read

BY_PATH = {work.path: work for work in WORKS}


def some_of_each_kind():
    """The first file of every ending in every medium."""
    kinds = {}
    for work in WORKS:
        kinds.setdefault((work.modality, work.suffix), work)
    return sorted(kinds.values(), key=lambda work: work.path)


def in_process(paths):
    """SHA-256 of files, made in a process of its own with other hash seeds."""
    script = (
        "import hashlib, json, sys; from xmr_core.demo import WORKS;"
        "works = {w.path: w for w in WORKS};"
        "print(json.dumps({p: hashlib.sha256(works[p].bytes()).hexdigest() for p in sys.argv[1:]}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *paths],
        env={**os.environ, "PYTHONHASHSEED": "123"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_there_are_enough_files_of_all_five_media_and_no_two_share_a_name():
    assert len(WORKS) >= 120
    assert len(BY_PATH) == len(WORKS)
    assert len({work.path.lower() for work in WORKS}) == len(WORKS)  # for other file systems
    counts = {m: sum(work.modality is m for work in WORKS) for m in Modality}
    assert all(count >= 20 for count in counts.values()), counts


def test_names_are_plain_and_tell_the_theme():
    for work in WORKS:
        assert work.path == PurePosixPath(work.path).as_posix()
        assert work.path.isascii()
        assert " " not in work.path
        assert len(PurePosixPath(work.path).parts) == 2
        assert work.themes
        assert all(theme in THEMES for theme in work.themes)


def test_themes_cross_media():
    assert len(THEMES) >= 25
    widths = {theme: len(media) for theme, media in THEMES.items()}
    assert all(width >= 2 for width in widths.values()), widths
    assert sum(width >= 4 for width in widths.values()) > len(widths) / 2
    for modality in Modality:  # each medium can be asked with, and finds the others
        assert sum(modality in media for media in THEMES.values()) >= 15, modality


def test_themes_hold_exactly_the_files():
    listed = {path for media in THEMES.values() for paths in media.values() for path in paths}
    assert listed == set(BY_PATH)
    for theme, media in THEMES.items():
        for modality, paths in media.items():
            assert list(paths) == sorted(set(paths))
            for path in paths:
                assert BY_PATH[path].modality is modality
                assert theme in BY_PATH[path].themes


def test_examples_are_words_or_files_of_the_library():
    files = [example for example in EXAMPLES if "/" in example]
    assert all(path in BY_PATH for path in files)
    assert len({BY_PATH[path].modality for path in files}) >= 3
    assert len(EXAMPLES) - len(files) >= 2


@pytest.mark.parametrize("work", some_of_each_kind(), ids=lambda work: work.path)
def test_files_of_every_kind_can_be_read_as_what_they_are(work, tmp_path):
    path = tmp_path / PurePosixPath(work.path).name
    path.write_bytes(work.bytes())
    media = read(path)
    assert modality_of(media) is work.modality
    match media:
        case Text():
            assert len(media.text.split()) >= 20
        case Image():
            assert min(media.pixels.shape[:2]) >= 100
            assert media.pixels.std() > 10
        case Audio():
            assert 1 <= media.seconds <= 20
            assert 0.2 < np.abs(media.samples).max() <= 1.0
        case Video():
            assert 2 <= media.facts["seconds"] <= 12
            assert media.frames.std() > 10
            assert media.sound is not None
            assert np.abs(media.sound.samples).max() > 0.05
        case Mesh():
            assert 100 <= len(media.faces) <= 100_000
            assert np.isfinite(media.vertices).all()


def test_files_come_out_the_same_in_every_process():
    works = [work for work in some_of_each_kind() if work.modality is not Modality.VIDEO]
    films = [BY_PATH["coffee/espresso-is-served.mp4"], BY_PATH["space/astronaut-and-shuttle.webm"]]
    made = {w.path: hashlib.sha256(w.bytes()).hexdigest() for w in [*works, *films]}
    assert in_process(made) == made


def test_every_sound_is_heard_and_none_is_cut_or_clipped(tmp_path):
    for work in WORKS:
        if work.modality is not Modality.AUDIO:
            continue
        path = tmp_path / PurePosixPath(work.path).name
        path.write_bytes(work.bytes())
        sound = read(path)
        assert 1.0 <= sound.seconds <= 20, work.path
        peak = np.abs(sound.samples).max()
        assert 0.2 < peak <= 1.0, work.path
        assert np.sqrt((sound.samples**2).mean()) > 0.004, work.path
        assert (np.abs(sound.samples) > 0.999).mean() < 0.01, work.path
        assert abs(sound.samples.mean()) < 0.02, work.path


def test_every_mesh_is_sound_and_stands_upright_within_bounds(tmp_path):
    for work in WORKS:
        if work.modality is not Modality.MESH:
            continue
        path = tmp_path / PurePosixPath(work.path).name
        path.write_bytes(work.bytes())
        mesh = read(path)
        assert 12 <= len(mesh.faces) <= 100_000, work.path
        assert mesh.faces.min() >= 0
        assert mesh.faces.max() < len(mesh.vertices)
        size = np.ptp(mesh.vertices, axis=0)
        assert (size > 0).all(), work.path
        if work.suffix not in (".stl",):
            assert len(np.unique(mesh.colours, axis=0)) >= 1


def test_tall_things_are_tall(tmp_path):
    """The upright axis is the right one in every format."""
    for path in ("sea/lighthouse.glb", "kitchen/wine-bottle.ply", "flowers/blue-vase.obj"):
        file = tmp_path / PurePosixPath(path).name
        file.write_bytes(BY_PATH[path].bytes())
        x, y, z = np.ptp(read(file).vertices, axis=0)
        assert y > max(x, z), path


def test_photographs_are_named_with_their_makers_and_licences():
    table = photos.credits()
    for name, source in photos.SOURCES.items():
        assert source.credit in table, name
        assert source.licence in table
    for work in photos.WORKS:
        assert work.path in table
    assert len(table.splitlines()) == len(photos.SOURCES) + 2
    used = {shown.name for shown in photos._VIEWS}
    assert used == set(photos.SOURCES)


def test_photograph_of_a_package_that_is_not_there_is_said(monkeypatch):
    gone = photos.Source("no_such_package_here", "a.png", "", "", "")
    monkeypatch.setitem(photos.SOURCES, "gone", gone)
    with pytest.raises(UnreadableFile, match="not in the package no_such_package_here"):
        photos.photograph("gone")


def test_view_is_a_piece_of_its_photograph():
    whole = np.asarray(photos.view("cat"))
    h, w = whole.shape[:2]
    piece = np.asarray(photos.view("cat", (0.5, 0.0, 1.0, 0.5)))
    assert np.array_equal(piece, whole[: round(h / 2), round(w / 2) :])
    turned = np.asarray(photos.view("cat", mirror=True))
    assert np.array_equal(turned, whole[:, ::-1])
    clear = np.asarray(photos.photograph("horse"))
    assert clear.shape[2] == 3


def test_office_files_carry_no_date_of_today():
    for path in ("home/how-to-choose-a-chair.docx", "flight/why-an-aeroplane-flies.pptx"):
        with zipfile.ZipFile(io.BytesIO(BY_PATH[path].bytes())) as archive:
            assert {info.date_time[:3] for info in archive.infolist()} == {(2026, 1, 1)}


def test_pages_and_slides_are_told_apart(tmp_path):
    for path, word in (
        ("doctor/the-heart.pdf", "page"),
        ("flight/why-an-aeroplane-flies.pptx", "slide"),
    ):
        file = tmp_path / PurePosixPath(path).name
        file.write_bytes(BY_PATH[path].bytes())
        text = read(file)
        assert len(text.sections) >= 2
        assert all(word in section.label.lower() for section in text.sections), text.sections


def test_pictures_are_of_a_size_for_a_demo():
    total = 0
    for work in (*photos.WORKS,):
        data = work.bytes()
        total += len(data)
        with PIL.Image.open(io.BytesIO(data)) as picture:
            assert max(picture.size) <= 1600, work.path
    assert total < 15e6
    assert demo.VERSION >= 1
