"""The folder picker's view of the machine."""

import os
from pathlib import Path

import pytest

from tests import children
from xmr_core.errors import XMRError
from xmr_core.ui import folders


def test_a_listing_has_folders_crumbs_and_counts(tmp_path: Path):
    for name in ("Zebra", "apple", ".hidden", "$system"):
        (tmp_path / name).mkdir()
    (tmp_path / "a.JPG").touch()
    (tmp_path / "b.exe").touch()
    (tmp_path / ".c.jpg").touch()
    found = folders.listing(str(tmp_path))
    assert found.path == str(tmp_path.resolve())
    assert found.parent == str(tmp_path.resolve().parent)
    assert [name for name, _ in found.folders] == ["apple", "Zebra"]
    assert found.folders[0][1] == str(tmp_path.resolve() / "apple")
    assert (found.files, found.media, found.left_out) == (2, 1, 0)
    assert found.crumbs[0][1] == Path(tmp_path.anchor).as_posix()
    assert found.crumbs[-1] == (tmp_path.name, str(tmp_path.resolve()))


def test_no_path_means_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "Music").mkdir()
    assert folders.listing().path == str(tmp_path.resolve())
    assert folders.places()[:2] == [("Home", str(tmp_path)), ("Music", str(tmp_path / "Music"))]


def test_a_crowded_folder_says_how_much_it_leaves_out(tmp_path: Path):
    for number in range(2003):
        (tmp_path / f"{number:05}").mkdir()
    found = folders.listing(str(tmp_path))
    assert (len(found.folders), found.left_out) == (2000, 3)


def test_the_top_has_no_parent():
    assert folders.listing(Path.cwd().anchor).parent == ""


@pytest.mark.parametrize("form", ['"{}"', "  {}  ", "file://{}", "'{}'"])
def test_paths_are_taken_as_they_are_pasted(tmp_path: Path, form: str):
    assert folders.given(form.format(tmp_path)) == tmp_path.resolve()


def test_addresses_of_file_managers_are_decoded(tmp_path: Path):
    folder = tmp_path / "blue tit"
    folder.mkdir()
    assert folders.given(f"file://{tmp_path}/blue%20tit") == folder.resolve()


def test_a_link_leads_to_its_folder(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert folders.given(str(tmp_path / "link")) == (tmp_path / "real").resolve()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert [name for name, _ in folders.listing(str(tmp_path)).folders] == ["link", "real"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "No folder was given"),
        ("a\0b", "No folder was given"),
        ("pictures", "not a full path"),
        ("{}/nowhere", "There is no folder"),
        ("{}/file.txt", "is a file"),
        ("{}/file.txt/inside", "cannot be opened"),
        ("{}/" + "x" * 300, "cannot be opened"),
    ],
)
def test_what_is_no_folder_is_refused_clearly(tmp_path: Path, text: str, message: str):
    (tmp_path / "file.txt").touch()
    with pytest.raises(XMRError, match=message) as caught:
        folders.given(text.format(tmp_path))
    assert caught.value.hint


def _look(path: str) -> list[str]:
    try:
        folders.listing(path)
    except XMRError as error:
        return [error.message, error.hint]
    return []


def test_a_closed_folder_is_refused_clearly(common: Path):
    closed = common / "closed"
    closed.mkdir()
    closed.chmod(0o000)
    message, hint = children.call(_look, str(closed), unprivileged=True)
    assert "cannot be opened" in message
    assert "permissions" in hint


def test_names_that_are_not_unicode_can_be_chosen(tmp_path: Path):
    name = os.fsencode(tmp_path) + b"/caf\xe9"
    try:
        os.mkdir(name)  # noqa: PTH102 - a Path of these bytes would test less
    except OSError:
        pytest.skip("this file system takes only Unicode names")
    ((_, path),) = folders.listing(str(tmp_path)).folders
    assert folders.given(path) == Path(os.fsdecode(name))
