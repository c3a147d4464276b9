"""The same in another medium, and what the Search page says to whom it does not understand."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import ask, cards, drop, settled, titles

pytestmark = [pytest.mark.e2e]


def dropped(page: Page, file: Path) -> None:
    drop(page, file)
    expect(page.locator(".x-chip").filter(has_text=file.name)).to_be_visible(timeout=60_000)
    settled(page)


def test_the_sound_of_a_picture_is_one_press_away_and_one_back(page: Page, things: Path):
    dropped(page, things / "media/music/violin.jpg")
    expect(cards(page).first).to_be_visible(timeout=60_000)
    button = page.locator(".x-offer").get_by_role("button", name="sound")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    settled(page)
    assert titles(page)[0] == "violin.wav" and len(titles(page)) > 3
    assert titles(page) == titles(page, "audio")
    first = cards(page).first
    expect(first.locator(".x-said")).to_contain_text("same name as")
    expect(first.locator(".x-said")).to_contain_text("violin.jpg")
    expect(cards(page).nth(1).locator(".x-said")).to_have_count(0)
    first.hover()
    first.get_by_role("button", name="Why did this match?").click()
    told = page.locator('#x-why [data-part="score"]')
    expect(told).to_contain_text("for what it is to an item of the query", timeout=60_000)
    page.go_back()
    settled(page)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    settled(page)
    assert set(titles(page)) > set(titles(page, "audio"))


def test_a_file_that_joins_a_query_may_take_its_place(page: Page, things: Path):
    ask(page, "a violin")
    dropped(page, things / "media/cats/chelsea-the-cat.jpg")
    title = page.locator('#x-search [data-part="title"]')
    expect(title).to_have_text("a violin + chelsea-the-cat.jpg", timeout=60_000)
    page.get_by_role("button", name="Search with it alone").click()
    expect(title).to_have_text("chelsea-the-cat.jpg", timeout=60_000)
    expect(page.get_by_label("What to look for")).to_have_value("")
    expect(page.locator(".x-chip")).to_have_count(1)
    page.get_by_role("button", name="Remove picture").click()
    dropped(page, things / "media/cats/cat-face.jpg")  # nothing is there that it would join
    expect(page.get_by_role("button", name="Search with it alone")).to_have_count(0)


def test_a_query_of_nothing_and_a_field_that_is_none_are_told(page: Page):
    box = page.get_by_label("What to look for")
    box.press("Enter")
    messages = page.get_by_role("region", name="Messages")
    expect(messages).to_contain_text("There is nothing to look for yet.")
    expect(box).to_be_focused()
    ask(page, "colour:red")
    expect(messages).to_contain_text("There is no field “colour”.")
    expect(messages).to_contain_text("written, spoken")
    assert titles(page)


def test_a_minus_before_quotes_leaves_out_what_holds_the_words(page: Page):
    ask(page, "cat")
    assert "chelsea-the-cat.jpg" in titles(page)
    box = page.get_by_label("What to look for")
    box.fill('cat -"chelsea"')
    box.press("Enter")
    title = page.locator('#x-search [data-part="title"]')
    expect(title).to_have_text(re.compile("cat .*chelsea"), timeout=60_000)
    settled(page)
    assert "cat-face.jpg" in titles(page) and "chelsea-the-cat.jpg" not in titles(page)
