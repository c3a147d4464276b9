"""The actions of the Search page on a library of three colours."""

import csv
import io
import os
import stat
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from tests.indexing import world
from tests.named import registered
from xmr_core.library import Library
from xmr_core.media import Modality
from xmr_core.results import PRESENT, Results
from xmr_core.ui import exports, queries, search_page
from xmr_core.ui.reveal import reveal


def text(words, weight=1):
    return {"kind": "text", "text": words, "weight": weight}


def item(site, path, weight=1):
    modality = site.context.shelf.get("colours").item(site.ids[path]).modality
    return {"kind": "item", "library": "colours", "id": site.ids[path], "weight": weight,
            "title": path, "modality": modality, "src": site.url(path)}  # fmt: skip


def stated(*terms, **more):
    return {"terms": list(terms), "libraries": ["colours"], **more}


def ids(told):
    """The ids of the cards of all groups, in order."""
    import re

    return [
        int(re.search(r'data-id="(\d+)"', card)[1])
        for group in told["groups"]
        for card in group["cards"]
    ]


def paths(site, told):
    by_id = {number: path for path, number in site.ids.items()}
    return [by_id[number] for number in ids(told)]


def test_words_find_every_medium_of_their_colour(served):
    told = served.call("search", query=stated(text("blue")), k=5)
    found = paths(served, told)
    assert set(found) == {
        "blue.txt", "pictures/blue.png", "sounds/blue.wav", "films/blue.gif", "solids/blue.ply"
    }  # fmt: skip
    assert (told["shown"], told["total"], told["label"]) == (5, 17, "blue")
    narrow = served.call("search", query=stated(text("blue"), to=["image"]), k=1)
    assert told["held"] == narrow["held"] == 17, "by which the page knows of new items"


@pytest.mark.parametrize("path", ["pictures/green.png", "sounds/green.wav", "solids/green.ply"])
def test_a_dropped_file_finds_its_colour(served, path):
    data = (served.media / path).read_bytes()
    told = served.client.post("/query-file", params={"name": path}, content=data).json()
    term = {"kind": "file", **told, "weight": 1}
    found = paths(served, served.call("search", query=stated(term), k=5))
    assert {p.rpartition("/")[2].partition(".")[0] for p in found} == {"green"}


def test_what_is_subtracted_goes_to_the_end(served):
    told = served.call("search", query=stated(text("red"), text("blue", -1), to=["image"]), k=3)
    assert paths(served, told)[0] == "pictures/red.png"
    assert paths(served, told)[-1] == "pictures/blue.png"
    assert told["label"] == "red − blue"


def test_an_item_finds_others_and_not_itself(served):
    told = served.call("search", query=stated(item(served, "pictures/red.png")), k=50)
    found = paths(served, told)
    assert "pictures/red.png" not in found
    assert len(found) == told["total"] == 16


def test_an_item_that_is_subtracted_is_gone_until_its_term_is(served):
    without = stated(text("red"), item(served, "red.txt", -0.5))
    assert "red.txt" not in paths(served, served.call("search", query=without, k=50))
    assert "red.txt" in paths(served, served.call("search", query=stated(text("red")), k=50))


def test_pages_follow_one_another_without_gaps_or_doubles(served):
    query = stated(item(served, "red.txt"))
    whole = ids(served.call("search", query=query, k=50))
    pieces, offset, more = [], 0, True
    while more:
        told = served.call("search", query=query, k=5, offset=offset)
        pieces += ids(told)
        offset += 5
        more = told["groups"][0]["more"]
    assert pieces == whole
    assert offset == 20


def test_columns_have_one_medium_each(served):
    told = served.call("search", query=stated(text("red")), columns=True, k=2)
    assert [g["modality"] for g in told["groups"]] == ["text", "image", "audio", "video", "mesh"]
    assert [len(g["cards"]) for g in told["groups"]] == [2, 2, 2, 2, 2]
    assert all(g["more"] for g in told["groups"])
    assert told["total"] == 17
    last = served.call("search", query=stated(text("red")), columns=True, k=2, offset=2)
    assert [len(g["cards"]) for g in last["groups"]] == [2, 1, 1, 1, 1]
    assert [g["more"] for g in last["groups"]] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"folder": "pictures"}, {"pictures/red.png", "pictures/green.png", "pictures/blue.png"}),
        ({"text": "first passage is blue"}, {"blue.txt"}),
        ({"min_seconds": "0.4"}, {f"{f}/{c}.{s}" for f, s in (("sounds", "wav"), ("films", "gif"))
                                  for c in ("red", "green", "blue")}),
        ({"min_mb": 0.04}, {"sounds/red.wav", "sounds/green.wav", "sounds/blue.wav"}),
        ({"before": "2001-01-01"}, set()),
        ({"min_mb": 99_999_999_999_999}, set()),
    ],
)  # fmt: skip
def test_filters_leave_out_what_does_not_pass(served, filters, found):
    told = served.call("search", query=stated(text("red"), filters=filters), k=50)
    assert set(paths(served, told)) == found
    assert told["total"] == len(found)


def test_a_filter_by_day_keeps_the_whole_of_that_day(site):
    day = 1_700_000_000  # seconds since 1970, some time on a day
    os.utime(site.media / "red.txt", (day, day))
    with registered():
        for _ in site.context.shelf.get("colours").index():
            pass
    import time

    name = time.strftime("%Y-%m-%d", time.localtime(day))
    told = site.call("search", query=stated(text("red"), filters={"after": name, "before": name}))
    assert paths(site, told) == ["red.txt"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (stated(), "nothing to look for"),
        (stated(text("red", -1)), "nothing to look for"),
        (stated(text("   ")), "nothing to look for"),
        ({"terms": [text("red")], "libraries": []}, "No library is chosen"),
        ({"terms": [text("red")], "libraries": ["nowhere"]}, "no library 'nowhere'"),
        ({"terms": [text("red")], "libraries": ["../../etc"]}, "cannot be a library's name"),
        (stated({"kind": "path", "path": "/etc/passwd", "weight": 1}), "cannot be read"),
        (stated({"kind": "file", "token": "../x", "weight": 1}), "no longer here"),
        (stated(text("red"), to=["smell"]), "smell"),
        (stated(text("red"), filters={"after": "yesterday"}), "no date"),
        (stated(text("red"), filters={"min_mb": "many"}), "no size"),
        (stated(text("red"), filters={"min_mb": "nan"}), "no size"),
        (stated(text("red", "heavy")), "no weight"),
        (stated(*[text("red")] * 41), "40 terms"),
        (None, "No library is chosen"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_with_advice(served, query, message):
    error = served.refused("search", query=query)
    assert message in error["message"]
    assert error["hint"]


def test_numbers_out_of_bounds_are_brought_back_into_them(served):
    for k, offset in ((10**9, -5), (None, None), (0, 1e300), (float("1e308"), 0)):
        told = served.call("search", query=stated(text("red")), k=k, offset=offset)
        assert told["shown"] <= 200


def test_an_item_of_a_library_with_another_profile_is_read_from_its_file(site):
    media = site.media.parent / "others"
    world.write_picture(media / "red-other.png", "red", 20)
    world.write_picture(media / "blue-other.png", "blue", 20)
    with Library.create("others", "colours-again", site.home) as library:
        for _ in library.index(media):
            pass
    query = {"terms": [item(site, "pictures/blue.png")], "libraries": ["others"]}
    told = site.call("search", query=query)
    assert 'data-title="blue-other.png"' in told["groups"][0]["cards"][0]


def test_several_libraries_answer_as_one(site):
    media = site.media.parent / "more"
    world.write_picture(media / "more-red.png", "red", 20)
    with Library.create("more", "colours", site.home) as library:
        for _ in library.index(media):
            pass
    query = {"terms": [text("red")], "libraries": ["colours", "more", "more"], "to": ["image"]}
    told = site.call("search", query=query)
    assert (told["shown"], told["total"]) == (4, 4)
    assert any('data-library="more"' in card for card in told["groups"][0]["cards"])


def test_searches_are_remembered_once_each_the_latest_first(site):
    for words in ("red", "blue", "red"):
        site.call("search", query=stated(text(words)), remember=True)
    site.call("search", query=stated(text("green")))
    past = site.call("searches")["history"]
    assert [one["name"] for one in past] == ["red", "blue"]
    assert past[0]["library"] == "colours"
    assert past[0]["query"]["terms"][0]["text"] == "red"
    site.call("searches.forget", library="colours", id=past[0]["id"])
    assert [one["name"] for one in site.call("searches")["history"]] == ["blue"]


def test_a_whole_text_that_was_searched_for_is_cut_in_the_list_and_kept_in_the_query(site):
    site.call("search", query=stated(text("red\n words " * 2_000)), remember=True)
    (past,) = site.call("searches")["history"]
    assert past["name"].startswith("red words red") and len(past["name"]) <= 120
    assert len(past["query"]["terms"][0]["text"]) > 19_000


def test_a_search_is_saved_under_a_name_and_forgotten(site):
    query = stated(text("red"), to=["image"], filters={"text": "x", "min_mb": "", "evil": 1})
    told = site.call("searches.save", name=" Reds ", query=query)
    (saved,) = site.call("searches")["saved"]
    assert (saved["name"], saved["id"]) == ("Reds", told["id"])
    assert saved["query"]["filters"] == {"text": "x"}
    assert saved["query"]["to"] == ["image"]
    site.call("searches.forget", library="colours", id=saved["id"])
    assert site.call("searches")["saved"] == []
    assert "no name" in site.refused("searches.save", name=" ", query=query)["message"]


def test_a_history_that_cannot_be_written_does_not_stop_the_search(site, monkeypatch):
    import sqlite3

    def locked(self, query):
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(Library, "remember", locked)
    assert site.call("search", query=stated(text("red")), remember=True)["shown"] > 0


def test_the_first_search_reads_the_encoders_once_however_many_ask(site, monkeypatch):
    loads = []
    real = Library.answer

    def answer(self, query):
        if query.k == 1:
            loads.append(threading.get_ident())
        return real(self, query)

    monkeypatch.setattr(Library, "answer", answer)
    assert site.call("search.status", libraries=["colours"]) == {"ready": False, "download": 0}
    threads = [
        threading.Thread(target=site.call, args=("search",), kwargs={"query": stated(text("red"))})
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
    assert site.call("search.status", libraries=["colours"])["ready"] is True


def test_warming_up_fetches_nothing(site):
    library = site.context.shelf.get("colours")
    library.catalogue.set_meta("profile", "colours-large")
    site.call("search.warm", libraries=["colours"])
    waiting = {"ready": False, "download": 5_000_000}
    assert site.call("search.status", libraries=["colours"]) == waiting
    library.catalogue.set_meta("profile", "colours")
    site.call("search.warm", libraries=["colours"])
    assert site.call("search.status", libraries=["colours"]) == {"ready": True, "download": 0}


def test_a_profile_that_cannot_be_had_says_what_to_do(site):
    with Library.create("far", "colours-far", site.home):
        pass
    error = site.refused("search", query={"terms": [text("red")], "libraries": ["far"]})
    assert "cannot be reached" in error["message"]
    assert error["hint"] == "Use colours."


@pytest.mark.parametrize(
    ("presence", "nothing"),
    [
        ({Modality.IMAGE: 0.9, Modality.TEXT: 0.1}, False),
        ({Modality.IMAGE: PRESENT - 0.01, Modality.TEXT: 0.1}, True),
        ({}, True),
    ],
)
def test_the_page_is_told_when_there_is_probably_nothing(served, presence, nothing):
    asked = queries.asked(served.context, stated(text("red")))
    told = search_page._answer({None: Results((), 9, presence, {"search": 0.25})}, asked, 5, 0)
    assert told["nothing"] is nothing
    assert told["groups"][0]["nothing"] is nothing
    assert told["seconds"] == 0.25


def test_an_empty_library_finds_nothing_and_says_so(site):
    with Library.create("empty", "colours", site.home):
        pass
    told = site.call("search", query={"terms": [text("red")], "libraries": ["empty"]})
    assert (told["shown"], told["total"]) == (0, 0)
    columns = site.call(
        "search", query={"terms": [text("red")], "libraries": ["empty"]}, columns=True
    )
    assert columns["groups"] == []


def test_the_path_of_an_item_is_told(served):
    told = served.call("item.path", library="colours", id=served.ids["red.txt"])
    assert told == {"path": str((served.media / "red.txt").resolve())}
    assert "no item" in served.refused("item.path", library="colours", id=10**9)["message"]


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="needs xdg-open")
def test_showing_a_file_opens_its_folder_in_the_file_manager(site, tmp_path, monkeypatch):
    log = tmp_path / "log"
    manager = tmp_path / "bin" / "xdg-open"
    manager.parent.mkdir()
    manager.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{log}.part" && mv "{log}.part" "{log}"\n')
    manager.chmod(manager.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(manager.parent), prepend=os.pathsep)
    monkeypatch.setenv("DISPLAY", ":99")
    site.call("item.reveal", library="colours", id=site.ids["pictures/red.png"])
    for _ in range(100):
        if log.exists():
            break
        threading.Event().wait(0.05)
    assert log.read_text() == str((site.media / "pictures").resolve())


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="there is always a desktop")
def test_a_machine_without_a_screen_says_where_the_file_is(served, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    error = served.refused("item.reveal", library="colours", id=served.ids["red.txt"])
    assert "no file manager" in error["message"]
    assert str(served.media.resolve() / "red.txt") in error["hint"]


def test_a_server_for_other_machines_opens_no_file_manager(served):
    from dataclasses import replace

    actions = search_page.actions(replace(served.context, local=False))
    with pytest.raises(Exception, match="lies on the machine that XMR runs on"):
        actions["item.reveal"]({"library": "colours", "id": served.ids["red.txt"]})
    assert reveal is search_page.reveal


def test_folders_to_filter_by_are_the_roots_and_what_is_in_them(served):
    told = served.call("search.folders", libraries=["colours"])
    root = str(served.media.resolve())
    assert told["folders"] == [
        root,
        *(f"{root}/{n}" for n in ("films", "pictures", "solids", "sounds")),
    ]


def test_a_few_items_of_a_library_are_offered_to_begin_with(served):
    told = served.call("search.examples", libraries=["colours"])["examples"]
    assert [one["modality"] for one in told] == ["text", "image", "audio", "video", "mesh"]
    for one in told:
        assert served.client.get(one["src"]).status_code == 200
        assert served.call("search", query=stated(one))["shown"] > 0


def test_the_demo_brings_examples_of_its_own(site):
    media = site.media.parent / "demo-media"
    world.write_picture(media / "cats/chelsea-the-cat.jpg", "red")
    with Library.create("demo", "colours", site.home) as library:
        for _ in library.index(media):
            pass
    told = site.call("search.examples", libraries=["colours", "demo"])["examples"]
    assert {one["kind"] for one in told} == {"text", "item"}
    (cat,) = [one for one in told if one["kind"] == "item"]
    assert (cat["title"], cat["modality"]) == ("chelsea-the-cat.jpg", "image")


def test_a_damaged_library_does_not_hide_the_others(site):
    (site.home / "broken").mkdir()
    (site.home / "broken" / "catalogue.sqlite").write_bytes(b"not a database " * 100)
    told = {one["name"]: one for one in site.call("libraries")["libraries"]}
    assert told["colours"]["total"] == 17
    assert told["colours"]["counts"]["mesh"] == 3
    assert told["broken"]["error"]["message"]
    assert site.call("searches")["saved"] == []


def test_without_any_library_the_page_has_what_it_needs(bare):
    assert bare.call("libraries") == {"libraries": [], "start": None}
    assert bare.call("search.examples", libraries=[]) == {"examples": []}
    assert bare.call("searches") == {"saved": [], "history": []}
    assert bare.call("jobs") == {"jobs": []}


@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("kind", ["csv", "zip"])
def test_hits_on_the_page_are_given_away_as_they_are_shown(served, kind, columns):
    asked = {"query": stated(text("red")), "k": 3, "columns": columns}
    shown = paths(served, served.call("search", **asked))
    told = served.call("search.export", **asked, format=kind)
    assert told["hits"] == len(shown) and told["left_out"] == []
    answer = served.client.get(told["url"])
    assert f'filename="red.{kind}"' in answer.headers["content-disposition"]
    assert answer.headers["content-security-policy"] == "sandbox"
    content = answer.content
    if kind == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as kept:
            content = kept.read("results.csv")
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    # what is made to be handed on tells nothing of this machine
    top = Path("media") if kind == "zip" else served.media
    told_paths = [str(Path(row["path"]).relative_to(top)) for row in rows]
    assert told_paths == shown


def test_documents_on_the_page_are_given_away_with_their_members(site):
    library = site.context.shelf.get("colours")
    library.join([site.ids["pictures/red.png"], site.ids["red.txt"]])
    asked = {"query": stated(text("red")), "k": 2, "documents": True}
    told = site.call("search.export", **asked, format="csv")
    assert told["hits"] == 2
    content = site.client.get(told["url"]).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    first = [Path(row["path"]).name for row in rows if row["rank"] == "1"]
    assert sorted(first) == ["red.png", "red.txt"]


def test_only_the_last_files_are_kept(served):
    ask = {"query": stated(text("red")), "k": 1, "format": "json"}
    urls = [served.call("search.export", **ask)["url"] for _ in range(exports.MOST + 1)]
    status = [served.client.get(url).status_code for url in urls]
    assert status == [404] + [200] * exports.MOST
    assert served.client.get("/export/../../etc/passwd").status_code == 404


def test_other_formats_are_refused_by_name(served):
    told = served.refused("search.export", query=stated(text("red")), format="exe")
    assert "'exe'" in told["message"] and "csv" in told["hint"]


def test_a_field_that_is_none_is_told_with_those_that_are(served):
    asked = served.call("search", query=stated(text("-shade:red colour:red blue colour:x")))
    assert asked["unknown"] == ["shade", "colour"]
    assert asked["fields"].startswith("written, spoken")
    assert served.call("search", query=stated(text("red at 10:30")))["unknown"] == []
