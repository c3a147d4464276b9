"""Prints of pictures."""

import numpy as np
import PIL.Image
import pytest

from tests.duplicates import made
from xmr_core.duplicates import Kind, pictures
from xmr_core.duplicates.nearby import within


def printed(*shown):
    return {i: [pictures.print_of(np.asarray(one.convert("RGB")))] for i, one in enumerate(shown)}


@pytest.mark.parametrize("name", made.PHOTOGRAPHS)
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (made.jpeg, Kind.SAME),
        (made.half, Kind.SAME),
        (made.bright, Kind.SAME),
        (made.framed, Kind.SAME),
        (made.mirrored, Kind.MIRRORED),
        (made.cut, Kind.PART),
        (lambda one: one.transpose(PIL.Image.Transpose.ROTATE_90), Kind.TURNED),
        (lambda one: one.transpose(PIL.Image.Transpose.ROTATE_270), Kind.TURNED),
        (lambda one: one.transpose(PIL.Image.Transpose.ROTATE_180), Kind.UPSIDE_DOWN),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_changed_picture_is_known_again_and_how_it_was_changed(name, change, kind):
    one = made.photograph(name)
    (pair,) = pictures.pairs(printed(one, change(one)))
    assert pair.kind is kind and 0.75 < pair.similarity < 1


@pytest.mark.parametrize("name", made.PHOTOGRAPHS[:3])  # the rocket is darker than any mark
def test_a_picture_with_a_mark_over_it_is_known_again(name):
    one = made.photograph(name)
    assert len(pictures.pairs(printed(one, made.marked(one)))) == 1


def test_different_photographs_are_no_pairs():
    assert pictures.pairs(printed(*map(made.photograph, made.PHOTOGRAPHS))) == []


def test_plain_pictures_say_nothing():
    plain = [PIL.Image.new("RGB", (64, 64), (level,) * 3) for level in (10, 200, 201)]
    assert pictures.pairs(printed(*plain)) == []


def test_a_mirrored_hash_is_told_without_mirroring():
    rows = np.random.default_rng(0).uniform(0, 255, (20, 32, 32)).astype(np.float32)
    mirrored = pictures.hashes(rows[:, :, ::-1])
    assert (mirrored == pictures.hashes(rows) ^ pictures.MIRROR).all()


def test_neighbours_are_those_of_comparing_bit_by_bit(monkeypatch):
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 256, (600, 8), np.uint8)
    near = rows[:300] ^ np.packbits(rng.random((300, 64)) < 0.1, axis=1)
    stored = np.concatenate([rows, near])
    apart = np.bitwise_count(stored[:, None] ^ stored[None]).sum(axis=2)
    wanted = np.argwhere(apart <= 11)
    assert within(stored, stored, 11).tolist() == wanted.tolist()
    monkeypatch.setattr("xmr_core.duplicates.nearby._CHUNK", 250)
    assert within(stored, stored, 11).tolist() == wanted.tolist()


def test_a_look_for_pairs_can_be_stopped():
    def stop(done, total):
        raise KeyboardInterrupt

    one = made.photograph("coffee")
    with pytest.raises(KeyboardInterrupt):
        pictures.pairs(printed(one, one), stop)
