"""An index of many rows: what comparing in few dimensions first finds, keeps and asks for."""

import os

import numpy as np
import pytest

from xmr_core import index_file, projected_index
from xmr_core.index import Stamp, VectorIndex
from xmr_core.projected_index import ProjectedIndex, basis, levels

N, D, WIDTH, NARROW = 6000, 96, 91, 24
RNG = np.random.default_rng(11)


class Kept:
    """Rows that lie elsewhere; queries that lie in a narrow cone away from them, as words do."""

    def __init__(self, n=N, seed=0):
        rng = np.random.default_rng(seed)
        cone = rng.standard_normal((NARROW, D)) * np.linspace(1, 0.1, NARROW)[:, None]
        self.bank = (rng.standard_normal((500, NARROW)) @ cone).astype(np.float32)
        self.queries = (rng.standard_normal((60, NARROW)) @ cone).astype(np.float32)
        self.queries += 0.05 * rng.standard_normal(self.queries.shape).astype(np.float32)
        self.rows = rng.standard_normal((n, D)).astype(np.float32)
        self.ids = np.sort(rng.permutation(9 * n)[:n]).astype(np.int64)
        self.asked = 0

    def fetch(self, ids):
        assert (np.diff(ids) > 0).all()
        at = np.flatnonzero(np.isin(self.ids, ids))
        self.asked = max(self.asked, len(at))
        return self.ids[at], self.rows[at, :WIDTH]

    def index(self, narrow=NARROW):
        directions = basis(self.bank, narrow)
        middle = levels(self.rows[::7] @ directions)
        index = ProjectedIndex(directions, middle, self.fetch, WIDTH)
        for start in range(0, len(self.ids), 700):
            some = slice(start, start + 700)
            index.add(self.ids[some], self.rows[some])
        return index

    def flat(self):
        index = VectorIndex(D)
        index.add(self.ids, self.rows)
        return index


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(projected_index, "_BLOCK", 1000)
    monkeypatch.setattr(projected_index, "_AGAIN", 200)


def recall(index, kept, k=10, allow=None):
    _, found = index.search(kept.queries, k, allow)
    _, best = kept.flat().search(kept.queries, k, allow)
    return np.mean([len(set(f) & set(b)) / k for f, b in zip(found, best, strict=True)])


@pytest.mark.parametrize("block", [999, 1000, N, 2 * N])
def test_nearly_all_of_the_best_are_found_whatever_the_blocks(block, monkeypatch):
    monkeypatch.setattr(projected_index, "_BLOCK", block)
    kept = Kept()
    index = kept.index()
    assert len(index) == N and recall(index, kept) >= 0.99
    assert kept.asked <= 203 * 32


def test_directions_of_queries_serve_better_than_those_of_rows():
    kept = Kept()
    by_queries = recall(kept.index(), kept)
    kept.bank = kept.rows
    assert recall(kept.index(), kept) < 0.8 * by_queries


def test_scores_are_exact_and_best_first():
    kept = Kept()
    scores, found = kept.index().search(kept.queries, 15)
    for query, row_scores, ids in zip(kept.queries, scores, found, strict=True):
        assert np.allclose(row_scores, kept.rows[np.searchsorted(kept.ids, ids)] @ query, atol=1e-4)
        assert (np.diff(row_scores) <= 0).all() and len(set(ids)) == 15


@pytest.mark.parametrize("allowed", [0, 1, 40, 900, N])
def test_only_allowed_ids_are_found_and_all_of_them_if_they_are_few(allowed):
    kept = Kept()
    allow = np.append(RNG.permutation(kept.ids)[:allowed], 10**9)  # one that it does not have
    _, found = kept.index().search(kept.queries, 50, allow)
    assert found.shape == (60, min(50, allowed)) and np.isin(found, allow).all()
    if allowed == 40:
        assert all(set(row) == set(allow[:-1]) for row in found)
    if allowed >= 900:
        assert recall(kept.index(), kept, allow=allow) >= 0.99


def test_rows_that_are_gone_where_they_are_kept_are_not_found():
    kept = Kept()
    index = kept.index()
    _, before = index.search(kept.queries, 10)
    gone = np.unique(before[:, :5])
    kept.rows, kept.ids = (a[~np.isin(kept.ids, gone)] for a in (kept.rows, kept.ids))
    scores, found = index.search(kept.queries, 10)
    for query, row_scores, row in zip(kept.queries, scores, found, strict=True):
        exact = kept.rows[np.searchsorted(kept.ids, row)] @ query
        assert np.allclose(row_scores, exact, atol=1e-4), "what is held here stays beside its row"
    assert not np.isin(found, gone).any() and (found >= 0).all()
    few, only = index.search(kept.queries[:3], 10, np.append(gone[:20], kept.ids[:2]))
    assert (np.sort(only, axis=1)[:, -2:] == kept.ids[:2]).all()
    assert (only == -1).sum() == 3 * 8 and np.isneginf(few[only == -1]).all()
    taken = index.take(np.append(gone[:2], kept.ids[:1]))
    assert taken.shape == (3, D) and (np.abs(taken[:, :WIDTH]).sum(axis=1) == 0).sum() == 2
    kept.rows, kept.ids = kept.rows[:0], kept.ids[:0]
    assert (index.search(kept.queries[:2], 3)[1] == -1).all()


def test_rows_are_taken_ascending_by_id():
    kept = Kept()
    some = np.array([kept.ids[250], kept.ids[4], kept.ids[5000], -1])
    assert np.allclose(kept.index().take(some), kept.rows[[4, 250, 5000]])
    assert kept.index().take(np.zeros(0, np.int64)).shape == (0, D)


def test_wrong_shapes_are_refused():
    index = Kept(n=50).index()
    with pytest.raises(ValueError, match="d = 96"):
        index.add(np.array([-5]), np.zeros((1, 3), np.float32))
    with pytest.raises(ValueError, match="d = 96"):
        index.search(np.zeros(D, np.float32), 3)
    assert index.search(np.zeros((2, D), np.float32), 0)[1].shape == (2, 0)


def test_saved_index_comes_back_with_its_stamp_and_without_its_rows(tmp_path):
    kept = Kept()
    index, path = kept.index(), tmp_path / "i.faiss"
    index.stamp = Stamp(5, "space")
    index.save(path)
    assert path.stat().st_size < 0.16 * kept.rows.nbytes, "a byte a number"
    again = ProjectedIndex.load(path, Stamp(5, "space"), kept.fetch, WIDTH)
    assert again is not None and again.stamp == index.stamp and len(again) == N
    for a, b in zip(again.search(kept.queries, 6), index.search(kept.queries, 6), strict=True):
        assert np.array_equal(a, b)
    again.add(kept.ids[:1] - 10**6, kept.rows[:1])
    assert len(again) == N + 1
    for stamp, width in ((Stamp(6, "space"), WIDTH), (Stamp(5, "other"), WIDTH), (index.stamp, 90)):
        assert ProjectedIndex.load(path, stamp, kept.fetch, width) is None
    assert VectorIndex.load(path) is None
    kept.flat().save(path)
    assert ProjectedIndex.load(path, Stamp(), kept.fetch, WIDTH) is None


def test_a_file_of_the_former_format_is_not_used(tmp_path):
    """It had four bytes a number, and no levels."""
    kept, path = Kept(n=60), tmp_path / "i.faiss"
    directions = basis(kept.bank, NARROW)
    head = {"kind": "projected", "dim": D, "n": 60, "narrow": NARROW}
    pieces = [kept.ids, directions, kept.rows[:, WIDTH:].copy(), kept.rows @ directions]
    index_file.write(path, head | {"generation": 0, "fingerprint": ""}, pieces)
    assert ProjectedIndex.load(path, Stamp(), kept.fetch, WIDTH) is None
    kept.index().save(path)
    assert ProjectedIndex.load(path, Stamp(), kept.fetch, WIDTH) is not None


def test_a_copy_without_some_rows_finds_the_others_and_takes_new_ones():
    kept = Kept()
    index = kept.index()
    gone = RNG.permutation(kept.ids)[:2500]
    copy = index.without(np.append(gone, -7))
    assert len(copy) == N - 2500 and len(index) == N
    _, before = index.search(kept.queries, 10)
    assert np.isin(before, gone).any(), "the first is as it was"
    left = ~np.isin(kept.ids, gone)
    new = Kept(n=700, seed=3)
    new.ids += 10 * N
    copy.add(new.ids, new.rows)
    kept.ids = np.concatenate([kept.ids[left], new.ids])
    kept.rows = np.concatenate([kept.rows[left], new.rows])
    assert recall(copy, kept) >= 0.99
    assert np.array_equal(copy.take(kept.ids), kept.rows)


def test_rows_far_outside_the_levels_are_found_all_the_same():
    kept = Kept()
    far = slice(1, 4)  # none that the levels were taken from
    kept.rows[far] = 400 * kept.queries[:3] / np.linalg.norm(kept.queries[:3], axis=1)[:, None]
    index = kept.index()
    assert (index.search(kept.queries[:3], 1)[1][:, 0] == kept.ids[far]).all()


def test_eight_bits_a_number_lose_little_however_directions_differ(monkeypatch):
    """Beside the same directions in floating point, with as few compared again."""
    monkeypatch.setattr(projected_index, "_AGAIN", 30)
    kept = Kept()
    directions = basis(kept.bank, NARROW)
    wide = np.geomspace(0.1, 20, NARROW)  # least where queries are longest
    along = kept.rows @ directions
    kept.rows += ((along * wide + 3 * wide - along) @ directions.T).astype(np.float32)
    _, best = kept.flat().search(kept.queries, 10)
    near = kept.queries @ directions @ (kept.rows @ directions).T
    again = kept.ids[np.argsort(-near, axis=1)[:, :33]]
    floating = np.mean([np.isin(b, a).mean() for b, a in zip(best, again, strict=True)])
    assert floating > 0.9
    assert recall(kept.index(), kept) > floating - 0.05


def test_truncated_changed_or_foreign_files_are_not_used(tmp_path):
    kept, path = Kept(n=60), tmp_path / "i.faiss"
    kept.index().save(path)
    whole = path.read_bytes()

    def load():
        return ProjectedIndex.load(path, Stamp(), kept.fetch, WIDTH)

    assert load() is not None
    for size in [*range(0, 200, 7), len(whole) // 2, len(whole) - 1]:
        path.write_bytes(whole[:size])
        assert load() is None
    for at in RNG.integers(len(whole), size=50):
        changed = bytearray(whole)
        changed[at] ^= 0x40
        path.write_bytes(changed)
        assert load() is None
    path.write_bytes(os.urandom(5000))
    assert load() is None
    path.unlink()
    assert load() is None
