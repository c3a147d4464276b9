"""Words inside media on the pages: cards, the dialog of an item, the dialog of a library."""

import time

import pytest

from tests.ui.test_cards import parsed
from xmr_core.catalogue import Line
from xmr_core.media import Modality
from xmr_core.results import Matched
from xmr_core.ui.word_marks import line
from xmr_core.ui.words_inside import listed
from xmr_core.words import OFFERED

EVIL = "<b onclick=x>no smoking</b>"


def test_a_line_on_a_card_is_escaped_and_its_words_are_marked():
    html = line(Matched("written", EVIL, ((13, 23),)), Modality.IMAGE, "a.png")
    assert "<mark>no smoking</mark>" in html and "<b onclick" not in html
    assert not any(name.startswith("on") for name, _ in parsed(html).attributes)


def test_a_line_that_was_heard_plays_from_there():
    html = line(Matched("spoken", "good morning", (), (72.4,), (75.0,)), Modality.AUDIO, 'a".wav')
    assert 'data-from="72.40"' in html and "heard 1:12" in html
    parsed(html)


def test_the_list_of_an_item_goes_to_seconds_and_regions():
    html = listed([Line("written", EVIL, (0.1, 0.2), (0.3, 0.4))], Modality.IMAGE)
    assert 'data-box="0.1000 0.2000 0.3000 0.4000"' in html
    assert "<b onclick" not in html
    assert 'data-at="3.00"' in listed([Line("subtitles", "hi", (3.0,), (4.0,))], Modality.VIDEO)
    html = listed([Line("author", "Ada"), Line("note", "mine")], Modality.IMAGE)
    assert "Ada" in html and "mine" not in html and "x-lines" not in html
    assert listed([], Modality.MESH) == ""


def test_a_found_line_is_on_the_card_and_in_the_dialog(site):
    library = site.context.shelf.get("colours")
    item = next(item for item in library.items() if item.modality is Modality.AUDIO)
    said = [Line("spoken", "good morning everybody", (0.2,), (0.4,), 0.8)]
    library.catalogue.keep_found(item.id, item.hash, "test", "1", said)
    query = {"terms": [{"kind": "text", "text": '"good morning"', "weight": 1}],
             "libraries": ["colours"]}  # fmt: skip
    told = site.call("search", query=query, k=10)
    (card,) = told["groups"][0]["cards"]
    assert "<mark>good</mark>" in card or "<mark>good morning</mark>" in card
    assert 'data-start="0.20"' in card
    assert (
        "good morning everybody" in site.call("item.words", library="colours", id=item.id)["html"]
    )


def test_the_library_says_how_far_it_came_and_goes_on(site):
    told = site.call("words", library="colours")
    assert told["waiting"] and not told["begun"] and told["run"] is None
    run = site.call("words-look", library="colours", works=["tags"])["run"]
    assert run["what"] == "Looking for words"
    while (job := site.context.jobs.get("colours")).active:
        time.sleep(0.05)
    assert job.error is None
    after = site.call("words", library="colours")
    assert after["begun"] and after["waiting"] < told["waiting"]


@pytest.mark.parametrize("works", [["smells"], ["tags", "x"]])
def test_unknown_works_are_refused(served, works):
    refused = served.client.post("/call/words-look", json={"library": "colours", "works": works})
    assert refused.status_code == 400  # no page of ours sends them
    assert "tags, subtitles" in refused.json()["error"]["message"]


def test_a_listener_is_chosen_and_says_what_it_costs(site, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    told = site.call("words", library="colours")["listener"]
    assert told["name"] == "pocketsphinx" and "Nothing to fetch" in told["about"]
    assert [one["name"] for one in told["choices"]] == list(OFFERED)
    tiny = "whisper:openai/whisper-tiny"
    told = site.call("words", library="colours", listener=tiny)["listener"]
    assert told["name"] == tiny and "151 MB" in told["about"] and "Apache-2.0" in told["about"]
    assert site.call("words", library="colours")["listener"]["name"] == "pocketsphinx"


def test_a_listener_that_cannot_be_had_is_refused_before_the_run(served, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    asked = {"library": "colours", "works": ["speech"]}
    for name, said in {
        "whisper:openai/whisper-tiny": "cannot be reached",
        "siri": "no listener",
        "whisper:/nowhere": "There is no folder",
    }.items():
        sent = asked | {"listener": name}
        refused = served.client.post("/call/words-look", json=sent).json()
        assert said in refused["error"]["message"]
    assert served.client.post("/call/words", json={"library": "colours"}).json()
