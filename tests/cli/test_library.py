"""`xmr library list|show|failures|searches`: what there is."""

import json
import shutil
import time

from tests import children
from tests.indexing.world import write_text
from xmr_core.indexing import held
from xmr_core.library import Library

ITEMS = {"text": 1, "image": 1, "audio": 1, "video": 1, "mesh": 1}


def test_without_libraries_the_list_says_how_to_make_one(xmr):
    status, out, _ = xmr("library", "list")
    assert (status, out) == (
        0,
        "There is no library yet. Make one: xmr index FOLDER, or xmr demo.\n",
    )
    assert json.loads(xmr("library", "list", "--json")[1]) == []


def test_the_list_tells_profile_items_size_and_folders(xmr, library, tmp_path):
    write_text(tmp_path / "more/other.txt", "red")
    xmr("index", tmp_path / "more", "-l", "more", "-p", "colours-turned")
    status, out, _ = xmr("library", "list")
    assert status == 0
    head, *lines = out.splitlines()
    assert head.split() == ["name", "profile", "items", "on", "disk", "folders"]
    assert [line.split()[:2] for line in lines] == [["hues", "colours"], ["more", "colours-turned"]]
    assert "1 text, 1 image, 1 audio, 1 video, 1 mesh" in lines[0] and str(library) in lines[0]
    told = json.loads(xmr("library", "list", "--json")[1])
    assert [one["name"] for one in told] == ["hues", "more"]
    assert told[0]["items"] == ITEMS and told[1]["items"] == {"text": 1}
    with Library.open("hues") as hues:
        assert told[0]["bytes"] == hues.size_on_disk()


def test_a_damaged_library_does_not_hide_the_others(xmr, library, home):
    (home / "bad").mkdir()
    (home / "bad/catalogue.sqlite").write_bytes(b"junk" * 5000)
    status, out, _ = xmr("library", "list")
    lines = out.splitlines()
    assert status == 0 and lines[1].startswith("hues ")
    assert lines[2].startswith("bad: ") and "is damaged" in lines[2]
    bad, good = json.loads(xmr("library", "list", "--json")[1])
    assert set(bad) == {"name", "problem"} and "is damaged" in bad["problem"]
    assert good["items"] == ITEMS


def test_one_library_is_shown(xmr, library, home):
    (library / "bad.txt").touch()
    xmr("index", "-l", "hues", "--ignore", "*.tmp")
    status, out, _ = xmr("library", "show", "hues")
    assert status == 0
    rows = dict(line.split(maxsplit=1) for line in out.splitlines() if line[0] not in "lfo")
    assert rows == {
        "name": "hues",
        "profile": "colours",
        "store": "faiss",
        "items": "5: 1 text, 1 image, 1 audio, 1 video, 1 mesh",
    }
    for line in ("left out  *.tmp", "failed    1", f"folder 1  {library}", "last run  done"):
        assert any(told.startswith(line) for told in out.splitlines()), line
    shutil.rmtree(library)
    assert f"{library} (not there)" in xmr("library", "show", "hues")[1]
    told = json.loads(xmr("library", "show", "hues", "--json")[1])
    assert told["path"] == str(home / "hues") and told["failures"] == 1
    assert told["folders"] == [{"id": 1, "path": str(library), "there": False}]
    assert told["last_run"]["state"] == "done"


def begin(name):
    """Begin a run that never ends."""
    with Library.open(name) as library, held(library.path):
        library.catalogue.start_run()
        (library.path.parent / "begun").touch()
        time.sleep(60)


@children.posix
def test_a_run_that_was_killed_is_not_said_to_go_on(xmr, library, home):
    child = children.start(begin, "hues")
    until = time.monotonic() + 60
    while not (home / "begun").exists():
        assert time.monotonic() < until and child.poll() is None
        time.sleep(0.02)

    def told():
        state = json.loads(xmr("library", "show", "hues", "--json")[1])["last_run"]["state"]
        (line,) = [x for x in xmr("library", "show", "hues")[1].splitlines() if "last run" in x]
        return state, line

    assert told()[0] == "running" and "last run  running, begun" in told()[1]
    child.kill()
    child.communicate()
    assert told()[0] == "broken off"
    assert told()[1].startswith("last run  broken off, begun ")
    assert told()[1].endswith("it goes on from there: xmr index --library 'hues'")
    assert xmr("index", "-l", "hues")[0] == 0
    assert told()[0] == "done"


def test_failures_say_what_to_do(xmr, library):
    assert "everything could be indexed" in xmr("library", "failures", "hues")[1]
    for i in range(25):
        (library / f"bad{i}.txt").touch()
    xmr("index", "-l", "hues")
    lines = xmr("library", "failures", "hues")[1].splitlines()
    assert len(lines) == 25
    assert f"{library}/bad7.txt: is empty (0 bytes). Copy it again from its source." in lines
    told = json.loads(xmr("library", "failures", "hues", "--json")[1])
    assert {one["kind"] for one in told} == {"EmptyFile"} and len(told) == 25


def test_searches_of_the_browser_are_listed(xmr, library):
    assert "no search was saved" in xmr("library", "searches", "hues")[1]
    red = {"terms": [{"kind": "text", "text": "red", "weight": 1}]}
    less = {
        "terms": [
            {"kind": "text", "text": "green", "weight": 1},
            {"kind": "file", "name": "[a].png", "weight": -1},
        ]
    }
    with Library.open("hues") as hues:
        hues.save_search("my search", red)
        hues.remember(less)
    lines = xmr("library", "searches", "hues")[1].splitlines()
    assert "my search" in lines[1] and lines[1].split()[-1] == "red"
    assert "green − [a].png" in lines[2]
    told = json.loads(xmr("library", "searches", "hues", "--json")[1])
    assert [one["name"] for one in told["saved"]] == ["my search"]
    assert told["saved"][0]["query"] == "red" and told["saved"][0]["stated"] == red
    assert [one["query"] for one in told["latest"]] == ["green − [a].png"]
