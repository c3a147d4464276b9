"""Items and files in words, on the page and for programs."""

import pytest

V1 = "/api/v1"


def item(site, path):
    return {"kind": "item", "library": "colours", "id": site.ids[path], "weight": 1}


def test_an_item_is_put_into_words_as_markup(served):
    html = served.call(
        "translation.words", library="colours", term=item(served, "pictures/red.png")
    )["html"]
    assert "data-say=" in html or "Nothing sure can be said." in html or "<q>" in html


def test_what_is_said_is_escaped_and_leads_to_its_file(site):
    (site.media / "pictures" / "red.txt").write_text("A red <b>ball</b> on sand.")
    library = site.context.shelf.get("colours")
    for _ in library.index():
        pass
    html = site.call("translation.words", library="colours", term=item(site, "pictures/red.png"))[
        "html"
    ]
    assert "A red &lt;b&gt;ball&lt;/b&gt; on sand." in html and "<b>" not in html
    assert "Written beside it" in html and 'href="/media/colours/' in html


def test_texts_are_refused_in_words(served):
    told = served.refused("translation.words", library="colours", term=item(served, "red.txt"))
    assert "words already" in told["message"] and told["hint"]


def test_programs_are_told_tags_and_caption_of_items_and_files(served):
    term = {"item": {"library": "colours", "id": served.ids["solids/blue.ply"]}}
    answer = served.client.post(f"{V1}/libraries/colours/say", json={"term": term, "tags": 3})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["modality"] == "mesh" and len(told["tags"]) <= 3
    assert told["caption"]["voices"] and 0 <= told["caption"]["strength"] <= 1
    body = (served.media / "sounds/blue.wav").read_bytes()
    file = served.client.post(f"{V1}/files", params={"name": "blue.wav"}, content=body).json()
    answer = served.client.post(
        f"{V1}/libraries/colours/say", json={"term": {"file": file["token"]}}
    )
    assert answer.json()["modality"] == "audio"


@pytest.mark.parametrize("given", [{"term": {}}, {"term": {"text": "red"}}])
def test_programs_are_told_what_cannot_be_said(served, given):
    answer = served.client.post(f"{V1}/libraries/colours/say", json=given)
    assert answer.status_code == 400 and answer.json()["error"]["hint"]


def test_the_page_says_a_search_in_another_medium(served):
    page = served.client.get("/").text
    assert "translation.js" in page and "translation.css" in page
