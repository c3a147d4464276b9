"""The password in a real browser, whose requests say more of themselves than those of a client."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import named
from tests.e2e.site import Site

pytestmark = [pytest.mark.e2e]


def test_a_visitor_gives_the_password_and_is_let_in(browser: Browser, home: Path) -> None:
    with named.registered(), Site(home, password="open sesame") as site:
        context = browser.new_context()
        try:
            page = context.new_page()
            page.goto(site.url)
            page.get_by_label("Password").fill("wrong")
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert")).to_have_text("That is not the password.")
            page.get_by_label("Password").fill("open sesame")
            page.get_by_role("button", name="Enter").click()
            expect(page.get_by_label("What to look for")).to_be_visible(timeout=30_000)
            page.reload()
            expect(page.get_by_label("What to look for")).to_be_visible(timeout=30_000)
        finally:
            context.close()
