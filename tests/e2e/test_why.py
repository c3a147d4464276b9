"""The Why page in a real browser, with the real encoders, over several pairs of media."""

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import opened
from tests.e2e.steps import ask, cards, explained
from xmr_core.library import Library

pytestmark = [pytest.mark.e2e]
LONG = 90_000  # ms: the first explanation reads encoders


@pytest.fixture(scope="module")
def ids(things: Path) -> dict[str, int]:
    """Path below the folder → the item's id."""
    with Library.open("things", things / "indexes") as library:
        return {item.path: item.id for item in library.items(limit=1000)}


def place(ids: dict[str, int], path: str, *terms: dict[str, object]) -> str:
    stated = json.dumps({"terms": terms, "corrected": True})
    return f"#why/things/{ids[path]}?q={quote(stated, safe='')}"


def words(text: str, weight: float = 1) -> dict[str, object]:
    return {"kind": "text", "text": text, "weight": weight}


def thing(ids: dict[str, int], path: str, weight: float = 1) -> dict[str, object]:
    return {"kind": "item", "library": "things", "id": ids[path], "weight": weight}


def heat(root: Locator, selector: str) -> list[int]:
    """How opaque a heat map is, pixel by pixel."""
    drawn: list[int] = root.locator(selector).first.evaluate(
        """canvas => [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
            .data].filter((_, i) => i % 4 === 3)"""
    )
    return drawn


def test_one_click_leads_from_a_hit_to_its_reasons_and_a_reload_keeps_them(page: Page):
    ask(page, "a cat looks at you")
    cards(page, "image").first.get_by_role("button", name=re.compile("Why did this match")).click()
    root = page.locator("#x-why")
    expect(root.locator(".x-word")).to_have_text(["a", "cat", "looks", "at", "you"], timeout=LONG)
    expect(root.locator(".x-sum").first).to_contain_text("Raw cosine", timeout=LONG)
    page.reload()
    expect(page.locator("#x-why .x-word")).to_have_count(5, timeout=LONG)
    assert max(heat(page.locator("#x-why"), ".x-lattice canvas")) > 200


def test_the_dialog_of_an_item_leads_there_too(page: Page):
    ask(page, "a cat looks at you")
    cards(page, "image").first.locator(".x-open").click()
    page.get_by_role("dialog").get_by_role("button", name="Why?").click()
    expect(page.locator("#x-why .x-word")).to_have_count(5, timeout=LONG)


def test_a_word_lights_its_regions_and_a_region_its_words(page: Page, ids: dict[str, int]):
    root = explained(page, place(ids, "cats/chelsea-the-cat.jpg", words("a cat on a violin")))
    before = heat(root, ".x-lattice canvas")
    read = root.locator('[data-part="hit-read"]')
    root.get_by_role("button", name="violin").hover()
    expect(read).to_contain_text("“violin” goes most with: row")
    assert heat(root, ".x-lattice canvas") != before
    root.locator(".x-lattice").hover(position={"x": 60, "y": 60})
    expect(root.locator('[data-part="query-read"]')).to_contain_text("goes most with: ")
    expect(root.locator(".x-lattice-cell")).to_be_visible()
    shades = root.locator(".x-word").evaluate_all(
        "all => all.map(word => parseFloat(word.style.getPropertyValue('--share')))"
    )
    assert max(shades) > 30
    page.mouse.move(2, 2)
    expect(root.locator(".x-lattice-cell")).to_be_hidden()
    assert heat(root, ".x-lattice canvas") == before


def test_methods_switch_and_the_heat_fades(page: Page, ids: dict[str, int]):
    root = explained(page, place(ids, "cats/chelsea-the-cat.jpg", words("a cat")))
    before = heat(root, ".x-lattice canvas")
    leave = root.get_by_role("button", name="Leave out")
    leave.click()
    expect(leave).to_have_attribute("aria-pressed", "true", timeout=LONG)
    expect(root).to_have_attribute("data-method", "without", timeout=LONG)
    assert heat(root, ".x-lattice canvas") != before
    root.get_by_label("How strongly heat is shown").fill("20")
    expect(root.locator(".x-lattice canvas")).to_have_css("opacity", "0.2")


def test_a_rectangle_and_a_word_are_taken_away_and_put_back(page: Page, ids: dict[str, int]):
    root = explained(page, place(ids, "cats/chelsea-the-cat.jpg", words("a cat")))
    area = root.locator(".x-lattice").bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + area["width"] * 0.1, area["y"] + area["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.9, area["y"] + area["height"] * 0.9, steps=4)
    page.mouse.up()
    change = root.locator('[data-part="change"]')
    expect(change.locator("dl")).to_have_attribute("data-way", "down", timeout=LONG)
    expect(change).to_contain_text("Without a region")
    expect(root.locator(".x-lattice-marks i")).to_have_count(1)
    root.get_by_role("button", name="cat", exact=True).click()
    expect(change).to_contain_text("cat", timeout=LONG)
    expect(root.locator(".x-word[data-gone]")).to_have_text("cat")
    root.get_by_role("button", name="Put all back").click()
    expect(change).to_be_empty()
    expect(root.locator(".x-lattice-marks i")).to_have_count(0)


def test_everything_is_reached_by_keys(page: Page, ids: dict[str, int]):
    root = explained(page, place(ids, "cats/chelsea-the-cat.jpg", words("a cat")))
    root.locator(".x-word").first.focus()
    page.keyboard.press("ArrowRight")
    expect(root.locator(".x-word[data-lit]")).to_have_text("cat")
    expect(root.locator('[data-part="said"]')).to_contain_text("most with row")
    page.keyboard.press("Enter")
    expect(root.locator('[data-part="change"] dl')).to_be_visible(timeout=LONG)
    root.locator(".x-lattice").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(root.locator(".x-lattice-cell")).to_be_visible()
    page.keyboard.press("Enter")
    expect(root.locator(".x-lattice-marks i")).to_have_count(1)


def test_a_sound_is_shown_in_time_and_pitch_and_followed(page: Page, ids: dict[str, int]):
    root = explained(page, place(ids, "cats/meow.wav", words("a cat meows")))
    assert max(heat(root, '[data-side="hit"] .x-lattice canvas')) > 200
    natural = root.locator(".x-why-mel img").evaluate("image => image.naturalHeight")
    assert natural == 96
    root.locator('[data-side="hit"] .x-lattice').click(position={"x": 100, "y": 50})
    expect(root.locator(".x-why-now")).to_be_visible()
    assert root.locator("audio").evaluate("player => player.currentTime") > 0.1
    root.get_by_role("button", name="Path in time").click()
    expect(root.locator(".x-mat polyline")).to_have_count(1, timeout=LONG)


def test_a_video_has_a_timeline_and_frames(page: Page, ids: dict[str, int]):
    root = explained(page, place(ids, "cats/a-cat-looks-at-you.mp4", thing(ids, "cats/meow.wav")))
    film = root.locator('[data-side="hit"]')
    assert max(heat(film, ".x-lattice canvas")) > 0
    lane = film.locator('[data-lane="seen"] canvas')
    assert lane.evaluate("canvas => canvas.width") == 600
    root.locator('[data-side="query"] .x-lattice').hover(position={"x": 60, "y": 60})
    expect(film.locator('[data-part="hit-read"]')).to_contain_text("goes most with")


def test_what_is_seen_of_a_video_and_what_is_heard_of_it_are_each_as_hot_as_they_can_be(
    page: Page, ids: dict[str, int]
):
    root = explained(page, place(ids, "rain/rain-over-the-hills.mp4", words("rain over the hills")))
    film = root.locator('[data-side="hit"]')
    read = film.locator('[data-part="hit-read"]')
    for name in ("Focus", "Gradient", "Similarity"):
        root.get_by_role("button", name=name).click()
        expect(root).to_have_attribute("data-method", name.lower(), timeout=LONG)
        assert max(heat(film, ".x-lattice canvas")) > 250, name
        for lane in ("seen", "heard"):
            drawn = film.locator(f'[data-lane="{lane}"] canvas').evaluate(
                "lane => [...lane.getContext('2d').getImageData(0, 0, 600, 1).data]"
            )
            assert [255, 214, 92] in [drawn[i : i + 3] for i in range(0, 2400, 4)], (name, lane)
    expect(read).to_have_text(re.compile(r"^Most: 0:00 \(.*\), and sound 0:0\d \(.*\)$"))
    root.get_by_role("button", name="hills").hover()
    expect(read).to_have_text(re.compile("goes most with: 0:00, and sound 0:0"))
    assert max(heat(film, ".x-lattice canvas")) > 250
    wide = root.locator(".x-mat canvas").evaluate("canvas => canvas.width")
    table = root.locator(".x-mat canvas").evaluate(
        """canvas => [...canvas.getContext("2d")
            .getImageData(0, 0, canvas.width, canvas.height).data]"""
    )
    for some in ((0, 81), (81, wide)):
        assert [255, 214, 92] in shades(wide, table, *some)


def shades(width: int, drawn: list[int], low: int, high: int) -> list[list[int]]:
    """The colours of some of the columns of a drawn table."""
    cells = [drawn[i : i + 3] for i in range(0, len(drawn), 4)]
    return [cell for i, cell in enumerate(cells) if low <= i % width < high]


def test_an_emoji_moves_no_word_from_its_place(page: Page, ids: dict[str, int]):
    words_ = ["a", "cat", "on", "a", "violin"]
    root = explained(
        page,
        place(ids, "cats/chelsea-the-cat.jpg", words("\N{CAT}\N{VIOLIN} a cat 🎻 on a violin")),
    )
    expect(root.locator(".x-word")).to_have_text(words_)
    expect(root.locator(".x-why-words")).to_have_text("\N{CAT}\N{VIOLIN} a cat 🎻 on a violin")
    root.get_by_role("button", name="violin").click()
    expect(root.locator(".x-word[data-gone]")).to_have_text("violin", timeout=LONG)
    expect(root.locator('[data-part="change"]')).to_contain_text("Without violin", timeout=LONG)
    root = explained(page, place(ids, "cats/meow.wav", words("\N{CAT} a cat 🎻 meows")))
    root.get_by_role("button", name="Path in time").click()
    rows = root.locator(".x-mat-rows li")
    expect(rows).to_have_count(3, timeout=LONG)
    assert rows.evaluate_all("all => all.map(row => row.title)") == ["a", "cat", "meows"]


def test_a_path_is_offered_only_where_there_is_one(page: Page, ids: dict[str, int]):
    root = explained(page, place(ids, "cats/a-cat-looks-at-you.mp4", words("a cat meows")))
    expect(root.locator('[data-part="views"]')).to_be_hidden()
    root = explained(page, place(ids, "cats/a-cat-looks-at-you.mp4", thing(ids, "cats/meow.wav")))
    expect(root.locator('[data-part="views"]')).to_be_visible()


def test_a_method_is_asked_for_once_however_many_want_it(page: Page, ids: dict[str, int]):
    page.evaluate(
        """() => {
            const real = window.fetch;
            window.methods = [];
            window.fetch = async (where, options) => {
                if (String(where).endsWith("why.explain")) {
                    window.methods.push(JSON.parse(options.body).method ?? "");
                    await new Promise((go) => setTimeout(go, 700));
                }
                return real(where, options);
            };
        }"""
    )
    root = explained(page, place(ids, "cats/chelsea-the-cat.jpg", words("a cat")))
    # press the one that is being asked for ahead
    page.wait_for_function(
        """() => {
            if (window.methods.length < 2) return false;
            window.coming = window.methods.at(-1);
            const button = `#x-why [data-do="method"][data-value="${window.coming}"]`;
            document.querySelector(button).click();
            return true;
        }""",
        timeout=LONG,
    )
    coming = page.evaluate("() => window.coming")
    expect(root).to_have_attribute("data-method", coming, timeout=LONG)
    count = root.locator('[data-do="method"]').count()
    page.wait_for_function("n => window.methods.length >= n", arg=count, timeout=LONG)
    page.wait_for_timeout(1500)
    asked = page.evaluate("() => window.methods")
    assert len(asked) == len(set(asked)) == count


def test_a_model_is_painted_turns_and_loses_a_view(page: Page, ids: dict[str, int]):
    root = explained(page, place(ids, "cats/sitting-cat.glb", words("a cat")))
    model = root.locator('[data-side="hit"] .x-why-turn')
    expect(model).to_have_attribute("data-painted", "", timeout=LONG)
    canvas = model.locator("canvas")
    expect(canvas).to_have_attribute("data-state", "shown")
    pose = canvas.get_attribute("data-pose")
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    expect(canvas).not_to_have_attribute("data-pose", pose or "")
    view = root.get_by_role("button", name="Take away what is seen in view 1", exact=True)
    view.click()
    expect(view).to_have_attribute("aria-pressed", "true")
    expect(root.locator('[data-part="change"] dl')).to_be_visible(timeout=LONG)


def test_a_composed_query_is_taken_apart_term_by_term(page: Page, ids: dict[str, int]):
    where = place(ids, "music/violin.jpg", words("music"), thing(ids, "music/violin.wav", 0.5))
    root = explained(page, where)
    expect(root.locator('.x-sum[data-kind="term"]')).to_have_count(2, timeout=LONG)
    root.locator('[data-do="term"]').nth(1).click()
    expect(root.locator('[data-side="query"] audio')).to_have_count(1, timeout=LONG)


def test_a_click_at_the_end_of_a_rectangle_does_not_move_the_player(
    page: Page, ids: dict[str, int]
):
    root = explained(page, place(ids, "cats/meow.wav", words("a cat meows")))
    area = root.locator('[data-side="hit"] .x-lattice').bounding_box()
    assert area is not None
    middle = area["y"] + area["height"] / 2
    page.mouse.move(area["x"] + area["width"] * 0.5, middle)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.8, middle + 40, steps=4)
    page.mouse.up()
    expect(root.locator('[data-part="change"] dl')).to_be_visible(timeout=LONG)
    assert root.locator("audio").evaluate("player => player.currentTime") == 0


def test_a_text_that_is_read_in_places_says_so(page: Page, ids: dict[str, int]):
    """Never silently cut: what is not read is told and pale."""
    shown = page.evaluate(
        """() => {
            const stage = document.createElement("div");
            const view = XMRWhyWords(stage, { text: "", title: "" }, { point() {}, take() {} });
            view.parts({ text: "one two three", labels: ["one", "three"], read: 0.73,
                         boxes: new Float32Array([0, 3, 8, 13]) });
            return stage.textContent;
        }"""
    )
    assert shown.startswith("Of this long text the profile reads 73 %")
    assert shown.endswith("one two three")


def test_the_heat_is_measured_and_can_be_stopped(page: Page, ids: dict[str, int]):
    root = explained(page, place(ids, "cats/chelsea-the-cat.jpg", words("a cat")))
    root.get_by_role("button", name="Query", exact=True).click()
    root.get_by_role("button", name="Measure it").click()
    expect(root.locator(".x-curve polyline")).to_have_count(6, timeout=LONG)
    expect(root.locator(".x-why-verdict")).to_be_visible(timeout=LONG)
    root.get_by_role("button", name="Hit", exact=True).click()
    root.get_by_role("button", name="Measure it").click()
    root.get_by_role("button", name="Cancel").click()
    expect(root.get_by_role("button", name="Measure it again")).to_be_visible(timeout=LONG)


def test_the_exports_stand_by_themselves(
    page: Page, browser: Browser, ids: dict[str, int], tmp_path: Path
):
    root = explained(page, place(ids, "cats/chelsea-the-cat.jpg", words("a cat")))
    for name, end in (("As a picture", ".png"), ("As a page", ".html")):
        root.get_by_role("button", name="Export").click()
        with page.expect_download(timeout=LONG) as coming:
            root.get_by_role("button", name=name).click()
        coming.value.save_as(tmp_path / f"why{end}")
    assert (tmp_path / "why.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    context = browser.new_context(offline=True)
    alone = context.new_page()
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto((tmp_path / "why.html").as_uri())
    expect(alone.locator("mark")).to_have_count(2)
    drawn = alone.locator(".stack img").evaluate_all("all => all.map(one => one.naturalWidth)")
    assert len(drawn) == 2 and min(drawn) > 100
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]
    context.close()


def test_what_is_gone_is_told_and_the_page_lives_on(page: Page, ids: dict[str, int]):
    root = page.locator("#x-why")
    gone = {"nowhere": 999_999}
    page.evaluate("where => { location.hash = where; }", place(gone, "nowhere", words("a cat")))
    expect(root.get_by_role("alert")).to_contain_text("has no item")
    explained(page, place(ids, "cats/chelsea-the-cat.jpg", words("cat")))
    expect(root.get_by_role("alert")).to_be_hidden()
    expect(root.locator('[data-part="query-read"]')).to_contain_text("One word alone")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_telephone_shows_all_of_it(
    browser: Browser, address: str, ids: dict[str, int], scheme: str
):
    size = {"width": 390, "height": 844}
    where = f"#why/things/{ids['cats/chelsea-the-cat.jpg']}?q=" + quote(
        json.dumps({"terms": [words("a cat")]}), safe=""
    )
    with opened(browser, address, viewport=size, color_scheme=scheme) as page:
        explained(page, where)
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= 390


def swipe(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A finger goes over the screen, as the browser gets it from a real one."""
    finger = page.context.new_cdp_session(page)
    steps = [[a + (b - a) * i / 8 for a, b in zip(start, end, strict=True)] for i in range(9)]
    for i, (x, y) in enumerate(steps):
        kind = "touchMove" if i else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_that_starts_sideways_takes_a_rectangle_away(
    browser: Browser, address: str, ids: dict[str, int]
):
    size = {"width": 390, "height": 844}
    with opened(browser, address, viewport=size, has_touch=True, is_mobile=True) as page:
        root = explained(page, place(ids, "cats/chelsea-the-cat.jpg", words("a cat")))
        layer = root.locator(".x-lattice")
        layer.evaluate("layer => layer.scrollIntoView({ block: 'center', behavior: 'instant' })")
        area = layer.bounding_box()
        assert area is not None
        x, y = area["x"] + area["width"] * 0.1, area["y"] + area["height"] * 0.1
        before = page.evaluate("() => scrollY")
        swipe(page, (x, y), (x + area["width"] * 0.8, y + area["height"] * 0.7))
        change = root.locator('[data-part="change"]')
        expect(change).to_contain_text("Without a region", timeout=LONG)
        expect(root.locator(".x-lattice-marks i")).to_have_count(1)
        assert page.evaluate("() => scrollY") == before
        root.get_by_role("button", name="Put all back").click()
        expect(change).to_be_empty()
        layer.evaluate("layer => layer.scrollIntoView({ block: 'center', behavior: 'instant' })")
        area = layer.bounding_box()
        assert area is not None
        middle = (area["x"] + area["width"] / 2, area["y"] + area["height"] * 0.9)
        before = page.evaluate("() => scrollY")
        swipe(page, middle, (middle[0], middle[1] - 200))  # a finger that goes up scrolls
        page.wait_for_function("before => scrollY !== before", arg=before)
        expect(root.locator(".x-lattice-marks i")).to_have_count(0)
        page.touchscreen.tap(middle[0], middle[1] - 200)
        expect(root.locator(".x-lattice-box")).to_be_hidden()
