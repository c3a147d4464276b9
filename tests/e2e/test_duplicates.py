"""Near-duplicates in a real browser: looked for, told apart, listed; files folded among results."""

import csv
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.duplicates import made
from tests.library.steps import indexed

pytestmark = [pytest.mark.e2e]


@pytest.fixture
def page(home: Path, tmp_path: Path, library_page: Page) -> Page:
    folder = tmp_path / "media"
    (folder / "old").mkdir(parents=True)
    cat = made.photograph("chelsea")
    cat.save(folder / "cat.png")
    shutil.copy(folder / "cat.png", folder / "old/cat.png")
    made.mirrored(cat).save(folder / "mirrored.jpg")
    made.photograph("coffee").save(folder / "cup.jpg")
    indexed(home, folder).close()
    library_page.reload()
    return library_page


def test_near_duplicates_are_looked_for_told_apart_and_listed(page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name="Near-duplicates").click()
    dialog = page.get_by_role("dialog", name="Near-duplicates in lib")
    expect(dialog.get_by_text("Nothing was looked for yet")).to_be_visible()
    dialog.get_by_role("button", name="Look for near-duplicates").click()
    cards = dialog.locator(".x-dup-card")
    expect(cards).to_have_count(3, timeout=30_000)
    expect(dialog.get_by_text("1 group of near-duplicates.")).to_be_visible()
    expect(cards.filter(has_text="The same file")).to_have_count(1)
    expect(cards.filter(has_text="Mirrored")).to_have_count(1)
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save as a table").click()
    table = list(csv.reader(download.value.path().read_text("utf-8").splitlines()))
    assert [row[1] for row in table] == ["keep", "yes", "no", "no"]
    cards.filter(has_text="Mirrored").get_by_role("button", name="Different").click()
    page.get_by_role("button", name="It is different").click()
    expect(cards).to_have_count(2)
    dialog.get_by_role("button", name="Undo").click()
    expect(cards).to_have_count(3)
    dialog.get_by_role("slider").fill("100")
    expect(cards).to_have_count(2)
    dialog.get_by_role("button", name="Sounds").click()
    expect(dialog.get_by_text("None here.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert len([p for p in (tmp_path / "media").rglob("*") if p.is_file()]) == 4
