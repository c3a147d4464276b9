import os
import signal
import threading
import time

import pytest

from tests.indexing.world import write_text
from xmr_core.library import Library
from xmr_core.media import Modality


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("xmr_core.watching.settling._QUIET", 0.3)
    monkeypatch.setattr("xmr_core.watching.watcher._TICK", 0.1)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def texts():
    with Library.open("hues") as library:
        return library.counts().get(Modality.TEXT, 0)


def meanwhile(do, until):
    """Does something beside the command, and interrupts it once that has shown."""

    def work():
        try:
            time.sleep(1.0)
            do()
            end = time.monotonic() + 20
            while not until() and time.monotonic() < end:
                time.sleep(0.1)
            time.sleep(0.5)
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_what_changes_is_indexed_and_told_until_it_is_interrupted(xmr, library, quick):
    thread = meanwhile(lambda: write_text(library / "more/blue.txt", "blue"), lambda: texts() == 2)
    status, out, err = xmr("watch", "hues")
    thread.join()
    assert status == 130
    assert out.strip().endswith("hues: 1 added.")
    assert "Watching hues." in err and "Stopped watching." in err
    assert texts() == 2


def test_a_folder_that_is_away_is_told_and_loses_nothing(xmr, library, quick):
    began = time.monotonic()
    away = library.with_name("away")
    thread = meanwhile(lambda: library.rename(away), lambda: time.monotonic() - began > 4)
    status, out, err = xmr("watch", "hues")
    thread.join()
    assert (status, out) == (130, "") and "is away; what is known of it is kept." in err
    assert texts() == 1


def test_there_is_nothing_to_watch_without_a_library(xmr):
    assert xmr("watch")[0] == 1
    assert "There is no library" in xmr("watch", "absent")[2]
