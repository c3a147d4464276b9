import av
import pytest

from tests.words import made
from xmr_core.words.subtitles import Subtitles, files_beside

SRT = (
    "1\n00:00:01,000 --> 00:00:02,500\nGood <i>morning</i>\n\n"
    "2\n00:00:05,000 --> 00:00:06,000\nBye\n"
)


@pytest.fixture
def video(tmp_path):
    return made.film(tmp_path / "film.mp4", ["one", "two", "three"])


def found(video):
    return [(n.text, n.low[0], n.high[0]) for n in Subtitles().look(made.item(video)).lines]


def test_files_beside_a_video_that_are_called_as_it_is_count(video):
    for name in ("film.srt", "film.de.vtt", "filming.srt", "other.srt", "film.txt"):
        (video.parent / name).write_text(SRT)
    assert [path.name for path in files_beside(video)] == ["film.de.vtt", "film.srt"]
    assert found(video) == [("Good morning", 1.0, 2.5), ("Bye", 5.0, 6.0)]  # of both, once


def test_a_broken_file_beside_a_video_stops_nothing(video):
    (video.parent / "film.srt").write_bytes(b"")
    assert found(video) == []


def test_streams_inside_a_video_are_read(video, tmp_path):
    path = tmp_path / "inside.mkv"
    (tmp_path / "words.srt").write_text(SRT)
    with (
        av.open(str(video)) as film,
        av.open(str(tmp_path / "words.srt")) as words,
        av.open(str(path), "w") as out,
    ):
        pictures = out.add_stream_from_template(film.streams.video[0])
        lines = out.add_stream_from_template(words.streams.subtitles[0])
        for source, stream in ((film, pictures), (words, lines)):
            for packet in source.demux():
                if packet.dts is not None:
                    packet.stream = stream
                    out.mux(packet)
    assert found(path) == [("Good morning", 1.0, 2.5), ("Bye", 5.0, 6.0)]
