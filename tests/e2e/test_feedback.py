"""Likes and dislikes on the Search page, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import ask, cards, settled, titles

pytestmark = [pytest.mark.e2e]


def mark(page: Page, number: int, thumb: str) -> None:
    cards(page).nth(number).locator(f'[data-do="{thumb}"]').click()


def test_marks_refine_a_search_step_by_step_and_back(page: Page):
    ask(page, "music")
    bar = page.locator('[data-part="marks"]')
    expect(bar).to_be_hidden()
    first = titles(page)
    mark(page, 0, "bad")
    mark(page, 5, "good")
    expect(bar).to_contain_text("1 liked, 1 disliked")
    page.get_by_role("button", name="Refine").click()
    expect(page.locator('[data-part="marks-told"]')).to_contain_text("The query moved")
    settled(page)
    second = titles(page)
    assert second.index(first[5]) < 5 and second != first
    expect(page.locator(".x-moved").first).to_contain_text(re.compile("▲|▼|new"))
    liked = page.locator('.x-card [data-do="good"][aria-pressed="true"]')
    expect(liked).to_have_count(1)
    bar.get_by_role("button", name="Undo").click()
    expect(page.locator('[data-part="marks-told"]')).to_be_empty()
    settled(page)
    assert titles(page) == first


def test_marks_are_set_by_keys_and_stay_while_another_page_is_looked_at(page: Page):
    ask(page, "music")
    cards(page).first.locator(".x-open").focus()
    page.keyboard.press("l")
    expect(page.locator('[data-part="marks"]')).to_contain_text("1 liked, 0 disliked")
    page.keyboard.press("d")
    expect(page.locator('[data-part="marks"]')).to_contain_text("0 liked, 1 disliked")
    page.get_by_role("link", name="Map").click()
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page.locator('[data-part="marks"]')).to_contain_text("0 liked, 1 disliked")
    ask(page, "rain")
    expect(page.locator('[data-part="marks"]')).to_be_hidden()


def test_a_refined_search_is_kept_as_a_concept_and_used_as_a_term(page: Page):
    ask(page, "music")
    mark(page, 2, "good")
    page.get_by_role("button", name="Save as a concept").click()
    # after what it is not, so that its words alone would find something else
    page.get_by_role("dialog").get_by_label("Name").fill("thunder <i>")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("thunder <i> is saved.")).to_be_visible()
    page.get_by_label("What to look for").fill("")
    page.get_by_label("Earlier and saved searches").first.click()
    page.locator('[data-concept="use"]').click()
    expect(page.locator('[data-part="title"]')).to_have_text("thunder <i>")
    expect(page.locator(".x-chip")).to_contain_text("thunder <i>")
    settled(page)
    expect(cards(page).first.locator(".x-where")).to_contain_text("media/music")
    page.get_by_label("Earlier and saved searches").first.click()
    page.locator('[data-concept="forget"]').click()
    expect(page.locator('[data-concept="use"]')).to_have_count(0)
