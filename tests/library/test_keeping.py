"""Renaming, deleting, salvaging and discarding a library."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests import children
from tests.fakes import fake_space
from tests.indexing.world import write_text
from tests.library.steps import damage, first, index, indexed, paint
from xmr_core.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryExists,
    LibraryNotFound,
    LibraryTooNew,
    XMRError,
)
from xmr_core.library import Library
from xmr_core.media import Modality


def test_a_renamed_library_keeps_everything(library, media, home):
    index(library, media)
    before = [(hit.item.id, hit.score) for hit in library.search("red").hits]
    library.rename("hues")
    assert Library.names() == ["hues"] and library.name == "hues"
    assert [(hit.item.id, hit.score) for hit in library.search("red").hits] == before
    assert library.search("red").hits[0].library == "hues"
    assert index(library).skipped == 3
    with Library.open("hues", space=fake_space()) as again:
        assert len(again.items()) == 3


def test_a_library_cannot_take_a_name_that_is_taken(library, home):
    (home / "folder").mkdir()
    Library.create("other", space=fake_space()).close()
    for name in ("other", "folder", "colours"):
        with pytest.raises(LibraryExists):
            library.rename(name)
    assert library.counts() == {}, "it is still open"


def rename_in(folder):
    with Library.open("a", home=Path(folder), space=fake_space()) as library:
        try:
            library.rename("b")
        except XMRError as error:
            return [type(error).__name__, library.counts(), library.name]
    return "renamed"


def test_a_library_that_may_not_be_renamed_goes_on_under_its_name(common):
    with Library.create("a", home=common, space=fake_space()):
        pass
    children.hand_over(common / "a", *(common / "a").iterdir())
    common.chmod(0o555)
    assert children.call(rename_in, str(common), unprivileged=True) == ["LibraryReadOnly", {}, "a"]


def test_a_deleted_library_is_gone_and_the_users_files_are_not(library, media, home):
    index(library, media)
    library.search("red")
    library.delete()
    assert list(home.iterdir()) == [] and len(list(media.rglob("*.*"))) == 3


@children.posix
def test_what_the_user_put_into_a_librarys_folder_stays(library, media, tmp_path):
    index(library, media)
    write_text(library.path / "notes.txt", "mine")
    write_text(tmp_path / "elsewhere/also.txt", "mine")
    shutil.rmtree(library.path / "thumbs")
    (library.path / "thumbs").symlink_to(tmp_path / "elsewhere")
    library.delete()
    assert [path.name for path in library.path.iterdir()] == ["notes.txt"]
    assert (tmp_path / "elsewhere/also.txt").read_text() == "mine"
    assert Library.names() == []


def test_a_library_in_the_middle_of_a_run_is_neither_renamed_nor_deleted(library, media):
    run = library.index(media)
    next(run)
    for change in (lambda: library.rename("hues"), library.delete):
        with pytest.raises(LibraryBusy):
            change()
    run.close()
    library.rename("hues")


def spoil(library):
    path = library.path / "catalogue.sqlite"
    library.close()
    page = path.read_bytes().rindex(b"red.txt") // 4096
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096)


def test_a_damaged_library_is_named_salvaged_and_indexed_again(library, media):
    index(library, media)
    expected = [hit.item.path for hit in library.search("red").hits]
    spoil(library)
    with pytest.raises(LibraryDamaged, match="salvage"), Library.open("colours") as damaged:
        damaged.catalogue.check()
        damaged.items()
    kept = Library.salvage("colours")
    assert kept["roots"] == 1
    with Library.open("colours", space=fake_space()) as again:
        assert index(again).stage == "done"
        assert [hit.item.path for hit in again.search("red").hits] == expected


def test_a_library_of_a_newer_version_is_refused_and_can_be_discarded(library, media):
    index(library, media)
    library.close()
    with sqlite3.connect(library.path / "catalogue.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LibraryTooNew, match="Update XMR"):
        Library.open("colours")
    assert Library.names() == ["colours"]
    Library.discard("colours")
    assert Library.names() == [] and len(list(media.rglob("*.*"))) == 3


@pytest.mark.usefixtures("profiles")
def test_a_library_damaged_in_many_places_is_salvaged_and_indexed_again(home: Path, tmp_path: Path):
    folder = paint(tmp_path / "many", 60)
    indexed(home, folder).close()
    catalogue = damage(home / "lib")
    with pytest.raises(LibraryDamaged):
        Library.open("lib", home)
    kept = Library.salvage("lib", home)
    assert kept["roots"] == 1
    assert Path(f"{catalogue}.damaged").is_file()
    with Library.open("lib", home) as library:
        list(library.index())
        assert library.counts() == {Modality.IMAGE: 60}
        assert first(library, "blue").startswith("blue")


@pytest.mark.usefixtures("profiles")
def test_a_library_that_cannot_be_opened_can_be_deleted(home: Path, folder: Path):
    indexed(home, folder).close()
    (home / "lib" / "catalogue.sqlite").write_bytes(b"no catalogue at all" * 1000)
    with pytest.raises(LibraryDamaged):
        Library.open("lib", home)
    Library.discard("lib", home)
    assert Library.names(home) == []
    assert len(list(folder.iterdir())) == 3
    with pytest.raises(LibraryNotFound):
        Library.discard("lib", home)


@pytest.mark.usefixtures("profiles")
def test_a_library_under_a_run_is_neither_salvaged_nor_deleted(home: Path, folder: Path):
    with Library.create("lib", "colours", home) as library:
        run = library.index(folder)
        while next(run).stage != "walk":
            pass
        for act in (Library.discard, Library.salvage):
            with pytest.raises(LibraryBusy):
                act("lib", home)
        run.close()
    Library.discard("lib", home)
