"""Runs over folders: indexed, refused, what failed in them."""

import shutil
import time
from pathlib import Path

import pytest

from tests import children
from tests.fakes import WordEncoder, fake_space
from tests.indexing.world import write_text
from tests.library.steps import index
from xmr_core.errors import LibraryBusy
from xmr_core.library import Library
from xmr_core.media import Modality


def test_folders_are_indexed_searched_and_counted(library, media):
    last = index(library, media)
    assert (last.stage, last.added) == ("done", 3)
    assert library.counts() == {Modality.TEXT: 1, Modality.IMAGE: 1, Modality.AUDIO: 1}
    assert [root.path for root in library.roots()] == [media]
    assert library.search("green", k=1).hits[0].item.path == "deep/green.png"
    assert [item.path for item in library.items()] == ["blue.wav", "deep/green.png", "red.txt"]
    assert library.parts(library.search("red", to=["text"], k=1).hits[0].item.id)[0].text == "red"
    assert library.size_on_disk() > 10_000


def test_without_folders_all_roots_are_indexed(library, media, tmp_path):
    write_text(tmp_path / "more/a.txt", "green")
    library.add_root(media)
    library.add_root(tmp_path / "more")
    assert index(library).added == 4


def test_a_loss_is_asked_about_and_accepted(library, media):
    index(library, media)
    shutil.rmtree(media)
    media.mkdir()
    last = index(library)
    assert (last.missing, last.doubtful) == (0, 3) and last.warnings
    assert sum(library.counts().values()) == 3
    last = index(library, accept_loss=True)
    assert (last.missing, last.doubtful) == (3, 0)
    assert library.counts() == {}


def test_failures_are_listed_and_tried_again(library, media):
    (media / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    index(library, media)
    (failure,) = library.failures()
    assert failure.file == media / "bad.png"
    assert index(library).total == 0
    library.retry_failures([failure.id])
    assert index(library).failed == 1
    library.retry_failures()
    assert index(library).failed == 1


def hold(home, media):
    """A run that does not end by itself."""

    class Sleepy(WordEncoder):
        def encode(self, batch):
            Path(home, "holding").touch()
            time.sleep(60)
            return super().encode(batch)

    with Library.open("colours", Path(home), fake_space(text=Sleepy())) as library:
        return index(library, media).stage


@pytest.fixture
def held(library, media, home):
    """The library, and another process that indexes `media` into it."""
    child = children.start(hold, str(home), str(media))
    try:
        until = time.monotonic() + 60
        while not (home / "holding").exists():
            assert time.monotonic() < until and child.poll() is None
            time.sleep(0.01)
        yield library
    finally:
        child.kill()
        child.communicate()


def test_a_run_that_is_refused_leaves_the_library_as_it_was(held, media, tmp_path):
    write_text(tmp_path / "more/a.txt", "green")
    with pytest.raises(LibraryBusy):
        index(held, tmp_path / "more", ignore=["*.tmp"])
    assert [root.path for root in held.roots()] == [media]
    assert held.patterns() == []


def test_a_run_refused_once_its_profile_is_loaded_leaves_the_library_as_it_was(
    home, media, tmp_path, profiles
):
    """Another one may take the library in the meantime."""
    write_text(tmp_path / "more/a.txt", "green")
    Library.create("lib", "colours", home).close()
    with Library.open("lib", home) as late, Library.open("lib", home) as other:
        refused = late.index(tmp_path / "more", ignore=["*.tmp"])
        assert next(refused).stage == "load"
        holding = other.index(media)
        while next(holding).stage == "load":
            pass
        with pytest.raises(LibraryBusy):
            list(refused)
        assert [root.path for root in late.roots()] == [media]
        assert late.patterns() == []
        holding.close()
        assert index(late, tmp_path / "more", ignore=["*.tmp"]).added == 1
        assert [root.path for root in late.roots()] == [media, tmp_path / "more"]
        assert late.patterns() == ["*.tmp"]


def test_a_run_begins_with_its_folder_and_patterns_as_the_librarys(library, media):
    run = library.index(media, ignore=["*.tmp"])
    next(run)
    assert [root.path for root in library.roots()] == [media]
    assert library.patterns() == ["*.tmp"]
    library.keep_patterns(["*.bak"])
    list(run)
    assert library.patterns() == ["*.bak"], "what is chosen meanwhile stays"
