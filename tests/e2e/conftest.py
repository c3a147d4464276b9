"""A real Chromium, and the real command serving a small library made with the real encoders."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import named
from tests.e2e.site import Site
from xmr_core.demo import WORKS
from xmr_core.library import Library

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_ARGUMENTS = [
    "--no-sandbox",  # which needs rights that containers do not give
    "--disable-background-networking",
    "--use-angle=swiftshader",  # WebGL without a graphics card
    "--enable-unsafe-swiftshader",
    "--use-fake-device-for-media-stream",  # a camera and a microphone that are always there
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
READY = ".x-search .x-target .x-num:not(:empty)"  # the libraries are known
_PATHS = (
    "cats/chelsea-the-cat.jpg", "cats/cat-face.jpg", "cats/how-cats-talk.md", "cats/whiskers.txt",
    "cats/sitting-cat.glb", "cats/a-cat-looks-at-you.mp4", "cats/meow.wav", "cats/purring.ogg",
    "sea/beach.jpg", "sea/lighthouse-at-dusk.jpg", "sea/why-waves-break.md", "sea/lighthouse.glb",
    "sea/waves-at-sunset.mp4", "sea/waves.flac", "music/violin.jpg", "music/grand-piano.jpg",
    "music/the-violin.txt", "music/how-a-piano-works.docx", "music/grand-piano.glb",
    "music/violin.glb", "music/guitar-turning.mp4", "music/drum-kit-turning.webm",
    "music/violin.wav", "music/piano-melody.flac", "rain/thunder.flac", "rain/lightning.jpg",
    "rain/counting-seconds.md", "rain/umbrella.glb", "rain/rain-over-the-hills.mp4",
    "furniture/chair.glb",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        reason = "there is no Chromium on the PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def things(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a library called things, some thirty files of the demo in it."""
    home = tmp_path_factory.mktemp("things")
    media = home / "media"
    works = {work.path: work for work in WORKS}
    for path in _PATHS:
        if path in works:
            (media / path).parent.mkdir(parents=True, exist_ok=True)
            (media / path).write_bytes(works[path].bytes())
    with Library.create("things", home=home / "indexes") as library:
        for _ in library.index(media):
            pass
        assert len(library.items()) >= 20, [f.reason for f in library.failures()]
    return home


@contextmanager
def serving(home: Path, *options: str) -> Iterator[str]:
    """``xmr app`` on a home, in a process of its own; its address."""
    env = {**os.environ, "XMR_HOME": str(home)}
    command = [sys.executable, "-m", "xmr_core.cli", "app", "--port", "0", *options]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/", said)
            assert address, said
            yield address[0]
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


@pytest.fixture(scope="module")
def address(things: Path) -> Iterator[str]:
    """Where the library things is served."""
    with serving(things, "--library", "things") as url:
        yield url


@contextmanager
def opened(browser: Browser, url: str, forgive: str = "", **options: Any) -> Iterator[Page]:
    """A page in a browser profile of its own, which must end without an error of its scripts.

    Args:
        browser: to open it in.
        url: of the application.
        forgive: a part of errors that are meant to happen.
        options: of the browser's profile.
    """
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    page = context.new_page()
    page.set_default_timeout(30_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    try:
        page.goto(url)
        page.wait_for_selector(READY)
        yield page
    finally:
        context.close()
    assert [error for error in errors if not forgive or forgive not in error] == []


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty folder of libraries."""
    folder = tmp_path / "libraries"
    folder.mkdir()
    return folder


@pytest.fixture
def site(home: Path) -> Iterator[Site]:
    """A server over it, in a thread of the tests, with profiles that know colours only."""
    with named.registered(), Site(home) as site:
        yield site


@pytest.fixture
def library_page(site: Site, browser: Browser) -> Iterator[Page]:
    """The Library page, just opened."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site.url}#library")
    page.wait_for_selector("#x-library .x-lib:not(:has(.x-lib-ghost))")
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The Search page, just opened."""
    with opened(browser, address) as page:
        yield page
