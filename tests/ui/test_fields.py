"""Every action answers fields of the wrong kind in words, and never with a traceback."""

import copy
import json

import pytest

from xmr_core.ui import fields, pages

TERM = {"kind": "text", "text": "red", "weight": 1.0}
FILE = {"kind": "file", "token": "a", "name": "a.png", "modality": "image", "weight": 1.0}
ITEM = {"kind": "item", "library": "colours", "id": 1, "title": "a", "modality": "image",
        "src": "/media/colours/1", "weight": 0.5}  # fmt: skip
FILTERS = {"folder": "/tmp", "after": "2024-01-31", "before": "2099-01-31", "min_mb": 0.0,
           "max_mb": 9.5, "min_seconds": 0.0, "max_seconds": 9.5, "text": "red",
           "collection": "", "tags": ""}  # fmt: skip
READ_IN = {"libraries": ["colours"], "to": ["image"]}
SEVERAL = {"items": [{"library": "nothing", "id": 1}]}
QUERY = {"terms": [TERM, FILE, ITEM], "libraries": ["colours"], "to": ["image"], "corrected": True,
         "filters": FILTERS,
         "marks": {"liked": [{"library": "colours", "id": 1}], "disliked": []}}  # fmt: skip
NAMED = {"library": "nothing"}
READ = {"library": "colours"}
WHY = READ | {"id": 1, "query": {"terms": [TERM], "corrected": True}, "term": 0}
# what the pages send, with every field there is; where it would change something, to no library
SENT = {
    "duplicates": {"library": "colours", "media": ["image"], "least": 80, "offset": 0},
    "duplicates-look": {"library": "nothing"},
    "item.words": {"library": "colours", "id": 1},
    "words": {"library": "colours", "listener": "pocketsphinx"},
    "words-look": {"library": "nothing", "works": ["tags"], "again": False, "listener": ""},
    "duplicates-different": {"library": "colours", "id": 1, "others": [2], "different": True},
    "duplicates-copies": {"library": "colours", "ids": [1]},
    "duplicates-export": {"library": "colours", "media": ["image"], "least": 80, "format": "csv"},
    "translation.words": {"library": "colours", "term": ITEM},
    "libraries": {}, "jobs": {}, "searches": {}, "library-shelf": {}, "library-places": {},
    "library-profiles": {},
    "search": {"query": QUERY, "k": 3, "offset": 0, "columns": False, "remember": False},
    "compare": {"left": QUERY, "right": QUERY, "k": 3, "documents": False},
    "search.warm": {"libraries": ["nothing"]}, "search.status": {"libraries": ["colours"]},
    "search.examples": {"libraries": ["colours"]}, "search.folders": {"libraries": ["colours"]},
    "search.export": {"query": QUERY, "k": 3, "columns": False, "documents": False}
    | {"format": "csv"},
    "searches.save": {"name": "a", "query": QUERY | {"libraries": ["nothing"]}, "replace": True},
    "keep": {"libraries": ["colours"]}, "keep.item": READ | {"id": 1},
    "keep.note": NAMED | {"id": 1, "text": "x"},
    "keep.tag": SEVERAL | {"add": ["a"], "remove": ["b"]}, "keep.collect": SEVERAL | {"name": "a"},
    "keep.uncollect": SEVERAL | {"name": "a"}, "keep.rename": NAMED | {"name": "a", "new": "b"},
    "keep.delete": NAMED | {"name": "a"},
    "keep.browse": {"query": READ_IN | {"filters": FILTERS}, "k": 3, "offset": 0, "columns": False},
    "keep.export": SEVERAL | NAMED | {"name": "", "format": "csv"},
    "searches.forget": NAMED | {"id": 1},
    "concepts": {"libraries": ["colours"]},
    "concepts.save": {"name": "a", "query": QUERY | {"libraries": ["nothing"]}, "replace": True},
    "concepts.rename": NAMED | {"name": "a", "new": "b"}, "concepts.forget": NAMED | {"name": "a"},
    "item.detail": READ | {"id": 1, "no": 0}, "item.path": READ | {"id": 1},
    "item.reveal": NAMED | {"id": 1},
    "links.state": READ, "links.build": NAMED, "links.cancel": READ,
    "links.around": READ | {"id": 1}, "documents.list": READ | {"offset": 0},
    "topics": READ | {"begin": False},
    "topics.cancel": READ,
    "documents.one": READ | {"id": 1},
    "documents.search": {"query": QUERY, "k": 3, "offset": 0},
    "documents.join": NAMED | {"ids": [1, 2]}, "documents.split": NAMED | {"id": 1},
    "map.ringed": READ | {"collection": "", "tag": ""},
    "map.chart": READ, "map.items": READ | {"ids": [1]}, "map.job": READ, "map.cancel": READ,
    "map.ask": READ | {"terms": QUERY["terms"]}, "map.arrange": NAMED,
    "lab.open": {}, "lab.pairs": NAMED,
    "lab.run": {"data": "nothing", "media": ["image", "text"], "methods": ["cca"], "seed": 0},
    "lab.job": {"token": "a"}, "lab.cancel": {"token": "a"},
    "lab.planes": {"token": "a", "method": "cca"}, "lab.bits": {"token": "a", "method": "cca"},
    "lab.queries": {"token": "a", "source": "text"},
    "lab.columns": {"token": "a", "source": "text", "row": 1},
    "lab.said": {"token": "a"}, "lab.pictures": {"token": "a", "rows": [1]},
    "lab.keep": {"token": "a", "method": "cca", "name": "mine"},
    "why.pair": WHY, "why.score": WHY, "why.export": WHY | {"method": "gradient", "opacity": 50},
    "why.explain": WHY | {"method": "gradient", "bare": True},
    "why.pictures": WHY | {"side": "hit"},
    "why.occlude": WHY | {"without": {"query": {"boxes": [[[0], [1]]], "sounds": [[0, 1]]}}},
    "why.warp": WHY | {"variant": "joint"},
    "why.curve": WHY | NAMED | {"method": "gradient", "side": "hit"},
    "why.curve.job": WHY | {"method": "gradient", "side": "hit"},
    "why.curve.cancel": WHY | {"method": "gradient", "side": "hit"},
    "library": {"name": "colours"}, "library-failures": READ | {"offset": 0},
    "library-check": {"name": "colours", "profile": "colours"},
    "library-create": {"name": "new", "profile": "nothing", "folder": "/nowhere", "ignore": "*.a"},
    "library-rename": NAMED | {"name": "new"}, "library-delete": NAMED | {"typed": "no"},
    "library-salvage": NAMED, "library-ignore": NAMED | {"ignore": "*.a"},
    "library-watch": NAMED | {"on": True},
    "moments": NAMED | {"id": 1, "query": {"terms": [{"kind": "text", "text": "", "weight": 1.0}]}},
    "library-folders": {"path": "/nowhere"}, "library-profile": {"name": "nothing"},
    "root-move": NAMED | {"root": 1, "folder": "/nowhere"}, "root-remove": NAMED | {"root": 1},
    "run": READ, "run-profile": NAMED | {"profile": "nothing"}, "run-retry": NAMED | {"ids": [1]},
    "run-start": NAMED | {"folders": ["/nowhere"], "ignore": "", "accept_loss": False},
    "run-again": NAMED, "run-pause": NAMED, "run-resume": NAMED, "run-cancel": NAMED,
    "run-dismiss": NAMED, "estimate": {"number": 10**6}, "estimate-stop": {"number": 10**6},
    "estimate-start": NAMED | {"folders": ["/nowhere"], "ignore": "*.a"},
}  # fmt: skip
UNSENT = {"demo.build", "demo-build"}  # they take nothing, and begin something long

DEEP = json.loads('{"a":' * 300 + "1" + "}" * 300)
ODD = {
    "a number": 7, "a fraction": 1.5, "text": "x", "no text": "", "a list": ["x", 7], "lists": [[]],
    "nulls": [None], "an object": {"a": 1}, "objects": [{}], "truth": True, "null": None,
    "depth": DEEP, "a long text": "x" * 200_000, "many": ["x"] * 20_000, "numbers": [10**30] * 100,
    "a huge number": 10**400, "a negative one": -(10**30), "half a character": "\ud83d",
    "a zero byte": "a\0b", "a path": "../../etc", "a home": "~nobody/x",
}  # fmt: skip


def places(payload, at=()):
    """The way to every field of a payload, the entries of lists included."""
    for key, value in payload.items() if isinstance(payload, dict) else enumerate(payload):
        yield (*at, key)
        if isinstance(value, dict | list):
            yield from places(value, (*at, key))


def altered(payload, at, value):
    whole = copy.deepcopy(payload)
    inner = whole
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = value
    return whole


def test_every_action_there_is_is_tried(served):
    assert set(SENT) | UNSENT == set(pages.actions(served.context))


@pytest.mark.parametrize("action", SENT)
def test_fields_of_the_wrong_kind_are_answered_in_words(served, caplog, action):
    for at in places(SENT[action]):
        for what, value in ODD.items():
            answer = served.client.post(
                f"/call/{action}",
                content=json.dumps(altered(SENT[action], at, value)),
                headers={"Content-Type": "application/json"},
            )
            where = f"{action}: {at} is {what}"
            assert answer.status_code in {200, 400}, where
            error = answer.json().get("error")
            assert answer.status_code == 200 or error, where
            if error:
                assert "unexpected" not in error["message"], (where, error)
                assert error["message"] and error["hint"], where
                assert len(error["message"]) < 9000, where
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


# what a field may be in place of what the pages send
KIN = {
    str: (str, type(None)), int: (int, type(None)), bool: (bool, type(None)),
    float: (int, float, str, type(None)), list: (list, type(None)), dict: (dict, type(None)),
}  # fmt: skip


@pytest.mark.parametrize("action", [name for name, sent in SENT.items() if sent])
def test_a_field_of_another_kind_is_refused_by_its_name(served, action):
    for at in places(SENT[action]):
        sent = SENT[action]
        for key in at:
            sent = sent[key]
        kin = KIN[type(sent)]
        for value in (7, "x", ["x"], {"a": 1}, True):
            is_kin = isinstance(value, kin) and (bool in kin or not isinstance(value, bool))
            if is_kin or (isinstance(at[-1], int) and isinstance(value, dict)):
                continue
            answer = served.client.post(f"/call/{action}", json=altered(SENT[action], at, value))
            assert answer.status_code == 400, (at, value, answer.text)
            name = next(key for key in reversed(at) if isinstance(key, str))
            assert f"'{name}'" in answer.json()["error"]["message"], (at, value)


def test_a_bad_field_says_which_one_it_is_and_what_it_must_be(served):
    answer = served.client.post("/call/library", json={"name": 7})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "The field 'name' must be text."
    with pytest.raises(fields.BadField, match="'id' must be a whole number"):
        fields.whole({}, "id")
