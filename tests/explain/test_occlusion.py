"""Media without something of theirs."""

import numpy as np
import pytest

from tests.encoders.test_mesh import box
from tests.fakes import fake_space
from xmr_core.bench.media import photographs, sound
from xmr_core.encoders.audio import BANDS
from xmr_core.errors import ExplanationError
from xmr_core.explain.muting import mute
from xmr_core.explain.occlusion import (
    change,
    drop,
    drop_stretch,
    erase,
    hide_view,
    mute_video,
    occlude,
    occluder,
    remove_faces,
)
from xmr_core.media import Audio, Image, Modality, Section, Text, Video, modality_of
from xmr_core.render import render, view_angles

RATE = 44_100
COLOURS = [(220, 30, 30), (30, 200, 30), (240, 240, 90), (120, 60, 20), (30, 30, 220), (9, 9, 9)]
CUBE = box(COLOURS)  # right, left, top, bottom, front, back: two faces each


def boxes(*corners):
    return np.array(corners, np.float32)


def tone(hertz, seconds=2.0):
    return np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE).astype(np.float32)


def loud(samples, hertz, start=0.2, end=1.8):
    """The part of a tone in samples."""
    low, high = int(start * RATE), int(end * RATE)
    wave = np.exp(2j * np.pi * hertz * np.arange(low, high) / RATE)
    return 2 * abs(np.mean(samples[low:high] * wave))


def film(*colours, seconds=4.0, with_sound=True):
    """A second and a bit of each colour."""
    frames = np.stack([np.full((12, 16, 3), c, np.uint8) for c in colours])
    times = np.arange(len(colours), dtype=np.float32) * seconds / len(colours)
    heard = Audio(tone(440, seconds), RATE) if with_sound else None
    return Video(frames, times, heard, {"seconds": seconds})


def test_region_of_a_picture_is_blurred_and_the_rest_is_as_it_was():
    picture = Image(photographs(1)[0])
    gone = erase(picture, boxes([[0.25, 0.5], [0.75, 1.0]]))
    same = (gone.pixels == picture.pixels).all(axis=2)
    assert same[:, :320].all() and same[:120].all() and same[360:].all()
    hole, before = gone.pixels[120:360, 320:], picture.pixels[120:360, 320:]
    assert not same[120:360, 320:].all()
    edges = [np.abs(np.diff(p.astype(float), axis=1)).mean() for p in (hole, before)]
    assert edges[0] < edges[1] / 3
    assert abs(float(hole.mean()) - float(before.mean())) < 25  # about as light as it was


def test_grey_is_grey_and_nothing_erased_changes_nothing():
    picture = Image(photographs(1)[0])
    assert (erase(picture, boxes([[0, 0], [1, 1]]), "grey").pixels == 127).all()
    none = np.zeros((0, 2, 2), np.float32)
    assert (erase(picture, none).pixels == picture.pixels).all()


def test_region_beyond_the_edge_is_cut_off_there():
    picture = Image(photographs(1)[0])
    beyond = erase(picture, boxes([[-1, -1], [9, 9]]), "grey")
    assert (beyond.pixels == 127).all()
    assert (erase(picture, boxes([[0.5, 0.5], [0.5, 0.9]])).pixels == picture.pixels).all()


def test_words_go_without_leaving_double_spaces():
    text = Text("a red dog barks")
    assert drop(text, boxes([[2], [5]])).text == "a dog barks"
    assert drop(text, boxes([[0], [1]])).text == "red dog barks"
    assert drop(text, boxes([[2], [5]], [[6], [9]])).text == "a barks"
    assert drop(text, boxes([[10], [15]])).text.strip() == "a red dog"
    assert drop(text, boxes([[0], [99]])).text == ""


def test_sections_move_with_the_words_before_them():
    text = Text("one two three", (Section(0, 4, "page 1"), Section(4, 13, "page 2")))
    left = drop(text, boxes([[0], [3]]))
    assert [left.text[s.start : s.end] for s in left.sections] == ["", "two three"]
    assert [s.label for s in left.sections] == ["page 1", "page 2"]


def test_span_of_a_sound_is_silent_and_the_rest_is_as_it_was():
    audio = Audio(tone(440), RATE)
    left = mute(audio, boxes([[0.5, 0], [1.0, BANDS]])).samples
    assert len(left) == len(audio.samples)
    assert (left[int(0.55 * RATE) : int(0.95 * RATE)] == 0).all()
    for low, high in ((0, 0.45), (1.05, 2.0)):
        part = slice(int(low * RATE), int(high * RATE))
        np.testing.assert_allclose(left[part], audio.samples[part], atol=1e-6)


def test_band_of_a_sound_is_muted_and_other_bands_sound_on():
    audio = Audio(tone(440) + tone(6000), RATE)
    middle = BANDS * 0.45  # about 3 kHz on the mel scale
    high = mute(audio, boxes([[0, 0], [9, middle]])).samples
    assert loud(high, 440) < 0.01 < 0.98 < loud(high, 6000)
    low = mute(audio, boxes([[0, middle], [9, BANDS]])).samples
    assert loud(low, 6000) < 0.01 < 0.98 < loud(low, 440)
    assert (mute(audio, boxes([[0, 0], [9, BANDS]])).samples == 0).all()


def test_bands_are_those_that_the_encoder_hears():
    """A tone at a mel filter's own frequency goes with that filter's box, and only with it."""
    from xmr_core.encoders.audio import log_mel

    for hertz in (700.0, 2000.0, 9000.0):
        band = int(np.argmax(log_mel(tone(hertz)).mean(axis=0)))
        audio = Audio(tone(hertz), RATE)
        with_it = mute(audio, boxes([[0, band - 1], [9, band + 2]])).samples
        without = mute(audio, boxes([[0, band + 4], [9, BANDS]])).samples
        assert loud(with_it, hertz) < 0.1
        assert loud(without, hertz) > 0.9


def test_muting_nothing_returns_the_very_sound():
    audio = sound(1.0)
    assert mute(audio, boxes([[5, 0], [6, BANDS]])) is audio
    assert mute(audio, np.zeros((0, 2, 2), np.float32)) is audio
    silent = Audio(np.zeros(0, np.float32), RATE)
    assert len(mute(silent, boxes([[0, 0], [1, BANDS]])).samples) == 0


def test_long_sounds_are_filtered_a_stretch_at_a_time_with_the_same_result(monkeypatch):
    audio = sound(3.0)
    some = boxes([[0.3, 10], [2.2, 60]])
    at_once = mute(audio, some).samples
    monkeypatch.setattr("xmr_core.explain.muting._AT_ONCE", 7)
    np.testing.assert_allclose(mute(audio, some).samples, at_once, atol=1e-6)


def test_stretch_of_a_video_goes_with_its_shots_and_its_sound():
    video = film((255, 0, 0), (0, 255, 0), (0, 0, 255), (9, 9, 9))
    left = drop_stretch(video, 0.9, 2.1)
    assert left.seconds.tolist() == [0, 2, 3]
    assert (left.frames[1] == (0, 0, 255)).all()
    heard = left.sound.samples
    assert (heard[RATE : 2 * RATE] == 0).all()
    np.testing.assert_allclose(heard[3 * RATE :], video.sound.samples[3 * RATE :], atol=1e-6)
    assert drop_stretch(film((1, 1, 1), (2, 2, 2), with_sound=False), 0, 2).sound is None


def test_video_of_which_nothing_would_be_left_says_so():
    with pytest.raises(ExplanationError, match="nothing of the video would be left"):
        drop_stretch(film((1, 2, 3)), 0, 4)


def test_region_of_a_frame_is_erased_in_its_shot_alone():
    video = film((255, 0, 0), (0, 255, 0))
    gone = occlude(video, boxes([[0, 0, 0], [2, 1, 0.5]]), "grey")
    assert (gone.frames[0, :, :8] == 127).all()
    assert (gone.frames[0, :, 8:] == (255, 0, 0)).all()
    assert (gone.frames[1] == video.frames[1]).all()
    assert (video.frames[0] == (255, 0, 0)).all()  # the old one is as it was


def test_sound_of_a_video_is_muted_and_a_silent_one_stays():
    assert (mute_video(film((1, 2, 3)), boxes([[0, 0], [9, BANDS]])).sound.samples == 0).all()
    silent = film((1, 2, 3), with_sound=False)
    assert mute_video(silent, boxes([[0, 0], [9, BANDS]])) is silent


def test_faces_that_are_removed_are_seen_no_more_and_the_rest_stays_in_place():
    front = (CUBE.colours == COLOURS[4]).all(axis=1)
    left = remove_faces(CUBE, front)
    assert len(left.faces) == 10
    assert render(CUBE, 0, 0, 64)[32, 32].max() > 150
    inside = render(left, 0, 0, 64)[32, 32].astype(int)  # the back, from within
    assert inside.max() < 60
    before, after = render(CUBE, 90, 0, 64), render(left, 90, 0, 64)
    assert (before == after).mean() > 0.99


def test_mesh_without_any_face_is_an_empty_picture_to_its_encoder():
    nothing = remove_faces(CUBE, np.ones(12, bool))
    assert len(nothing.faces) == 1
    assert (render(nothing, 30, 20, 64) == 255).all()


def test_hidden_view_takes_what_is_seen_from_there():
    at = view_angles().index((0.0, 20.0))
    left = {tuple(c) for c in hide_view(CUBE, at).colours}
    assert left == {COLOURS[i] for i in (0, 1, 3, 5)}  # not the front, nor the top
    with pytest.raises(ExplanationError, match="no view 12"):
        hide_view(CUBE, 12)


def test_box_in_a_view_of_a_mesh_takes_the_faces_that_lie_in_it():
    at = view_angles().index((0.0, 20.0))
    whole = occlude(CUBE, boxes([[at, 0, 0], [at + 1, 1, 1]]))
    assert {tuple(c) for c in whole.colours} == {COLOURS[i] for i in (0, 1, 3, 5)}
    edge = occlude(CUBE, boxes([[at, 0.73, 0], [at + 1, 1, 1]]))
    assert len(edge.faces) == 12  # a strip of the front is not the front
    lower = occlude(CUBE, boxes([[at, 0.45, 0], [at + 1, 1, 1]]))
    assert COLOURS[2] in {tuple(c) for c in lower.colours}  # the top lies in the upper half
    assert COLOURS[4] not in {tuple(c) for c in lower.colours}


@pytest.mark.parametrize("media", [Text("a"), Image(photographs(1)[0]), sound(0.5), CUBE])
def test_boxes_of_another_medium_are_refused(media):
    wrong = np.zeros((1, 2, 4), np.float32)
    with pytest.raises(ExplanationError, match=f"Boxes of a {modality_of(media)}"):
        occlude(media, wrong)
    with pytest.raises(ExplanationError):
        occlude(media, np.full((1, 2, 2), np.nan, np.float32))


def test_what_is_taken_away_is_taken_from_the_medium_given_each_time():
    picture = Image(photographs(1)[0])
    without = occluder(picture, "grey")
    first = without(boxes([[0, 0], [0.5, 1]]))
    second = without(boxes([[0.5, 0], [1, 1]]))
    assert (first.pixels[:240] == 127).all() and (second.pixels[240:] == 127).all()
    assert (second.pixels[:240] == picture.pixels[:240]).all()


def test_score_and_rank_fall_when_the_answer_is_erased():
    """A red and a blue half; "red" loses the picture once the red half is grey."""
    space = fake_space()
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[:, :4] = (255, 0, 0)
    pixels[:, 4:] = (0, 0, 60)
    picture = Image(pixels)
    asked = space.encode([Text("red")], "query")[0]
    after = erase(picture, boxes([[0, 0], [1, 0.5]]), "grey")
    hit = space.encode([picture, after], "gallery")
    others = space.encode([Text("red green"), Text("blue")], "gallery")
    found = change((asked, asked), (hit[0], hit[1]), others)
    assert found.rank == 1
    assert found.rank_after == 2
    assert found.drop == pytest.approx(found.score - found.score_after)
    assert found.drop > 0.2


def test_every_medium_can_be_taken_something_from():
    from xmr_core.explain.occlusion import _AXES, _OCCLUDERS

    assert set(_OCCLUDERS) == set(_AXES) == set(Modality)
