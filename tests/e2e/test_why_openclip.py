"""The Why page in a real browser over an OpenCLIP profile, of a tiny checkpoint made here."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import opened, serving
from tests.e2e.steps import explained
from tests.tiny import ARCHITECTURE, tiny_openclip
from xmr_core.demo import WORKS
from xmr_core.library import Library

pytestmark = [pytest.mark.e2e]
LONG = 120_000  # ms: the first explanation loads the model
PATHS = {
    "image": "cats/chelsea-the-cat.jpg",
    "text": "cats/how-cats-talk.md",
    "video": "cats/a-cat-looks-at-you.mp4",
    "mesh": "cats/sitting-cat.glb",
    "audio": "cats/meow.wav",
    "other": "sea/beach.jpg",
}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """A home with a library of one file a medium, but for sounds; and the items by medium."""
    home = tmp_path_factory.mktemp("clip")
    works = {work.path: work for work in WORKS}
    for path in PATHS.values():
        (home / "media" / path).parent.mkdir(parents=True, exist_ok=True)
        (home / "media" / path).write_bytes(works[path].bytes())
    weights = tiny_openclip(home) / "tiny.safetensors"
    with Library.create("clip", f"openclip:{ARCHITECTURE}//{weights}", home / "indexes") as library:
        for _ in library.index(home / "media"):
            pass
        ids = {item.path: item.id for item in library.items()}
    return home, {medium: ids[path] for medium, path in PATHS.items() if path in ids}


@pytest.fixture
def page(browser: Browser, clip: tuple[Path, dict[str, int]]) -> Iterator[Page]:
    with serving(clip[0], "--library", "clip") as url, opened(browser, url) as page:
        yield page


def why(page: Page, hit: int, term: dict[str, object]) -> Locator:
    stated = json.dumps({"terms": [{"weight": 1, **term}], "corrected": True})
    return explained(page, f"#why/clip/{hit}?q={quote(stated, safe='')}")


def test_every_pair_of_its_media_is_taken_apart_by_the_value_path_and_by_relevance(
    page: Page, clip: tuple[Path, dict[str, int]]
):
    _, ids = clip
    seen = {kind: {"kind": "item", "library": "clip", "id": ids[kind]} for kind in ids}
    words = {"kind": "text", "text": "a cat that looks at you"}
    pairs = [("image", words), ("other", seen["image"]), ("text", seen["image"]), ("video", words)]
    pairs += [("mesh", words), ("image", seen["mesh"])]
    for hit, term in pairs:
        root = why(page, ids[hit], term)
        expect(root).to_have_attribute("data-method", "value", timeout=LONG)
        expect(root.locator('[data-part="hit-read"]')).to_contain_text("(")
        for name, method in (("Relevance", "relevance"), ("Value path", "value")):
            root.get_by_role("button", name=name).click()
            expect(root).to_have_attribute("data-method", method, timeout=LONG)
            expect(root.locator('[data-part="matrix"] canvas')).to_be_visible()
        expect(root.get_by_role("button", name="Close-up")).to_have_count(0)


def test_a_sound_says_what_the_profile_lacks(page: Page, clip: tuple[Path, dict[str, int]]):
    home, ids = clip
    sound = (home / "media" / PATHS["audio"]).read_bytes()
    token = page.request.post(
        page.url.split("#")[0] + "query-file?name=meow.wav",
        data=sound,
        headers={"Content-Type": "application/octet-stream"},
    ).json()["token"]
    term = {"kind": "file", "token": token, "weight": 1}
    stated = quote(json.dumps({"terms": [term]}), safe="")
    page.evaluate("at => { location.hash = at; }", f"#why/clip/{ids['image']}?q={stated}")
    problem = page.locator("#x-why").get_by_role("alert")
    expect(problem).to_contain_text("cannot take a sound apart", timeout=LONG)
    expect(problem).to_contain_text("XMR_CLAP")
    why(page, ids["image"], {"kind": "text", "text": "a cat"})
    expect(problem).to_be_hidden()
