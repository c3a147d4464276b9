"""Pausing, cancelling, searching meanwhile, and two runs at once."""

import threading
import time
from pathlib import Path

import pytest

from tests import children
from tests.fakes import WordEncoder, fake_space
from tests.indexing.world import content, fill, found, run, write_text
from xmr_core import readers
from xmr_core.catalogue import Catalogue
from xmr_core.errors import LibraryBusy, LibraryReadOnly
from xmr_core.filters import Filters
from xmr_core.gallery import Gallery
from xmr_core.indexing import Control, check_idle, estimate, index_run, intake
from xmr_core.media import Modality, Text
from xmr_core.query import Query, Term
from xmr_core.search import Searcher


class Slow(WordEncoder):
    """Takes a tenth of a second a batch."""

    def encode(self, batch):
        time.sleep(0.1)
        return super().encode(batch)


def slow_run(library, media, control, n=200, **encoders):
    for i in range(n):
        write_text(media / f"{i:03}.txt", f"red {i}")
    space = fake_space(**({"text": Slow()} | encoders))
    thumbs = library.path.parent / "thumbs"
    return index_run(library, space, [media], control=control, thumbs=thumbs)


def test_a_cancelled_run_keeps_what_is_done_and_the_next_goes_on_from_there(library, media):
    control = Control()
    cancelled = 0.0
    for event in slow_run(library, media, control):
        if event.done > 60 and not control.cancelled:
            control.cancel()
            cancelled = time.monotonic()
    assert time.monotonic() - cancelled < 1
    assert event.stage == "cancelled" and 60 < event.done < 200
    assert len(found(library)) == event.added == event.done
    assert library.runs()[0].state == "cancelled"
    last = run(library, media)
    assert (last.skipped, last.added) == (event.done, 200 - event.done)
    assert len(found(library)) == 200


def test_a_run_cancelled_before_it_starts_changes_nothing(library, media):
    control = Control()
    control.cancel()
    *_, last = slow_run(library, media, control)
    assert last.stage == "cancelled" and found(library) == []


def test_a_cancelled_run_marks_nothing_as_gone(library, media):
    fill(media)
    run(library, media)
    before = content(library)
    (media / "texts/001.txt").unlink()
    control = Control()
    control.cancel()
    assert run(library, media, control=control).stage == "cancelled"
    assert content(library) == before


def test_a_paused_run_holds_on_and_goes_on(library, media, monkeypatch):
    monkeypatch.setitem(intake.BATCH, Modality.TEXT, 4)
    batches = []

    class Counted(Slow):
        def encode(self, batch):
            batches.append(len(batch))
            return super().encode(batch)

    control = Control()
    events = slow_run(library, media, control, text=Counted())
    for event in events:
        if event.done > 20:
            break
    control.pause()
    before = len(batches)
    time.sleep(0.5)
    for _ in range(5):
        event = next(events)
    held = event.done
    assert event.paused and held < 200
    assert len(batches) <= before + 1, "the batch in hand, and no other"
    for _ in range(2):
        event = next(events)
    assert (event.done, event.paused) == (held, True)
    monkeypatch.setitem(intake.BATCH, Modality.TEXT, 32)
    control.resume()
    *_, last = events
    assert (last.stage, last.added, last.paused) == ("done", 200, False)


def test_nothing_is_read_in_a_pause(library, media, monkeypatch):
    read, real = [], readers.read
    monkeypatch.setattr(readers, "read", lambda path: (read.append(path), real(path))[1])
    control = Control()
    control.pause()
    events = slow_run(library, media, control, 20)
    for _ in range(6):
        event = next(events)
    assert event.paused and read == []
    control.resume()
    *_, last = events
    assert last.added == len(read) == 20


def test_a_paused_run_can_be_cancelled(library, media):
    control = Control()
    events = slow_run(library, media, control)
    control.pause()
    for _ in range(6):
        event = next(events)
    assert event.paused
    control.cancel()
    *_, last = events
    assert (last.stage, last.paused) == ("cancelled", False)


def test_a_run_that_nobody_follows_any_more_is_cancelled(library, media):
    events = slow_run(library, media, Control())
    for event in events:
        if event.done > 40:
            break
    events.close()
    assert library.runs()[0].state == "cancelled"
    check_idle(library)
    assert len(found(library)) >= event.done
    time.sleep(0.3)
    ours = ("xmr-reader", "xmr-encoder")  # towers keep their threads for the next run
    assert not [t for t in threading.enumerate() if t.name.startswith(ours)]


def test_a_run_may_be_followed_by_one_thread_after_another(library, media):
    events = slow_run(library, media, Control(), 40)
    seen = []

    def follow():
        seen.extend(event for event, _ in zip(events, range(3), strict=False))

    first = threading.Thread(target=follow)
    first.start()
    first.join()
    seen.extend(events)
    assert seen[-1].stage == "done" and len(found(library)) == 40


def test_what_is_committed_can_be_searched_while_the_run_goes_on(library, media, cache):
    space = fake_space()
    searcher = Searcher("colours", library, space, Gallery(library, space, media.parent / "index"))
    seen = []
    for event in slow_run(library, media, Control()):
        results = searcher.search(Query((Term(Text("red")),), k=300))
        assert all(hit.item.path.endswith(".txt") for hit in results.hits)
        seen.append((event.done, len(results.hits)))
    assert any(0 < hits < 200 for _, hits in seen)
    searcher.shelves()
    assert len(searcher.search(Query((Term(Text("red")),), k=300)).hits) == 200


def test_texts_that_change_their_parts_can_be_searched_meanwhile(library, media, cache):
    """An index that is a moment behind may name parts that are gone."""
    space = fake_space()
    searcher = Searcher("colours", library, space, Gallery(library, space, media.parent / "index"))
    for i in range(20):
        write_text(media / f"{i}.txt", f"blue {i}\n\nred\n\nred red")
    run(library, media)
    query = Query((Term(Text("red")),), k=50)
    assert len(searcher.search(query).hits) == 20
    for i in range(20):
        write_text(media / f"{i}.txt", f"blue and green {i}")
    searcher._gallery._took = 1000.0  # as if the last refresh had taken long
    run(library, media)
    found_now = searcher.search(query)
    assert len(found_now.hits) <= 20
    searcher.shelves()
    assert len(searcher.search(query).hits) == 20


def test_a_run_whose_reader_hangs_can_be_cancelled(library, media, monkeypatch):
    """As on a network folder that does not answer."""
    write_text(media / "a.txt", "red")
    write_text(media / "b.txt", "blue")
    hang, real = threading.Event(), readers.read
    monkeypatch.setattr(
        readers, "read", lambda path: (path.name == "b.txt" and hang.wait(), real(path))[1]
    )
    control = Control()
    try:
        events = index_run(
            library, fake_space(), [media], control=control, thumbs=media.parent / "thumbs"
        )
        for event in events:
            if event.done == 1:
                break
        control.cancel()
        started = time.monotonic()
        *_, last = events
        assert last.stage == "cancelled" and time.monotonic() - started < 2
        check_idle(library)
    finally:
        hang.set()
    monkeypatch.undo()
    assert run(library, media).added == 1


# -- two at once


def hold(folder, media, seconds):
    """A run that takes its time."""

    class Sleepy(WordEncoder):
        def encode(self, batch):
            Path(folder, "holding").touch()
            time.sleep(seconds)
            return super().encode(batch)

    with Catalogue(Path(folder) / "catalogue.sqlite") as catalogue:
        return run(catalogue, Path(media), fake_space(text=Sleepy())).stage


def test_two_runs_of_one_process_do_not_mix(library, media):
    events = slow_run(library, media, Control())
    next(events)
    with pytest.raises(LibraryBusy, match="Another run holds library"):
        run(library, media)
    with pytest.raises(LibraryBusy):
        check_idle(library)
    events.close()
    assert run(library, media).stage == "done"


def test_two_runs_of_two_processes_do_not_mix(library, media):
    write_text(media / "a.txt", "red")
    folder = library.path.parent
    child = children.start(hold, str(folder), str(media), 60)
    try:
        until = time.monotonic() + 30
        while not (folder / "holding").exists():
            assert time.monotonic() < until and child.poll() is None
            time.sleep(0.01)
        with pytest.raises(LibraryBusy, match=rf"process {child.pid}"):
            run(library, media)
        assert found(library) == []
    finally:
        child.kill()
        child.communicate()
    assert run(library, media).added == 1, "a killed process holds nothing"
    assert [r.state for r in library.runs()] == ["done", "failed"]


def test_runs_of_two_libraries_go_on_side_by_side(library, media, tmp_path):
    (tmp_path / "other").mkdir()
    with Catalogue(tmp_path / "other" / "catalogue.sqlite") as other:
        events = slow_run(library, media, Control(), 40)
        next(events)
        assert run(other, media).added == 40
        *_, last = events
        assert last.added == 40


# -- before a run


def test_an_estimate_counts_without_changing_anything(library, media):
    fill(media, 8)
    before = library.generation
    made = estimate(library, fake_space(), [media])
    assert made.files == {Modality.TEXT: 8, Modality.IMAGE: 8, Modality.AUDIO: 2}
    assert (made.new, made.changed) == (18, 0)
    assert made.bytes == sum(f.stat().st_size for f in media.rglob("*.*"))
    assert made.seconds > 0 and made.disk > 0
    assert library.roots() == [] and library.generation == before
    assert found(library) == []


def test_an_estimate_counts_the_length_of_texts(library, tmp_path):
    for name, size in (("short", 3_000), ("long", 400_000)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("word " * (size // 5))
    short, long = (estimate(library, fake_space(), [tmp_path / n]) for n in ("short", "long"))
    assert short.seconds < 1 and 15 < long.seconds < 25


def test_an_estimate_knows_what_is_there(library, media):
    fill(media, 8)
    run(library, media)
    write_text(media / "texts/000.txt", "now green")
    write_text(media / "new.txt", "red")
    made = estimate(library, fake_space(), [media])
    assert (made.new, made.changed) == (1, 1)
    assert estimate(library, fake_space(), [media], ignore=["*.txt"]).new == 0


def test_an_estimate_of_a_folder_above_a_root_knows_what_is_in_the_root(library, tmp_path):
    fill(tmp_path / "all/some", 8)
    (tmp_path / "all/some/bad.txt").touch()
    run(library, tmp_path / "all/some")
    write_text(tmp_path / "all/new.txt", "red")
    made = estimate(library, fake_space(), [tmp_path / "all"])
    assert (made.new, made.changed) == (1, 0)
    assert [root.path for root in library.roots()] == [tmp_path / "all/some"]


def test_an_estimate_warns_of_lost_folders(library, tmp_path):
    media = fill(tmp_path / "media", 20)
    run(library, media)
    for file in media.rglob("*.*"):
        file.unlink()
    made = estimate(library, fake_space(), [media])
    assert "is empty" in made.warnings[0] and made.doubtful == 45


def test_estimates_are_true_to_what_a_run_took(library, media):
    for i in range(40):
        write_text(media / f"{i:02}.txt", f"red {i}")
    run(library, media, fake_space(text=Slow()))
    for i in range(40):
        write_text(media / f"more/{i:02}.txt", f"blue {i}")
    seconds = estimate(library, fake_space(), [media]).seconds
    started = time.monotonic()
    run(library, media, fake_space(text=Slow()))
    took = time.monotonic() - started
    assert seconds / 4 < took < seconds * 4


# -- rights


def index_in(folder):
    try:
        with Catalogue(Path(folder) / "library" / "catalogue.sqlite") as catalogue:
            run(catalogue, Path(folder) / "media")
    except LibraryReadOnly as error:
        return str(error)
    return "indexed"


def test_a_run_on_a_read_only_library_says_so(common):
    (common / "library").mkdir()
    write_text(common / "media/a.txt")
    with Catalogue(common / "library" / "catalogue.sqlite"):
        pass
    (common / "library").chmod(0o555)
    said = children.call(index_in, str(common), unprivileged=True)
    assert "library cannot be written" in said and "write permission" in said


def test_a_read_only_library_can_be_searched(common):
    media = common / "media"
    write_text(media / "a.txt", "red")
    (common / "library").mkdir()
    with Catalogue(common / "library" / "catalogue.sqlite") as catalogue:
        run(catalogue, media)
    (common / "library" / "index").mkdir()
    for name in ("text.faiss", "text.npz"):
        (common / "library" / "index" / name).write_bytes(b"of another time")
    for path in (common / "library", common / "library" / "index"):
        path.chmod(0o555)
    assert children.call(search_in, str(common), unprivileged=True) == ["a.txt"]


def search_in(folder):
    folder = Path(folder)
    space = fake_space()
    with Catalogue(folder / "library" / "catalogue.sqlite") as catalogue:
        gallery = Gallery(catalogue, space, folder / "library" / "index")
        searcher = Searcher("colours", catalogue, space, gallery)
        hits = searcher.search(Query((Term(Text("red")),), Filters())).hits
        return [hit.item.path for hit in hits]
