import math
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import named
from tests.indexing.world import write_picture, write_text
from xmr_core.errors import LibraryError, QueryError
from xmr_core.library import Library, make_query
from xmr_core.moments import in_order


def by_trying_all(values, boxes):
    """Every choice of places, the best one that is in order."""
    best = -math.inf
    middles = boxes.mean(axis=1)
    for chosen in product(range(len(boxes)), repeat=len(values)):
        follows = all(boxes[b, 0] > middles[a] for a, b in pairwise(chosen))
        if follows:
            best = max(best, sum(float(values[s, p]) for s, p in enumerate(chosen)))
    return best


boxes = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), min_size=0, max_size=5)


@given(boxes, st.integers(2, 3), st.integers(0, 2**32 - 1))
def test_the_best_course_is_the_one_found_by_trying_all(spans, steps, seed):
    where = np.array([(low, low + length) for low, length in spans], np.float32).reshape(-1, 2)
    values = np.random.default_rng(seed).integers(-9, 1, (steps, len(spans))).astype(np.float32)
    value, chosen = in_order(values, where)
    assert value == by_trying_all(values, where)
    if chosen:
        assert value == sum(values[step, place] for step, place in enumerate(chosen))
        middles = where.mean(axis=1)
        assert all(where[b, 0] > middles[a] for a, b in pairwise(chosen))


@pytest.fixture
def library(tmp_path):
    """Texts of several paragraphs, each of one colour."""
    media = tmp_path / "media"
    for name, colours in {
        "red-green": ["red", "blue", "green"],
        "green-red": ["green", "blue", "red"],
        "only-red": ["red", "red", "red"],
        "once": ["red green"],
    }.items():
        write_text(media / f"{name}.txt", "\n\n".join(colours))
    write_picture(media / "red.png", "red")
    with named.registered(), Library.create("hues", "colours", tmp_path / "home") as made:
        for _ in made.index(media):
            pass
        yield made


def item(library, name):
    return next(i for i in library.items() if i.title == name)


def names(courses):
    return [course.hit.item.title for course in courses]


def test_moments_come_in_their_order_with_what_is_found_in_each(library):
    found = library.moments(make_query(["green"]), item(library, "red-green.txt").id)
    assert [moment.part.text for moment in found] == ["red", "blue", "green"]
    assert found[2].strength > max(found[0].strength, found[1].strength)


def test_the_best_moment_is_as_strong_as_the_item(library):
    query = make_query([item(library, "red.png").file], k=10)  # which no words are found for
    for hit in library.answer(query).hits:
        found = library.moments(query, hit.item.id)
        if len(found) > 1:
            assert max(m.odds for m in found) == pytest.approx(hit.odds, abs=1e-4)


def test_what_has_no_course_of_time_has_no_moments(library):
    assert library.moments(make_query(["red"]), item(library, "red.png").id) == []
    with pytest.raises(LibraryError, match="no item 99"):
        library.moments(make_query(["red"]), 99)


def test_one_thing_after_another_is_found_in_that_order(library):
    red, green = make_query(["red"]), make_query(["green"])
    forth, back = library.courses([red, green]), library.courses([green, red])
    assert names(forth)[0] == "red-green.txt" and names(back)[0] == "green-red.txt"
    assert [moment.part.text for moment in forth[0].steps] == ["red", "green"]
    assert forth[0].hit.part == forth[0].steps[0].part
    assert "once.txt" not in names(forth)  # one part cannot follow itself
    assert [course.hit.rank for course in forth] == list(range(1, len(forth) + 1))


def test_all_steps_have_to_be_right(library):
    course = library.courses([make_query(["red"]), make_query(["green"])])[0]
    together = math.prod(moment.strength for moment in course.steps)
    assert course.hit.strength == pytest.approx(together, rel=1e-4)


def test_filters_and_numbers_are_kept_to(library):
    steps = [make_query(["red"], to=["audio"]), make_query(["green"])]
    assert library.courses(steps) == []
    assert len(library.courses([make_query(["red"]), make_query(["green"])], k=1)) == 1


@pytest.mark.parametrize("count", [0, 1, 6])
def test_too_few_and_too_many_steps_are_refused(library, count):
    with pytest.raises(QueryError, match="from two to 5"):
        library.courses([make_query(["red"])] * count)
