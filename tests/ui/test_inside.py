"""Moments on cards, the search inside one item, and typed courses."""

import pytest
from starlette.testclient import TestClient

from tests import named
from tests.indexing.world import write_picture, write_text
from xmr_core.library import Library
from xmr_core.media import Item, Modality
from xmr_core.ui import inside
from xmr_core.ui.app import build


@pytest.fixture
def call(tmp_path):
    media = tmp_path / "media"
    write_text(media / "red-green.txt", "red\n\nblue\n\ngreen")
    write_text(media / "green-red.txt", "green\n\nblue\n\nred")
    write_picture(media / "red.png", "red")
    with named.registered():
        with Library.create("hues", "colours", tmp_path / "home") as library:
            for _ in library.index(media):
                pass
            ids = {item.title: item.id for item in library.items()}
        with TestClient(build(tmp_path / "home"), base_url="http://127.0.0.1:7860") as client:

            def call(action, /, **payload):
                return client.post(f"/call/{action}", json=payload).json()

            call.ids = ids
            yield call


def query(text, **more):
    return {"terms": [{"kind": "text", "text": text, "weight": 1}], "libraries": ["hues"]} | more


def moments(call, title, text):
    return call("moments", library="hues", id=call.ids[title], query=query(text))


def test_moments_are_told_in_their_order(call):
    told = moments(call, "red-green.txt", "green")
    assert [moment["at"] for moment in told["moments"]] == [0, 5, 11]
    assert told["long"] == 16
    assert max(told["moments"], key=lambda moment: moment["strength"])["label"] == "passage 3"


def test_of_a_course_each_moment_is_as_strong_as_the_step_it_answers_best(call):
    told = moments(call, "red-green.txt", "first red, then green")["moments"]
    assert min(told[0]["strength"], told[2]["strength"]) > told[1]["strength"]


def test_a_picture_has_no_moments_and_an_absent_item_is_told(call):
    assert moments(call, "red.png", "red") == {"long": 0.0, "moments": []}
    told = call("moments", library="hues", id=99, query=query("red"))
    assert told["error"]["message"] == "hues has no item 99."
    assert call("moments", library="hues", id=1, query={})["error"]["message"]


def test_what_is_typed_as_a_course_is_answered_in_that_order(call):
    for text, right in (
        ("first red, then green", "red-green.txt"),
        ("First: green then red", "green-red.txt"),
    ):
        (group,) = call("search", query=query(text), k=5)["groups"]
        assert f'data-title="{right}"' in group["cards"][0]
        assert "passage 1 → passage 3" in group["cards"][0]
        assert group["total"] == 2


def test_courses_are_paged_and_kept_to_media(call):
    text = "first red, then green"
    first = call("search", query=query(text), k=1)["groups"][0]
    second = call("search", query=query(text), k=1, offset=1)["groups"][0]
    assert first["more"] and not second["more"]
    assert 'data-title="green-red.txt"' in second["cards"][0]
    assert call("search", query=query(text, to=["audio"]))["groups"][0]["cards"] == []


def test_long_items_alone_have_a_field_to_search_in(tmp_path):
    def item(modality):
        return Item(1, tmp_path, "a", modality, 1, 0.0, "", "a", {})

    assert 'data-form="inside"' in inside.form(item(Modality.AUDIO), 3)
    assert inside.form(item(Modality.AUDIO), 2) == ""
    assert inside.form(item(Modality.MESH), 12) == ""
