"""Translators on a dataset: what they learn from, what they say, how good that is."""

import dataclasses
import json

import numpy as np
import pytest

from tests.lab.planted import IMAGE, TEXT
from tests.lab.spoken import COLOURS, ENCODERS, KINDS, PLACES, WORDS, spoken_dataset
from xmr_core.errors import LabError
from xmr_core.lab import TRANSLATORS, written
from xmr_core.lab.judging import Judge
from xmr_core.lab.material import gathered, spoken
from xmr_core.lab.table import Said, Table, read_table
from xmr_core.lab.tabulating import tabulate
from xmr_core.lab.translated import examples, translated
from xmr_core.lab.translation import bleu, bleu_counts, bleu_of

DATA = spoken_dataset()


@pytest.fixture(scope="module")
def table() -> Table:
    return tabulate(DATA, ["cca", *TRANSLATORS], draws=50, encoders=ENCODERS)


def said(table: Table, kind: str, name: str) -> Said:
    return next(one for one in table.said if (one.kind, one.name) == (kind, name))


def test_translators_have_rows_of_their_own_after_their_baselines(table):
    assert [row.method for row in table.rows] == ["cca"]
    captions, words = ["random", "frequent", "person"], ["random", "frequent"]
    names = [*captions, "consensus", *words, "linear-map", "conse"]
    assert [one.name for one in table.said] == names
    assert [one.name for one in table.said if not one.baseline] == list(TRANSLATORS)
    assert all(one.things == 60 and not one.problem for one in table.said)


def test_the_consensus_agrees_with_people_more_than_any_caption_does(table):
    made = said(table, "captions", "consensus").measured
    for name in ("random", "frequent"):
        other = said(table, "captions", name).measured
        assert made["cider-d"].low > other["cider-d"].high
        assert made["recall@10"].value > 3 * other["recall@10"].value
        assert made["bleu-4"].value > other["bleu-4"].value
        assert other["median_rank"].value > 20  # of 60: by chance in the middle


def test_words_are_found_whether_they_were_shown_or_not(table):
    by_chance = said(table, "words", "random").measured
    by_count = said(table, "words", "frequent").measured
    assert set(by_count) == {"map/known"}  # how often a word is said is not known of new ones
    for name in ("linear-map", "conse"):
        made = said(table, "words", name).measured
        assert made["map/known"].low > by_chance["map/known"].high
        assert made["map/known"].low > by_count["map/known"].high
    assert said(table, "words", "linear-map").measured["map/new"].low > by_chance["map/new"].high


def test_words_never_shown_are_in_no_text_that_is_learned_from():
    made = gathered(DATA, ENCODERS, words=True)
    assert sorted(made.words.texts) == sorted(WORDS) and made.new.sum() == len(WORDS) // 5
    held = {word for word, new in zip(made.words.texts, made.new, strict=True) if new}
    learned = {word for texts in made.texts for word in texts}
    assert learned == set(WORDS) - held
    other = gathered(DATA, ENCODERS, words=True, seed=1)
    assert not np.array_equal(other.new, made.new)


def test_one_person_is_compared_with_the_others_alone(table):
    """Beside oneself one of two references would agree wholly, which gives 5 of 10 alone."""
    person = said(table, "captions", "person").measured
    assert 0 < person["cider-d"].value < 5
    single = Judge(spoken_dataset(captions=1), ENCODERS, draws=10).baselines("captions")
    assert [one.name for one in single] == ["random", "frequent"]


def test_what_is_asked_by_its_own_words_is_found_again(table):
    """A person's caption names all that a picture shows; the consensus most of it."""
    person = said(table, "captions", "person").measured
    assert person["recall@10"].value > 0.8
    assert said(table, "captions", "consensus").measured["recall@10"].value > 0.5


def test_mean_average_precision_of_words_is_that_of_ten_lines():
    judge = Judge(DATA, ENCODERS, draws=10)
    made = judge.material("words")
    scores = np.random.default_rng(0).normal(size=(60, len(WORDS))).astype(np.float32)
    for name, which in (("map/known", ~made.new), ("map/new", made.new)):
        found = []
        for row, texts in zip(scores, made.references, strict=True):
            order = sorted(np.flatnonzero(which), key=lambda v: -row[v])
            hits = [made.words.texts[v] in spoken(texts) for v in order]
            if any(hits):
                ranks = np.flatnonzero(hits) + 1
                found.append(np.mean(np.arange(1, len(ranks) + 1) / ranks))
        assert judge._words(scores)[name].value == pytest.approx(np.mean(found))


def test_bleu_of_drawn_captions_is_that_of_their_counts():
    """What the bootstrap does: things drawn again and again, and BLEU of them all at once."""
    captions = [f"a {COLOURS[i]} {KINDS[i]} in the {PLACES[i]}" for i in range(5)]
    references = [[f"see {text.replace('in', 'on')} now", f"now {text}"] for text in captions]
    captions[2] = "something else that is in the water"
    counts = bleu_counts(captions, references)
    drawn = np.random.default_rng(0).integers(5, size=(20, 5))
    for some in drawn:
        again = bleu([captions[i] for i in some], [references[i] for i in some])
        assert float(bleu_of(counts[some].mean(axis=0))) == pytest.approx(again)
    assert bleu_of(counts[drawn].mean(axis=1)).shape == (20,)


def test_a_table_with_translators_is_read_as_it_was_written(table, tmp_path):
    file = tmp_path / "table.json"
    file.write_text(json.dumps(table.as_json()), "utf-8")
    again = read_table(file)
    assert again.as_json() == table.as_json()
    assert written.markdown(again) == written.markdown(table)


def test_files_from_before_translators_can_be_read(table, tmp_path):
    held = table.as_json()
    del held["said"]
    file = tmp_path / "table.json"
    file.write_text(json.dumps(held), "utf-8")
    again = read_table(file)
    assert again.said == () and again.row("cca") is not None
    assert written.summary(again, []) == "flickr8k: 1 method measured, 0 of 0 bars held."


def test_translators_are_printed_below_the_methods(table):
    text = written.markdown(table)
    assert text.index("| method |") < text.index("| captions by |") < text.index("| words by |")
    assert "| The most frequent caption | 0." in text
    assert "24 words that were learned and 6 that were never shown" in text
    assert "in the space of canonical correlation analysis" in text
    summary = written.summary(table, [])
    assert summary == "flickr8k: 1 method and 3 translators measured, 0 of 0 bars held."


def test_data_without_sentences_cost_the_row_and_say_why():
    bare = dataclasses.replace(DATA, encoders={})
    files = dataclasses.replace(
        DATA.train, names={**DATA.train.names, TEXT: ["a note.txt"] * len(DATA.train.views[TEXT])}
    )
    for data in (bare, dataclasses.replace(DATA, train=files)):
        made = tabulate(data, ["consensus", "conse"], draws=5)
        assert [one.name for one in made.said] == ["consensus", "conse"]
        assert all("learn from sentences" in one.problem for one in made.said)
        assert "- consensus: Translators learn from sentences" in written.markdown(made)


def test_few_words_are_refused():
    short = {**DATA.train.names, TEXT: ["a dog"] * len(DATA.train.views[TEXT])}
    few = dataclasses.replace(DATA, train=dataclasses.replace(DATA.train, names=short))
    with pytest.raises(LabError, match="Of the words said, 1 are said often enough"):
        gathered(few, ENCODERS, words=True)


def test_a_part_of_which_nothing_is_said_is_refused():
    silent = {**DATA.test.names, TEXT: [" … "] * len(DATA.test.views[TEXT])}
    data = dataclasses.replace(DATA, test=dataclasses.replace(DATA.test, names=silent))
    with pytest.raises(LabError, match="Nothing is said of any image"):
        gathered(data, ENCODERS, words=False)


def test_whoever_is_told_can_end_it():
    class Enough(Exception):
        pass

    def stop(moment):
        if moment.steps:
            raise Enough

    with pytest.raises(Enough):
        tabulate(DATA, ["conse"], draws=5, encoders=ENCODERS, tell=stop)


@pytest.mark.parametrize("name", TRANSLATORS)
def test_examples_name_the_picture_what_is_said_and_what_speaks_for_it(name):
    one, other = examples(DATA, ENCODERS, name, [5, 0], most=2)
    assert (one.row, one.name, other.name) == (5, "305.jpg", "300.jpg")
    assert len(one.sayings) == 2 and len(one.references) == 2
    owners, texts = DATA.train.owners, DATA.train.names[TEXT]
    for source in one.sayings[0].sources:
        if source.row is not None:
            own = np.flatnonzero(owners[TEXT] == owners[IMAGE][source.row])
            assert any(source.text in (texts[i], ", ".join(spoken([texts[i]]))) for i in own) or (
                set(source.text.split(", ")) <= set(spoken([texts[i] for i in own]))
            )


def test_examples_are_of_rows_and_translators_that_there_are():
    learned = translated(DATA, ENCODERS, "consensus")
    with pytest.raises(LabError, match="row 60"):
        learned.examples([0, 60])
    with pytest.raises(LabError, match="no translator 'scan'"):
        translated(DATA, ENCODERS, "scan")


def test_a_judge_lets_a_translator_learn_once():
    judge = Judge(DATA, ENCODERS, draws=5)
    judge.rows("linear-map")
    learned = judge.learned("linear-map")
    assert judge.learned("linear-map") is learned
    assert learned.examples([0])[0].name == "300.jpg"
