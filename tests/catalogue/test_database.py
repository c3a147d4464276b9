import os
import random
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from tests import children
from tests.catalogue.conftest import SPACE, plain
from xmr_core.catalogue import Catalogue, database
from xmr_core.errors import (
    DiskFull,
    LibraryBusy,
    LibraryDamaged,
    LibraryNotFound,
    XMRError,
)
from xmr_core.filters import Filters

# -- threads and transactions


def test_every_thread_may_read_and_write(catalogue, root):
    def work(name):
        for i in range(20):
            catalogue.put(plain(root, f"{name}/{i}.txt"))
            catalogue.find(Filters(folder=name))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(catalogue.find(Filters(), limit=1000)) == 80
    assert catalogue.generation >= 80


def test_a_transaction_is_kept_all_or_not_at_all(catalogue, root):
    generation = catalogue.generation
    with pytest.raises(ZeroDivisionError), catalogue.transaction():
        catalogue.put(plain(root, "a.txt"))
        catalogue.put(plain(root, "b.txt"))
        1 / 0  # noqa: B018
    assert catalogue.find(Filters()) == [] and catalogue.generation == generation
    with catalogue.transaction():
        catalogue.put(plain(root, "a.txt"))
    assert len(catalogue.find(Filters())) == 1


def test_a_transaction_inside_another_joins_it(catalogue, root):
    with pytest.raises(ZeroDivisionError), catalogue.transaction():
        with catalogue.transaction():
            catalogue.put(plain(root, "a.txt"))
        1 / 0  # noqa: B018
    assert catalogue.find(Filters()) == []


def test_readers_see_the_last_commit_while_a_transaction_is_open(catalogue, root):
    catalogue.put(plain(root, "a.txt"))
    seen = []
    with catalogue.transaction():
        catalogue.put(plain(root, "b.txt"))
        reader = threading.Thread(target=lambda: seen.append(len(catalogue.find(Filters()))))
        reader.start()
        reader.join(5)
        assert len(catalogue.find(Filters())) == 2, "the writer sees its own"
    assert seen == [1]


def test_writers_of_two_threads_wait_for_each_other(catalogue, root):
    order = []

    def write():
        with catalogue.transaction():
            order.append("second")

    with catalogue.transaction():
        other = threading.Thread(target=write)
        other.start()
        time.sleep(0.1)
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_connections_of_ended_threads_are_closed(catalogue, root):
    for _ in range(50):
        thread = threading.Thread(target=lambda: catalogue.find(Filters()))
        thread.start()
        thread.join()
    assert len(catalogue._db._connections) == 1


def test_closing_closes_it_in_all_threads(tmp_path):
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")
    thread = threading.Thread(target=lambda: catalogue.find(Filters()))
    thread.start()
    thread.join()
    catalogue.close()
    catalogue.close()
    assert [file.name for file in tmp_path.iterdir()] == ["catalogue.sqlite"], "no log, no mark"
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        catalogue.find(Filters())


def test_closing_while_another_thread_reads_lets_it_finish(tmp_path):
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")
    db = catalogue._db
    reading, read = threading.Event(), []

    def read_slowly():
        with db.guard():
            rows = db.connection().execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)"
                " SELECT i FROM n"
            )
            read.append(next(rows)[0])
            reading.set()
            closed.wait()
            read.extend(i for (i,) in rows)

    closed = threading.Event()
    thread = threading.Thread(target=read_slowly)
    thread.start()
    reading.wait()
    catalogue.close()
    closed.set()
    thread.join()
    assert read == list(range(1, 10_000))
    assert [file.name for file in tmp_path.iterdir()] == ["catalogue.sqlite"], "closed by the last"


# -- other processes


def write_and_hold(path, seconds):
    with Catalogue(Path(path)) as catalogue, catalogue.transaction():
        catalogue.set_meta("held", "yes")
        Path(path).with_name("holding").touch()
        time.sleep(seconds)
    return True


def holding(path):
    until = time.monotonic() + 30
    while not path.with_name("holding").exists():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_reader_goes_on_while_another_process_writes(catalogue, root):
    catalogue.put(plain(root, "a.txt"))
    child = children.start(write_and_hold, str(catalogue.path), 60)
    try:
        holding(catalogue.path)
        assert len(catalogue.find(Filters())) == 1 and catalogue.meta("held") is None
    finally:
        child.kill()
        child.communicate()


def test_a_writer_that_waits_too_long_says_who_is_busy(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_PATIENCE", 0.2)
    with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
        child = children.start(write_and_hold, str(catalogue.path), 60)
        try:
            holding(catalogue.path)
            with pytest.raises(LibraryBusy, match="written by another process"):
                catalogue.set_meta("mine", "yes")
        finally:
            child.kill()
            child.communicate()
        catalogue.set_meta("mine", "yes")
        assert catalogue.meta("held") is None, "what a killed process had not committed is gone"


def dies_open(path):
    Catalogue(Path(path)).set_meta("written", "yes")
    os.kill(os.getpid(), 9)


def test_a_file_left_open_by_a_dead_process_is_checked_when_opened_again(tmp_path, monkeypatch):
    path = tmp_path / "catalogue.sqlite"
    child = children.start(dies_open, str(path))
    child.communicate()
    assert list(tmp_path.glob("catalogue.sqlite.open-*"))
    checks = []
    real = database.Database.check
    monkeypatch.setattr(database.Database, "check", lambda self: (checks.append(1), real(self)))
    with Catalogue(path) as catalogue:
        assert catalogue.meta("written") == "yes"
    with Catalogue(path):
        pass
    assert len(checks) == 1
    assert not list(tmp_path.glob("catalogue.sqlite.open-*"))


def test_marks_of_living_processes_and_other_machines_are_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "catalogue.sqlite"
    monkeypatch.setattr(database.Database, "check", lambda self: pytest.fail("checked"))
    with Catalogue(path):
        foreign = tmp_path / "catalogue.sqlite.open-elsewhere-1-1-0"
        foreign.touch()
        with Catalogue(path):
            assert len(list(tmp_path.glob("*.open-*"))) == 3
    assert list(tmp_path.glob("*.open-*")) == [foreign]


# -- damage


def many(path, n=300):
    with Catalogue(path) as catalogue:
        catalogue.activate(SPACE)
        root = catalogue.add_root(Path("/media"))
        with catalogue.transaction():
            for i in range(n):
                catalogue.put(plain(root, f"{i:04}.txt"))
    return path


def overwrite(path, at, n=4096):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xa5" * n)


@pytest.mark.parametrize("content", [b"", b"not a database at all " * 100, os.urandom(8192)])
def test_a_file_that_is_no_catalogue_is_damaged_unless_it_is_empty(tmp_path, content):
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(content)
    if not content:
        Catalogue(path).close()
        return
    with pytest.raises(LibraryDamaged, match=r"catalogue\.sqlite is damaged .*salvage"):
        Catalogue(path)
    assert path.read_bytes() == content
    assert not list(tmp_path.glob("*.open-*"))


def test_an_overwritten_page_is_found_when_it_is_read(tmp_path):
    path = many(tmp_path / "catalogue.sqlite")
    size = path.stat().st_size
    overwrite(path, size // 2 // 4096 * 4096, 10 * 4096)
    with pytest.raises(LibraryDamaged):
        Catalogue(path).check()


def test_an_overwritten_page_is_found_on_opening_after_a_crash(tmp_path):
    path = many(tmp_path / "catalogue.sqlite")
    overwrite(path, path.stat().st_size // 2 // 4096 * 4096, 10 * 4096)
    path.with_name(f"{path.name}.open-{database.platform.node()}-999999999-1-0").touch()
    with pytest.raises(LibraryDamaged):
        Catalogue(path)


def test_a_truncated_catalogue_is_damaged(tmp_path):
    path = many(tmp_path / "catalogue.sqlite")
    os.truncate(path, path.stat().st_size // 3 // 4096 * 4096)
    with pytest.raises(LibraryDamaged), Catalogue(path) as catalogue:
        catalogue.check()


def test_random_damage_is_either_harmless_or_named(tmp_path):
    """Whatever bytes are overwritten, no error but our own comes out."""
    whole = many(tmp_path / "whole.sqlite", 100).read_bytes()
    path = tmp_path / "catalogue.sqlite"
    named = 0
    for seed in range(150):
        rng = random.Random(seed)
        data = bytearray(whole)
        for _ in range(rng.choice([1, 5, 50])):
            at, junk = rng.randrange(len(data)), rng.randbytes(rng.choice([1, 16, 512]))
            data[at : at + len(junk)] = junk
        path.write_bytes(data[: len(whole)])
        named += sum(isinstance(error, LibraryDamaged) for error in read_all_of(path))
        for end in ("-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
    assert named > 100


def read_all_of(path):
    """The errors of XMR that reading a catalogue in all ways meets."""
    errors = []
    try:
        with Catalogue(path) as catalogue:
            for look in (
                catalogue.check,
                catalogue.counts,
                catalogue.roots,
                catalogue.history,
                lambda: catalogue.generation,
                lambda: catalogue.find(Filters(text="x")),
                lambda: catalogue.find(Filters(), limit=1000),
                lambda: catalogue.known(1, "", SPACE),
                lambda: [catalogue.parts(i) for i in range(20)],
                lambda: list(catalogue.vectors("text")),
                lambda: catalogue.set_meta("a", "b"),
            ):
                try:
                    look()
                except XMRError as error:
                    errors.append(error)
    except XMRError as error:
        errors.append(error)
    return errors


# -- rights


def test_a_catalogue_that_is_not_there_is_not_made_unasked(tmp_path):
    with pytest.raises(LibraryNotFound):
        Catalogue(tmp_path / "catalogue.sqlite", create=False)
    assert list(tmp_path.iterdir()) == []


def try_everything(path):
    """As an ordinary user: what can be done with a catalogue?"""
    done = {}
    try:
        catalogue = Catalogue(Path(path))
    except XMRError as error:
        return {"open": type(error).__name__, "says": str(error)}
    with catalogue:
        done["read_only"] = catalogue.read_only
        done["items"] = len(catalogue.find(Filters(), limit=1000))
        try:
            catalogue.set_meta("a", "b")
            done["write"] = "written"
        except XMRError as error:
            done["write"], done["says"] = type(error).__name__, str(error)
    return done


@pytest.mark.parametrize("closed", ["folder", "file", "both"])
def test_a_catalogue_that_may_not_be_written_can_be_read(common, closed):
    path = many(common / "catalogue.sqlite", 3)
    path.chmod(0o644 if closed == "folder" else 0o444)
    common.chmod(0o755 if closed == "file" else 0o555)
    done = children.call(try_everything, str(path), unprivileged=True)
    assert (done["read_only"], done["items"], done["write"]) == (True, 3, "LibraryReadOnly")
    assert "write permission" in done["says"]
    if closed != "file":
        assert [file.name for file in common.iterdir()] == ["catalogue.sqlite"]


def test_no_catalogue_is_made_where_nothing_may_be_written(common):
    common.chmod(0o555)
    done = children.call(try_everything, str(common / "catalogue.sqlite"), unprivileged=True)
    assert done["open"] == "LibraryReadOnly"


def test_an_ordinary_user_may_do_everything_in_a_folder_of_their_own(common):
    done = children.call(try_everything, str(common / "catalogue.sqlite"), unprivileged=True)
    assert done == {"read_only": False, "items": 0, "write": "written"}


def test_a_read_only_catalogue_that_was_not_closed_is_read_as_far_as_it_goes(common):
    """Its log cannot be used without writing; what it holds is older, but sound."""
    path = many(common / "catalogue.sqlite", 3)
    child = children.start(dies_open, str(path))
    child.communicate()
    path.chmod(0o444)
    common.chmod(0o555)
    done = children.call(try_everything, str(path), unprivileged=True)
    assert (done["items"], done["write"]) == (3, "LibraryReadOnly")


# -- a full disk


def fill(folder):
    """On a disk of one megabyte: put until it is full, then make room and go on."""
    path = Path(folder) / "catalogue.sqlite"
    ballast = Path(folder) / "ballast"
    ballast.write_bytes(bytes(300_000))
    catalogue = Catalogue(path)
    catalogue.activate(SPACE)
    root = catalogue.add_root(Path("/media"))
    kept = 0
    try:
        while kept < 100_000:
            catalogue.put(plain(root, f"{kept}.txt"))
            kept += 1
    except XMRError as error:
        raised = type(error).__name__
    there = len(catalogue.find(Filters(), limit=10**6))
    ballast.unlink()
    catalogue.put(plain(root, "after.txt"))
    catalogue.check()
    after = len(catalogue.find(Filters(), limit=10**6))
    catalogue.close()
    return {"kept": kept, "raised": raised, "there": there, "after": after}


def test_a_full_disk_is_named_and_loses_nothing_that_was_kept(small_disk):
    done = small_disk(fill, "1m")
    assert done["raised"] == DiskFull.__name__
    assert 5 < done["kept"] == done["there"] == done["after"] - 1
