"""The Lab page in a real browser: methods are fitted, looked into, and a lesson is taken."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import opened, serving

pytestmark = [pytest.mark.e2e]
CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8").replace("search", "lab")
LONG = 120_000  # ms: torch and scikit-learn are imported by the first fit


@pytest.fixture
def lab(page: Page) -> Locator:
    return shown(page)


def shown(page: Page) -> Locator:
    page.evaluate("location.hash = 'lab'")
    root = page.locator("#x-lab")
    expect(root.locator(".x-lab-method input").first).to_be_attached(timeout=LONG)
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
    expect(numbers).to_contain_text("1 byte an item")
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


def test_a_library_with_too_few_pairs_says_how_many_are_needed(lab: Locator):
    lab.locator('[data-part="data"]').select_option("library:things")
    expect(lab.locator('[data-part="where"]')).to_contain_text("20 or more are needed")
    lab.get_by_text("What counts as a pair?").click()
    expect(lab.locator('[data-part="what"]')).to_contain_text("the same name")
    expect(lab.locator('[data-do="fit"]')).to_be_disabled()
    matching = lab.locator(".x-lab-method", has_text="Semantic matching (SM)")
    expect(matching).to_contain_text("this data has no classes")
    expect(matching.locator("input")).to_be_disabled()
    lab.locator('[data-part="data"]').select_option("made-up")
    expect(matching.locator("input")).to_be_enabled()
    reranking = lab.locator(".x-lab-method", has_text="cross-attention")
    expect(reranking).to_contain_text("needs pictures with sentences")
    expect(lab.locator('[data-do="fit"]')).to_be_enabled()


def test_the_slider_can_be_dragged(lab: Locator, page: Page):
    fit(lab, "cca")
    slider = lab.locator('[data-do="bits"]')
    expect(slider).to_be_visible(timeout=LONG)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, middle)
    page.mouse.down()
    seen = []
    for share in (0.3, 0.6, 1.0):
        page.mouse.move(box["x"] + share * box["width"] - 8, middle, steps=3)
        seen.append(lab.locator('[data-part="how"]').inner_text())
    page.mouse.up()
    assert len(set(seen)) == 3 and seen[-1] == "8 bits"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_lab_holds_everything_and_can_be_read(browser: Browser, address: str, scheme: str):
    options = {"viewport": {"width": 390, "height": 844}, "color_scheme": scheme}
    with opened(browser, address, **options) as page:
        root = shown(page)
        expect(root.locator(".x-lab-method input").first).to_be_hidden()
        root.locator(".x-lab-methods summary").click()
        fit(root, "cca", "sm")
        expect(root.locator('[data-do="bits"]')).to_be_visible(timeout=LONG)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.mouse.move(0, 0)  # what is pointed at changes its colours
        page.wait_for_timeout(400)
        assert page.evaluate(CONTRAST) == []
        root.locator('[data-do="sort"]').first.press("Enter")
        sort = "document.activeElement.dataset.do"
        assert page.evaluate(sort) == "sort", "the focus stays where it was"


PICTURES = 150


@pytest.fixture
def captioned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server whose XMR_DATA holds a folder of pictures with captions; nothing is encoded yet."""
    folder = tmp_path / "data" / "folder"
    folder.mkdir(parents=True)
    rng = np.random.default_rng()  # others every time: the cache does not know them
    lines = ["path,caption1"]
    for i in range(PICTURES):
        small = rng.integers(0, 256, (9, 9, 3), dtype=np.uint8)
        PIL.Image.fromarray(small).resize((320, 320)).save(folder / f"{i}.png")
        lines.append(f"{i}.png,a thing of the colours {rng.integers(10**6)}")
    (folder / "manifest.csv").write_text("\n".join(lines), "utf-8")
    monkeypatch.setenv("XMR_DATA", str(folder.parent))
    with serving(tmp_path / "home") as url:
        yield url


def test_the_first_reading_of_media_tells_its_share_and_can_be_cancelled(
    browser: Browser, captioned: str
):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{captioned}#lab")
        root = page.locator("#x-lab")
        expect(root.locator(".x-lab-method input").first).to_be_visible(timeout=LONG)
        root.locator('[data-part="data"]').select_option("folder")
        root.locator('[data-do="none"]').click()
        root.locator('.x-lab-method input[value="cca"]').check()
        root.locator('[data-do="fit"]').click()
        doing = root.locator('[data-part="doing"]')
        expect(doing).to_have_text(re.compile(r"Reading the data: [1-9]\d?%"), timeout=LONG)
        root.get_by_role("button", name="Cancel").click()
        expect(doing).to_have_text("Cancelled before the data were read.", timeout=LONG)
        root.locator('[data-do="fit"]').click()
        expect(root.locator(".x-lab-table tbody tr")).to_have_count(1, timeout=LONG)
        expect(root.locator('[data-part="job"]')).to_be_hidden(timeout=LONG)
        expect(root.locator("[data-picture][src^='data:']").first).to_be_visible(timeout=LONG)


def test_a_run_that_is_begun_while_another_is_on_ends_that_one(lab: Locator):
    """Nobody would see what comes of it, and the new one would wait for it."""
    lab.locator('[data-part="seed"]').fill("77")
    lab.locator('[data-do="all"]').click()
    lab.locator('[data-do="fit"]').click()
    expect(lab.locator('[data-part="doing"]')).to_contain_text("of 37", timeout=LONG)
    lab.locator('[data-do="none"]').click()
    lab.locator('.x-lab-method input[value="pls"]').check()
    lab.locator('[data-do="fit"]').click()
    expect(lab.locator('[data-part="job"]')).to_be_hidden(timeout=20_000)
    expect(lab.locator(".x-lab-table tbody tr")).to_have_count(1)
    expect(lab.locator(".x-lab-table tbody th")).to_contain_text("Partial least squares")
    lab.page.wait_for_timeout(1500)  # what was said of the one before comes too late
    expect(lab.locator(".x-lab-table tbody tr")).to_have_count(1)


def test_methods_and_seed_of_a_run_are_there_after_a_reload(lab: Locator, page: Page):
    lab.locator('[data-part="seed"]').fill("3")
    fit(lab, "cca", "blm")
    page.reload()
    expect(lab.locator(".x-lab-table tbody tr")).to_have_count(2, timeout=LONG)
    expect(lab.locator('[data-part="seed"]')).to_have_value("3")
    expect(lab.locator('[data-part="ticked"]')).to_have_text("2 chosen")


def test_lines_that_join_pairs_lie_above_the_points_and_can_be_seen(lab: Locator):
    fit(lab, "cca")
    plane = lab.locator('[data-part="planes-body"] svg').last
    expect(plane).to_be_visible(timeout=LONG)
    assert plane.locator("line").count() >= 40
    assert plane.evaluate("svg => svg.lastElementChild.matches('.x-chart-pairs')")


def test_a_lesson_that_was_cancelled_can_be_fitted_again_and_outlives_a_reload(
    lab: Locator, page: Page
):
    lab.get_by_role("button", name="From CCA to VSE++ and CLIP").click()
    lab.locator('[data-do="stop"]').click(timeout=LONG)
    card = lab.locator('[data-part="lesson"]')
    again = card.get_by_role("button", name="Fit again")
    expect(again).to_be_visible(timeout=LONG)
    expect(card.get_by_role("button", name="Next")).to_have_count(0)
    again.click()
    card.get_by_role("button", name="Next").click(timeout=LONG)
    expect(card).to_contain_text("2 of 4")
    page.reload()
    expect(card).to_contain_text("2 of 4", timeout=LONG)
    expect(card.get_by_role("button", name="Next")).to_be_enabled(timeout=LONG)


def test_the_last_step_of_a_lesson_shows_where_the_answer_is(lab: Locator):
    lab.get_by_role("button", name="The gap between media").click()
    card = lab.locator('[data-part="lesson"]')
    for _ in range(3):
        card.get_by_role("button", name="Next").click(timeout=LONG)
    expect(lab.locator('[data-part="table"][data-shown]')).to_be_in_viewport(timeout=LONG)
    card.locator('[data-do="choice"]').nth(1).click()
    expect(card.get_by_role("button", name="Next lesson")).to_be_visible()


def test_a_narrow_lessons_close_button_stays_beside_its_title(browser: Browser, address: str):
    with opened(browser, address, viewport={"width": 390, "height": 844}) as page:
        root = shown(page)
        root.get_by_role("button", name="From CCA to VSE++ and CLIP").click()
        card = root.locator('[data-part="lesson"]')
        expect(card.get_by_role("button", name="Leave the lesson")).to_be_visible()
        page.wait_for_function(  # at one moment: a step that is drawn again has no boxes
            """() => {
                const box = (what) => document
                    .querySelector(`[data-part="lesson"] ${what}`)?.getBoundingClientRect();
                const [title, close] = [box("h3"), box('[aria-label="Leave the lesson"]')];
                return title?.height && close?.height && close.top < title.bottom;
            }"""
        )
        expect(card.get_by_role("button", name="Next")).to_be_enabled(timeout=LONG)
