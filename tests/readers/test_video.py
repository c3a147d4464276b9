"""Films: every format, key frames where the scene changes, their seconds, the sound."""

import time
from pathlib import Path

import numpy as np
import pytest

from tests.readers import made
from tests.readers.test_audio import pitch
from xmr_core.errors import BlankMedia, DamagedMedia, OversizedMedia
from xmr_core.media import Modality, Video
from xmr_core.readers import Limits, container, detect, known, read
from xmr_core.readers.scenes import choose, signature


def seen(path: Path, limits: Limits | None = None) -> Video:
    media = read(path, limits) if limits else read(path)
    assert isinstance(media, Video)
    assert media.frames.dtype == np.uint8 and media.frames.ndim == 4
    assert media.seconds.dtype == np.float32 and len(media.seconds) == len(media.frames)
    assert (np.diff(media.seconds) > 0).all()
    return media


@pytest.mark.parametrize("name", made.FILMS)
def test_every_format_shows_each_scene_once_at_its_time(name: str, tmp_path: Path) -> None:
    path = made.made(name, tmp_path)
    assert detect(path) is Modality.VIDEO
    video = seen(path)
    assert video.frames.shape == (3, 64, 96, 3)
    assert np.allclose(video.seconds, [0, 2, 4], atol=0.25)
    for frame, colour in zip(video.frames, made.COLOURS, strict=True):
        assert np.abs(frame.mean(axis=(0, 1)) - colour).max() < 25
    assert video.facts["seconds"] == pytest.approx(6.0, abs=0.15)
    assert (video.facts["width"], video.facts["height"]) == (96, 64)
    assert video.facts["fps"] == pytest.approx(0.5 if name.endswith("gif") else 10)


@pytest.mark.parametrize("name", [name for name in made.FILMS if name != "moving.gif"])
def test_the_sound_of_a_film_is_heard(name: str, tmp_path: Path) -> None:
    sound = seen(made.made(name, tmp_path)).sound
    assert sound is not None
    assert sound.seconds == pytest.approx(6.0, abs=0.1)
    assert pitch(sound) == pytest.approx(440, abs=1)


def test_a_film_may_begin_with_any_of_its_boxes(tmp_path: Path) -> None:
    data = made.content("a.mov")
    after = int.from_bytes(data[:4], "big")
    assert data[4:8] == b"ftyp"
    (tmp_path / "old.mov").write_bytes(bytes([0, 0, 0, after]) + b"free" + data[8:])
    begun = time.perf_counter()
    assert detect(tmp_path / "old.mov") is Modality.VIDEO
    assert time.perf_counter() - begun < 1


def test_a_silent_film_has_no_sound(tmp_path: Path) -> None:
    made.film(tmp_path / "a.mp4", "libx264", "mp4", None)
    assert seen(tmp_path / "a.mp4").sound is None


def test_a_long_still_scene_is_shown_every_ten_seconds_or_so(tmp_path: Path) -> None:
    made.film(tmp_path / "a.mp4", "libx264", "mp4", None, scenes=[(90, 90, 90)], seconds=35)
    video = seen(tmp_path / "a.mp4")
    assert 4 <= len(video.frames) <= 5
    assert np.diff(video.seconds).max() <= 10.5


def test_films_of_more_than_a_minute_are_read_by_their_key_pictures(tmp_path: Path) -> None:
    scenes = [(220, 20, 20), (20, 200, 20), (20, 20, 220), (230, 230, 20)]
    made.film(tmp_path / "a.mp4", "libx264", "mp4", None, scenes=scenes, seconds=20)
    video = seen(tmp_path / "a.mp4")
    assert video.facts["seconds"] == pytest.approx(80, abs=0.2)
    shown = [frame.mean(axis=(0, 1)) for frame in video.frames]
    for start, colour in zip((0, 20, 40, 60), scenes, strict=True):
        in_scene = [c for t, c in zip(video.seconds, shown, strict=True) if start <= t < start + 20]
        assert in_scene and all(np.abs(c - colour).max() < 25 for c in in_scene)


def test_at_most_so_many_frames_are_kept_and_the_strongest_changes_first(tmp_path: Path) -> None:
    assert len(seen(made.made("a.mp4", tmp_path), Limits(frames=2)).frames) == 2
    dark, mid, light = (np.full(4, v, np.float32) for v in (0, 0.3, 1))
    assert choose([0, 1, 2], [dark, mid, light], 2) == [0, 2]


def test_frames_are_made_small(tmp_path: Path) -> None:
    assert seen(made.made("a.mp4", tmp_path), Limits(frame_side=48)).frames.shape[1:3] == (32, 48)


def test_signatures_tell_where_a_colour_is() -> None:
    left = np.zeros((40, 60, 3), np.uint8)
    left[:, :30] = 255
    assert np.abs(signature(left) - signature(left[:, ::-1])).mean() > 0.2


@pytest.mark.parametrize("shape", [(1, 1), (2, 90), (37, 66), (240, 320), (448, 251)])
def test_signatures_are_means_of_cells_and_shares_of_bins(shape: tuple[int, int]) -> None:
    frame = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    steps = [max(1, side // 64) for side in shape]
    small = frame[:: steps[0], :: steps[1]] / 255
    expected = np.array(
        [
            np.histogram(small[..., c], bins=8, range=(0, 1))[0] / small[..., c].size
            for c in range(3)
        ]
    ).ravel()
    found = signature(frame)
    assert np.allclose(found[48:], expected, atol=1e-6)
    if min(shape) >= 4:
        rows = [np.array_split(row, 4, axis=1) for row in np.array_split(small, 4)]
        cells = [cell.mean((0, 1)) for row in rows for cell in row]
        assert np.allclose(found[:48], np.ravel(cells), atol=1e-6)
    else:
        assert found[:48].min() >= 0 and found[:48].max() <= 1


@pytest.mark.parametrize(("sound", "times"), [(None, 1), ("aac", 2)])
def test_a_film_is_opened_once_and_once_more_for_its_sound(
    sound: str | None, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import av

    made.film(tmp_path / "a.mp4", "libx264", "mp4", sound)
    opened, open = [], av.open
    monkeypatch.setattr(av, "open", lambda *a, **k: opened.append(a) or open(*a, **k))
    assert (seen(tmp_path / "a.mp4").sound is None) == (sound is None)
    assert len(opened) == times


@pytest.mark.parametrize("alone", [True, False])
def test_small_frames_are_decoded_by_one_thread(
    alone: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.film(tmp_path / "a.mp4", "libx264", "mp4", None)
    monkeypatch.setattr(container, "_ALONE", 96 * 64 - (not alone))
    with known(tmp_path / "a.mp4") as (source, kind), container.opened(source, kind) as box:
        stream = container.moving(box)
        assert stream is not None
        assert next(container.decoded(box, stream)) is not None
        assert (stream.codec_context.thread_count == 1) == alone


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_film_from_a_turned_phone_is_upright(angle: int, tmp_path: Path) -> None:
    data = bytearray(made.content("a.mp4"))
    # the matrix of the track header, 40 bytes behind its flags in version 0
    at = data.index(b"tkhd") + 4 + 40
    turns = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
    one = {0: 0, 1: 0x00010000, -1: 0xFFFF0000}
    a, b, c, d = (one[v].to_bytes(4, "big") for v in turns[angle])
    zero = bytes(4)
    data[at : at + 36] = a + b + zero + c + d + zero + zero + zero + 0x40000000.to_bytes(4, "big")
    (tmp_path / "a.mp4").write_bytes(data)
    video = seen(tmp_path / "a.mp4")
    tall = angle != 180
    assert video.frames.shape[1:3] == ((96, 64) if tall else (64, 96))
    assert video.facts["width"] == (64 if tall else 96)


def test_the_top_of_a_turned_film_is_up(tmp_path: Path) -> None:
    import av

    path = tmp_path / "a.mp4"
    with av.open(str(path), "w", format="mp4") as box:
        video = box.add_stream("libx264", rate=10)
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        pixels = np.zeros((64, 96, 3), np.uint8)
        pixels[:, :48] = 255  # white left: on top once turned by a quarter clockwise
        for _ in range(10):
            box.mux(video.encode(av.VideoFrame.from_ndarray(pixels)))
        box.mux(video.encode(None))
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 44
    one, minus, zero = (v.to_bytes(4, "big") for v in (0x00010000, 0xFFFF0000, 0))
    data[at : at + 20] = zero + one + zero + minus + zero
    path.write_bytes(data)
    frame = seen(path).frames[0]
    assert frame.shape == (96, 64, 3)
    assert frame[:40].mean() > 240 and frame[56:].mean() < 15


def test_a_video_without_frames_is_blank(tmp_path: Path) -> None:
    import av

    path = tmp_path / "none.mkv"
    with av.open(str(path), "w", format="matroska") as box:
        video = box.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        sound = box.add_stream("flac", rate=48_000, layout="mono")
        for packet in made._encoded_sound(sound, made.tone(), 48_000):
            box.mux(packet)
    with pytest.raises(BlankMedia, match=r"none\.mkv is a video without frames") as caught:
        read(path)
    assert caught.value.hint


@pytest.mark.parametrize("name", [name for name in made.FILMS if name != "moving.gif"])
def test_a_film_that_breaks_off_is_damaged(name: str, tmp_path: Path) -> None:
    data = made.content(name)
    (tmp_path / name).write_bytes(data[: int(len(data) * 0.5)])
    with pytest.raises(DamagedMedia, match=name):
        read(tmp_path / name)


def test_frames_over_the_limit_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    with pytest.raises(OversizedMedia, match="96 × 64"):
        read(made.made("a.mp4", tmp_path), Limits(pixels=5000))


def test_a_playlist_that_calls_itself_a_film_fetches_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("never read")
    (tmp_path / "a.mp4").write_text("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nsecret.txt\n")
    with pytest.raises(DamagedMedia, match="holds plain text"):
        read(tmp_path / "a.mp4")


def test_decoders_never_complain_to_python(tmp_path: Path) -> None:
    """Their threads would wait for the interpreter, and its holder for them: all stood still."""
    import av

    av.logging.set_level(av.logging.ERROR)
    read(made.made("a.mp4", tmp_path))
    assert av.logging.get_level() is None
