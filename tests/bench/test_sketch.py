"""Drawings as queries, on pictures of three colours; and what a picture is reduced to."""

import numpy as np
import pytest
from PIL import Image as Pictures

from tests import named
from tests.indexing.world import write_picture
from xmr_core.bench import sketch
from xmr_core.profiles import load_profile


@pytest.fixture
def figures(tmp_path):
    for colour in ("red", "green", "blue"):
        for number in range(4):
            write_picture(tmp_path / f"media/{colour}{number}.png", colour, 20 + number)

    def measure():
        with named.registered():
            found = list(sketch.bench_sketch(tmp_path / "media", load_profile("colours")))
        return {figure.name.rpartition(", ")[2]: figure.value for figure in found}

    return measure


def test_patches_keep_what_a_picture_is_found_by_and_lines_do_not(figures, monkeypatch):
    monkeypatch.setattr(sketch, "FIRST", 4)
    told = figures()
    assert told["eight colours"] == 100 and told["lines"] < 60
    assert told["by chance"] == pytest.approx(100 * 4 / 12)


def test_patches_have_no_more_colours_and_lines_are_black_on_white():
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    picture = Pictures.fromarray(noise).resize((256, 256))
    assert len(sketch.patches(picture, 4).getcolors()) <= 4
    lines = sketch.outlines(picture)
    assert {colour for _, colour in lines.getcolors()} == {(0, 0, 0), (255, 255, 255)}
    assert 0.02 < (np.asarray(lines)[..., 0] == 0).mean() < 0.12


@pytest.mark.parametrize("name", sketch.DRAWINGS)
def test_every_thing_can_be_drawn_and_its_pictures_are_in_the_demo(name):
    from xmr_core.demo import WORKS

    one = sketch.DRAWINGS[name]
    assert set(one.right) <= {work.path for work in WORKS}
    colours = sketch.drawn(one).getcolors()
    assert colours is not None and len(colours) >= 3
    lines = sketch.drawn(one, lines=True)
    assert {colour for _, colour in lines.getcolors()} <= {(0, 0, 0), (255, 255, 255)}
