"""Browsers that search a library all at once while it is indexed, in a real Chromium."""

import asyncio
import math
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from playwright.async_api import Browser, Page, Response, async_playwright

from tests.indexing.world import write_text
from tests.library.steps import paint
from tests.named import registered
from tests.soak.length import Length
from xmr_core.bench import media
from xmr_core.bench.report import Figure
from xmr_core.library import Library
from xmr_core.media import Floats

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WORDS = (
    "red",
    "green",
    "a blue thing",
    "red -blue",
    "a dog on a lawn",
    "rain",
    "a white cup",
    "sea",
)
_READY = ".x-search .x-target .x-num:not(:empty)"  # the libraries are known
_ANSWERED = """words => document.querySelector('[data-part="title"]').textContent.includes(words)
  && document.querySelector('[data-part="results"]').getAttribute("aria-busy") !== "true"
  && !document.querySelector("#x-search :is(.x-refresh, .x-ghost, .x-chip .x-spin)")"""
_PATIENCE = 60_000  # milliseconds
_PAUSE = (0.3, 1.5)  # seconds that a visitor looks at what was found
_RATE = 100  # pictures for each second of the visits: more than two cores can index
_DRAWN = 500  # of them
_LOADED = 300.0  # seconds that a very busy machine may take to read the towers
_GLANCE = 1.0  # seconds between two looks at the memory
_CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Seen:
    """What the browsers saw, and what the server needed meanwhile.

    Attributes:
        took: seconds from pressing Enter until everything that was found is there.
        errors: of pages, answers and waiting.
        memory: (seconds since the beginning, bytes).
    """

    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)


def sessions(length: Length) -> Iterator[Figure]:
    """Answers, errors, their time beside an idle server's, the growth of its memory.

    The real encoders are used where it goes on for more than a minute, else the space of colours.
    """
    real = length.seconds > 60
    with TemporaryDirectory(prefix="xmr-sessions-") as place:
        home, folder = Path(place) / "indexes", Path(place) / "media"
        _begin(home, folder, "embedded" if real else "colours-slow")
        with _serving(home) as (process, address):
            idle, busy = _in_thread(length, process, address, folder)
    yield Figure(
        f"answers to {length.sessions} browsers in {length.seconds:.0f} s during a run",
        len(busy.took),
        "",
        length.sessions,
    )
    errors = [*idle.errors, *busy.errors]
    for error in dict.fromkeys(errors):
        sys.stderr.write(f"{error}\n")
    yield Figure("errors in browsers", len(errors), "", 0, "less")
    yield Figure("p95 of answers, idle", float(np.quantile(idle.took, 0.95)), "s")
    yield Figure("p95 of answers, during a run", float(np.quantile(busy.took, 0.95)), "s")
    tenths = [round(np.median(part) / 2**20) for part in _parts(busy.memory, 10)]
    sys.stderr.write(f"memory of the server, MiB, tenth by tenth of the run: {tenths}\n")
    against = np.quantile(busy.took, 0.95) / np.quantile(idle.took, 0.95)
    yield Figure("p95 during a run against idle", float(against), "×", 3.0, "less")
    if length.seconds >= 20:  # else it is looked at too seldom to say
        yield Figure("growth of the server's memory", growth(busy.memory), "%", 10.0, "less")


def growth(memory: list[tuple[float, int]]) -> float:
    """Percent by which the last tenth is above the second.

    No number where it was looked at less than ten times.

    >>> round(growth([(float(t), 100 + t) for t in range(100)]), 1)
    69.9
    """
    tenths = _parts(memory, 10)
    if len(tenths) < 10:
        return math.nan
    return float(100 * (np.median(tenths[-1]) / np.median(tenths[1]) - 1))


def _parts(memory: list[tuple[float, int]], number: int) -> list[Floats]:
    """The bytes, in so many stretches of time; fewer where there were fewer looks."""
    sizes = np.array([size for _, size in memory], np.float64)
    return np.array_split(sizes, min(number, len(sizes))) if memory else []


def _begin(home: Path, folder: Path, profile: str) -> None:
    for i, sentence in enumerate(media.SENTENCES * 4):
        write_text(folder / f"texts/{i:02}.txt", f"{sentence}, red or blue, {i}")
    paint(folder / "pictures", 40)
    with registered(), Library.create("many", profile, home) as library:
        for _ in library.index(folder):
            pass


@contextmanager
def _serving(home: Path) -> Iterator[tuple[psutil.Process, str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.soak.server", str(home)],
        cwd=_CHECKOUT,
        env={**os.environ, "XMR_HOME": str(home.parent)},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            assert re.match(r"http://127\.0\.0\.1:\d+/", said), said
            yield psutil.Process(server.pid), said.strip()
        finally:
            server.kill()


def _in_thread(
    length: Length, process: psutil.Process, address: str, folder: Path
) -> tuple[Seen, Seen]:
    """Apart from the event loop that a browser of other tests may keep in this thread."""
    found: list[tuple[Seen, Seen] | BaseException] = []

    def work() -> None:
        try:
            found.append(asyncio.run(_all(length, process, address, folder)))
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    (result,) = found
    if isinstance(result, BaseException):
        raise result
    return result


async def _all(
    length: Length, process: psutil.Process, address: str, folder: Path
) -> tuple[Seen, Seen]:
    path = next(filter(None, map(shutil.which, CHROMIUM)))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        idle, busy = Seen(), Seen()
        pages = [await _opened(browser, address, [idle, busy]) for _ in range(length.sessions)]
        warm = Seen()
        await asyncio.gather(*(_visit(page, i, warm, 0.0) for i, page in enumerate(pages)))
        await _together(pages, process, idle, max(2.0, length.seconds / 5))
        more = folder / "more"
        if length.seconds > 60:
            _pictures(more, int(_RATE * length.seconds))
        else:
            paint(more, int(80 * length.seconds))
        before = await _items(pages[0])
        await _call(pages[0], "run-start", {"library": "many", "folders": []})
        # reading the towers, which takes memory once, is over when the first batch is kept
        until = time.perf_counter() + _LOADED
        while await _items(pages[0]) == before and time.perf_counter() < until:
            await asyncio.gather(*(_visit(page, i, warm, 0.0) for i, page in enumerate(pages)))
        await _together(pages, process, busy, length.seconds)
        idle.errors += warm.errors
        run = (await _call(pages[0], "run", {"library": "many"}))["run"]
        if not isinstance(run, dict) or run.get("state") != "running":
            busy.errors.append(f"the run was over before the visits were: {run}")
        await browser.close()
    return idle, busy


def _pictures(folder: Path, number: int) -> None:
    """JPEGs that all differ, the most of them by what comes after the picture."""
    few = [path.read_bytes() for path in media.write_jpegs(folder, min(number, _DRAWN))]
    for i in range(len(few), number):
        (folder / f"{i:05d}.jpg").write_bytes(few[i % len(few)] + b"%d" % i)


async def _items(page: Page) -> int:
    """How many items the library has by now."""
    counts = (await _call(page, "run", {"library": "many"}))["counts"]
    assert isinstance(counts, dict)
    return sum(counts.values())


async def _together(pages: list[Page], process: psutil.Process, seen: Seen, seconds: float) -> None:
    visits = [_visit(page, i, seen, seconds) for i, page in enumerate(pages)]
    watch = asyncio.ensure_future(_watch(process, seen))
    await asyncio.gather(*visits)
    watch.cancel()


async def _watch(process: psutil.Process, seen: Seen) -> None:
    begun = time.perf_counter()
    while True:
        seen.memory.append((time.perf_counter() - begun, process.memory_info().rss))
        await asyncio.sleep(_GLANCE)


async def _opened(browser: Browser, address: str, seen: list[Seen]) -> Page:
    page = await (await browser.new_context()).new_page()
    page.set_default_timeout(_PATIENCE)
    errors = seen[-1].errors

    def answered(response: Response) -> None:
        if response.status >= 400:
            errors.append(f"{response.status} {response.url}")

    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("response", answered)
    await page.goto(address)
    await page.wait_for_selector(_READY)
    return page


async def _visit(page: Page, who: int, seen: Seen, seconds: float) -> None:
    """Search, look at what was found and search again, until the time is over; once at least."""
    rng = random.Random(who)
    until = time.perf_counter() + seconds
    number = 0
    while number == 0 or time.perf_counter() < until:
        number += 1
        words = f"{rng.choice(WORDS)} {number}" if rng.random() < 0.5 else rng.choice(WORDS)
        try:
            await page.get_by_label("What to look for").fill(words)
            begun = time.perf_counter()
            await page.keyboard.press("Enter")
            await page.wait_for_function(_ANSWERED, arg=words.split(" -")[0])
            seen.took.append(time.perf_counter() - begun)
            await _look_around(page, rng)
        except Exception as error:  # every browser goes on, and all that went wrong is counted
            seen.errors.append(f"{words!r}: {error}")
        await asyncio.sleep(min(rng.uniform(*_PAUSE), max(0.0, until - time.perf_counter())))


async def _look_around(page: Page, rng: random.Random) -> None:
    """Another medium, or one of the things that were found, or nothing."""
    chance = rng.random()
    if chance < 0.25:
        await page.locator(f'.x-target[data-m="{rng.choice(("text", "image"))}"]').click()
    elif chance < 0.5 and await page.locator(".x-card[data-id] .x-open").count():
        await page.locator(".x-card[data-id] .x-open").first.click()
        await page.locator("dialog[open]").first.wait_for()
        await page.keyboard.press("Escape")
        await page.locator("dialog[open]").wait_for(state="detached")


async def _call(page: Page, action: str, payload: dict[str, object]) -> dict[str, object]:
    answer = await page.evaluate(
        """async ([action, payload]) => (await fetch(`/call/${action}`, {
            method: "POST", headers: {"Content-Type": "application/json"},
            body: JSON.stringify(payload)})).json()""",
        [action, payload],
    )
    assert isinstance(answer, dict) and "error" not in answer, answer
    return answer
