"""The libraries that a server has open."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import named
from tests.library.steps import damage, indexed, paint
from xmr_core.errors import LibraryDamaged, LibraryExists, LibraryNotFound, LibraryTooNew
from xmr_core.media import Modality
from xmr_core.ui.shelf import Shelf


@pytest.fixture(autouse=True)
def _named() -> Iterator[None]:
    with named.registered():
        yield


@pytest.fixture
def shelf(home: Path) -> Iterator[Shelf]:
    shelf = Shelf(home)
    yield shelf
    shelf.close()


def test_a_library_is_opened_once(shelf: Shelf):
    made = shelf.create("birds", "colours")
    assert shelf.get("birds") is made
    assert shelf.names() == ["birds"]
    with pytest.raises(LibraryExists):
        shelf.create("birds", "colours")
    with pytest.raises(LibraryNotFound):
        shelf.get("trees")


def test_names_are_seen_without_opening_anything(shelf: Shelf, home: Path, tmp_path: Path):
    indexed(home, paint(tmp_path / "pictures", 1)).close()
    assert shelf.names() == ["lib"]
    assert not list((home / "lib").glob("*.open-*"))


def test_a_renamed_library_is_the_same_one(shelf: Shelf):
    made = shelf.create("birds", "colours")
    shelf.rename("birds", "fowl")
    assert shelf.get("fowl") is made
    assert shelf.names() == ["fowl"]
    with pytest.raises(LibraryNotFound):
        shelf.get("birds")


def test_a_deleted_library_is_gone_and_its_name_free(shelf: Shelf, home: Path):
    shelf.create("birds", "colours")
    shelf.delete("birds")
    assert not (home / "birds").exists()
    with pytest.raises(LibraryNotFound):
        shelf.delete("birds")
    shelf.create("birds", "colours")


def test_a_library_that_another_process_deleted_or_made_anew_is_seen_so(
    shelf: Shelf, home: Path, tmp_path: Path
):
    indexed(home, paint(tmp_path / "pictures", 2)).close()
    assert shelf.get("lib").counts() == {Modality.IMAGE: 2}
    shutil.rmtree(home / "lib")
    with pytest.raises(LibraryNotFound):
        shelf.get("lib")
    indexed(home, paint(tmp_path / "pictures", 3)).close()
    assert shelf.get("lib").counts() == {Modality.IMAGE: 3}
    shutil.rmtree(home / "lib")
    indexed(home, paint(tmp_path / "pictures", 4)).close()
    assert shelf.get("lib").counts() == {Modality.IMAGE: 4}


def test_damaged_and_newer_libraries_can_be_deleted(shelf: Shelf, home: Path, tmp_path: Path):
    indexed(home, paint(tmp_path / "pictures", 60)).close()
    damage(home / "lib")
    for _ in range(2):  # and it stays so, whoever looked first
        with pytest.raises(LibraryDamaged):
            shelf.get("lib")
    shelf.delete("lib")
    shelf.create("newer", "colours")
    shelf.close()
    with sqlite3.connect(home / "newer" / "catalogue.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LibraryTooNew):
        shelf.get("newer")
    shelf.delete("newer")
    assert shelf.names() == []


def test_a_salvaged_library_is_open_again(shelf: Shelf, home: Path, tmp_path: Path):
    indexed(home, paint(tmp_path / "pictures", 60)).close()
    damage(home / "lib")
    library = shelf.salvage("lib")
    assert shelf.get("lib") is library
    list(library.index())
    assert library.counts() == {Modality.IMAGE: 60}


def test_a_closed_shelf_opens_its_libraries_again(shelf: Shelf):
    made = shelf.create("birds", "colours")
    shelf.close()
    assert shelf.get("birds") is not made
