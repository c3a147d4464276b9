"""What marks do to a query, against the sums written out."""

import math

import numpy as np
import pytest

from xmr_core import feedback
from xmr_core.space import unit

NONE = np.zeros((0, 6), np.float32)


@pytest.fixture
def rows():
    return unit(np.random.default_rng(5).normal(size=(40, 6)).astype(np.float32))


def test_likes_pull_and_dislikes_push_by_their_middles(rows):
    q, liked, disliked = rows[0], rows[1:4], rows[4:6]
    total = [
        float(q[a]) + 0.5 * sum(float(x[a]) for x in liked) / 3
        - 0.25 * sum(float(y[a]) for y in disliked) / 2
        for a in range(6)
    ]  # fmt: skip
    length = math.sqrt(sum(x * x for x in total))
    made = feedback.moved(q, liked, disliked, 0.5, 0.25)
    assert made == pytest.approx([x / length for x in total], abs=1e-6)


def test_a_query_without_marks_stays_and_one_pushed_to_nothing_too(rows):
    assert feedback.moved(rows[0], NONE, NONE, 1, 1) == pytest.approx(rows[0], abs=1e-6)
    assert feedback.moved(rows[0], NONE, rows[:1], 1, 1).tolist() == rows[0].tolist()


def test_marks_teach_what_a_process_written_out_would(rows):
    marks, signs = rows[1:8], [1, 1, 1, -1, -1, -1, 1]
    lesson = feedback.Lesson(0.3, 0.4, 5.0)

    def k(x, y):
        return math.exp((float(x @ y) - 1) / 0.3)

    told = [[k(x, y) + 0.4 * (i == j) for j, y in enumerate(marks)] for i, x in enumerate(marks)]
    inverse = np.linalg.inv(np.array(told))
    expected = [
        5.0 * sum(k(row, marks[i]) * inverse[i, j] * signs[j] for i in range(7) for j in range(7))
        for row in rows
    ]
    assert lesson.learned(rows, marks, np.array(signs)) == pytest.approx(expected, abs=1e-4)


def test_a_mark_made_twice_counts_as_little_more_than_once(rows):
    lesson = feedback.Lesson(None, 0.1, 1.0)
    once, thrice = (lesson.learned(rows, rows[[3] * n], np.ones(n)) for n in (1, 3))
    assert (np.abs(once) <= np.abs(thrice)).all()
    assert thrice == pytest.approx(once, rel=0.1)


def test_the_best_lend_each_other_by_likeness(rows):
    scores = np.random.default_rng(2).normal(size=40)
    order = np.argsort(-scores)[:9]
    mixed = []
    for i in order:
        near = {j: max(float(rows[i] @ rows[j]), 0.0) for j in order if j != i}
        others = sum(w * scores[j] for j, w in near.items()) / sum(near.values())
        mixed.append(0.6 * scores[i] + 0.4 * others)
    found = feedback.lent(scores, rows, share=0.4, most=9)
    assert found[order] == pytest.approx(mixed - min(mixed) + scores[order].min(), abs=1e-6)
    rest = np.setdiff1d(np.arange(40), order)
    assert found[rest].tolist() == scores[rest].tolist()
    assert found[order].min() >= found[rest].max()


def test_what_is_like_nothing_keeps_its_score():
    alone = np.eye(3, dtype=np.float32)
    assert feedback.lent(np.array([3.0, 1.0, 2.0]), alone).tolist() == [3, 1, 2]
    assert feedback.lent(np.zeros(0), alone[:0]).tolist() == []


def made(rows, likes, dislikes, words):
    return feedback.Feedback(
        rows[0], rows[1 : 1 + likes], rows[20 : 20 + dislikes], words,
        np.zeros((likes + dislikes, 6), np.float32),
    )  # fmt: skip


def rescored(told, rows):
    before, after = rows @ told.query, rows @ told.vector
    return told.rescored(before, rows, rows, before, after), before, after


@pytest.mark.parametrize("words", [True, False])
@pytest.mark.parametrize(("likes", "dislikes"), [(5, 5), (1, 0), (0, 1)])
def test_what_is_liked_rises_from_the_first_mark_on(rows, words, likes, dislikes):
    again, before, _ = rescored(made(rows, likes, dislikes, words), rows)

    def standard(scores):
        return (scores - scores.mean()) / scores.std()

    change = standard(again) - standard(before)
    assert (change[1 : 1 + likes].mean() if likes else 1) > 0
    assert (change[20 : 20 + dislikes].mean() if dislikes else -1) < 0


def test_scores_are_those_of_the_steps_one_after_the_other(rows):
    told = made(rows, 3, 2, True)
    again, before, after = rescored(told, rows)
    places = unit(rows - rows.sum(axis=0) / (len(rows) + 4))
    marks = unit(np.concatenate([told.liked, told.disliked]))
    taught = feedback.LESSONS[True].learned(places, marks, np.array([1, 1, 1, -1, -1]))
    judged = (before - before.mean()) / before.std() + taught
    order = np.argsort(-feedback.lent(judged, places))
    standard = (np.sort(judged)[::-1] - judged.mean()) / judged.std()
    assert again[order] == pytest.approx(after.mean() + after.std() * standard, abs=1e-4)


def test_where_items_of_a_medium_lie_is_no_likeness(rows):
    """Sounds are nearer to sounds than to anything else, whatever they sound like."""
    many = np.tile(rows, (500, 1))  # whose mean is sure
    offset = np.array([3, 0, 0, 0, 0, 0], np.float32)
    near = made(rows, 5, 5, False)
    away = feedback.Feedback(
        near.query, near.liked + offset, near.disliked + offset, False, near.homes + offset
    )
    before, after = rows @ near.query, rows @ near.vector
    given = np.tile(before, 500), np.tile(after, 500)
    expected = near.rescored(before, rows, many, *given)
    found = away.rescored(before, rows + offset, many + offset, *given)
    assert found == pytest.approx(expected, abs=5e-3)


def test_words_that_a_query_moved_towards_come_with_the_largest_change_first():
    words = np.eye(6, dtype=np.float32)
    after = unit(np.array([[0.1, 3, 2, 0, 0, 0]], np.float32))[0]
    gained, lost = feedback.toward(words[0], after, words, k=3)
    assert gained.tolist() == [1, 2]
    assert lost.tolist() == [0]
    unmoved = feedback.toward(after, after, words)
    assert [places.tolist() for places in unmoved] == [[], []]


def test_what_is_alike_changes_the_order_of_scores_and_not_how_far_they_spread():
    """Lent scores lie nearer together: the first of a refined answer would seem weak."""
    rng = np.random.default_rng(5)
    rows = rng.standard_normal((200, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    one = feedback.Feedback(rows[0], rows[1:3], rows[3:4], True, np.zeros((3, 16), np.float32))
    before, after = rows @ one.query, rows @ one.vector
    made = one.rescored(before, rows, rows, before, after)
    assert made.std() == pytest.approx(float(after.std()), rel=1e-4)
    assert made.mean() == pytest.approx(float(after.mean()), abs=1e-4)
    assert np.argmax(made) in (0, 1, 2), "the query itself, or what was liked"
