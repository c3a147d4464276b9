"""What a user does on the Search page."""

import base64
import re
from pathlib import Path

from playwright.sync_api import JSHandle, Locator, Page, expect


def cards(page: Page, medium: str = "") -> Locator:
    return page.locator(f".x-card[data-id]{f'[data-m={medium}]' if medium else ''}")


def settled(page: Page) -> None:
    """Wait until what was asked is answered."""
    expect(page.locator('[data-part="results"]')).not_to_have_attribute("aria-busy", "true")
    page.wait_for_function(
        """() => !document.querySelector(
            "#x-search :is(.x-refresh, .x-ghost, .x-chip .x-spin)")""",
        timeout=60_000,
    )


def ask(page: Page, words: str) -> None:
    page.get_by_label("What to look for").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator('[data-part="title"]')).to_have_text(words, timeout=60_000)
    settled(page)


def explained(page: Page, where: str) -> Locator:
    """Open the Why page of a pair by its address, and wait until it is taken apart."""
    # Not before the page has heard of it: until then, it shows the pair before.
    page.evaluate(
        """where => new Promise((heard) => {
            addEventListener("hashchange", heard, { once: true });
            location.hash = where;
        })""",
        where,
    )
    root = page.locator("#x-why")
    expect(root.locator('[data-do="method"]').first).to_be_visible(timeout=120_000)
    expect(root.locator('[data-part="wait"]')).to_be_hidden(timeout=120_000)
    return root


def held(page: Page, *files: Path) -> JSHandle:
    """Files as they are held by a pointer that drags them."""
    held = page.evaluate_handle("() => new DataTransfer()")
    for file in files:
        page.evaluate(
            """([held, name, bytes]) => {
                const data = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
                held.items.add(new File([data], name));
            }""",
            [held, file.name, base64.b64encode(file.read_bytes()).decode()],
        )
    return held


def drop(page: Page, *files: Path) -> None:
    """Drop files on the page, somewhere, as from a file manager."""
    given = {"dataTransfer": held(page, *files)}
    spot = page.locator("body")
    spot.dispatch_event("dragenter", given)
    expect(page.locator("#x-search .x-box")).to_have_class(re.compile("x-over"))
    spot.dispatch_event("dragover", given)
    spot.dispatch_event("drop", given)
    expect(page.locator("#x-search .x-box")).not_to_have_class(re.compile("x-over"))


def titles(page: Page, medium: str = "") -> list[str]:
    return cards(page, medium).evaluate_all("all => all.map((card) => card.dataset.title)")
