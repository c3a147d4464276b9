"""What holds for every encoder that works without the model hub."""

import threading

import numpy as np
import pytest

from tests.encoders.test_mesh import RED_BOX, TALL, box
from xmr_core.bench.media import photographs, sound
from xmr_core.encoders.audio import AudioEncoder
from xmr_core.encoders.image import TOWERS, ImageEncoder
from xmr_core.encoders.mesh import MeshEncoder
from xmr_core.encoders.multilingual import WEIGHTS, MultilingualEncoder
from xmr_core.encoders.text import TextEncoder
from xmr_core.encoders.video import VideoEncoder
from xmr_core.errors import ModelError
from xmr_core.heads import Head
from xmr_core.media import Audio, Image, Modality, Section, Text, Video
from xmr_core.models import fetch
from xmr_core.paths import assets_dir


def _multilingual():
    try:
        fetch(WEIGHTS)
    except ModelError as error:
        pytest.skip(f"the multilingual encoder cannot be had here: {error.message}")
    bridge = Head.load(assets_dir() / "heads" / "multilingual.safetensors")
    return MultilingualEncoder(TextEncoder(), bridge)


ENCODERS = {
    "text": TextEncoder,
    "multilingual text": _multilingual,
    **{f"image {tower}": lambda tower=tower: ImageEncoder((tower,)) for tower in TOWERS},
    "image of two towers": lambda: ImageEncoder(("lite0", "lite2")),
    "audio": AudioEncoder,
    "mesh": lambda: MeshEncoder(ImageEncoder(("lite0",))),
    "video": lambda: VideoEncoder(ImageEncoder(("lite0",)), AudioEncoder()),
}


def _samples():
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (3, 30, 40, 3), np.uint8)
    times = np.array([0, 1.5, 4], np.float32)
    page = "The old bell rings in the tower of the church. " * 12
    return {
        Modality.TEXT: [
            Text("a dog runs over a wet lawn"),
            Text(""),
            Text(" \n\t "),
            Text("多年以后 😀 \U0010ffff \x00 عربى"),
            Text(page * 4, (Section(0, len(page), "1"), Section(len(page), 3 * len(page), "2"))),
            Text("supercalifragilistic" * 200),
        ],
        Modality.IMAGE: [
            *(Image(p) for p in photographs(2)),
            Image(np.zeros((1, 1, 3), np.uint8)),
            Image(np.full((2, 900, 3), 255, np.uint8)),
            Image(noise[0]),
        ],
        Modality.AUDIO: [
            sound(6.0),
            sound(0.3, 1),
            Audio(np.zeros(0, np.float32), 44_100),
            Audio(np.zeros(10_000, np.float32), 22_050),
            Audio(rng.normal(0, 0.1, 100_000).astype(np.float32), 16_000),
        ],
        Modality.VIDEO: [
            Video(noise, times, sound(5.0), {"seconds": 6.0}),
            Video(noise[:1], times[:1]),
            Video(noise[:2], times[:2], Audio(np.zeros(0, np.float32), 44_100)),
        ],
        Modality.MESH: [RED_BOX, TALL, box([(10, 200, 200)] * 6, (0.0, 1.0, 2.0))],
    }


SAMPLES = _samples()
AXES = {modality: 2 if modality is Modality.IMAGE else 1 for modality in Modality}


@pytest.fixture(scope="module", params=ENCODERS)
def encoder(request):
    return ENCODERS[request.param]()


@pytest.fixture(scope="module")
def samples(encoder):
    return SAMPLES[encoder.modality]


@pytest.fixture(scope="module")
def encodings(encoder, samples):
    return encoder.encode(samples)


def extent(medium, encoding):
    """The end of a medium in its own axis."""
    match medium:
        case Text():
            return len(medium.text)
        case Audio():
            return medium.seconds
        case Video():
            heard = medium.sound.seconds if medium.sound else 0.0
            return max(medium.facts.get("seconds", 0.0), float(medium.seconds[-1]), heard)
        case Image():
            return 1.0
        case _:
            return len(encoding.parts)


def same(a, b):
    return np.allclose(a, b, atol=2e-4 * max(1.0, float(np.abs(a).max(initial=0.0))))


def test_shapes_and_boxes_are_as_promised(encoder, samples, encodings):
    assert len(encodings) == len(samples)
    for medium, got in zip(samples, encodings, strict=True):
        p = len(got.parts)
        assert got.pooled.shape == (encoder.dim,)
        assert got.parts.shape == (p, encoder.dim)
        assert got.boxes.shape == (p, 2, AXES[encoder.modality])
        assert {got.pooled.dtype, got.parts.dtype, got.boxes.dtype} == {np.dtype(np.float32)}
        assert np.isfinite(got.pooled).all()
        assert np.isfinite(got.parts).all()
        assert (got.boxes[:, 0] <= got.boxes[:, 1]).all()
        assert (got.boxes >= 0).all()
        assert got.boxes.max(initial=0.0) <= extent(medium, got) + 1e-4
        if encoder.modality is not Modality.IMAGE:
            assert p >= 1


def test_empty_batch_is_an_empty_list(encoder):
    assert encoder.encode([]) == []


def test_encoding_twice_gives_the_same_numbers(encoder, samples, encodings):
    for before, after in zip(encodings, encoder.encode(samples), strict=True):
        assert np.array_equal(before.pooled, after.pooled)
        assert np.array_equal(before.parts, after.parts)
        assert np.array_equal(before.boxes, after.boxes)


def test_company_in_the_batch_does_not_matter(encoder, samples, encodings):
    backwards = encoder.encode(samples[::-1])[::-1]
    for medium, together, turned in zip(samples, encodings, backwards, strict=True):
        (alone,) = encoder.encode([medium])
        for other in (alone, turned):
            assert same(together.pooled, other.pooled)
            assert same(together.parts, other.parts)
            assert np.array_equal(together.boxes, other.boxes)


def test_different_media_have_different_vectors(encodings):
    assert not same(encodings[0].pooled, encodings[1].pooled)


def test_threads_may_share_an_encoder(encoder, samples, encodings):
    found = {}

    def work(no):
        found[no] = encoder.encode(samples[:1])[0].pooled

    threads = [threading.Thread(target=work, args=(no,)) for no in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(same(encodings[0].pooled, found[no]) for no in range(4))


def test_media_are_left_as_they_were(encoder, samples):
    before = [vars_of(medium) for medium in samples[:2]]
    encoder.encode(samples[:2])
    assert [vars_of(medium) for medium in samples[:2]] == before


def vars_of(medium):
    fields = [getattr(medium, name) for name in type(medium).__slots__]
    return [f.tobytes()[:100_000] if isinstance(f, np.ndarray) else f for f in fields]


def test_name_and_fingerprint_stand_without_loading_anything():
    marks = {}
    for key, make in ENCODERS.items():
        first, second = make(), make()
        assert first.fingerprint == second.fingerprint, key
        assert first.name
        assert first.dim > 0
        marks[key] = first.fingerprint
    assert len(set(marks.values())) == len(marks)
