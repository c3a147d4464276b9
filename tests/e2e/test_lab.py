"""The Lab page in a real browser: methods are fitted, looked into, and a lesson is taken."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.e2e]
LONG = 120_000  # ms: torch and scikit-learn are imported by the first fit


@pytest.fixture
def lab(page: Page) -> Locator:
    page.evaluate("location.hash = 'lab'")
    root = page.locator("#x-lab")
    expect(root.locator(".x-lab-method input").first).to_be_visible(timeout=LONG)
    return root


def fit(root: Locator, *methods: str) -> None:
    root.locator('[data-do="none"]').click()
    for name in methods:
        root.locator(f'.x-lab-method input[value="{name}"]').check()
    root.locator('[data-do="fit"]').click()
    expect(root.locator(".x-lab-table tbody tr")).to_have_count(len(methods), timeout=LONG)
    expect(root.locator('[data-part="job"]')).to_be_hidden(timeout=LONG)


def test_methods_are_fitted_compared_and_sorted(lab: Locator, page: Page):
    expect(lab.get_by_text("Nothing is fitted yet")).to_be_visible()
    fit(lab, "cca", "sm")
    rows = lab.locator(".x-lab-table tbody th")
    expect(rows.first).to_contain_text("Canonical correlation analysis")
    lab.locator('[data-do="sort"]').first.click()
    expect(rows.first).to_contain_text("Semantic matching")
    expect(lab.locator(".x-lab-table [data-best]").first).to_be_visible()
    lab.get_by_role("button", name="Own partner").click()
    expect(lab.locator(".x-lab-table th", has_text="R@1").first).to_be_visible()
    expect(rows.first).to_contain_text("Canonical correlation analysis")  # no order was asked for
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_was_fitted_is_there_after_a_reload(lab: Locator, page: Page):
    fit(lab, "cca")
    page.reload()
    expect(page.locator("#x-lab .x-lab-table tbody tr")).to_have_count(1, timeout=LONG)


def test_columns_join_the_same_answers_and_bits_move_the_numbers(lab: Locator):
    fit(lab, "cca", "pls")
    columns = lab.locator(".x-lab-column")
    expect(columns).to_have_count(2, timeout=LONG)
    expect(lab.locator(".x-lab-shifts path").first).to_be_attached()
    first = columns.first.locator("li").first
    before = lab.locator('[data-part="columns-body"] > p').inner_text()
    lab.locator('[data-do="source"][data-value="image"]').click()
    expect(lab.locator('[data-part="columns-body"] > p')).not_to_have_text(before, timeout=LONG)
    first.hover()
    expect(lab.locator(".x-lab-column li[data-same]").first).to_be_visible()
    slider = lab.locator('[data-do="bits"]')
    expect(slider).to_be_visible(timeout=LONG)
    numbers = lab.locator(".x-lab-numbers")
    told = numbers.inner_text()
    slider.focus()
    slider.press("End")
    expect(numbers).not_to_have_text(told)
    expect(numbers).to_contain_text("1 bytes an item")
    expect(lab.locator('[data-part="how"]')).to_have_text("8 bits")


def test_points_of_both_media_come_together(lab: Locator):
    fit(lab, "cca")

    def length(figure: int) -> float:
        lines = lab.locator(".x-lab-pair figure svg").nth(figure).locator(".x-chart-pairs line")
        return float(
            lines.evaluate_all(
                """all => all.map(l => Math.hypot(l.x1.baseVal.value - l.x2.baseVal.value,
                    l.y1.baseVal.value - l.y2.baseVal.value)).reduce((a, b) => a + b, 0)"""
            )
        )

    planes = lab.locator('[data-part="planes-body"] figure')
    expect(planes).to_have_count(2, timeout=LONG)
    first = lab.locator('[data-part="curves-body"] figure').count()
    assert length(first + 1) < 0.5 * length(first)


def test_a_lesson_leads_to_its_question_and_says_what_is_right(lab: Locator):
    lab.get_by_role("button", name="What metrics hide").click()
    card = lab.locator('[data-part="lesson"]')
    for _ in range(3):
        following = card.get_by_role("button", name="Next")
        expect(following).to_be_enabled(timeout=LONG)
        following.click()
    wrong, right = (
        card.locator('[data-do="choice"]').nth(0),
        card.locator('[data-do="choice"]').nth(1),
    )
    wrong.click()
    expect(card).to_contain_text("Look again")
    right.click()
    expect(card).to_contain_text(re.compile("Right"))
    card.get_by_role("button", name="Leave the lesson").click()
    expect(card).to_be_hidden()


def test_data_that_is_not_there_says_where_to_get_it(lab: Locator):
    data = lab.locator('[data-part="data"]')
    missing = data.locator("option", has_text="files missing")
    if not missing.count():
        pytest.skip("all benchmarks are on this machine")
    data.select_option(missing.first.get_attribute("value"))
    expect(lab.locator('[data-part="where"]')).not_to_be_empty()
    expect(lab.locator('[data-do="fit"]')).to_be_disabled()
