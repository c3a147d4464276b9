import os
import stat
import time
from pathlib import Path

import pytest

from tests import children
from xmr_core.errors import LibraryError
from xmr_core.walk import Closed, Found, walk

SUFFIXES = {".txt", ".png"}


def make(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8", "surrogateescape")


def paths(root, folder="", **options):
    return [found.path for found in walk(root, folder, suffixes=SUFFIXES, **options)]


def test_files_come_in_the_order_of_names_with_size_and_time(tmp_path):
    make(tmp_path, "b.txt", "a/z.txt", "a/b/c.png", "c/a.txt", "B.txt")
    found = list(walk(tmp_path, suffixes=SUFFIXES))
    assert [f.path for f in found] == ["B.txt", "b.txt", "a/z.txt", "a/b/c.png", "c/a.txt"]
    status = (tmp_path / "b.txt").stat()
    assert found[1] == Found("b.txt", status.st_size, status.st_mtime_ns)


def test_only_known_suffixes_are_looked_at_in_any_case(tmp_path):
    make(tmp_path, "a.TXT", "b.Png", "c.exe", "txt", "noext", "d.txt.bak", "e.", "f.tar.png")
    assert paths(tmp_path) == ["a.TXT", "b.Png", "f.tar.png"]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.txt",
        ".txt",
        ".hidden/a.txt",
        "deep/.git/a.txt",
        "$RECYCLE.BIN/a.txt",
        "System Volume Information/a.txt",
        "lost+found/a.txt",
        "@eaDir/a.txt",
        "#recycle/a.txt",
        "__MACOSX/a.txt",
        "web/node_modules/pkg/a.txt",
        "lib/site-packages/a.txt",
        "__pycache__/a.txt",
        "~$letter.txt",
    ],
)
def test_hidden_files_and_the_folders_of_systems_are_left_out(tmp_path, name):
    make(tmp_path, name, "kept.txt")
    assert paths(tmp_path) == ["kept.txt"]


def test_names_that_only_look_like_those_are_kept(tmp_path):
    names = ["dots...txt", "lost/a.txt", "my node_modules.txt", "recycle.bin/a.txt", "~a.txt"]
    make(tmp_path, *names)
    assert sorted(paths(tmp_path)) == sorted(names)


@children.posix
def test_links_are_never_followed_whether_round_in_circles_or_out(tmp_path):
    root = tmp_path / "root"
    make(root, "a/b.txt")
    make(tmp_path, "outside/secret.txt")
    (root / "a/loop").symlink_to(root)
    (root / "self").symlink_to(root / "self")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "link.txt").symlink_to(tmp_path / "outside/secret.txt")
    (root / "broken.txt").symlink_to(root / "nowhere")
    assert paths(root) == ["a/b.txt"]


def test_pipes_and_folders_with_a_suffix_are_no_files(tmp_path):
    make(tmp_path, "folder.txt/inside.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert paths(tmp_path) == ["folder.txt/inside.txt"]


def test_a_part_of_a_root_gives_paths_of_the_root(tmp_path):
    make(tmp_path, "a/b/c.txt", "a/d.txt", "e.txt")
    assert paths(tmp_path, "a") == ["a/d.txt", "a/b/c.txt"]
    assert paths(tmp_path, "a/b") == ["a/b/c.txt"]


def test_libraries_inside_a_root_are_left_out_but_not_a_root_that_has_the_file(tmp_path):
    make(tmp_path, "a.txt", "lib/catalogue.sqlite", "lib/thumb.png", "lib/deep/b.png")
    assert paths(tmp_path, library="catalogue.sqlite") == ["a.txt"]
    assert paths(tmp_path) == ["a.txt", "lib/thumb.png", "lib/deep/b.png"]
    assert paths(tmp_path / "lib", library="catalogue.sqlite") == ["thumb.png", "deep/b.png"]


# -- patterns


@pytest.mark.parametrize(
    ("patterns", "kept"),
    [
        (["*.png"], "a.txt draft/a.txt deep/draft/a.txt"),
        (["draft/"], "a.txt a.png"),
        (["/draft/"], "a.txt a.png deep/draft/a.txt"),
        (["*.png", "draft"], "a.txt"),
        (["*", "!a.png"], "a.png"),
        (["draft/*", "!draft/a.txt"], "a.txt a.png draft/a.txt deep/draft/a.txt"),
        (["deep/**/a.txt"], "a.txt a.png draft/a.txt draft/b.png"),
        (["# a comment", "", "  "], "a.txt a.png draft/a.txt draft/b.png deep/draft/a.txt"),
        (["A.TXT"], "a.txt a.png draft/a.txt draft/b.png deep/draft/a.txt"),
    ],
)
def test_patterns_leave_out_as_git_does(tmp_path, patterns, kept):
    make(tmp_path, "a.txt", "a.png", "draft/a.txt", "draft/b.png", "deep/draft/a.txt")
    assert sorted(paths(tmp_path, ignore=patterns)) == sorted(kept.split())


def test_patterns_are_relative_to_the_root_in_a_part_of_it_too(tmp_path):
    make(tmp_path, "a/x.txt", "a/b/x.txt", "a/b/y.txt")
    assert paths(tmp_path, "a", ignore=["/a/b/x.txt"]) == ["a/x.txt", "a/b/y.txt"]


def test_a_pattern_that_makes_no_sense_is_named(tmp_path):
    with pytest.raises(LibraryError, match=r"not understood.*gitignore"):
        paths(tmp_path, ignore=["!"])


def test_an_ignore_file_speaks_for_its_folder(tmp_path):
    make(tmp_path, "a.txt", "b/a.txt", "b/b.txt", "b/c/a.txt", "d/a.txt")
    (tmp_path / "b/.xmrignore").write_text("a.txt\n")
    assert paths(tmp_path) == ["a.txt", "b/b.txt", "d/a.txt"]


def test_a_deeper_ignore_file_has_the_last_word(tmp_path):
    make(tmp_path, "a/x.txt", "a/b/x.txt", "a/b/y.txt")
    (tmp_path / ".xmrignore").write_text("x.txt\n")
    (tmp_path / "a/b/.xmrignore").write_text("!x.txt\ny.txt\n")
    assert paths(tmp_path) == ["a/b/x.txt"]


def test_ignore_files_above_hold_in_a_part_of_a_root(tmp_path):
    make(tmp_path, "a/b/x.txt", "a/b/y.txt")
    (tmp_path / "a/.xmrignore").write_text("x.txt\n")
    assert paths(tmp_path, "a/b") == ["a/b/y.txt"]


def test_a_slip_in_an_ignore_file_does_not_void_its_other_lines(tmp_path):
    make(tmp_path, "a.txt", "b.txt")
    (tmp_path / ".xmrignore").write_bytes(b"!\na.txt\n\xff\xfe.txt\n")
    assert paths(tmp_path) == ["b.txt"]


# -- what disks do


@children.posix
def test_names_of_any_bytes_come_through(tmp_path):
    names = ["🐦.txt", "a\nb.txt", "x" * 251 + ".txt", os.fsdecode(b"caf\xe9.txt"), " .txt"]
    make(tmp_path, *names)
    assert sorted(paths(tmp_path)) == sorted(names)


def test_a_root_that_cannot_be_listed_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        paths(tmp_path / "nowhere")
    (tmp_path / "file.txt").touch()
    with pytest.raises(NotADirectoryError):
        paths(tmp_path / "file.txt")


def closed_of(root):
    return [
        [found.path, getattr(found, "reason", "")] for found in walk(Path(root), suffixes=SUFFIXES)
    ]


def test_a_folder_that_may_not_be_listed_is_named_not_passed_over(common):
    make(common, "a/x.txt", "shut/y.txt", "z.txt")
    (common / "shut").chmod(0)
    found = children.call(closed_of, str(common), unprivileged=True)
    assert found == [["z.txt", ""], ["a/x.txt", ""], ["shut", "Permission denied"]]


def test_folders_and_files_that_go_during_the_walk_are_passed_over(tmp_path):
    make(tmp_path, "a.txt", "b/x.txt", "c/y.txt")
    walking = walk(tmp_path, suffixes=SUFFIXES)
    assert next(walking).path == "a.txt"
    (tmp_path / "b/x.txt").unlink()
    (tmp_path / "b").rmdir()
    assert [found.path for found in walking] == ["c/y.txt"]
    assert not any(isinstance(found, Closed) for found in walk(tmp_path, suffixes=SUFFIXES))


def test_very_deep_folders_are_walked(tmp_path):
    deep = tmp_path
    for _ in range(60):
        deep = deep / "d"
    make(deep, "a.txt")
    assert len(paths(tmp_path)) == 1


def test_thousands_of_files_are_walked_in_a_moment(tmp_path):
    for i in range(20):
        (tmp_path / f"{i}").mkdir()
        for j in range(100):
            (tmp_path / f"{i}/{j}.txt").touch()
    start = time.process_time()
    assert len(paths(tmp_path, ignore=["*.png"])) == 2000
    assert time.process_time() - start < 0.5


def test_windows_marks_of_hidden_files_and_junctions_are_known():
    from xmr_core import walk as module

    class Entry:
        def __init__(self, **status):
            self.status = status

        def stat(self, follow_symlinks=True):
            return type("Status", (), self.status)

    assert module._is_special(Entry(st_file_attributes=stat.FILE_ATTRIBUTE_HIDDEN))
    assert module._is_special(Entry(st_reparse_tag=0xA0000003))
    assert not module._is_special(Entry(st_file_attributes=stat.FILE_ATTRIBUTE_ARCHIVE))
    assert not module._is_special(Entry())
