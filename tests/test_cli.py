"""The command line, with a profile that tells things by their colours."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import children, named
from tests.indexing.world import (
    fill,
    write_film,
    write_picture,
    write_solid,
    write_sound,
    write_text,
)
from xmr_core import __version__, cli
from xmr_core.library import Library

COMMANDS = {"index", "search", "app", "demo", "eval", "models", "bench", "salvage"}


@pytest.fixture(autouse=True)
def _apart(home, cache):
    with named.registered():
        yield


@pytest.fixture
def xmr(monkeypatch, capsys):
    """Run a command; (exit status, standard output, standard error)."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["xmr", *map(str, words)])
        status = 0
        try:
            cli.main()
        except SystemExit as end:
            status = end.code or 0
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture
def media(tmp_path):
    folder = tmp_path / "media"
    write_text(folder / "red.txt", "red")
    write_picture(folder / "deep/green.png", "green")
    write_sound(folder / "blue.wav", "blue")
    write_film(folder / "film.gif", "red")
    write_solid(folder / "solid.ply", "green")
    return folder


@pytest.fixture
def library(xmr, media):
    assert xmr("index", media, "--library", "hues", "--profile", "colours")[0] == 0
    return media


def hits(answer):
    status, out, _ = answer
    assert status == 0
    return [Path(hit["path"]).name for hit in json.loads(out)["hits"]]


# -- the command itself


def test_help_names_every_command(xmr):
    status, out, _ = xmr("--help")
    assert status == 0
    for command in COMMANDS:
        assert re.search(rf"^\W*{command}\b", out, re.M), command
        assert xmr(command, "--help")[0] == 0


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
        ("salvage",),
    ],
)
def test_wrong_arguments_are_refused_with_the_usage(xmr, words):
    status, out, err = xmr(*words)
    assert status == 2 and "Usage" in err and "Traceback" not in err + out


# -- index


def test_index_makes_a_library_and_says_what_it_did(xmr, media):
    status, out, _ = xmr("index", media, "--library", "hues", "--profile", "colours")
    assert status == 0
    assert "hues: 5 added, 0 changed, 0 unchanged" in out
    with Library.open("hues") as made:
        assert made.profile == "colours" and len(made.items()) == 5
    status, out, _ = xmr("index", media, "-l", "hues")
    assert "0 added, 0 changed, 5 unchanged" in out


def test_index_without_folders_looks_at_the_librarys_own(xmr, library):
    write_text(library / "new.txt", "blue")
    assert "1 added, 0 changed, 5 unchanged" in xmr("index", "-l", "hues")[1]


def test_index_lists_failures_and_tries_them_again_if_asked(xmr, library):
    for i in range(25):
        (library / f"bad{i}.txt").touch()
    _, out, _ = xmr("index", "-l", "hues")
    assert "25 failed" in out and "is empty" in out and "… and 5 more." in out
    assert "0 failed" in xmr("index", "-l", "hues")[1]
    assert "25 failed" in xmr("index", "-l", "hues", "--retry")[1]


def test_ignored_patterns_stay_ignored(xmr, media):
    words = (
        "index",
        media,
        "-l",
        "hues",
        "-p",
        "colours",
        "--ignore",
        "*.txt",
        "--ignore",
        "deep/",
    )
    assert "3 added" in xmr(*words)[1]
    assert "0 added, 0 changed, 3 unchanged" in xmr("index", "-l", "hues")[1]


def test_a_lost_folder_warns_and_its_loss_can_be_accepted(xmr, library):
    import shutil

    shutil.rmtree(library)
    library.mkdir()
    status, out, err = xmr("index", "-l", "hues")
    assert status == 0 and "nothing was marked as gone" in err and "0 missing" in out
    assert "5 missing" in xmr("index", "-l", "hues", "--accept-loss")[1]


def test_a_search_that_nothing_passes_says_so(xmr, library):
    for options in (["--folder", "nowhere"], ["--to", "audio", "--folder", "deep"]):
        status, out, _ = xmr("search", "red", "-l", "hues", *options)
        assert (status, out.split(".")[0]) == (0, "Nothing to show")


def test_the_profile_can_be_changed(xmr, library):
    err = xmr("index", "-l", "hues", "--profile", "colours-again")[2]
    assert "Changing the profile from colours to colours-again" in err
    with Library.open("hues") as changed:
        assert changed.profile == "colours-again"
    assert hits(xmr("search", "green", "-l", "hues", "--to", "image", "--json")) == ["green.png"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("index", "nowhere", "-l", "new"), "RootMissing: There is no folder nowhere."),
        (("index", __file__, "-l", "new"), "is a file. Give the folder that holds it."),
        (("index", ".", "-l", "new", "-p", "no-such"), "UnknownProfile"),
        (("index", ".", "-l", "../x"), "cannot be a library's name"),
        (("index", "-l", "new"), "LibraryNotFound: There is no library 'new'."),
        (("index", ".", "-l", "new", "--profile", "colours-far"), "HubUnreachable"),
        (("search", "red"), "LibraryNotFound: There is no library yet."),
        (("search", "red", "-l", "new"), "LibraryNotFound"),
        (("salvage", "new"), "LibraryNotFound"),
        (("models", "pull", "no-such"), "ModelError: There is no artefact 'no-such'."),
        (("models", "verify", "no-such"), "ModelError"),
        (("bench", "no-such"), "QueryError: There is no benchmark 'no-such'."),
        (("eval", "nowhere.csv"), "ManifestError"),
    ],
)
def test_errors_are_one_sentence_and_exit_status_1(xmr, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    status, out, err = xmr(*words)
    assert (status, out) == (1, "")
    assert said in err and "Traceback" not in err and len(err.strip().splitlines()) == 1
    left = Library.names()
    assert left == (["new"] if "colours-far" in words else []), "no empty library is left"


def test_what_goes_wrong_with_one_library_is_said(xmr, library):
    (Library.open("hues").path / "catalogue.sqlite").write_bytes(b"junk" * 5000)
    status, _, err = xmr("search", "red", "-l", "hues")
    assert status == 1 and "LibraryDamaged" in err and "salvage" in err


def interrupted(folder):
    """A run of the command line on slow media, to be interrupted."""
    sys.argv = ["xmr", "index", folder, "--library", "slow", "--profile", "colours-slow"]
    with named.registered():
        try:
            cli.main()
        except SystemExit as end:
            with Library.open("slow") as library:
                run = library.catalogue.runs()[0]
                return [end.code, run.state, sum(library.counts().values())]
    return "it was not interrupted"


def committed(name):
    with Library.open(name) as library:
        return sum(library.counts().values())


@children.posix
def test_ctrl_c_keeps_what_was_done(tmp_path, xmr):
    media = fill(tmp_path / "many", 40)
    child = children.start(interrupted, str(media))
    until = time.monotonic() + 60
    while "slow" not in Library.names() or not committed("slow"):
        assert time.monotonic() < until and child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    status, state, done = children.finish(child)
    assert (status, state) == (130, "cancelled") and 0 < done < 90
    _, out, _ = xmr("index", "-l", "slow", "--profile", "colours")
    assert f"{done} unchanged" in out or "0 failed" in out
    with Library.open("slow") as library:
        assert sum(library.counts().values()) == 90


# -- search


def test_words_are_looked_for_in_all_media(xmr, library):
    status, out, _ = xmr("search", "red", "-l", "hues")
    assert status == 0
    lines = [line.split() for line in out.splitlines()[1:]]
    assert {line[3] for line in lines[:2]} == {"red.txt", "film.gif"}
    assert lines[0][0] == "1" and lines[0][1].endswith("%")


def test_json_says_what_each_hit_is(xmr, library):
    status, out, _ = xmr("search", "green", "-l", "hues", "--json", "-k", "2")
    answer = json.loads(out)
    assert status == 0 and set(answer) == {"probably_nothing", "presence", "total", "hits"}
    assert answer["total"] == 5 and len(answer["hits"]) == 2
    first = answer["hits"][0]
    assert set(first) == {
        *("rank", "library", "id", "modality", "path", "part"),
        *("score", "cosine", "strength"),
    }
    assert first["rank"] == 1 and first["library"] == "hues"
    assert Path(first["path"]).is_absolute() and Path(first["path"]).is_file()
    assert {hit["modality"] for hit in answer["hits"]} == {"image", "mesh"}


@pytest.mark.parametrize(
    ("option", "file"),
    [
        ("--image", "deep/green.png"),
        ("--audio", "blue.wav"),
        ("--video", "film.gif"),
        ("--mesh", "solid.ply"),
        ("--document", "red.txt"),
    ],
)
def test_any_medium_can_be_the_query(xmr, library, option, file):
    name = Path(file).name
    assert name in hits(xmr("search", option, library / file, "-l", "hues", "--json"))[:2]


def test_terms_add_up_and_are_subtracted(xmr, library):
    words = ("search", "red", "--image", library / "deep/green.png", "-l", "hues", "--json")

    def cosines(answer):
        return {Path(h["path"]).name: h["cosine"] for h in json.loads(answer[1])["hits"]}

    both = cosines(xmr(*words))
    assert both["film.gif"] == pytest.approx(both["solid.ply"], abs=0.02)
    assert both["film.gif"] == pytest.approx(0.5**0.5, abs=0.02)
    less = cosines(xmr(*words, "--minus", "red"))
    assert less["solid.ply"] == pytest.approx(1, abs=0.02)
    assert less["film.gif"] == pytest.approx(0, abs=0.02)


def test_targets_folders_and_numbers_narrow_the_answer(xmr, library):
    asked = ("search", "green", "-l", "hues", "--json")
    assert hits(xmr(*asked, "--to", "audio, text")) in (
        ["red.txt", "blue.wav"],
        ["blue.wav", "red.txt"],
    )
    assert hits(xmr(*asked, "--folder", "deep")) == ["green.png"]
    assert len(hits(xmr(*asked, "-k", "3"))) == 3
    plain = json.loads(xmr(*asked, "--plain", "-k", "1")[1])["hits"][0]
    assert plain["score"] == pytest.approx(plain["cosine"], abs=1e-3)


def test_several_libraries_answer_together(xmr, library, tmp_path):
    write_text(tmp_path / "more/other.txt", "red")
    xmr("index", tmp_path / "more", "-l", "more", "-p", "colours")
    found = json.loads(xmr("search", "red", "-l", "hues", "-l", "more", "--json")[1])
    assert {hit["library"] for hit in found["hits"]} == {"hues", "more"}
    assert found["total"] == 6
    assert json.loads(xmr("search", "red", "--json")[1])["total"] == 6, "all of them by default"
    twice = json.loads(xmr("search", "red", "-l", "more", "-l", "more", "--json")[1])
    assert len(twice["hits"]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "QueryError"),
        (("",), "QueryError: The query is empty."),
        (("red", "--to", "smell"), "The media are: audio, image, mesh, text, video"),
        (("--image", "nowhere.png"), "UnreadableFile: nowhere.png"),
        (("--minus", "red"), "QueryError"),
    ],
)
def test_queries_that_make_no_sense_say_why(xmr, library, words, said):
    status, out, err = xmr("search", *words, "-l", "hues")
    assert (status, out) == (1, "") and said in err


@children.posix
def test_names_of_any_bytes_can_be_printed(xmr, library):
    for name in (os.fsdecode(b"caf\xe9.txt"), "two\nlines.txt", "\x1b[2Jclear.txt", "[red]x.txt"):
        write_text(library / name, "blue and nothing but blue")
    (library / os.fsdecode(b"b\xffd.txt")).touch()
    status, out, _ = xmr("index", "-l", "hues")
    assert status == 0 and "b\\udcffd.txt: is empty" in out
    status, out, _ = xmr("search", "blue", "-l", "hues", "--to", "text")
    assert status == 0 and "\x1b[2J" not in out
    for shown in ("caf\\udce9.txt", "two\\nlines.txt", "\\x1b[2Jclear.txt", "[red]x.txt"):
        assert shown in out
    assert xmr("search", os.fsdecode(b"blue caf\xe9"), "-l", "hues")[0] == 0
    found = hits(xmr("search", "blue", "-l", "hues", "--to", "text", "--json"))
    assert os.fsdecode(b"caf\xe9.txt") in found and "two\nlines.txt" in found


def test_a_reader_that_goes_away_is_no_error(library, home):
    code = (
        "import sys; from tests import named; from xmr_core import cli\n"
        "sys.argv = ['xmr', 'search', 'red', '-l', 'hues', '--json']\n"
        "with named.registered(): cli.main()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    child.stdout.close()
    assert "Traceback" not in child.stderr.read()
    child.stderr.close()
    child.wait()


# -- salvage


def test_a_damaged_library_is_salvaged(xmr, library, home):
    path = home / "hues" / "catalogue.sqlite"
    page = path.read_bytes().rindex(b"deep/green.png") // 4096
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096)
    status, out, _ = xmr("salvage", "hues")
    assert status == 0 and "items were saved" in out and "xmr index --library 'hues'" in out
    status, out, _ = xmr("index", "-l", "hues")
    assert status == 0 and "0 failed" in out
    assert "green.png" in hits(xmr("search", "green", "-l", "hues", "--json"))


# -- eval


def table(path, *rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


RECALLS = {"recall@1", "recall@5", "recall@10", "median_rank"}


@pytest.fixture
def pictures(tmp_path):
    for colour in ("red", "green", "blue"):
        write_picture(tmp_path / f"{colour}.png", colour)
        write_picture(tmp_path / f"{colour}2.png", colour, side=20)
    return tmp_path


def evaluated(xmr, pictures, *rows):
    manifest, out = table(pictures / "m.csv", *rows), pictures / "out.json"
    status, printed, _ = xmr("eval", manifest, "--profile", "colours", "--json", out)
    assert status == 0
    numbers = json.loads(out.read_text("utf-8"))
    shown = json.loads(printed)
    assert {key: value for key, value in numbers.items() if key != "failures"} == shown
    return numbers


def test_captions_are_measured_under_the_names_agreed(xmr, pictures):
    rows = [(f"{colour}.png", f"a {colour} thing", colour) for colour in ("red", "green", "blue")]
    numbers = evaluated(xmr, pictures, ("path", "caption1", "caption2"), *rows)
    assert set(numbers) == {
        *("n", "profile", "text_to_media", "media_to_text", "rsum", "corrected", "failures")
    }
    assert set(numbers["text_to_media"]) == set(numbers["media_to_text"]) == RECALLS
    assert set(numbers["corrected"]) == {"text_to_media", "media_to_text", "rsum"}
    assert (numbers["n"], numbers["profile"], numbers["rsum"]) == (3, "colours", 600)
    assert numbers["text_to_media"]["median_rank"] == 1


def test_labels_are_measured_under_the_names_agreed(xmr, pictures):
    rows = [(f"{c}{end}.png", c) for c in ("red", "green", "blue") for end in ("", "2")]
    numbers = evaluated(xmr, pictures, ("path", "label"), *rows)
    measures = {"label_to_media", "zero_shot_accuracy", "media_to_media"}
    assert {"n", "profile", "corrected", *measures} <= set(numbers)
    assert set(numbers["corrected"]) == measures
    assert set(numbers["label_to_media"]) == {"map", "precision@10"}
    assert numbers["label_to_media"]["map"] == numbers["media_to_media"]["map"] == 1
    assert numbers["zero_shot_accuracy"] == 1


def test_pairs_are_measured(xmr, pictures):
    rows = [(f"{colour}.png", f"{colour}2.png") for colour in ("red", "green", "blue")]
    numbers = evaluated(xmr, pictures, ("path", "path2"), *rows)
    assert set(numbers["path_to_path2"]) == RECALLS and numbers["rsum"] == 600


def test_files_that_cannot_be_read_are_named_and_left_out(xmr, pictures):
    (pictures / "bad.png").touch()
    manifest = table(pictures / "m.csv", ("path", "label"), ("red.png", "red"), ("bad.png", "red"))
    status, out, err = xmr("eval", manifest, "-p", "colours")
    assert status == 0 and json.loads(out)["n"] == 1
    assert "bad.png is empty" in err


def test_a_manifest_may_lie_apart_from_its_files(xmr, pictures, tmp_path):
    (tmp_path / "apart").mkdir()
    manifest = table(tmp_path / "apart/m.csv", ("path", "label"), ("red.png", "red"))
    assert xmr("eval", manifest, "-p", "colours")[0] == 1
    assert xmr("eval", manifest, "-p", "colours", "--root", pictures)[0] == 0


def test_numbers_that_cannot_be_written_say_so(xmr, pictures):
    manifest = table(pictures / "m.csv", ("path", "label"), ("red.png", "red"))
    status, _, err = xmr("eval", manifest, "-p", "colours", "--json", pictures / "no/where.json")
    assert status == 1 and "cannot be written" in err and "Traceback" not in err


# -- bench


@pytest.mark.parametrize(("value", "status"), [(3.0, 0), (1.0, 1)])
def test_a_missed_bar_is_told_with_exit_status_1(xmr, tmp_path, monkeypatch, value, status):
    from xmr_core import bench
    from xmr_core.bench.report import Figure

    figures = [Figure("unchanged files", value, "files/s", 2.0)]
    monkeypatch.setitem(bench.BENCHES, "reindex", lambda: iter(figures))
    ended, out, err = xmr("bench", "reindex", "--json", tmp_path / "bench.json")
    assert ended == status and "unchanged files" in out and "unchanged files" in err
    assert "unchanged files" in (tmp_path / "bench.json").read_text()


# -- models


def test_models_are_listed_with_licence_and_place(xmr):
    status, out, _ = xmr("models", "list")
    assert status == 0
    from xmr_core import models

    for name, artefact in models.ARTEFACTS.items():
        line = next(line for line in out.splitlines() if line.startswith(f"{name} "))
        assert artefact.licence in line and (" yes " in line or " no " in line)


def test_models_are_verified(xmr):
    status, out, _ = xmr("models", "verify", "minilm-l6-v2-tokenizer")
    assert (status, out) == (0, "minilm-l6-v2-tokenizer: good\n")


def test_a_damaged_model_is_told_with_exit_status_1(xmr, monkeypatch):
    from dataclasses import replace

    from xmr_core import models

    wrong = replace(models.ARTEFACTS["minilm-l6-v2-tokenizer"], sha256="0" * 64)
    monkeypatch.setitem(models.ARTEFACTS, "minilm-l6-v2-tokenizer", wrong)
    status, out, err = xmr("models", "verify", "minilm-l6-v2-tokenizer")
    assert status == 1 and "minilm-l6-v2-tokenizer: DAMAGED" in out and "xmr models pull" in err


def test_a_model_that_is_here_is_pulled_at_once(xmr):
    status, out, _ = xmr("models", "pull", "minilm-l6-v2-tokenizer")
    assert status == 0 and Path(out.removeprefix("minilm-l6-v2-tokenizer: ").strip()).is_file()
