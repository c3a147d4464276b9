"""Tables of test data: what is read, and what is refused with which words."""

import pytest

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
    ],
)
def test_unusable_tables_say_what_is_missing(tmp_path, text, words):
    with pytest.raises(ManifestError, match=words):
        read_manifest(write(tmp_path, text))


def test_missing_and_binary_files_are_refused(tmp_path):
    with pytest.raises(ManifestError, match="cannot be read"):
        read_manifest(tmp_path / "none.csv")
    binary = tmp_path / "b.csv"
    binary.write_bytes(b"\xff\xfe\x00path\x81")
    with pytest.raises(ManifestError, match="cannot be read"):
        read_manifest(binary)
