import numpy as np
import open_clip
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xmr_core.encoders.byte_pairs import byte_pairs

THEIRS = open_clip.get_tokenizer("ViT-B-32")


@settings(deadline=None)  # the first reads the table
@given(st.text(max_size=80))
@example("Ein Hund, & zwei Katzen! It's we'LL 狗 1984")
@example("&amp;lt;b&gt; <end_of_text> <START_OF_TEXT>")
@example("aaaaaaa banana bananas lolol İß ’quoted’ \x00\t\n")
@example("x" * 300)
def test_numbers_are_those_of_open_clip(text):
    assert byte_pairs().encode(text) == THEIRS.encode(text)


@pytest.mark.parametrize("context", [8, 77])
def test_rows_are_those_of_open_clip_without_what_comes_after_the_longest(context):
    lines = ["a dog", "", "a very long line of words " * 20, "Ein Hund"]
    rows = byte_pairs().rows(lines, context)
    theirs = THEIRS(lines, context_length=context).numpy()
    assert np.array_equal(rows, theirs[:, : rows.shape[1]])
    assert not theirs[:, rows.shape[1] :].any()
    assert byte_pairs().rows(lines[:2], context).shape == (2, 4)
    assert byte_pairs().rows([], context).shape[0] == 0


def test_marks_are_those_of_open_clip():
    assert byte_pairs().all_special_ids == THEIRS.all_special_ids
    assert byte_pairs().eot_token_id == THEIRS.eot_token_id
