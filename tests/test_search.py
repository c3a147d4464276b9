"""Queries on a small catalogue whose right answers can be told by eye."""

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes import COLOURS, fake_space
from xmr_core.catalogue import Record
from xmr_core.errors import QueryError
from xmr_core.filters import Filters
from xmr_core.library import Library, make_query, search_libraries
from xmr_core.media import Audio, Image, Modality, Part, Text
from xmr_core.query import Query, Term
from xmr_core.results import PRESENT
from xmr_core.space import unit

RED, GREEN, BLUE = np.eye(4, dtype=np.float32)[:3]


def put(library, root, path, modality, *vectors, parts=()):
    """An item with the given vectors, the whole first."""
    joint = unit(np.array(vectors, np.float32))
    space = library.space
    return library.catalogue.put(
        Record(
            root_id=root.id,
            path=path,
            modality=Modality(modality),
            size=len(path),
            mtime_ns=len(path) * 10**9,
            hash=path,
            encoder=space.encoders[Modality(modality)].fingerprint,
            space=space.fingerprint,
            features=joint,
            joint=joint,
            parts=parts,
        )
    )


def colours():
    """The fake space, with a bank of sentences that mostly match nothing here."""
    return replace(fake_space(), bank_texts=("stone", "wood", "red green blue", "green blue"))


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setenv("XMR_CACHE", str(tmp_path / "cache"))
    with Library.create("colours", home=tmp_path / "indexes", space=colours()) as made:
        folder = tmp_path / "media"
        folder.mkdir()
        root = made.add_root(folder)
        for name, vector in zip(COLOURS, (RED, GREEN, BLUE), strict=True):
            put(made, root, f"{name}.png", "image", vector)
            put(made, root, f"{name}.wav", "audio", vector)
            put(made, root, f"deep/{name}.glb", "mesh", vector)
        put(made, root, "purple.png", "image", RED + BLUE)
        put(
            made,
            root,
            "novel.txt",
            "text",
            RED + 2 * GREEN,
            RED,
            GREEN,
            parts=[
                Part(1, "page 1", (0.0,), (5.0,), "all red"),
                Part(2, "page 2", (5.0,), (9.0,), "all green"),
            ],
        )
        made.catalogue.activate(made.space.fingerprint)
        yield made


def names(results):
    return [hit.item.path for hit in results.hits]


def test_words_find_every_medium(library):
    found = library.search("red", k=4)
    assert set(names(found)) == {"red.png", "red.wav", "deep/red.glb", "novel.txt"}
    assert [hit.rank for hit in found.hits] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("query", "modality"),
    [
        (Image(np.full((4, 4, 3), (0, 255, 0), np.uint8)), "audio"),
        (
            Audio(np.sin(np.arange(44100) * 2 * np.pi * 1000 / 44100).astype(np.float32), 44100),
            "image",
        ),
    ],
)
def test_any_medium_finds_any_other(library, query, modality):
    assert names(library.search(query, to=[modality], k=1))[0].startswith("green.")


def test_a_hit_names_its_best_part(library):
    (hit,) = library.search("green", to=["text"]).hits
    assert (hit.part.label, hit.part.text) == ("page 2", "all green")
    assert hit.cosine == pytest.approx(1, abs=1e-3)


def test_terms_add_and_subtract(library):
    assert names(library.search("red", "blue", to=["image"], k=1)) == ["purple.png"]
    assert names(library.search("red blue", minus=["red"], to=["image"], k=1)) == ["blue.png"]


def test_weights_shift_the_answer(library):
    pictures = Filters(frozenset({Modality.IMAGE}))
    mostly_red = Query((Term(Text("red"), 5.0), Term(Text("green"), 1.0)), pictures, k=1)
    mostly_green = Query((Term(Text("red"), 1.0), Term(Text("green"), 5.0)), pictures, k=1)
    assert names(library.answer(mostly_red)) == ["red.png"]
    assert names(library.answer(mostly_green)) == ["green.png"]


@pytest.mark.parametrize("terms", [(), (Term(Text("red"), -1.0),), (Term(Text("red"), 0.0),)])
def test_a_query_needs_something_to_look_for(library, terms):
    with pytest.raises(QueryError, match="nothing to look for"):
        library.answer(Query(terms))


def test_empty_words_are_refused(library):
    with pytest.raises(QueryError, match="query is empty"):
        library.search("  ")


def test_unknown_targets_are_refused_with_the_known_ones(library):
    with pytest.raises(QueryError, match="audio, image, mesh, text, video"):
        library.search("red", to=["smell"])


def test_pages_follow_without_overlap(library):
    everything = names(library.search("red", k=50))
    pages = [names(library.search("red", k=3, offset=offset)) for offset in range(0, 12, 3)]
    assert [name for page in pages for name in page] == everything
    assert len(set(everything)) == len(everything) == 11
    assert library.search("red", k=3, offset=3).hits[0].rank == 4


def test_filters_narrow_the_answer(library):
    assert names(library.search("red", filters=Filters(folder="deep"), k=1)) == ["deep/red.glb"]
    assert names(library.search("red", filters=Filters(text="novel"))) == ["novel.txt"]
    assert (
        len(library.search("red", filters=Filters(min_bytes=8), k=50).hits) == 9
    )  # not red.png, red.wav
    nothing = library.search("red", filters=Filters(after=1e9))
    assert nothing.hits == ()
    assert nothing.probably_nothing


def test_more_like_leaves_the_item_itself_out(library):
    (red,) = [i for i in library.items() if i.path == "red.png"]
    found = library.more_like(red.id, k=3)
    assert "red.png" not in names(found)
    assert all("red" in name or name == "novel.txt" for name in names(found))


def test_missing_items_are_not_found(library):
    (red,) = [i for i in library.items() if i.path == "red.png"]
    library.search("red")
    library.catalogue.set_missing([red.id], True)
    library.searcher.shelves()
    assert "red.png" not in names(library.search("red", k=50))
    library.catalogue.set_missing([red.id], False)
    library.searcher.shelves()
    assert "red.png" in names(library.search("red", k=50))


def test_scores_equal_brute_force(library):
    """Corrected scores from the extended index against cosines and biases by hand."""
    from xmr_core.hubness import hub_bias

    bank = library.space.bank()
    query = library.space.encode([Text("red red green")])[0]
    for hit in library.search("red red green", to=["image", "audio"], k=50).hits:
        vector = library.catalogue.item_vectors(hit.item.id)[1]
        assert hit.cosine == pytest.approx(float(vector[0] @ query), abs=1e-3)
        assert hit.score == pytest.approx(float(hit.cosine - hub_bias(vector, bank)[0]), abs=1e-3)


def test_without_correction_the_score_is_the_cosine(library):
    for hit in library.search("red green", corrected=False, k=50).hits:
        assert hit.score == pytest.approx(hit.cosine, abs=1e-3)


def test_a_library_opened_again_answers_the_same_from_its_files(library, tmp_path):
    before = library.search("red", k=50)
    assert sorted(p.name for p in (library.path / "index").glob("*.faiss"))
    with Library.open("colours", tmp_path / "indexes", space=colours()) as again:
        after = again.search("red", k=50)
    assert names(after) == names(before)
    assert [h.odds for h in after.hits] == pytest.approx([h.odds for h in before.hits])


@pytest.mark.parametrize("suffix", ["faiss", "npz"])
def test_damaged_index_files_are_made_again(library, tmp_path, suffix):
    before = names(library.search("red", k=50))
    for file in (library.path / "index").glob(f"*.{suffix}"):
        file.write_bytes(file.read_bytes()[:40] + b"junk")
    with Library.open("colours", tmp_path / "indexes", space=colours()) as again:
        assert names(again.search("red", k=50)) == before


def test_two_libraries_answer_as_one(library, tmp_path):
    with Library.create("other", home=tmp_path / "indexes", space=colours()) as other:
        folder = tmp_path / "more"
        folder.mkdir()
        put(other, other.add_root(folder), "scarlet.png", "image", RED)
        put(other, other.roots()[0], "sky.png", "image", BLUE)
        other.catalogue.activate(other.space.fingerprint)
        query = make_query(["red"], to=["image"], k=3)
        found = search_libraries([library, other], query)
        assert {(h.library, h.item.path) for h in found.hits[:2]} == {
            ("colours", "red.png"),
            ("other", "scarlet.png"),
        }
        assert found.total == 6
        page = search_libraries([library, other], make_query(["red"], to=["image"], k=2, offset=1))
        assert names(page) == names(found)[1:3]


def test_presence_is_high_for_what_is_there(library):
    assert not library.search("red").probably_nothing
    assert library.search("red").presence[Modality.IMAGE] > 2 * PRESENT


def test_absence_is_said(library):
    absent = library.search("stone")
    assert absent.probably_nothing
    assert len(absent.hits) == 11
