"""Watched libraries on a real server's board: what changes on disk is found soon after."""

import threading

import pytest
from PIL import Image

from tests import named
from tests.library.steps import paint
from tests.ui.test_jobs import until
from tests.ui.test_library_page import Page
from xmr_core.media import Modality


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setattr("xmr_core.watching.settling._QUIET", 0.3)
    monkeypatch.setattr("xmr_core.watching.watcher._TICK", 0.1)
    with named.registered():
        page = Page(tmp_path / "home")
        folder = tmp_path / "media"
        paint(folder, 1)
        page("library-create", name="Colours", profile="colours", folder=str(folder))
        page.wait("Colours")
        yield page
        page.context.watches.close()
        page.close()


def draw(file):
    Image.new("RGB", (16, 16), "blue").save(file)


def pictures(page, name="Colours"):
    return page.context.shelf.get(name).counts().get(Modality.IMAGE, 0)


def test_watching_is_off_until_it_is_asked_for(page, tmp_path):
    page.context.watches.begin()
    assert not page.context.shelf.get("Colours").watched
    assert 'aria-checked="false" data-do="watch"' in page("library", name="Colours")["html"]
    assert page.context.watches.latest("Colours") is None


def test_a_new_file_and_a_deleted_one_are_noticed(page, tmp_path):
    page("library-watch", library="Colours", on=True)
    assert 'aria-checked="true" data-do="watch"' in page("library", name="Colours")["html"]
    draw(tmp_path / "media" / "blue.png")
    until(lambda: pictures(page) == 2)
    next((tmp_path / "media").glob("[!b]*")).unlink()
    until(lambda: pictures(page) == 1)


def test_watches_begin_with_the_server(page, tmp_path):
    page.context.shelf.get("Colours").set_watched(True)
    page.context.watches.begin()
    until(lambda: page.context.watches.latest("Colours") is not None)
    draw(tmp_path / "media" / "blue.png")
    until(lambda: pictures(page) == 2)


def test_a_watch_that_is_switched_off_notices_nothing(page, tmp_path):
    page("library-watch", library="Colours", on=True)
    until(lambda: page.context.watches.latest("Colours") is not None)
    until(lambda: not page.context.jobs.active())
    page("library-watch", library="Colours", on=False)
    before = page.context.jobs.get("Colours").number
    draw(tmp_path / "media" / "blue.png")
    with pytest.raises(AssertionError):
        until(lambda: page.context.jobs.get("Colours").number != before, 1.5)


def test_a_watch_follows_its_library_to_another_name_and_ends_with_it(page, tmp_path):
    page("library-watch", library="Colours", on=True)
    until(lambda: page.context.watches.latest("Colours") is not None)
    until(lambda: not page.context.jobs.active())
    page("library-rename", library="Colours", name="Paints")
    draw(tmp_path / "media" / "blue.png")
    until(lambda: pictures(page, "Paints") == 2)
    until(lambda: not page.context.jobs.active())
    page("library-delete", library="Paints", typed="Paints")
    assert page.context.watches.latest("Paints") is None


def test_a_root_that_is_away_is_told_and_loses_nothing(page, tmp_path):
    page("library-watch", library="Colours", on=True)
    until(lambda: page.context.watches.latest("Colours") is not None)
    (tmp_path / "media").rename(tmp_path / "elsewhere")
    until(lambda: page.context.watches.latest("Colours").away)
    assert "not there now, looked at when back" in page("library", name="Colours")["html"]
    assert pictures(page) == 1
    (tmp_path / "elsewhere").rename(tmp_path / "media")
    until(lambda: not page.context.watches.latest("Colours").away)


def test_what_is_noticed_while_a_run_goes_on_is_looked_at_after_it(page, tmp_path):
    page("library-watch", library="Colours", on=True)
    until(lambda: page.context.watches.latest("Colours") is not None)
    until(lambda: not page.context.jobs.active())
    page("run-start", library="Colours", folders=[])
    page("run-pause", library="Colours")
    draw(tmp_path / "media" / "blue.png")
    until(lambda: len(page.context.watches.latest("Colours").folders) > 0)
    page("run-resume", library="Colours")
    until(lambda: pictures(page) == 2)


def test_a_server_that_stops_while_it_begins_waits_for_what_reads_its_libraries(page, monkeypatch):
    asked, go_on, after = threading.Event(), threading.Event(), []
    real = page.context.shelf.get

    def slowly(name):
        asked.set()
        go_on.wait(5)
        after.append(name)
        return real(name)

    monkeypatch.setattr(page.context.shelf, "get", slowly)
    page.context.watches.begin()
    asked.wait(5)
    threading.Timer(0.3, go_on.set).start()
    page.context.watches.close()
    assert after == ["Colours"]  # it came back before the catalogues are closed
    page.context.watches.begin()
    page.context.watches.close()
    assert after == ["Colours"]  # and nothing is looked into once all is closed
