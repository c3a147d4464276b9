"""Runs that go on whatever the browser does."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from xmr_core.errors import DiskFull, LibraryBusy, LibraryError
from xmr_core.indexing import Control, Progress
from xmr_core.ui.jobs import Job, JobBoard, State


def until(met: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for something, or fail."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)


def counting(control: Control) -> Iterator[Progress]:
    """Count until cancelled."""
    done = 0
    while not control.cancelled:
        if not control.paused:
            done += 1
        yield Progress("encode", done, paused=control.paused)
        time.sleep(0.005)
    yield Progress("cancelled", done)


def quick(_: Control) -> Iterator[Progress]:
    yield Progress("done", 3, 3)


def ended(job: Job) -> bool:
    return not job.active and job.finished is not None


def test_a_job_ends_with_its_last_report():
    board = JobBoard()
    job = board.start("birds", "Indexing", quick)
    until(lambda: ended(job))
    assert (job.state, job.progress) == (State.DONE, Progress("done", 3, 3))
    assert board.get("birds") is job
    assert board.active() == []


def test_a_job_pauses_goes_on_and_is_cancelled():
    job = JobBoard().start("birds", "Indexing", counting)
    until(lambda: job.progress is not None and job.progress.done > 2)
    job.pause()
    until(lambda: job.progress is not None and job.progress.paused)
    assert job.state is State.PAUSED
    assert job.progress is not None
    held = job.progress.done
    time.sleep(0.1)
    assert job.progress.done == held
    job.resume()
    until(lambda: job.progress is not None and job.progress.done > held)
    assert job.state is State.RUNNING
    job.cancel()
    until(lambda: ended(job))
    assert job.state is State.CANCELLED


def test_a_paused_job_can_be_cancelled():
    job = JobBoard().start("birds", "Indexing", counting)
    job.pause()
    job.cancel()
    until(lambda: ended(job))
    assert job.state is State.CANCELLED
    job.pause()
    job.resume()
    assert job.state is State.CANCELLED


def test_one_library_has_one_run_and_another_has_its_own():
    board = JobBoard()
    first = board.start("birds", "Indexing", counting)
    with pytest.raises(LibraryBusy, match="birds"):
        board.start("birds", "Indexing", quick)
    with pytest.raises(LibraryBusy):
        board.check_idle("birds")
    other = board.start("trees", "Indexing", counting)
    assert set(board.active()) == {first, other}
    assert set(board.all()) == {first, other}
    board.close()
    assert ended(first)
    assert ended(other)


def test_only_one_of_many_starts_at_once_wins():
    board = JobBoard()
    gate = threading.Barrier(8)
    won: list[Job] = []

    def start() -> None:
        gate.wait()
        with contextlib.suppress(LibraryBusy):
            won.append(board.start("birds", "Indexing", counting))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    board.close()


def test_a_job_that_fails_keeps_its_error_and_its_last_report():
    def full(_: Control) -> Iterator[Progress]:
        yield Progress("encode", 5, 9)
        raise DiskFull("The disk is full.", "Free some space.")

    job = JobBoard().start("birds", "Indexing", full)
    until(lambda: ended(job))
    assert job.state is State.FAILED
    assert isinstance(job.error, DiskFull)
    assert job.progress == Progress("encode", 5, 9)


def test_an_unexpected_error_is_told_and_logged(caplog: pytest.LogCaptureFixture):
    def broken(_: Control) -> Iterator[Progress]:
        yield Progress("walk")
        raise ZeroDivisionError("division by zero")

    with caplog.at_level(logging.ERROR):
        job = JobBoard().start("birds", "Indexing", broken)
        until(lambda: ended(job))
    assert job.error is not None
    assert "ZeroDivisionError" in job.error.message
    assert job.error.hint
    assert "birds" in caplog.text


def test_a_cancelled_job_is_taken_up_again():
    board = JobBoard()
    first = board.start("birds", "Indexing", counting)
    with pytest.raises(LibraryBusy):
        board.again("birds")
    first.cancel()
    until(lambda: ended(first))
    second = board.again("birds")
    assert second is not first
    assert (second.what, second.number) == ("Indexing", first.number + 1)
    until(lambda: second.progress is not None)
    board.close()
    with pytest.raises(LibraryError, match="trees"):
        board.again("trees")


def test_ended_jobs_are_forgotten_and_running_ones_are_not():
    board = JobBoard()
    job = board.start("birds", "Indexing", counting)
    board.forget("birds")
    assert board.get("birds") is job
    board.close()
    board.forget("birds")
    assert board.get("birds") is None


def test_a_thread_that_has_ended_is_let_go_of():
    board = JobBoard()
    for name in ("birds", "cats", "dogs"):
        board.start(name, "Indexing", quick)
    until(lambda: not board._threads)
    assert all(ended(job) for job in board.all())
    job = board.start("birds", "Indexing", counting)
    assert list(board._threads) == ["birds"]
    board.close()
    assert ended(job) and not board._threads
