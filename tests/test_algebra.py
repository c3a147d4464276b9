"""Terms of a query that are added and subtracted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmr_core.algebra import effective
from xmr_core.errors import QueryError
from xmr_core.space import unit


def rows(seed, n, d=6):
    return unit(np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32))


def weights(*values):
    return np.array(values, np.float32)


def test_added_terms_are_a_plain_sum():
    assert effective(rows(0, 3), weights(1, 0.5, 2)).tolist() == [1, 0.5, 2]


def test_of_two_alike_things_what_is_not_common_is_left():
    """Fruit without banana: an apple stays near, a banana does not."""
    banana, apple = np.eye(3, dtype=np.float32)[:2]
    fruit = unit((banana + apple)[None])[0]
    vectors = np.stack([fruit, banana])
    left = unit((effective(vectors, weights(1, -1)) @ vectors)[None])[0]
    assert left @ apple > 0.9
    assert -0.3 < left @ banana < 0
    plain = unit((fruit - banana)[None])[0]  # as a difference it is turned round
    assert plain @ banana < plain @ apple < 0.95 and plain @ fruit < 0.4 < left @ fruit


@given(st.integers(0, 10**6), st.floats(0.05, 1))
def test_nothing_of_a_subtracted_term_grows(seed, weight):
    vectors = rows(seed, 3)
    before = vectors[0] + vectors[1]
    made = effective(vectors, weights(1, 1, -weight)) @ vectors
    assert made @ vectors[2] < before @ vectors[2] + 1e-5


def test_of_terms_alike_the_second_takes_only_what_the_first_left():
    a, b = rows(1, 2)
    once = effective(np.stack([a, b]), weights(1, -1)) @ np.stack([a, b])
    twice = effective(np.stack([a, b, b]), weights(1, -1, -1)) @ np.stack([a, b, b])
    assert unit(once[None])[0] @ unit(twice[None])[0] > 0.97


def test_a_term_that_takes_itself_away_is_refused():
    vectors = rows(2, 1)[[0, 0]]
    with pytest.raises(QueryError, match="take each other away"):
        effective(vectors, weights(1, -1))
    assert effective(vectors, weights(1, -0.5)) @ vectors @ vectors[0] > 0.4


@pytest.mark.parametrize("given", [(), (-1,), (0,), (0, -1)])
def test_with_nothing_added_there_is_nothing_to_look_for(given):
    with pytest.raises(QueryError, match="nothing to look for"):
        effective(rows(3, len(given)), weights(*given))
