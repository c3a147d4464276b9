"""Private folders go with their process, however it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from xmr_core.ui.scratch import LOCK, PREFIX, Scratch, sweep

_SERVER = """
import sys, time
from pathlib import Path
from xmr_core.ui.scratch import Scratch
scratch = Scratch(Path(sys.argv[1]))
(scratch.path / "query.png").write_bytes(b"red")
print(scratch.path, flush=True)
time.sleep(60)
"""


@pytest.fixture
def other(tmp_path):
    """Another process with a folder of its own, and that folder."""
    command = [sys.executable, "-c", _SERVER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_what_a_killed_server_left_goes_when_the_next_one_starts(other, tmp_path):
    process, folder = other
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    assert (folder / "query.png").is_file()
    scratch = Scratch(tmp_path)
    assert not folder.exists()
    assert scratch.path.is_dir()
    scratch.close()
    assert not list(tmp_path.iterdir())


def test_the_files_of_a_living_server_stay(other, tmp_path):
    process, folder = other
    scratch = Scratch(tmp_path)
    assert sweep(tmp_path) == []
    assert process.poll() is None
    assert (folder / "query.png").read_bytes() == b"red"
    scratch.close()
    assert (folder / "query.png").is_file()


def test_folders_of_nobody_known_and_links_are_not_touched(tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (tmp_path / f"{PREFIX}link{LOCK}").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(precious)
    (tmp_path / f"{PREFIX}linked{LOCK}").symlink_to(tmp_path / f"{PREFIX}link{LOCK}")
    (tmp_path / f"{PREFIX}linked").mkdir()
    (tmp_path / f"{PREFIX}without").mkdir()
    (tmp_path / f"{PREFIX}file{LOCK}").touch()
    (tmp_path / f"{PREFIX}file").touch()
    before = sorted(tmp_path.iterdir())
    assert sweep(tmp_path) == []
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(os.name == "nt", reason="users have no numbers there")
def test_a_folder_of_another_user_is_not_touched(tmp_path, monkeypatch):
    theirs = tmp_path / f"{PREFIX}theirs"
    theirs.mkdir()
    (tmp_path / f"{PREFIX}theirs{LOCK}").touch()
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    assert sweep(tmp_path) == []
    monkeypatch.undo()
    assert sweep(tmp_path) == [theirs]
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="files have no modes there")
def test_nobody_else_can_look_into_a_folder(tmp_path):
    scratch = Scratch(tmp_path)
    assert scratch.path.stat().st_mode & 0o777 == 0o700
    scratch.close()
