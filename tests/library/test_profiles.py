"""The profile of a library: loaded, fetched, changed."""

import time
from pathlib import Path

import pytest

from tests import named
from tests.fakes import fake_space
from tests.library.steps import first, index, indexed, paint
from xmr_core.errors import HubUnreachable, ProfileMismatch, UnknownProfile
from xmr_core.indexing import Control
from xmr_core.library import Library

pytestmark = pytest.mark.usefixtures("profiles")


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


def test_a_library_of_another_space_is_not_searched_until_it_is_brought_along(library, media):
    index(library, media)
    other = fake_space(turn=1)
    with Library.open("colours", space=other) as again:
        with pytest.raises(ProfileMismatch, match="Index it again"):
            again.search("red")
        index(again)
        assert again.search("red", k=1).hits[0].item.path == "red.txt"


def test_an_unknown_profile_leaves_the_library_as_it_was(library, media):
    index(library, media)
    with pytest.raises(UnknownProfile):
        list(library.set_profile("no-such-profile"))
    assert library.profile == "embedded"
    assert len(library.search("red").hits) == 3
