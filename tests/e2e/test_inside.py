"""What is inside media, in a real browser: words for them, places in them, words they hold."""

import wave
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from playwright.sync_api import Page, expect

from tests.e2e.steps import ask, cards, settled
from tests.library.steps import indexed, paint

pytestmark = [pytest.mark.e2e]


def test_a_picture_is_put_into_words_and_asked_for_in_another_medium(page: Page) -> None:
    title = page.locator('#x-search [data-part="title"]')
    dialog = page.get_by_role("dialog")
    ask(page, "a cat")
    card = cards(page, "image").filter(has_text="chelsea-the-cat")
    card.locator(".x-open").click()
    words = dialog.locator(".x-inwords [data-say]")
    expect(words.first).to_be_visible(timeout=60_000)
    word = words.evaluate_all("all => all.map((one) => one.dataset.say).find((w) => /cat/.test(w))")
    dialog.locator(f'.x-inwords [data-say="{word}"]').click()
    expect(dialog).to_have_count(0)
    expect(title).to_have_text(word)
    settled(page)
    card.locator(".x-open").click()
    dialog.locator('.x-inwords [data-into="audio"]').click()
    expect(dialog).to_have_count(0)
    expect(title).to_have_text("chelsea-the-cat.jpg")
    settled(page)
    assert cards(page, "audio").count() == cards(page).count() > 0
    expect(page.locator('.x-target[data-m="image"]')).to_have_attribute("aria-pressed", "false")
    page.locator('.x-offer [data-do="in-words"]').click()
    expect(page.locator(f'.x-offer [data-say="{word}"]')).to_be_visible(timeout=60_000)


def test_a_passage_of_a_text_and_a_moment_of_a_film_are_found_inside(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 420})
    dialog = page.get_by_role("dialog")
    places = dialog.locator('[data-part="inside"] button')
    ask(page, "how a piano works")
    cards(page, "text").filter(has_text="how-a-piano-works").locator(".x-open").click()
    dialog.get_by_label("Find a passage in it").fill("thin strings, wound with copper")
    page.keyboard.press("Enter")
    expect(places).to_have_count(3, timeout=60_000)
    expect(places.first).to_contain_text("The strings")
    places.first.click()
    found = dialog.locator(".x-reading [data-found]")
    expect(found).to_contain_text("wound with copper")
    expect(found).to_be_in_viewport(ratio=0.5)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    ask(page, "waves at sunset")
    cards(page, "video").filter(has_text="waves-at-sunset").locator(".x-open").click()
    dialog.get_by_label("Find a moment in it").fill("the sea at sunset")
    page.keyboard.press("Enter")
    expect(places).to_have_count(4, timeout=60_000)
    chances = places.locator("small").all_inner_texts()
    assert chances == sorted(chances, key=lambda text: -int(text.rstrip("%")))
    late = dialog.locator('[data-part="inside"] button:not([data-at="0"])').first
    late.click()
    page.wait_for_function("() => document.querySelector('.x-stage video').played.length > 0")
    began = page.locator(".x-stage video").evaluate("film => film.played.start(0)")
    assert abs(began - float(late.get_attribute("data-at") or 0)) < 0.5


def test_words_in_files_are_looked_for_and_found_on_cards_and_in_dialogs(
    library_page: Page, home: Path, tmp_path: Path
) -> None:
    page = library_page
    folder = paint(tmp_path / "media", 3)
    told = PngImagePlugin.PngInfo()
    told.add_text("Title", "The <b>lighthouse</b> at Alnes")
    Image.new("RGB", (24, 24), "red").save(folder / "told.png", pnginfo=told)
    indexed(home, folder).close()
    page.reload()
    page.get_by_role("button", name="Words inside …").click()
    dialog = page.get_by_role("dialog", name="Words inside lib")
    expect(dialog.get_by_role("checkbox", name="Tags")).to_be_checked()
    for other in ("Writing", "Speech", "Subtitles"):
        dialog.get_by_role("checkbox", name=other).uncheck()
    expect(dialog.get_by_text("0 of 4 files").first).to_be_visible()
    dialog.get_by_role("button", name="Start").click()
    expect(dialog.get_by_text("4 of 4 files")).to_be_visible(timeout=30_000)
    expect(dialog.locator('[data-part="found"]')).to_contain_text("1 line in 1 file")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Search", exact=True).click()
    ask(page, '"alnes"')
    expect(cards(page)).to_have_count(1)
    expect(cards(page).locator("mark")).to_have_text("Alnes")
    cards(page).locator(".x-open").click()
    expect(page.get_by_role("dialog").locator(".x-words dd")).to_have_text(
        "The <b>lighthouse</b> at Alnes"
    )


def test_the_card_of_a_long_sound_shows_when_and_plays_from_there(
    library_page: Page, home: Path, tmp_path: Path
) -> None:
    page = library_page
    tones = np.repeat(
        [200.0, 3000.0, 200.0, 200.0, 200.0, 200.0, 200.0], 44_100
    )  # Hz, a second each
    samples = (16_000 * np.sin(2 * np.pi * np.cumsum(tones) / 44_100)).astype("<i2")
    folder = paint(tmp_path / "media", 3)
    with wave.open(str(folder / "siren.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(samples.tobytes())
    indexed(home, folder).close()
    page.reload()
    page.get_by_role("link", name="Search", exact=True).click()
    ask(page, "blue")  # which the high tone is
    bars = cards(page, "audio").locator(".x-times i")
    expect(bars).to_have_count(7)
    heights = bars.evaluate_all("all => all.map((bar) => parseFloat(bar.style.height))")
    assert heights.index(max(heights)) == 1 and max(heights) > sorted(heights)[-2]
    assert bars.nth(1).get_attribute("data-at") == "1"
    page.evaluate(
        """() => {
            const play = HTMLMediaElement.prototype.play;
            HTMLMediaElement.prototype.play = function () {
                window.playing = this;
                return play.call(this);
            };
        }"""
    )
    bars.nth(1).click()
    page.wait_for_function("() => window.playing?.played.length > 0 && !window.playing.seeking")
    began = page.evaluate("() => window.playing.played.start(window.playing.played.length - 1)")
    assert abs(began - 1) < 0.3
    assert cards(page, "image").locator(".x-times").count() == 0
