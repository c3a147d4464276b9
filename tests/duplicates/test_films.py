"""Prints of videos."""

import av
import numpy as np
import pytest

from tests.duplicates import made
from xmr_core.duplicates import Kind, films, sounds
from xmr_core.errors import DamagedMedia
from xmr_core.media import Video


def panned(name, count=8, start=0, side=200):
    """A window that glides over a photograph, a frame a second."""
    picture = np.asarray(made.photograph(name))
    frames = [picture[i * 8 : i * 8 + side, i * 12 : i * 12 + side] for i in range(start, count)]
    return np.stack(frames), np.arange(count - start, dtype=np.float32)


def prints(*shown):
    return {i: [films.print_of(*one)] for i, one in enumerate(shown)}


def test_a_smaller_and_a_mirrored_video_are_known_again():
    frames, seconds = panned("astronaut")
    found = films.pairs(
        prints((frames, seconds), (frames[:, ::2, ::2], seconds), (frames[:, :, ::-1], seconds)), {}
    )
    kinds = {(pair.first, pair.second): pair.kind for pair in found}
    assert kinds == {(0, 1): Kind.SAME, (0, 2): Kind.MIRRORED, (1, 2): Kind.MIRRORED}


def test_a_video_without_its_beginning_and_a_short_stretch_are_told_apart():
    whole = panned("chelsea", 8)
    (late,) = films.pairs(prints(whole, panned("chelsea", 8, start=2)), {})
    (part,) = films.pairs(prints(whole, panned("chelsea", 5, start=2)), {})
    assert (late.kind, part.kind) == (Kind.SAME, Kind.PART)


def test_different_and_black_videos_are_no_pairs():
    black = (np.zeros((5, 64, 64, 3), np.uint8), np.arange(5, dtype=np.float32))
    shown = [panned(name) for name in ("astronaut", "chelsea", "coffee")]
    assert films.pairs(prints(*shown, black, black), {}) == []


def test_a_sound_in_common_raises_the_similarity():
    frames, seconds = panned("coffee")
    rough = np.clip(
        frames.astype(int) + np.random.default_rng(0).integers(-60, 60, frames.shape), 0, 255
    )
    shown = prints((frames, seconds), (rough.astype(np.uint8), seconds))
    heard = {i: [sounds.print_of(made.song(1))] for i in range(2)}
    (alone,), (both,) = films.pairs(shown, {}), films.pairs(shown, heard)
    assert both.similarity >= alone.similarity


def test_frames_are_taken_each_second_of_one_long_shot(tmp_path):
    path = tmp_path / "shot.mp4"
    frames, _ = panned("astronaut", 6)
    with av.open(str(path), "w") as box:
        stream = box.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 200
        stream.pix_fmt = "yuv420p"
        for frame in np.repeat(frames, 5, axis=0):
            box.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        box.mux(stream.encode(None))
    one = Video(frames[:1], np.zeros(1, np.float32), None, {"seconds": 6.0})
    taken, seconds = films.frames_of(path, one)
    assert len(taken) == 6 and np.allclose(seconds, range(6), atol=0.21)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(DamagedMedia):
        films.frames_of(path, one)
