"""Making the demo's files and its library."""

import json
import shutil
import subprocess
import sys
import time

import pytest

from xmr_core import cli, demo
from xmr_core.demo import library as demo_library
from xmr_core.demo import make
from xmr_core.indexing import Control
from xmr_core.library import Library
from xmr_core.media import Modality

FEW = (
    "cats/chelsea-the-cat.jpg",
    "cats/sitting-cat.glb",
    "cats/meow.wav",
    "cats/whiskers.txt",
    "coffee/espresso.jpg",
    "coffee/coffee-cup.glb",
    "bells/one-stroke.wav",
    "coffee/espresso-is-served.mp4",
)


@pytest.fixture
def few(monkeypatch):
    """A demo of a few real files, over five media."""
    works = tuple(work for work in demo.WORKS if work.path in FEW)
    assert {work.modality for work in works} == set(Modality)
    monkeypatch.setattr(demo, "WORKS", works)
    return works


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """The folder of those few, made once."""
    with pytest.MonkeyPatch.context() as patch:
        works = tuple(work for work in demo.WORKS if work.path in FEW)
        patch.setattr(demo, "WORKS", works)
        folder = tmp_path_factory.mktemp("demo")
        make(folder)
    return folder


@pytest.fixture
def made(done, tmp_path):
    """A copy of it."""
    return shutil.copytree(done, tmp_path / "made")


def state(folder):
    """Path → (content, time of the last write) of everything in a folder but its locks."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def test_files_are_made_and_told_one_by_one(few, tmp_path):
    told = []
    made = make(tmp_path / "demo", lambda *news: told.append(news))
    assert made == sorted(tmp_path / "demo" / path for path in FEW)
    assert all(path.stat().st_size > 500 for path in made)
    assert [done for done, _, _ in told] == list(range(1, 9))
    assert {total for _, total, _ in told} == {8}
    assert {path for _, _, path in told} == set(FEW)
    for work in few:
        assert (tmp_path / "demo" / work.path).read_bytes() == work.bytes()
    assert "Stéfan van der Walt" in (tmp_path / "demo" / "CREDITS.md").read_text("utf-8")


def test_second_call_writes_nothing(few, made):
    before = state(made)
    told = []
    make(made, lambda *news: told.append(news))
    assert state(made) == before
    assert told == []


def test_interrupted_one_goes_on_where_it_stopped(few, tmp_path):
    class Enough(Exception):
        pass

    def stop(done, total, path):
        if done == 3:
            raise Enough

    with pytest.raises(Enough):
        make(tmp_path, stop)
    before = state(tmp_path)
    told = []
    make(tmp_path, lambda *news: told.append(news))
    assert told[0][0] == 4
    after = state(tmp_path)
    assert set(after) == {*FEW, "CREDITS.md", ".demo.jsonl"}
    finished = [json.loads(line)[0] for line in before[".demo.jsonl"][0].splitlines()]
    assert len(finished) == 3
    assert all(after[path] == before[path] for path in finished)


CHILD = """
import sys, time
from pathlib import Path
from xmr_core import demo
from tests.demo.test_make import FEW
demo.WORKS = tuple(work for work in demo.WORKS if work.path in FEW)
write = demo._write
def slowly(path, data):
    write(path, data)
    if sys.argv[2] == "dies":  # in the middle of another file
        path.with_name(".making-half").write_bytes(data[: len(data) // 2])
        time.sleep(0.5)
demo._write = slowly
demo.make(Path(sys.argv[1]), lambda *news: print(*news, flush=True))
"""


def test_killed_one_goes_on_and_leaves_no_half_files(few, tmp_path):
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path), "dies"], stdout=subprocess.PIPE, text=True
    )
    child.stdout.readline()
    child.stdout.readline()
    child.kill()
    child.communicate()
    assert list(tmp_path.rglob(".making-*"))
    told = []
    make(tmp_path, lambda *news: told.append(news))
    assert 0 < len(told) < 8
    after = state(tmp_path)
    assert set(after) == {*FEW, "CREDITS.md", ".demo.jsonl"}
    for work in few:
        assert after[work.path][0] == work.bytes()


def test_two_at_once_make_every_file_once(few, tmp_path):
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path), "lives"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    lines = [child.communicate(timeout=120)[0].splitlines() for child in children]
    assert [child.returncode for child in children] == [0, 0]
    assert sorted(map(len, lines)) == [0, 8]
    assert set(state(tmp_path)) == {*FEW, "CREDITS.md", ".demo.jsonl"}


def test_what_is_missing_or_of_another_version_is_made_again_and_what_is_over_goes(
    few, made, monkeypatch
):
    (made / FEW[0]).unlink()
    stamp = made / ".demo.jsonl"
    (made / "old.txt").write_text("of an earlier version")
    (made / "mine.txt").write_text("of the user")
    lines = stamp.read_text("utf-8").splitlines()
    lines = [
        line.replace(f", {demo.VERSION}]", ", 0]") if FEW[1] in line else line for line in lines
    ]
    stamp.write_text("\n".join([*lines, '["old.txt", 0]', '["cats/meow.w']) + "\n", "utf-8")
    told = []
    make(made, lambda *news: told.append(news[2]))
    assert set(told) == {FEW[0], FEW[1]}
    assert not (made / "old.txt").exists()
    assert (made / "mine.txt").exists()
    told.clear()
    monkeypatch.setattr(demo, "VERSION", demo.VERSION + 1)
    make(made, lambda *news: told.append(news[2]))
    assert set(told) == set(FEW)


def test_full_disk_leaves_no_half_file(few, tmp_path, small_disk):
    said = small_disk(make_into, "300k")
    assert said["error"] == 28
    assert said["halves"] == []


def make_into(folder):
    """In a child, on a disk of its own: what a full disk leaves."""
    from pathlib import Path

    demo.WORKS = tuple(work for work in demo.WORKS if work.path in FEW)
    try:
        make(Path(folder))
    except OSError as error:
        halves = [str(path) for path in Path(folder).rglob(".making-*")]
        return {"error": error.errno, "halves": halves}
    return {}


def test_library_is_built_and_searched_and_the_second_time_is_quick(few, done, tmp_path):
    shutil.copytree(done, demo_library.media_dir(tmp_path))
    told = []
    name = demo_library.build_demo(lambda *news: told.append(news), home=tmp_path)
    assert name == demo_library.NAME == "demo"
    stages = dict.fromkeys(stage for stage, _, _ in told)
    assert list(stages) == [
        *("making the demo's files", "loading the models", "indexing the demo"),
    ]
    with Library.open(name, tmp_path) as library:
        assert sum(library.counts().values()) == 8
        assert not library.failures()
        results = library.search("a cat", to=["image"], k=2)
        assert results.hits[0].item.path == "cats/chelsea-the-cat.jpg"
    before = state(demo_library.media_dir(tmp_path))
    started = time.monotonic()
    demo_library.build_demo(home=tmp_path)
    assert time.monotonic() - started < 10
    assert state(demo_library.media_dir(tmp_path)) == before


def test_command_says_what_it_does_where_no_bar_is_shown(
    few, done, home, monkeypatch, capfd: pytest.CaptureFixture[str]
):
    shutil.copytree(done, demo_library.media_dir(home))
    (demo_library.media_dir(home) / FEW[3]).unlink()
    monkeypatch.setattr(sys, "argv", ["xmr", "demo", "--build-only"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    out, err = capfd.readouterr()
    assert not end.value.code
    assert out == "The demo library is ready.\n"
    told = err.splitlines()
    assert told[0] == "Making the demo's files …"
    assert "Loading the models …" in told and "Indexing the demo …" in told
    assert "Indexing the demo: 50% …" in told


def test_cancelled_index_run_goes_on_the_next_time(few, done, tmp_path):
    shutil.copytree(done, demo_library.media_dir(tmp_path))
    control = Control()

    def stop(stage, done, total):
        if stage == "indexing the demo" and total:
            control.cancel()

    demo_library.build_demo(stop, home=tmp_path, control=control)
    demo_library.build_demo(home=tmp_path)
    with Library.open("demo", tmp_path) as library:
        assert sum(library.counts().values()) == 8
