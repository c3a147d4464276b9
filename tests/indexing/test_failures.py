"""Bad files, faulty encoders: each is named, nothing else suffers, the run goes on."""

import os
import stat
import threading
from pathlib import Path

import numpy as np
import pytest

from tests import children
from tests.fakes import PictureEncoder, PitchEncoder, WordEncoder, fake_space
from tests.indexing.world import content, fill, found, run, write_picture, write_sound, write_text
from xmr_core import readers
from xmr_core.catalogue import Catalogue
from xmr_core.errors import HubUnreachable, WeightsMissing
from xmr_core.filters import Filters
from xmr_core.indexing import index_run
from xmr_core.media import Modality


def reasons(catalogue):
    return {failure.path: (failure.kind, failure.reason) for failure in catalogue.failures()}


def test_a_bad_file_is_a_row_with_its_reason_and_the_run_goes_on(library, media):
    fill(media, 4)
    (media / "empty.txt").touch()
    (media / "cut.png").write_bytes(write_picture(media / "x.png").read_bytes()[:40])
    (media / "junk.wav").write_bytes(os.urandom(5000))
    (media / "junk.glb").write_bytes(b"glTF" + os.urandom(500))
    last = run(library, media)
    assert (last.stage, last.failed, last.added) == ("done", 4, 10)
    failures = {failure.path: failure for failure in library.failures()}
    assert set(failures) == {"empty.txt", "cut.png", "junk.wav", "junk.glb"}
    assert failures["empty.txt"].kind == "EmptyFile"
    assert all(f.reason and f.hint for f in failures.values())
    assert not any("Traceback" in f.reason for f in failures.values())


def test_a_bad_file_is_not_tried_again_until_it_changes_or_is_asked_for(library, media):
    file = media / "a.txt"
    file.touch()
    run(library, media)
    assert (run(library, media).total, len(library.failures())) == (0, 1)
    library.retry([library.failures()[0].id])
    last = run(library, media)
    assert (last.total, last.failed) == (1, 1)
    write_text(file, "red")
    last = run(library, media)
    assert (last.added, last.failed) == (1, 0) and library.failures() == []


def test_a_failure_is_over_when_its_file_is_gone(library, media):
    (media / "a.txt").touch()
    write_text(media / "b.txt", "red")
    run(library, media)
    (media / "a.txt").unlink()
    run(library, media)
    assert library.failures() == []


def test_an_item_whose_file_is_spoiled_is_not_found_until_it_is_well_again(library, media):
    file = write_text(media / "a.txt", "red")
    write_text(media / "b.txt", "blue")
    run(library, media)
    times = file.stat()
    file.write_bytes(b"")
    run(library, media)
    assert found(library) == ["b.txt"] and "a.txt" in reasons(library)
    file.write_text("red")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    last = run(library, media)
    assert (last.returned, last.total) == (1, 0), "its vectors were kept"
    assert found(library) == ["a.txt", "b.txt"] and library.failures() == []


# -- encoders


class Picky(WordEncoder):
    """Cannot bear the word poison, and says so for the whole batch."""

    def encode(self, batch):
        if any("poison" in text.text for text in batch):
            raise RuntimeError("poisoned batch")
        return super().encode(batch)


def test_an_encoder_that_fails_on_one_file_fails_that_file_alone(library, media):
    for i in range(40):
        write_text(media / f"{i:02}.txt", "poison" if i == 17 else f"red {i}")
    last = run(library, media, fake_space(text=Picky()))
    assert (last.added, last.failed) == (39, 1)
    kind, reason = reasons(library)["17.txt"]
    assert kind == "RuntimeError" and "poisoned batch" in reason
    assert library.failures()[0].modality == Modality.TEXT
    assert run(library, media, fake_space(text=Picky())).total == 0


class Wild(WordEncoder):
    """Gives numbers that are none for one text, and forgets another."""

    def encode(self, batch):
        encodings = super().encode(batch)
        for text, encoding in zip(batch, encodings, strict=True):
            if "wild" in text.text:
                encoding.pooled[0] = np.nan
        return [e for t, e in zip(batch, encodings, strict=True) if "lost" not in t.text]


def test_numbers_that_are_not_finite_are_never_kept(library, media):
    write_text(media / "a.txt", "wild")
    write_text(media / "b.txt", "lost")
    write_text(media / "c.txt", "red")
    last = run(library, media, fake_space(text=Wild()))
    assert (last.added, last.failed) == (1, 2) and found(library) == ["c.txt"]
    assert "not finite, or too few" in reasons(library)["a.txt"][1]


class Unavailable(PictureEncoder):
    """Weights that cannot be had: the second batch finds out."""

    def __init__(self, error):
        self.error, self.batches = error, 0

    def encode(self, batch):
        self.batches += 1
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        WeightsMissing("The weights of lite2 are not here.", "Run: xmr models pull lite2"),
        HubUnreachable("The model hub does not answer.", "Use the embedded profile."),
    ],
)
def test_weights_that_cannot_be_had_close_their_medium_alone(library, media, error):
    fill(media, 40)
    encoder = Unavailable(error)
    last = run(library, media, fake_space(image=encoder))
    assert (last.stage, last.failed, last.added) == ("done", 40, 50)
    assert encoder.batches == 1, "it is asked once, not for every file"
    assert {kind for kind, _ in reasons(library).values()} == {type(error).__name__}
    assert {f.hint for f in library.failures()} == {error.hint}
    (warning,) = last.warnings
    assert error.message in warning and error.hint in warning
    last = run(library, media)
    assert (last.added, last.failed, library.failures()) == (40, 0, []), "and tried again"


def test_a_fault_of_the_machinery_is_raised_and_leaves_what_was_kept(library, media):
    class Broken(PitchEncoder):
        def encode(self, batch):
            raise SystemExit

    fill(media, 20)
    with pytest.raises(SystemExit):
        run(library, media, fake_space(audio=Broken()))
    assert library.runs()[0].state == "failed"
    assert run(library, media).stage == "done" and len(found(library)) == 45


# -- what readers and the system do


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ZeroDivisionError("oh"), "ZeroDivisionError"),
        (MemoryError(), "OversizedMedia"),
        (OSError(5, "Input/output error"), "UnreadableFile"),
        (RecursionError("deep"), "RecursionError"),
    ],
)
def test_whatever_a_reader_raises_fails_its_file_alone(library, media, monkeypatch, error, kind):
    for i in range(5):
        write_text(media / f"{i}.txt", f"red {i}")
    real = readers.read

    def read(path):
        if path.name == "3.txt":
            raise error
        return real(path)

    monkeypatch.setattr(readers, "read", read)
    last = run(library, media)
    assert (last.added, last.failed) == (4, 1)
    assert reasons(library)["3.txt"][0] == kind
    if kind == "UnreadableFile":
        monkeypatch.undo()
        assert run(library, media).added == 1, "it may have passed"


def test_a_file_that_vanishes_while_it_is_read_waits_for_the_next_run(library, media, monkeypatch):
    fill(media, 4)
    real = readers.read

    def read(path):
        if path.name == "002.txt":
            path.unlink()
        return real(path)

    monkeypatch.setattr(readers, "read", read)
    last = run(library, media)
    assert (last.waiting, last.failed, last.added) == (1, 0, 8)


def test_a_file_that_is_still_being_written_waits_for_the_next_run(library, media, monkeypatch):
    fill(media, 4)
    real = readers.read

    def read(path):
        media = real(path)
        if path.name == "002.txt":
            with path.open("a") as file:
                file.write(" more")
        return media

    monkeypatch.setattr(readers, "read", read)
    last = run(library, media)
    assert (last.waiting, last.failed) == (1, 0) and "texts/002.txt" not in found(library)
    monkeypatch.undo()
    assert run(library, media).added == 1


@children.posix
def test_a_file_that_turned_into_something_else_since_the_walk_is_not_opened(
    library, media, tmp_path, monkeypatch
):
    """A pipe would be waited on for ever, a link might lead anywhere."""
    secret = write_text(tmp_path / "secret.txt", "blue")
    write_text(media / "a.txt", "red")
    write_text(media / "b.txt", "red")
    write_text(media / "c.txt", "green")
    events = index_run(library, fake_space(), [media], thumbs=tmp_path / "thumbs")
    assert next(events).stage == "walk"
    from xmr_core.indexing import run as module

    real = module.Intake.start

    def start(self):
        (media / "a.txt").unlink()
        os.mkfifo(media / "a.txt")
        (media / "b.txt").unlink()
        (media / "b.txt").symlink_to(secret)
        real(self)

    monkeypatch.setattr(module.Intake, "start", start)
    *_, last = events
    assert (last.added, last.waiting, found(library)) == (1, 2, ["c.txt"])


def test_a_thumbnail_that_cannot_be_made_costs_the_picture_alone(library, media, monkeypatch):
    write_text(media / "a.txt", "red")
    monkeypatch.setattr("xmr_core.thumbnails.thumbnail", lambda media: 1 / 0)
    assert run(library, media).added == 1
    assert list((library.path.parent / "thumbs").iterdir()) == []


# -- rights


def index_as_nobody(folder):
    """In a folder of a user's own: index, with what may not be read."""
    folder = Path(folder)
    (folder / "library").mkdir(exist_ok=True)
    with Catalogue(folder / "library" / "catalogue.sqlite") as catalogue:
        last = run(catalogue, folder / "media")
        return {
            "added": last.added,
            "failed": last.failed,
            "missing": last.missing,
            "returned": last.returned,
            "found": found(catalogue),
            "reasons": reasons(catalogue),
        }


def test_unreadable_files_and_folders_are_named_and_nothing_is_lost(common):
    media = common / "media"
    write_text(media / "open/a.txt", "red")
    write_text(media / "shut/b.txt", "green")
    write_text(media / "shut/deeper/c.txt", "green")
    write_text(media / "d.txt", "blue")
    children.hand_over(common, media, *media.rglob("*"))
    first = children.call(index_as_nobody, str(common), unprivileged=True)
    assert first["reasons"] == {} and first["added"] == 4
    write_text(media / "e.txt", "red red").chmod(0)
    (media / "shut").chmod(0)
    second = children.call(index_as_nobody, str(common), unprivileged=True)
    assert second["missing"] == 0, "what lies in a closed folder is unknown, not gone"
    assert second["found"] == first["found"]
    assert {path: kind for path, (kind, _) in second["reasons"].items()} == {
        "e.txt": "UnreadableFile",
        "shut": "UnreadableFile",
    }
    assert "permission denied" in second["reasons"]["e.txt"][1]
    assert "folder that cannot be opened" in second["reasons"]["shut"][1]
    (media / "e.txt").chmod(0o644)
    (media / "shut").chmod(0o755)
    third = children.call(index_as_nobody, str(common), unprivileged=True)
    assert (third["added"], third["reasons"]) == (1, {})


# -- names


@children.posix
def test_names_of_any_bytes_are_indexed_moved_and_found_again(library, media):
    names = ["🐦.txt", "two\nlines.txt", "x" * 251 + ".txt", " lead.txt", "-rf.txt", "*?[a].txt"]
    names += [os.fsdecode(b"caf\xe9.txt"), "UPPER.TXT", "a\\b.txt", "'\";--.txt", "%d%s.txt"]
    for i, name in enumerate(names):
        write_text(media / "in" / name, f"red {i}")
    assert run(library, media).added == len(names)
    assert found(library) == sorted((f"in/{name}" for name in names), key=os.fsencode)
    before = content(library)
    assert run(library, media).skipped == len(names)
    (media / "in").rename(media / os.fsdecode(b"o\xfft\n"))
    assert run(library, media).moved == len(names)
    assert len(content(library)["items"]) == len(before["items"])
    for item in library.find(Filters()):
        assert stat.S_ISREG(item.file.stat().st_mode)


def test_reading_goes_on_in_parallel_and_within_bounds(library, media, monkeypatch):
    """While the encoder is busy, only so many media wait for it."""
    for i in range(60):
        write_text(media / f"{i}.txt", f"red {i}")
    monkeypatch.setattr("xmr_core.indexing.intake._WAITING", 10)
    monkeypatch.setattr("xmr_core.indexing.intake._PATIENCE", 0.02)
    threads, encoding, most = set(), threading.Event(), []
    real = readers.read

    def read(path):
        threads.add(threading.current_thread().name)
        most.append(path)
        return real(path)

    class Stuck(WordEncoder):
        def encode(self, batch):
            encoding.wait(30)
            return super().encode(batch)

    monkeypatch.setattr(readers, "read", read)
    thumbs = media.parent / "thumbs"
    events = index_run(library, fake_space(text=Stuck()), [media], thumbs=thumbs)
    for _ in range(6):
        next(events)
    assert 2 <= len(threads) <= 8
    assert 10 <= len(most) <= 20, "ten in the batch in hand, ten that wait"
    encoding.set()
    *_, last = events
    assert last.added == 60


def test_a_sound_beside_its_damaged_twin_is_kept(library, media):
    whole = write_sound(media / "a.wav", "red").read_bytes()
    (media / "b.wav").write_bytes(whole[:30])
    last = run(library, media)
    assert (last.added, last.failed) == (1, 1)
