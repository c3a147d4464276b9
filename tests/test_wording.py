import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmr_core.wording import excerpt, folded, found, parse, tokens


def asked(typed):
    wording = parse(typed)
    return [(p.field, p.text) for p in wording.required], [
        (p.field, p.text) for p in wording.excluded
    ]


@pytest.mark.parametrize(
    ("typed", "required", "excluded"),
    [
        ('"no smoking"', [("", "no smoking")], []),
        ('spoken:hello written:"no smoking" author:smith',
         [("spoken", "hello"), ("written", "no smoking"), ("author", "smith")], []),
        ('dog -spoken:hello -"bad dog"', [], [("spoken", "hello"), ("", "bad dog")]),
        ("artist:Bach SAID:yes", [("author", "Bach"), ("spoken", "yes")], []),
        ("„kein Zutritt“ «défense de fumer»", [("", "kein Zutritt"), ("", "défense de fumer")], []),
        ('an 8" pipe at 12:30, http://a.b', [], []),
        ('unknown:word "" spoken:', [], []),
        ('"half a quote', [], []),
    ],
)  # fmt: skip
def test_phrases_and_fields_are_told_from_other_signs(typed, required, excluded):
    assert asked(typed) == (required, excluded)


def test_what_is_meant_are_the_words_and_not_where_they_are_looked_for():
    assert parse('a sign "no smoking" author:smith').meaning == "a sign no smoking"
    assert parse("author:smith").meaning == "smith"
    assert parse('-spoken:hello -"good bye"').meaning == ""
    assert parse("?!").meaning == "?!"


def test_frequent_words_tell_nothing_unless_there_are_no_others():
    assert parse("the sound of a bell").words == ("sound", "bell")
    assert parse("to be or not").words == ("to", "be", "or", "not")


def test_a_last_word_may_go_on():
    (phrase,) = parse("author:smi*").required
    assert (phrase.text, phrase.begins) == ("smi", True)


@given(st.text(max_size=40))
def test_folded_texts_are_as_long_as_they_were_and_their_words_are_found(text):
    assert len(folded(text)) == len(text)
    for low, high in found(text, [[word] for word in tokens(text)]):
        assert 0 <= low < high <= len(text)


@given(st.text(alphabet="ab é\n", min_size=1, max_size=400), st.integers(20, 80))
def test_excerpts_keep_their_length_and_their_marks_hold_the_word(text, limit):
    line, marks = excerpt(text, [["ab"]], limit)
    assert len(line) <= limit + 4
    assert all(line[a:b] == "ab" for a, b in marks)
    assert bool(marks) == ("ab" in tokens(text))


def test_words_are_found_without_their_accents_and_chinese_anywhere():
    assert [("Ein Mädchen")[a:b] for a, b in found("Ein Mädchen", [["madchen"]])] == ["Mädchen"]
    assert found("骑着一辆自行车。", [["自行车"]]) == [(4, 7)]
    assert found("smokings", [["smoking"]]) == []
