"""Files as a disk has them: mislabelled, empty, forbidden, vanishing, oddly named, no files."""

import contextlib
import os
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import children
from tests.readers import made
from xmr_core.errors import (
    DamagedMedia,
    EmptyFile,
    MediaError,
    UnreadableFile,
    UnsupportedMedia,
)
from xmr_core.media import Image, Mesh, Modality, Text
from xmr_core.readers import FORMATS, PROMISES, SUFFIXES, detect, read
from xmr_core.readers.quiet import quiet
from xmr_core.readers.source import Source


def test_every_suffix_promises_a_medium_and_every_medium_has_some() -> None:
    assert set(PROMISES.values()) == set(Modality)
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in SUFFIXES)
    assert {medium for medium in FORMATS.values() if medium} <= set(Modality)


# Nothing but their names tells these texts from others.
_NAMELESS = (".txt", ".md", ".csv", ".json", ".obj", ".gltf")


@pytest.mark.parametrize("name", [name for name in made.FILES if not name.endswith(_NAMELESS)])
def test_content_decides_and_not_the_name(name: str, tmp_path: Path) -> None:
    medium = detect(made.made(name, tmp_path))
    for other in ("other.jpg", "other.wav", "other.obj", "other", "OTHER.DOCX"):
        path = tmp_path / other
        path.write_bytes(made.content(name))
        binary = not name.endswith((".html", ".srt", ".vtt", ".off", ".dae", "ascii.stl", ".ply"))
        if binary or other in ("other.obj", "other"):
            assert detect(path) is medium


@pytest.mark.parametrize("name", ["a.jpg", "a.mp4", "a.docx", "a.glb", "a.wav"])
def test_text_that_calls_itself_something_else_is_told_so(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("<!DOCTYPE html><html><body>404 not found</body></html>")
    with pytest.raises(DamagedMedia, match=rf"named {path.suffix} but holds a web page") as caught:
        read(path)
    assert "Download it again" in caught.value.hint


def test_bytes_of_no_kind_are_unsupported(tmp_path: Path) -> None:
    path = tmp_path / "program.exe"
    path.write_bytes(b"MZ\x90\0" + np.random.default_rng(0).bytes(5000))
    with pytest.raises(UnsupportedMedia, match=r"program\.exe holds none"):
        read(path)


def test_a_drawing_is_unsupported_and_says_what_helps(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"></svg>')
    with pytest.raises(UnsupportedMedia, match="PNG"):
        read(tmp_path / "a.svg")


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_an_empty_file_is_empty_whatever_its_name(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.touch()
    for look in (read, detect):
        with pytest.raises(EmptyFile, match=rf"a\{suffix} is empty"):
            look(path)


@pytest.mark.parametrize("name", made.FILES)
@pytest.mark.parametrize("length", [1, 4, 12, 100])
def test_the_first_bytes_alone_are_refused_or_read_but_never_crash(
    name: str, length: int, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(made.content(name)[:length])
    try:
        read(path)
    except MediaError as error:
        assert name in str(error) and str(error).rstrip()[-1] in ".)"


NAMES = {
    "emoji": "🦉 in 🌳.png",
    "newline": "an owl\nin two lines.png",
    "quotes": "'\"`$(rm) & ; | <b>.png",
    "percent": "100%25 %s {0}.png",
    "long": "ö" * 125 + "o.png",
    "right to left": "ינשוף\u202egnp.png",
    "spaces": "  .png",
    "bytes": os.fsdecode(b"\xff\xfe owl.png"),
}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_kind_are_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / NAMES[name]
    path.write_bytes(made.content("a.png"))
    if name == "long":
        assert len(os.fsencode(path.name)) == 255
    assert isinstance(read(path), Image)
    path.write_bytes(made.content("a.png")[:60])
    with pytest.raises(DamagedMedia) as caught:
        read(path)
    assert path.name.strip() in str(caught.value)


def test_an_obj_with_an_odd_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "an 🦉\n100%20.obj"
    path.write_bytes(made.content("a.obj"))
    assert isinstance(read(path), Mesh)


def test_a_name_that_is_too_long_or_holds_a_nul_is_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path / ("o" * 256 + ".png"), tmp_path / "a\0b.png"):
        with pytest.raises(UnreadableFile) as caught:
            read(path)
        assert caught.value.hint


def test_a_loop_of_links_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to(tmp_path / "b.png")
    (tmp_path / "b.png").symlink_to(tmp_path / "a.png")
    with pytest.raises(UnreadableFile, match="leads back to itself"):
        read(tmp_path / "a.png")


def test_a_link_to_nothing_and_a_missing_file_are_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to(tmp_path / "gone.png")
    for name in ("a.png", "gone.png", "no folder/a.png"):
        with pytest.raises(UnreadableFile, match="not there any more"):
            read(tmp_path / name)
    (tmp_path / "file").touch()
    with pytest.raises(UnreadableFile):
        read(tmp_path / "file" / "a.png")


def test_a_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(UnreadableFile, match="is a folder"):
        read(tmp_path / "a.png")


def _within(seconds: float, call: Callable[[], Any]) -> Any:
    """What a call raises; it fails when it waits."""
    caught: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:
            caught.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive(), "it waits"
    assert caught, "it returned"
    return caught[0]


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    error = _within(5, lambda: read(tmp_path / "a.png"))
    assert isinstance(error, UnreadableFile) and "pipe" in error.reason


def test_a_device_is_refused() -> None:
    error = _within(5, lambda: read(Path("/dev/zero")))
    assert isinstance(error, UnreadableFile)


def _reading(folder: str) -> list[str]:
    """In a child: what comes of a file and a folder that others have closed."""
    outcomes = []
    for name in ("closed.png", "closed/inside.png", "open.png"):
        try:
            read(Path(folder) / name)
            outcomes.append("read")
        except MediaError as error:
            outcomes.append(f"{type(error).__name__}: {error}")
    return outcomes


def test_forbidden_files_are_unreadable_for_an_ordinary_user(common: Path) -> None:
    (common / "closed").mkdir()
    for name in ("closed.png", "closed/inside.png", "open.png"):
        (common / name).write_bytes(made.content("a.png"))
        (common / name).chmod(0o644)
    (common / "closed.png").chmod(0o000)
    (common / "closed").chmod(0o000)
    first, second, third = children.call(_reading, str(common), unprivileged=True)
    assert first.startswith("UnreadableFile: closed.png may not be read. Allow")
    assert second.startswith("UnreadableFile: inside.png may not be read.")
    assert third == "read"


@pytest.mark.parametrize("name", ["a.png", "a.mp4", "a.glb", "a.docx", "a.pdf"])
def test_a_file_that_vanishes_once_it_is_open_is_still_read(name: str, tmp_path: Path) -> None:
    path = made.made(name, tmp_path)
    original = Source.head

    def head(self: Source, length: int) -> bytes:
        path.unlink(missing_ok=True)
        return original(self, length)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Source, "head", head)
        read(path)
    assert not path.exists()


@pytest.mark.parametrize("name", ["a.png", "a.wav", "a.stl", "a.pdf"])
def test_a_file_that_shrinks_while_it_is_read_raises_nothing_else(
    name: str, tmp_path: Path
) -> None:
    path = made.made(name, tmp_path)
    original = Source.head

    def head(self: Source, length: int) -> bytes:
        found = original(self, length)
        os.truncate(path, 50)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Source, "head", head)
        with pytest.raises(MediaError):
            read(path)


def test_nothing_stays_open(tmp_path: Path) -> None:
    def open_files() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - listing it by Path opens more

    if not Path("/proc/self/fd").exists():
        pytest.skip("this system does not list open files")
    files = [made.made(name, tmp_path) for name in made.FILES]
    for path in files:  # libraries open some of their own the first time
        read(path)
    before = open_files()
    for path in files:
        read(path)
        path.write_bytes(path.read_bytes()[:200])
        try:
            read(path)
        except MediaError:
            continue
    assert open_files() <= before


# Warnings


def test_quiet_in_threads_puts_the_filters_back() -> None:
    """Two overlapping `catch_warnings` would leave the filters of the first in place."""
    warnings.simplefilter("error")
    before = list(warnings.filters)
    first_in, second_in, first_out = threading.Event(), threading.Event(), threading.Event()

    def first() -> None:
        with quiet():
            first_in.set()
            second_in.wait(5)
        first_out.set()

    def second() -> None:
        first_in.wait(5)
        with quiet():
            second_in.set()
            first_out.wait(5)
            warnings.warn("nobody hears this", stacklevel=1)

    threads = [threading.Thread(target=target) for target in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert list(warnings.filters) == before
    with pytest.raises(UserWarning):
        warnings.warn("this is heard", stacklevel=1)


def test_many_threads_read_at_once(tmp_path: Path) -> None:
    files = [made.made(name, tmp_path) for name in made.FILES] * 2
    before = list(warnings.filters)
    expected = {path: dict(read(path).facts) for path in set(files)}
    failures: list[str] = []

    def work(share: list[Path]) -> None:
        for path in share:
            try:
                if dict(read(path).facts) != expected[path]:
                    failures.append(f"{path.name} differs")
            except Exception as error:
                failures.append(f"{path.name}: {error!r}")

    threads = [threading.Thread(target=work, args=(files[i::6],)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert list(warnings.filters) == before


def test_what_a_decoder_raises_names_the_file_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xmr_core.readers import text

    def fail(*_: object) -> Text:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr(text, "read", fail)
    with pytest.raises(DamagedMedia, match=r"a\.txt .*ZeroDivisionError") as caught:
        read(made.made("a.txt", tmp_path))
    assert caught.value.hint


def test_reading_takes_no_longer_for_a_sparse_giant(tmp_path: Path) -> None:
    """Ten gigabytes of nothing behind a header."""
    for name in ("a.png", "a.pdf", "a.glb", "a.docx", "a.txt", "a.wav"):
        path = made.made(name, tmp_path)
        os.truncate(path, 10 * 2**30)
        begun = time.perf_counter()
        with contextlib.suppress(MediaError):
            read(path)
        assert time.perf_counter() - begun < 5, name
