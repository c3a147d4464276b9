"""Dictionaries: their steps against other solvers, and what coupling and classes do."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import Lasso, Ridge

from tests.lab.planted import IMAGE, TEXT, planted
from xmr_core.heads import Linear, SparseCode
from xmr_core.heads.stacks import run
from xmr_core.lab.coding import (
    better_atoms,
    coded,
    evened,
    first_words,
    mapped,
    misfit,
    shrunk,
    shrunk_together,
)
from xmr_core.lab.dictionaries.scdl import SCDL
from xmr_core.lab.dictionaries.slim2 import SliM2
from xmr_core.media import Floats

RNG = np.random.default_rng(0)
PENALTY = 0.3


def draw(*shape: int) -> Floats:
    return RNG.normal(size=shape).astype(np.float32)


def words(count: int, m: int) -> Floats:
    made = draw(count, m)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def lasso(x: Floats, atoms: Floats) -> Floats:
    solver = Lasso(PENALTY / x.shape[1], fit_intercept=False, tol=1e-7, max_iter=20_000)
    return np.stack([solver.fit(atoms.T.astype(float), row).coef_ for row in x.astype(float)])


def test_codes_are_those_of_another_solver():
    x, atoms = draw(5, 6), words(9, 6)
    code = coded(x, atoms, np.zeros((5, 9), np.float32), PENALTY, 1500)
    np.testing.assert_allclose(code, lasso(x, atoms), atol=2e-3)


def test_a_pull_is_as_good_as_more_features():
    """½ ‖x − αD‖² + s/2 ‖αM − t‖² is one fit of features side by side."""
    x, atoms, across, target = draw(5, 6), words(9, 6), draw(9, 4), draw(5, 4)
    nothing = np.zeros((5, 9), np.float32)
    code = coded(x, atoms, nothing, PENALTY, 3000, pulls=[(across, target, 0.25)])
    beside = coded(
        np.hstack([x, 0.5 * target]), np.hstack([atoms, 0.5 * across]), nothing, PENALTY, 3000
    )
    np.testing.assert_allclose(code, beside, atol=2e-3)


def test_groups_of_one_shrink_as_rows_on_their_own():
    code = draw(7, 5)
    alone = shrunk_together([np.array([i]) for i in range(7)])
    np.testing.assert_allclose(alone(code, 0.4), shrunk(code, 0.4), atol=1e-6)


def test_a_class_gives_up_a_word_as_one():
    """Of one class each word is used by all or by none, where the plain penalty is row by row."""
    middles, atoms = words(3, 12), words(20, 12)
    groups = [np.arange(i, 30, 3) for i in range(3)]
    x = middles[np.arange(30) % 3] + 0.1 * draw(30, 12)
    nothing = np.zeros((30, 20), np.float32)
    used = coded(x, atoms, nothing, 0.1, 300, shrink=shrunk_together(groups)) != 0
    shares = np.stack([used[rows].mean(axis=0) for rows in groups])
    assert set(np.unique(shares)) == {0.0, 1.0}
    plain = coded(x, atoms, nothing, 0.1, 300) != 0
    assert len(np.unique([plain[rows].mean(axis=0) for rows in groups])) > 2


def test_dictionaries_end_as_good_as_a_generic_optimiser_makes_them():
    x, code = 4 * draw(20, 3), draw(20, 4)
    atoms = np.zeros((4, 3), np.float32)
    for _ in range(300):
        atoms = better_atoms(atoms, x, code)
    room = {"type": "ineq", "fun": lambda d: 1 - np.linalg.norm(d.reshape(4, 3), axis=1)}
    best = minimize(
        lambda d: misfit(x, d.reshape(4, 3), code), np.full(12, 0.1), constraints=[room]
    )
    assert misfit(x, atoms, code) == pytest.approx(best.fun, rel=1e-3)
    assert np.linalg.norm(atoms, axis=1).max() <= 1 + 1e-5


def test_a_word_that_nothing_uses_stays():
    x, atoms, code = draw(6, 3), words(4, 3), draw(6, 4)
    code[:, 2] = 0
    better = better_atoms(atoms, x, code)
    assert (better[2] == atoms[2]).all()
    assert not np.allclose(better[1], atoms[1])


def test_maps_of_codes_are_ridge_regression():
    a, b = draw(30, 5), draw(30, 4)
    expected = Ridge(2.0, fit_intercept=False).fit(a, b).coef_.T
    np.testing.assert_allclose(mapped(a, b, 2.0), expected, atol=1e-4)


def test_words_that_were_planted_are_found():
    """Rows are made of two of twelve words each: the dictionary comes to hold those."""
    true = words(12, 16)
    made = np.zeros((600, 12), np.float32)
    for row in made:
        row[RNG.permutation(12)[:2]] = 1 + RNG.random(2)
    x = (made @ true).astype(np.float32)
    atoms = x[first_words(600, 12, [np.arange(600)], RNG)]
    atoms /= np.linalg.norm(atoms, axis=1, keepdims=True)
    code = np.zeros((600, 12), np.float32)
    for _ in range(60):
        code = coded(x, atoms, code, 0.15, 20)
        atoms = better_atoms(atoms, x, code)
    closest = np.abs(true @ atoms.T).max(axis=1)
    assert np.mean(closest > 0.97) > 0.7
    assert np.abs(true @ words(12, 16).T).max(axis=1).mean() < 0.7


def test_first_words_come_from_every_group_and_none_twice():
    groups = [np.arange(3), np.arange(3, 40)]
    chosen = first_words(40, 10, groups, np.random.default_rng(0))
    assert len(set(chosen)) == 10
    assert set(groups[0]) <= set(chosen)
    assert len(first_words(40, 99, groups, np.random.default_rng(0))) == 40


def test_evened_rows_have_length_one_and_their_layers_make_them():
    view = 5 + 3 * draw(30, 4)
    x, layers = evened(view)
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(run(layers, view), x)
    assert np.abs(x.mean(axis=0)).max() < 0.15


@pytest.mark.parametrize("made", [SCDL(), SliM2()], ids=["scdl", "slim2"])
def test_the_objective_falls_round_by_round(made: SCDL | SliM2):
    train, curve = planted(), []
    made.fit(train.views, train.labels, tell=lambda *told: curve.append(told))
    costs = np.array([cost for _, _, cost in curve])
    assert [done for done, _, _ in curve] == list(range(1, made.rounds + 1))
    assert costs[-1] < 0.995 * costs[0]
    assert np.all(np.diff(costs) < 0.002 * costs[0])


def test_each_direction_has_its_map_over_the_same_dictionaries():
    train = planted()
    space = SliM2().fit(train.views, train.labels)
    for modality in (IMAGE, TEXT):
        asks, kept = (space.heads[modality, role].layers for role in ("query", "gallery"))
        (word,) = (layer for layer in kept if isinstance(layer, SparseCode))
        assert word.atoms.tolist() == asks[len(kept) - 1].atoms.tolist()
        assert isinstance(asks[-1], Linear) and len(asks) == len(kept) + 1


def test_several_labels_a_thing_make_a_class_of_each_set():
    train = planted()
    several = np.eye(4, dtype=bool)[train.labels]
    one = SliM2().fit(train.views, train.labels).embed(IMAGE, train.views[IMAGE])
    other = SliM2().fit(train.views, several).embed(IMAGE, train.views[IMAGE])
    assert one.shape == other.shape
    assert abs(float((one @ one.T).mean()) - float((other @ other.T).mean())) < 0.05
