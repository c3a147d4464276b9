"""Runs that are killed, by a real signal at many moments, and started again."""

import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests import children
from tests.indexing.dying import (
    change,
    finished,
    index_and_die,
    index_on_a_full_disk,
    index_slowly,
    killed,
    names,
    salvage_and_die,
    search_and_die,
)
from tests.indexing.world import fill, found, run, write_text
from xmr_core.catalogue import Catalogue, salvage
from xmr_core.errors import LibraryDamaged
from xmr_core.filters import Filters

pytestmark = children.posix


@pytest.fixture
def world(tmp_path):
    media = fill(tmp_path / "media", 20)
    (media / "empty.txt").touch()
    (media / "junk.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return media


@pytest.fixture
def library_of(tmp_path):
    def make(name):
        folder = tmp_path / "libraries" / name
        folder.mkdir(parents=True)
        return folder

    return make


def test_a_run_killed_at_any_statement_ends_as_one_that_was_never_interrupted(world, library_of):
    whole = library_of("whole")
    total = children.call(index_and_die, str(whole), str(world), -1)
    expected = finished(whole, world)
    assert len(expected["items"]) == 45 and len(expected["failures"]) == 2
    rng = random.Random(1)
    for i in range(6):
        folder = library_of(f"killed {i}")
        statement = rng.randrange(i * total // 6, (i + 1) * total // 6)
        assert killed(index_and_die, str(folder), str(world), max(1, statement))
        assert finished(folder, world) == expected


def test_a_run_killed_before_a_thumbnail_is_in_its_place_ends_the_same(world, library_of):
    expected = finished(library_of("whole"), world)
    for file in (1, 20, 40):
        folder = library_of(f"killed {file}")
        assert killed(index_and_die, str(folder), str(world), file, "files")
        assert finished(folder, world) == expected


def test_a_run_killed_again_and_again_at_random_moments_ends_the_same(world, library_of):
    expected = finished(library_of("whole"), world)
    folder = library_of("killed")
    rng = random.Random(2)
    kills = 0
    for _ in range(8):
        child = children.start(index_slowly, str(folder), str(world))
        assert child.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0, 0.12))  # a run takes three times as long
        child.kill()
        child.communicate()
        kills += child.returncode == -signal.SIGKILL
    assert kills >= 4
    assert finished(folder, world) == expected


def test_changes_met_by_a_killed_run_end_as_if_it_had_not_been_killed(world, library_of):
    before = library_of("before")
    file = write_text(world / "gone.txt", "it was gone once")
    finished(before, world)
    file.unlink()
    finished(before, world)
    with Catalogue(before / "catalogue.sqlite") as catalogue:
        former = {item.hash: item.id for item in catalogue.find(Filters(), limit=999)}
    change(world)
    whole = before.with_name("whole")
    shutil.copytree(before, whole)
    total = children.call(index_and_die, str(whole), str(world), -1)
    expected = finished(whole, world)
    rng = random.Random(3)
    for i in range(6):
        folder = before.with_name(f"killed {i}")
        shutil.copytree(before, folder)
        statement = rng.randrange(i * total // 6, (i + 1) * total // 6)
        assert killed(index_and_die, str(folder), str(world), max(1, statement))
        assert finished(folder, world) == expected
        with Catalogue(folder / "catalogue.sqlite") as catalogue:
            moved = [i for i in catalogue.find(Filters(), limit=999) if "renamed/" in i.path]
            assert moved and all(former[item.hash] == item.id for item in moved)


def test_the_log_of_a_killed_run_is_not_lost(world, library_of):
    """What the run had committed before it died need not be done again."""
    folder = library_of("killed")
    child = children.start(index_slowly, str(folder), str(world))
    assert child.stdout.readline() == "ready\n"
    until = time.monotonic() + 30
    with Catalogue(folder / "catalogue.sqlite") as catalogue:
        while len(found(catalogue)) < 16:
            assert time.monotonic() < until
            time.sleep(0.01)
    child.kill()
    child.communicate()
    with Catalogue(folder / "catalogue.sqlite") as catalogue:
        there = len(found(catalogue))
        assert there >= 16
        last = run(catalogue, world)
        assert last.skipped >= there and last.added == 45 - there
        assert [r.state for r in catalogue.runs()] == ["done", "failed"]


# -- index files and salvage


def test_index_files_whose_writing_was_killed_are_made_again(world, library_of, cache):
    folder = library_of("library")
    finished(folder, world)
    expected = names(folder)
    shutil.rmtree(folder / "index")
    steps = children.call(search_and_die, str(folder), -1)
    assert steps > 6
    for at in random.Random(4).sample(range(1, steps + 1), 5):
        shutil.rmtree(folder / "index")
        assert killed(search_and_die, str(folder), at)
        assert names(folder) == expected


def test_a_salvage_that_was_killed_can_be_done_again(world, library_of):
    damaged = library_of("damaged")
    expected = finished(damaged, world)
    file = damaged / "catalogue.sqlite"
    page = file.read_bytes().rindex(b"second part") // 4096
    with file.open("r+b") as handle:
        handle.seek(page * 4096)
        handle.write(bytes(4096))
    with pytest.raises(LibraryDamaged), Catalogue(file) as catalogue:
        catalogue.check()
    whole = damaged.with_name("whole")
    shutil.copytree(damaged, whole)
    steps = children.call(salvage_and_die, str(whole), -1)
    for at in (2, steps // 2, *range(steps - 4, steps + 1)):
        folder = damaged.with_name(f"killed {at}")
        shutil.copytree(damaged, folder)
        assert killed(salvage_and_die, str(folder), at)
        salvage(folder / "catalogue.sqlite")
        assert finished(folder, world) == expected


# -- a full disk


def test_a_disk_that_fills_up_ends_the_run_and_room_lets_it_go_on(small_disk, common, cache):
    media = Path(str(common) + " media")
    try:
        fill(media, 150)
        done = small_disk(index_on_a_full_disk, "7m", str(media))
    finally:
        shutil.rmtree(media)
    said, there, state = done["said"]
    assert "full" in said and "what was done so far is kept" in said
    assert 0 < there < 337 and state in ("failed", "running")
    assert (done["items"], done["failures"]) == (337, 0)
