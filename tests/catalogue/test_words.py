import pytest

from tests.catalogue.conftest import plain, record
from xmr_core.catalogue import Line
from xmr_core.media import Modality, Part
from xmr_core.wording import parse

HELD = {
    "sign.png": [Line("written", "NO SMOKING", (0.1, 0.1), (0.2, 0.9), 0.9)],
    "talk.wav": [Line("spoken", "hello and welcome to the show", (3.0,), (5.0,), 0.7)],
    "film.mp4": [
        Line("subtitles", "Grüß Gott, wie geht's?", (1.0,), (2.0,)),
        Line("subtitles", "smoking is bad", (9.0,), (10.0,)),
    ],
    "photo.jpg": [Line("author", "Ada Smith"), Line("keywords", "smoking"), Line("tag", "Freunde")],
    "rue.jpg": [Line("written", "Café à l'étage — défense d'entrer"), Line("title", "El niño")],
    "zi.png": [Line("written", "禁止吸烟"), Line("comment", "一辆红色的自行车。")],
}


@pytest.fixture
def filled(catalogue, root):
    for path, lines in HELD.items():
        id = catalogue.put(plain(root, path, modality=Modality.IMAGE))
        catalogue.keep_found(id, f"hash of {path}", "test", "1", lines)
    passages = (
        Part(1, "page 1", (0.0,), (9.0,), "how to stop"),
        Part(2, "page 2", (9.0,), (60.0,), "A quite improbable wording of no use"),
    )
    three = [[1, 0], [0, 1], [1, 1]]
    catalogue.put(record(root, "book.pdf", parts=passages, features=three, joint=three))
    return catalogue


def paths(catalogue, typed):
    said = catalogue.find_words(parse(typed))
    return [item.path for item in catalogue.items([s.item for s in said])]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("smoking", ["sign.png", "film.mp4", "photo.jpg"]),
        ('"no smoking"', ["sign.png"]),
        ("spoken:hello", ["talk.wav"]),
        ("author:smith", ["photo.jpg"]),
        ("author:smi*", ["photo.jpg"]),
        ("author:smoking", []),
        ("smoking -subtitles:smoking -author:smith", ["sign.png"]),
        ("improbable wording", ["book.pdf"]),
        ('text:"improbable wording"', ["book.pdf"]),
        ("tag:freunde", ["photo.jpg"]),
        ("grüss gott", ["film.mp4"]),
        ("grus", []),
        ("cafe etage", ["rue.jpg"]),
        ("DÉFENSE", ["rue.jpg"]),
        ("defense", ["rue.jpg"]),
        ("nino", ["rue.jpg"]),
        ("niño", ["rue.jpg"]),
        ("吸烟", ["zi.png"]),
        ("自行车", ["zi.png"]),
        ('written:"禁止"', ["zi.png"]),
        ("comment:禁止", []),
        ("name:book", ["book.pdf"]),
        ("100%", []),
        ('" OR "', []),
    ],
)
def test_items_are_found_by_the_words_in_them(filled, typed, first):
    assert sorted(paths(filled, typed)) == sorted(first)


def test_what_holds_all_words_in_their_order_comes_first(filled):
    assert paths(filled, "no smoking")[0] == "sign.png"
    said = filled.said(parse("no smoking"))
    best = max(said.values(), key=lambda s: s.share)
    assert (best.whole, best.among, best.field) == (True, 1, "written")
    assert all(not s.whole and s.among > 1 for s in said.values() if s is not best)


def test_a_place_comes_with_the_words(filled):
    (said,) = filled.find_words(parse("welcome"))
    assert (said.low, said.high, said.field) == ((3.0,), (5.0,), "spoken")
    (said,) = filled.find_words(parse("improbable"))
    assert (said.label, said.no) == ("page 2", 2)


def test_what_is_missing_or_gone_is_not_found(filled):
    (said,) = filled.find_words(parse("welcome"))
    filled.set_missing([said.item], True)
    assert filled.find_words(parse("welcome")) == []


def test_words_in_every_file_are_not_read_one_by_one(catalogue, root, monkeypatch):
    monkeypatch.setattr("xmr_core.catalogue.words._FREQUENT", 5)
    for number in range(8):
        path = f"{number}.png"
        id = catalogue.put(plain(root, path, modality=Modality.IMAGE))
        text = f"red car {'in Lisbon' * (number == 3)}"
        catalogue.keep_found(id, f"hash of {path}", "t", "1", [Line("written", text)])
    assert catalogue.said(parse("red")) == {}
    assert catalogue.said(parse("red car")) == {}
    (said,) = catalogue.said(parse("red car lisbon")).values()
    assert said.item == 4


def test_lines_are_counted_by_field(filled):
    assert filled.line_counts()["subtitles"] == (2, 1)
    assert filled.line_counts()["written"] == (3, 3)


def test_names_are_found_by_their_words_in_any_inflection(catalogue, root):
    names = ("hammering-nails.txt", "a hammer.txt", "jammer.txt", "Café_am_Meer.txt")
    nails, hammer, _, coffee = (catalogue.put(plain(root, name)) for name in names)
    assert catalogue.named(["hammers", "nail"]) == {nails: 1.0, hammer: 0.5}
    assert catalogue.named(["cafe"]) == {coffee: 1.0} and catalogue.named([]) == {}
    assert catalogue.named(["hammer", "nowhere"]) == {nails: 0.5, hammer: 0.5}
    catalogue.set_missing([hammer], True)
    assert catalogue.named(["hammer"]) == {nails: 1.0}
    catalogue.move(nails, root.id, "sawing.txt", 1, 1)
    assert catalogue.named(["hammer"]) == {}
    assert catalogue.named(["saw"]) == {nails: 1.0}


def test_names_in_a_script_without_spaces_are_found_by_a_part(catalogue, root):
    cats, tokyo = (catalogue.put(plain(root, name)) for name in ("猫和狗.txt", "东京之夜.txt"))
    assert catalogue.named(["狗"]) == {cats: 1.0} and catalogue.named(["东京"]) == {tokyo: 1.0}
    assert catalogue.named(["猫", "东京"]) == {cats: 0.5, tokyo: 0.5}


def test_what_is_in_very_many_names_is_no_part_of_what_is_looked_for(catalogue, root, monkeypatch):
    ids = [catalogue.put(plain(root, f"IMG_{n:04}.txt")) for n in range(6)]
    monkeypatch.setattr("xmr_core.catalogue.words._IN_NAMES", 5)
    assert catalogue.named(["img", "0003", "txt"]) == {ids[3]: 1.0}
    assert catalogue.named(["img"]) == {}
