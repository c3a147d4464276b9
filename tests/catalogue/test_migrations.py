import sqlite3
import threading

import pytest

from tests.catalogue.conftest import plain
from xmr_core.catalogue import Catalogue, migrations
from xmr_core.errors import LibraryDamaged, LibraryTooNew
from xmr_core.filters import Filters


def add_colour(db):
    db.execute("ALTER TABLE items ADD COLUMN colour TEXT")
    db.execute("CREATE TABLE colours (name TEXT)")


def fail_half_way(db):
    db.execute("CREATE TABLE colours (name TEXT)")
    raise RuntimeError("half way")


def version(path):
    with sqlite3.connect(path) as db:
        (found,) = db.execute("PRAGMA user_version").fetchone()
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    db.close()
    return found, tables


@pytest.fixture
def path(tmp_path):
    """A catalogue of today with an item, closed."""
    path = tmp_path / "catalogue.sqlite"
    with Catalogue(path) as catalogue:
        catalogue.put(plain(catalogue.add_root(tmp_path / "media"), "a.txt"))
    return path


def grow(monkeypatch, *steps):
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, *steps))
    monkeypatch.setattr("xmr_core.catalogue.database.MIGRATIONS", migrations.MIGRATIONS)


def test_a_new_catalogue_is_of_the_newest_version(path):
    assert version(path)[0] == len(migrations.MIGRATIONS)


def test_an_older_catalogue_is_brought_up_with_its_content(path, monkeypatch):
    now = len(migrations.MIGRATIONS)
    grow(monkeypatch, add_colour)
    with Catalogue(path) as catalogue:
        assert [item.path for item in catalogue.find(Filters())] == ["a.txt"]
    assert version(path)[0] == now + 1 and "colours" in version(path)[1]


def test_a_step_that_fails_leaves_the_former_schema(path, monkeypatch):
    before = version(path)
    grow(monkeypatch, fail_half_way)
    with pytest.raises(RuntimeError, match="half way"):
        Catalogue(path)
    assert version(path) == before


def test_steps_before_the_one_that_fails_are_kept(path, monkeypatch):
    now = len(migrations.MIGRATIONS)
    grow(monkeypatch, add_colour, lambda db: db.execute("CREATE TABLE colours (again TEXT)"))
    with pytest.raises(LibraryDamaged, match="exists"):
        Catalogue(path)
    assert version(path)[0] == now + 1


def test_two_that_open_an_older_catalogue_at_once_migrate_it_once(path, monkeypatch):
    grow(monkeypatch, add_colour)
    errors = []

    def open_it():
        try:
            Catalogue(path).close()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_newer_catalogue_is_refused_and_left_alone(path):
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LibraryTooNew, match=r"catalogue 99.*Update XMR"):
        Catalogue(path)
    assert version(path)[0] == 99


def test_an_interrupted_creation_is_done_again(tmp_path, monkeypatch):
    path = tmp_path / "catalogue.sqlite"
    monkeypatch.setattr("xmr_core.catalogue.database.migrate", lambda db: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Catalogue(path)
    monkeypatch.undo()
    with Catalogue(path) as catalogue:
        assert catalogue.find(Filters()) == []


def test_names_of_an_older_catalogue_are_searched_as_well(tmp_path, monkeypatch):
    path = tmp_path / "catalogue.sqlite"
    with monkeypatch.context() as before:
        before.setattr("xmr_core.catalogue.database.MIGRATIONS", migrations.MIGRATIONS[:2])
        before.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:2])
        with Catalogue(path) as catalogue:
            id = catalogue.put(plain(catalogue.add_root(tmp_path / "media"), "a robin.txt"))
    assert version(path)[0] == 2
    with Catalogue(path) as catalogue:
        assert catalogue.named(["robins"]) == {id: 1.0}
