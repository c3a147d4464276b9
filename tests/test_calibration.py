"""What scores are worth: for each pair of media, from a table that comes with a profile."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.fakes import fake_space
from tests.indexing.world import fill, run
from xmr_core.calibration import GENERAL, Null, Scale, Scales, strength
from xmr_core.catalogue import Catalogue
from xmr_core.errors import WeightsDamaged
from xmr_core.gallery import Gallery
from xmr_core.heads import Head
from xmr_core.media import Image, Modality, Text
from xmr_core.profiles import load_profile
from xmr_core.profiles.info import heads_dir
from xmr_core.search import Query, Searcher, Term, fuse

TEXT, IMAGE, AUDIO = Modality.TEXT, Modality.IMAGE, Modality.AUDIO
STEEP, FLAT = Scale(-1.0, 2.0), Scale(-3.0, 0.5)


def test_right_matches_of_background_queries_do_not_move_the_null():
    chance = np.random.default_rng(0).normal(0.3, 0.05, 1000).astype(np.float32)
    matched = chance.copy()
    matched[np.argsort(chance)[-300:]] += 0.4
    assert Null.fit(matched) == Null.fit(chance)
    assert Null.fit(chance).spread == pytest.approx(0.05, abs=0.01)


def test_strength_is_a_probability_that_grows_with_the_score():
    assert strength(STEEP.odds(0.5)) == pytest.approx(0.5)
    values = [strength(STEEP.odds(standard)) for standard in (-1e6, -1.0, 0.5, 3.0, 1e6)]
    assert values == sorted(values)
    assert 0 <= values[0] < values[-1] <= 1


def test_a_query_of_two_media_has_the_mean_of_their_scales():
    scales = Scales({(TEXT, AUDIO, False): STEEP, (IMAGE, AUDIO, False): FLAT})
    mixed = scales.mixed(AUDIO, {TEXT: 0.75, IMAGE: 0.25}, ())
    assert (mixed.offset, mixed.slope) == pytest.approx((-1.5, 1.625))


def test_pairs_that_nobody_measured_are_taken_in_general():
    scales = Scales({(IMAGE, AUDIO, False): STEEP})
    assert scales.mixed(AUDIO, {IMAGE: 1.0}, ()) == STEEP
    assert scales.mixed(AUDIO, {IMAGE: 1.0}, {IMAGE}) == GENERAL
    assert scales.mixed(IMAGE, {IMAGE: 1.0}, ()) == GENERAL


def test_a_table_that_was_saved_is_read_again(tmp_path):
    known = {(TEXT, AUDIO, False): STEEP, (IMAGE, IMAGE, True): FLAT}
    table = Scales(known, {"audio": "abc"})
    table.save(tmp_path / "strengths.json")
    assert Scales.load(tmp_path / "strengths.json") == table


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"scales": {"text audio": [1, 1]}, "heads": {}}',
        '{"scales": {"text smell sentences": [1, 1]}, "heads": {}}',
        '{"scales": {"text audio sentences": [1]}, "heads": {}}',
        '{"scales": {"text audio sentences": [1, -1]}, "heads": {}}',
        '{"scales": {"text audio sentences": [NaN, 1]}, "heads": {}}',
        '{"scales": {"text audio sentences": ["a", 1]}, "heads": {}}',
        '{"scales": {}, "heads": []}',
    ],
)
def test_a_damaged_table_is_named(tmp_path, content):
    file = tmp_path / "strengths.json"
    file.write_text(content)
    with pytest.raises(WeightsDamaged, match=r"strengths\.json"):
        Scales.load(file)


def test_the_table_was_fitted_to_the_heads_beside_it():
    """Fails after a training: python tools/train_heads.py strengths takes minutes."""
    for medium, mark in Scales.load(heads_dir() / "strengths.json").heads.items():
        head = Head.load(heads_dir() / f"{medium}.safetensors")
        assert mark == head.fingerprint, f"{medium}: run tools/train_heads.py strengths"


def test_the_embedded_profile_brings_a_scale_for_every_pair_of_media():
    known = load_profile("embedded").scales.known
    assert {(q, t) for q, t, own in known if not own} == {
        (q, t) for q in Modality for t in Modality
    }
    words = {known[TEXT, target, False] for target in Modality}
    assert len(words) == 1, "mixed lists of words came out best with one scale"


@pytest.fixture
def catalogue(tmp_path, cache):
    (tmp_path / "library").mkdir()
    with Catalogue(tmp_path / "library" / "catalogue.sqlite") as made:
        run(made, fill(tmp_path / "media", 9))
        yield made


def ask(catalogue, scales, term):
    space = replace(fake_space(), scales=Scales(scales))
    folder = catalogue.path.parent / "index"
    searcher = Searcher("x", catalogue, space, Gallery(catalogue, space, folder))
    return searcher.search(Query((term,), k=50))


def test_each_medium_is_read_on_its_own_scale(catalogue):
    steep = {(TEXT, m, False): STEEP for m in Modality}
    before = ask(catalogue, steep, Term(Text("red")))
    after = ask(catalogue, steep | {(TEXT, IMAGE, False): Scale(-9.0, 2.0)}, Term(Text("red")))
    odds = {hit.item.path: hit.odds for hit in before.hits}
    for hit in after.hits:
        lower = 8.0 if hit.item.modality is IMAGE else 0.0
        assert odds[hit.item.path] - hit.odds == pytest.approx(lower, abs=1e-3)
        assert hit.strength == pytest.approx(strength(hit.odds))
    for results in (before, after, fuse([after], 50)):
        assert [hit.odds for hit in results.hits] == sorted(h.odds for h in results.hits)[::-1]
        for modality, presence in results.presence.items():
            best = max(h.strength for h in results.hits if h.item.modality is modality)
            assert presence == pytest.approx(best)


def test_what_the_background_was_is_kept_with_the_index(catalogue, tmp_path, monkeypatch):
    """Nine pictures are no background of their own; with a lower bar they are."""
    scales = {(IMAGE, IMAGE, True): Scale(-20.0, 0.01), (IMAGE, IMAGE, False): Scale(20.0, 0.01)}
    red = Term(Image(np.full((4, 4, 3), (255, 0, 0), np.uint8)))
    assert ask(catalogue, scales, red).presence[IMAGE] > 0.9
    (catalogue.path.parent / "index" / "image.npz").unlink()
    monkeypatch.setattr("xmr_core.gallery._MIN_BANK", 2)
    assert ask(catalogue, scales, red).presence[IMAGE] < 0.1
    monkeypatch.undo()
    table = catalogue.path.parent / "index" / "image.npz"
    with np.load(table) as arrays:
        assert "image" in json.loads(arrays["head"].tobytes())["own"]
    assert ask(catalogue, scales, red).presence[IMAGE] < 0.1, "read back from its file"
