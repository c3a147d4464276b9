"""Keeping results in a real browser, and the way back through searches."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import opened
from tests.e2e.steps import ask, cards, drop, held, settled, titles

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def title(page: Page, text: str) -> None:
    expect(page.locator("#x-search [data-part='title']")).to_have_text(text, timeout=60_000)
    settled(page)


def keep(page: Page, name: str) -> None:
    """Put what is chosen into a new collection."""
    page.locator('[data-select="keep"]').click()
    page.get_by_label("A new collection").fill(name)
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".x-toasts")).to_contain_text(f"Kept in {name}.")


def open_kept(page: Page, name: str) -> None:
    page.locator('[data-part="searches"] > summary').click()
    page.locator("button[data-collection]", has_text=name).click()
    title(page, name)


def choose(page: Page, *numbers: int) -> None:
    for number in numbers:
        cards(page).nth(number).hover()
        cards(page).nth(number).locator(".x-select").check()


def test_chosen_results_become_a_collection_that_is_searched_within(page: Page) -> None:
    ask(page, "a cat")
    choose(page, 0)
    cards(page).nth(2).hover()
    cards(page).nth(2).locator(".x-select").click(modifiers=["Shift"])
    expect(page.locator(".x-select-bar b")).to_have_text("3 chosen")
    kept = titles(page)[:3]
    keep(page, "Within")
    open_kept(page, "Within")
    assert titles(page) == kept
    expect(page.locator(".x-card .x-strength")).to_have_count(0)
    page.get_by_label("What to look for").fill("a violin")
    page.keyboard.press("Enter")
    title(page, "a violin")
    assert sorted(titles(page)) == sorted(kept)
    page.get_by_label("Search outside Within, too").click()
    expect(page.locator('[data-part="scope"]')).to_be_hidden()
    settled(page)
    assert len(titles(page)) > 3


def test_a_collection_finds_more_like_it_and_is_written_to_a_file(
    page: Page, tmp_path: Path
) -> None:
    ask(page, "a cat")
    choose(page, 0, 1)
    kept = titles(page)[:2]
    keep(page, "Likes")
    open_kept(page, "Likes")
    page.locator('[data-part="scope"] summary').click()
    with page.expect_download() as file:
        page.get_by_role("button", name="A page with the files").last.click()
    assert file.value.suggested_filename == "Likes.zip"
    page.get_by_role("button", name="More like these").click()
    expect(page.locator('[data-part="scope"]')).to_be_hidden()
    settled(page)
    assert not set(titles(page)) & set(kept) and len(titles(page)) > 10
    cards(page).first.get_by_role("button", name="Why did this match?").click()
    expect(page.locator("#x-why")).to_contain_text(kept[0])


def test_results_are_chosen_by_keys_and_let_go_by_escape(page: Page) -> None:
    ask(page, "rain")
    cards(page).first.locator(".x-open").focus()
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(page.locator(".x-select-bar b")).to_have_text("2 chosen")
    page.get_by_role("button", name="All shown").click()
    expect(page.locator(".x-select-bar b")).to_have_text(f"{len(titles(page))} chosen")
    cards(page).first.locator(".x-open").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".x-select-bar")).to_have_count(0)


def test_a_note_and_tags_stay_with_an_item_and_are_filtered_by(page: Page) -> None:
    ask(page, "lighthouse")
    first = titles(page)[0]
    cards(page).first.locator(".x-open").click()
    page.get_by_label("Add a tag", exact=True).fill("tall, by the sea")
    page.keyboard.press("Enter")
    expect(page.locator(".x-tags .x-tag")).to_have_count(2)
    page.locator(".x-note-field textarea").fill("seen in May")
    page.locator(".x-note-field textarea").blur()
    expect(page.locator(".x-note-sign")).to_have_text("The note is saved.")
    page.locator(".x-note-field textarea").fill("seen in June")
    page.keyboard.press("Escape")  # closing keeps what was not left yet
    expect(page.locator("dialog")).to_have_count(0)
    cards(page).first.locator(".x-open").click()
    expect(page.locator(".x-note-field textarea")).to_have_value("seen in June")
    page.keyboard.press("Escape")
    page.locator('[data-part="filters"] > summary').click()
    page.get_by_label("Tagged").fill("TALL")
    page.keyboard.press("Enter")
    expect(page.locator('[data-part="scope"]')).to_contain_text("TALL")
    settled(page)
    assert titles(page) == [first]


def test_back_and_forward_go_through_searches(page: Page) -> None:
    ask(page, "a cat")
    ask(page, "rain")
    page.wait_for_timeout(1600)  # a change that comes sooner belongs to the same step
    page.locator('.x-target[data-m="audio"]').click()
    expect(cards(page, "image")).to_have_count(0)
    settled(page)
    ask(page, "a violin")
    page.go_back()
    title(page, "rain")
    expect(cards(page, "image")).to_have_count(0)
    page.go_back()
    expect(cards(page, "image")).not_to_have_count(0)
    title(page, "rain")
    page.go_back()
    title(page, "a cat")
    expect(page.get_by_label("What to look for")).to_have_value("a cat")
    assert cards(page, "image").count()
    page.go_back()
    expect(page.locator(".x-try")).to_be_visible()
    expect(page.locator('[data-part="found"]')).to_be_hidden()
    page.go_forward()
    title(page, "a cat")


def test_back_brings_the_documents_back_and_they_are_written_to_a_file(page: Page) -> None:
    made = page.locator("#x-search .x-doc")
    ask(page, "a cat")
    page.wait_for_timeout(1600)  # a change that comes sooner belongs to the same step
    page.get_by_role("button", name="Documents").click()
    expect(made).not_to_have_count(0)
    settled(page)
    page.locator('#x-search [data-part="export"] > summary').click()
    with page.expect_download() as file:
        page.get_by_role("button", name="Data (JSON)").click()
    told = json.loads(file.value.path().read_text("utf-8"))
    assert len(told["documents"]) == made.count() and told["documents"][0]["members"]
    page.wait_for_timeout(1600)
    page.get_by_role("button", name="One grid").click()
    expect(made).to_have_count(0)
    page.go_back()
    expect(made).not_to_have_count(0)
    expect(page.get_by_role("button", name="Documents")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(made).not_to_have_count(0)
    page.go_back()
    title(page, "a cat")
    expect(made).to_have_count(0)


def test_a_page_between_two_searches_does_not_lose_them(page: Page) -> None:
    ask(page, "a cat")
    page.get_by_role("link", name="Library").click()
    expect(page.locator("#x-library .x-lib")).to_be_visible()
    page.get_by_role("link", name="Search", exact=True).click()
    title(page, "a cat")
    ask(page, "rain")
    page.go_back()
    title(page, "a cat")
    page.go_back()
    expect(page.locator("#x-library .x-lib")).to_be_visible()
    page.go_back()
    title(page, "a cat")


def test_loading_again_in_the_middle_keeps_the_place(page: Page) -> None:
    ask(page, "a cat")
    ask(page, "rain")
    page.go_back()
    title(page, "a cat")
    page.reload()
    title(page, "a cat")
    page.go_forward()
    title(page, "rain")


def test_a_file_that_is_gone_is_told_on_the_way_back(
    browser: Browser, address: str, things: Path
) -> None:
    with opened(browser, address, forgive="404") as page:  # of its picture, which is gone, too
        drop(page, things / "media/sea/beach.jpg")
        title(page, "beach.jpg")
        # as after the server was started again
        page.evaluate(
            """() => {
                const state = structuredClone(history.state);
                state.xmr.query.terms[0].token = "gone";
                history.replaceState(state, "");
            }"""
        )
        page.get_by_label("Remove picture beach.jpg").click()
        ask(page, "rain")
        page.go_back()
        expect(page.locator('#x-search [data-part="banner"]')).to_contain_text(
            "no longer here", timeout=30_000
        )
        page.go_forward()
        expect(page.locator('#x-search [data-part="banner"]')).to_be_hidden()


@pytest.mark.parametrize(
    ("typed", "chips", "left"),
    [
        ("cat::2", ["cat + ×2"], ""),
        ("a red cat::0.5 rain", ["a red cat + ×0.5"], "rain"),
        ("beach -people::0.5 -dog", ["people − ×0.5", "dog − ×1"], "beach"),
        ('-"two words"::2 sea::-0.25 sun', ['"two words" − ×2', "sea − ×0.25"], "sun"),
        ("std::vector 10:30", [], "std::vector 10:30"),
        ("cat::0", [], "cat::0"),
    ],
)
def test_weights_are_typed_as_on_the_command_line(page: Page, typed, chips, left) -> None:
    page.get_by_label("What to look for").fill(typed)
    page.keyboard.press("Enter")
    settled(page)
    expect(page.locator("#x-search [data-part='title']")).not_to_be_empty()
    found = page.locator(".x-chips .x-chip").evaluate_all(
        """all => all.map((chip) => {
            const text = (name) => chip.querySelector(name).textContent.trim();
            const sign = chip.hasAttribute("data-minus") ? "−" : "+";
            return [text(".x-chip-name"), sign, text(".x-chip-weight")].join(" ");
        })"""
    )
    assert found == chips
    expect(page.get_by_label("What to look for")).to_have_value(left)


def test_a_name_that_a_saved_search_has_is_replaced_only_when_asked(page: Page) -> None:
    def save(name: str) -> None:
        page.get_by_role("button", name="Save this search").click()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_role("button", name="Save", exact=True).click()

    ask(page, "a cat")
    save("Mine")
    expect(page.locator("dialog")).to_have_count(0)
    ask(page, "rain")
    save("mine")
    page.get_by_role("button", name="Replace").click()
    expect(page.locator("dialog")).to_have_count(0)
    page.locator('[data-part="searches"] > summary').click()
    expect(page.locator('[data-do="recall"]', has_text="Mine")).to_have_count(1)


def test_a_profile_that_cannot_be_had_is_told_once(library_page: Page, tmp_path: Path) -> None:
    page = library_page
    (tmp_path / "media").mkdir()
    page.get_by_role("button", name="New library").first.click()
    page.get_by_label("Path of the folder").fill(str(tmp_path / "media"))
    page.get_by_role("button", name="Use this folder").click()
    page.get_by_label("Architecture/weights").fill("ViT-B-32//nowhere/at/all.safetensors")
    page.get_by_role("button", name="Next").click()
    bad = page.locator('dialog .x-note[data-kind="bad"]:visible', has_text="all.safetensors")
    # the look-up, begun by typing, and the button say the same, whoever is first; the first of
    # them brings in OpenCLIP
    expect(page.locator(".x-openclip-about")).to_contain_text("There is no", timeout=60_000)
    expect(page.get_by_role("button", name="Next")).not_to_have_attribute("aria-busy", "true")
    expect(bad).to_have_count(1)
    page.get_by_role("button", name="Next").click()
    page.wait_for_timeout(1000)
    expect(bad).to_have_count(1)


def test_a_drawing_is_a_query(page: Page) -> None:
    page.get_by_role("button", name="Draw a picture").click()
    done = page.get_by_role("button", name="Search with it")
    expect(done).to_be_disabled()
    page.get_by_role("button", name="light blue").click()
    page.get_by_role("button", name="Background").click()
    page.get_by_role("button", name="yellow").click()
    canvas = page.locator(".x-pad canvas")
    canvas.click(position={"x": 200, "y": 120})
    colour = """(canvas, [x, y]) => [...canvas.getContext("2d").getImageData(
        x * canvas.width, y * canvas.height, 1, 1).data].slice(0, 3)"""
    area = canvas.bounding_box()
    spot = [200 / area["width"], 120 / area["height"]]
    assert canvas.evaluate(colour, spot) == [0xF6, 0xCF, 0x31]
    assert canvas.evaluate(colour, [0.9, 0.9]) == [0x8C, 0xC6, 0xEE]
    page.keyboard.press("Control+z")
    assert canvas.evaluate(colour, spot) == [0x8C, 0xC6, 0xEE]
    page.get_by_role("button", name="Fill").click()
    page.get_by_role("button", name="green", exact=True).click()
    canvas.click(position={"x": 20, "y": 20})
    assert canvas.evaluate(colour, [0.5, 0.5]) == [0x3F, 0x9A, 0x43]
    page.get_by_role("button", name="Clear").click()
    expect(done).to_be_disabled()
    canvas.click(position={"x": 200, "y": 120})
    done.click()
    found = page.locator("#x-search [data-part='title']")
    expect(found).to_contain_text("Drawn at", timeout=60_000)
    settled(page)
    assert len(titles(page)) > 5


def test_each_side_of_a_comparison_takes_files_and_whole_documents(
    page: Page, things: Path
) -> None:
    told = page.locator('#x-compare [data-part="told"]')
    right = page.locator("[data-side='right']")
    page.goto(f"{page.url.partition('#')[0]}#compare")
    page.get_by_label("Left: words").fill("waves")
    page.keyboard.press("Enter")
    # the first search waits for the encoders
    expect(page.locator("[data-part='left-list'] > li")).to_have_count(20, timeout=60_000)
    dropped = {"dataTransfer": held(page, things / "media/sea/beach.jpg")}
    for what in ("dragenter", "dragover", "drop"):
        right.locator("textarea").dispatch_event(what, dropped)
    expect(right.locator(".x-chip-name")).to_have_text("beach.jpg", timeout=60_000)
    expect(page.locator("[data-side='left'] .x-chip")).to_have_count(0)
    expect(page.locator("[data-part='right-list'] > li")).to_have_count(20, timeout=60_000)
    expect(told).to_contain_text("of the first 20 are in both")
    page.get_by_label("Documents: what belongs together as one").check()
    expect(page.locator("[data-part='right-list']")).to_contain_text("items · found by")
    page.reload()
    expect(right.locator(".x-chip-name")).to_have_text("beach.jpg")
    expect(page.get_by_label("Documents: what belongs together as one")).to_be_checked()
    right.get_by_label("Remove picture beach.jpg").click()
    expect(right.locator(".x-chip")).to_have_count(0)
    page.wait_for_url(lambda url: "beach" not in url)


def test_two_searches_are_compared_and_the_address_keeps_them(page: Page) -> None:
    told = page.locator('#x-compare [data-part="told"]')
    rows = page.locator("[data-part='left-list'] > li")
    ask(page, "a cat")
    ask(page, "rain")
    page.get_by_role("button", name="Compare with another search").click()
    expect(rows).to_have_count(20)
    expect(page.get_by_label("Left: words")).to_have_value("rain")
    expect(page.get_by_label("Right: words")).to_have_value("a cat")
    first = told.text_content()
    page.get_by_label("Right: words").fill("rain")
    page.keyboard.press("Enter")
    expect(told).to_contain_text("20 of the first 20 are in both; 0 only left, 0 only right.")
    expect(page.locator(".x-compare-lines path")).to_have_count(20)
    rows.first.hover()
    expect(page.locator(".x-compare-lines path[data-lit]")).to_have_count(1)
    page.locator("[data-side='right']").get_by_label("Push back items").uncheck()
    expect(told).not_to_contain_text("20 of the first 20 are in both; 0 only")
    page.reload()
    expect(rows).to_have_count(20)
    expect(page.locator("[data-side='right']").get_by_label("Push back items")).not_to_be_checked()
    for _ in range(2):
        page.go_back()
    expect(told).to_have_text(first or "")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("[data-part='right-list']")).to_be_hidden()
    page.get_by_role("button", name="Right", exact=True).click()
    expect(page.locator("[data-part='right-list']")).to_be_visible()
    expect(rows.first).to_be_hidden()
