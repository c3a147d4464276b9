import os

from tests.catalogue.conftest import plain
from xmr_core.catalogue import journal
from xmr_core.filters import Filters
from xmr_core.media import Modality


def test_a_failure_says_which_file_why_and_what_to_do(catalogue, root):
    catalogue.add_failure(
        root.id, "a/b.png", "DamagedMedia", "is cut short", "Copy it.", modality=Modality.IMAGE
    )
    (failure,) = catalogue.failures()
    assert failure.file == root.path / "a/b.png"
    assert (failure.kind, failure.modality) == ("DamagedMedia", Modality.IMAGE)
    assert (failure.reason, failure.hint) == ("is cut short", "Copy it.")
    assert failure.when > 1e9


def test_failures_come_newest_first_one_for_each_file(catalogue, root):
    for path in ("a.png", "b.png", "a.png"):
        catalogue.add_failure(root.id, path, "DamagedMedia", "is damaged")
    assert [failure.path for failure in catalogue.failures()] == ["a.png", "b.png"]


def test_a_file_that_fails_now_is_no_longer_found_by_its_former_content(catalogue, root):
    catalogue.put(plain(root, "a.txt", size=1, mtime_ns=1))
    catalogue.put(plain(root, "b.txt", size=1, mtime_ns=1))
    catalogue.add_failure(root.id, "a.txt", "DamagedMedia", "is damaged", size=2, mtime_ns=2)
    catalogue.add_failure(root.id, "b.txt", "HubUnreachable", "no encoder", size=1, mtime_ns=1)
    assert [item.path for item in catalogue.find(Filters())] == ["b.txt"]


def test_retried_failures_look_changed_to_the_next_run(catalogue, root):
    for path in ("a.png", "b.png"):
        catalogue.add_failure(root.id, path, "DamagedMedia", "is damaged", size=5, mtime_ns=6)
    known = catalogue.known_failures(root.id, "")
    assert (known["a.png"].size, known["a.png"].mtime_ns) == (5, 6)
    catalogue.retry([known["a.png"].id])
    known = catalogue.known_failures(root.id, "")
    assert (known["a.png"].size, known["b.png"].size) == (-1, 5)
    catalogue.retry()
    assert catalogue.known_failures(root.id, "")["b.png"].size == -1
    catalogue.retry([])
    catalogue.forget_failures([known["b.png"].id])
    assert set(catalogue.known_failures(root.id, "")) == {"a.png"}


def test_failures_below_a_folder_are_known_by_it(catalogue, root):
    for path in ("a/x.png", "ab/y.png", "a"):
        catalogue.add_failure(root.id, path, "DamagedMedia", "is damaged")
    assert set(catalogue.known_failures(root.id, "a")) == {"a/x.png"}


def test_a_run_is_noted_with_its_process_and_end(catalogue):
    id = catalogue.start_run()
    (run,) = catalogue.runs()
    assert (run.id, run.pid, run.state, run.finished) == (id, os.getpid(), "running", None)
    catalogue.save_run(id, {"done": 3})
    assert catalogue.runs()[0].progress == {"done": 3}
    catalogue.save_run(id, {"done": 4}, "done")
    run = catalogue.runs()[0]
    assert run.state == "done" and run.finished >= run.started


def test_a_run_left_by_a_dead_process_ends_as_failed_when_the_next_starts(catalogue):
    first = catalogue.start_run()
    second = catalogue.start_run()
    assert [(run.id, run.state) for run in catalogue.runs()] == [
        (second, "running"),
        (first, "failed"),
    ]
    assert len(catalogue.runs(1)) == 1


def test_history_is_newest_first_without_repetition(catalogue):
    for text in ("owl", "rain", "owl"):
        catalogue.remember({"text": text, "k": 5})
    assert [search.query["text"] for search in catalogue.history()] == ["owl", "rain"]
    assert [search.query["text"] for search in catalogue.history(1)] == ["owl"]


def test_history_is_bounded(catalogue, monkeypatch):
    monkeypatch.setattr(journal, "_HISTORY", 3)
    for i in range(6):
        catalogue.remember({"n": i})
    assert [search.query["n"] for search in catalogue.history()] == [5, 4, 3]


def test_saved_searches_are_apart_from_history(catalogue):
    catalogue.remember({"text": "owl"})
    id = catalogue.save_search("Owls 🦉", {"text": "owl"})
    (saved,) = catalogue.saved_searches()
    assert (saved.id, saved.name, saved.query) == (id, "Owls 🦉", {"text": "owl"})
    assert len(catalogue.history()) == 1
    catalogue.forget_search(id)
    assert catalogue.saved_searches() == [] and len(catalogue.history()) == 1
    catalogue.forget_search(catalogue.history()[0].id)
    assert catalogue.history() == []
