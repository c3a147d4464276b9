"""Groups, and the best copy of one."""

from pathlib import Path

import pytest

from xmr_core.duplicates import Kind, Pair, best, grouped
from xmr_core.media import Item, Modality


def pair(one, other, similarity=0.9, kind=Kind.SAME):
    return Pair.of(one, other, kind, similarity)


def ids(groups):
    return [sorted(group.ids) for group in groups]


def test_a_chain_of_weak_pairs_is_not_one_group():
    groups = grouped([pair(i, i + 1, 0.8) for i in range(100)])
    assert max(len(group.ids) for group in groups) == 3


def test_every_member_is_directly_alike_to_the_middle():
    pairs = [pair(1, n) for n in range(2, 6)] + [pair(5, 6), pair(6, 7)]
    assert ids(grouped(pairs)) == [[1, 2, 3, 4, 5], [6, 7]]


def test_files_that_are_the_same_count_as_one_and_stay_together():
    pairs = [pair(1, 2, 1.0, Kind.EXACT), pair(1, 3, 1.0, Kind.EXACT), pair(1, 9, 0.8)]
    (group,) = grouped(pairs)
    assert sorted(group.ids) == [1, 2, 3, 9]
    (exact,) = grouped(pairs, least=1.0)
    assert sorted(exact.ids) == [1, 2, 3]


def test_what_a_person_told_apart_stays_apart():
    pairs = [pair(1, 2), pair(3, 4, 1.0, Kind.EXACT)]
    assert ids(grouped(pairs, different={(1, 2)})) == [[3, 4]]
    assert ids(grouped(pairs, different={(3, 4)})) == [[1, 2]]


def test_only_the_same_file_is_wholly_alike():
    assert pair(1, 2, 1.0).similarity < 1 == pair(1, 2, 1.0, Kind.EXACT).similarity


def item(number, path="a.jpg", size=1000, mtime=100.0, **facts):
    return Item(number, Path("/m"), path, Modality.IMAGE, size, mtime, "", path, facts)


@pytest.mark.parametrize(
    ("items", "chosen", "reason"),
    [
        ([item(1, width=100, height=100), item(2, width=200, height=200)], 2, "most pixels"),
        ([item(1, width=9, height=9, size=5000), item(2, width=9, height=9)], 1, "largest file"),
        ([item(1, mtime=500.0), item(2, mtime=100.0)], 2, "oldest"),
        ([item(1, "copies/of/a.jpg"), item(2, "a.jpg")], 2, "shortest path"),
    ],
)
def test_the_best_copy_has_a_reason(items, chosen, reason):
    found, why = best(items)
    assert (found.id, why) == (chosen, reason)
