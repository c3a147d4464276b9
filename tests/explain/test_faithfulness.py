"""Deletion and insertion curves: maps that are true, maps that are not, all media."""

import numpy as np
import pytest

from tests.encoders.test_mesh import box
from tests.fakes import fake_space
from xmr_core.bench.media import photographs, sound
from xmr_core.errors import ExplanationError
from xmr_core.explain.canvas import canvas_of, peak
from xmr_core.explain.explanation import Explanation, Side
from xmr_core.explain.faithfulness import (
    STEPS,
    Curve,
    baselines,
    centred,
    curves,
    faithfulness,
    order,
    smooth_random,
)
from xmr_core.explain.spreading import spread
from xmr_core.media import Audio, Image, Mesh, Modality, Text, Video

RED, BLUE = (255, 0, 0), (0, 0, 255)
RATE = 44_100


def two_tone():
    """Red in a corner of blue."""
    pixels = np.full((64, 64, 3), BLUE, np.uint8)
    pixels[:24, :24] = RED
    return Image(pixels)


def asked(words, space):
    return space.encode([Text(words)], "query")[0]


def media():
    frames = np.stack(
        [np.tile(np.array([c, (40, 40, 40)], np.uint8), (24, 16, 1)) for c in (RED, BLUE)]
    )
    six = [RED, BLUE, (9, 9, 9), (50, 50, 50), BLUE, BLUE]
    return {
        Modality.TEXT: Text("a red dog, a blue cat and nothing else"),
        Modality.IMAGE: two_tone(),
        Modality.AUDIO: sound(2.0),
        Modality.VIDEO: Video(frames, np.array([0, 2], np.float32), None, {"seconds": 4.0}),
        Modality.MESH: box(six),
    }


def test_true_map_lowers_the_score_first_and_false_one_last():
    space, picture = fake_space(), two_tone()
    canvas = canvas_of(picture, "grey")
    true = (canvas.places < 24 / 64).all(axis=1).astype(np.float32)
    maps = {"true": true, "false": -true, **baselines(canvas)}
    found = curves(canvas, maps, asked("red", space), space)
    gone = {name: some["deletion"].area for name, some in found.items()}
    come = {name: some["insertion"].area for name, some in found.items()}
    assert gone["true"] < min(gone["centre"], gone["random"]) < gone["false"]
    assert come["true"] > max(come["centre"], come["random"]) > come["false"]


def test_curves_begin_and_end_with_the_whole_and_with_nothing():
    space, picture = fake_space(), two_tone()
    canvas = canvas_of(picture, "grey")
    target = asked("red", space)
    found = curves(canvas, {"any": smooth_random(canvas.places)}, target, space)["any"]
    whole = float(space.encode([picture], "gallery")[0] @ target)
    nothing = float(
        space.encode([Image(np.full((64, 64, 3), 127, np.uint8))], "gallery")[0] @ target
    )
    deletion, insertion = found["deletion"], found["insertion"]
    assert deletion.scores[[0, -1]].tolist() == pytest.approx([whole, nothing], abs=1e-6)
    assert insertion.scores[[0, -1]].tolist() == pytest.approx([nothing, whole], abs=1e-6)
    assert len(deletion.scores) == STEPS + 1
    np.testing.assert_allclose(deletion.shares, np.arange(STEPS + 1) / STEPS, atol=1e-3)


def test_deletion_of_a_map_is_the_insertion_of_its_opposite_backwards():
    """Brute force in between: what is left after each step is scored one by one."""
    space, picture = fake_space(), two_tone()
    canvas = canvas_of(picture, "grey")
    heat = smooth_random(canvas.places, 3)
    target = asked("red", space)
    found = curves(canvas, {"map": heat, "opposite": -heat}, target, space, steps=8)
    np.testing.assert_allclose(
        found["map"]["deletion"].scores, found["opposite"]["insertion"].scores[::-1], atol=1e-6
    )
    pieces = np.argsort(-heat, kind="stable")
    for step in (1, 5):
        gone = np.zeros(len(heat), bool)
        gone[pieces[: step * len(heat) // 8]] = True
        alone = space.encode([canvas.without(gone)], "gallery")[0] @ target
        assert found["map"]["deletion"].scores[step] == pytest.approx(float(alone), abs=1e-6)


def test_area_is_the_mean_score_along_the_curve():
    shares = np.array([0, 0.5, 1], np.float32)
    assert Curve(shares, np.array([1, 1, 0], np.float32)).area == pytest.approx(0.75)


def test_pieces_go_in_equal_shares_however_large_each_is():
    sizes = np.array([0.5, 0.25, 0.125, 0.125], np.float32)
    heat = np.array([1, 4, 3, 2], np.float32)
    assert order(heat, sizes, 2).tolist() == [1, 0, 0, 0]
    assert order(heat, sizes, 4).tolist() == [3, 0, 1, 1]
    with pytest.raises(ExplanationError, match="not one number for each"):
        order(heat[:3], sizes)
    with pytest.raises(ExplanationError):
        order(np.array([1, np.nan, 2, 3], np.float32), sizes)


def test_random_map_is_smooth_differs_by_seed_and_has_no_favourite_place():
    places = canvas_of(two_tone()).places
    maps = [smooth_random(places, seed) for seed in range(200)]
    assert (smooth_random(places, 5) == maps[5]).all()
    assert not np.allclose(maps[0], maps[1])
    grid = maps[0].reshape(32, 32)
    assert np.abs(np.diff(grid, axis=0)).mean() < grid.std() / 2
    corner = (places < 0.5).all(axis=1)
    hits = sum(bool(corner[int(np.argmax(m))]) for m in maps)
    assert 30 < hits < 75  # a quarter of 200, within three deviations


def test_centred_map_is_highest_in_the_middle():
    canvas = canvas_of(two_tone())
    np.testing.assert_allclose(peak(canvas, centred(canvas.places)), 0.5, atol=1 / 32)


@pytest.mark.parametrize("modality", Modality)
def test_every_medium_has_pieces_that_make_it_up_and_go_one_by_one(modality):
    medium = media()[modality]
    canvas = canvas_of(medium)
    count = len(canvas.places)
    assert len(canvas.sizes) == count > 4
    assert canvas.sizes.sum() == pytest.approx(1, abs=1e-4)
    assert canvas.places.min() >= 0 and canvas.places.max() <= 1
    none, every = np.zeros(count, bool), np.ones(count, bool)
    assert plain(canvas.without(none)) == pytest.approx(plain(medium), abs=1e-5)
    assert amount(canvas.without(every)) < 0.3 * amount(medium)
    first = none.copy()
    first[0] = True
    assert type(canvas.without(first)) is type(medium)


@pytest.mark.parametrize("modality", Modality)
def test_faithfulness_is_measured_on_every_medium_and_either_side(modality):
    """Real files' worth of pieces through the fake encoders: right shapes, right ends."""
    medium, space = media()[modality], fake_space()
    side = planted(medium, space)
    words = planted(Text("red"), space)
    scores = side.features[:, :4] @ words.pooled
    made = Explanation(words, side, scores[None], np.ones(1), scores, "planted", 0.5)
    found = faithfulness(made, space, "gallery", steps=4)
    assert set(found) == {"map", "centre", "random"}
    backwards = faithfulness(made.turned(), space, "query", steps=4)
    for name, some in found.items():
        for kind, curve in some.items():
            assert len(curve.scores) == 5
            np.testing.assert_allclose(backwards[name][kind].scores, curve.scores, atol=1e-5)


def planted(medium, space):
    """A side of one part: the whole."""
    encoder = space.encoders[Modality(type(medium).__name__.lower())]
    (whole,) = encoder.encode([medium])
    axes = {Text: 1, Image: 2, Audio: 2, Video: 3, Mesh: 3}[type(medium)]
    high = [1000.0] + [1.0] * (axes - 1)
    corners = np.array([[[0.0] * axes, high]], np.float32)
    return Side(
        medium,
        whole.pooled[None],
        np.ones(1, np.float32),
        whole.pooled,
        corners,
        ("all",),
        (1,) * axes,
    )


def plain(medium):
    """A medium in numbers."""
    match medium:
        case Text():
            return medium.text
        case Image():
            return medium.pixels
        case Audio():
            return medium.samples
        case Video():
            return medium.frames
    return medium.faces


def amount(medium):
    """How much there is to perceive in a medium."""
    match medium:
        case Text():
            return len(medium.text.strip())
        case Image():
            return float(np.abs(np.diff(medium.pixels.astype(float), axis=1)).max())
        case Audio():
            return float(np.abs(medium.samples).sum())
        case Video():
            return 1 + float(np.abs(np.diff(medium.frames[0].astype(float), axis=1)).max())
    return len(medium.faces)


def test_heat_lies_on_the_piece_where_its_part_is():
    """A cell of a picture, a word, a second of a sound, a face: each by its own box."""
    picture = canvas_of(Image(photographs(1)[0]))
    cells = np.array([[[y, x], [y + 0.25, x + 0.25]] for y in (0, 0.5) for x in (0, 0.5)])
    heat = np.array([0, 0, 1, 0], np.float32)
    at = peak(picture, spread(cells.astype(np.float32), heat, picture.places))
    assert at[0] > 0.4 and at[1] < 0.45

    text = Text("one two three")
    words = canvas_of(text)
    spans = np.array([[[0], [3]], [[4], [5]], [[5], [7]]], np.float32)
    side = Side(text, np.eye(3), np.full(3, 1 / 3), np.ones(3) / 3, spans, ("one", "t", "wo"))
    np.testing.assert_allclose(words.spread(side, np.array([3, 1, 4], np.float32)), [3, 3, 1])


def test_heat_of_views_is_painted_on_the_faces_that_they_show():
    from xmr_core.render import view_angles

    cube = media()[Modality.MESH]
    views = len(view_angles())
    corners = np.array([[[v, 0, 0], [v + 1, 1, 1]] for v in range(views)], np.float32)
    side = Side(
        cube,
        np.ones((views, 2)),
        np.full(views, 1 / views),
        np.ones(2),
        corners,
        tuple(f"view {v}" for v in range(views)),
        (views, 1, 1),
    )
    right = np.array([float(azimuth in (45.0, 90.0, 135.0)) for azimuth, _ in view_angles()])
    heat = canvas_of(cube).spread(side, right.astype(np.float32))
    names = ("right", "left", "top", "bottom", "front", "back")
    warmth = dict(zip(names, heat.reshape(6, 2).mean(axis=1), strict=True))
    assert max(warmth, key=warmth.get) == "right"
    assert min(warmth, key=warmth.get) == "left"
    assert warmth["left"] < warmth["bottom"] < warmth["right"]  # never seen: as what is around it


def test_medium_without_pieces_is_refused_with_a_reason():
    for nothing in (Text("  \n"), Audio(np.zeros(0, np.float32), RATE)):
        with pytest.raises(ExplanationError, match="nothing that could be taken away"):
            canvas_of(nothing)


def test_large_pictures_are_taken_apart_at_the_size_that_encoders_see():
    tall = Image(np.zeros((2000, 100, 3), np.uint8))
    assert canvas_of(tall).media.pixels.shape == (448, 22, 3)
    assert canvas_of(two_tone()).media.pixels.shape == (64, 64, 3)


def test_map_of_the_right_word_beats_both_baselines_on_real_sentences():
    """The real text encoder: without its own words a sentence stops saying what it said."""
    from xmr_core.profiles import load_profile

    space = load_profile("embedded")
    text = Text("On Sunday we all walked home and there a dog was chasing a red ball.")
    canvas = canvas_of(text)
    true = np.array(
        [word.strip(".") in {"dog", "chasing", "ball"} for word in text.text.split()], np.float32
    )
    target = space.encode([Text("a dog chases a ball")], "query")[0]
    found = curves(canvas, {"true": true, **baselines(canvas)}, target, space)
    gone = {name: some["deletion"].area for name, some in found.items()}
    assert gone["true"] < min(gone["centre"], gone["random"]) - 0.05
