"""`xmr library rename|delete|…`: changes, and never of the user's files."""

import io
import sys

import pytest

from tests import children
from tests.cli.steps import hits
from tests.indexing.world import write_text
from xmr_core import indexing
from xmr_core.library import Library


@pytest.fixture
def answer(monkeypatch):
    """What is typed when a command asks."""

    def type_(text):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    return type_


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_library_is_renamed(xmr, library):
    assert xmr("library", "rename", "hues", "colours") == (0, "hues is now colours.\n", "")
    assert Library.names() == ["colours"]
    assert "film.gif" in hits(xmr("search", "red", "-l", "colours", "--json"))


@pytest.mark.parametrize(
    ("new", "said"), [("more", "LibraryExists"), ("../more", "cannot be a library's name")]
)
def test_a_name_that_cannot_be_had_changes_nothing(xmr, library, media, new, said):
    xmr("index", media, "-l", "more", "-p", "colours")
    status, _, err = xmr("library", "rename", "hues", new)
    assert status == 1 and said in err and Library.names() == ["hues", "more"]


def test_a_library_is_deleted_once_the_user_agrees(xmr, library, home, answer):
    mine = files(library)
    (home / "hues/mine.txt").write_text("not the library's")
    answer("y\n")
    status, out, err = xmr("library", "delete", "hues")
    assert (status, out.strip()) == (0, "hues is deleted.")
    assert "Delete the library hues with 5 items, " in err and "Your own files stay." in err
    assert Library.names() == [] and files(library) == mine
    assert (home / "hues/mine.txt").is_file(), "what is not the library's stays"


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_a_library_stays_unless_the_user_agrees(xmr, library, answer, typed):
    answer(typed)
    status, out, _ = xmr("library", "delete", "hues")
    assert (status, out.strip()) == (1, "") and Library.names() == ["hues"]
    with Library.open("hues") as kept:
        assert len(kept.items()) == 5


def test_yes_deletes_without_a_question(xmr, library, answer):
    answer("")
    assert xmr("library", "delete", "hues", "--yes") == (0, "hues is deleted.\n", "")
    assert Library.names() == []


def test_a_library_in_use_is_not_deleted(xmr, library):
    with Library.open("hues") as held, indexing.held(held.path):
        status, _, err = xmr("library", "delete", "hues", "--yes")
    assert status == 1 and "LibraryBusy" in err and Library.names() == ["hues"]


def test_a_damaged_library_can_be_deleted(xmr, library, home):
    (home / "hues/catalogue.sqlite").write_bytes(b"junk" * 5000)
    status, out, err = xmr("library", "delete", "hues", "--yes")
    assert (status, out) == (0, "hues is deleted.\n") and "is damaged" in err
    assert Library.names() == []


def test_a_damaged_library_is_salvaged(xmr, library, home):
    path = home / "hues" / "catalogue.sqlite"
    page = path.read_bytes().rindex(b"deep/green.png") // 4096
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096)
    status, out, _ = xmr("library", "salvage", "hues")
    assert status == 0 and "items were saved" in out and "xmr index --library 'hues'" in out
    status, out, _ = xmr("index", "-l", "hues")
    assert status == 0 and "0 failed" in out
    assert "green.png" in hits(xmr("search", "green", "-l", "hues", "--json"))


def test_folders_are_added_and_read_by_the_next_run(xmr, library, tmp_path):
    for name in ("one", "two"):
        write_text(tmp_path / name / f"{name}.txt", "red")
    status, out, _ = xmr("library", "add-folder", "hues", tmp_path / "one", tmp_path / "two")
    assert status == 0 and f"hues holds {tmp_path / 'one'}." in out
    assert out.splitlines()[-1] == "Now run: xmr index --library 'hues'"
    with Library.open("hues") as changed:
        assert [root.path.name for root in changed.roots()] == ["media", "one", "two"]
    assert "2 added, 0 changed, 5 unchanged" in xmr("index", "-l", "hues")[1]


@pytest.mark.parametrize("old", ["1", "media", "gone"])
def test_a_folder_that_moved_keeps_its_items(xmr, library, tmp_path, monkeypatch, old):
    monkeypatch.chdir(tmp_path)
    library.rename(tmp_path / "moved")
    if old == "gone":
        status, _, err = xmr("library", "move-folder", "hues", old, "moved")
        assert status == 1 and f"hues holds no folder gone. Its folders are: 1 {library}." in err
        return
    status, out, _ = xmr("library", "move-folder", "hues", old, "moved")
    assert status == 0 and "Now run: xmr index --library 'hues'" in out
    assert "0 added, 0 changed, 5 unchanged" in xmr("index", "-l", "hues")[1]
    with Library.open("hues") as changed:
        assert [root.path for root in changed.roots()] == [tmp_path / "moved"]


def test_a_folder_is_forgotten_once_the_user_agrees(xmr, library, tmp_path, answer):
    write_text(tmp_path / "other/new.txt", "red")
    xmr("index", tmp_path / "other", "-l", "hues")
    mine = files(library)
    answer("n\n")
    assert xmr("library", "remove-folder", "hues", library)[0] == 1
    assert "media" in xmr("library", "show", "hues")[1]
    answer("y\n")
    status, _, err = xmr("library", "remove-folder", "hues", library)
    assert status == 0 and f"Forget {library} and what was found in it?" in err
    assert hits(xmr("search", "red", "-l", "hues", "--json")) == ["new.txt"]
    assert files(library) == mine


@pytest.mark.parametrize(
    "words",
    [
        ("add-folder", "hues", "."),
        ("move-folder", "hues", "1", "."),
        ("remove-folder", "hues", "1", "--yes"),
        ("rename", "hues", "colours"),
    ],
)
def test_nothing_is_changed_while_a_run_goes_on(xmr, library, tmp_path, monkeypatch, words):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with Library.open("hues") as held, indexing.held(held.path):
        status, out, err = xmr("library", *words)
        assert (status, out) == (1, "") and "LibraryBusy" in err
        assert [root.path for root in held.roots()] == [library]
    assert Library.names() == ["hues"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add-folder", "hues", "nowhere"), "RootMissing: There is no folder"),
        (("move-folder", "hues", "1", "nowhere"), "RootMissing: There is no folder"),
        (("remove-folder", "hues", "7", "--yes"), "hues holds no folder 7. Its folders are: 1 "),
    ],
)
def test_folders_that_are_not_there_are_told(xmr, library, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    status, out, err = xmr("library", *words)
    assert (status, out) == (1, "") and said in err


@children.posix
def test_folders_of_any_bytes_can_be_named(xmr, library, tmp_path):
    odd = tmp_path / "two\nlines [red]"
    write_text(odd / "new.txt", "red")
    status, out, _ = xmr("library", "add-folder", "hues", odd)
    assert status == 0 and "two\\nlines [red]" in out
    assert "two\\nlines [red]" in xmr("library", "list")[1]
    assert xmr("library", "remove-folder", "hues", odd, "--yes")[0] == 0
