"""Points of a plane: principal components, UMAP, and what is put beside its neighbours."""

import numpy as np
import pytest

from xmr_core.projection import NEIGHBOURS, Plane, beside, turn, umap
from xmr_core.space import unit


def blobs(count=3, each=30, dim=24, spread=0.15, seed=0):
    """Unit rows f32 (n, dim) around some centres, and the centre of each."""
    dice = np.random.default_rng(seed)
    middles = np.eye(dim, dtype=np.float32)[:count]
    labels = np.repeat(np.arange(count), each)
    noise = dice.normal(size=(len(labels), dim)) * spread / np.sqrt(dim)
    return unit((middles[labels] + noise).astype(np.float32)), labels


def test_the_plane_holds_what_varies_most_and_says_how_much():
    dice = np.random.default_rng(1)
    vectors = (dice.normal(size=(500, 10)) * [5, 3, *[0.1] * 8]).astype(np.float32) + 4
    plane = Plane.fit(vectors)
    assert abs(plane.axes[0, 0]) == pytest.approx(1, abs=0.01)
    assert abs(plane.axes[1, 1]) == pytest.approx(1, abs=0.01)
    _, singular, _ = np.linalg.svd(vectors - vectors.mean(0), full_matrices=False)
    shares = singular**2 / (singular**2).sum()
    assert plane.shares == pytest.approx(shares[:2], abs=1e-3)
    assert plane.place(vectors).mean(axis=0) == pytest.approx([0, 0], abs=1e-4)


def test_the_plane_is_linear_so_that_sums_fall_where_their_terms_say():
    vectors, _ = blobs()
    plane = Plane.fit(vectors)
    a, b = vectors[:1], vectors[-1:]
    middle = plane.place((a + b) / 2)
    assert middle == pytest.approx((plane.place(a) + plane.place(b)) / 2, abs=1e-5)


@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("dim", [1, 2, 5])
def test_few_vectors_and_few_dimensions_have_a_plane_too(rows, dim):
    vectors = np.ones((rows, dim), np.float32)
    plane = Plane.fit(vectors)
    assert plane.axes.shape == (dim, 2)
    assert plane.place(vectors) == pytest.approx(np.zeros((rows, 2)), abs=1e-5)


def test_a_turned_plane_lies_as_the_other_one_does():
    vectors, _ = blobs()
    plane = Plane.fit(vectors)
    placed = plane.place(vectors)
    quarter = placed @ np.array([[0, 1], [-1, 0]], np.float32)
    assert plane.turned(vectors, quarter).place(vectors) == pytest.approx(quarter, abs=1e-4)
    mirrored = placed * [1, -1]
    assert placed @ turn(placed, mirrored) == pytest.approx(mirrored, abs=1e-4)


def test_umap_keeps_neighbours_together_where_two_components_cannot():
    vectors, labels = blobs(count=16, each=20, spread=0.5)
    start = Plane.fit(vectors).place(vectors)
    layout = umap(vectors, start)

    def kept(points):
        far = np.linalg.norm(points[:, None] - points[None], axis=-1)
        np.fill_diagonal(far, np.inf)
        near = np.argsort(far, axis=1)[:, :8]
        return (labels[near] == labels[:, None]).mean()

    assert kept(layout) > 0.97
    assert kept(start) < 0.8


def test_the_same_vectors_give_the_same_layout_that_tells_how_far_it_is():
    vectors, _ = blobs()
    start = Plane.fit(vectors).place(vectors)
    told = []
    first = umap(vectors, start, lambda done, total: told.append((done, total)), epochs=30)
    assert np.array_equal(first, umap(vectors, start, epochs=30))
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1


def test_what_the_teller_raises_ends_the_work():
    vectors, _ = blobs()

    def tell(done, total):
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        umap(vectors, Plane.fit(vectors).place(vectors), tell)


@pytest.mark.parametrize("count", [0, 1, 3, 4, NEIGHBOURS, NEIGHBOURS + 2])
def test_few_items_are_arranged_without_complaint(count):
    vectors, _ = blobs(count=1, each=max(count, 1))
    vectors = vectors[:count]
    start = np.arange(2 * count, dtype=np.float32).reshape(count, 2)
    layout = umap(vectors, start, epochs=10)
    assert layout.shape == (count, 2)
    assert np.isfinite(layout).all()


def test_copies_of_one_file_are_arranged_too():
    vectors = np.repeat(blobs(count=2, each=4)[0], 5, axis=0)
    layout = umap(vectors, Plane.fit(vectors).place(vectors), epochs=20)
    assert np.isfinite(layout).all()


def test_what_is_new_is_put_between_its_nearest():
    vectors, labels = blobs()
    layout = np.eye(3, 2, dtype=np.float32)[labels] * 10
    placed = beside(vectors[:1], vectors[1:], layout[1:])
    assert placed[0] == pytest.approx(layout[0], abs=0.5)
    few = [0, 1, 30, 31, 60]
    between = beside(unit(vectors[:1] + vectors[30:31]), vectors[few], layout[few])
    assert 1 < between[0, 0] < 9
    assert 1 < between[0, 1] < 9
