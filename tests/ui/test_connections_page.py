"""The Links page: linking, the graph around an item, documents, topics."""

import time

import pytest

from tests.ui.test_jobs import until
from xmr_core.graph import build
from xmr_core.ui.connections_markup import markup
from xmr_core.ui.documents_markup import document_card


@pytest.fixture
def linked(served):
    """The library, once its items are linked."""
    served.call("links.build", library="colours")
    for _ in range(200):
        state = served.call("links.state", library="colours")
        if not state["job"]["active"]:
            break
        time.sleep(0.05)
    assert state["job"]["state"] == "done" and state["current"]
    return served


def test_before_it_is_linked_a_library_says_so(served):
    state = served.call("links.state", library="colours")
    assert state["links"] == 0 and not state["current"] and state["job"] is None
    assert served.call("links.around", library="colours", id=0)["items"] == []


def test_the_graph_around_an_item_begins_with_it(linked):
    id = linked.ids["pictures/red.png"]
    told = linked.call("links.around", library="colours", id=id)
    assert told["items"][0]["id"] == id and told["items"][0]["steps"] == 0
    there = {item["id"] for item in told["items"]}
    assert told["links"] and all({link["item"], link["other"]} <= there for link in told["links"])
    assert {link["kind"] for link in told["links"]} <= set(told["reasons"])
    assert linked.call("links.around", library="colours", id=0)["items"]
    assert "no item 9999" in linked.refused("links.around", library="colours", id=9999)["message"]


def test_items_are_made_one_document_and_taken_out_again(linked):
    ids = [linked.ids["pictures/red.png"], linked.ids["red.txt"]]
    before = linked.call("links.state", library="colours")["documents"]
    assert linked.call("documents.join", library="colours", ids=ids)["members"] >= 2
    around = linked.call("links.around", library="colours", id=ids[0])
    assert set(ids) <= set(around["document"])
    told = linked.call("documents.list", library="colours", offset=0)
    assert told["total"] >= max(before, 1) and "joined by you" in "".join(told["cards"])
    linked.call("documents.split", library="colours", id=ids[1])
    around = linked.call("links.around", library="colours", id=ids[0])
    assert ids[1] not in around["document"]
    assert "no part" in linked.refused("documents.split", library="colours", id=ids[1])["message"]


def test_documents_answer_a_query_and_show_which_member_matched(linked):
    ids = [linked.ids["pictures/red.png"], linked.ids["red.txt"]]
    linked.call("documents.join", library="colours", ids=ids)
    query = {"terms": [{"kind": "text", "text": "red", "weight": 1}], "libraries": ["colours"]}
    answer = linked.call("documents.search", query=query, k=3, offset=0)
    (group,) = answer["groups"]
    assert answer["shown"] == 3 == len(group["cards"]) and group["more"]
    together = ["x-doc-members" in card for card in group["cards"]]
    assert any(together), "documents of several items say which one matched; others are it"
    assert ["Found by" in card for card in group["cards"]] == together
    assert not any("by itself" in card for card in group["cards"])
    assert (answer["what"], answer["cut"]) == ("document", False)
    # what the example itself belongs to is no answer
    example = {"kind": "item", "library": "colours", "id": ids[0], "title": "", "weight": 1,
               "modality": "image", "src": ""}  # fmt: skip
    answer = linked.call("documents.search", query=query | {"terms": [example]}, k=50, offset=0)
    assert all(f'data-id="{ids[1]}"' not in card for card in answer["groups"][0]["cards"])


def test_topics_are_cards_that_lead_to_a_search(linked):
    assert linked.call("topics", library="colours") == {"html": "", "count": 0, "job": None}
    assert linked.call("topics", library="colours", begin=True)["job"]["active"] in (True, False)
    until(lambda: linked.call("topics", library="colours")["count"])
    told = linked.call("topics", library="colours")
    assert told["count"] == told["html"].count('data-do="topic"') > 0
    assert "When" in told["html"]


def test_names_in_cards_are_escaped(linked):
    library = linked.context.shelf.get("colours")
    for item in library.items(limit=100):
        card = document_card("<b>", library.document(item.id))
        assert "<b>" not in card.replace("<b>%", "")
    assert "<script" not in markup(linked.context)


def test_a_search_follows_links_where_it_is_asked_to_once_there_are_some(served):
    query = {"terms": [{"kind": "text", "text": "red", "weight": 1}], "libraries": ["colours"]}
    served.context.shelf.get("colours").catalogue.set_meta(build.STAMP, "")  # as before linking
    error = served.refused("search", query=query | {"spread": True}, k=3)
    assert "not been linked" in error["message"] and "Links" in error["hint"]
    for _ in served.context.shelf.get("colours").link():
        pass
    assert served.call("search", query=query | {"spread": True}, k=3)["shown"] == 3
