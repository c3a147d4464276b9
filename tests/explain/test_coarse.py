"""Sides by the parts that every encoder gives, on encoders whose vectors can be told by eye."""

import numpy as np
import pytest

from tests.fakes import fake_space
from xmr_core.explain.sides import side_of
from xmr_core.explain.sides.coarse import stretches
from xmr_core.media import Audio, Mesh, Video

RATE = 8000


def hum(*hertz):
    """A second of each."""
    t = np.arange(RATE) / RATE
    return Audio(np.concatenate([np.sin(2 * np.pi * h * t) for h in hertz]).astype("f4"), RATE)


class Whole:
    """Hears a sound as one part, as an encoder with long windows would."""

    def __init__(self, encoder):
        self.encoder = encoder

    def __getattr__(self, name):
        return getattr(self.encoder, name)

    def encode(self, batch):
        from dataclasses import replace

        made = self.encoder.encode(batch)
        ends = [np.array([[[0], [audio.seconds]]], np.float32) for audio in batch]
        return [
            replace(one, parts=one.pooled[None], boxes=box)
            for one, box in zip(made, ends, strict=True)
        ]


def deaf_space():
    plain = fake_space()
    return fake_space(audio=Whole(plain.encoders["audio"]))


def test_stretches_of_a_sound_are_heard_one_by_one():
    side = side_of(hum(200, 200, 200, 3000, 3000, 3000), deaf_space())
    assert side.grid == (6, 1)
    assert side.boxes[:, 0, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert side.boxes[:, 1].tolist() == [[i, 96] for i in range(1, 7)]
    assert side.features[[0, 1]].tolist() == [[1, 0, 0, 0]] * 2
    assert side.features[[4, 5]].tolist() == [[0, 0, 1, 0]] * 2
    assert np.allclose(side.pooled, [0.5, 0, 0.5, 0])
    assert side.labels == ("0:00", "0:01", "0:02", "0:03", "0:04", "0:05")


def test_windows_of_the_encoder_are_taken_where_there_are_enough():
    side = side_of(hum(*[200] * 30), fake_space())
    assert side.grid == (30, 1)


def test_a_short_sound_is_one_part():
    side = side_of(Audio(hum(200).samples[:2000], RATE), fake_space())
    assert side.boxes.tolist() == [[[0, 0], [0.25, 96]]]


@pytest.mark.parametrize("seconds", [0.4, 1.0, 7.3, 24.0, 600.0])
def test_stretches_tile_the_sound_and_are_few(seconds):
    spans = stretches(seconds)
    assert 1 <= len(spans) <= 24
    assert spans[0, 0] == 0
    assert spans[-1, 1] == pytest.approx(seconds)
    assert np.allclose(spans[1:, 0], spans[:-1, 1])


def test_frames_come_before_sounds_and_each_have_their_own_mean():
    frames = np.zeros((2, 6, 8, 3), np.uint8)
    frames[0, :, :, 0] = frames[1, :, :, 2] = 255
    clip = Video(frames, np.array([0, 1], np.float32), hum(200, 3000))
    side = side_of(clip, fake_space())
    assert side.grid == (2, 1, 1)
    assert side.labels == ("0:00", "0:01", "sound 0:00", "sound 0:01")
    assert np.allclose(side.weights, 0.5)
    assert np.allclose(side.weights @ side.features, side.pooled)
    assert side.boxes[2].tolist() == [[0, 0, 0], [1, 1, 1]]


def test_views_of_a_mesh_are_its_parts():
    mesh = Mesh(
        np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.int32), np.full((1, 3), 9, np.uint8)
    )
    side = side_of(mesh, fake_space())
    assert side.grid == (2, 1, 1)
    assert side.labels == ("view 1", "view 2")
    assert side.boxes[1].tolist() == [[1, 0, 0], [2, 1, 1]]
