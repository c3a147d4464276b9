"""A text that holds one word leads where the word is demanded, or where vectors cannot tell it."""

import pytest

from tests.fakes import WordEncoder, fake_space
from tests.indexing.world import run, write_text
from xmr_core.catalogue import Catalogue
from xmr_core.gallery import Gallery
from xmr_core.query import Query, typed
from xmr_core.search import Searcher


class Reader(WordEncoder):
    """Knows all words without a digit."""

    def knows(self, word):
        return not any(map(str.isdigit, word))


@pytest.fixture
def ask(tmp_path, cache):
    """The names and strengths of what is found, among forty texts on red and one on green."""
    for i in range(40):
        write_text(tmp_path / f"media/red{i:02}.txt", "red " * (i + 1))
    write_text(tmp_path / "media/other.txt", "green, with some kx4411 and marzipan in it")
    (tmp_path / "library").mkdir()
    space = fake_space(text=Reader())
    with Catalogue(tmp_path / "library" / "catalogue.sqlite") as catalogue:
        run(catalogue, tmp_path / "media", space)
        gallery = Gallery(catalogue, space, tmp_path / "library" / "index")
        searcher = Searcher("x", catalogue, space, gallery)

        def asked(words):
            query = Query((typed(words),), k=50)
            hits = searcher.search(query).hits
            for hit in hits[:2]:
                plain = searcher.evidence(query, hit.item.modality).added(hit.item.id)
                assert plain >= 0
            return {hit.item.path: (hit.rank, hit.strength) for hit in hits}

        yield asked


def test_a_word_that_the_encoder_spells_out_leads_to_the_text_that_holds_it(ask):
    rank, strength = ask("kx4411")["other.txt"]
    assert rank == 1 and strength > 0.5


def test_a_word_that_it_knows_makes_no_text_a_strong_hit(ask):
    assert ask("marzipan")["other.txt"][1] < ask("kx4411")["other.txt"][1] - 0.2


def test_what_must_be_held_is_a_strong_hit_where_it_is(ask):
    found = ask('"marzipan"')
    assert list(found) == ["other.txt"] and found["other.txt"][1] > 0.5


def test_a_typed_word_finds_the_file_of_that_name(ask):
    rank, strength = ask("other")["other.txt"]
    assert rank == 1 and strength > 0.5
    assert ask("others")["other.txt"] == (rank, strength)  # in any inflection
    rank, weaker = ask("other things")["other.txt"]
    assert rank == 1 and weaker < strength


def test_a_page_of_text_and_words_in_very_many_names_look_for_no_name(ask, monkeypatch):
    page = " ".join(f"word{n}" for n in range(12))
    assert ask(f"other {page}")["other.txt"][1] < ask("other")["other.txt"][1] - 0.2
    before = ask("red07")
    monkeypatch.setattr("xmr_core.catalogue.words._IN_NAMES", 1)
    assert before["red07.txt"][0] == 1 and ask("red07")["red07.txt"][0] > 1
