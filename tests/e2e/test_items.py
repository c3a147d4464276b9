"""Cards and the dialog in a real browser: play, turn, read, zoom."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import opened
from tests.e2e.steps import ask, cards

pytestmark = [pytest.mark.e2e]

# so that what plays for some seconds is not at its end before a busy machine has looked at it
SLOWLY = """() => {
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
        this.defaultPlaybackRate = this.playbackRate = 0.1;
        return play.call(this);
    };
}"""


def test_a_video_plays_inside_its_card_from_the_moment(page: Page):
    page.evaluate(SLOWLY)
    ask(page, "rain")
    card = cards(page, "video").filter(has_text="rain-over-the-hills")
    moment = float(card.get_attribute("data-start") or 0)
    assert moment > 1
    card.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelector('.x-card video')?.played.length > 0")
    assert abs(card.locator("video").evaluate("v => v.played.start(0)") - moment) < 0.5
    assert card.locator("video").evaluate("v => v.currentSrc").count("/media/things/") == 1
    card.get_by_role("button", name="Pause").click()
    assert card.locator("video").evaluate("v => v.paused") is True
    other = cards(page, "video").nth(1)
    other.get_by_role("button", name="Play").click()
    expect(other.locator("video")).to_have_count(1)
    expect(card.locator("video")).to_have_count(0)


def test_a_sound_plays_inside_its_card_with_a_line_at_the_moment(page: Page):
    page.evaluate(SLOWLY)
    ask(page, "a violin plays")
    card = cards(page, "audio").filter(has_text="violin.wav")
    moment = float(card.get_attribute("data-start") or 0)
    assert moment > 1
    card.get_by_role("button", name="Play").click()
    line = card.locator(".x-head-line").element_handle()
    page.wait_for_function("line => parseFloat(line.style.width) > 1", arg=line)
    assert line.evaluate("line => parseFloat(line.style.width)") > 100 * moment / 6 - 5  # of 6 s
    card.get_by_role("button", name="Pause").click()


def test_a_click_on_the_waveform_plays_from_there(page: Page):
    ask(page, "thunder")
    cards(page, "audio").first.locator(".x-open").click()
    player = page.locator(".x-stage audio")
    player.evaluate("a => a.readyState > 0 || new Promise((d) => (a.onloadedmetadata = d))")
    length = player.evaluate("a => a.duration")
    area = page.locator(".x-wave").bounding_box()
    assert area
    page.mouse.click(area["x"] + area["width"] / 2, area["y"] + 20)
    assert player.evaluate("a => a.currentTime") >= length / 2 - 0.2
    handle = player.element_handle()
    page.wait_for_function("([a, half]) => a.currentTime > half", arg=[handle, length / 2])
    assert page.locator(".x-wave .x-head-line").evaluate("l => parseFloat(l.style.width)") > 45


def test_the_dialog_shows_a_video_at_the_moment_that_is_chosen(page: Page):
    ask(page, "rain over the hills")
    cards(page, "video").filter(has_text="rain-over-the-hills").locator(".x-open").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="rain-over-the-hills.mp4")).to_be_visible()
    moments = dialog.locator('[data-do="seek"]')
    at = float(moments.last.get_attribute("data-at") or 0)
    assert at > 1
    moments.last.click()
    film = page.locator(".x-stage video")
    page.wait_for_function("() => document.querySelector('.x-stage video').played.length > 0")
    assert abs(film.evaluate("v => v.played.start(0)") - at) < 0.5
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_what_is_looked_at_stays_in_view_beside_a_side_that_is_longer_than_the_window(page: Page):
    page.set_viewport_size({"width": 1280, "height": 640})
    ask(page, "rain over the hills")
    cards(page, "video").filter(has_text="rain-over-the-hills").locator(".x-open").click()
    film = page.locator(".x-stage video")
    expect(film).to_be_in_viewport(ratio=0.98)
    page.locator(".x-note-field textarea").scroll_into_view_if_needed()
    expect(film).to_be_in_viewport(ratio=0.98)


def test_a_model_is_drawn_turned_and_zoomed(page: Page):
    ask(page, "grand piano")
    cards(page, "mesh").filter(has_text="grand-piano").locator(".x-open").click()
    canvas = page.locator(".x-stage canvas")
    expect(canvas).to_have_attribute("data-state", "shown", timeout=30_000)
    painted = """canvas => {
        const gl = canvas.getContext("webgl2");
        const side = gl.drawingBufferWidth, all = new Uint8Array(4 * side * gl.drawingBufferHeight);
        gl.readPixels(0, 0, side, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, all);
        let count = 0;
        for (let i = 3; i < all.length; i += 4) count += all[i] > 0;
        return count / (all.length / 4);
    }"""
    share = canvas.evaluate(painted)
    assert 0.05 < share < 0.8
    before = canvas.get_attribute("data-pose")
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    expect(canvas).not_to_have_attribute("data-pose", before or "")
    for _ in range(4):
        page.keyboard.press("+")
    page.wait_for_function(
        "() => document.querySelector('.x-stage canvas').dataset.pose.endsWith('1.749')"
    )
    assert canvas.evaluate(painted) > share
    area = canvas.bounding_box()
    assert area
    turned = canvas.get_attribute("data-pose")
    page.mouse.move(area["x"] + 200, area["y"] + 200)
    page.mouse.down()
    page.mouse.move(area["x"] + 260, area["y"] + 220, steps=4)
    page.mouse.up()
    expect(canvas).not_to_have_attribute("data-pose", turned or "")


def test_without_webgl_the_views_are_shown_instead(browser: Browser, address: str):
    with opened(browser, address) as page:
        page.evaluate("() => (HTMLCanvasElement.prototype.getContext = () => null)")
        ask(page, "grand piano")
        cards(page, "mesh").first.locator(".x-open").click()
        strip = page.locator(".x-stage .x-turn")
        expect(strip).to_be_visible()
        expect(page.locator(".x-stage-hint")).to_contain_text("no WebGL")
        at = strip.get_attribute("data-at")
        strip.focus()
        page.keyboard.press("ArrowRight")
        expect(strip).not_to_have_attribute("data-at", at or "")


def test_a_turntable_turns_under_the_pointer_and_by_keys(page: Page):
    ask(page, "grand piano")
    node = cards(page, "mesh").first.locator(".x-turn")
    node.scroll_into_view_if_needed()
    at = node.get_attribute("data-at")
    area = node.bounding_box()
    assert area
    page.mouse.move(area["x"] + 5, area["y"] + area["height"] / 2)
    page.mouse.move(area["x"] + 10, area["y"] + area["height"] / 2)
    expect(node).not_to_have_attribute("data-at", at or "")
    page.mouse.move(0, 0)
    expect(node).to_have_attribute("data-at", at or "")
    node.focus()
    page.keyboard.press("ArrowRight")
    expect(node).to_have_attribute("data-at", str((int(at or 0) + 1) % 12))
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_text_opens_at_the_passage_and_a_picture_can_be_zoomed(page: Page):
    page.set_viewport_size({"width": 1280, "height": 420})
    ask(page, "three thin strings, one wound with copper")
    cards(page, "text").filter(has_text="how-a-piano-works").locator(".x-open").click()
    found = page.locator(".x-reading [data-found]")
    expect(found).to_be_in_viewport(ratio=0.5)
    page.keyboard.press("Escape")
    cards(page, "image").first.locator(".x-open").click()
    image = page.locator(".x-stage img")
    width = image.evaluate("i => i.decode().then(() => i.clientWidth)")
    image.focus()
    page.keyboard.press("Enter")
    assert image.evaluate("i => i.clientWidth") > width
