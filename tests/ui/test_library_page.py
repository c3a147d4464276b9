"""What the Library page asks of the server, on real folders and in the space of three colours."""

import html
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import children, named
from tests.library.steps import damage, indexed, paint
from tests.ui.test_jobs import until
from xmr_core.errors import (
    DiskFull,
    HubUnreachable,
    LibraryBusy,
    LibraryError,
    LibraryExists,
    LibraryReadOnly,
    UnknownProfile,
    XMRError,
)
from xmr_core.indexing import Control, Progress
from xmr_core.library import Library
from xmr_core.ui import library_page
from xmr_core.ui.context import Context
from xmr_core.ui.library_runs import estimate_words
from xmr_core.ui.shelf import Shelf

Answer = dict[str, Any]


@pytest.fixture(autouse=True)
def _named() -> Iterator[None]:
    with named.registered():
        yield


class Page:
    """The page's actions, called as the browser calls them."""

    def __init__(self, home: Path) -> None:
        self.context = Context(Shelf(home), home=home)
        self.actions = library_page.actions(self.context)

    def close(self) -> None:
        self.context.jobs.close()
        self.context.uploads.close()
        self.context.shelf.close()

    def __call__(self, action: str, /, **payload: Any) -> Answer:
        return self.actions[action](payload)

    def wait(self, library: str) -> Answer:
        """The state of a run once it has ended."""
        job = self.context.jobs.get(library)
        assert job is not None
        until(lambda: not job.active, 30)
        state: Answer = self("run", library=library)["run"]
        return state

    def make(self, name: str, folder: Path, profile: str = "colours", ignore: str = "") -> Answer:
        """A new library, indexed."""
        self("library-create", name=name, profile=profile, folder=str(folder), ignore=ignore)
        return self.wait(name)

    def sheet(self, name: str) -> str:
        shown: str = self("library", name=name)["html"]
        return shown


@pytest.fixture
def page(home: Path) -> Iterator[Page]:
    page = Page(home)
    yield page
    page.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return paint(tmp_path / "pictures", 3)


def counts(run: Answer) -> dict[str, int]:
    return {count["name"]: count["n"] for count in run["counts"]}


def words(markup: str) -> str:
    """What a person reads of some HTML."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup)))


def test_the_first_markup_asks_nothing_of_any_library(home: Path):
    (home / "broken").mkdir()
    (home / "broken" / "catalogue.sqlite").write_bytes(b"junk")
    page = Page(home)
    started = time.monotonic()
    assert "x-shelf" in library_page.markup(page.context)
    assert time.monotonic() - started < 0.1
    page.close()


def test_before_any_library_the_page_says_how_to_begin(page: Page):
    assert page("library-shelf")["names"] == []
    assert "Point XMR at a folder" in page("library", name="")["html"]


def test_a_new_library_is_indexed_and_listed_with_its_media(page: Page, folder: Path):
    (folder / "red.txt").write_text("A red bicycle.")
    run = page.make("Colours", folder)
    assert run["state"] == "done"
    assert counts(run) == {"added": 4}
    answer = page("library-shelf")
    assert answer["names"] == ["Colours"]
    assert "4 items" in words(answer["html"])
    assert re.findall(r'<i data-m="(\w+)" style="flex:(\d+)">', answer["html"]) == [
        ("text", "1"),
        ("image", "3"),
    ]
    assert str(folder) in words(page.sheet("Colours"))
    assert "Brought up to date today" in words(page.sheet("Colours"))


def test_listing_loads_no_profile(page: Page, home: Path, folder: Path):
    with Library.create("far", "colours-far", home) as library:
        library.add_root(folder)
    answer = page("library-shelf")
    assert answer["names"] == ["far"]
    assert "Search it" not in page.sheet("far")
    assert page.context.shelf.get("far")._space is None


def test_names_and_paths_are_shown_and_never_run(page: Page, tmp_path: Path):
    nasty = tmp_path / '<img src=x onerror="alert(1)">'
    folder = paint(nasty, 1)
    (folder / "<script>alert(2).png").write_bytes(b"")
    page.make("Nasty", folder)
    shown = page.sheet("Nasty") + page("library-shelf")["html"]
    assert "<script" not in shown
    assert "<img" not in shown
    assert html.escape(str(folder)) in shown


def test_names_that_are_not_unicode_reach_the_page(page: Page, tmp_path: Path):
    from xmr_core.ui.actions import Answer as Json

    folder = tmp_path / "pictures"
    folder.mkdir()
    try:
        (folder / os.fsdecode(b"caf\xe9.png")).write_bytes(b"")
    except OSError:
        pytest.skip("this file system takes only Unicode names")
    page.make("cafe", folder)
    assert b"caf" in Json(page("library", name="cafe")).body


def test_a_library_is_refused_a_bad_name_a_taken_one_and_no_folder(page: Page, folder: Path):
    page.make("Colours", folder)
    for name, error in ((".hidden", LibraryError), ("Colours", LibraryExists)):
        with pytest.raises(error):
            page("library-check", name=name, profile="colours")
        with pytest.raises(error):
            page("library-create", name=name, profile="colours", folder=str(folder))
    with pytest.raises(XMRError, match="There is no folder"):
        page("library-create", name="other", profile="colours", folder=str(folder / "nowhere"))
    with pytest.raises(UnknownProfile):
        page("library-create", name="other", profile="nonsense", folder=str(folder))
    assert page("library-shelf")["names"] == ["Colours"]


def test_a_profile_that_needs_an_absent_hub_is_refused_before_anything_is_made(
    page: Page, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    started = time.monotonic()
    with pytest.raises(HubUnreachable, match="cannot be reached") as caught:
        page("library-create", name="far", profile="colours-far", folder=str(folder))
    assert time.monotonic() - started < 10
    assert caught.value.hint
    assert page("library-shelf")["names"] == []


def test_profiles_are_told_with_what_they_cost(page: Page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    told = {one["name"]: one for one in page("library-profiles")["profiles"]}
    assert told["embedded"]["title"] == "Built in"
    assert not told["embedded"]["hub"]
    assert told["colours-large"]["download"] == "Downloads 5 MB"
    far = page("library-profile", name="colours-far")
    assert far["hub"]
    assert "cannot be reached" in far["problem"]["message"]
    assert [medium["word"] for medium in far["media"]][:2] == ["Texts", "Pictures"]


def test_an_estimate_counts_weighs_and_follows_the_patterns(page: Page, folder: Path):
    (folder / "red.txt").write_text("A red bicycle.")

    def estimate(**what: Any) -> Answer:
        number = page("estimate-start", **what)["number"]
        until(lambda: page("estimate", number=number)["found"] is not None)
        found: Answer = page("estimate", number=number)["found"]
        return found

    new = estimate(folders=[str(folder)], ignore="")
    assert {one["m"]: one["n"] for one in new["media"]}["image"] == "3"
    assert new["work"] == "All of them are new."
    assert new["total"] == 4
    less = estimate(folders=[str(folder)], ignore="*.txt\n\nred*")
    assert less["total"] == 2
    none = estimate(folders=[str(folder)], ignore="*")
    assert "No pictures" in none["warnings"][0]
    page.make("Colours", folder)
    known = estimate(library="Colours", folders=[], ignore="")
    assert known["work"] == "All of them are known and unchanged."
    assert (known["time"], known["disk"]) == ("no time", "nothing")
    (folder / "blue.txt").write_text("blue")
    assert estimate(library="Colours", folders=[], ignore="")["work"].startswith("1 new")
    assert page.context.shelf.get("Colours").roots()[0].path == folder


def test_an_estimate_of_nothing_says_why(page: Page, folder: Path, home: Path):
    with pytest.raises(XMRError, match="There is no folder"):
        page("estimate-start", folders=[str(folder / "nowhere")])
    with pytest.raises(XMRError, match="not kept"):
        page("estimate", number=10_000)
    number = page("estimate-start", folders=[str(folder)], ignore="[")["number"]
    page("estimate-stop", number=number)
    with pytest.raises(XMRError, match="not kept"):
        page("estimate", number=number)


def test_a_disk_that_is_too_small_is_told_beforehand(folder: Path):
    found = Library.preview(folder)
    assert estimate_words(found, 10**12)["warnings"] == []
    assert "has only 1 MB left" in estimate_words(found, 10**6)["warnings"][0]


def test_patterns_are_kept_and_used_by_later_runs(page: Page, folder: Path):
    assert counts(page.make("Colours", folder, ignore="red*\n")) == {"added": 2}
    page("run-start", library="Colours")
    assert counts(page.wait("Colours")) == {"skipped": 2}
    assert "Left out: red*" in words(page.sheet("Colours"))
    page("library-ignore", library="Colours", ignore="")
    page("run-start", library="Colours")
    assert counts(page.wait("Colours")) == {"added": 1, "skipped": 2}


def test_a_run_is_watched_paused_resumed_cancelled_and_taken_up_again(page: Page, tmp_path: Path):
    folder = paint(tmp_path / "many", 40)
    page("library-create", name="Slow", profile="colours-slow", folder=str(folder))
    until(lambda: page("run", library="Slow")["run"]["counts"] != [])
    run = page("run-pause", library="Slow")["run"]
    assert (run["state"], run["active"]) == ("paused", True)
    assert page("run-resume", library="Slow")["run"]["state"] == "running"
    with pytest.raises(LibraryBusy):
        page("run-start", library="Slow")
    with pytest.raises(LibraryBusy):
        page("library-rename", library="Slow", name="Slower")
    with pytest.raises(LibraryBusy):
        page("library-delete", library="Slow", typed="Slow")
    page("run-cancel", library="Slow")
    run = page.wait("Slow")
    assert run["state"] == "cancelled"
    done = counts(run)["added"]
    assert 0 < done < 40
    assert page("run", library="Slow")["counts"] == {"image": done}
    page("run-again", library="Slow")
    run = page.wait("Slow")
    assert run["state"] == "done"
    assert counts(run)["added"] == 40 - done


def test_a_run_cut_short_by_the_end_of_a_server_is_offered_by_the_next(home: Path, tmp_path: Path):
    folder = paint(tmp_path / "many", 30)
    first = Page(home)
    first("library-create", name="Slow", profile="colours-slow", folder=str(folder))
    until(lambda: first("run", library="Slow")["run"]["counts"] != [])
    first.close()
    second = Page(home)
    run = second("library", name="Slow")["run"]
    assert (run["state"], run["active"]) == ("unfinished", False)
    second("run-again", library="Slow")
    assert second.wait("Slow")["state"] == "done"
    assert second("run", library="Slow")["counts"] == {"image": 30}
    second.close()


def _hold(home: str, seconds: float) -> None:
    """Hold a library's lock, as a run of another process does."""
    from xmr_core.indexing import held

    with Library.open("lib", Path(home)) as library:
        library.catalogue.start_run()
        with held(library.path):
            Path(home, "held").touch()
            time.sleep(seconds)


def test_a_run_of_another_process_is_told(page: Page, home: Path, folder: Path):
    indexed(home, folder).close()
    child = children.start(_hold, str(home), 30)
    try:
        until((home / "held").exists, 30)
        run = page("run", library="lib")["run"]
        assert run["state"] == "elsewhere"
        assert "Another process" in run["what"]
        with pytest.raises(LibraryBusy):
            page("root-remove", library="lib", root=1)
        page("run-start", library="lib")
        run = page.wait("lib")
        assert run["error"]["kind"] == "LibraryBusy"
        assert run["error"]["hint"]
    finally:
        child.kill()
        child.communicate()


def test_failures_are_told_with_reasons_and_tried_again_one_by_one(page: Page, folder: Path):
    for name in ("one.png", "two.png"):
        (folder / name).write_bytes(b"")
    run = page.make("Colours", folder)
    assert counts(run) == {"added": 3, "failed": 2}
    shown = page.sheet("Colours")
    assert "2 files" in words(shown)
    assert "is empty" in words(shown)
    ids = {f.path: f.id for f in page.context.shelf.get("Colours").failures()}
    good = (folder / "red-0000.png").read_bytes()
    for name in ids:
        (folder / name).write_bytes(good + name.encode())
    page("run-retry", library="Colours", ids=[ids["one.png"]])
    run = page.wait("Colours")
    assert run["what"] == "Trying again"
    assert run["state"] == "done"
    page("run-retry", library="Colours")
    page.wait("Colours")
    assert page.context.shelf.get("Colours").failures() == []
    assert "Could not be read" not in page.sheet("Colours")


def test_only_the_chosen_failure_is_tried_again(page: Page, folder: Path):
    for number in range(2):
        (folder / f"{number}").mkdir()
        (folder / f"{number}" / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    page.make("Colours", folder)
    library = page.context.shelf.get("Colours")
    before = {f.path: f.when for f in library.failures()}
    chosen = next(f for f in library.failures() if f.path == "1/bad.png")
    page("run-retry", library="Colours", ids=[chosen.id])
    assert counts(page.wait("Colours")) == {"failed": 1}
    after = {f.path: f.when for f in library.failures()}
    assert after["1/bad.png"] > before["1/bad.png"]
    assert after["0/bad.png"] == before["0/bad.png"]
    page("run-start", library="Colours")
    assert counts(page.wait("Colours")) == {"skipped": 5}  # and no later run tries it either


def test_a_failure_in_a_vanished_folder_can_be_tried_again(page: Page, folder: Path):
    (folder / "in").mkdir()
    (folder / "in" / "bad.png").write_bytes(b"")
    page.make("Colours", folder)
    (failure,) = page.context.shelf.get("Colours").failures()
    (folder / "in" / "bad.png").unlink()
    (folder / "in").rmdir()
    page("run-retry", library="Colours", ids=[failure.id])
    assert page.wait("Colours")["state"] == "done"
    assert page.context.shelf.get("Colours").failures() == []


def test_many_failures_come_in_portions(page: Page, folder: Path):
    for number in range(120):
        (folder / f"bad{number:03}.png").write_bytes(b"")
    page.make("Colours", folder)
    shown = page.sheet("Colours")
    assert shown.count("data-failure=") == 50
    assert "Show 50 of 70 more" in words(shown)
    last = page("library-failures", library="Colours", offset=100)["html"]
    assert last.count("<li data-key=") == 20
    assert "more" not in words(last)


def test_folders_are_added_moved_and_taken_out(page: Page, folder: Path, tmp_path: Path):
    page.make("Colours", folder)
    second = paint(tmp_path / "second", 6)
    page("run-start", library="Colours", folders=[str(second)], ignore="")
    assert counts(page.wait("Colours"))["added"] == 6
    library = page.context.shelf.get("Colours")
    first, other = library.roots()
    assert (first.path, other.path) == (folder, second)
    moved = second.rename(tmp_path / "elsewhere")
    assert "not there now" in words(page.sheet("Colours"))
    page("root-move", library="Colours", root=other.id, folder=str(moved))
    assert counts(page.wait("Colours"))["skipped"] == 9
    page("root-remove", library="Colours", root=first.id)
    assert page("run", library="Colours")["counts"] == {"image": 6}
    assert len(list(folder.iterdir())) == 3


def test_a_folder_cannot_be_moved_onto_another(page: Page, folder: Path, tmp_path: Path):
    page.make("Colours", folder)
    page("run-start", library="Colours", folders=[str(paint(tmp_path / "second", 1))])
    page.wait("Colours")
    root = page.context.shelf.get("Colours").roots()[1]
    with pytest.raises(LibraryError, match="overlaps"):
        page("root-move", library="Colours", root=root.id, folder=str(folder))


def test_a_shrunken_folder_offers_to_accept_the_loss(page: Page, folder: Path):
    page.make("Colours", folder)
    for picture in folder.iterdir():
        picture.unlink()
    page("run-start", library="Colours")
    run = page.wait("Colours")
    assert run["loss"]
    assert "nothing was marked as gone" in run["warnings"][0]
    assert page("run", library="Colours")["counts"] == {"image": 3}
    page("run-start", library="Colours", accept_loss=True)
    run = page.wait("Colours")
    assert counts(run)["missing"] == 3
    assert not run["loss"]
    assert page("run", library="Colours")["counts"] == {}


def test_a_full_disk_is_told_with_what_to_do(page: Page, folder: Path):
    page.make("Colours", folder)

    def full(_: Control) -> Iterator[Progress]:
        yield Progress("encode", 5, 9)
        raise DiskFull("The disk is full.", "Free some space.")

    page.context.jobs.start("Colours", "Indexing", full)
    run = page.wait("Colours")
    assert run["error"] == {
        "message": "The disk is full.",
        "hint": "Free some space.",
        "kind": "DiskFull",
    }
    assert run["share"] == pytest.approx(5 / 9)
    page("run-dismiss", library="Colours")
    assert page("run", library="Colours")["run"] is None


def test_a_library_is_renamed_and_found_under_its_new_name(page: Page, folder: Path):
    page.make("Colours", folder)
    assert page("library-rename", library="Colours", name=" Paints ") == {"name": "Paints"}
    assert page("library-shelf")["names"] == ["Paints"]
    assert page("run", library="Paints")["counts"] == {"image": 3}
    assert page("library-rename", library="Paints", name="Paints") == {"name": "Paints"}
    with pytest.raises(LibraryError):
        page("library-rename", library="Paints", name="a/b")


def test_a_library_is_deleted_only_when_its_name_is_typed(page: Page, folder: Path):
    page.make("Colours", folder)
    for typed in ("", "colours", "Colour"):
        with pytest.raises(LibraryError, match="typed"):
            page("library-delete", library="Colours", typed=typed)
    page("library-delete", library="Colours", typed="Colours")
    assert page("library-shelf")["names"] == []
    assert len(list(folder.iterdir())) == 3


def test_another_profile_takes_over_and_an_absent_one_leaves_all_as_it_was(
    page: Page, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    page.make("Colours", folder)
    run = page("run-profile", library="Colours", profile="colours-large")["run"]
    assert run["what"] == "Changing to colours-large"
    lines = set()
    while page("run", library="Colours")["run"]["active"]:
        lines.add(page("run", library="Colours")["run"]["line"])
        time.sleep(0.02)
    assert any(line.startswith("Fetching the profile:") for line in lines)
    assert page("library", name="Colours")["profile"] == "colours-large"
    with pytest.raises(HubUnreachable):
        page("run-profile", library="Colours", profile="colours-far")
    assert page("library", name="Colours")["profile"] == "colours-large"
    assert page.context.shelf.get("Colours").search("red", k=1).hits


def test_a_damaged_library_does_not_hide_the_others_and_is_salvaged(
    page: Page, home: Path, tmp_path: Path
):
    page.make("Good", paint(tmp_path / "good", 1))
    indexed(home, paint(tmp_path / "many", 60)).close()
    damage(home / "lib")
    answer = page("library-shelf")
    assert answer["names"] == ["Good", "lib"]
    assert "Damaged" in words(answer["html"])
    shown = page.sheet("lib")
    assert "Salvage what can be read" in words(shown)
    page("library-salvage", library="lib")
    assert page.wait("lib")["state"] == "done"
    assert page("run", library="lib")["counts"] == {"image": 60}


def test_a_library_of_a_newer_version_says_so_and_can_go(page: Page, home: Path, folder: Path):
    indexed(home, folder).close()
    with sqlite3.connect(home / "lib" / "catalogue.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    assert "Of a newer XMR" in words(page("library-shelf")["html"])
    shown = words(page.sheet("lib"))
    assert "newer version of XMR" in shown
    assert "Salvage" not in shown
    page("library-delete", library="lib", typed="lib")
    assert page("library-shelf")["names"] == []


def test_a_library_that_is_not_there_says_so(page: Page):
    assert "There is no library" in words(page.sheet("nothing"))


def _look_at_read_only(home: str, folder: str) -> Answer:
    """What the page makes of a library whose folder cannot be written, as an ordinary user."""
    where = Path(home)
    with named.registered():
        indexed(where, Path(folder)).close()
        for path in sorted((where / "lib").rglob("*"), reverse=True):
            path.chmod(0o555 if path.is_dir() else 0o444)
        (where / "lib").chmod(0o555)
        page = Page(where)
        seen: Answer = {"shelf": page("library-shelf")["html"], "sheet": page.sheet("lib")}
        refused = []
        for action, payload in (
            ("run-start", {}),
            ("run-retry", {}),
            ("run-profile", {"profile": "colours-turned"}),
            ("library-rename", {"name": "other"}),
            ("library-delete", {"typed": "lib"}),
            ("root-remove", {"root": 1}),
            ("library-ignore", {"ignore": "*.tmp"}),
        ):
            try:
                page(action, library="lib", **payload)
            except LibraryReadOnly:
                refused.append(action)
        seen["refused"] = refused
        seen["names"] = page("library-shelf")["names"]
        page.close()
        for path in [where / "lib", *(where / "lib").rglob("*")]:
            path.chmod(0o755)
    return seen


def test_a_read_only_library_is_shown_and_cannot_be_changed(common: Path):
    paint(common / "pictures", 3)
    seen = children.call(
        _look_at_read_only, str(common / "home"), str(common / "pictures"), unprivileged=True
    )
    assert "3 items" in words(seen["shelf"])
    assert "can be searched, but not changed" in words(seen["sheet"])
    assert 'data-do="delete"' not in seen["sheet"]
    assert 'data-do="search-in"' in seen["sheet"]
    assert seen["refused"] == [
        "run-start",
        "run-retry",
        "run-profile",
        "library-rename",
        "library-delete",
        "root-remove",
        "library-ignore",
    ]
    assert seen["names"] == ["lib"]


def test_the_demo_is_a_run_that_shows_before_its_library_is_there(page: Page):
    first = page("demo-build")
    assert first["library"] == "demo"
    assert first["run"]["what"] == "Building the demo"
    again = page("demo-build")
    assert again["run"]["id"] == first["run"]["id"]
    assert page("library-shelf")["names"] == ["demo"]
    assert "x-run" in page.sheet("demo")
    page("run-cancel", library="demo")
    assert page.wait("demo")["state"] == "cancelled"


def test_the_picker_lists_folders_and_places(page: Page, tmp_path: Path):
    (tmp_path / "here" / "inside").mkdir(parents=True)
    here = tmp_path.resolve() / "here"
    answer = page("library-folders", path=str(here))
    assert answer["folders"] == (("inside", str(here / "inside")),)
    assert page("library-places")["places"][0][0] == "Home"


def test_payloads_of_the_wrong_kind_are_refused(page: Page):
    with pytest.raises(XMRError, match="must be text"):
        page("library-create", name=5, folder="/", profile="colours")
