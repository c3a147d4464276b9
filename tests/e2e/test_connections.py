"""The Links page in a real browser, with the real encoders."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import opened
from tests.e2e.steps import ask, cards
from tests.library.steps import indexed, paint
from xmr_core.indexing.holding import held

pytestmark = [pytest.mark.e2e]


@pytest.fixture
def links(browser: Browser, address: str) -> Iterator[Page]:
    """The page once the library is linked, which happens by itself."""
    with opened(browser, address) as page:
        page.get_by_role("link", name="Links").click()
        expect(page.locator('#x-connections [data-part="near"] li').first).to_be_visible(
            timeout=120_000
        )
        yield page


def test_a_neighbour_is_centred_by_keys_and_one_goes_back(links):
    middle = links.locator('#x-connections [data-part="middle"] h3')
    first = middle.inner_text()
    other = links.locator('#x-connections [data-do="centre"]').first
    name = other.locator("b").inner_text()
    other.focus()
    links.keyboard.press("Enter")
    expect(middle).to_have_text(name)
    links.get_by_role("button", name="Back to the item before").click()
    expect(middle).to_have_text(first)


def test_documents_and_topics_are_shown_and_a_topic_leads_to_a_search(links):
    links.locator('#x-connections [data-do="view"][data-value="documents"]').click(timeout=60_000)
    expect(links.locator('#x-connections [data-part="documents"] .x-doc').first).to_be_visible()
    links.get_by_role("button", name="Topics").click()
    expect(links.locator(".x-topics-wait, .x-topic").first).to_be_visible()
    topic = links.locator(".x-topic").first
    expect(topic).to_be_visible(timeout=60_000)
    words = topic.locator("h3").inner_text().replace(" · ", " ")
    topic.get_by_role("button", name="Search it").click()
    expect(links.locator('#x-search [data-part="title"]')).to_have_text(words, timeout=60_000)
    expect(cards(links).first).to_be_visible()


def test_an_items_dialog_leads_to_its_links(links):
    links.get_by_role("link", name="Search").click()
    ask(links, "a cat")
    card = cards(links).first
    name = card.get_attribute("data-title")
    card.locator(".x-open").click()
    links.get_by_role("button", name="Links …").click()
    middle = links.locator('#x-connections [data-part="middle"] h3')
    expect(middle).to_have_text(name, timeout=60_000)


def test_results_are_shown_as_documents(links):
    links.get_by_role("link", name="Search").click()
    ask(links, "a cat")
    links.get_by_role("button", name="Documents", exact=True).last.click()
    expect(links.locator("#x-search .x-doc").first).to_be_visible(timeout=60_000)
    expect(links.locator("#x-search .x-doc-by").first).to_contain_text("Found by")


def test_a_library_that_another_run_holds_says_so_in_place_and_is_linked_after(
    library_page: Page, home: Path, tmp_path: Path
) -> None:
    page = library_page
    with indexed(home, paint(tmp_path / "media", 4)) as library, held(library.path):
        page.reload()
        page.get_by_role("link", name="Links").click()
        expect(page.locator('#x-connections [data-part="none"]')).to_contain_text("Another run")
        expect(page.locator(".x-toasts .x-note")).to_have_count(0)
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name="Links").click()
    expect(page.locator('#x-connections [data-part="none"]')).to_contain_text("no links yet")
