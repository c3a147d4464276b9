"""Likes, dislikes and concepts as the Search page sends them."""

import pytest

from tests.ui.test_search_page import item, paths, stated, text
from xmr_core.query import Query
from xmr_core.ui import queries
from xmr_core.ui.feedback_markup import feedback_bar, thumbs


def marked(site, liked=(), disliked=()):
    def side(names):
        return [{"library": "colours", "id": site.ids[name]} for name in names]

    return {"marks": {"liked": side(liked), "disliked": side(disliked)}}


def test_marks_move_the_answer_and_what_they_did_is_told(served):
    query = stated(text("red blue"), to=["image"])
    plain = served.call("search", query=query, k=9)
    assert plain["refined"] is None
    more = marked(served, ["pictures/blue.png"], ["pictures/red.png"])
    told = served.call("search", query=query | more, k=9)
    assert paths(served, told)[0] == "pictures/blue.png"
    refined = told["refined"]
    assert (refined["likes"], refined["dislikes"]) == (1, 1)
    assert 0 < refined["kept"] < 1


def test_each_side_of_the_marks_has_its_way(served):
    query = stated(text("red blue"), to=["image"])
    other = marked(served, ["pictures/red.png"], ["pictures/blue.png"])
    assert paths(served, served.call("search", query=query | other, k=9))[0] == "pictures/red.png"


def test_a_concept_is_saved_listed_used_renamed_and_forgotten(site):
    more = marked(site, ["pictures/blue.png", "sounds/blue.wav"], ["pictures/red.png"])
    told = site.call("concepts.save", name="Sea", query=stated(text("red blue")) | more)
    assert (told["likes"], told["dislikes"], told["left"]) == (2, 1, [])
    (listed,) = site.call("concepts", libraries=["colours"])["concepts"]
    assert (listed["name"], listed["words"], listed["gone"]) == ("Sea", ["red blue"], [])
    term = {"kind": "concept", "library": "colours", "title": "Sea", "weight": 1}
    found = site.call("search", query=stated(term), k=5)
    assert found["label"] == "Sea"
    assert all("blue" in path for path in paths(site, found))
    without = stated(text("red blue"), term | {"weight": -1}, to=["image"])
    assert paths(site, site.call("search", query=without, k=1)) == ["pictures/red.png"]
    site.call("concepts.rename", library="colours", name="sea", new="Ocean")
    assert site.call("concepts")["concepts"][0]["name"] == "Ocean"
    site.call("concepts.forget", library="colours", name="Ocean")
    assert site.call("concepts")["concepts"] == []
    assert site.refused("search", query=stated(term))["message"] == "colours has no concept 'Sea'."


def test_a_name_that_is_taken_is_asked_about_before_it_is_replaced(site):
    query = stated(text("red"))
    site.call("concepts.save", name="Sea", query=query)
    assert "already" in site.call("concepts.save", name="sea", query=query)["taken"]
    again = site.call("concepts.save", name="sea", query=stated(text("blue")), replace=True)
    assert again["words"] == ["blue"]


def test_what_a_concept_cannot_keep_is_said(site):
    upload = site.client.post("/query-file?name=a.txt", content=b"blue").json()
    file = {"kind": "file", "token": upload["token"], "name": "a.txt", "modality": "text",
            "weight": 1}  # fmt: skip
    told = site.call("concepts.save", name="Both", query=stated(text("red"), file))
    assert told["left"] == ["a.txt"]
    answer = site.refused("concepts.save", name="None", query=stated(file))
    assert answer["message"] == "Nothing of this query can be kept: a.txt would be left out."


def test_an_item_is_explained_by_what_a_concept_is_made_of(site):
    more = marked(site, ["pictures/blue.png", "sounds/blue.wav"], ["pictures/red.png"])
    site.call("concepts.save", name="Sea", query=stated(text("blue")) | more)
    term = {"kind": "concept", "library": "colours", "title": "Sea", "weight": 1}
    number = site.ids["solids/blue.ply"]
    asked = {"library": "colours", "id": number, "query": stated(term), "term": 0}
    told = site.call("why.pair", **asked)["terms"]
    assert [(one["title"], one["weight"]) for one in told] == [
        ("blue", 1), ("blue.png", 0.25), ("blue.wav", 0.25), ("red.png", -0.25),
    ]  # fmt: skip
    score = site.call("why.score", **asked)
    assert [one["label"] for one in score["terms"]] == ["blue", "2 liked", "red.png (disliked)"]
    library = site.context.shelf.get("colours")
    found = library.answer(Query((library.concept_term("Sea"),), k=20))
    (hit,) = [one for one in found.hits if one.item.id == number]
    assert score["strength"] == pytest.approx(hit.strength, abs=1e-5)


def test_marks_of_a_query_are_in_the_score_that_is_taken_apart(served):
    more = marked(served, ["pictures/blue.png"], ["pictures/red.png"])
    query, number = stated(text("red blue")) | more, served.ids["solids/blue.ply"]
    told = served.call("why.score", library="colours", id=number, query=query)
    assert [one["label"] for one in told["terms"]] == [
        "red blue", "blue.png (liked)", "red.png (disliked)",
    ]  # fmt: skip
    asked = queries.asked(served.context, query)
    hits = queries.answer(served.context, asked, 20).hits
    (hit,) = [one for one in hits if one.item.id == number]
    assert told["strength"] == pytest.approx(hit.strength, abs=1e-5)


def test_buttons_say_what_they_do_and_whose_they_are():
    html = thumbs("a &amp; b")
    assert 'aria-label="This is what I mean: a &amp; b"' in html
    assert html.count('aria-pressed="false"') == 2
    assert 'data-part="marks"' in feedback_bar()


def test_items_as_terms_may_be_marked_too(served):
    term = item(served, "pictures/blue.png")
    more = marked(served, ["sounds/blue.wav"])
    told = served.call("search", query=stated(term, to=["mesh"]) | more, k=1)
    assert paths(served, told) == ["solids/blue.ply"]
