"""Tables of test data: what is read, and what is refused with which words."""

from pathlib import Path

import pytest

from tests import children
from xmr_core.errors import ManifestError
from xmr_core.manifest import read_manifest


def write(folder, text, encoding="utf-8"):
    file = folder / "m.csv"
    file.write_text(text, encoding=encoding)
    return file


def test_captions_may_be_fewer_in_some_rows(tmp_path):
    file = write(tmp_path, "path,caption1,caption2\na.jpg,one,two\nb.jpg,three,\n,x,y\nc.jpg,,\n")
    manifest = read_manifest(file)
    assert manifest.kind == "captions"
    assert manifest.paths == (tmp_path / "a.jpg", tmp_path / "b.jpg")
    assert manifest.captions == (("one", "two"), ("three",))
    assert manifest.left_out == manifest.keep([0]).left_out == 2


def test_labels_and_root_and_byte_order_mark(tmp_path):
    file = write(tmp_path, "path,label\na.ogg,dog\n", "utf-8-sig")
    manifest = read_manifest(file, tmp_path / "sounds")
    assert manifest.kind == "labels"
    assert manifest.paths == (tmp_path / "sounds" / "a.ogg",)
    assert manifest.labels == ("dog",)


def test_pairs(tmp_path):
    manifest = read_manifest(write(tmp_path, "path,path2\na.png,b.wav\n"))
    assert manifest.kind == "pairs"
    assert manifest.paths2 == (tmp_path / "b.wav",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("file,label\na,b\n", "no column path"),
        ("path,name\na,b\n", "neither captions nor label nor path2"),
        ("path,label\n", "no complete rows"),
        ("", "no column path"),
        ("path;label\na;b\n", "not parted by commas"),
        ("path\tlabel\na\tb\n", "not parted by commas"),
    ],
)
def test_unusable_tables_say_what_is_missing(tmp_path, text, words):
    with pytest.raises(ManifestError, match=words):
        read_manifest(write(tmp_path, text))


def test_a_manifest_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(ManifestError) as told:
        read_manifest(tmp_path / "none.csv")
    assert str(told.value) == f"There is no manifest {tmp_path}/none.csv. Check its path."


def test_what_is_no_table_says_what_to_save(tmp_path):
    binary = tmp_path / "b.csv"
    binary.write_bytes(b"\xff\xfe\x00path\x81")
    with pytest.raises(ManifestError, match=r"b.csv is no text in UTF-8. Save it as a CSV"):
        read_manifest(binary)
    with pytest.raises(
        ManifestError, match=r"m.csv is no table \(field larger.*with quotes around"
    ):
        read_manifest(write(tmp_path, 'path,label\n"' + "x" * 200_000))
    with pytest.raises(ManifestError, match=r"is a folder. Give the CSV file inside it."):
        read_manifest(tmp_path)


def unreadable(folder):
    """What an ordinary user is told of a manifest that may not be read."""
    try:
        read_manifest(Path(folder) / "m.csv")
    except ManifestError as error:
        return str(error)
    return "it was read"


@children.posix
def test_a_manifest_that_may_not_be_read_says_so(common):
    write(common, "path,label\na,b\n").chmod(0)
    told = children.call(unreadable, str(common), unprivileged=True)
    assert "cannot be read (Permission denied). Check its permissions" in told
