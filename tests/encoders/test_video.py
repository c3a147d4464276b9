import numpy as np
import pytest

from tests.fakes import PictureEncoder, PitchEncoder
from xmr_core.encoders.audio import AudioEncoder
from xmr_core.encoders.image import ImageEncoder
from xmr_core.encoders.video import VideoEncoder, shots
from xmr_core.media import Audio, Image, Video

RATE = 8000


def film(colours, seconds=None, hertz=None, length=2.0, facts=None):
    """Frames of plain colours; a hum if ``hertz``."""
    frames = np.zeros((len(colours), 6, 8, 3), np.uint8)
    frames[:] = np.array(colours, np.uint8)[:, None, None]
    times = np.array(seconds or range(len(colours)), np.float32)
    sound = None
    if hertz:
        t = np.arange(int(length * RATE)) / RATE
        sound = Audio(np.sin(2 * np.pi * hertz * t).astype(np.float32), RATE)
    return Video(frames, times, sound, facts or {})


RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture
def encoder():
    return VideoEncoder(PictureEncoder(), PitchEncoder())


def test_whole_has_the_mean_of_the_frames_beside_the_sound(encoder):
    (got,) = encoder.encode([film([RED, RED, BLUE, BLUE], hertz=200)])
    assert encoder.dim == 8
    assert np.allclose(got.pooled, [0.5, 0, 0.5, 0, 1, 0, 0, 0])


def test_half_of_what_is_not_there_is_zero(encoder):
    seen, both = encoder.encode([film([RED]), film([BLUE], hertz=3000)])
    assert np.allclose(seen.pooled, [1, 0, 0, 0, 0, 0, 0, 0])
    assert seen.parts.shape == (1, 8)
    assert np.allclose(both.parts[0], [0, 0, 1, 0, 0, 0, 0, 0])
    assert np.allclose(both.parts[1:, :4], 0)
    assert np.allclose(both.parts[1:, 4:], [[0, 0, 1, 0]] * 2)


def test_frames_come_first_and_last_until_the_next_then_the_windows_of_the_sound(encoder):
    (got,) = encoder.encode([film([RED, BLUE, RED], [0.5, 2, 7], hertz=200, length=3.0)])
    assert got.boxes[:, :, 0].tolist() == [[0.5, 2], [2, 7], [7, 7], [0, 1], [1, 2], [2, 3]]
    (known,) = encoder.encode([film([RED, BLUE], [0, 4], facts={"seconds": 9.5})])
    assert known.boxes[:, :, 0].tolist() == [[0, 4], [4, 9.5]]


def test_last_shot_lasts_as_long_as_the_longest_thing_known():
    longer = film([RED], [1.0], hertz=200, length=5.0, facts={"seconds": 2.0})
    assert shots(longer).tolist() == [[1, 5]]
    assert shots(film([RED], [3.0])).tolist() == [[3, 3]]


def test_sounds_of_a_batch_stay_with_their_videos(encoder):
    batch = [film([RED]), film([RED], hertz=200), film([RED, RED]), film([RED], hertz=3000)]
    heard = [got.pooled[4:].tolist() for got in encoder.encode(batch)]
    assert heard == [[0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]]


def test_real_towers_give_the_features_of_their_own_encoders():
    image, audio = ImageEncoder(("lite0",)), AudioEncoder()
    encoder = VideoEncoder(image, audio)
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 256, (2, 48, 64, 3), np.uint8)
    hum = film([RED], hertz=300, length=3.0).sound
    (got,) = encoder.encode([Video(frames, np.array([0, 1], np.float32), hum)])
    seen = np.stack([e.pooled for e in image.encode([Image(f) for f in frames])])
    (heard,) = audio.encode([hum])
    assert encoder.dim == image.dim + audio.dim == len(got.pooled)
    assert np.allclose(got.pooled[: image.dim], seen.mean(axis=0), atol=1e-4)
    assert np.allclose(got.pooled[image.dim :], heard.pooled, atol=1e-4)
    assert np.allclose(got.parts[:2, : image.dim], seen, atol=1e-4)
    assert np.allclose(got.parts[2:, image.dim :], heard.parts, atol=1e-4)
    assert not got.parts[:2, image.dim :].any()
    assert not got.parts[2:, : image.dim].any()


def test_fingerprint_follows_both_towers(encoder):
    other = VideoEncoder(ImageEncoder(("lite0",)), PitchEncoder())
    assert encoder.fingerprint != other.fingerprint
    assert PitchEncoder.fingerprint in other.fingerprint
