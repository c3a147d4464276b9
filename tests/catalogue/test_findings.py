from tests.catalogue.conftest import plain
from xmr_core.catalogue import Line, Print
from xmr_core.media import Modality

OCR = {"work": "ocr", "version": "1", "fields": ("ocr",), "kinds": ("looks",)}


def found(catalogue, id, hash, text, no=0):
    return catalogue.keep_found(
        id, hash, lines=[Line("ocr", text, (0.1,), (0.5,), 0.75)],
        prints=[Print("looks", no, b"\x01\x02")], **OCR,
    )  # fmt: skip


def test_what_was_found_is_kept_in_place_of_what_was_before(catalogue, root):
    id = catalogue.put(plain(root, "a.png", modality=Modality.IMAGE))
    assert catalogue.unlooked("ocr", "1", {Modality.IMAGE}) == [id]
    assert found(catalogue, id, "hash of a.png", "stop")
    assert found(catalogue, id, "hash of a.png", "go", no=1)
    (line,) = catalogue.lines(id)
    assert (line.field, line.text, line.confidence) == ("ocr", "go", 0.75)
    assert [round(x, 6) for x in (*line.low, *line.high)] == [0.1, 0.5]
    assert catalogue.prints("looks") == [(id, 1, b"\x01\x02")]
    assert catalogue.unlooked("ocr", "1", {Modality.IMAGE}) == []
    assert catalogue.unlooked("ocr", "2", {Modality.IMAGE}) == [id]
    assert catalogue.unlooked("ocr", "2", {Modality.AUDIO}) == []


def test_what_was_found_in_another_content_is_not_kept(catalogue, root):
    id = catalogue.put(plain(root, "a.png"))
    assert not found(catalogue, id, "another hash", "stop")
    assert not found(catalogue, 99, "another hash", "stop")
    assert catalogue.lines(id) == []


def test_findings_go_with_the_content_they_were_made_from_and_notes_stay(catalogue, root):
    id = catalogue.put(plain(root, "a.png"))
    found(catalogue, id, "hash of a.png", "stop")
    catalogue.keep_found(id, "hash of a.png", "by hand", "1", [Line("note", "mine")])
    catalogue.put(plain(root, "a.png", size=99))  # the same content again
    assert {line.field for line in catalogue.lines(id)} == {"ocr", "note"}
    catalogue.put(plain(root, "a.png", hash="other"))
    assert [line.text for line in catalogue.lines(id)] == ["mine"]
    assert catalogue.prints("looks") == []
    assert catalogue.unlooked("ocr", "1", {Modality.TEXT}) == [id]


def test_a_copy_has_the_findings_and_not_the_notes(catalogue, root):
    id = catalogue.put(plain(root, "a.png"))
    found(catalogue, id, "hash of a.png", "stop")
    catalogue.keep_found(id, "hash of a.png", "by hand", "1", [Line("note", "mine")])
    copy = catalogue.copy(id, root.id, "b.png", 10, 5)
    assert [line.text for line in catalogue.lines(copy)] == ["stop"]
    assert [row[0] for row in catalogue.prints("looks")] == [id, copy]
    assert catalogue.unlooked("ocr", "1", {Modality.TEXT}) == []


def test_items_that_could_not_be_looked_into_are_told_and_tried_again(catalogue, root):
    good, bad = (catalogue.put(plain(root, name)) for name in ("a.png", "b.png"))
    found(catalogue, good, "hash of a.png", "stop")
    catalogue.keep_found(bad, "hash of b.png", reason="is damaged", **OCR)
    assert catalogue.looked("ocr") == (2, [(bad, "is damaged")])
    catalogue.look_again("ocr")
    assert catalogue.unlooked("ocr", "1", {Modality.TEXT}) == [bad]
    catalogue.set_missing([bad], True)
    assert catalogue.unlooked("ocr", "1", {Modality.TEXT}) == []


def test_lines_of_some_fields_alone(catalogue, root):
    id = catalogue.put(plain(root, "a.png"))
    lines = [Line("title", "A"), Line("author", "B")]
    catalogue.keep_found(id, "hash of a.png", "tags", "1", lines)
    assert [line.text for line in catalogue.lines(id, ["author"])] == ["B"]
