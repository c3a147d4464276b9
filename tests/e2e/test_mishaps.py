"""What a hasty visitor does on the Search page, and what goes wrong without anybody's fault."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import opened
from tests.e2e.site import Site
from tests.e2e.steps import ask, cards, drop, settled
from tests.library.steps import paint
from xmr_core.library import Library

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def keep_first(page: Page, name: str) -> None:
    """Put the first result into a new collection, with two presses where one is enough."""
    cards(page).first.locator("summary").last.click()
    cards(page).first.get_by_text("Keep …").click()
    page.get_by_label("A new collection").fill(name)
    page.get_by_role("button", name="Make it").dblclick()
    expect(page.locator(".x-toasts")).to_contain_text(f"Kept in {name}.")


def test_two_presses_keep_and_save_once(page: Page) -> None:
    ask(page, "a cat")
    keep_first(page, "Once")
    page.get_by_role("button", name="Save this search").click()
    page.get_by_role("button", name="Save", exact=True).dblclick()
    expect(page.locator(".x-toasts")).to_contain_text("Saved.")
    settled(page)
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".x-toasts")).not_to_contain_text("already")


def test_a_long_name_of_a_collection_leaves_the_dialog_its_width(page: Page) -> None:
    ask(page, "a violin")
    keep_first(page, "W" * 90)
    cards(page).first.locator(".x-open").click()
    side = page.locator("dialog .x-side")
    expect(side.locator(".x-tag", has_text="WWW")).to_be_visible()
    assert side.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_words_that_nothing_holds_are_named_as_the_reason(page: Page) -> None:
    page.get_by_label("What to look for").fill('"qzxqzx"')
    page.keyboard.press("Enter")
    expect(page.locator('[data-part="banner"]')).to_contain_text(
        "No item holds the words", timeout=60_000
    )


def test_a_picture_that_finds_nothing_is_told_to_take_a_word_along(
    page: Page, tmp_path: Path
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    page.locator('.x-target[data-m="video"]').click()
    drop(page, tmp_path / "noise.png")
    expect(page.locator('[data-part="title"]')).to_have_text("noise.png", timeout=60_000)
    expect(page.locator('[data-part="banner"]')).to_contain_text("Add a word")
    page.get_by_label("What to look for").fill("qzxqzx")
    page.keyboard.press("Enter")
    expect(page.locator('[data-part="title"]')).to_contain_text("qzxqzx")
    settled(page)
    expect(page.locator('[data-part="banner"]')).not_to_contain_text("Add a word")


def test_the_moment_that_matched_is_in_view_and_the_one_that_plays_is_told(page: Page) -> None:
    page.add_style_tag(content=".x-parts { max-height: 20px !important; width: 60px; }")
    ask(page, "rain over the hills")
    cards(page, "video").filter(has_text="rain-over-the-hills").locator(".x-open").click()
    moments = page.locator(".x-parts [data-do='seek']")
    expect(moments.last).to_be_visible()
    found = page.locator(".x-parts [data-found]")
    below, height = found.evaluate(
        "e => [e.getBoundingClientRect().top - e.parentElement.getBoundingClientRect().top,"
        " e.parentElement.clientHeight]"
    )
    assert -height < below < height
    moments.last.click()
    expect(moments.last).to_have_attribute("aria-current", "true")
    expect(page.locator(".x-parts [aria-current]")).to_have_count(1)


def test_earlier_searches_say_which_media_they_looked_for(page: Page) -> None:
    page.locator('.x-target[data-m="audio"]').click()
    ask(page, "thunder")
    page.locator('[data-part="searches"] > summary').click()
    expect(page.locator('[data-do="recall"]', has_text="thunder").first).to_contain_text("Sounds")


def test_the_bars_of_all_cards_have_one_measure_and_what_turns_is_round(page: Page) -> None:
    ask(page, "a cat")
    expect(cards(page).nth(12)).to_be_visible()
    widths = page.locator(".x-strength > span:first-child").evaluate_all(
        "all => all.map((bar) => Math.round(bar.getBoundingClientRect().width))"
    )
    assert max(widths) - min(widths) <= 1
    spin = page.evaluate(
        """() => {
            const line = document.querySelector("#x-search .x-search").appendChild(
                XMR.make('<p><span class="x-spin"></span> Looking</p>'));
            const area = line.firstElementChild;
            return [area.offsetWidth, area.offsetHeight];
        }"""
    )
    assert spin == [20, 20] or spin == [16, 16]


def test_a_library_that_goes_while_it_is_searched_leaves_the_others(
    site: Site, browser: Browser, home: Path, tmp_path: Path
) -> None:
    for name in ("gone", "stays"):
        with Library.create(name, "colours", home) as library:
            for _ in library.index(paint(tmp_path / name, 1)):
                pass
    with opened(browser, site.url) as page:
        page.evaluate("XMR.library.choose(['gone'])")
        page.get_by_label("What to look for").fill("red")
        page.keyboard.press("Enter")
        expect(cards(page)).to_have_count(1)
        with Library.open("gone", home=home) as library:
            library.delete()
        page.keyboard.press("Enter")
        banner = page.locator('[data-part="banner"]')
        expect(banner).to_contain_text("There is no library 'gone'.")
        expect(page.locator('[data-part="libraries-text"]')).to_have_text("stays")
        expect(page.locator(".x-offer")).to_have_count(0)
        assert banner.evaluate("e => parseFloat(getComputedStyle(e).marginTop)") > 10
        banner.get_by_role("button", name="Try again").click()
        expect(cards(page)).to_have_count(1)
