"""Videos taken apart, by the real encoders on clips that were put together."""

import csv

import numpy as np
import pytest
import skimage.data

from xmr_core.bench.media import sound
from xmr_core.demo.sounds import animals
from xmr_core.encoders.areas import coarser
from xmr_core.encoders.audio import RATE
from xmr_core.explain.methods import METHODS
from xmr_core.explain.sides import side_of
from xmr_core.explain.sides.video import boxes_of
from xmr_core.media import Audio, Modality, Text, Video
from xmr_core.profiles import load_profile
from xmr_core.readers import read

PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "rocket")
WORDS = ("a smiling astronaut", "a cat", "a cup of coffee", "a rocket")


@pytest.fixture(scope="module")
def space():
    return load_profile("embedded")


def shrunk(pixels):
    import PIL.Image

    return np.asarray(PIL.Image.fromarray(pixels).resize((224, 168)))


def film(heard=None):
    frames = np.stack([shrunk(getattr(skimage.data, name)()) for name in PHOTOGRAPHS])
    return Video(frames, np.array([0, 2, 4, 6], np.float32), heard, {"seconds": 8.0})


@pytest.fixture(scope="module")
def side(space):
    """Four photographs, silent but for a bark in the sixth second."""
    samples = np.zeros(8 * RATE, np.float32)
    bark = np.resize(animals.bark(np.random.default_rng(0)), 2 * RATE)
    samples[5 * RATE : 7 * RATE] = bark / np.abs(bark).max()
    return side_of(film(Audio(samples, RATE)), space)


def heats(words, side, space):
    """Heat of the cells (t, gy, gx), and of the moments of the sound (s,)."""
    heat = METHODS["similarity"](side_of(Text(words), space), side, space).hit_heat
    seen = int(np.prod(side.grid))
    return heat[:seen].reshape(side.grid), heat[seen:]


def test_each_frame_is_found_by_its_words(side, space):
    for at, words in enumerate(WORDS):
        seen, _ = heats(words, side, space)
        assert np.unravel_index(seen.argmax(), seen.shape)[0] == at


def test_a_bark_is_found_where_it_is_heard(side, space):
    _, heard = heats("a dog barking", side, space)
    spans = side.boxes[int(np.prod(side.grid)) :, :, 0]
    assert len(heard) == len(spans)
    assert 4.7 <= spans[heard.argmax()].mean() <= 7.3  # windows reach a little beyond


def test_weighted_parts_that_are_seen_make_the_whole(side, space):
    (encoded,) = space.encoders[Modality.VIDEO].encode([side.media])
    m = space.encoders[Modality.IMAGE].dim
    got = side.weights @ side.features
    assert np.allclose(side.pooled, encoded.pooled, atol=1e-3 * encoded.pooled.max())
    assert np.allclose(got[:m], encoded.pooled[:m], atol=1e-3 * encoded.pooled[:m].max())


def test_the_gradient_sums_to_the_score_with_and_without_sound(side, space):
    query = side_of(Text("a cat"), space)
    silent = side_of(film(), space)
    found = METHODS["gradient"](query, silent, space)
    assert found.hit_heat.sum() == pytest.approx(found.score, abs=2e-3)
    mixed = METHODS["gradient"](query, side, space)
    whole = space.embed(Modality.VIDEO, (side.weights @ side.features)[None])[0]
    words = space.embed(Modality.TEXT, query.pooled[None], "query")[0]
    assert mixed.hit_heat.sum() == pytest.approx(float(whole @ words), abs=2e-3)


def test_cells_lie_in_their_shot_and_sounds_over_the_whole_frame(side):
    t, rows, columns = side.grid
    seen = side.boxes[: t * rows * columns].reshape(t, rows, columns, 2, 3)
    assert seen[:, 0, 0, :, 0].tolist() == [[0, 2], [2, 4], [4, 6], [6, 8]]
    assert seen[1, 0, 0, 0].tolist() == [2, 0, 0]
    assert np.allclose(seen[-1, -1, -1, 1], [8, 1, 1])
    heard = side.boxes[t * rows * columns :]
    assert (heard[:, 0, 1:] == 0).all()
    assert (heard[:, 1, 1:] == 1).all()
    assert side.labels[0] == "0:00"
    assert side.labels[-1] == "sound 0:07"


def test_many_frames_have_fewer_cells_each_and_the_same_mean(space):
    frames = np.stack([shrunk(skimage.data.chelsea()[i:, i:]) for i in range(40)])
    clip = Video(frames, np.arange(40, dtype=np.float32), facts={"seconds": 40.0})
    side = side_of(clip, space)
    assert side.grid[0] == 40
    assert 1 < side.grid[1] < 9
    assert side.count <= 1600
    assert np.allclose(side.weights @ side.features, side.pooled, atol=1e-3 * side.pooled.max())


def test_coarser_cells_are_means_of_what_they_cover():
    grid = np.random.default_rng(0).uniform(size=(1, 9, 6, 2)).astype(np.float32)
    got = coarser(grid, 3)
    assert got.shape == (1, 3, 3, 2)
    assert np.allclose(got[0, 1, 2], grid[0, 3:6, 4:6].mean(axis=(0, 1)), atol=1e-6)
    assert np.allclose(coarser(grid, 4).mean(axis=(1, 2)), grid.mean(axis=(1, 2)), atol=1e-6)
    assert np.array_equal(coarser(grid, 20), grid)


def test_boxes_run_over_spans_then_rows_then_columns():
    boxes = boxes_of(np.array([[0, 1], [1, 3]], np.float32), 2, 3)
    assert boxes.shape == (12, 2, 3)
    assert boxes[7].tolist() == [[1, 0, pytest.approx(1 / 3)], [3, 0.5, pytest.approx(2 / 3)]]


def test_a_clip_whose_sound_cannot_be_heard_here_still_comes_apart(space):
    """Sounds have no weights: their half stays empty."""
    from dataclasses import replace

    from xmr_core.encoders.video import VideoEncoder
    from xmr_core.profiles.info import Silent

    video = space.encoders[Modality.VIDEO]
    deaf = VideoEncoder(video.image, Silent("none", video.audio.dim, "none"))
    side = side_of(film(sound(8.0)), replace(space, encoders={Modality.VIDEO: deaf}))
    assert side.count == int(np.prod(side.grid))
    assert not side.features[:, video.image.dim :].any()


def test_four_clips_in_a_row_are_found_by_their_captions(space, xmr_data):
    """The mosaic game on twelve clips; a quarter would be right by chance."""
    folder = xmr_data / "videos"
    rows = list(csv.DictReader((folder / "manifest.csv").read_text("utf-8").splitlines()))
    clips = [read(folder / row["path"]) for row in rows]
    right = []
    for first in range(0, 12, 4):
        four = clips[first : first + 4]
        frames = np.concatenate([clip.frames[:1, :252] for clip in four])
        side = side_of(Video(frames, np.arange(4, dtype=np.float32), facts={"seconds": 4}), space)
        for at, row in enumerate(rows[first : first + 4]):
            seen, _ = heats(row["caption"], side, space)
            right.append(np.unravel_index(seen.argmax(), seen.shape)[0] == at)
    assert np.mean(right) >= 0.85
