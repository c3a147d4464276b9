"""The folders that a library holds."""

import pytest

from tests import children
from tests.fakes import fake_space
from tests.library.steps import index
from xmr_core.errors import LibraryError, RootMissing
from xmr_core.library import Library


@children.posix
def test_a_folder_may_be_given_by_a_link_or_from_the_home(library, media, tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(media)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert library.add_root(tmp_path / "link").path == media
    assert library.add_root("~/media").path == media
    assert len(library.roots()) == 1


def test_what_is_no_folder_is_refused(library, media, tmp_path):
    with pytest.raises(RootMissing, match="There is no folder"):
        library.add_root(tmp_path / "nowhere")
    with pytest.raises(LibraryError, match="is not a folder"):
        library.add_root(media / "red.txt")
    with pytest.raises(RootMissing):
        list(library.index(tmp_path / "nowhere"))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("nowhere", "loop", "a\0b"):
        with pytest.raises(RootMissing):
            library.estimate(tmp_path / name)
        with pytest.raises(RootMissing):
            library.add_root(tmp_path / name)
    assert library.roots() == []


def test_no_library_is_indexed_by_itself_or_another(library, media, home):
    index(library, media)
    with Library.create("other", space=fake_space()) as other:
        for folder in (library.path, library.path / "thumbs"):
            for reader in (library, other):
                with pytest.raises(LibraryError, match="belongs to a library"):
                    reader.add_root(folder)
        root = other.add_root(media)
        with pytest.raises(LibraryError, match="belongs to a library"):
            other.move_root(root.id, library.path)


def test_a_root_that_moved_is_not_read_again(library, media, tmp_path):
    index(library, media)
    ids = {item.path: item.id for item in library.items()}
    place = tmp_path / "elsewhere"
    media.rename(place)
    assert index(library).warnings != ()
    library.move_root(library.roots()[0].id, place)
    last = index(library)
    assert (last.skipped, last.total, last.warnings) == (3, 0, ())
    assert {item.path: item.id for item in library.items()} == ids
    assert library.media_path(ids["red.txt"]) == place / "red.txt"


def test_a_removed_root_leaves_the_users_files_and_takes_its_thumbnails(library, media):
    index(library, media)
    before = tree(media)
    assert len(list((library.path / "thumbs").iterdir())) == 3
    library.remove_root(library.roots()[0].id)
    assert library.counts() == {} and library.search("red").hits == ()
    assert list((library.path / "thumbs").iterdir()) == []
    assert tree(media) == before


def tree(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def test_nothing_in_the_users_folders_is_ever_written(library, media):
    before = tree(media)
    times = {path: path.stat().st_mtime_ns for path in media.rglob("*")}
    index(library, media)
    library.search("red")
    library.rename("hues")
    library.delete()
    assert tree(media) == before
    assert {path: path.stat().st_mtime_ns for path in media.rglob("*")} == times


def test_patterns_hold_for_the_runs_to_come(library, media):
    assert index(library, media, ignore=["*.txt"]).added == 2
    assert library.patterns() == ["*.txt"]
    assert index(library).added == 0
    assert library.estimate().new == 0
    assert library.estimate(ignore=[]).new == 1
    assert index(library, ignore=[]).added == 1
    assert library.patterns() == []
