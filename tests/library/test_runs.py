"""Runs through the library: indexing, estimating, failures, another profile."""

import shutil

import pytest

from tests.fakes import fake_space
from tests.indexing.world import write_text
from tests.library.steps import index
from xmr_core.errors import ProfileMismatch, UnknownProfile
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
    assert (last.missing, last.doubtful) == (0, 3)
    assert index(library, accept_loss=True).missing == 3


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


def test_an_estimate_of_a_new_library_needs_none(media, home):
    made = Library.preview(media)
    assert made.files == {Modality.TEXT: 1, Modality.IMAGE: 1, Modality.AUDIO: 1}
    assert (made.new, list(home.iterdir())) == (3, [])


def test_a_library_of_another_space_is_not_searched_until_it_is_brought_along(library, media):
    index(library, media)
    other = fake_space(turn=1)
    with Library.open("colours", space=other) as again:
        with pytest.raises(ProfileMismatch, match="Index it again"):
            again.search("red")
        index(again)
        assert again.search("red", k=1).hits[0].item.path == "red.txt"


def test_an_unknown_profile_leaves_the_library_as_it_was(library, media):
    index(library, media)
    with pytest.raises(UnknownProfile):
        list(library.set_profile("no-such-profile"))
    assert library.profile == "embedded"
    assert len(library.search("red").hits) == 3
