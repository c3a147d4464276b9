import socket

import numpy as np
import pytest

from tests.words import made
from xmr_core.words.writing import Read, Writing, over_time, read


@pytest.fixture
def _alone(monkeypatch):
    def refuse(*_):
        raise AssertionError("nothing may be fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("turn", [0, 180, 15])
def test_writing_is_read_where_it_is_without_any_network(tmp_path, turn, _alone):
    found = Writing().look(made.item(made.sign(tmp_path / "a.png", "No smoking here", turn=turn)))
    (line,) = found.lines
    assert (line.field, line.text) == ("written", "No smoking here")
    assert line.confidence > 0.9
    assert all(0 <= low < high <= 1 for low, high in zip(line.low, line.high, strict=True))
    if not turn:
        assert line.high[0] < 0.4 and 0.05 < line.low[1] < 0.15


def test_a_picture_without_writing_has_none(tmp_path):
    from tests.indexing.world import write_picture

    assert Writing().look(made.item(write_picture(tmp_path / "a.png", "red", 64))).lines == []


@pytest.mark.parametrize("shape", [(3, 4000, 3), (4000, 3, 3), (1, 1, 3)])
def test_a_strip_too_thin_for_letters_has_no_writing(shape):
    assert read(np.full(shape, 128, np.uint8)) == []


def test_writing_in_a_video_has_its_seconds_and_is_kept_once(tmp_path):
    path = made.film(tmp_path / "a.mp4", ["Chapter one", "Chapter one", "The end"])
    first, last = Writing().look(made.item(path)).lines
    assert (first.text, last.text) == ("Chapter one", "The end")
    assert first.low[0] < 1 and 5 <= last.low[0] <= 7.5


def test_readings_of_one_line_in_neighbouring_frames_are_one():
    def look(text, sure):
        return Read(text, (0, 0), (1, 1), sure)

    frames = [
        (0.0, [look("No smoklng", 0.8)]),
        (2.0, [look("No smoking", 0.9), look("Exit", 0.9)]),
        (4.0, [look("Exit", 0.95)]),
        (6.0, [look("No smoking", 0.9)]),
    ]
    lines = [(line.text, line.low[0], line.high[0]) for line in over_time(frames)]
    assert lines == [("No smoking", 0, 2), ("Exit", 2, 4), ("No smoking", 6, 6)]
