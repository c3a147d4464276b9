import numpy as np
import pytest

from xmr_core.graph.near import KEPT, Near
from xmr_core.space import unit

MEDIA = 3


class Stock:
    """Items of three media with random vectors; rows count up and are never used twice."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.media, self.vectors, self.next = {}, {}, 1

    def add(self, count):
        for _ in range(count):
            self.media[self.next] = int(self.rng.integers(MEDIA))
            # coarse, so that many are equally near
            self.vectors[self.next] = unit(self.rng.integers(-1, 2, (1, 6)).astype(np.float32))[0]
            self.next += 1

    def remove(self, count):
        for row in self.rng.permutation(list(self.media))[:count].tolist():
            del self.media[row], self.vectors[row]

    def present(self):
        rows = sorted(self.media)
        return [np.array([r for r in rows if self.media[r] == m], np.int64) for m in range(MEDIA)]

    def wholes(self, medium):
        rows = self.present()[medium]
        return rows, np.array([self.vectors[r] for r in rows], np.float32).reshape(-1, 6)

    def updated(self, near):
        return near.updated(self.present(), self.wholes)

    def anew(self):
        return self.updated(Near.empty(MEDIA))


def vectors(stock, near):
    return np.array([stock.vectors[r] for r in near.rows.tolist()])


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_up_equals_what_is_made_anew(seed):
    stock = Stock(seed)
    near = Near.empty(MEDIA)
    for step in range(7):
        stock.add(int(stock.rng.integers(0, 25)))
        if step:
            stock.remove(int(stock.rng.integers(0, 9)))
        near, anew = stock.updated(near), stock.anew()
        for name in ("rows", "media", "nearest", "scores"):
            assert np.array_equal(getattr(near, name), getattr(anew, name)), name


def test_the_nearest_are_those_of_a_plain_comparison():
    stock = Stock(3)
    stock.add(40)
    near = stock.anew()
    for i, row in enumerate(near.rows.tolist()):
        for medium, rows in enumerate(stock.present()):
            others = [r for r in rows.tolist() if r != row]
            cosines = {r: float(stock.vectors[r] @ vectors(stock, near)[i]) for r in others}
            listed = near.nearest[i, medium]
            found = [r for r in listed.tolist() if r >= 0]
            assert len(found) == min(KEPT, len(others)) and row not in found
            best = sorted(cosines.values(), reverse=True)[: len(found)]
            assert np.allclose([cosines[r] for r in found], best, atol=2e-3)


def test_two_are_mutual_that_are_on_each_others_lists():
    stock = Stock(5)
    stock.add(30)
    near = stock.anew()
    one, other, cosines = near.mutual(2)
    assert np.allclose(
        cosines, (vectors(stock, near)[one] * vectors(stock, near)[other]).sum(1), atol=2e-3
    )
    pairs = set(zip(near.rows[one].tolist(), near.rows[other].tolist(), strict=True))
    place = {row: i for i, row in enumerate(near.rows.tolist())}
    wanted = {
        (a, b)
        for a in place
        for b in place
        if a < b
        and b in near.nearest[place[a], stock.media[b], :2]
        and a in near.nearest[place[b], stock.media[a], :2]
    }
    assert pairs == wanted and pairs


def test_only_what_is_new_is_compared():
    stock = Stock(1)
    stock.add(30)
    near = stock.anew()
    told = []
    assert near.updated(stock.present(), stock.wholes, lambda *t: told.append(t)) and not told
    stock.add(1)
    near.updated(stock.present(), stock.wholes, lambda *t: told.append(t))
    done, total = told[-1]
    # the new one in each medium; the others in its own
    assert done == MEDIA + 30 and total >= done
