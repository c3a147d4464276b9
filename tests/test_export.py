"""Answers written to files: what is in them, and that nothing in them runs."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from xmr_core import export
from xmr_core.errors import LibraryError, XMRError
from xmr_core.library.documents import Document, DocumentHit, DocumentResults
from xmr_core.media import Item, Modality, Part
from xmr_core.results import Hit, Results

EVIL = '<script>alert(1)</script>"onerror=x.wav'


def hit(rank, root, name, modality=Modality.IMAGE, part=None, title=None):
    item = Item(rank, root, name, modality, 1, 0.0, "", title or name, {})
    return Hit("mine", item, part, 0.5, 0.25, 1.0, 0.73, rank)


@pytest.fixture
def answer(tmp_path):
    """A picture, a sound found at a moment, a text, of names that are hard to carry."""
    root = tmp_path / "media"
    root.mkdir()
    names = ("a red.png", "=1+1.wav", "page.html")
    for name in names:
        (root / name).write_bytes(name.encode())
    (tmp_path / "thumb.webp").write_bytes(b"picture")
    moment = Part(2, "0:07", (7.5,), (9.5,))
    passage = Part(1, "page 1", (0.0,), (9.0,), "a <b>bold</b>\n passage")
    hits = (
        hit(1, root, names[0]),
        hit(2, root, names[1], Modality.AUDIO, moment, EVIL),
        hit(3, root, names[2], Modality.TEXT, passage),
    )
    return Results(hits, 9, {Modality.IMAGE: 0.73}, {})


@pytest.fixture
def files(tmp_path):
    def found(hit):
        if not hit.item.file.exists():
            raise LibraryError(f"{hit.item.title} is not where it was.")
        picture = tmp_path / "thumb.webp" if hit.item.modality is Modality.IMAGE else None
        return hit.item.file, picture

    return found


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its words."""

    def __init__(self, page):
        super().__init__()
        self.seen, self.words = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


def test_a_table_has_a_line_for_each_hit_and_no_formula(tmp_path, answer, files):
    export.write(tmp_path / "out.csv", answer, "red", files)
    text = (tmp_path / "out.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["path"] == str(answer.hits[0].item.file)
    assert (rows[1]["medium"], rows[1]["part"], rows[1]["strength"]) == ("audio", "0:07", "0.7300")
    formula = replace(answer.hits[0], library="=cmd()")
    assert "'=cmd()" in export.as_csv([formula])


def test_data_is_what_the_command_prints(tmp_path, answer, files):
    export.write(tmp_path / "out.json", answer, "red", files)
    assert json.loads((tmp_path / "out.json").read_text("utf-8")) == export.as_plain(answer)


def test_a_page_carries_its_files_and_every_link_leads_to_one(tmp_path, answer, files):
    assert export.write(tmp_path / "out.zip", answer, 'a "red" <thing>', files) == []
    with zipfile.ZipFile(tmp_path / "out.zip") as kept:
        assert kept.testzip() is None
        names = set(kept.namelist())
        page = Tags(kept.read("index.html").decode())
        for one in answer.hits:
            (name,) = [n for n in names if n.startswith(f"media/{one.rank:03d}")]
            assert kept.read(name) == one.item.file.read_bytes()
        rows = kept.read("results.csv").decode("utf-8-sig")
    assert len(rows.splitlines()) == 4
    from urllib.parse import unquote

    links = [v for _, attrs in page.seen for k, v in attrs.items() if k in {"href", "src"}]
    assert len(links) >= 6
    assert {unquote(link).partition("#")[0] for link in links} <= names
    (sound,) = [attrs for tag, attrs in page.seen if tag == "audio"]
    assert sound["src"].endswith("#t=7.5")
    assert "a <b>bold</b> passage" in page.words and 'a "red" <thing>' in page.words
    assert EVIL in page.words
    assert {tag for tag, _ in page.seen}.isdisjoint({"script", "b", "thing", "iframe", "object"})
    assert not [k for _, attrs in page.seen for k in attrs if k.startswith("on")]


@pytest.mark.parametrize(
    "title", ["../../up.png", "/etc/passwd", "C:\\x.png", "a\nb.png", "x" * 300, ".", "nul\0.png"]
)
def test_names_in_a_zip_stay_in_their_folder(tmp_path, answer, files, title):
    odd = replace(
        answer, hits=(replace(answer.hits[0], item=replace(answer.hits[0].item, title=title)),)
    )
    export.write(tmp_path / "out.zip", odd, "red", files)
    with zipfile.ZipFile(tmp_path / "out.zip") as kept:
        (name,) = [n for n in kept.namelist() if n.startswith("media/")]
        kept.extractall(tmp_path / "into")
    assert name.count("/") == 1 and ".." not in name.split("/") and "\\" not in name
    assert len(name) < 120 and name.endswith(".png")
    assert (tmp_path / "into" / name).read_bytes() == b"a red.png"


def test_a_file_that_is_gone_is_named_and_the_rest_is_written(tmp_path, answer, files):
    answer.hits[0].item.file.unlink()
    left_out = export.write(tmp_path / "out.zip", answer, "red", files)
    assert left_out == ["a red.png is not where it was."]
    with zipfile.ZipFile(tmp_path / "out.zip") as kept:
        assert "a red.png is not where it was." in kept.read("index.html").decode()
        assert len([n for n in kept.namelist() if n.startswith("media/")]) == 2


def test_more_than_a_zip_should_hold_is_refused_and_nothing_is_left(
    tmp_path, answer, files, monkeypatch
):
    monkeypatch.setattr(export.page, "MOST_BYTES", 10)
    (tmp_path / "out.zip").write_bytes(b"former")
    with pytest.raises(XMRError, match="GB at most"):
        export.write(tmp_path / "out.zip", answer, "red", files)
    assert (tmp_path / "out.zip").read_bytes() == b"former"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("name", ["out.pdf", "out", ".zip"])
def test_other_formats_are_refused(tmp_path, answer, files, name):
    with pytest.raises(XMRError, match="no format"):
        export.write(tmp_path / name, answer, "red", files)


def test_names_that_are_no_unicode_are_written(tmp_path, answer, files):
    bad = "half \ud83d.png"
    odd = replace(answer.hits[0], item=replace(answer.hits[0].item, title=bad))
    one = replace(answer, hits=(odd,))
    for kind in export.FORMATS:
        export.write(tmp_path / f"out.{kind}", one, "red \ud83d", files)
        assert (tmp_path / f"out.{kind}").stat().st_size > 0
    assert Path(tmp_path / "out.json").read_text("utf-8")


@pytest.fixture
def documents(answer):
    """A document of a picture and a text found by the text, and a sound by itself."""
    picture, sound, text = answer.hits
    both = Document(3, "A <b>page</b>", ("same name",), (text.item, picture.item), "It begins")
    alone = Document(2, sound.item.title, (), (sound.item,))
    return DocumentResults(
        (DocumentHit(both, 1.0, 0.73, (text,), 1), DocumentHit(alone, 0.0, 0.5, (sound,), 2)), 7
    )


def test_documents_are_written_with_their_members_and_which_matched(tmp_path, documents, files):
    export.write(tmp_path / "out.json", documents, "red", files)
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))
    first = told["documents"][0]
    assert (told["total"], first["title"], first["why"]) == (7, "A <b>page</b>", ["same name"])
    assert [(one["id"], one["matched"], one["part"]) for one in first["members"]] == [
        (3, True, "page 1"), (1, False, None),
    ]  # fmt: skip
    export.write(tmp_path / "out.csv", documents, "red", files)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig"))))
    assert [(row["rank"], row["medium"], row["matched"]) for row in rows] == [
        ("1", "text", "yes"), ("1", "image", ""), ("2", "audio", "yes"),
    ]  # fmt: skip
    assert rows[2]["part"] == "0:07" and rows[0]["document"] == "A <b>page</b>"


def test_the_page_of_documents_holds_every_member(tmp_path, documents, files):
    assert export.write(tmp_path / "out.zip", documents, "red", files) == []
    with zipfile.ZipFile(tmp_path / "out.zip") as kept:
        page = Tags(kept.read("index.html").decode())
        names = [name for name in kept.namelist() if name.startswith("media/")]
    assert [name.split()[0] for name in names] == ["media/001-01", "media/001-02", "media/002"]
    assert "A <b>page</b>" in page.words and "text · matched · page 1" in page.words
    assert "image · matched" not in page.words and "It begins" in page.words


@pytest.fixture
def chosen(answer):
    """The same items, chosen by somebody who wrote beside them."""
    first, second, third = (one.item for one in answer.hits)
    return [
        export.Kept("mine", first, ("blue", "tall"), "a <i>note</i>\nof two lines"),
        export.Kept("mine", second, ("=1+1",), ""),
        export.Kept("mine", third),
    ]


def test_chosen_items_are_written_with_what_was_said_of_them(tmp_path, chosen, files):
    export.write(tmp_path / "out.csv", chosen, "Birds", files)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig"))))
    assert [(row["no"], row["medium"], row["tags"]) for row in rows] == [
        ("1", "image", "blue, tall"), ("2", "audio", "'=1+1"), ("3", "text", ""),
    ]  # fmt: skip
    assert rows[0]["note"] == "a <i>note</i>\nof two lines" and "strength" not in rows[0]
    export.write(tmp_path / "out.json", chosen, "Birds", files)
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert told["name"] == "Birds" and told["items"][0]["tags"] == ["blue", "tall"]


def test_the_page_of_chosen_items_has_notes_and_no_strengths(tmp_path, chosen, files):
    assert export.write(tmp_path / "out.zip", chosen, "Birds", files) == []
    with zipfile.ZipFile(tmp_path / "out.zip") as kept:
        raw = kept.read("index.html").decode()
        page = Tags(raw)
        assert len([name for name in kept.namelist() if name.startswith("media/")]) == 3
        assert "a <i>note</i>" in kept.read("results.csv").decode("utf-8-sig")
    assert "a <i>note</i>" in page.words and "image · blue · tall" in page.words
    assert "%</small>" not in raw and "i" not in {tag for tag, _ in page.seen}
