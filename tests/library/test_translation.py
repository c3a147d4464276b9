"""What items and files of a library show, in words."""

import pytest

from tests.indexing.world import write_picture, write_text
from xmr_core.errors import LibraryError, QueryError
from xmr_core.filters import Filters
from xmr_core.media import Modality


def item_of(library, path):
    return next(i for i in library.items(Filters()) if i.path == path)


@pytest.fixture
def indexed(library, media):
    """The three colours, and a sentence for a picture, and a table for others."""
    write_text(media / "deep" / "green.txt", "A green hill in the sun.")
    write_picture(media / "meadow.png", "green")
    (media / "captions.csv").write_text("path,caption\nmeadow.png,A green green meadow.\n")
    for _ in library.index(media):
        pass
    return library


def test_a_sentence_beside_an_item_is_its_caption(indexed):
    words = indexed.say(item_of(indexed, "deep/green.png").id)
    assert words.modality is Modality.IMAGE and words.sure
    assert words.caption.own and words.caption.text == "A green hill in the sun."
    (voice,) = words.caption.voices
    assert voice.sentence.item == item_of(indexed, "deep/green.txt").id


def test_the_library_s_own_sentences_may_be_said_of_other_items(indexed):
    captioner = indexed._captions()
    own = {one.text: one.item for one in captioner.sentences if one.how == ""}
    assert own["A green hill in the sun."] == item_of(indexed, "deep/green.txt").id
    assert own["A green green meadow."] == item_of(indexed, "meadow.png").id
    assert "red" not in own  # one word is no sentence
    words = indexed.say(item_of(indexed, "meadow.png").id)
    assert words.caption is not None and not words.caption.own


def test_a_new_sentence_is_known_after_the_next_run(indexed, media):
    before = len(indexed._captions().sentences)
    write_text(media / "more.txt", "Three red balls on a table.")
    for _ in indexed.index():
        pass
    assert len(indexed._captions().sentences) == before + 1


def test_captions_are_prepared_again_only_for_other_sentences(indexed, media):
    before = indexed._captions()
    write_picture(media / "another.png", "red", side=31)
    run = indexed.index()
    for event in run:
        if event.stage == "encode":
            assert indexed._captions() is before
    assert event.added == 1
    assert indexed._captions() is before
    (media / "captions.csv").write_text("path,caption\nmeadow.png,A meadow of green grass.\n")
    write_picture(media / "third.png", "red", side=32)
    for _ in indexed.index():
        pass
    texts = [one.text for one in indexed._captions().sentences]
    assert "A meadow of green grass." in texts and "A green green meadow." not in texts


def test_libraries_without_sentences_share_those_that_come_with_xmr(library, tmp_path):
    write_picture(tmp_path / "pictures" / "red.png", "red")
    for _ in library.index(tmp_path / "pictures"):
        pass
    stock = library._captions()
    assert stock is library._stock() and all(one.item is None for one in stock.sentences)


def test_a_file_that_is_not_in_the_library_can_be_put_into_words(indexed, tmp_path):
    write_picture(tmp_path / "new.png", "red")
    words = indexed.say(tmp_path / "new.png", 2)
    assert words.modality is Modality.IMAGE and len(words.tags) <= 2


def test_texts_and_items_that_are_not_there_are_refused(indexed):
    with pytest.raises(QueryError, match="words already"):
        indexed.say(item_of(indexed, "red.txt").id)
    with pytest.raises(QueryError, match="words already"):
        indexed.say("a red ball")
    with pytest.raises(LibraryError, match="no item 999"):
        indexed.say(999)
