"""Pictures that look for sounds through words, against sums that are written out."""

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes import fake_space
from tests.test_search import BLUE, GREEN, RED, colours, put
from xmr_core.gallery import Gallery
from xmr_core.hubness import hub_bias
from xmr_core.library import Library
from xmr_core.media import Modality
from xmr_core.query import Features, Query, Term, typed
from xmr_core.space import unit
from xmr_core.through import TEMPERATURE, Through

WORDS = ("red", "green", "blue green", "stone")
LEAF = unit((GREEN + 0.3 * RED)[None])[0]  # a picture that no word is


def spaced():
    return replace(colours(), heard_texts=WORDS)


def written_out(row, words, usual):
    """One query through words, a word at a time."""
    fits = [float((row - usual) @ word) / TEMPERATURE for word in words]
    parts = [np.exp(fit - max(fits)) for fit in fits]
    mixed = sum(part * word for part, word in zip(parts, words, strict=True))
    return mixed / np.linalg.norm(mixed)


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setenv("XMR_CACHE", str(tmp_path / "cache"))
    with Library.create("colours", home=tmp_path / "indexes", space=spaced()) as made:
        folder = tmp_path / "media"
        folder.mkdir()
        root = made.add_root(folder)
        for n, colour in enumerate((RED, GREEN, BLUE, RED + GREEN, GREEN + 2 * BLUE)):
            for ending, medium in (("png", "image"), ("wav", "audio"), ("glb", "mesh")):
                put(made, root, f"{n}.{ending}", medium, colour)
        made.catalogue.activate(made.space.fingerprint)
        yield made


def test_a_query_is_the_mixture_of_words_that_fit_it():
    rng = np.random.default_rng(0)
    rows, words, usual = (unit(rng.normal(size=(n, 6)).astype(np.float32)) for n in (5, 9, 1))
    made = Through(words, usual[0])(rows)
    expected = [written_out(row, words, usual[0]) for row in rows]
    np.testing.assert_allclose(made, expected, atol=1e-5)
    np.testing.assert_allclose(Through(words, usual[0]).shares(rows).sum(axis=1), 1, atol=1e-5)


def test_only_what_is_seen_and_still_looks_for_sounds_through_words(monkeypatch, tmp_path):
    monkeypatch.setenv("XMR_CACHE", str(tmp_path))
    space, rows = spaced(), unit(np.ones((1, 4), np.float32))
    moved = {
        (one, other)
        for one in Modality
        for other in Modality
        if space.aimed(rows, one, other) is not rows
    }
    assert moved == {(Modality.IMAGE, Modality.AUDIO), (Modality.MESH, Modality.AUDIO)}


def test_without_words_all_are_compared_as_they_are():
    space, rows = fake_space(), unit(np.ones((1, 4), np.float32))
    assert space.aimed(rows, Modality.IMAGE, Modality.AUDIO) is rows
    assert space.aims == ""


def test_words_belong_to_what_is_cached_but_not_to_the_vectors_of_items():
    one, other = spaced(), replace(spaced(), heard_texts=WORDS[:2])
    assert one.aims != other.aims and one.fingerprint == other.fingerprint


def test_scores_are_those_of_the_mixture_with_banks_that_went_the_same_way(library):
    space, shelf = library.space, library.searcher.shelves()[Modality.AUDIO]
    bank = space.bank(Modality.IMAGE)
    words = space.encode([t.media for t in map(typed, WORDS)], "query")
    usual = bank.mean(axis=0)
    query = Query((Term(item_features(library, LEAF), 1.0),))
    found = library.answer(query).hits
    to = written_out(LEAF, words, usual)
    back = np.stack([written_out(row, words, usual) for row in bank]).astype(np.float32)
    sounds = {hit.item.id: hit for hit in found if hit.item.modality is Modality.AUDIO}
    assert len(sounds) == 5
    for item, row in zip(shelf.items, shelf.index.take(shelf.rows)[:, : space.dim], strict=True):
        expected = row @ to - hub_bias(row[None], back)[0]
        assert np.isclose(sounds[int(item)].score, expected, atol=2e-3)
    for hit in found:
        if hit.item.modality is Modality.IMAGE:
            at = library.catalogue.item_vectors(hit.item.id)[1][0]
            assert np.isclose(hit.cosine, at @ LEAF, atol=1e-3)


def item_features(library, vector):
    """A picture of a library as a query; its features are its vector."""
    encoder = library.space.encoders[Modality.IMAGE]
    return Features(Modality.IMAGE, vector, encoder.fingerprint)


def test_the_words_are_told_and_the_numbers_add_up(library):
    query = Query((Term(item_features(library, LEAF), 1.0), typed("red", 0.5)))
    for hit in library.answer(query).hits:
        parts = library.breakdown(query, hit)
        assert np.isclose(parts.score, hit.score, atol=1e-6)
        assert np.isclose(parts.odds, hit.odds, atol=1e-4)
        seen, said = parts.terms
        assert said.through == ()
        heard = hit.item.modality is Modality.AUDIO
        assert [name for name, _ in seen.through] == (["green"] if heard else [])


def test_marks_go_along_with_a_query_through_words(library):
    liked, disliked = (item.id for item in library.items()[:2])
    query = Query((Term(item_features(library, LEAF), 1.0),))
    query = replace(query, marks=library.marks([liked], [disliked]))
    for target in (Modality.AUDIO, Modality.IMAGE):
        _, feedback = library.searcher.asked(query, target)
        expected = library.space.aimed(LEAF[None], Modality.IMAGE, target)[0]
        np.testing.assert_allclose(feedback.query, expected, atol=1e-5)
    for hit in library.answer(query).hits:
        parts = library.breakdown(query, hit)
        assert np.isclose(parts.odds, hit.odds, atol=1e-4)
        assert all(mark.through == () for mark in parts.marks)


def test_other_words_make_the_kept_shelves_anew(library):
    before = library.searcher.shelves()[Modality.AUDIO].chances[Modality.IMAGE, True]
    gallery = library.searcher.gallery
    assert gallery._load(library.catalogue.generation) is not None
    other = replace(library.space, heard_texts=("blue",))
    gallery = Gallery(library.catalogue, other, gallery._folder)
    assert gallery._load(library.catalogue.generation) is None
    again = gallery._build(library.catalogue.generation)[Modality.AUDIO]
    assert again.chances[Modality.IMAGE, True] != before


def test_a_name_that_says_what_a_picture_shows_speaks_for_a_sound(library, tmp_path):
    root = library.add_root(tmp_path / "media")
    for name in ("rolling-stones.wav", "a green frog.wav"):
        put(library, root, name, "audio", BLUE)
    library.catalogue.activate(library.space.fingerprint)
    space, query = library.space, Query((Term(item_features(library, GREEN), 1.0),), k=20)
    found = {hit.item.path: hit for hit in library.searcher.search(query).hits}
    (words, share), *_ = library.searcher.seen_as(query.terms[0], Modality.AUDIO)
    assert words == "green" and share > 0.5 and space.heard_texts == WORDS
    frog = found["a green frog.wav"]
    assert (frog.matched.field, frog.matched.text) == ("named", "green")
    stones = found["rolling-stones.wav"]
    assert stones.matched is None and frog.odds > stones.odds + 1
    assert np.isclose(frog.score, stones.score)
    parts = library.breakdown(query, frog)
    assert np.isclose(parts.odds, frog.odds, atol=1e-4)
    expected = share * np.log(1 + sum(library.counts().values()))
    assert np.isclose(parts.evidence["name"], expected)
    assert all(found[f"{n}.png"].matched is None for n in range(5))
    typed_ = library.search("green", to=["audio"], k=20).hits  # whose words are seen in the name
    order = [hit.item.path for hit in typed_]
    assert order.index("a green frog.wav") < order.index("rolling-stones.wav")
    assert all(hit.matched is None for hit in typed_)
    plain = library.searcher.search(replace(query, names=False)).hits
    assert all(hit.matched is None for hit in plain)
