"""What scores are worth: for each pair of media, from a table that comes with a profile."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.fakes import fake_space
from tests.indexing.world import fill, run
from xmr_core.calibration import (
    GENERAL,
    Chance,
    Null,
    Scale,
    Scales,
    Standard,
    strength,
    typical,
)
from xmr_core.catalogue import Catalogue
from xmr_core.errors import WeightsDamaged
from xmr_core.gallery import Gallery
from xmr_core.heads import Head
from xmr_core.hubness import hub_bias
from xmr_core.media import Image, Modality, Text
from xmr_core.profiles import load_profile
from xmr_core.profiles.info import heads_dir
from xmr_core.query import Query, Term
from xmr_core.results import fuse
from xmr_core.search import Searcher

TEXT, IMAGE, AUDIO = Modality.TEXT, Modality.IMAGE, Modality.AUDIO
STEEP, FLAT = Scale(-1.0, 2.0, 0.0), Scale(-3.0, 0.5, 1.0)


def test_right_matches_of_background_queries_do_not_move_the_null():
    chance = np.random.default_rng(0).normal(0.3, 0.05, 1000).astype(np.float32)
    matched = chance.copy()
    matched[np.argsort(chance)[-300:]] += 0.4
    assert Null.fit(matched) == Null.fit(chance)
    assert Null.fit(chance).spread == pytest.approx(0.05, abs=0.01)


def test_the_lead_is_over_a_query_s_own_scores():
    """A query that is unlike everything, and finds one thing that stands out."""
    rng = np.random.default_rng(0)
    scores = rng.normal(0.5, 0.05, (200, 400)).astype(np.float32)
    chance = Chance.fit(scores.max(axis=1), typical(scores))
    far = rng.normal(0.1, 0.05, 400).astype(np.float32)
    far[7] = 0.5
    standard = chance.standard(float(far.max()), float(typical(far[None])[0]))
    assert standard.best < -2
    assert standard.lead > 5


def test_a_gallery_of_one_has_no_lead():
    (middle,) = typical(np.array([[0.7]], np.float32))
    assert middle == np.float32(0.7)
    assert typical(np.zeros((3, 0), np.float32)).tolist() == [0, 0, 0]


def test_strength_is_a_probability_that_grows_with_the_score():
    assert strength(STEEP.odds(Standard(0.5, 7.0))) == pytest.approx(0.5)
    scores = (-1e6, -1.0, 0.5, 3.0, 1e6)
    values = [strength(FLAT.odds(Standard(score, score))) for score in scores]
    assert values == sorted(values)
    assert 0 <= values[0] < values[-1] <= 1


def test_a_query_of_two_media_has_the_mean_of_their_scales():
    scales = Scales({(TEXT, AUDIO, False): STEEP, (IMAGE, AUDIO, False): FLAT})
    mixed = scales.mixed(AUDIO, {TEXT: 0.75, IMAGE: 0.25}, ())
    assert (mixed.offset, mixed.best, mixed.lead) == pytest.approx((-1.5, 1.625, 0.25))


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
        '{"scales": {"text audio": [1, 1, 1]}, "heads": {}}',
        '{"scales": {"text smell sentences": [1, 1, 1]}, "heads": {}}',
        '{"scales": {"text audio sentences": [1]}, "heads": {}}',
        '{"scales": {"text audio sentences": [1, 1]}, "heads": {}}',
        '{"scales": {"text audio sentences": [1, -1, 2]}, "heads": {}}',
        '{"scales": {"text audio sentences": [1, 2, -1]}, "heads": {}}',
        '{"scales": {"text audio sentences": [1, 0, 0]}, "heads": {}}',
        '{"scales": {"text audio sentences": [NaN, 1, 1]}, "heads": {}}',
        '{"scales": {"text audio sentences": [1, 1, Infinity]}, "heads": {}}',
        '{"scales": {"text audio sentences": ["a", 1, 1]}, "heads": {}}',
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
    after = ask(catalogue, steep | {(TEXT, IMAGE, False): Scale(-9.0, 2.0, 0.0)}, Term(Text("red")))
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


@pytest.mark.parametrize("corrected", [True, False])
def test_a_lead_is_over_the_median_of_whole_items(catalogue, corrected):
    """By brute force; parts are no items of their own, and the correction counts for all."""
    space = replace(
        fake_space(), scales=Scales({(TEXT, m, False): Scale(0.0, 0.0, 1.0) for m in Modality})
    )
    gallery = Gallery(catalogue, space, catalogue.path.parent / "index")
    searcher = Searcher("x", catalogue, space, gallery)
    (query,) = space.encode([Text("red")], "query")
    found = searcher.search(Query((Term(Text("red")),), k=50, corrected=corrected))
    for modality, shelf in gallery.shelves().items():
        bank = gallery.banks(modality)[TEXT].vectors
        wholes = np.concatenate(
            [joint[nos == 0] for _, _, nos, joint in catalogue.vectors(modality)]
        )
        scores = wholes @ query - (hub_bias(wholes, bank) if corrected else 0)
        lead = shelf.chances[TEXT, corrected].lead
        for hit in found.hits:
            if hit.item.modality is modality:
                above = hit.score - np.median(scores) - lead.median
                assert hit.odds == pytest.approx(above / lead.spread, abs=1e-3)


def test_what_the_background_was_is_kept_with_the_index(catalogue, tmp_path, monkeypatch):
    """Nine pictures are no background of their own; with a lower bar they are."""
    scales = {
        (IMAGE, IMAGE, True): Scale(-20.0, 0.01, 0.0),
        (IMAGE, IMAGE, False): Scale(20.0, 0.01, 0.0),
    }
    red = Term(Image(np.full((4, 4, 3), (255, 0, 0), np.uint8)))
    assert ask(catalogue, scales, red).presence[IMAGE] > 0.9
    (catalogue.path.parent / "index" / "image.npz").unlink()
    monkeypatch.setattr("xmr_core.shelving._MIN_BANK", 2)
    assert ask(catalogue, scales, red).presence[IMAGE] < 0.1
    monkeypatch.undo()
    table = catalogue.path.parent / "index" / "image.npz"
    with np.load(table) as arrays:
        assert "image" in json.loads(arrays["head"].tobytes())["own"]
    assert ask(catalogue, scales, red).presence[IMAGE] < 0.1, "read back from its file"
