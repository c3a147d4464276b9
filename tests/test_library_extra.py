"""What the façade does besides indexing and searching: profiles, estimates, loss, rescue."""

import platform
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Pictures

from tests import named
from xmr_core.errors import (
    HubUnreachable,
    LibraryBusy,
    LibraryDamaged,
    LibraryNotFound,
    RootMissing,
)
from xmr_core.indexing import Control, Progress, follow
from xmr_core.library import Library
from xmr_core.media import Modality

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}


@pytest.fixture(autouse=True)
def _named() -> Iterator[None]:
    with named.registered():
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return paint(tmp_path / "pictures", 3)


def paint(folder: Path, count: int) -> Path:
    """A folder of small pictures, every one different."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        colour, rgb = list(COLOURS.items())[number % 3]
        picture = Pictures.new("RGB", (24, 24), rgb)
        picture.putpixel((0, 0), (number % 256, number // 256, 7))
        picture.save(folder / f"{colour}-{number:04}.png")
    return folder


def indexed(home: Path, folder: Path, profile: str = "colours") -> Library:
    library = Library.create("lib", profile, home)
    for _ in library.index(folder):
        pass
    return library


def first(library: Library, word: str) -> str:
    return library.search(word, k=1).hits[0].item.path


def test_a_run_loads_the_profile_first_and_tells_how_much_has_come(home: Path, folder: Path):
    with Library.create("lib", "colours-large", home) as library:
        events = list(library.index(folder))
    loading = [event for event in events if event.stage == "load"]
    assert events[0].stage == "load"
    assert max(event.done for event in loading) > 0
    assert {event.total for event in loading} == {0, named.LARGE}
    assert events[-1].stage == "done"
    assert events[-1].added == 3


def test_a_cancelled_fetch_ends_the_run_before_anything_is_read(home: Path, folder: Path):
    control = Control()
    with Library.create("lib", "colours-large", home) as library:
        for event in library.index(folder, control=control):
            if event.done:
                control.cancel()
        assert event.stage == "cancelled"
        assert not library.counts()


def test_a_profile_with_the_same_encoders_is_taken_on_without_reading(home: Path, folder: Path):
    with indexed(home, folder) as library:
        for picture in folder.iterdir():
            picture.write_bytes(b"")  # whoever reads it now finds nothing
        times = {item.path: item.mtime for item in library.items()}
        assert times
        folder.rename(folder.with_name("away"))
        events = list(library.set_profile("colours-turned"))
        assert [e.stage for e in events if e.stage not in {"load", "walk"}][-1] == "done"
        assert any(event.stage == "project" for event in events)
        assert library.profile == "colours-turned"
        assert first(library, "red").startswith("red")  # texts turn along with pictures


def test_a_profile_with_other_encoders_reads_everything_again(home: Path, folder: Path):
    with indexed(home, folder) as library:
        *_, last = library.set_profile("colours-again")
        assert last.changed == 3
        assert first(library, "blue").startswith("blue")
    with Library.open("lib", home) as library:
        assert library.profile == "colours-again"
        assert first(library, "green").startswith("green")


def test_until_a_change_of_profile_is_done_the_former_one_answers(home: Path, tmp_path: Path):
    control = Control()
    with indexed(home, paint(tmp_path / "many", 30)) as library:
        events = []
        for event in library.set_profile("colours-again", control):
            events.append(event)
            if event.stage == "encode":
                assert first(library, "red").startswith("red")
                control.cancel()
        assert events[-1].stage == "cancelled"
        assert library.profile != "colours-again"
        assert first(library, "red").startswith("red")


def test_a_profile_that_cannot_be_had_leaves_the_library_as_it_was(home: Path, folder: Path):
    with indexed(home, folder) as library:
        started = time.monotonic()
        with pytest.raises(HubUnreachable, match="cannot be reached"):
            list(library.set_profile("colours-far"))
        assert time.monotonic() - started < 10
        assert library.profile == "colours"
        assert first(library, "red").startswith("red")


def test_an_empty_library_changes_its_profile_at_once(home: Path):
    with Library.create("lib", "colours", home) as library:
        assert [e.stage for e in library.set_profile("colours-turned")][-1] == "done"
        assert library.profile == "colours-turned"


def test_an_estimate_registers_nothing_and_follows_the_patterns(home: Path, folder: Path):
    with Library.create("lib", "colours", home) as library:
        assert library.estimate(folder).new == 3
        assert library.estimate(folder, ignore=["red*"]).files == {Modality.IMAGE: 2}
        assert library.roots() == []
        list(library.index(folder))
        found = library.estimate(folder.parent)
        assert found.files == {Modality.IMAGE: 3}
        assert [root.path for root in library.roots()] == [folder]
        with pytest.raises(RootMissing):
            library.estimate(folder.parent / "nowhere")


def test_an_estimate_does_not_fetch_weights(home: Path, folder: Path):
    with Library.create("lib", "colours-far", home) as library:
        assert library.estimate(folder).new == 3


def test_an_estimate_can_be_stopped_and_tells_how_far_it_is(home: Path, tmp_path: Path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1000):
        (folder / f"{number}.txt").write_text("red")
    control = Control()
    told: list[int] = []

    def tell(seen: int, path: str) -> None:
        told.append(seen)
        control.cancel()

    found = Library.preview(folder, control=control, tell=tell)
    assert told
    assert told[0] <= found.new < 1000
    assert Library.preview(folder).new == 1000


def test_a_shrunken_folder_loses_nothing_until_the_loss_is_accepted(home: Path, folder: Path):
    with indexed(home, folder) as library:
        for picture in folder.iterdir():
            picture.unlink()
        *_, last = library.index()
        assert (last.missing, last.doubtful) == (0, 3)
        assert last.warnings
        assert library.counts() == {Modality.IMAGE: 3}
        *_, last = library.index(accept_loss=True)
        assert (last.missing, last.doubtful) == (3, 0)
        assert not library.counts().get(Modality.IMAGE)


def test_the_pictures_of_a_removed_folder_go_and_its_files_stay(home: Path, folder: Path):
    with indexed(home, folder) as library:
        (root,) = library.roots()
        thumbs = list((library.path / "thumbs").iterdir())
        assert len(thumbs) == 3
        library.remove_root(root.id)
        assert list((library.path / "thumbs").iterdir()) == []
        assert len(list(folder.iterdir())) == 3


def damage(library: Path) -> Path:
    """Overwrite pages of a catalogue that a process of this machine seems to have died over."""
    catalogue = library / "catalogue.sqlite"
    with sqlite3.connect(catalogue) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray(catalogue.read_bytes())
    page = 4096
    for at in range(page * 3, len(data) - page * 4, page * 5):
        data[at : at + page] = b"\xff" * page
    catalogue.write_bytes(data)
    catalogue.with_name(f"{catalogue.name}.open-{platform.node()}-999999999-1-0").touch()
    return catalogue


def test_a_damaged_library_can_be_salvaged_and_indexed_again(home: Path, tmp_path: Path):
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


def test_what_followed_work_raises_comes_out_of_the_run():
    def work(tell: object) -> None:
        raise HubUnreachable("No answer.")

    with pytest.raises(HubUnreachable):
        list(follow(work, "load", Control()))


def test_followed_work_waits_during_a_pause():
    control = Control()
    control.pause()
    done: list[int] = []

    def work(tell: object) -> str:
        tell(1, 2)  # type: ignore[operator]
        done.append(1)
        return "ready"

    run = follow(work, "load", control)
    events = [next(run) for _ in range(3)]
    assert events[-1] == Progress("load", 1, 2, paused=True)
    assert not done
    control.resume()
    list(run)
    assert done
