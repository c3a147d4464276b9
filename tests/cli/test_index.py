"""`xmr index`: runs, and the estimate before them."""

import contextlib
import json
import shutil
import signal
import sys
import time

import pytest

from tests import children, named
from tests.cli.steps import hits
from tests.indexing.world import fill, write_text
from xmr_core import cli, indexing
from xmr_core.errors import LibraryError
from xmr_core.library import Library


def test_index_makes_a_library_and_says_what_it_did(xmr, media):
    status, out, _ = xmr("index", media, "--library", "hues", "--profile", "colours")
    assert status == 0
    assert "hues: 5 added, 0 changed, 0 unchanged" in out
    with Library.open("hues") as made:
        assert made.profile == "colours" and len(made.items()) == 5
    status, out, _ = xmr("index", media, "-l", "hues")
    assert "0 added, 0 changed, 5 unchanged" in out


def test_a_long_run_tells_how_far_it_is_where_no_bar_is_shown(xmr, media, monkeypatch):
    assert "Encode" not in xmr("index", media, "-l", "quick", "-p", "colours")[2]
    monkeypatch.setattr("xmr_core.cli.terminal._AT_ONCE", -1.0)
    _, _, told = xmr("index", media, "-l", "hues", "-p", "colours")
    assert "Walk …" in told and "Encode …" in told


def test_index_without_folders_looks_at_the_librarys_own(xmr, library):
    write_text(library / "new.txt", "blue")
    assert "1 added, 0 changed, 5 unchanged" in xmr("index", "-l", "hues")[1]


def loaded_by(*words):
    """The packages that a command has loaded when it is done."""
    sys.argv = ["xmr", *words]
    with named.registered(), contextlib.suppress(SystemExit):
        cli.main()
    return sorted({name.partition(".")[0] for name in sys.modules})


def test_a_run_that_finds_nothing_new_brings_no_server_along(library):
    found = set(children.call(loaded_by, "index", "-l", "hues"))
    assert "sqlite3" in found and not {"fastapi", "starlette", "gradio", "torch"} & found


def test_index_lists_failures_and_tries_them_again_if_asked(xmr, library):
    for i in range(25):
        (library / f"bad{i}.txt").touch()
    _, out, _ = xmr("index", "-l", "hues")
    assert (
        "25 failed" in out
        and "is empty" in out
        and "… and 5 more: xmr library failures 'hues'" in out
    )
    assert "0 failed" in xmr("index", "-l", "hues")[1]
    assert (
        "Failed before, and tried again with --retry: 25."
        in xmr(*("index", "-l", "hues", "--retry", "--dry-run"))[1]
    )
    assert "0 failed" in xmr("index", "-l", "hues")[1], "a dry run changes nothing"
    assert "25 failed" in xmr("index", "-l", "hues", "--retry")[1]


def test_ignored_patterns_stay_ignored(xmr, media):
    words = ("index", media, "-l", "hues", "-p", "colours", "--ignore", "*.txt")
    assert "3 added" in xmr(*words, "--ignore", "deep/")[1]
    assert "0 added, 0 changed, 3 unchanged" in xmr("index", "-l", "hues")[1]


def test_a_lost_folder_warns_and_its_loss_can_be_accepted(xmr, library):
    shutil.rmtree(library)
    library.mkdir()
    status, out, err = xmr("index", "-l", "hues")
    assert status == 0 and "nothing was marked as gone" in err and "0 missing" in out
    assert "5 missing" in xmr("index", "-l", "hues", "--accept-loss")[1]


def test_the_profile_can_be_changed(xmr, library):
    err = xmr("index", "-l", "hues", "--profile", "colours-again")[2]
    assert "Changing the profile from colours to colours-again" in err
    with Library.open("hues") as changed:
        assert changed.profile == "colours-again"
    assert hits(xmr("search", "green", "-l", "hues", "--to", "image", "--json")) == ["green.png"]


FOUND = {"text": 1, "image": 2, "audio": 1, "mesh": 1}  # a gif is a picture by its suffix


def test_an_estimate_comes_before_the_run(xmr, media):
    _, out, err = xmr("index", media, "-l", "hues", "-p", "colours")
    assert "hues: 5 files" in err and "1 text, 2 image, 1 audio, 1 mesh" in err
    assert "5 new, 0 changed: a moment or so, and 210 kB of disk." in err
    assert "5 files" not in out
    write_text(media / "more.txt", "red")
    write_text(media / "red.txt", "another red")
    assert "1 new, 1 changed" in xmr("index", "-l", "hues")[2]
    assert "All of them are known and unchanged." in xmr("index", "-l", "hues")[2]


def test_a_dry_run_makes_no_library(xmr, media, home):
    status, out, _ = xmr("index", media, "-l", "hues", "-p", "colours", "--dry-run")
    assert status == 0 and "5 new" in out
    assert Library.names() == [] and list(home.iterdir()) == []
    empty = media / "empty"
    empty.mkdir()
    assert "no texts, pictures, sounds, videos or 3D models" in xmr("index", empty, "-n")[1]


def test_a_dry_run_changes_nothing_in_a_library(xmr, library, tmp_path):
    write_text(tmp_path / "other/new.txt", "blue")
    with Library.open("hues") as before:
        known = before.items(), before.roots(), before.patterns(), before.catalogue.generation
    words = ("index", tmp_path / "other", "-l", "hues", "-p", "colours-again", "--ignore", "*.wav")
    status, out, _ = xmr(*words, "-n")
    assert status == 0 and "1 new" in out
    assert "Changing the profile from colours to colours-again: 5 items" in out
    with Library.open("hues") as after:
        assert known == (
            *(after.items(), after.roots(), after.patterns(), after.catalogue.generation),
        )
        assert after.profile == "colours"


def test_a_dry_run_warns_of_a_folder_that_is_away(xmr, library):
    shutil.rmtree(library)
    library.mkdir()
    words = ("index", "-l", "hues", "-n")
    assert "is empty, but 5 files were known in it" in xmr(*words)[1]
    assert "is empty" not in xmr(*words, "--accept-loss")[1]


def test_an_estimate_leaves_out_what_patterns_say(xmr, media):
    out = xmr("index", media, "-l", "hues", "-n", "--json", "--ignore", "*.txt")[1]
    assert "text" not in json.loads(out)["estimate"]["files"]
    xmr("index", media, "-l", "hues", "-p", "colours", "--ignore", "*.txt")
    for words, left_out in (((), "text"), (("--ignore", "*.wav"), "audio")):
        told = json.loads(xmr("index", "-l", "hues", "-n", "--json", *words)[1])["estimate"]
        assert FOUND.keys() - told["files"] == {left_out}


def test_json_tells_the_estimate_and_the_run(xmr, media):
    words = ("index", media, "-l", "hues", "-p", "colours", "--json")
    told = json.loads(xmr(*words, "--dry-run")[1])
    assert set(told) == {"library", "estimate"}
    assert told["library"] == "hues" and told["estimate"]["files"] == FOUND
    assert (told["estimate"]["new"], told["estimate"]["changed"]) == (5, 0)
    assert told["estimate"]["bytes"] == sum(f.stat().st_size for f in media.rglob("*.*"))
    (media / "bad.txt").touch()
    done = json.loads(xmr(*words)[1])
    assert done["estimate"]["new"] == 6 and (done["added"], done["failed"]) == (5, 1)
    assert [failure["kind"] for failure in done["failures"]] == ["EmptyFile"]
    assert done["failures"][0]["path"] == str(media / "bad.txt")


def test_a_run_that_is_refused_registers_no_folder(xmr, library, tmp_path):
    write_text(tmp_path / "other/new.txt", "blue")
    with Library.open("hues") as held, indexing.held(held.path):
        status, out, err = xmr("index", tmp_path / "other", "-l", "hues")
        assert (status, out) == (1, "") and "LibraryBusy" in err
        assert [root.path for root in held.roots()] == [library]


def test_an_interrupted_estimate_leaves_no_library(xmr, media, monkeypatch):
    def pressed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Library, "preview", pressed)
    status, _, err = xmr("index", media, "-l", "hues", "-p", "colours")
    assert status == 130 and "Cancelled" in err and Library.names() == []


def interrupted(folder):
    """A run of the command line on slow media, to be interrupted."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
    sys.argv = ["xmr", "index", folder, "--library", "slow", "--profile", "colours-slow"]
    with named.registered():
        try:
            cli.main()
        except SystemExit as end:
            with Library.open("slow") as library:
                run = library.catalogue.runs()[0]
                return [end.code, run.state, sum(library.counts().values())]
    return "it was not interrupted"


def committed(name):
    try:
        with Library.open(name) as library:
            return sum(library.counts().values())
    except LibraryError:  # it is being made this very moment
        return 0


@children.posix
def test_ctrl_c_keeps_what_was_done(tmp_path, xmr):
    media = fill(tmp_path / "many", 40)
    child = children.start(interrupted, str(media))
    until = time.monotonic() + 60
    while "slow" not in Library.names() or not committed("slow"):
        assert time.monotonic() < until and child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    status, state, done = children.finish(child)
    assert (status, state) == (130, "cancelled") and 0 < done < 90
    _, out, _ = xmr("index", "-l", "slow", "--profile", "colours")
    assert f"{done} unchanged" in out or "0 failed" in out
    with Library.open("slow") as library:
        assert sum(library.counts().values()) == 90


def test_a_profile_that_cannot_be_had_leaves_no_library(xmr, media, monkeypatch):
    monkeypatch.setattr("xmr_core.ui.profile_words.hub_reachable", lambda _: False)
    profile = "openclip:ViT-B-32/laion2b_s34b_b79k"
    status, _, told = xmr("index", media, "-l", "far", "-p", profile)
    assert status == 1 and "cannot be reached" in told
    assert Library.names() == []


def test_vectors_are_searched_where_the_store_says(xmr, media, tmp_path):
    lite = tmp_path / "vectors.db"
    status, _, _ = xmr("index", media, "-l", "hues", "-p", "colours", "--store", f"milvus:{lite}")
    assert status == 0
    with Library.open("hues") as made:
        assert made.store == f"milvus:{lite}"
    assert hits(xmr("search", "red", "-l", "hues", "--json"))
    assert lite.exists()
    assert f"store     milvus:{lite}" in xmr("library", "show", "hues")[1]
    assert xmr("index", "-l", "hues", "--store", "faiss")[0] == 0
    with Library.open("hues") as made:
        assert made.store == "faiss"


def test_a_store_that_is_none_makes_no_library(xmr, media):
    status, _, err = xmr("index", media, "-l", "hues", "--store", "qdrant")
    assert status == 1 and "There is no store 'qdrant'" in err
    assert "hues" not in Library.names()


def test_a_dry_run_makes_no_store_and_refuses_what_a_run_would(xmr, media, tmp_path):
    words = ("index", media, "-l", "hues", "-p", "colours", "--dry-run")
    assert xmr(*words, "--store", f"milvus:{tmp_path / 'more/vectors.db'}")[0] == 0
    assert not (tmp_path / "more").exists()
    assert "There is no store" in xmr(*words, "--store", "qdrant")[2]
    assert "no address of workers" in xmr(*words, "--workers", "nowhere")[2]


@pytest.mark.parametrize("address", ["", "nowhere", "ray://"])
def test_an_address_of_workers_that_is_none_makes_no_library(xmr, media, address):
    status, _, err = xmr("index", media, "-l", "hues", "-p", "colours", "--workers", address)
    assert status == 1 and "no address of workers" in err
    assert "hues" not in Library.names()


def test_an_address_of_workers_that_is_none_indexes_nothing(xmr, media):
    xmr("index", media, "-l", "hues", "-p", "colours")
    write_text(media / "new.txt", "blue")
    status, _, err = xmr("index", "-l", "hues", "--workers", "nowhere")
    assert status == 1 and "no address of workers" in err
    assert "1 added" in xmr("index", "-l", "hues")[1]
