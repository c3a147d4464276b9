"""Names of libraries: which may be given, and which are there."""

from pathlib import Path

import pytest

from tests import children
from tests.fakes import fake_space
from xmr_core.errors import LibraryError, LibraryExists, LibraryNotFound, XMRError
from xmr_core.library import Library


@pytest.mark.parametrize("name", ["birds", "My photos", "ünï-1.2", "鳥", "a" * 64])
def test_a_library_may_be_called_what_a_folder_may(home, name):
    with Library.create(name, space=fake_space()):
        assert Library.names() == [name]
    with Library.open(name) as again:
        assert (again.name, again.path) == (name, home / name)


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", ".", "..", "../x", "a/b", "a\\b", ".hidden", "-x", "dot.", "a:b", "a*"),
        *("a\nb", "a" * 65, "🐦", "𝐚" * 64, "con", "COM1.old", "NUL"),
    ],
)
def test_what_no_folder_may_be_called_anywhere_is_refused(home, name):
    with pytest.raises(LibraryError, match="cannot be a library's name"):
        Library.create(name)
    with pytest.raises(LibraryError, match="cannot be a library's name"):
        Library.open(name)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("name", ["con", "COM1.old", "NUL"])
def test_a_name_that_windows_keeps_for_itself_is_refused_with_that_reason(home, name):
    with pytest.raises(LibraryError, match="Windows keeps it for a device") as told:
        Library.create(name)
    assert "64 letters" not in str(told.value)


def test_a_library_is_made_once(library):
    with pytest.raises(LibraryExists, match="'colours' already"):
        Library.create("colours")


def test_a_library_that_is_not_there_is_named_with_those_that_are(library):
    with pytest.raises(LibraryNotFound, match=r"no library 'birds'. There are: colours\."):
        Library.open("birds")


def test_without_any_library_the_way_to_one_is_told(tmp_path):
    with pytest.raises(LibraryNotFound, match="xmr index FOLDER --library 'birds'"):
        Library.open("birds", home=tmp_path / "nowhere")
    assert Library.names(tmp_path / "nowhere") == []


def names_in(folder):
    return Library.names(Path(folder))


def test_a_library_that_may_not_be_looked_into_hides_no_other(common):
    for name in ("a", "b"):
        Library.create(name, home=common, space=fake_space()).close()
    (common / "a").chmod(0)
    assert children.call(names_in, str(common), unprivileged=True) == ["b"]


def create_in(folder):
    try:
        Library.create("a", home=Path(folder), space=fake_space())
    except XMRError as error:
        return [type(error).__name__, str(error)]
    return "made"


def test_a_library_that_may_not_be_made_says_so(common):
    common.chmod(0o555)
    kind, said = children.call(create_in, str(common), unprivileged=True)
    assert kind == "LibraryReadOnly" and "cannot be written" in said
