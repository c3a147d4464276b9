"""For everybody: keys, themes, narrow windows, screen readers; and nothing from elsewhere."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import READY, opened, serving
from tests.e2e.steps import ask, cards, settled
from xmr_core.library import Library

pytestmark = [pytest.mark.e2e]

NARROW = {"width": 390, "height": 844}
CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")


def test_keys_lead_from_the_box_through_the_cards_and_back(page: Page):
    page.locator("body").press("/")
    box = page.get_by_label("What to look for")
    expect(box).to_be_focused()
    page.keyboard.type("cat")
    page.keyboard.press("Enter")
    expect(cards(page).first).to_be_visible(timeout=60_000)
    settled(page)
    page.keyboard.press("ArrowDown")
    expect(cards(page).nth(0).locator(".x-open")).to_be_focused()
    page.keyboard.press("ArrowRight")
    second = cards(page).nth(1)
    expect(second.locator(".x-open")).to_be_focused()
    assert second.evaluate("c => getComputedStyle(c).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("h2")).to_have_text(second.get_attribute("data-title") or "")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(second.locator(".x-open")).to_be_focused()
    page.keyboard.press("+")
    expect(page.locator(".x-chip")).to_have_count(1)
    settled(page)
    page.locator("body").press("?")
    expect(page.get_by_role("dialog")).to_contain_text("more like this")


def test_names_are_text_and_never_html(browser: Browser, things: Path, tmp_path: Path):
    media = tmp_path / "media"
    media.mkdir()
    evil = '<img src=x onerror="window.hurt=1">.txt'
    (media / evil).write_text('<script>window.hurt=1</script> "quoted" & a cat', "utf-8")
    with Library.create("evil", home=tmp_path / "indexes") as library:
        for _ in library.index(media):
            pass
    with serving(tmp_path, "--library", "evil") as url, opened(browser, url) as page:
        ask(page, "a cat <img src=x onerror='window.hurt=1'>")
        expect(cards(page).locator(".x-open")).to_have_text(evil)
        cards(page).locator('.x-tool[data-do="like"]').click()
        expect(page.locator(".x-chip")).to_contain_text(evil)
        settled(page)
        page.get_by_role("button", name="Remove text").click()
        settled(page)
        cards(page).locator(".x-open").click()
        expect(page.get_by_role("dialog").locator("h2")).to_have_text(evil)
        page.keyboard.press("Escape")
        page.locator('[data-part="searches"] summary').click()
        expect(page.locator('[data-part="searches-panel"] li').first).to_be_visible()
        assert page.evaluate("window.hurt") is None


def test_a_text_that_turns_the_direction_of_writing_turns_nothing_else_on_its_card(
    browser: Browser, tmp_path: Path
):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "cats.txt").write_text("A \u202ecat\nsits here.", "utf-8")
    with Library.create("turned", home=tmp_path / "indexes") as library:
        for _ in library.index(tmp_path / "media"):
            pass
    with serving(tmp_path, "--library", "turned") as url, opened(browser, url) as page:
        ask(page, "a mouse")
        left = """(passage, word) => {
            const range = document.createRange(), text = passage.firstChild;
            range.setStart(text, text.data.indexOf(word));
            range.setEnd(text, text.data.indexOf(word) + word.length);
            return range.getBoundingClientRect().left;
        }"""
        passage = cards(page).locator(".x-passage")
        assert passage.evaluate(left, "sits") < passage.evaluate(left, "here")
        name = cards(page).locator(".x-open")
        assert name.evaluate("name => getComputedStyle(name).unicodeBidi") == "isolate"


def test_without_a_library_the_page_offers_the_demo_and_the_library_page(
    browser: Browser, tmp_path: Path
):
    with serving(tmp_path) as url, opened(browser, url) as page:
        empty = page.locator("#x-search .x-empty")
        expect(empty).to_contain_text("no library yet")
        expect(empty.get_by_role("button", name="Build the demo")).to_be_enabled()
        page.get_by_label("What to look for").fill("a cat")
        page.keyboard.press("Enter")
        expect(page.locator(".x-toasts")).to_contain_text("No library is chosen")
        empty.get_by_role("link", name="Add a folder").click()
        expect(page.locator("#x-library .x-lib")).to_be_visible()
        expect(page.locator("#x-search .x-search")).not_to_be_visible()
        page.go_back()
        empty.get_by_role("button", name="Build the demo").click()
        expect(empty.get_by_role("progressbar")).to_be_visible()
        expect(empty).to_contain_text(re.compile(r"\d+ of \d+"))
        expect(page.locator(".x-head .x-pill")).to_contain_text(re.compile(r"demo: \d+ %"))


def test_the_theme_follows_the_system_until_one_is_chosen(browser: Browser, address: str):
    with opened(browser, address, color_scheme="dark") as page:
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(map(int, re.findall(r"\d+", ground)[:3])) < 40
        page.emulate_media(color_scheme="light")
        expect(page.locator("html")).to_have_attribute("data-theme", "light")
        button = page.get_by_role("button", name="Theme")
        button.click()
        button.click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read_in_both_themes(browser: Browser, address: str, scheme: str):
    with opened(browser, address, color_scheme=scheme) as page:
        ask(page, "a violin")
        cards(page).first.get_by_role("button", name="Add to the query").click()
        settled(page)
        page.locator('[data-part="filters"] summary').click()
        assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_holds_everything(browser: Browser, address: str, scheme: str):
    with opened(
        browser,
        address,
        viewport={"width": 390, "height": 844},
        color_scheme=scheme,
        has_touch=True,
    ) as page:
        ask(page, "a violin in the rain")
        wide = "document.documentElement.scrollWidth"
        assert page.evaluate(wide) <= 390
        for name in ("libraries", "filters", "searches"):
            page.locator(f'[data-part="{name}"] > summary').tap()
            area = page.locator(f'[data-part="{name}-panel"]').bounding_box()
            assert area
            assert area["x"] >= 0
            assert area["x"] + area["width"] <= 390
            page.keyboard.press("Escape")
        cards(page, "image").first.locator(".x-open").tap()
        dialog = page.get_by_role("dialog")
        area = dialog.bounding_box()
        assert area
        assert area["width"] <= 390
        page.keyboard.press("Escape")
        page.get_by_role("button", name="A column for each medium").tap()
        expect(page.locator(".x-column").first).to_be_visible()
        assert page.evaluate(wide) <= 390
        small = page.locator("#x-search button:visible").evaluate_all(
            """all => all.filter((b) => Math.min(b.clientWidth, b.clientHeight) < 24)
                .map((b) => b.outerHTML.slice(0, 80))"""
        )
        assert small == []


def test_a_whole_text_among_the_earlier_searches_leaves_the_ways_to_forget_in_reach(
    browser: Browser, address: str
):
    with opened(browser, address, viewport=NARROW) as page:
        ask(page, "thunder")
        page.get_by_label("What to look for").fill("waves at sea " * 100)
        page.keyboard.press("Enter")
        expect(page.locator('[data-part="title"]')).to_contain_text("waves", timeout=60_000)
        settled(page)
        page.locator('[data-part="searches"] > summary').click()
        lists = page.locator('[data-part="searches-panel"] ul')
        expect(lists.get_by_role("button", name="Forget waves at sea")).to_be_in_viewport()
        assert lists.first.evaluate("list => list.scrollWidth <= list.clientWidth")
        lists.get_by_role("button", name="Forget waves at sea").click()
        expect(lists.last).not_to_contain_text("waves at sea")


def test_motion_is_left_out_for_those_who_ask(browser: Browser, address: str):
    with opened(browser, address, reduced_motion="reduce") as page:
        ask(page, "cat")
        longest = page.evaluate(
            """() => Math.max(...[...document.querySelectorAll(".x, .x *")].map((n) =>
                parseFloat(getComputedStyle(n).transitionDuration) || 0))"""
        )
        assert longest <= 0.001


def test_every_control_has_a_name_for_screen_readers(page: Page):
    ask(page, "cat")
    nameless = (
        page.locator("#x-head, #x-search")
        .locator("button:visible, summary:visible, input:visible, select:visible, a:visible")
        .evaluate_all(
            """all => all.filter(
            (n) => !(n.ariaLabel || n.title || n.innerText.trim() || n.labels?.length))
            .map((n) => n.outerHTML.slice(0, 100))"""
        )
    )
    assert nameless == []
    assert page.locator("#x-search img:not([alt])").count() == 0
    assert page.locator("main").count() == 1
    page.keyboard.press("Tab")


def test_the_page_asks_no_other_machine_for_anything(browser: Browser, address: str):
    asked: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_selector(READY)
    ask(page, "cat")
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.parametrize("narrow", [False, True])
def test_the_header_stays_in_view_however_far_one_scrolls(
    browser: Browser, address: str, narrow: bool
):
    options = {"viewport": NARROW} if narrow else {}
    with opened(browser, address, **options) as page:
        ask(page, "cat")
        page.evaluate("scrollTo(0, 600)")
        page.wait_for_function("scrollY > 300")
        assert page.locator(".x-head").evaluate("head => head.getBoundingClientRect().y") == 0


def test_a_toast_lies_in_its_corner_and_can_be_put_away(browser: Browser, address: str):
    with opened(browser, address, viewport=NARROW) as page:
        page.evaluate("XMR.toast('bad', 'It is gone.', '/a' + '/very-long-name'.repeat(20))")
        toast = page.get_by_role("alert").filter(has_text="It is gone.")
        area = toast.bounding_box()
        assert area is not None
        assert area["x"] >= 0
        assert area["x"] + area["width"] <= NARROW["width"]
        assert area["y"] + area["height"] == pytest.approx(NARROW["height"] - 16, abs=2)
        frame = page.locator(".x-toasts").evaluate("box => getComputedStyle(box).borderStyle")
        assert frame == "none"
        toast.get_by_role("button", name="Dismiss").click()
        expect(toast).to_have_count(0)
