"""`xmr lab`."""

import json

import numpy as np
import PIL.Image
import pytest
import scipy.io

from tests.fakes import PictureEncoder, WordEncoder
from tests.lab.planted import planted
from xmr_core.media import Modality
from xmr_core.paths import spaces_dir


@pytest.fixture
def wikipedia(tmp_path):
    """Planted views in the layout of Wikipedia's features."""
    train, test = planted(120), planted(60, draw=1)
    arrays = {}
    for end, made in (("tr", train), ("te", test)):
        arrays |= {f"{m[0].upper()}_{end}": view for m, view in made.views.items()}
    scipy.io.savemat(tmp_path / "raw_features.mat", arrays)
    (tmp_path / "categories.list").write_text("a\nb\nc\nd\n")
    for name, made in (("trainset", train), ("testset", test)):
        rows = [f"t{i}\ti{i}\t{label + 1}" for i, label in enumerate(made.labels)]
        (tmp_path / f"{name}_txt_img_cat.list").write_text("\n".join(rows))
    return tmp_path


def test_datasets_and_methods_are_listed_with_their_sources(xmr):
    status, out, _ = xmr("lab", "list")
    assert status == 0
    assert "svcl.ucsd.edu" in out and "flickr8k" in out
    assert "cca" in out and "Hotelling" in out
    assert "scan" in out and "consensus" in out and "Devlin" in out


def test_a_table_is_made_written_and_shown_again(xmr, wikipedia, tmp_path):
    file = tmp_path / "table.json"
    status, out, err = xmr(
        "lab", "run", "wikipedia", "--folder", wikipedia, "--methods", "cca", "--json", file
    )
    held = json.loads(file.read_text("utf-8"))
    assert held["dataset"] == "wikipedia" and not held["known"]
    assert "| Canonical correlation analysis |" in out
    # Planted pairs are found more often than the paper's: that is not within 0.01 of it
    assert status == 1 and "0.249: missed" in out
    assert out.splitlines()[-1] == "wikipedia: 1 method measured, 0 of 2 bars held."
    assert "cca: map" in err
    assert xmr("lab", "show", file)[1] == out


def test_a_table_is_kept_as_far_as_it_came(xmr, wikipedia, tmp_path, monkeypatch):
    from xmr_core.lab import tabulating

    def stopped():
        raise KeyboardInterrupt

    monkeypatch.setattr(tabulating, "METHODS", {**tabulating.METHODS, "sm": stopped})
    file = tmp_path / "table.json"
    words = ("lab", "run", "wikipedia", "-f", wikipedia, "-m", "cca,sm", "--json", file)
    assert xmr(*words)[0] != 0
    assert [row["method"] for row in json.loads(file.read_text("utf-8"))["rows"]] == ["cca"]


def test_held_bars_give_exit_status_0(xmr, wikipedia, monkeypatch):
    from xmr_core.lab import bars

    monkeypatch.setattr(bars, "FIGURES", {})
    status, out, _ = xmr("lab", "run", "wikipedia", "-f", wikipedia, "-m", "cca", "--seeds", 1)
    assert status == 0 and out.endswith("wikipedia: 1 method measured, 0 of 0 bars held.\n")


def test_translators_say_why_they_do_not_apply(xmr, wikipedia, tmp_path):
    """Wikipedia comes with features of its own, of which no encoder can say a word."""
    file = tmp_path / "table.json"
    words = ("lab", "run", "wikipedia", "-f", wikipedia, "-m", "consensus", "--json", file)
    status, out, err = xmr(*words)
    assert status == 1, "nothing was measured"
    assert "- consensus: Translators learn from sentences" in out
    assert "consensus: Translators learn" in err.replace("\n", " ")
    assert out.splitlines()[-1] == (
        "wikipedia: 0 methods and 0 translators measured, 0 of 0 bars held."
    )
    assert xmr("lab", "show", file)[1] == out


def test_what_is_missing_is_said(xmr, tmp_path, monkeypatch):
    monkeypatch.delenv("XMR_DATA", raising=False)
    status, _, err = xmr("lab", "run", "wikipedia")
    assert status == 1 and "set XMR_DATA" in err
    status, _, err = xmr("lab", "run", "wikipedia", "-f", tmp_path)
    assert status == 1 and "raw_features.mat" in err and "svcl.ucsd.edu" in err
    assert "There is no dataset 'nothing'" in xmr("lab", "run", "nothing")[2]
    assert "no table of the lab" in xmr("lab", "show", _empty(tmp_path))[2]


def _empty(folder):
    file = folder / "empty.json"
    file.write_text(json.dumps({"rows": np.zeros(2).tolist()}))
    return file


def test_a_space_of_a_benchmarks_own_features_is_not_kept(xmr, wikipedia):
    status, _, err = xmr("lab", "keep", "cca", "wikipedia", "mine", "--folder", wikipedia)
    assert status == 1 and "features of its own" in err.replace("\n", " ")


def test_a_space_that_cannot_be_kept_is_refused_before_anything_is_read(xmr, tmp_path):
    """The folder is empty: whoever read it first would say so."""
    words = ("--folder", tmp_path)
    status, _, err = xmr("lab", "keep", "cca", "wikipedia", "mine", *words)
    assert status == 1 and "features of its own" in err.replace("\n", " ")
    status, _, err = xmr("lab", "keep", "cca", "folder", "a/b", *words)
    assert status == 1 and "cannot be the name of a space" in err.replace("\n", " ")
    (spaces_dir() / "mine").mkdir(parents=True)
    status, _, err = xmr("lab", "keep", "cca", "folder", "mine", *words)
    assert status == 1 and "There is a space 'mine' already" in err.replace("\n", " ")


def test_what_makes_no_space_is_told_from_what_there_is_not(xmr):
    for name in ("scan", "consensus"):
        status, _, err = xmr("lab", "keep", name, "folder", "mine")
        assert status == 1 and f"'{name}' makes no space" in err.replace("\n", " ")


def test_a_name_that_is_wrong_leaves_an_older_table_as_it_was(xmr, wikipedia, tmp_path):
    file = tmp_path / "table.json"
    words = ("lab", "run", "wikipedia", "-f", wikipedia, "--json", file, "-m")
    xmr(*words, "cca")
    held = file.read_text("utf-8")
    status, _, err = xmr(*words, "ccaa")
    assert status == 1 and "no method 'ccaa'" in err.replace("\n", " ")
    assert file.read_text("utf-8") == held


def test_an_end_before_the_first_row_leaves_an_older_table_as_it_was(
    xmr, wikipedia, tmp_path, monkeypatch
):
    from xmr_core.lab import tabulating

    file = tmp_path / "table.json"
    words = ("lab", "run", "wikipedia", "-f", wikipedia, "--json", file, "-m", "cca")
    xmr(*words)
    held = file.read_text("utf-8")

    def stopped():
        raise KeyboardInterrupt

    monkeypatch.setattr(tabulating, "METHODS", {"cca": stopped})
    assert xmr(*words)[0] != 0
    assert file.read_text("utf-8") == held


def test_a_file_that_cannot_be_written_is_told_at_once_and_none_is_left_behind(
    xmr, wikipedia, tmp_path
):
    words = ("lab", "run", "wikipedia", "-f", wikipedia, "--seeds", 1, "-m", "cca", "--json")
    status, _, err = xmr(*words, tmp_path / "nowhere" / "table.json")
    assert status == 1 and "cannot be written" in err and "cca: map" not in err
    assert xmr("lab", "run", "wikipedia", "-f", tmp_path / "x", "--json", tmp_path / "t.json")[0]
    assert not (tmp_path / "t.json").exists()


def test_names_are_taken_once_and_an_empty_list_is_refused(xmr, wikipedia):
    words = ("lab", "run", "wikipedia", "-f", wikipedia, "--seeds", 1, "-m")
    _, out, _ = xmr(*words, "cca,,cca, pls")
    assert out.splitlines()[-1].startswith("wikipedia: 2 methods measured")
    status, _, err = xmr(*words, "")
    assert status == 1 and "No method is named" in err


@pytest.fixture
def fakes(cache, monkeypatch):
    """A profile that knows colours and the words for them."""
    encoders = {Modality.IMAGE: PictureEncoder(), Modality.TEXT: WordEncoder()}
    monkeypatch.setattr("xmr_core.lab.data.encoders_of", lambda *_: encoders)


def test_files_that_could_not_be_read_are_told(xmr, tmp_path, fakes):
    rng = np.random.default_rng(0)
    lines = ["path,caption1"]
    for i in range(30):
        small = rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)
        PIL.Image.fromarray(small).resize((64, 64)).save(tmp_path / f"{i}.png")
        lines.append(f"{i}.png,a thing of the colours {i}")
    (tmp_path / "3.png").write_bytes(b"")
    (tmp_path / "manifest.csv").write_text("\n".join(lines), "utf-8")
    status, out, err = xmr("lab", "run", "folder", "-f", tmp_path, "-m", "cca")
    assert status == 0 and "1 method measured" in out
    assert err.count("Left out") == 1 and "3.png" in err


def test_nothing_measured_is_no_success(xmr, tmp_path, fakes):
    lines = ["path,caption1", *(f"{i}.png,red" for i in range(8))]
    for i in range(8):
        PIL.Image.new("RGB", (64, 64), (30 * i, 9, 9)).save(tmp_path / f"{i}.png")
    (tmp_path / "manifest.csv").write_text("\n".join(lines), "utf-8")
    status, out, _ = xmr("lab", "run", "folder", "-f", tmp_path, "-m", "cca")
    assert status == 1 and "0 methods measured" in out
