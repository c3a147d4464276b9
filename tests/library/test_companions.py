"""Queries by an item, or by a file that is one, favour what people put together with it."""

import math
import shutil
from dataclasses import replace

import numpy as np
import pytest

from tests.indexing.world import write_picture, write_sound, write_text
from tests.library.steps import index
from xmr_core.library import Library, make_query
from xmr_core.query import Term
from xmr_core.readers import read


@pytest.fixture
def filled(library, tmp_path):
    """A red picture with a blue sound of its name, after other blue sounds and one that is red."""
    folder = tmp_path / "birds"
    write_picture(folder / "robin.png", "red")
    write_sound(folder / "robin.wav", "blue")
    write_text(folder / "robin.en.srt", "1\n00:00:00,000 --> 00:00:01,000\ngreen\n")
    write_sound(folder / "robin.old.wav", "green")
    for i in range(9):
        write_sound(folder / f"owl{i}.wav", "blue", 0.55 + i / 20)
    write_sound(folder / "wren.wav", "red")
    index(library, folder)
    return library


def ids(library):
    return {item.path: item.id for item in library.items(limit=100)}


def sounds(library, *what, **options):
    hits = library.search(*what, to=["audio"], k=20, **options).hits
    return {hit.item.path: hit for hit in hits}


def lead(found):
    """By how much the sound of its name is before those that sound alike, in log-odds."""
    assert len(found) == 12
    return found["robin.wav"].odds - max(found[f"owl{i}.wav"].odds for i in range(9))


def test_an_item_finds_the_sound_of_its_name_before_sounds_that_are_alike(filled):
    found = sounds(filled, filled.term(ids(filled)["robin.png"]))
    mine = found["robin.wav"]
    assert (mine.matched.field, mine.matched.text) == ("stem", "robin.png")
    assert lead(found) > 5.5
    assert [one.item.path for one in found.values() if one.matched] == ["robin.wav"]


def test_a_copy_of_its_file_under_another_name_does_so_too(filled, tmp_path):
    dropped = tmp_path / "dropped.png"
    shutil.copy(tmp_path / "birds/robin.png", dropped)
    assert lead(sounds(filled, dropped)) > 5.5
    first, *_ = filled.search(dropped, k=20).hits
    assert (first.item.path, first.matched.field) == ("robin.png", "same")
    assert abs(lead(sounds(filled, Term(read(dropped))))) < 0.5  # of no file
    assert abs(lead(sounds(filled, write_picture(dropped, "red", side=9)))) < 0.5


def test_what_it_adds_stands_in_the_breakdown(filled):
    query = make_query([filled.term(ids(filled)["robin.png"])], k=20)
    told = filled.accompanied(query).beside
    paths = {filled.item(id).path: one.kind for id, one in told.items()}
    assert paths == {"robin.wav": "stem", "robin.en.srt": "stem"}
    for hit in filled.answer(query).hits:
        parts = filled.breakdown(query, hit)
        assert np.isclose(parts.odds, hit.odds, atol=1e-4)
        assert np.isclose(parts.evidence.get("beside", 0.0), 6.0 * (hit.item.path in paths))


def test_it_counts_by_its_share_of_the_query_and_not_where_it_is_subtracted(filled):
    picture, query = ids(filled)["robin.png"], make_query(["red"], k=20)
    half = replace(query, terms=(*query.terms, filled.term(picture)))
    whole = replace(query, terms=(filled.term(picture, 2.0),))
    taken = replace(query, terms=(*query.terms, filled.term(picture, -1.0)))
    sound = ids(filled)["robin.wav"]
    odds = [filled.accompanied(one).beside[sound].odds for one in (half, whole)]
    assert np.isclose(odds[0], odds[1] / 2)
    assert not filled.accompanied(taken).beside


def test_names_across_folders_references_and_joins_count_and_partings_do_not(library, tmp_path):
    for n, colour in enumerate(("red", "green", "blue", "red")):
        write_picture(tmp_path / f"media/pictures/{n}.png", colour, side=8 + n)
        write_sound(tmp_path / f"media/sounds/{n}.wav", "green", 0.5 + n / 10)
    write_text(tmp_path / "media/page.md", "blue ![](pictures/0.png)")
    write_text(tmp_path / "media/lone.txt", "green")
    index(library, tmp_path / "media")
    item = ids(library)
    query = make_query([library.term(item["pictures/0.png"])])
    assert not library.accompanied(query).beside
    for _ in library.link():
        pass

    def kinds():
        beside = library.accompanied(query).beside
        return {library.item(id).path: one.kind for id, one in beside.items()}

    assert kinds() == {"sounds/0.wav": "stem", "page.md": "refers"}
    library.split(item["page.md"])
    assert kinds() == {"sounds/0.wav": "stem"}
    library.join([item["pictures/0.png"], item["lone.txt"]])
    assert kinds() == {"sounds/0.wav": "joined", "lone.txt": "joined"}


@pytest.mark.parametrize("copies", [3, 30])
def test_what_lies_in_many_places_says_less_and_everywhere_nothing(library, tmp_path, copies):
    folder = tmp_path / "media"
    for n in range(copies):
        write_picture(folder / f"{n}.png", "red")  # of one content
        write_sound(folder / f"{n}.wav", "blue", 0.3 + n / 100)
    index(library, folder)
    query = make_query([library.term(ids(library)["0.png"])])
    beside = library.accompanied(query).beside.values()
    odds = [one.odds for one in beside if one.kind == "stem"]
    assert np.allclose(odds, 6.0 - math.log(3)) and len(odds) == (3 if copies == 3 else 0)


def test_another_library_knows_the_content_too(filled, home, tmp_path):
    with Library.create("other", space=filled.space) as other:
        write_picture(tmp_path / "more/bird.png", "red")
        write_sound(tmp_path / "more/bird.wav", "blue")
        index(other, tmp_path / "more")
        found = sounds(other, filled.term(ids(filled)["robin.png"]))
        assert found["bird.wav"].matched.field == "stem"


def test_what_was_liked_comes_first_and_what_was_disliked_last(filled):
    item = ids(filled)
    query = replace(make_query(["red"], to=["audio"], k=20), names=False)
    before = [hit.item.path for hit in filled.answer(query).hits]
    best, worst = before[0], before[-1]
    marked = replace(query, marks=filled.marks([item[worst]], [item[best]]))
    hits = filled.answer(marked).hits
    assert (hits[0].item.path, hits[-1].item.path) == (worst, best)
    assert hits[0].matched is None
    told = filled.breakdown(marked, hits[0])
    assert told.evidence == {"mark": 40.0} and np.isclose(told.odds, hits[0].odds, atol=1e-4)
    assert filled.breakdown(marked, hits[-1]).evidence == {"mark": -40.0}


def test_a_mark_weighs_more_than_words_and_names(library, tmp_path):
    for n in range(30):
        write_text(tmp_path / f"media/{n}.txt", f"red number {n}")
    write_text(tmp_path / "media/zorblax.txt", "zorblax zorblax")
    write_text(tmp_path / "media/zorblax copy.txt", "zorblax")
    index(library, tmp_path / "media")
    item, query = ids(library), make_query(["zorblax"], k=40)
    assert library.answer(query).hits[0].item.path.startswith("zorblax")
    found = library.refine(query, [item["7.txt"]], [item["zorblax.txt"]]).hits
    assert (found[0].item.path, found[-1].item.path) == ("7.txt", "zorblax.txt")


def test_marks_of_one_side_are_taken_apart(filled):
    item, query = ids(filled), make_query(["red"], k=20)
    for yes, no in (([item["wren.wav"]], []), ([], [item["wren.wav"]])):
        marked = replace(query, marks=filled.marks(yes, no))
        hit = filled.answer(marked).hits[3]
        assert np.isclose(filled.breakdown(marked, hit).odds, hit.odds, atol=1e-4)
