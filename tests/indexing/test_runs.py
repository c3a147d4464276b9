"""Runs over folders whose content is known, one after the other."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import FilmEncoder, WordEncoder, fake_space
from tests.indexing.world import (
    content,
    fill,
    found,
    run,
    write_film,
    write_picture,
    write_solid,
    write_sound,
    write_text,
)
from xmr_core.errors import LibraryError, ProfileMismatch, RootMissing
from xmr_core.filters import Filters
from xmr_core.indexing import check_profile, index_run, reproject
from xmr_core.media import Modality


def ids(catalogue):
    return {item.path: item.id for item in catalogue.find(Filters(), limit=1000)}


class Counting(WordEncoder):
    """Remembers the texts that it was given."""

    def __init__(self):
        self.seen = []

    def encode(self, batch):
        self.seen += [text.text for text in batch]
        return super().encode(batch)


def test_every_medium_is_found_with_its_parts_facts_and_thumbnail(library, media):
    write_text(media / "words.txt", "all red\n\nall green")
    write_picture(media / "deep/er/picture.png", "green", side=20)
    write_sound(media / "sound.wav", "blue", 2.5)
    write_film(media / "film.gif", "red")
    write_solid(media / "solid.ply", "blue")
    last = run(library, media)
    assert (last.stage, last.added, last.done, last.total, last.failed) == ("done", 5, 5, 5, 0)
    items = {item.title: item for item in library.find(Filters())}
    assert {name: str(item.modality) for name, item in items.items()} == {
        "words.txt": "text",
        "picture.png": "image",
        "sound.wav": "audio",
        "film.gif": "video",
        "solid.ply": "mesh",
    }
    assert items["picture.png"].path == "deep/er/picture.png"
    assert items["picture.png"].facts["width"] == 20
    assert items["sound.wav"].facts["seconds"] == pytest.approx(2.5)
    parts = {name: library.parts(item.id) for name, item in items.items()}
    assert [p.text for p in parts["words.txt"]] == ["all red", "all green"]
    assert [p.label for p in parts["sound.wav"]] == ["0:00", "0:01", "0:02"]
    assert [p.label for p in parts["solid.ply"]] == ["view 1", "view 2"]
    vectors = {name: library.item_vectors(item.id)[1] for name, item in items.items()}
    assert vectors["words.txt"][1:].tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]
    assert np.allclose(vectors["picture.png"], [[0, 1, 0, 0]], atol=0.01)
    assert np.allclose(vectors["sound.wav"], [[0, 0, 1, 0]] * 4, atol=0.01)
    assert np.allclose(vectors["solid.ply"], [[0, 0, 1, 0]] * 3, atol=0.01)
    for item in items.values():
        assert (library.path.parent / "thumbs" / f"{item.id}.webp").stat().st_size > 20
    turntable = library.path.parent / "thumbs" / f"{items['solid.ply'].id}.turn.webp"
    assert turntable.is_file()


def test_a_run_tells_how_far_it_is(library, media):
    fill(media, 20)
    events = list(index_run(library, fake_space(), [media], thumbs=media.parent / "thumbs"))
    stages = list(dict.fromkeys(event.stage for event in events))
    assert stages == ["walk", "encode", "done"]
    encoding = [event for event in events if event.stage == "encode"]
    assert all(event.total == 45 for event in encoding)
    assert [e.done for e in encoding] == sorted(e.done for e in encoding)
    assert events[-1].done == events[-1].added == 45
    assert any(event.rate > 0 for event in encoding)
    assert any(event.current.endswith(".png") for event in encoding)
    assert library.runs()[0].state == "done"
    assert library.runs()[0].progress["added"] == 45


def test_unchanged_files_are_not_read_again(library, media):
    fill(media)
    run(library, media)
    before, generation = content(library), library.generation
    for file in media.rglob("*.*"):
        times = file.stat()
        file.write_bytes(bytes(times.st_size))  # unreadable, if anybody looked
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    last = run(library, media)
    assert (last.skipped, last.total, last.failed) == (27, 0, 0)
    assert content(library) == before and library.generation == generation


def test_a_changed_file_is_encoded_again_under_its_id(library, media):
    file = write_text(media / "a.txt", "red")
    write_text(media / "b.txt", "blue")
    run(library, media)
    before = ids(library)
    write_text(file, "green and green\n\nblue")
    last = run(library, media)
    assert (last.changed, last.skipped, last.added) == (1, 1, 0)
    assert ids(library) == before
    assert library.item_vectors(before["a.txt"])[1][1].tolist() == [0, 1, 0, 0]
    assert len(library.parts(before["a.txt"])) == 2


def test_a_touched_file_with_the_same_content_is_not_encoded_again(library, media):
    file = write_text(media / "a.txt", "red")
    encoder = Counting()
    run(library, media, fake_space(text=encoder))
    os.utime(file, (1, 1))
    last = run(library, media, fake_space(text=encoder))
    assert (last.skipped, last.changed) == (1, 0) and encoder.seen == ["red"]
    assert library.find(Filters())[0].mtime == 1
    assert run(library, media).total == 0


def test_a_change_that_keeps_the_size_and_the_time_is_seen_by_neither(library, media):
    """What (size, mtime) cannot tell is left: the price of two thousand files a second."""
    file = write_text(media / "a.txt", "red")
    run(library, media)
    times = file.stat()
    file.write_text("tan")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert run(library, media).skipped == 1


def test_a_moved_file_keeps_its_id_and_vectors(library, media):
    encoder = Counting()
    file = write_text(media / "old/a.txt", "red")
    write_text(media / "b.txt", "blue")
    run(library, media, fake_space(text=encoder))
    before = ids(library)
    (media / "new").mkdir()
    file.rename(media / "new/c.txt")
    last = run(library, media, fake_space(text=encoder))
    assert (last.moved, last.added, last.missing) == (1, 0, 0)
    assert ids(library) == {"new/c.txt": before["old/a.txt"], "b.txt": before["b.txt"]}
    assert sorted(encoder.seen) == ["blue", "red"]
    assert library.missing() == 0


def test_a_file_moved_into_the_only_part_that_is_run_keeps_its_id(library, media):
    file = write_text(media / "old/a.txt", "red")
    write_text(media / "new/b.txt", "blue")
    run(library, media)
    before = ids(library)
    file.rename(media / "new/a.txt")
    write_text(media / "new/c.txt", "blue")  # a copy of one that is still there
    last = run(library, media / "new")
    assert (last.moved, last.added, last.missing) == (1, 1, 0)
    assert ids(library)["new/a.txt"] == before["old/a.txt"]
    assert ids(library)["new/b.txt"] == before["new/b.txt"]


def test_a_whole_folder_that_was_renamed_is_moved(library, media):
    fill(media / "a", 30)
    run(library, media)
    before = {path.removeprefix("a/"): id for path, id in ids(library).items()}
    (media / "a").rename(media / "z")
    last = run(library, media)
    assert (last.moved, last.added, last.missing) == (67, 0, 0)
    assert {path.removeprefix("z/"): id for path, id in ids(library).items()} == before


def test_a_file_moved_from_one_root_to_another_keeps_its_id(library, tmp_path):
    a, b = tmp_path / "a", tmp_path / "b"
    write_text(a / "x.txt", "red")
    write_text(b / "y.txt", "blue")
    run(library, [a, b])
    before = ids(library)["x.txt"]
    write_text(a / "stay.txt", "green")
    (a / "x.txt").rename(b / "x.txt")
    last = run(library, [a, b])
    assert (last.moved, last.added) == (1, 1)
    assert library.item(before).file == b / "x.txt"


def test_a_copy_is_an_item_of_its_own_that_is_not_encoded_again(library, media):
    encoder = Counting()
    file = write_text(media / "a.txt", "red")
    run(library, media, fake_space(text=encoder))
    shutil.copy(file, media / "b.txt")
    last = run(library, media, fake_space(text=encoder))
    assert (last.added, last.moved) == (1, 0) and encoder.seen == ["red"]
    both = ids(library)
    assert both["a.txt"] != both["b.txt"]
    assert (
        library.item_vectors(both["a.txt"])[1].tolist()
        == library.item_vectors(both["b.txt"])[1].tolist()
    )
    thumbs = [library.path.parent / "thumbs" / f"{id}.webp" for id in both.values()]
    assert thumbs[0].read_bytes() == thumbs[1].read_bytes()


def test_equal_files_of_one_run_are_all_found(library, media):
    for i in range(50):
        write_text(media / f"{i}.txt", "red")
    last = run(library, media)
    assert last.added == 50 and len(found(library)) == 50
    assert run(library, media).total == 0


def test_the_same_characters_under_another_suffix_are_read_anew(library, media):
    """A suffix settles how text is read: markup is no markup in plain text."""
    write_text(media / "a.txt", "<p>red</p>")
    run(library, media)
    write_text(media / "b.html", "<p>red</p>")
    run(library, media)
    assert [p.text for p in library.parts(ids(library)["b.html"])] == ["red"]


def test_a_file_that_returns_has_its_vectors_back(library, media, tmp_path):
    encoder = Counting()
    file = write_text(media / "a.txt", "red")
    write_text(media / "b.txt", "blue")
    run(library, media, fake_space(text=encoder))
    before = ids(library)
    shutil.move(file, tmp_path / "away.txt")
    last = run(library, media, fake_space(text=encoder))
    assert last.missing == 1 and found(library) == ["b.txt"]
    shutil.move(tmp_path / "away.txt", file)
    last = run(library, media, fake_space(text=encoder))
    assert (last.returned, last.added) == (1, 0)
    assert ids(library) == before and len(encoder.seen) == 2


def test_a_file_that_returns_under_a_new_time_has_its_vectors_back(library, media):
    encoder = Counting()
    file = write_text(media / "a.txt", "red")
    write_text(media / "b.txt", "blue")
    run(library, media, fake_space(text=encoder))
    before = ids(library)
    file.unlink()
    run(library, media, fake_space(text=encoder))
    write_text(file, "red")
    os.utime(file, (1, 1))
    last = run(library, media, fake_space(text=encoder))
    assert (last.returned, last.changed) == (1, 0)
    assert ids(library) == before and len(encoder.seen) == 2


def test_a_file_that_returns_twice_over_is_found_at_both_places(library, media):
    file = write_text(media / "z.txt", "red")
    write_text(media / "b.txt", "blue")
    run(library, media)
    file.unlink()
    run(library, media)
    write_text(file, "red")
    os.utime(file, (1, 1))
    write_text(media / "a.txt", "red")
    run(library, media)
    assert found(library) == ["a.txt", "b.txt", "z.txt"]
    assert run(library, media).total == 0


def test_files_that_change_places_keep_their_own_content(library, media):
    a, b = write_text(media / "a.txt", "red red"), write_text(media / "b.txt", "blue")
    run(library, media)
    a.rename(media / "c.txt")
    b.rename(a)
    (media / "c.txt").rename(b)
    os.utime(a, (1, 1))
    os.utime(b, (2, 2))
    run(library, media)
    vectors = {path: library.item_vectors(id)[1][0].tolist() for path, id in ids(library).items()}
    assert vectors == {"a.txt": [0, 0, 1, 0], "b.txt": [1, 0, 0, 0]}


def test_files_renumbered_by_one_keep_their_own_content(library, media):
    for i in range(6):
        write_text(media / f"{i}.txt", "red" * (i + 1))
    run(library, media)
    for i in reversed(range(6)):
        (media / f"{i}.txt").rename(media / f"{i + 1}.txt")
    write_text(media / "0.txt", "blue")
    run(library, media)
    texts = {path: library.parts(id)[0].text for path, id in ids(library).items()}
    assert texts == {"0.txt": "blue", **{f"{i}.txt": ("red" * i) for i in range(1, 7)}}


# -- what is gone


def test_a_deleted_file_is_no_longer_found_but_not_forgotten(library, media):
    write_text(media / "a.txt", "red")
    write_text(media / "b.txt", "blue")
    run(library, media)
    (media / "a.txt").unlink()
    last = run(library, media)
    assert (last.missing, last.doubtful) == (1, 0)
    assert found(library) == ["b.txt"] and library.missing() == 1
    assert run(library, media).missing == 0, "it is told once"


@pytest.mark.parametrize("how", ["away", "empty", "shrunken"])
def test_a_root_that_is_away_empty_or_sharply_shrunken_loses_nothing(library, tmp_path, how):
    media = fill(tmp_path / "media", 20)
    run(library, media)
    before = found(library)
    if how == "shrunken":
        shutil.rmtree(media / "pictures")
        for i in range(5):
            (media / f"texts/{i:03}.txt").unlink()
    else:
        shutil.rmtree(media)
        if how == "empty":
            media.mkdir()
    last = run(library, media)
    assert last.stage == "done" and last.missing == 0
    assert found(library) == before
    (warning,) = last.warnings
    assert str(media) in warning and "nothing was marked as gone" in warning
    if how != "away":
        assert "accept the loss" in warning
        assert last.doubtful == (30 if how == "shrunken" else 45)


def test_a_root_of_a_few_files_that_is_empty_loses_nothing(library, media):
    """As the folder is that a disk was mounted on."""
    file = write_text(media / "a.txt", "red")
    run(library, media)
    file.unlink()
    last = run(library, media)
    assert (last.missing, last.doubtful) == (0, 1) and found(library) == ["a.txt"]
    write_text(media / "b.txt", "blue")
    assert run(library, media).missing == 1, "with another file in it, it is there"


def test_an_empty_root_of_which_files_had_failed_forgets_no_failure(library, media):
    """Found by the soak: a disk that was away left the library without its list of failures."""
    file = write_text(media / "inside/empty.txt", "")
    run(library, media)
    (media / "inside").rename(media.parent / "away")
    last = run(library, media)
    assert "is empty, but 1 files were known" in last.warnings[0]
    assert [failure.path for failure in library.failures()] == ["inside/empty.txt"]
    assert run(library, media, accept_loss=True).warnings == () and not library.failures()
    (media.parent / "away").rename(media / "inside")
    run(library, media)
    assert [failure.path for failure in library.failures()] == ["inside/empty.txt"]
    write_text(media / "full.txt", "red")
    file.unlink()
    run(library, media)
    assert not library.failures(), "with another file in it, it is there"


@pytest.mark.parametrize("how", ["empty", "shrunken"])
def test_a_loss_that_is_accepted_is_noted(library, tmp_path, how):
    media = fill(tmp_path / "media", 20)
    run(library, media)
    shutil.rmtree(media if how == "empty" else media / "pictures")
    media.mkdir(exist_ok=True)
    last = run(library, media, accept_loss=True)
    assert last.missing == (45 if how == "empty" else 25) and last.warnings == ()
    assert len(found(library)) == (0 if how == "empty" else 20)


def test_what_is_accepted_cannot_be_a_root_that_is_away(library, tmp_path):
    media = fill(tmp_path / "media", 4)
    run(library, media)
    shutil.rmtree(media)
    last = run(library, media, accept_loss=True)
    assert last.missing == 0 and len(found(library)) == 9


def test_a_few_files_of_a_large_folder_may_go_unasked(library, tmp_path):
    media = fill(tmp_path / "media", 20)
    run(library, media)
    shutil.rmtree(media / "texts")
    assert run(library, media).missing == 20


def test_other_roots_go_on_where_one_is_away(library, tmp_path):
    a, b = fill(tmp_path / "a", 4), tmp_path / "b"
    write_text(b / "x.txt", "red")
    run(library, [a, b])
    shutil.rmtree(a)
    write_text(b / "y.txt", "blue")
    last = run(library, [a, b])
    assert (last.added, last.missing, len(last.warnings)) == (1, 0, 1)


def test_a_new_folder_that_is_not_there_is_refused(library, tmp_path):
    with pytest.raises(RootMissing, match="There is no folder"):
        run(library, tmp_path / "nowhere")
    assert library.roots() == []


# -- parts of a library


def test_a_run_over_a_part_of_a_root_looks_at_that_part_alone(library, media):
    write_text(media / "a/x.txt", "red")
    write_text(media / "b/y.txt", "blue")
    run(library, media)
    (media / "a/x.txt").unlink()
    (media / "b/y.txt").unlink()
    write_text(media / "a/new.txt", "green")
    write_text(media / "b/new.txt", "green")
    last = run(library, media / "a")
    assert (last.added, last.missing) == (1, 1)
    assert found(library) == ["a/new.txt", "b/y.txt"]
    assert len(library.roots()) == 1


def test_nested_and_repeated_folders_are_walked_once(library, media):
    write_text(media / "a/x.txt", "red")
    last = run(library, [media / "a", media, media, media / "a/.."])
    assert (last.added, len(library.roots())) == (1, 1)


def test_a_folder_above_a_root_takes_it_up_without_reading_it_again(library, tmp_path):
    encoder = Counting()
    write_text(tmp_path / "all/a/x.txt", "red")
    write_text(tmp_path / "all/y.txt", "blue")
    run(library, tmp_path / "all/a", fake_space(text=encoder))
    before = ids(library)["x.txt"]
    last = run(library, tmp_path / "all", fake_space(text=encoder))
    assert (last.added, last.skipped) == (1, 1) and encoder.seen == ["red", "blue"]
    assert ids(library)["a/x.txt"] == before


def test_what_patterns_leave_out_is_neither_read_nor_found_any_more(library, media):
    write_text(media / "keep.txt", "red")
    write_text(media / "drafts/a.txt", "blue")
    write_text(media / "b.tmp.txt", "blue")
    run(library, media, ignore=["*.tmp.txt"])
    assert found(library) == ["drafts/a.txt", "keep.txt"]
    last = run(library, media, ignore=["*.tmp.txt", "drafts/"])
    assert last.missing == 1 and found(library) == ["keep.txt"]
    assert run(library, media).returned == 1
    with pytest.raises(LibraryError, match="pattern is not understood"):
        run(library, media, ignore=["a[", "!"])


def test_a_pattern_that_leaves_out_everything_is_no_lost_disk(library, tmp_path):
    media = fill(tmp_path / "media", 20)
    run(library, media)
    last = run(library, media, ignore=["*"])
    assert (last.missing, last.warnings) == (45, ())


def test_the_library_itself_is_never_indexed(library, tmp_path):
    write_picture(tmp_path / "a.png")
    run(library, tmp_path)
    last = run(library, tmp_path)
    assert last.skipped == 1 and found(library) == ["a.png"]


# -- other spaces


def test_another_projection_reads_no_file(library, media):
    fill(media)
    run(library, media)
    text = ids(library)["texts/000.txt"]
    before = library.item_vectors(text)[1]
    shutil.rmtree(media / "texts")
    write_text(media / "texts/unrelated.txt", "green")
    events = list(reproject(library, fake_space(turn=1)))
    assert events[-1].stage == "project" and events[-1].done == events[-1].total == 27
    assert library.meta("fingerprint") == fake_space(turn=1).fingerprint
    assert np.allclose(library.item_vectors(text)[1], np.roll(before, 1, axis=1))


class OtherWords(Counting):
    fingerprint = "fake-words-2"


def test_another_encoder_reads_its_files_again_and_no_others(library, media):
    fill(media, 8)
    run(library, media)
    (check,) = [i for i in library.find(Filters(), limit=99) if i.path == "pictures/000.png"]
    encoder = OtherWords()
    space = fake_space(text=encoder)
    with pytest.raises(ProfileMismatch):
        check_profile(library, space)
    last = run(library, media, space)
    check_profile(library, space)
    assert len(encoder.seen) == 8 and last.changed == 8
    assert len(library.item_vectors(check.id)[0]) == 1
    assert library.lacking(space.fingerprint) == 0


def test_a_former_space_is_searched_until_the_next_is_complete(library, media):
    fill(media, 8)
    run(library, media)
    former = fake_space()
    thumbs = library.path.parent / "thumbs"
    for _ in index_run(library, fake_space(text=OtherWords()), [media], thumbs=thumbs):
        if library.meta("fingerprint") == former.fingerprint:
            check_profile(library, former)
            assert sum(len(library.rows(m)) for m in Modality) == 8 * 3 + 8 + 2 * 2
    assert library.meta("fingerprint") != former.fingerprint


def test_all_roots_go_along_into_another_space(library, tmp_path):
    a, b = fill(tmp_path / "a", 4), fill(tmp_path / "b", 4)
    run(library, [a, b])
    last = run(library, a, fake_space(text=OtherWords()))
    assert last.stage == "done" and library.lacking(library.meta("fingerprint")) == 0


def test_a_root_that_is_away_while_the_space_changes_is_encoded_when_it_is_back(library, tmp_path):
    a, b = fill(tmp_path / "a", 4), tmp_path / "b"
    write_text(b / "x.txt", "red")
    run(library, [a, b])
    shutil.move(b, tmp_path / "b away")
    encoder = OtherWords()
    run(library, [a, b], fake_space(text=encoder))
    shutil.move(tmp_path / "b away", b)
    last = run(library, [a, b], fake_space(text=encoder))
    assert last.changed == 1 and "red" in encoder.seen
    assert library.lacking(library.meta("fingerprint")) == 0


def test_a_medium_that_the_space_does_not_cover_fails_with_the_reason_until_it_does(library, media):
    write_text(media / "a.txt", "red")
    write_film(media / "film.gif")
    space = fake_space(video=None)
    last = run(library, media, space)
    assert (last.added, last.failed) == (1, 1)
    (failure,) = library.failures()
    assert (failure.kind, failure.modality) == ("WeightsMissing", Modality.VIDEO)
    assert "no video encoder" in failure.reason
    assert run(library, media, space).skipped == 2, "it is not tried again in vain"
    assert run(library, media, fake_space(video=FilmEncoder())).added == 1
    assert library.failures() == [] and Path(found(library)[1]).name == "film.gif"
