"""Cards and the dialog: every word from outside is escaped."""

from html.parser import HTMLParser

import pytest

from xmr_core.ui.cards import passage

EVIL = '<img src=x onerror="alert(1)">.txt'


class Tags(HTMLParser):
    """The tags and attributes of a piece of HTML, and whether they close."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in {"img", "i", "input", "use", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in {"img", "i", "input", "use", "br"}:
            assert self.open.pop() == tag


def parsed(html):
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    return tags


def cards(served, **more):
    query = {"terms": [{"kind": "text", "text": "red", "weight": 1}], "libraries": ["colours"]}
    told = served.call("search", query={**query, **more}, k=100)
    return told["groups"][0]["cards"]


def test_a_name_that_is_html_stays_a_name(served):
    (mine,) = [card for card in cards(served) if f'data-id="{served.ids[EVIL]}"' in card]
    tags = parsed(mine)
    assert not any(name.startswith("on") for name, _ in tags.attributes)
    assert ("data-title", EVIL) in tags.attributes
    assert "<b>bold" not in mine


@pytest.mark.parametrize("path", [EVIL, "page.html", "pictures/red.png", "sounds/red.wav",
                                  "films/red.gif", "solids/red.ply", "red.txt"])  # fmt: skip
def test_the_dialog_of_every_medium_is_sound_html(served, path):
    html = served.call("item.detail", library="colours", id=served.ids[path], no=1)["html"]
    tags = parsed(html)
    assert not any(name.startswith("on") for name, _ in tags.attributes)
    assert "script" not in tags.tags
    wanted = {"png": "img", "wav": "audio", "gif": "video", "ply": "canvas"}
    assert wanted.get(path.rpartition(".")[2], "section") in tags.tags


def test_cards_are_sound_html_and_bear_what_the_page_needs(served):
    for card in cards(served):
        tags = parsed(card)
        names = {name for name, _ in tags.attributes}
        assert {"data-m", "data-library", "data-id", "data-no", "data-src", "data-title"} <= names


def test_words_of_the_query_are_marked_in_the_found_passage(served):
    (mine,) = [
        card for card in cards(served, to=["text"]) if f'data-id="{served.ids["red.txt"]}"' in card
    ]
    assert "The first passage is <mark>red</mark>." in mine


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("## Owls\nThey hoot.\n\nThey see.", "Owls · They hoot. They see."),
        ("Tea?\n\nTea?\nA kettle whistles.", "Tea? · A kettle whistles."),
        ("Wings\nA talk\n\nAir\nIt is pushed down.", "Wings · A talk · Air · It is pushed down."),
        ("I went by train with\nMary to the sea.", "I went by train with Mary to the sea."),
        ("We met at five.\n\nIt was cold.", "We met at five. It was cold."),
        ("The end", "The end"),
        ("**Walk.** It *was* far.\n\n> ![A map](a.png) of __it__", "Walk. It was far. A map of it"),
        ("5 * 3 * 2 = 30 and a_b_c stay.", "5 * 3 * 2 = 30 and a_b_c stay."),
        ("One \u202etwo\nthree.", "One two three."),
        ("They hoot.\n\n# Next", "They hoot. Next"),
        ("", ""),
    ],
)
def test_a_heading_stands_apart_from_the_sentence_below_it(text, flat):
    assert passage(text, []) == flat


def test_the_dialog_opens_the_text_at_the_found_passage(served):
    html = served.call("item.detail", library="colours", id=served.ids["red.txt"], no=2)["html"]
    assert '<section data-no="2" data-found>' in html
    assert html.index("first passage") < html.index("data-found") < html.index("The second")


def test_sounds_start_where_they_were_found(served):
    html = served.call("item.detail", library="colours", id=served.ids["sounds/red.wav"], no=1)[
        "html"
    ]
    assert "#t=0.00" in html
