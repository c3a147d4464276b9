"""Every encoder of every profile, and every method on every pair of media, by one contract."""

import itertools

import numpy as np
import pytest

from tests.tiny import ARCHITECTURE, tiny_clap, tiny_openclip
from xmr_core.encoders.audio import BANDS
from xmr_core.errors import ExplanationError
from xmr_core.explain.methods import METHODS, default_method
from xmr_core.explain.sides import SIDES, side_of
from xmr_core.explain.sides.openclip import band_of
from xmr_core.media import Audio, Image, Mesh, Modality, Text, Video, modality_of
from xmr_core.profiles import PROFILES, load_profile

SECONDS = 3.0
SENTENCE = "A dog barks, the cat sleeps."


def picture(height=40, width=40, seed=0):
    """Coloured blocks: something to see at any size."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 256, (4, 4, 3), np.uint8)
    return blocks.repeat(height // 4, axis=0).repeat(width // 4, axis=1)


def sound(rate=44_100):
    time = np.arange(round(SECONDS * rate)) / rate
    tone = np.sin(2 * np.pi * (300 + 500 * time) * time)
    return Audio((0.3 * tone).astype(np.float32), rate)


MEDIA = {
    Modality.TEXT: Text(SENTENCE),
    Modality.IMAGE: Image(picture()),
    Modality.AUDIO: sound(),
    Modality.VIDEO: Video(
        np.stack([picture(seed=1), picture(seed=2)]), np.array([0, 1], np.float32), sound()
    ),
    Modality.MESH: Mesh(
        np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32),
        np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], np.int32),
        np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [90, 90, 90]], np.uint8),
    ),
}
HIGH = {
    Modality.TEXT: (len(SENTENCE),),
    Modality.IMAGE: (1, 1),
    Modality.AUDIO: (SECONDS, BANDS),
    Modality.VIDEO: (SECONDS, 1, 1),
    Modality.MESH: (12, 1, 1),
}
TINY = ("tiny", "tiny without sounds")


@pytest.fixture(scope="module")
def spaces(tmp_path_factory):
    """Joint spaces by name, loaded once."""
    kept = {}
    clip = tiny_openclip(tmp_path_factory.mktemp("openclip")) / "tiny.safetensors"
    clap = tiny_clap(tmp_path_factory.mktemp("clap"))
    patch = pytest.MonkeyPatch()
    patch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    patch.delenv("XMR_CLAP", raising=False)

    def load(name):
        if name not in kept:
            sounds = f"+clap:{clap}" if name == "tiny" else ""
            model = f"openclip:{ARCHITECTURE}/{clip}{sounds}"
            kept[name] = load_profile(model if name in TINY else name)
        return kept[name]

    yield load
    patch.undo()


@pytest.fixture(scope="module")
def sides(spaces):
    """Sides by profile and modality, made once."""
    kept = {}

    def make(name, modality):
        if (name, modality) not in kept:
            kept[name, modality] = side_of(MEDIA[modality], spaces(name))
        return kept[name, modality]

    return make


def halves(side):
    """Parts that are seen and parts that are heard; all of them in one but for videos."""
    if side.modality is not Modality.VIDEO:
        return [slice(None)]
    seen = int(np.prod(side.grid))
    return [slice(seen), slice(seen, None)] if side.count > seen else [slice(seen)]


@pytest.mark.parametrize("modality", Modality)
@pytest.mark.parametrize("name", [*PROFILES, *TINY])
def test_every_medium_of_every_profile_comes_apart(spaces, sides, name, modality):
    space = spaces(name)
    encoder = space.encoders.get(modality)
    if encoder is None:
        assert (name, modality) == ("tiny without sounds", Modality.AUDIO)
        with pytest.raises(ExplanationError, match="cannot take a sound apart"):
            sides(name, modality)
        return
    side = sides(name, modality)
    assert side.modality is modality
    assert side.features.shape == (side.count, encoder.dim)
    assert side.count >= 2
    assert all(rows.shape == side.features.shape for rows in side.variants.values())
    assert all(np.isfinite(rows).all() for rows in side.variants.values())
    assert (side.weights >= 0).all()
    for half in halves(side):
        assert np.isclose(side.weights[half].sum(), 1, atol=1e-5)
    (encoding,) = encoder.encode([MEDIA[modality]])
    assert np.allclose(side.pooled, encoding.pooled, atol=1e-3 * np.abs(encoding.pooled).max())
    assert all(side.labels)


@pytest.mark.parametrize("modality", Modality)
@pytest.mark.parametrize("name", [*PROFILES, *TINY])
def test_boxes_of_parts_cover_the_medium_and_stay_within_it(spaces, sides, name, modality):
    if modality not in spaces(name).encoders:
        return
    side = sides(name, modality)
    ends = HIGH[modality]
    if (name, modality) == ("tiny", Modality.AUDIO):
        ends = (SECONDS, band_of(np.array([14_000.0]))[0])  # CLAP hears no further
    low, high = side.boxes[:, 0], side.boxes[:, 1]
    assert (low <= high).all()
    assert (low >= 0).all()
    assert (high <= np.array(ends) + 0.1).all()  # a network's last frame ends a bit later
    for half in halves(side):
        assert np.allclose(low[half].min(axis=0), 0, atol=0.05)
        reach = high[half].max(axis=0)
        assert np.allclose(reach, ends, atol=1 if modality is Modality.TEXT else 0.15)
    if modality is Modality.TEXT:
        told = " ".join(SENTENCE[int(a[0]) : int(b[0])] for a, b in zip(low, high, strict=True))
        assert all(word in told for word in ("A", "dog", "barks", "cat", "sleeps"))
        return
    on_grid = int(np.prod(side.grid))
    sizes = np.prod(high[:on_grid] - low[:on_grid], axis=1)
    assert np.isclose(sizes.sum(), np.prod(ends), rtol=0.05)  # no gaps, no overlap


@pytest.mark.parametrize("modality", [Modality.IMAGE, Modality.MESH])
@pytest.mark.parametrize("name", [*PROFILES])
def test_parts_of_a_mean_have_it(spaces, sides, name, modality):
    side = sides(name, modality)
    assert np.allclose(side.weights @ side.features, side.pooled, atol=1e-3 * side.pooled.max())


@pytest.mark.parametrize("pair", list(itertools.product(Modality, Modality)), ids="-".join)
@pytest.mark.parametrize("name", TINY)
def test_every_method_explains_every_pair_of_media(spaces, sides, name, pair):
    """Through OpenCLIP and CLAP; methods of other encoders are not among those."""
    space = spaces(name)
    if not set(pair) <= set(space.encoders):
        return
    query, hit = (sides(name, modality) for modality in pair)
    vectors = [space.encode([side.media], role)[0] for side, role in
               ((query, "query"), (hit, "gallery"))]  # fmt: skip
    refused = set()
    for method in METHODS:
        try:
            made = METHODS[method](query, hit, space)
        except ExplanationError as error:
            assert "Choose another method" in error.hint
            refused.add(method)
            continue
        assert made.method == method
        assert np.isclose(made.score, vectors[0] @ vectors[1], atol=1e-4)
        assert made.alignment.shape == (query.count, hit.count)
    only_heard = pair == (Modality.AUDIO, Modality.AUDIO)
    # nobody measures how loud CLAP's parts are, and ViTs are too slow to be run again and again
    unknown = {"heard", "erased", "focus"}
    assert refused - unknown == ({"value", "relevance"} if only_heard else set())
    assert default_method(query, hit) not in refused


def test_methods_that_need_a_transformer_are_refused_by_other_profiles(spaces, sides):
    query, hit = sides("embedded", Modality.TEXT), sides("embedded", Modality.IMAGE)
    for method in ("value", "relevance"):
        with pytest.raises(ExplanationError, match=r"profile embedded.*Choose another method"):
            METHODS[method](query, hit, spaces("embedded"))
    assert default_method(query, hit) not in ("value", "relevance")


def test_every_modality_has_a_source_for_any_encoder():
    assert set(SIDES) == set(Modality)
    for sources in SIDES.values():
        assert sources[-1].takes(object())
    assert {modality_of(media): modality for modality, media in MEDIA.items()} == {
        modality: modality for modality in Modality
    }
