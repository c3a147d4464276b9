"""Asking on the Search page, in a real browser, with the real encoders."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import READY, opened
from tests.e2e.steps import ask, cards, drop, settled, titles

pytestmark = [pytest.mark.e2e]


def test_words_find_media_of_all_kinds(page: Page):
    ask(page, "a violin")
    assert {"violin.jpg", "the-violin.txt"} & set(titles(page)[:4])
    assert {"text", "image", "video", "mesh"} <= set(
        cards(page).evaluate_all("all => all.map((card) => card.dataset.m)")
    )
    expect(page.get_by_role("status").first).to_contain_text("shown for a violin")
    expect(page.locator("mark").first).to_have_text(re.compile("violin", re.IGNORECASE))
    pictures = cards(page, "image").locator("img").first
    assert pictures.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100


def test_a_dropped_picture_finds_its_like_in_other_media(page: Page, things: Path):
    drop(page, things / "media/cats/chelsea-the-cat.jpg")
    expect(page.locator(".x-chip")).to_contain_text("chelsea-the-cat.jpg", timeout=60_000)
    expect(cards(page).first).to_be_visible(timeout=60_000)
    settled(page)
    assert any("cat" in name for name in titles(page, "text")[:2])
    assert titles(page, "image")[0] in {"chelsea-the-cat.jpg", "cat-face.jpg"}
    face = page.locator(".x-chip img")
    assert face.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(page.locator('#x-search .x-spectrum [data-m="image"]')).to_have_attribute("data-on", "")


def test_a_dropped_model_finds_models_and_pictures(page: Page, things: Path):
    drop(page, things / "media/music/grand-piano.glb")
    expect(cards(page).first).to_be_visible(timeout=60_000)
    settled(page)
    assert titles(page, "mesh")[0] == "grand-piano.glb"
    expect(page.locator(".x-chip")).to_have_attribute("data-m", "mesh")


def test_a_dropped_sound_finds_sounds(page: Page, things: Path):
    drop(page, things / "media/rain/thunder.flac")
    expect(cards(page).first).to_be_visible(timeout=60_000)
    settled(page)
    assert titles(page, "audio")[0] == "thunder.flac"
    expect(page.locator(".x-chip")).to_have_attribute("data-m", "audio")


def test_several_files_at_once_become_one_query(page: Page, things: Path):
    drop(page, things / "media/sea/beach.jpg", things / "media/sea/why-waves-break.md")
    expect(page.locator(".x-chip")).to_have_count(2)
    expect(cards(page).first).to_be_visible(timeout=60_000)
    expect(page.locator('[data-part="title"]')).to_contain_text(" + ")


def test_a_file_that_cannot_be_read_says_so_and_leaves_the_query(
    browser: Browser, address: str, tmp_path: Path
):
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    with opened(browser, address, forgive="422") as page:
        page.set_input_files(".x-ask input[type=file]", tmp_path / "torn.png")
        note = page.get_by_role("alert")
        expect(note).to_contain_text("torn.png")
        expect(note.locator("p")).not_to_be_empty()
        expect(page.locator(".x-chip")).to_have_count(0)
        note.get_by_role("button", name="Dismiss").click()
        expect(note).to_have_count(0)


def test_a_picture_is_pasted(page: Page):
    page.evaluate(
        """async () => {
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = 64;
            canvas.getContext("2d").fillRect(0, 0, 40, 64);
            const blob = await new Promise((done) => canvas.toBlob(done));
            const held = new DataTransfer();
            held.items.add(new File([blob], "image.png", { type: "image/png" }));
            const paste = { clipboardData: held, bubbles: true };
            document.body.dispatchEvent(new ClipboardEvent("paste", paste));
        }"""
    )
    expect(page.locator(".x-chip")).to_contain_text("Pasted at")
    expect(cards(page).first).to_be_visible(timeout=60_000)


def test_a_picture_is_taken_with_the_camera(page: Page):
    page.get_by_role("button", name="Take a picture").click()
    dialog = page.get_by_role("dialog")
    page.wait_for_function("() => document.querySelector('.x-camera video')?.videoWidth > 0")
    dialog.get_by_role("button", name="Take it").click()
    expect(dialog).to_have_count(0)
    expect(page.locator('.x-chip[data-m="image"]')).to_contain_text("Taken at")
    expect(cards(page).first).to_be_visible(timeout=60_000)


def test_a_sound_is_recorded(page: Page):
    page.get_by_role("button", name="Record a sound").click()
    stop = page.get_by_role("button", name="Stop recording")
    expect(stop).to_have_attribute("data-live", re.compile(r"0:0[1-9]"))
    stop.click()
    expect(page.locator('.x-chip[data-m="audio"]')).to_contain_text("Recorded at", timeout=60_000)
    expect(page.get_by_role("button", name="Record a sound")).to_be_visible()


def test_what_is_subtracted_is_gone_until_its_chip_is(page: Page):
    ask(page, "music instrument")
    first = cards(page).first
    name = first.get_attribute("data-title")
    first.get_by_role("button", name=f"Subtract from the query: {name}").click()
    chip = page.locator(".x-chip[data-minus]")
    expect(chip).to_contain_text(name or "")
    expect(page.locator('[data-part="title"]')).to_contain_text(f"− {name}")
    settled(page)
    assert name not in titles(page)
    chip.get_by_role("button", name="Remove").click()
    expect(page.locator('[data-part="title"]')).to_have_text("music instrument")
    settled(page)
    assert titles(page)[0] == name


def test_a_minus_before_a_word_subtracts_it(page: Page):
    page.get_by_label("What to look for").fill('music -violin -"grand piano"')
    page.keyboard.press("Enter")
    expect(page.locator(".x-chip[data-minus]")).to_have_count(2)
    expect(page.get_by_label("What to look for")).to_have_value("music")
    expect(page.locator('[data-part="title"]')).to_have_text(
        'music − violin − "grand piano"', timeout=60_000
    )


def test_weight_and_sign_of_a_chip_change_the_query(page: Page):
    page.get_by_label("What to look for").fill("sea -cat")
    page.keyboard.press("Enter")
    chip = page.locator(".x-chip")
    expect(cards(page).first).to_be_visible(timeout=60_000)
    weight = chip.get_by_role("button", name="Weight of cat")
    weight.press("ArrowUp")
    expect(weight).to_have_text("×1.5")
    chip.get_by_role("button", name="Subtract cat").click()
    expect(chip).not_to_have_attribute("data-minus", "")
    expect(page.locator('[data-part="title"]')).to_have_text("sea + cat")


def test_more_like_this_starts_from_the_item_alone(page: Page):
    ask(page, "cat")
    card = cards(page, "image").first
    name = card.get_attribute("data-title") or ""
    card.get_by_role("button", name="More like this").click()
    expect(page.locator('[data-part="title"]')).to_have_text(name)
    settled(page)
    assert name not in titles(page)
    expect(page.get_by_label("What to look for")).to_have_value("")


def test_media_to_find_are_chosen(page: Page):
    ask(page, "cat")
    page.locator('.x-target[data-m="image"]').click()
    expect(cards(page, "text")).to_have_count(0)
    assert {"image"} == set(cards(page).evaluate_all("all => all.map((card) => card.dataset.m)"))
    expect(page.locator('.x-target[data-m="text"]')).to_have_attribute("aria-pressed", "false")
    page.locator('.x-target[data-m="image"]').click()
    expect(cards(page, "text").first).to_be_visible()


def test_columns_hold_one_medium_each(page: Page):
    ask(page, "cat")
    page.get_by_role("button", name="A column for each medium").click()
    columns = page.locator(".x-column")
    expect(columns.first).to_be_visible()
    for column in columns.all():
        media = column.locator(".x-card").evaluate_all("all => all.map((c) => c.dataset.m)")
        assert set(media) <= {column.get_attribute("data-m")}
    assert columns.count() >= 4


def test_more_results_come_on_request(page: Page):
    page.locator('[data-part="filters"] summary').click()
    page.get_by_label("Results at a time").select_option("12")
    page.keyboard.press("Escape")
    ask(page, "cat")
    expect(cards(page)).to_have_count(12)
    page.get_by_role("button", name="Show more").click()
    expect(cards(page)).to_have_count(24)
    names = titles(page)
    assert len(set(names)) == 24


def test_filters_narrow_the_results_and_can_be_cleared(page: Page):
    ask(page, "cat")
    page.locator('[data-part="filters"] summary').click()
    page.get_by_label("In the folder").fill("music")
    page.keyboard.press("Enter")
    expect(page.locator('[data-part="filters-text"]')).to_have_text("Filters (1)")
    settled(page)
    where = cards(page).locator(".x-where").all_inner_texts()
    assert where
    assert all(place.startswith("media/music") for place in where)
    page.locator('[data-part="filters"] summary').click()
    page.get_by_label("Contains the words").fill("no file holds this")
    page.keyboard.press("Enter")
    expect(page.locator('[data-part="banner"]')).to_contain_text("No item passes the filters")
    page.get_by_role("button", name="Clear the filters").click()
    expect(cards(page).first).to_be_visible()


def test_what_was_wrong_is_put_right_and_searched_at_once(page: Page):
    page.get_by_label("What to look for").fill("-cat")
    page.keyboard.press("Enter")
    banner = page.locator('[data-part="banner"]')
    expect(banner).to_contain_text("nothing to look for")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(500)
    expect(banner).to_contain_text("nothing to look for")
    page.locator(".x-chip").get_by_role("button", name="Subtract cat").click()
    expect(cards(page).first).to_be_visible(timeout=60_000)
    expect(banner).to_be_hidden()


def test_a_later_search_takes_the_place_of_an_earlier_one(page: Page):
    ask(page, "cat")
    page.route("**/call/search", lambda route: (page.wait_for_timeout(600), route.continue_()),
               times=1)  # fmt: skip
    box = page.get_by_label("What to look for")
    box.fill("sea")
    box.press("Enter")
    box.fill("thunder")
    box.press("Enter")
    expect(page.locator('[data-part="title"]')).to_have_text("thunder")
    page.wait_for_timeout(900)
    expect(page.locator('[data-part="title"]')).to_have_text("thunder")


def test_a_search_is_saved_and_found_again_with_the_earlier_ones(page: Page):
    ask(page, "lighthouse at night")
    page.get_by_role("button", name="Save this search").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("My lighthouse")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    ask(page, "thunder")
    page.locator('[data-part="searches"] summary').click()
    panel = page.locator('[data-part="searches-panel"]')
    earlier = panel.locator("h3", has_text="Earlier").locator("~ ul")
    expect(earlier).to_contain_text("thunder")
    panel.get_by_role("button", name="My lighthouse", exact=True).click()
    expect(page.get_by_label("What to look for")).to_have_value("lighthouse at night")
    expect(page.locator('[data-part="title"]')).to_have_text("lighthouse at night")
    page.locator('[data-part="searches"] summary').click()
    panel.get_by_role("button", name="Forget My lighthouse").click()
    expect(panel).not_to_contain_text("My lighthouse")


def test_the_query_outlives_a_reload_of_its_tab(page: Page):
    ask(page, "grand piano")
    page.reload()
    expect(page.get_by_label("What to look for")).to_have_value("grand piano")
    expect(cards(page).first).to_be_visible(timeout=60_000)


def test_two_tabs_have_queries_of_their_own(browser: Browser, address: str):
    with opened(browser, address) as one:
        two = one.context.new_page()
        two.goto(address)
        two.wait_for_selector(READY)
        ask(one, "cat")
        one.locator('.x-target[data-m="image"]').click()
        ask(two, "thunder")
        expect(one.locator('[data-part="title"]')).to_have_text("cat")
        expect(one.get_by_label("What to look for")).to_have_value("cat")
        expect(two.locator('.x-target[data-m="text"]')).to_have_attribute("aria-pressed", "true")
        one.reload()
        expect(one.get_by_label("What to look for")).to_have_value("cat")
        assert json.loads(two.evaluate("sessionStorage.getItem('xmr-search')"))["query"]["to"] == []


def test_hits_are_taken_away_as_a_page_that_opens_without_the_application(page: Page, tmp_path):
    ask(page, "a dog barking")
    shown = titles(page)
    page.get_by_role("button", name="Export these hits").click()
    with page.expect_download() as fetched:
        page.get_by_role("button", name="A page with the files").click()
    assert fetched.value.suggested_filename == "a dog barking.zip"
    with zipfile.ZipFile(fetched.value.path()) as kept:
        kept.extractall(tmp_path)
    page.goto((tmp_path / "index.html").as_uri())
    expect(page.locator("article")).to_have_count(len(shown))
    assert [
        text.partition(". ")[2]
        for text in page.locator("article small")
        .locator("..")
        .evaluate_all("all => all.map((p) => p.firstChild.data + p.querySelector('a').textContent)")
    ] == shown
    pictures = page.locator("article img")
    assert pictures.first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    sound = page.locator("article audio").first
    assert (
        sound.evaluate(
            "sound => new Promise((done) => { sound.onloadedmetadata = () => done(sound.duration);"
            " sound.onerror = () => done(0); sound.preload = 'auto'; sound.load(); })"
        )
        > 0
    )
