"""Quick hands on a slow machine: what was pressed is what happens."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import named
from tests.library.steps import indexed, paint

pytestmark = [pytest.mark.e2e]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two libraries."""
    folder = tmp_path / "libraries"
    folder.mkdir()
    with named.registered():
        for name in ("One", "Two"):
            with indexed(folder, paint(tmp_path / name, 2)) as library:
                library.rename(name)
    return folder


@pytest.fixture
def page(library_page: Page) -> Page:
    expect(library_page.get_by_role("heading", name="One", exact=True)).to_be_visible()
    return library_page


def slow(page: Page, milliseconds: int) -> None:
    """Let every answer of the server take its time."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": milliseconds,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        },
    )


def centre(target: Locator) -> tuple[float, float]:
    area = target.bounding_box()
    assert area is not None
    return area["x"] + area["width"] / 2, area["y"] + area["height"] / 2


@pytest.fixture
def picker(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Locator:
    """The dialog of a new library, at a home with folders, the first with one in it."""
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    for folder in ("alpha/inner", "beta", "gamma"):
        (tmp_path / "me" / folder).mkdir(parents=True)
    page.locator('[data-do="new"]:visible').first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".x-folders").get_by_role("button", name="gamma")).to_be_visible()
    return dialog


def test_the_folder_that_was_clicked_is_used_though_its_answer_is_still_on_the_way(
    page: Page, picker: Locator, tmp_path: Path
):
    slow(page, 500)
    folder = centre(picker.locator(".x-folders").get_by_role("button", name="beta"))
    use = centre(picker.get_by_role("button", name="Use this folder"))
    page.mouse.click(*folder)
    page.mouse.click(*use)
    expect(picker.get_by_label("Name", exact=True)).to_have_value("beta")
    picker.get_by_role("button", name="Back").click()
    expect(picker.get_by_label("Path of the folder")).to_have_value(str(tmp_path / "me" / "beta"))


def test_a_folder_that_cannot_be_opened_is_not_used_in_a_hurry(
    page: Page, picker: Locator, tmp_path: Path
):
    (tmp_path / "me" / "beta").rmdir()
    slow(page, 500)
    folder = centre(picker.locator(".x-folders").get_by_role("button", name="beta"))
    use = centre(picker.get_by_role("button", name="Use this folder"))
    page.mouse.click(*folder)
    page.mouse.click(*use)
    expect(picker.get_by_role("alert").first).to_contain_text("There is no folder")
    expect(picker.get_by_label("Path of the folder")).to_be_visible()


def test_a_path_that_is_pasted_takes_the_place_of_the_one_that_has_just_come(
    page: Page, picker: Locator, tmp_path: Path
):
    field = picker.get_by_label("Path of the folder")
    expect(field).to_be_focused()
    expect(field).to_have_value(str(tmp_path / "me"))
    page.keyboard.insert_text(str(tmp_path / "me" / "gamma"))
    page.keyboard.press("Enter")
    expect(picker.locator(".x-crumbs [aria-current]")).to_have_text("gamma")


def test_a_double_click_opens_one_folder_and_not_the_one_that_appears_in_its_place(
    page: Page, picker: Locator
):
    here = picker.locator(".x-crumbs [aria-current]")
    page.mouse.move(*centre(picker.locator(".x-folders").get_by_role("button", name="alpha")))
    page.mouse.down(click_count=1)
    page.mouse.up(click_count=1)
    expect(here).to_have_text("alpha")
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    page.wait_for_timeout(500)
    expect(here).to_have_text("alpha")


@pytest.mark.parametrize("target", ['.x-lib-card[data-library="Two"]', ".x-left-out summary"])
def test_a_press_that_lasts_while_everything_is_drawn_anew_is_not_lost(page: Page, target: str):
    page.mouse.move(*centre(page.locator(target)))
    page.mouse.down()
    with page.expect_response("**/call/library-shelf"), page.expect_response("**/call/library"):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".x-lib-sheet")).not_to_have_attribute("aria-busy", "true")
    page.mouse.up()
    if "card" in target:
        expect(page.get_by_role("heading", name="Two", exact=True)).to_be_visible()
    else:
        expect(page.locator(".x-left-out")).to_have_attribute("open", "")


def test_the_card_that_is_marked_is_the_one_that_was_chosen_last(page: Page):
    slow(page, 300)
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # asks for all, while One is shown
    page.locator('.x-lib-card[data-library="Two"]').click()
    expect(page.get_by_role("heading", name="Two", exact=True)).to_be_visible()
    page.wait_for_timeout(1500)
    expect(page.locator(".x-lib-card[aria-current]")).to_contain_text("Two")
    expect(page.get_by_role("heading", name="Two", exact=True)).to_be_visible()


def test_a_redraw_keeps_what_stays_and_ends_as_the_html_says(page: Page):
    kept = page.evaluate(
        """() => {
            const place = document.createElement("div");
            document.body.append(place);
            place.innerHTML = `<ul><li data-key="a">A</li>
                <li data-key="b"><input><b class="x">B</b></li><li data-key="c">C</li></ul>
                <details open><summary>S</summary>old</details>
                <label><input type="checkbox" checked></label><p data-keep="run">mine</p>`;
            const find = (what) => place.querySelector(what);
            const [b, fold] = [find("[data-key=b]"), find("details")];
            b.querySelector("input").value = "half written";
            b.querySelector("input").focus();
            place.querySelector("[type=checkbox]").checked = true;
            const wanted = `<ul><li data-key="d">D</li>
                <li data-key="b"><input><b title="t">BB</b></li>
                <li data-key="a" class="y">A</li></ul><details><summary>S</summary>new</details>
                <label><input type="checkbox"></label><p data-keep="run"></p>`;
            XMR.redraw(place, wanted);
            const told = {
                same: find("[data-key=b]") === b && find("details") === fold,
                focus: document.activeElement === b.querySelector("input"),
                written: b.querySelector("input").value,
                open: fold.open, fold: fold.lastChild.data,
                ticked: place.querySelector("[type=checkbox]").checked,
                mine: place.querySelector("p").textContent,
                list: place.querySelector("ul").outerHTML.replace(/\\s+/g, " "),
            };
            place.remove();
            return told;
        }"""
    )
    assert kept == {
        "same": True,
        "focus": True,
        "written": "half written",
        "open": True,
        "fold": "new",
        "ticked": False,
        "mine": "mine",
        "list": '<ul><li data-key="d">D</li> <li data-key="b"><input><b title="t">BB</b></li> '
        '<li data-key="a" class="y">A</li></ul>',
    }
