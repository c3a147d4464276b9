import hashlib

import numpy as np
import pytest

from xmr_core.indexing import reading
from xmr_core.indexing.labels import clock, parts_of
from xmr_core.indexing.reading import content_hash
from xmr_core.media import Audio, Image, Mesh, Section, Text, Video, media_bytes

# -- content hashes


def test_small_files_are_hashed_whole(tmp_path):
    (tmp_path / "a").write_bytes(b"hello")
    expected = hashlib.blake2b(b"hello", digest_size=16).hexdigest()
    assert content_hash(tmp_path / "a") == expected


@pytest.fixture
def small(monkeypatch):
    """Sampling begins at a thousand bytes: four places of ten."""
    monkeypatch.setattr(reading, "_WHOLE", 1000)
    monkeypatch.setattr(reading, "_SAMPLE", 10)
    monkeypatch.setattr(reading, "_SAMPLES", 4)


def hash_of(path, data):
    path.write_bytes(data)
    return content_hash(path)


def test_large_files_are_hashed_by_their_size_and_samples(tmp_path, small):
    path = tmp_path / "a"
    data = bytes(range(250)) * 8
    whole = hash_of(path, data[:1000])
    large = hash_of(path, data)
    assert large.startswith("s") and not whole.startswith("s")
    assert hash_of(path, data + b"x") != large
    assert hash_of(path, b"x" + data[1:]) != large, "the first byte counts"
    assert hash_of(path, data[:-1] + b"x") != large, "the last byte counts"
    assert hash_of(path, data[:670] + b"x" + data[671:]) != large, "and those of a sample"
    assert hash_of(path, data[:900] + b"x" + data[901:]) == large, "but not those in between"


# -- sizes and words


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        (Text("abc"), 12),
        (Image(np.zeros((4, 5, 3), np.uint8)), 60),
        (Audio(np.zeros(10, np.float32), 1), 40),
        (Video(np.zeros((2, 4, 4, 3), np.uint8), np.zeros(2, np.float32)), 96),
        (
            Video(
                np.zeros((2, 4, 4, 3), np.uint8),
                np.zeros(2, np.float32),
                Audio(np.zeros(10, np.float32), 1),
            ),
            136,
        ),
        (
            Mesh(
                np.zeros((3, 3), np.float32), np.zeros((1, 3), np.int32), np.zeros((1, 3), np.uint8)
            ),
            51,
        ),
    ],
)
def test_the_memory_of_a_medium_is_known(media, expected):
    assert media_bytes(media) == expected


def boxes(*spans):
    return np.array(spans, np.float32).reshape(len(spans), 2, 1)


def test_parts_of_a_text_carry_its_words_and_the_name_of_their_section():
    text = Text(
        "one two three", (Section(0, 4, "page 1"), Section(4, 8, "page 2"), Section(8, 13, ""))
    )
    parts = parts_of(text, boxes((0, 3), (3, 6), (4, 7), (8, 13)))
    assert [(p.no, p.text, p.label) for p in parts] == [
        (1, "one", "page 1"),
        (2, " tw", "page 1"),
        (3, "two", "page 2"),
        (4, "three", "passage 4"),
    ]
    assert [p.label for p in parts_of(Text("one"), boxes((0, 3)))] == [""]


def test_parts_of_other_media_say_where_they_are():
    sound = Audio(np.zeros(10, np.float32), 1)
    assert [p.label for p in parts_of(sound, boxes((0, 1), (3661.9, 3662)))] == ["0:00", "1:01:01"]
    mesh = Mesh(np.zeros((3, 3)), np.zeros((1, 3), np.int32), np.zeros((1, 3), np.uint8))
    assert [p.label for p in parts_of(mesh, boxes((0, 1), (11, 12)))] == ["view 1", "view 12"]
    picture = Image(np.zeros((4, 5, 3), np.uint8))
    assert parts_of(picture, np.zeros((0, 2, 2), np.float32)) == []
    (region,) = parts_of(picture, np.array([[[0, 0], [0.5, 0.5]]], np.float32))
    assert (region.label, region.low, region.high) == ("region 1", (0.0, 0.0), (0.5, 0.5))


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (59.99, "0:59"), (60, "1:00"), (3600, "1:00:00")]
)
def test_moments_are_shown_as_players_do(seconds, shown):
    assert clock(seconds) == shown
