"""Sketches of texts."""

import numpy as np

from tests.duplicates import made
from xmr_core.duplicates import Kind, writings


def pairs(*texts):
    return writings.pairs({i: [writings.print_of(text)] for i, text in enumerate(texts)})


def words(seed, count):
    rng = np.random.default_rng(seed)
    return " ".join(f"w{n}" for n in rng.integers(0, 5000, count))


def test_a_text_in_other_letters_and_with_a_word_changed_is_the_same():
    (pair,) = pairs(made.STORY, made.STORY.upper().replace("GULLS", "crows").replace("\n", "  "))
    assert pair.kind is Kind.SAME and 0.7 < pair.similarity < 1


def test_a_text_that_holds_another_is_told_so():
    (pair,) = pairs(made.STORY, words(1, 300) + " " + made.STORY + " " + words(2, 300))
    assert pair.kind is Kind.PART and pair.similarity > 0.9


def test_long_texts_are_sketched_and_still_compared():
    long = words(3, 20_000)
    assert len(writings.print_of(long)) <= 8 * 513
    changed = " ".join("x" if i % 100 == 0 else w for i, w in enumerate(long.split()))
    (pair,) = pairs(long, changed)
    assert abs(pair.similarity - 0.95 / 1.05) < 0.08


def test_different_texts_and_common_phrases_are_no_pairs():
    licence = "this work may be copied by anybody for any purpose without fee"
    assert pairs(made.STORY, *(words(seed, 200) for seed in range(5))) == []
    assert pairs(*(f"{licence} {words(seed, 100)}" for seed in range(60))) == []


def test_scripts_without_spaces_are_compared_by_characters():
    (pair,) = pairs("一只红色的小鸟坐在绿色的树枝上唱歌", "一只红色的小鸟坐在绿色的树枝上唱歌吧")
    assert pair.kind is Kind.SAME


def test_empty_texts_are_no_pairs():
    assert pairs("", "", "…") == []
