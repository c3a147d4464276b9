"""Work beside the runs: joined, told of for each library, over before libraries close."""

import time
from collections.abc import Iterator

import pytest

from xmr_core.indexing import Control, Progress
from xmr_core.library import Library
from xmr_core.ui.context import Context
from xmr_core.ui.shelf import Shelf
from xmr_core.ui.side_jobs import SideJobs


@pytest.fixture
def context(tmp_path):
    for name in ("one", "two"):
        Library.create(name, home=tmp_path).close()
    context = Context(Shelf(tmp_path), home=tmp_path)
    yield context
    context.close()


def counting(library: Library):
    """Read the library until cancelled."""

    def work(control: Control) -> Iterator[Progress]:
        done = 0
        while not control.cancelled:
            library.counts()
            done += 1
            yield Progress("arrange", done)
            time.sleep(0.005)
        time.sleep(0.1)  # what is in flight takes its time
        library.counts()
        yield Progress("cancelled", done)

    return work


def test_who_asks_again_joins_it(context):
    jobs = SideJobs(context.board(), "Counting", counting)
    one = context.shelf.get("one")
    assert jobs.told(one) is None
    assert jobs.join(one)["state"] == "running"
    assert jobs.join(one)["state"] == "running"
    assert jobs.told(context.shelf.get("two")) is None, "another library's"
    jobs.cancel(one)
    while jobs.told(one)["active"]:
        time.sleep(0.01)
    assert jobs.told(one)["state"] == "cancelled"
    assert jobs.cancel(context.shelf.get("two")) is None


def test_boards_are_closed_before_the_libraries_are(context):
    jobs = SideJobs(context.board(), "Counting", counting)
    one = context.shelf.get("one")
    jobs.join(one)
    context.close()
    assert jobs.told(one)["state"] == "cancelled", jobs.told(one)
