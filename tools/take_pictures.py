"""Take the pictures of the README: the real pages, on the demo library, in a real Chromium.

``python tools/take_pictures.py`` writes docs/pictures; it wants the demo library
(``xmr demo --build-only``) and a Chromium on the path.
"""

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import PIL.Image
from playwright.sync_api import Browser, Page, sync_playwright

from xmr_core.demo.library import NAME, build_demo, media_dir

OUT = Path(__file__).resolve().parent.parent / "docs" / "pictures"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
              "--disable-background-networking"]  # fmt: skip
_WIDE, _NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
_QUALITY = 82
_FLOW_WIDTH = 900  # pixels of the animation


def main() -> None:
    """Every still, then the animation."""
    build_demo()
    OUT.mkdir(parents=True, exist_ok=True)
    with _served() as url, sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, _BROWSERS)))
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        for name, steps in _STILLS.items():
            for theme in ("light", "dark"):
                with _page(browser, url, theme, _WIDE) as page:
                    steps(page)
                    _save(page, f"{name}-{theme}")
        with _page(browser, url, "light", _NARROW) as page:
            _drop(page, "fire/candles.jpg")
            _save(page, "narrow-light")
        with _page(browser, url, "light", _WIDE) as page:
            _flow(page)
        browser.close()


def _words(page: Page) -> None:
    page.get_by_label("What to look for").fill("waves rolling on to the shore")
    page.keyboard.press("Enter")
    _settle(page)


def _sound(page: Page) -> None:
    _drop(page, "clocks/ticking.wav")


def _columns(page: Page) -> None:
    page.get_by_label("What to look for").fill("a cat")
    page.keyboard.press("Enter")
    _settle(page)
    page.get_by_role("button", name=re.compile("column", re.IGNORECASE)).first.click()
    _settle(page)


def _model(page: Page) -> None:
    _drop(page, "music/grand-piano.glb")
    page.locator('.x-card[data-m="mesh"] a.x-open').first.click()
    page.wait_for_selector("dialog canvas")
    page.wait_for_timeout(1500)


def _library(page: Page) -> None:
    page.get_by_role("link", name="Library").click()
    page.wait_for_selector(".x-lib-card")
    page.wait_for_timeout(500)


def _why(page: Page) -> None:
    page.get_by_label("What to look for").fill("a cat looks at you")
    page.keyboard.press("Enter")
    _settle(page)
    page.locator('.x-card[data-m="image"] [data-do="why"]').first.click()
    page.wait_for_selector('#x-why [data-do="method"]', timeout=60_000)
    page.wait_for_selector('#x-why [data-part="wait"]', state="hidden", timeout=60_000)
    page.locator("#x-why .x-word").nth(1).hover()
    page.wait_for_timeout(2500)


def _map(page: Page) -> None:
    page.get_by_role("link", name="Map").click()
    page.wait_for_selector(".x-map-legend button", timeout=90_000)
    page.wait_for_selector("#x-map [data-part=view]:not([data-moving])", timeout=60_000)
    page.wait_for_timeout(3000)


def _lab(page: Page) -> None:
    page.get_by_role("link", name="Lab").click()
    page.locator('[data-do="fit"]').click()
    page.wait_for_selector(".x-lab-numbers", timeout=120_000)
    page.wait_for_selector("#x-lab [data-part=job]", state="hidden", timeout=60_000)
    page.wait_for_timeout(1000)


_STILLS: dict[str, Callable[[Page], None]] = {
    "search": _words,
    "sound": _sound,
    "columns": _columns,
    "model": _model,
    "library": _library,
    "why": _why,
    "map": _map,
    "lab": _lab,
}


def _flow(page: Page) -> None:
    """Words, then a sound, then one more word: each answer held for a while."""
    frames: list[tuple[PIL.Image.Image, int]] = []

    def shoot(milliseconds: int) -> None:
        picture = PIL.Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        height = round(picture.height * _FLOW_WIDTH / picture.width)
        frames.append((picture.resize((_FLOW_WIDTH, height)), milliseconds))

    shoot(1200)
    box = page.get_by_label("What to look for")
    for words in ("waves", "waves rolling", "waves rolling on to the shore"):
        box.fill(words)
        shoot(450)
    page.keyboard.press("Enter")
    _settle(page)
    shoot(2600)
    box.fill("")
    _drop(page, "rain/thunder.flac")
    shoot(2600)
    page.locator('.x-card[data-m="image"] .x-open, .x-card[data-m="video"] .x-open').first.click()
    page.wait_for_selector("dialog[open]")
    page.wait_for_timeout(600)
    shoot(2200)
    pictures = [picture for picture, _ in frames]
    pictures[0].save(
        OUT / "flow.webp",
        save_all=True,
        append_images=pictures[1:],
        duration=[milliseconds for _, milliseconds in frames],
        loop=0,
        quality=70,
        method=6,
    )


def _drop(page: Page, path: str) -> None:
    page.set_input_files(".x-ask input[type=file]", media_dir() / path)
    page.wait_for_selector(".x-chip")
    _settle(page)


def _settle(page: Page) -> None:
    page.wait_for_selector(".x-card:not(.x-ghost)", timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(700)


def _save(page: Page, name: str) -> None:
    picture = PIL.Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(OUT / f"{name}.webp", quality=_QUALITY, method=6)


@contextmanager
def _page(browser: Browser, url: str, theme: str, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(viewport=size, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(".x-target .x-num:not(:empty)")
    yield page
    context.close()


@contextmanager
def _served() -> Iterator[str]:
    command = [sys.executable, "-m", "xmr_core.cli", "app", "--port", "0", "--library", NAME]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = re.search(r"http://\S+/", server.stdout.readline())
        try:
            yield said[0] if said else ""
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
