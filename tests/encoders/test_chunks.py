import re
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xmr_core.encoders.chunks import CHUNKS, SMALL, WHOLE, Pieces, chunks_of
from xmr_core.encoders.passages import encode_passages
from xmr_core.media import Section, Text


def words(text):
    """A piece is a word, numbered by its length, or three characters of a longer one."""
    ids, offsets, numbers = [], [], []
    for no, word in enumerate(re.finditer(r"\w+|[^\w\s]", text)):
        for start in range(word.start(), word.end(), 3):
            end = min(start + 3, word.end())
            ids.append(end - start)
            offsets.append((start, end))
            numbers.append(no)
    return Pieces(ids, offsets, numbers)


def cut(text, limit, sections=()):
    """The passages that a text is cut into."""
    chunks = chunks_of(Text(text, tuple(sections)), words, limit)
    return [text[c.start : c.end] for c in chunks]


def test_short_text_stays_whole_without_its_surrounding_spaces():
    assert cut("  a b c \n", 3) == ["a b c"]


def test_paragraphs_are_packed_while_they_fit():
    assert cut("a b\n\nc d\n \ne f g", 4) == ["a b\n\nc d", "e f g"]


def test_paragraph_that_is_too_long_is_cut_at_sentences():
    text = "x y.\n\na b c. d e. f g h! i"
    assert cut(text, 7) == ["x y.", "a b c. d e.", "f g h! i"]


def test_closing_quotes_stay_with_their_sentence_and_chinese_needs_no_spaces():
    assert cut('He said "a b." Then c d.', 8) == ['He said "a b."', "Then c d."]
    assert cut("一二。三四。", 3) == ["一二。", "三四。"]


def test_sentence_that_is_too_long_is_cut_between_words_not_inside_them():
    # six words of two pieces each: three pieces would cut a word
    assert cut("aaaa bbbb cccc dddd eeee ffff", 3) == [
        "aaaa",
        "bbbb",
        "cccc",
        "dddd",
        "eeee",
        "ffff",
    ]
    assert cut("aaaa bbbb cccc dddd eeee ffff", 4) == ["aaaa bbbb", "cccc dddd", "eeee ffff"]


def test_word_that_is_too_long_is_cut_anywhere():
    assert cut("abcdefghijklmno", 2) == ["abcdef", "ghijkl", "mno"]


def test_chunk_never_mixes_two_large_sections():
    page = "w " * SMALL
    text = page + page
    sections = [Section(0, len(page), "page 1"), Section(len(page), 2 * len(page), "page 2")]
    assert cut(text, 4 * SMALL) == [text.strip()]
    assert cut(text, 4 * SMALL, sections) == [page.strip(), page.strip()]


def test_small_sections_join_the_next_one():
    lines = ["a b", "c d", "w " * SMALL, "e f"]
    text = "\n".join(lines)
    starts = np.cumsum([0] + [len(line) + 1 for line in lines])
    sections = [
        Section(int(s), int(s) + len(line), "") for s, line in zip(starts, lines, strict=False)
    ]
    first, last = cut(text, 4 * SMALL, sections)
    assert first.startswith("a b\nc d\nw w")
    assert last == "e f"


def test_pieces_and_characters_of_a_chunk_belong_together():
    text = "one two three. four five six. seven"
    for chunk in chunks_of(Text(text), words, 5):
        assert chunk.start == chunk.offsets[0][0]
        assert chunk.end == chunk.offsets[-1][1]
        assert [len(text[a:b]) for a, b in chunk.offsets] == list(chunk.ids)


def test_text_without_words_is_one_empty_chunk():
    for text in ("", "  \n\t ", "\x0b\x0c"):
        (chunk,) = chunks_of(Text(text), words, 4)
        assert (chunk.start, chunk.end, list(chunk.ids)) == (0, len(text), [])


def test_of_many_chunks_evenly_spread_ones_are_kept_with_the_first_and_the_last():
    text = " ".join(f"{i:04d}." for i in range(1200))  # three pieces a sentence
    kept = [int(passage[:4]) for passage in cut(text, 3)]
    assert len(kept) == CHUNKS
    assert kept[0] == 0
    assert kept[-1] == 1199
    assert set(np.diff(kept)) == {2, 3}


def test_enormous_text_is_sampled_without_being_cut_as_a_whole():
    read = []

    def counted(text):
        read.append(len(text))
        return words(text)

    text = "A sentence of some words, number one. " * (3 * WHOLE // 38)
    started = time.monotonic()
    chunks = chunks_of(Text(text), counted, 20)
    assert time.monotonic() - started < 10
    assert len(chunks) == CHUNKS
    assert sum(read) <= 512 * 4000
    starts = [c.start for c in chunks]
    assert starts == sorted(set(starts))
    assert starts[0] == 0
    assert starts[-1] > 0.99 * len(text) - 4000
    assert all(text[c.start :].startswith("A sentence") for c in chunks)


def test_enormous_text_without_any_spaces_is_read_too():
    chunks = chunks_of(Text("x" * (WHOLE + 1)), words, 20)
    assert len(chunks) == CHUNKS
    assert all(c.end - c.start == 60 for c in chunks)


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from('ab c.\n!?。"中\u00a0'), max_size=300),
    st.integers(1, 12),
    st.lists(st.integers(0, 300), max_size=8),
)
def test_chunks_hold_every_piece_once_in_order_and_none_is_too_long(text, limit, edges):
    edges = sorted({min(e, len(text)) for e in edges} | {0, len(text)})
    sections = tuple(Section(a, b, "") for a, b in pairwise(edges))
    chunks = chunks_of(Text(text, sections), words, limit)
    whole = words(text)
    assert [o for c in chunks for o in c.offsets] == list(whole.offsets)
    assert [i for c in chunks for i in c.ids] == list(whole.ids)
    assert all(len(c.ids) <= limit for c in chunks)
    for before, after in pairwise(chunks):
        assert before.end <= after.start


def test_passages_are_embedded_at_once_and_each_text_gets_the_mean_of_its_own():
    calls = []

    def embed(lines):
        calls.append(list(lines))
        return np.array([[len(x), 1.0] for x in lines], np.float32)

    batch = [Text("aa bb. cc dd."), Text(""), Text("e")]
    first, empty, last = encode_passages(batch, words, 3, embed)
    assert calls == [["aa bb.", "cc dd.", "", "e"]]
    assert first.parts.tolist() == [[6, 1], [6, 1]]
    assert first.boxes[:, :, 0].tolist() == [[0, 6], [7, 13]]
    assert np.allclose(first.pooled, np.array([6, 1]) / np.hypot(6, 1))
    assert empty.boxes[:, :, 0].tolist() == [[0, 0]]
    assert np.allclose(last.pooled, np.array([1, 1]) / np.sqrt(2))
    assert encode_passages([], words, 3, lambda lines: np.zeros((0, 2), np.float32)) == []


def test_zero_vectors_stay_finite():
    (got,) = encode_passages(
        [Text("a")], words, 3, lambda lines: np.zeros((len(lines), 2), np.float32)
    )
    assert got.pooled.tolist() == [0, 0]


@pytest.mark.parametrize("limit", [1, 2])
def test_tiny_limit_still_ends(limit):
    assert len(cut("a b c d", limit)) == 4 // limit
