"""The Map page in a real browser, with the real encoders."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.crowd import crowd
from tests.e2e.conftest import opened, serving
from tests.e2e.site import Site
from tests.e2e.steps import ask
from tests.fakes import DIM
from xmr_core.library import Library
from xmr_core.media import Modality

pytestmark = [pytest.mark.e2e]

MANY = 20_000
CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")


def ready(page: Page) -> Page:
    """Wait until the library is drawn and nothing is laid out any more."""
    page.wait_for_selector(".x-map-legend button", timeout=90_000)
    idle = page.locator('#x-map [data-part="view"]:not([aria-busy="true"])')
    expect(idle).to_have_count(1)
    expect(page.locator('#x-map [data-part="job"]')).to_be_hidden(timeout=120_000)
    expect(idle).to_have_count(1)  # what the job made is fetched anew
    return at_rest(page)


def at_rest(page: Page) -> Page:
    """Wait until nothing moves on the map any more, and its points are as sharp as they can be."""
    page.evaluate(
        """() => new Promise((done) => {
            let frames = 3; // within which whatever begins has begun
            const next = () => (frames-- ? requestAnimationFrame(next) : done());
            next();
        })"""
    )
    page.wait_for_function(
        """() => {
            const view = document.querySelector("#x-map [data-part=view]");
            const [points, over] = view.querySelectorAll("canvas");
            return !("moving" in view.dataset) && points.width === over.width;
        }""",
        timeout=60_000,
    )
    return page


@pytest.fixture
def map_page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        page.get_by_role("link", name="Map").click()
        yield ready(page)


def put(page: Page, words: str) -> None:
    page.get_by_label("Words to put on the map").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator(".x-rank li").first).to_be_visible(timeout=60_000)


def lit(page: Page) -> int:
    """How many of a million pixels of the points are not of their ground; drawn anew to be read."""
    return int(
        page.evaluate(
            """() => new Promise((done) => {
                const canvas = document.querySelector('#x-map [data-part="points"]');
                XMR.emit("theme");
                requestAnimationFrame(() => { // the points may be drawn less densely by now
                    const copy = document.createElement("canvas");
                    Object.assign(copy, { width: canvas.width, height: canvas.height });
                    const pen = copy.getContext("2d");
                    pen.drawImage(canvas, 0, 0);
                    const data = pen.getImageData(0, 0, copy.width, copy.height).data;
                    let count = 0; // the corner is empty
                    for (let i = 0; i < data.length; i += 4)
                        count += Math.abs(data[i] - data[0]) + Math.abs(data[i + 1] - data[1])
                            + Math.abs(data[i + 2] - data[2]) > 60;
                    done((1e6 * count) / (copy.width * copy.height));
                });
            })"""
        )
    )


def test_every_item_is_drawn_and_the_legend_counts_them(map_page: Page, things: Path):
    with Library.open("things", home=things / "indexes") as library:
        counts = library.counts()
    expect(map_page.locator('#x-map [data-part="count"]')).to_have_text(
        f"{sum(counts.values())} items"
    )
    shown = map_page.locator(".x-map-legend small").all_inner_texts()
    assert [int(text) for text in shown] == [counts[m] for m in Modality if m in counts]
    assert lit(map_page) > 100 * sum(counts.values())  # pixels, at some 13 × 13 a point


def test_the_legend_hides_a_medium_and_shows_one_alone(map_page: Page):
    everything = lit(map_page)
    button = map_page.locator(".x-map-legend").get_by_role("button", name="Pictures")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    without = lit(map_page)
    assert without < 0.95 * everything
    button.click()
    button.click(modifiers=["Shift"])
    expect(map_page.locator('.x-map-legend [aria-pressed="true"]')).to_have_count(1)
    alone = lit(map_page)
    assert 0 < alone < 0.6 * everything


def test_colours_are_by_medium_folder_or_topic(map_page: Page, things: Path):
    map_page.get_by_role("button", name="Folder").click()
    folders = {path.name for path in (things / "media").iterdir()}
    assert {
        text.split("\n")[0] for text in map_page.locator(".x-map-legend span").all_inner_texts()
    } == folders
    map_page.get_by_role("button", name="Topic").click()
    names = map_page.locator(".x-map-legend span").all_inner_texts()
    assert len(names) >= 3
    assert any(word in " ".join(names) for word in ("cat", "violin", "piano", "lighthouse"))


def test_hovering_shows_an_item_and_a_click_opens_its_sheet(map_page: Page):
    found = spot_of(map_page, "cat-face.jpg")
    map_page.mouse.move(*found)
    tip = map_page.locator('#x-map [data-part="tip"]')
    expect(tip).to_contain_text("cat-face.jpg")
    expect(tip).to_contain_text("cats")
    assert tip.locator("img").evaluate("i => i.decode().then(() => i.naturalWidth)") > 50
    map_page.mouse.down()
    map_page.mouse.up()
    dialog = map_page.get_by_role("dialog")
    expect(dialog.locator("h2")).to_have_text("cat-face.jpg")
    dialog.get_by_role("button", name="More like this").click()
    expect(dialog).to_have_count(0)
    expect(map_page.locator(".x-map-terms .x-chip")).to_contain_text("cat-face.jpg")
    expect(map_page.locator(".x-rank li").first).to_be_visible(timeout=60_000)
    assert "cat-face.jpg" not in map_page.locator(".x-rank").first.inner_text()


def spot_of(page: Page, title: str) -> tuple[float, float]:
    """Where an item is on the screen: in the middle of its ring, which the keys take there."""
    tip = page.locator('#x-map [data-part="tip"]')
    # through all items by the keys, until the one is told
    over = page.locator('#x-map [data-part="over"]')
    over.focus()
    seen: set[str] = set()
    name = ""
    for _ in range(40):
        page.keyboard.press("PageDown")
        expect(tip.locator("b")).not_to_have_text(name or "…", timeout=10_000)
        name = tip.locator("b").inner_text()
        seen.add(name)
        if name == title:
            break
    else:
        raise AssertionError(f"{title} is not among {seen}")
    page.wait_for_timeout(200)  # the ring goes to its point in the next frame
    ring = page.locator('#x-map [data-part="ring"]').bounding_box()
    assert ring
    x, y = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
    for beside in (0, -4, 4, -7, 7):  # another point may lie over this one
        page.mouse.move(x + beside, y)
        page.wait_for_timeout(300)  # the pointer's shape follows in the next frame
        cursor = page.evaluate("document.querySelector('#x-map [data-part=over]').style.cursor")
        if cursor == "pointer" and tip.locator("b").all_inner_texts() == [title]:
            return x + beside, y
    raise AssertionError("no point within its ring")


def test_the_keys_go_from_item_to_item_and_open_one(map_page: Page):
    over = map_page.locator('#x-map [data-part="over"]')
    over.focus()
    said = map_page.locator('#x-map [data-part="said"]')
    titles = []
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        map_page.keyboard.press(key)
        expect(map_page.locator('#x-map [data-part="tip"]')).to_be_visible()
        map_page.wait_for_timeout(150)
        titles.append(map_page.locator('#x-map [data-part="tip"] b').inner_text())
        expect(said).to_contain_text(titles[-1])
    assert len(set(titles)) >= 2
    map_page.keyboard.press("Enter")
    expect(map_page.get_by_role("dialog").locator("h2")).to_have_text(titles[-1])
    map_page.keyboard.press("Escape")
    expect(map_page.get_by_role("dialog")).to_have_count(0)


def test_a_query_and_its_arithmetic_are_points_that_move(map_page: Page):
    put(map_page, "a cat")
    expect(map_page.locator(".x-map-terms .x-chip")).to_have_count(1)
    first = map_page.locator(".x-rank[data-on] li .x-rank-name").all_inner_texts()
    assert any("cat" in name for name in first[:3])
    before = painted(map_page)
    put(map_page, "-animal +violin music")
    expect(map_page.locator(".x-map-terms .x-chip")).to_have_count(3)
    expect(map_page.locator(".x-map-terms .x-chip[data-minus]")).to_contain_text("animal")
    expect(map_page.locator('#x-map [data-part="said"]')).to_contain_text(
        "violin music", timeout=30_000
    )
    at_rest(map_page)
    assert painted(map_page) != before
    second = map_page.locator(".x-rank[data-on] li .x-rank-name").all_inner_texts()
    assert second != first
    map_page.locator(".x-map-terms").get_by_role("button", name="Remove a cat").click()
    expect(map_page.locator(".x-map-terms .x-chip")).to_have_count(2)
    map_page.get_by_role("button", name="Clear").click()
    expect(map_page.locator('#x-map [data-part="ranking"]')).to_be_hidden()


def painted(page: Page) -> str:
    """What lies over the points."""
    return str(page.locator('#x-map [data-part="over"]').evaluate("canvas => canvas.toDataURL()"))


def test_the_search_pages_query_is_on_the_map_and_goes_back(browser: Browser, address: str):
    with opened(browser, address) as page:
        ask(page, "a violin")
        page.get_by_role("link", name="Map").click()
        ready(page)
        expect(page.locator(".x-map-terms .x-chip")).to_have_text(re.compile("a violin"))
        expect(page.locator(".x-rank li").first).to_be_visible(timeout=60_000)
        put(page, "-piano")
        page.get_by_role("button", name="Search with it").click()
        expect(page.locator('#x-search [data-part="title"]')).to_have_text(
            "a violin − piano", timeout=60_000
        )


def test_centring_closes_the_gap_and_moves_the_points(map_page: Page):
    map_page.get_by_role("button", name="Plane").click()
    at_rest(map_page)
    put(map_page, "a lighthouse by the sea")
    size = map_page.locator(".x-gap-size")
    raw = float(size.inner_text())
    switch = map_page.get_by_role("switch", name="Centre media")
    before = map_page.locator('#x-map [data-part="points"]').screenshot()
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(size).not_to_have_text(f"{raw:.2f}")
    assert float(size.inner_text()) < 0.5 * raw
    expect(map_page.locator(".x-rank[data-on] h4")).to_have_text("Centred")
    at_rest(map_page)
    assert map_page.locator('#x-map [data-part="points"]').screenshot() != before
    media = [
        len(set(column.locator("button").evaluate_all("all => all.map((b) => b.dataset.m)")))
        for column in map_page.locator(".x-rank").all()
    ]
    assert media[1] >= media[0]


def test_neighbours_are_brought_together_in_the_background(map_page: Page):
    button = map_page.get_by_role("button", name="Neighbours")
    expect(button).not_to_have_attribute("aria-busy", "true")
    map_page.get_by_role("button", name="Plane").click()
    at_rest(map_page)
    plane = map_page.locator('#x-map [data-part="points"]').screenshot()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    at_rest(map_page)
    assert map_page.locator('#x-map [data-part="points"]').screenshot() != plane


def changed(first: bytes, second: bytes) -> float:
    """The share of pixels that differ visibly between two pictures of one size."""
    shown = [np.asarray(PIL.Image.open(io.BytesIO(x)).convert("RGB"), int) for x in (first, second)]
    return float((np.abs(shown[0] - shown[1]).max(axis=2) > 24).mean())


def shown(page: Page, right: Callable[[bytes], bool]) -> bytes:
    """The map at rest as soon as it looks right: what a hand did may be seen late."""
    now = b""
    for _ in range(40):
        at_rest(page)
        now = page.locator('#x-map [data-part="points"]').screenshot()
        if right(now):
            return now
        page.wait_for_timeout(250)
    raise AssertionError("the map never looks as it should")


PICTURES = '#x-map [data-part="over"]:not([data-bare])'  # nothing else is drawn there


def test_the_map_is_zoomed_and_moved_and_shown_whole_again(map_page: Page):
    view = map_page.locator('#x-map [data-part="points"]')
    whole = view.screenshot()
    area = map_page.locator('#x-map [data-part="over"]').bounding_box()
    assert area
    map_page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    for _ in range(2):
        map_page.mouse.wheel(0, -300)
    expect(map_page.locator(PICTURES)).to_have_count(1)  # as after both turns of the wheel only
    near = shown(map_page, lambda now: changed(now, whole) > 0.005)
    assert map_page.evaluate("scrollY") == 0
    map_page.mouse.down()
    map_page.mouse.move(area["x"] + 200, area["y"] + 200, steps=4)
    map_page.mouse.up()
    shown(map_page, lambda now: changed(now, near) > 0.005)
    expect(map_page.get_by_role("dialog")).to_have_count(0)  # a drag is no click
    map_page.get_by_role("button", name="Show all").click()
    map_page.mouse.move(5, 5)
    shown(map_page, lambda now: changed(now, whole) < 0.25 * changed(near, whole))


SLOW = """const frame = window.requestAnimationFrame;
    window.requestAnimationFrame = (work) => setTimeout(() => frame(work), 400);"""


def test_pictures_of_a_closer_look_go_when_everything_is_shown(browser: Browser, address: str):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(SLOW)  # a machine on which a flight is seen in two or three frames
    page = context.new_page()
    page.goto(f"{address}#map")
    ready(page)
    over = page.locator('#x-map [data-part="over"]')
    expect(page.locator(PICTURES)).to_have_count(0)
    area = over.bounding_box()
    assert area
    page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    for _ in range(2):
        page.mouse.wheel(0, -300)
    expect(page.locator(PICTURES)).to_have_count(1, timeout=60_000)
    page.get_by_role("button", name="Show all").click()
    page.mouse.move(5, 5)
    at_rest(page)
    page.wait_for_timeout(1500)  # they would come now
    expect(page.locator(PICTURES)).to_have_count(0)
    context.close()


def test_fingers_move_the_map_and_a_pinch_zooms_it(browser: Browser, address: str):
    narrow = {"width": 390, "height": 844}
    with opened(browser, address, viewport=narrow, has_touch=True) as page:
        page.goto(f"{address}#map")
        ready(page)
        view = page.locator('#x-map [data-part="points"]')
        area = page.locator('#x-map [data-part="over"]').bounding_box()
        assert area
        x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
        session = page.context.new_cdp_session(page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            spots = [{"x": px, "y": py, "id": i} for i, (px, py) in enumerate(points)]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

        whole = view.screenshot()
        touch("touchStart", (x, y))
        for step in range(1, 5):
            touch("touchMove", (x + 20 * step, y + 15 * step))
        touch("touchEnd")
        at_rest(page)
        moved = view.screenshot()
        assert changed(moved, whole) > 0.02
        assert page.evaluate("scrollY") == 0
        filled = lit(page)
        touch("touchStart", (x - 30, y), (x + 30, y))
        for step in range(1, 6):
            touch("touchMove", (x - 30 - 20 * step, y), (x + 30 + 20 * step, y))
        touch("touchEnd")
        at_rest(page)
        assert changed(view.screenshot(), moved) > 0.02
        assert lit(page) != filled
        assert page.evaluate("visualViewport.scale") == 1  # the map is zoomed, not the page
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_bars_of_the_gap_are_as_long_as_their_numbers(map_page: Page):
    bars = map_page.locator(".x-gap-bar").evaluate_all(
        """all => all.map((bar) => [
            bar.querySelector("i").offsetWidth / bar.querySelector(".x-gap-track").offsetWidth,
            bar.querySelector("b").offsetLeft / bar.querySelector(".x-gap-track").offsetWidth,
            parseFloat(bar.querySelector(".x-num").innerText) / 100])"""
    )
    assert len(bars) == 2
    for long, stroke, number in bars:
        assert abs(long - number) < 0.02
        assert 0.05 < stroke < 0.6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_the_map_can_be_read_in_both_themes(
    browser: Browser, address: str, scheme: str
):
    with opened(browser, address, color_scheme=scheme) as page:
        page.goto(f"{address}#map")
        ready(page)
        put(page, "a cat -music")
        assert page.evaluate(CONTRAST.replace("#x-search", "#x-map")) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_holds_the_map(browser: Browser, address: str, scheme: str):
    narrow = {"width": 390, "height": 844}
    with opened(browser, address, viewport=narrow, color_scheme=scheme, has_touch=True) as page:
        page.goto(f"{address}#map")
        ready(page)
        put(page, "a cat -music")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_role("button", name="Topic").tap()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        small = page.locator("#x-map button:visible").evaluate_all(
            """all => all.filter((b) => Math.min(b.clientWidth, b.clientHeight) < 24)
                .map((b) => b.outerHTML.slice(0, 80))"""
        )
        assert small == []


def test_who_wants_no_motion_sees_none(browser: Browser, address: str):
    with opened(browser, address, reduced_motion="reduce") as page:
        page.goto(f"{address}#map")
        ready(page)
        page.get_by_role("switch", name="Centre media").click()
        page.wait_for_timeout(60)  # a frame or two
        there = page.locator('#x-map [data-part="points"]').screenshot()
        page.wait_for_timeout(400)
        assert page.locator('#x-map [data-part="points"]').screenshot() == there


def test_every_control_of_the_map_has_a_name(map_page: Page):
    put(map_page, "a cat -music")
    nameless = (
        map_page.locator("#x-map")
        .locator("button:visible, input:visible, select:visible, canvas[tabindex]")
        .evaluate_all(
            """all => all.filter(
            (n) => !(n.ariaLabel || n.title || n.innerText.trim() || n.labels?.length))
            .map((n) => n.outerHTML.slice(0, 100))"""
        )
    )
    assert nameless == []


def test_without_webgl_the_points_are_drawn_all_the_same(browser: Browser, address: str):
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
            return kind === "webgl2" ? null : get.call(this, kind, ...more);
        };"""
    )
    page = context.new_page()
    page.goto(f"{address}#map")
    ready(page)
    assert lit(page) > 1000
    context.close()


def test_with_a_graphics_card_it_draws_the_points(browser: Browser, address: str):
    with opened(browser, address) as page:
        page.add_init_script(
            """const get = WebGL2RenderingContext.prototype.getParameter;
            WebGL2RenderingContext.prototype.getParameter = function (name) {
                const found = get.call(this, name); // that it is a processor is not told
                return typeof found === "string" ? "a card" : found;
            };
            for (const name of ["bufferData", "drawArrays"]) {
                const work = WebGL2RenderingContext.prototype[name];
                WebGL2RenderingContext.prototype[name] = function (...given) {
                    window[name] = (window[name] ?? 0) + 1;
                    return work.apply(this, given);
                };
            }"""
        )
        page.reload()
        page.goto(f"{address}#map")
        ready(page)
        assert lit(page) > 1000
        uploads, draws = page.evaluate("[bufferData, drawArrays]")
        page.evaluate(PAN, 1)
        assert page.evaluate("drawArrays") > draws
        assert page.evaluate("bufferData") == uploads  # a frame uploads nothing


def test_names_of_files_are_text_on_the_map(browser: Browser, things: Path, tmp_path: Path):
    media = tmp_path / "media"
    media.mkdir()
    evil = '<img src=x onerror="window.hurt=1">.txt'
    (media / evil).write_text("a cat", "utf-8")
    with Library.create("evil", home=tmp_path / "indexes") as library:
        for _ in library.index(media):
            pass
    with serving(tmp_path, "--library", "evil") as url, opened(browser, url) as page:
        page.get_by_role("link", name="Map").click()
        ready(page)
        expect(page.locator('#x-map [data-part="count"]')).to_have_text("1 item")
        expect(page.get_by_role("button", name="Neighbours")).to_be_disabled()
        expect(page.locator('#x-map [data-part="gap-body"]')).to_contain_text("texts only")
        page.locator('#x-map [data-part="over"]').focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator('#x-map [data-part="tip"] b')).to_have_text(evil)
        put(page, "a cat <img src=x onerror='window.hurt=1'>")
        page.get_by_role("button", name="Folder").click()
        page.get_by_role("button", name="Topic").click()
        assert page.evaluate("window.hurt") is None


def test_without_a_library_and_with_an_empty_one_the_map_says_so(
    browser: Browser, things: Path, tmp_path: Path
):
    with serving(tmp_path) as url:
        page = browser.new_page()
        page.goto(f"{url}#map")
        expect(page.locator("#x-map .x-empty")).to_contain_text("no library yet")
        page.close()
        with Library.create("bare", home=tmp_path / "indexes"):
            pass
        page = browser.new_page()
        page.goto(f"{url}#map")
        expect(page.locator("#x-map .x-empty")).to_contain_text("bare is empty")
        page.close()


# -- many points

PANNED = 3  # seconds
PAN = """(seconds) => new Promise((done) => {
    // a hand that moves the map about, sixty times a second, while frames are counted
    const over = document.querySelector('#x-map [data-part="over"]');
    const area = over.getBoundingClientRect();
    const move = (type, x, y) => over.dispatchEvent(new PointerEvent(type, {
        pointerId: 1, pointerType: "mouse", button: 0, bubbles: true, clientX: x, clientY: y }));
    const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
    const start = performance.now();
    let frames = 0;
    const drawn = [[WebGL2RenderingContext.prototype, "drawArrays"],
        [CanvasRenderingContext2D.prototype, "putImageData"]];
    const works = drawn.map(([kind, name]) => {
        const work = kind[name];
        kind[name] = function (...given) {
            frames += 1;
            return work.apply(this, given);
        };
        return work;
    });
    move("pointerdown", x, y);
    const step = () => {
        const t = (performance.now() - start) / 1000;
        if (t > seconds) {
            move("pointercancel", x, y);
            drawn.forEach(([kind, name], i) => (kind[name] = works[i]));
            return done(frames / t);
        }
        move("pointermove", x + 150 * Math.sin(3 * t), y + 110 * Math.cos(4 * t));
        const turn = { deltaY: 25 * Math.cos(2 * t), clientX: x, clientY: y, cancelable: true };
        if (Math.floor(t * 4) % 2) over.dispatchEvent(new WheelEvent("wheel", turn));
        requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
})"""


@pytest.mark.slow
def test_twenty_thousand_points_are_drawn_again_while_they_are_moved(browser: Browser, site: Site):
    colours = np.eye(DIM, dtype=np.float32)
    real = [(m, f"{m}-{axis}", colours[axis]) for axis in range(3) for m in Modality]
    with Library.create("many", "colours", site.home) as library:
        crowd(library, site.home.parent / "media", MANY, real)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{site.url}#map")
    page.wait_for_selector(".x-map-legend button", timeout=120_000)
    expect(page.locator('#x-map [data-part="count"]')).to_have_text("20,000 items")
    stop = page.locator('.x-map-job [data-do="stop"]')
    expect(stop).to_be_visible(timeout=60_000)
    stop.click()  # what it takes would be taken from the browser, which has no graphics card
    expect(page.locator('#x-map [data-part="job"]')).to_be_hidden(timeout=60_000)
    page.wait_for_timeout(1500)
    assert page.evaluate(PAN, PANNED) * PANNED >= 5  # how smooth it is depends on the machine
    page.get_by_role("button", name="Topic").click()
    expect(page.locator(".x-map-legend li")).to_have_count(12)
    page.close()
