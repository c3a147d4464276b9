"""The command itself: help, usage, what every command does with errors."""

import re
import subprocess
import sys

import pytest

from xmr_core import __version__
from xmr_core.library import Library

COMMANDS = {
    (): {
        *("index", "search", "say", "watch", "duplicates", "words", "app", "demo", "mcp", "eval"),
        *("bench", "library", "keep", "lab", "documents", "graph", "models"),
    },
    ("library",): {
        *("list", "show", "failures", "searches", "rename", "delete", "concepts"),
        *("add-folder", "move-folder", "remove-folder", "salvage"),
    },
    ("lab",): {"list", "run", "keep", "show"},
    ("keep",): {
        *("list", "show", "new", "add", "remove", "rename", "delete", "export", "note", "tag"),
    },
    ("documents",): {"list", "show", "search", "join", "split"},
    ("graph",): {"build", "show"},
    ("models",): {"list", "pull", "verify"},
}


@pytest.mark.parametrize("group", COMMANDS)
def test_help_names_every_command(xmr, group):
    status, out, _ = xmr(*group, "--help")
    assert status == 0
    listed = out[out.index(" Commands ") :]
    assert set(re.findall(r"^│ ([a-z-]+) ", listed, re.M)) == COMMANDS[group]
    for command in COMMANDS[group]:
        assert xmr(*group, command, "--help")[0] == 0


def test_version(xmr):
    assert xmr("--version") == (0, f"xmr {__version__}\n", "")


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['xmr', '--help']\n"
        "from xmr_core.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'numpy', 'gradio', 'faiss', 'sqlite3', 'PIL', 'onnxruntime'}\n"
        "print('HEAVY', heavy & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "HEAVY set()" in run.stdout


def test_a_search_loads_nothing_that_it_has_no_use_for():
    code = (
        "import sys\n"
        "import xmr_core.cli.search, xmr_core.export, xmr_core.library\n"
        "import xmr_core.profiles.embedded\n"
        "import numpy as np; from xmr_core.calibration import typical\n"
        "typical(np.ones((1, 3), np.float32))\n"
        "heavy = {'torch', 'scipy', 'sklearn', 'skimage', 'librosa', 'trimesh', 'xmr_core.lab'}\n"
        "heavy |= {'PIL', 'lxml', 'filelock', 'pathspec', 'urllib.request', 'numpy.ma'}\n"
        "heavy |= {'av', 'gradio', 'onnx', 'xmr_core.words'}\n"
        "print('HEAVY', heavy & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "HEAVY set()" in run.stdout


def test_without_a_command_help_is_shown(xmr):
    status, out, err = xmr()
    assert status in (0, 2) and "Usage" in out + err


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("search", "red", "--k", "0"),
        ("search", "red", "--k", "many"),
        ("search", "--no-such-option"),
        ("eval",),
        ("search", "red", "--offset", "-1"),
        ("library", "delete"),
        ("library", "move-folder", "hues", "1"),
    ],
)
def test_wrong_arguments_are_refused_with_the_usage(xmr, words):
    status, out, err = xmr(*words)
    assert status == 2 and "Usage" in err and "Traceback" not in err + out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("index", "nowhere", "-l", "new"), "RootMissing: There is no folder nowhere."),
        (("index", __file__, "-l", "new"), "is a file. Give the folder that holds it."),
        (("index", ".", "-l", "new", "-p", "no-such"), "UnknownProfile"),
        (("index", ".", "-l", "../x"), "cannot be a library's name"),
        (("index", "-l", "new"), "LibraryNotFound: There is no library 'new'."),
        (("search", "red"), "LibraryNotFound: There is no library yet."),
        (("search", "red", "-l", "new"), "LibraryNotFound"),
        (("library", "show", "new"), "LibraryNotFound"),
        (("library", "failures", "new"), "LibraryNotFound"),
        (("library", "searches", "new"), "LibraryNotFound"),
        (("library", "rename", "new", "newer"), "LibraryNotFound"),
        (("library", "delete", "new", "--yes"), "LibraryNotFound"),
        (("library", "add-folder", "new", "."), "LibraryNotFound"),
        (("library", "salvage", "new"), "LibraryNotFound"),
        (("models", "pull", "no-such"), "ModelError: There is no artefact 'no-such'."),
        (("models", "verify", "no-such"), "ModelError"),
        (("bench", "no-such"), "QueryError: There is no benchmark 'no-such'."),
        (
            ("eval", "nowhere.csv"),
            "There is no manifest nowhere.csv. Check its path.",
        ),
        (("eval", "."), "ManifestError: . is a folder. Give the CSV file inside it."),
    ],
)
def test_errors_are_one_sentence_and_exit_status_1(xmr, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    status, out, err = xmr(*words)
    assert (status, out) == (1, "")
    assert said in err and "Traceback" not in err and len(err.strip().splitlines()) == 1
    assert Library.names() == [], "no empty library is left"


def test_a_profile_that_cannot_be_had_is_told_after_its_size(xmr, media):
    status, out, err = xmr("index", media, "-l", "new", "-p", "colours-far")
    assert (status, out) == (1, "")
    assert "Weights for colours-far are downloaded first: 90 MB." in err
    assert err.splitlines()[-1].startswith("HubUnreachable: colours-far needs 90 MB")


def test_what_goes_wrong_with_one_library_is_said(xmr, library):
    (Library.open("hues").path / "catalogue.sqlite").write_bytes(b"junk" * 5000)
    status, _, err = xmr("search", "red", "-l", "hues")
    assert status == 1 and "LibraryDamaged" in err and "salvage" in err
