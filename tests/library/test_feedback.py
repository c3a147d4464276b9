"""Likes and dislikes through the library, and concepts made of them."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from tests.indexing.world import write_picture, write_sound, write_text
from tests.library.steps import index, paint
from xmr_core import feedback
from xmr_core.errors import LibraryError, LibraryExists, QueryError
from xmr_core.library import Library, make_query


@pytest.fixture
def colours(library, tmp_path):
    """Six pictures of each colour, a text and a sound."""
    folder = paint(tmp_path / "many", 18)
    write_text(folder / "green.txt", "green")
    write_sound(folder / "blue.wav", "blue")
    index(library, folder)
    return library


def of(library, colour):
    return [item.id for item in library.items() if item.title.startswith(f"{colour}-")]


def order(results):
    return [hit.item.title.split("-")[0] for hit in results.hits if "-" in hit.item.title]


def test_what_is_liked_rises_and_what_is_disliked_falls(colours):
    query = make_query(["red green"], to=["image"], k=20)
    found = colours.refine(query, of(colours, "green")[:2], of(colours, "red")[:1])
    assert order(found)[:6] == ["green"] * 6
    other = colours.refine(query, of(colours, "red")[:2], of(colours, "green")[:1])
    assert order(other)[:6] == ["red"] * 6


def test_a_liked_sound_moves_a_search_for_pictures(colours):
    sound = next(item.id for item in colours.items() if item.title == "blue.wav")
    query = make_query(["red green blue"], to=["image"], k=20)
    assert order(colours.refine(query, [sound]))[:6] == ["blue"] * 6


def test_what_marks_taught_ranks(colours):
    query = make_query(["red green"], to=["image"], k=20)
    liked, disliked = of(colours, "green")[:5], of(colours, "red")[:5]
    found = colours.refine(query, liked, disliked)
    assert order(found)[:6] == ["green"] * 6
    assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))
    scores = [hit.score for hit in found.hits if hit.item.id not in {*liked, *disliked}]
    assert scores == sorted(scores, reverse=True) and len(scores) > 5
    assert {hit.item.id for hit in found.hits[:5]} == set(liked)


def marked(library, query, liked, disliked):
    return replace(query, marks=library.marks(liked, disliked))


def test_what_is_liked_and_disliked_at_once_is_disliked(colours):
    one = of(colours, "red")[0]
    marks = colours.marks([one, one], [one])
    assert (len(marks.liked), len(marks.disliked)) == (0, 1)


def test_marks_are_told_in_numbers_and_the_query_stays_where_it_was_without(colours):
    query = make_query(["red"])
    assert colours.told(query).kept == 1.0
    told = colours.told(marked(colours, query, of(colours, "green")[:3], []))
    assert (told.likes, told.dislikes) == (3, 0)
    pull, _ = feedback.PULL[True]
    assert told.kept == pytest.approx(1 / np.hypot(1, pull), abs=0.02)


def test_a_concept_finds_what_its_refined_query_found(colours):
    liked, disliked = of(colours, "green")[:5], of(colours, "red")[:5]
    saved = colours.save_concept("Meadow", {"red green": 1.0}, liked, disliked)
    assert (saved.liked, saved.disliked, saved.gone) == (tuple(liked), tuple(disliked), ())
    refined = colours.refine(make_query(["red green"], k=12), liked, disliked)
    found = colours.search(colours.concept_term("meadow"), k=12)
    assert [hit.item.id for hit in found.hits] == [hit.item.id for hit in refined.hits]


def test_a_concept_is_added_to_and_subtracted_from_other_terms(colours):
    colours.save_concept("Meadow", {"red green": 1.0}, of(colours, "green")[:3])
    term = colours.concept_term("Meadow")
    added = colours.search(term, "blue", to=["image"], k=20)
    assert set(order(added)[:12]) == {"green", "blue"}
    without = colours.search("red green blue", minus=[term], to=["image"], k=20)
    assert order(without)[:6] == ["blue"] * 6


def test_concepts_are_listed_renamed_replaced_and_forgotten(colours):
    colours.save_concept("b", {"red": 1})
    colours.save_concept("A", {"blue": 1, of(colours, "red")[0]: -0.5})
    assert [one.name for one in colours.concepts()] == ["A", "b"]
    with pytest.raises(LibraryExists, match="'b'"):
        colours.rename_concept("A", "B")
    assert colours.rename_concept("a", "Sky").items == {of(colours, "red")[0]: -0.5}
    with pytest.raises(LibraryExists):
        colours.save_concept("sky", {"red": 1})
    assert colours.save_concept("sky", {"red": 1}, again=True).words == {"red": 1}
    colours.forget_concept("SKY")
    assert [one.name for one in colours.concepts()] == ["b"]
    with pytest.raises(LibraryError, match="no concept 'sky'"):
        colours.concept_term("sky")


def test_concepts_that_look_for_nothing_or_have_no_name_are_refused(colours):
    with pytest.raises(QueryError, match="nothing to look for"):
        colours.save_concept("x", {"red": -1}, [], of(colours, "red"))
    with pytest.raises(QueryError, match="no name"):
        colours.save_concept("  ", {"red": 1})
    with pytest.raises(QueryError, match="too long"):
        colours.save_concept("x" * 101, {"red": 1})
    with pytest.raises(LibraryError):
        colours.save_concept("x", {"red": 1}, [99_999])


def test_items_of_a_concept_that_are_gone_are_said_and_those_that_moved_are_found(
    library, tmp_path
):
    folder = tmp_path / "some"
    for name in ("green", "red", "blue"):
        write_picture(folder / f"{name}.png", name)
    index(library, folder)
    ids = {item.title: item.id for item in library.items()}
    library.save_concept("Both", {"blue green": 1.0}, [ids["green.png"], ids["red.png"]])
    (folder / "red.png").unlink()
    shutil.copytree(folder, tmp_path / "elsewhere")
    library.remove_root(library.roots()[0].id)
    index(library, tmp_path / "elsewhere")
    again = library.concept("Both")
    assert again.gone == ("red.png",)
    assert [library.item(id).title for id in again.liked] == ["green.png"]
    assert library.search(library.concept_term("Both"), k=1).hits[0].item.title == "green.png"


def test_a_concept_of_which_nothing_is_left_says_so(library, tmp_path):
    folder = tmp_path / "some"
    write_picture(folder / "green.png", "green")
    index(library, folder)
    library.save_concept("Gone", {}, [library.items()[0].id])
    library.remove_root(library.roots()[0].id)
    assert library.concept("Gone").gone == ("green.png",)
    with pytest.raises(QueryError, match="Nothing that the concept 'Gone'"):
        library.concept_term("Gone")


def test_concepts_outlive_closing(home, colours):
    colours.save_concept("Meadow", {"green": 1.0})
    with Library.open("colours", space=colours.space) as again:
        assert again.concepts()[0].words == {"green": 1.0}
