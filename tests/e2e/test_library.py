"""The Library page in a real browser: make a library, watch its run, change it, lose it."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import named
from tests.e2e.site import Site
from tests.library.steps import damage, indexed, paint
from xmr_core.library import Library

pytestmark = [pytest.mark.e2e]


@pytest.fixture
def page(library_page: Page) -> Page:
    return library_page


def make(page: Page, folder: Path, name: str = "", profile: str = "colours") -> None:
    """A new library through the dialog."""
    page.locator('[data-do="new"]:visible').first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Path of the folder").fill(str(folder))
    dialog.get_by_label("Path of the folder").press("Enter")
    expect(dialog.locator(".x-crumbs [aria-current]")).to_have_text(folder.name)
    dialog.get_by_role("button", name="Use this folder").click()
    dialog.locator(f'[name="profile"][value="{profile}"]').check()
    if name:
        dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_role("button", name="Next").click()
    expect(dialog.locator(".x-costs")).to_be_visible()
    dialog.get_by_role("button", name="Start indexing").click()
    expect(dialog).to_have_count(0)


def run(page: Page, state: str = "") -> Locator:
    return page.locator(f'.x-run[data-state="{state}"]' if state else ".x-run")


def ended(page: Page, text: str = "") -> None:
    """Wait for a run's end, and for the sheet that is made anew then."""
    expect(run(page, "done")).to_contain_text(text, timeout=30_000)
    expect(page.locator(".x-lib-sheet")).not_to_have_attribute("aria-busy", "true")


def menu(page: Page, item: str) -> Locator:
    """Choose from the menu of a library; the dialog that opens."""
    page.locator(".x-lib-title summary").click()
    page.locator(".x-lib-menu").get_by_role("button", name=item).click()
    return page.get_by_role("dialog")


def test_a_folder_is_picked_by_keyboard_looked_at_and_indexed(page: Page, tmp_path: Path):
    folder = paint(tmp_path / "media" / "pictures", 6)
    (tmp_path / "media" / "other").mkdir()
    expect(page.get_by_role("heading", name="Point XMR at a folder")).to_be_visible()
    page.locator('.x-lib-empty [data-do="new"]').press("Enter")
    dialog = page.get_by_role("dialog", name="New library")
    field = dialog.get_by_label("Path of the folder")
    expect(field).to_be_focused()
    field.fill(str(tmp_path / "nowhere"))
    field.press("Enter")
    expect(dialog.get_by_role("alert").first).to_contain_text("There is no folder")
    field.fill(str(tmp_path))
    field.press("Enter")
    media = dialog.locator(".x-folders").get_by_role("button", name="media")
    expect(media).to_be_visible()
    dialog.locator('.x-folders [tabindex="0"]').focus()
    page.keyboard.type("med")
    expect(media).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(dialog.locator(".x-folders").get_by_role("button", name="other")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog.locator(".x-browse-here")).to_contain_text("6 files right here, 6 of them media")
    expect(dialog.locator(".x-folders-up")).to_be_focused()
    page.keyboard.press("Backspace")
    expect(dialog.locator(".x-crumbs [aria-current]")).to_have_text("media")
    expect(dialog.locator(".x-folders").get_by_role("button", name="pictures")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(field).to_have_value(str(folder))
    dialog.get_by_role("button", name="Use this folder").press("Enter")
    name = dialog.get_by_label("Name", exact=True)
    expect(name).to_be_focused()
    expect(name).to_have_value("pictures")
    dialog.locator('[name="profile"][value="colours"]').check()
    name.fill("a/b")
    name.press("Enter")
    expect(dialog.get_by_role("alert").last).to_contain_text("cannot be a library's name")
    name.fill("My colours")
    name.press("Enter")
    expect(dialog.locator('.x-stat[data-m="image"] b')).to_have_text("6")
    expect(dialog.locator(".x-estimate")).to_contain_text("All of them are new")
    dialog.get_by_text("Leave files out by a pattern").click()
    dialog.locator("textarea").fill("red*")
    dialog.locator("textarea").blur()
    expect(dialog.locator('.x-stat[data-m="image"] b')).to_have_text("4")
    dialog.get_by_role("button", name="Start indexing").click()
    ended(page, "4 added")
    expect(page.locator('.x-sheet .x-stat[data-m="image"] b')).to_have_text("4")
    expect(page.locator(".x-lib-card")).to_contain_text("My colours")
    assert page.url.endswith("#library/My%20colours")


def test_the_name_follows_the_folder_until_one_is_typed(page: Page, tmp_path: Path):
    for name in ("birds", "boats"):
        paint(tmp_path / name, 1)
    page.locator('.x-lib-empty [data-do="new"]').click()
    dialog = page.get_by_role("dialog")
    name = dialog.get_by_label("Name", exact=True)

    def choose(folder: str) -> None:
        path = dialog.get_by_label("Path of the folder")
        path.fill(str(tmp_path / folder))
        path.press("Enter")
        expect(dialog.locator(".x-crumbs [aria-current]")).to_have_text(folder)
        dialog.get_by_role("button", name="Use this folder").click()

    choose("birds")
    expect(name).to_have_value("birds")
    dialog.get_by_role("button", name="Back").click()
    choose("boats")
    expect(name).to_have_value("boats")
    name.fill("Mine")
    dialog.get_by_role("button", name="Back").click()
    choose("birds")
    expect(name).to_have_value("Mine")


def test_a_run_is_paused_resumed_cancelled_and_taken_up_again(page: Page, tmp_path: Path):
    make(page, paint(tmp_path / "many", 60), profile="colours-slow")
    expect(run(page, "running").locator('[data-count="added"]')).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", re.compile(r"\d+"))
    expect(page.get_by_role("button", name="Look for changes")).to_be_disabled()
    page.get_by_role("button", name="Pause").press("Enter")
    expect(run(page, "paused")).to_be_visible()
    expect(page.get_by_role("button", name="Resume")).to_be_focused()
    page.wait_for_timeout(2000)  # for the batch in hand
    held = run(page).locator('[data-count="added"] b').inner_text()
    page.wait_for_timeout(1000)
    assert run(page).locator('[data-count="added"] b').inner_text() == held
    page.get_by_role("button", name="Resume").press("Enter")
    expect(run(page, "running")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(run(page, "cancelled")).to_contain_text("can be searched")
    done = int(run(page).locator('[data-count="added"] b').inner_text())
    assert 0 < done < 60
    page.get_by_role("button", name="Take it up again").click()
    ended(page, f"{60 - done} added")
    expect(page.locator('.x-sheet .x-stat[data-m="image"] b')).to_have_text("60")
    expect(page.locator("[data-live]")).to_contain_text("Done")


def test_a_reload_in_the_middle_of_a_run_finds_it_again(page: Page, tmp_path: Path):
    make(page, paint(tmp_path / "many", 60), profile="colours-slow")
    expect(run(page, "running").locator('[data-count="added"]')).to_be_visible()
    page.reload()
    expect(run(page, "running").locator('[data-count="added"]')).to_be_visible()
    page.goto("about:blank")
    time.sleep(0.5)
    page.go_back()
    ended(page, "60 added")


def test_what_is_committed_can_be_searched_while_the_run_goes_on(page: Page, tmp_path: Path):
    make(page, paint(tmp_path / "many", 150), profile="colours-slow")
    expect(run(page, "running").locator('[data-count="added"]')).to_be_visible()
    page.get_by_role("button", name="Search now").click()
    expect(page.locator("#x-search")).to_be_visible()
    page.locator("#x-search textarea").fill("red")
    page.locator("#x-search textarea").press("Enter")
    expect(page.locator("#x-search .x-card[data-id]").first).to_be_visible()
    expect(page.locator(".x-head .x-pill")).to_be_visible()
    page.get_by_role("link", name="Library").click()
    expect(run(page)).to_be_visible()


def test_failures_are_shown_with_reasons_and_retried(page: Page, tmp_path: Path):
    folder = paint(tmp_path / "pictures", 2)
    for name in ("one.png", "two.png"):
        (folder / name).write_bytes(b"")
    make(page, folder)
    ended(page, "2 failed")
    rows = page.locator(".x-fails li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("It is empty (0 bytes). Copy it again from its source.")
    good = (folder / "red-0000.png").read_bytes()
    (folder / "one.png").write_bytes(good)
    page.get_by_role("button", name="Try one.png again").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("two.png")
    page.get_by_role("button", name="Dismiss").click()
    expect(run(page)).to_be_hidden()
    (folder / "two.png").write_bytes(good)
    page.get_by_role("button", name="Try all again").click()
    expect(rows).to_have_count(0)
    expect(page.locator('.x-sheet .x-stat[data-m="image"] b')).to_have_text("4")


def test_during_its_first_run_a_library_tells_its_folder_and_what_failed(
    page: Page, tmp_path: Path
):
    folder = paint(tmp_path / "many", 60)
    for name in ("a.png", "b.png"):
        (folder / name).write_bytes(b"")
    make(page, folder, profile="colours-slow")
    expect(run(page, "running").locator('[data-count="added"]')).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(run(page, "paused").locator('[data-count="failed"] b')).to_have_text("2")
    expect(page.locator(".x-roots li")).to_contain_text("many")
    expect(page.locator(".x-lib-facts")).to_contain_text("Not gone through to the end yet")
    expect(page.locator(".x-fails li")).to_have_count(2)
    expect(run(page)).to_have_attribute("data-state", "paused")


def test_a_library_is_renamed_and_deleted(page: Page, home: Path, tmp_path: Path):
    folder = paint(tmp_path / "pictures", 2)
    make(page, folder, "Old")
    ended(page)
    dialog = menu(page, "Rename")
    dialog.get_by_label("Name").fill("New & <b>better")
    dialog.get_by_role("button", name="Rename").click()
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be a library's name")
    dialog.get_by_label("Name").fill("New")
    dialog.get_by_label("Name").press("Enter")
    expect(page.get_by_role("heading", name="New", exact=True)).to_be_focused()
    assert Library.names(home) == ["New"]
    dialog = menu(page, "Delete")
    dialog.get_by_role("textbox").fill("new")
    dialog.get_by_role("button", name="Delete the library").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Type New to delete it")
    dialog.get_by_role("textbox").fill("New")
    dialog.get_by_role("button", name="Delete the library").click()
    expect(page.get_by_role("heading", name="Point XMR at a folder")).to_be_visible()
    assert Library.names(home) == []
    assert len(list(folder.iterdir())) == 2


def test_folders_are_added_moved_and_taken_out(page: Page, tmp_path: Path):
    make(page, paint(tmp_path / "first", 2), "Lib")
    ended(page)
    second = paint(tmp_path / "second", 6)
    page.get_by_role("button", name="Add a folder").click()
    dialog = page.get_by_role("dialog", name="Add a folder to Lib")
    dialog.get_by_label("Path of the folder").fill(str(second))
    dialog.get_by_role("button", name="Use this folder").click()
    expect(dialog.locator(".x-costs")).to_be_visible()
    dialog.get_by_role("button", name="Start indexing").click()
    expect(page.locator(".x-roots li")).to_have_count(2)
    expect(page.locator('.x-sheet .x-stat[data-m="image"] b')).to_have_text("8")
    moved = second.rename(tmp_path / "elsewhere")
    page.reload()
    expect(page.locator(".x-roots li[data-lost]")).to_contain_text("not there now")
    page.get_by_role("button", name="Say where second is now").click()
    dialog = page.get_by_role("dialog", name="Where is the folder now?")
    dialog.get_by_label("Path of the folder").fill(str(moved))
    dialog.get_by_role("button", name="It is here now").click()
    expect(page.locator(".x-roots")).to_contain_text(str(moved))
    ended(page, "8 unchanged")
    page.get_by_role("button", name="Take first out of the library").click()
    dialog = page.get_by_role("dialog", name="Take this folder out of the library?")
    expect(dialog).to_contain_text("not touched")
    dialog.get_by_role("button", name="Take it out").click()
    expect(page.locator(".x-roots li")).to_have_count(1)
    expect(page.locator('.x-sheet .x-stat[data-m="image"] b')).to_have_text("6")


def test_a_loss_is_accepted_only_when_asked(page: Page, tmp_path: Path):
    folder = paint(tmp_path / "pictures", 3)
    make(page, folder)
    ended(page)
    for picture in folder.iterdir():
        picture.unlink()
    page.get_by_role("button", name="Look for changes").click()
    ended(page, "nothing was marked as gone")
    expect(page.locator('.x-sheet .x-stat[data-m="image"] b')).to_have_text("3")
    run(page).get_by_role("button", name="Accept the loss").click()
    page.get_by_role("dialog").get_by_role("button", name="Accept the loss").click()
    ended(page, "3 missing")
    expect(page.locator('.x-sheet .x-stat[data-m="image"] b')).to_have_text("0")


def test_a_profile_is_fetched_with_progress_and_an_absent_one_is_refused(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    make(page, paint(tmp_path / "pictures", 3))
    ended(page)
    dialog = menu(page, "Change the profile")
    expect(dialog.locator('[name="profile"][value="colours"]')).to_be_checked()
    dialog.locator('[name="profile"][value="colours-far"]').check()
    dialog.get_by_role("button", name="Change the profile").click()
    told = dialog.locator('.x-note[data-kind="bad"]:visible')  # beside the profile, and once
    expect(told).to_have_count(1)
    expect(told).to_contain_text("which cannot be reached")
    dialog.locator('[name="profile"][value="colours-large"]').check()
    dialog.get_by_role("button", name="Change the profile").click()
    expect(run(page, "running")).to_contain_text(re.compile(r"Fetching the profile: .* of 5 MB"))
    ended(page)
    expect(page.locator(".x-lib-facts")).to_contain_text("colours-large")


@pytest.fixture
def damaged(home: Path, tmp_path: Path) -> None:
    with named.registered():
        indexed(home, paint(tmp_path / "many", 60)).close()
    damage(home / "lib")


def test_a_damaged_library_is_salvaged(damaged: None, page: Page):
    expect(page.locator(".x-lib-card")).to_contain_text("Damaged")
    page.get_by_role("button", name="Salvage what can be read").click()
    ended(page)
    expect(page.locator('.x-sheet .x-stat[data-m="image"] b')).to_have_text("60")


def test_two_tabs_show_their_own_libraries_and_the_same_run(page: Page, site: Site, tmp_path: Path):
    make(page, paint(tmp_path / "one", 2), "One")
    ended(page)
    make(page, paint(tmp_path / "many", 150), "Slow", profile="colours-slow")
    expect(run(page, "running").locator('[data-count="added"]')).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{site.url}#library/One")
    expect(other.get_by_role("heading", name="One", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Slow", exact=True)).to_be_visible()
    other.get_by_role("button", name=re.compile("^Slow")).click()
    expect(run(other, "running")).to_be_visible()
    other.get_by_role("button", name="Cancel").click()
    expect(run(page, "cancelled")).to_be_visible()
    expect(run(other, "cancelled")).to_be_visible()


def test_a_tab_that_is_looked_at_again_shows_what_another_one_did(
    page: Page, site: Site, tmp_path: Path
):
    make(page, paint(tmp_path / "many", 60), "Slow", profile="colours-slow")
    page.get_by_role("button", name="Cancel").click()
    expect(run(page, "cancelled")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{site.url}#library/Slow")
    other.get_by_role("button", name="Take it up again").click()
    expect(run(other, "running")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(run(page, "running")).to_be_visible()
    ended(page)
    dialog = menu(other, "Delete")
    dialog.get_by_role("textbox").fill("Slow")
    dialog.get_by_role("button", name="Delete the library").click()
    expect(dialog).to_have_count(0)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("heading", name="Point XMR at a folder")).to_be_visible()


def test_nothing_sticks_out_at_the_width_of_a_telephone(page: Page, tmp_path: Path):
    folder = paint(tmp_path / ("a-very-long-name-of-a-folder-" * 4), 2)
    (folder / ("b" * 200 + ".png")).write_bytes(b"")
    page.set_viewport_size({"width": 390, "height": 844})
    make(page, folder, "A library with quite a long name of its own")
    ended(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for part in (".x-sheet", ".x-fails", ".x-roots"):
        assert page.locator(part).evaluate("box => box.scrollWidth <= box.clientWidth"), part
    page.get_by_role("button", name="New library").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".x-crumbs [aria-current]")).to_be_visible()
    assert dialog.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_words_can_be_read_in_both_themes(page: Page, tmp_path: Path):
    folder = paint(tmp_path / "pictures", 2)
    (folder / "bad.png").write_bytes(b"")
    make(page, folder)
    ended(page)
    script = Path(__file__).with_name("contrast.js").read_text("utf-8")
    script = script.replace("#x-search", "#x-library").replace(".x-sr, ", "svg, .x-sr, ")
    for theme in ("light", "dark"):
        page.evaluate(f"XMR.theme('{theme}')")
        for _ in range(30):  # colours change gradually
            if not (pale := page.evaluate(script)):
                break
            page.wait_for_timeout(100)
        assert pale == []


def test_a_folder_is_indexed_with_the_built_in_profile_and_searched(page: Page, tmp_path: Path):
    folder = paint(tmp_path / "pictures", 3)
    (folder / "bicycle.txt").write_text("A red bicycle leans against a wall.")
    make(page, folder, profile="embedded")
    expect(run(page, "done")).to_contain_text("4 added", timeout=120_000)
    page.get_by_role("button", name="Search it").click()
    expect(page.locator("#x-search")).to_be_visible()
    assert page.evaluate("XMR.library.chosen") == ["pictures"]
    page.locator("#x-search textarea").fill("a bike")
    page.locator("#x-search textarea").press("Enter")
    card = page.locator("#x-search .x-card[data-m=text]")
    expect(card).to_contain_text("bicycle", timeout=60_000)


def test_names_of_folders_and_files_are_shown_and_never_run(page: Page, tmp_path: Path):
    nasty = paint(tmp_path / "media" / '<img src=x onerror="document.title=1">', 1)
    (nasty / "<img src=x onerror=document.title=2>.png").write_bytes(b"")
    page.locator('.x-lib-empty [data-do="new"]').click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Path of the folder").fill(str(tmp_path / "media"))
    dialog.get_by_role("button", name="Go there").click()
    row = dialog.locator(".x-folders button", has_text="<img src=x")
    expect(row).to_be_visible()
    row.click()
    expect(dialog.locator(".x-crumbs [aria-current]")).to_have_text(nasty.name)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    make(page, nasty, "Nasty")
    ended(page, "1 failed")
    expect(page.locator(".x-fails")).to_contain_text("<img src=x")
    assert page.locator("#x-library img").count() == 0
    assert page.title().startswith("XMR")


def test_what_is_half_written_outlives_the_end_of_a_run(page: Page, tmp_path: Path):
    make(page, paint(tmp_path / "many", 40), profile="colours-slow")
    expect(run(page, "running")).to_be_visible()
    page.locator("#x-library").get_by_text("Leave files out by a pattern").click()
    page.locator("#x-library textarea").fill("drafts/")
    ended(page)
    expect(page.locator('.x-sheet .x-stat[data-m="image"] b')).to_have_text("40")
    expect(page.locator("#x-library textarea")).to_be_visible()
    expect(page.locator("#x-library textarea")).to_have_value("drafts/")
    page.get_by_role("button", name="Keep, and use them from the next run").click()
    expect(page.get_by_text("Left out: drafts/")).to_be_visible()


def test_what_a_watch_finds_is_seen_on_the_page(page: Page, tmp_path: Path):
    folder = paint(tmp_path / "pictures", 2)
    make(page, folder)
    ended(page)
    page.get_by_role("switch", name="Watch for changes").click()
    expect(page.get_by_role("switch", name="Watch for changes")).to_be_checked()
    page.wait_for_timeout(3000)  # for the watch to begin
    paint(folder / "more", 3)
    expect(page.locator('.x-sheet .x-stat[data-m="image"] b')).to_have_text("5", timeout=30_000)
