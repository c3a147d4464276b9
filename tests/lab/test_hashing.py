"""Hashing: each method's own step against brute force, and what codes are to keep."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse

from tests.lab.planted import IMAGE, TEXT, planted
from xmr_core.heads import Head
from xmr_core.heads.stacks import run
from xmr_core.lab import method
from xmr_core.lab.hashing.cmssh import thresholds
from xmr_core.lab.hashing.cvh import projections
from xmr_core.lab.hashing.dcmh import DCMH
from xmr_core.lab.hashing.itq import ITQ, itq
from xmr_core.lab.hashing.lsh import LSH
from xmr_core.lab.hashing.shared import correlated, neighbours, widened
from xmr_core.lab.hashing.sm2h import SM2H, hypergraph
from xmr_core.media import Floats

HASHING = ["lsh", "cvh", "cmssh", "cca-itq", "sm2h", "dcmh"]
RNG = np.random.default_rng(0)


def two_views(n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Centred views (n, 6) and (n, 5) that have two directions in common."""
    shared = RNG.normal(size=(n, 2))
    views = [shared @ RNG.normal(size=(2, m)) + RNG.normal(size=(n, m)) for m in (6, 5)]
    return tuple(view - view.mean(axis=0) for view in views)  # type: ignore[return-value]


def apart(a: Floats, b: Floats) -> np.ndarray:
    """The share of bits that differ, of each row of a to each of b."""
    return (1 - a @ b.T) / 2


@pytest.mark.parametrize("name", HASHING)
@pytest.mark.parametrize("bits", [8, 48])
def test_codes_have_as_many_bits_as_asked_for_whatever_the_features(name: str, bits: int):
    """Texts of 5 features give 48 bits, too."""
    train = planted()
    views = {IMAGE: train.views[IMAGE], TEXT: train.views[TEXT][:, :5]}
    space = replace(method(name), bits=bits).fit(views, train.labels)  # type: ignore[type-var]
    assert space.dim == bits
    codes = space.embed(TEXT, views[TEXT])
    assert len(np.unique(codes, axis=0)) > bits


@pytest.mark.parametrize("name", HASHING)
def test_pairs_never_seen_differ_in_fewer_bits_than_strangers(name: str):
    train, fresh = planted(), planted(120, draw=1)
    space = method(name).fit(train.views, train.labels)
    differ = apart(*(space.embed(m, fresh.views[m]) for m in (IMAGE, TEXT)))
    strangers = differ[fresh.labels[:, None] != fresh.labels].mean()
    assert np.diag(differ).mean() < strangers - 0.1


def test_views_with_room_enough_stay_linear_and_narrow_ones_get_a_kernel():
    view = RNG.normal(size=(90, 6)).astype(np.float32) + 3
    for count, wide in ((6, 6), (7, 28), (40, 90)):
        made, layers = widened(view, count, np.random.default_rng(0))
        assert made.shape == (90, wide)
        np.testing.assert_allclose(run(tuple(layers), view), made, atol=1e-5)
        np.testing.assert_allclose(made.mean(axis=0), 0, atol=1e-6)


def test_correlations_are_the_cosines_between_the_subspaces_of_the_views():
    x, y = two_views()
    v, w, rho = correlated(x, y, 5, 0.0)
    expected = np.linalg.svd(np.linalg.qr(x)[0].T @ np.linalg.qr(y)[0])[1]
    np.testing.assert_allclose(rho, expected, atol=1e-8)
    np.testing.assert_allclose((x @ v).T @ (x @ v) / len(x), np.eye(5), atol=1e-8)
    np.testing.assert_allclose((x @ v).T @ (y @ w) / len(x), np.diag(rho), atol=1e-8)


def test_neighbours_are_those_of_brute_force():
    rows = RNG.normal(size=(60, 5))
    rows[7] = rows[8] = rows[9]
    far = ((rows[:, None] - rows) ** 2).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    found = neighbours(rows, 3)
    expected = np.sort(far, axis=1)[:, :3]
    np.testing.assert_allclose(np.take_along_axis(far, found, axis=1), expected, atol=1e-4)
    assert (neighbours(rows, 3, 10) == found[:10]).all()
    assert not (found == np.arange(60)[:, None]).any()


def test_as_many_random_bits_differ_as_the_angle_is_wide():
    train = planted()
    made = LSH(bits=4096)
    rho = []
    codes = [made.fit(train.views, seed=2).embed(m, train.views[m][:40]) for m in (IMAGE, TEXT)]
    rng = np.random.default_rng(2)
    wide = [widened(train.views[m], 1, rng)[0] for m in (IMAGE, TEXT)]
    *weights, rho = correlated(*wide, made.dim, made.ridge)
    rows = [(v @ w * rho)[:40] for v, w in zip(wide, weights, strict=True)]
    rows = [r / np.linalg.norm(r, axis=1, keepdims=True) for r in rows]
    angle = np.arccos(np.clip(rows[0] @ rows[1].T, -1, 1)) / np.pi
    assert np.abs(apart(*codes) - angle).max() < 0.05


def test_a_cube_that_was_turned_is_turned_back():
    corners = RNG.choice([-1.0, 1.0], size=(300, 6))
    turn = np.linalg.qr(RNG.normal(size=(6, 6)))[0]
    ends = []
    for seed in range(12):  # some starts end beside the best
        costs: list[float] = []
        rng = np.random.default_rng(seed)
        rotation = itq(corners @ turn, 60, rng, lambda done, of, cost, c=costs: c.append(cost))
        np.testing.assert_allclose(rotation @ rotation.T, np.eye(6), atol=1e-8)
        assert np.all(np.diff(costs) < 1e-9)
        ends.append(costs[-1])
    assert min(ends) < 1e-9


def test_iterative_quantization_loses_less_than_no_turning():
    train = planted(600)
    found = []
    for rounds in (1, 50):
        curve: list[float] = []
        ITQ(bits=16, rounds=rounds).fit(train.views, tell=lambda *told, c=curve: c.append(told[2]))
        found.append(curve[-1])
    assert found[1] < 0.9 * found[0]


def test_cross_view_hashing_of_pairs_alone_is_cca():
    x, y = two_views()
    v, w = projections(x, y, scipy.sparse.identity(len(x), format="csr"), 2, 0.0)
    one, other, _ = correlated(x, y, 2, 0.0)
    for a, b in ((v, one), (w, other)):
        cosines = np.abs((a * b).sum(axis=0)) / np.linalg.norm(a, axis=0)
        np.testing.assert_allclose(cosines / np.linalg.norm(b, axis=0), 1, atol=1e-6)


def test_no_other_directions_serve_the_objective_of_cross_view_hashing_better():
    x, y = two_views(60)
    graph = scipy.sparse.random(60, 60, 0.1, random_state=0)
    alike = scipy.sparse.identity(60, format="csr") + graph + graph.T
    dense = alike.toarray()

    def cost(a: np.ndarray, b: np.ndarray) -> float:
        placed = (x @ a, y @ b)
        return sum(
            float((dense * ((p[:, None] - q) ** 2).sum(axis=2)).sum())
            for p in placed
            for q in placed
        )

    def held(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        root = np.linalg.cholesky((a.T @ x.T @ x @ a + b.T @ y.T @ y @ b) / len(x))
        return a @ np.linalg.inv(root).T, b @ np.linalg.inv(root).T

    best = projections(x, y, alike, 2, 0.0)
    np.testing.assert_allclose(held(*best)[0], best[0], atol=1e-6)
    for size in (0.01, 0.3, 3):
        for _ in range(20):
            moved = [w + size * np.abs(w).mean() * RNG.normal(size=w.shape) for w in best]
            assert cost(*held(*moved)) >= cost(*best) - 1e-6


def test_cuts_of_a_boosted_bit_are_the_best_of_all_that_are_tried():
    u, v = RNG.normal(size=(2, 12))
    rows, others = RNG.integers(0, 12, size=(2, 80))
    weight = RNG.normal(size=80)
    a, b, total = thresholds(u, v, rows, others, weight)

    def score(p: float, q: float) -> float:
        return float((weight * np.where((u >= p)[rows] == (v >= q)[others], 1, -1)).sum())

    assert total == pytest.approx(score(a, b))
    shares = np.linspace(0, 1, 35)[1:-1]
    best = max(score(p, q) for p in np.quantile(u, shares) for q in np.quantile(v, shares))
    assert total == pytest.approx(best)


def test_boosted_bits_go_on_telling_pairs_apart():
    train, curve = planted(), []
    method("cmssh").fit(train.views, tell=lambda *told: curve.append(told[2]))
    assert len(curve) == 32
    assert max(curve) < 0  # every bit is right more often than wrong, by its weights


def test_heads_cut_where_the_best_cut_was_found():
    """What the first bit is worth over the pairs it was learned from, and over all strangers."""
    train, told = planted(), []
    views = {m: np.exp(view / 2) for m, view in train.views.items()}  # its means are no good cuts
    made = replace(method("cmssh"), bits=1, against=30)  # type: ignore[type-var]
    space = made.fit(views, tell=lambda *now: told.append(now[2]))
    same = space.embed(IMAGE, views[IMAGE]) @ space.embed(TEXT, views[TEXT]).T
    strangers = same[~np.eye(len(same), dtype=bool)]
    worth = (np.diag(same).mean() - strangers.mean()) / 2
    assert worth == pytest.approx(-told[0], abs=0.01)


def test_the_hypergraph_pulls_as_its_definition_says():
    """½ Σₑ 1/δ(e) Σᵢⱼ∈ₑ ‖fᵢ/√dᵢ − fⱼ/√dⱼ‖² is tr Fᵀ(I − S Sᵀ)F (Zhou et al., NIPS 2006)."""
    members = [RNG.permuted(np.tile(np.arange(9), (5, 1)), axis=1)[:, :4], np.array([[0, 8]])]
    members.append(np.arange(9).reshape(3, 3))  # nothing is without an edge
    f = RNG.normal(size=(9, 3))
    edges = [edge for held in members for edge in held]
    degree = np.array([sum(i in edge for edge in edges) for i in range(9)])
    placed = f / np.sqrt(degree)[:, None]
    expected = sum(
        0.5 / len(edge) * ((placed[edge][:, None] - placed[edge]) ** 2).sum() for edge in edges
    )
    s = hypergraph(members, 9).toarray()
    assert np.trace(f.T @ (np.eye(9) - s @ s.T) @ f) == pytest.approx(expected, rel=1e-5)


def test_the_objective_of_sparse_hashing_falls_round_by_round():
    train, costs = planted(), []
    SM2H().fit(train.views, tell=lambda *told: costs.append(told[2]))
    assert costs[-1] < 0.99 * costs[0]
    assert np.all(np.diff(costs) < 0.002 * costs[0])


def test_the_hypergraph_brings_the_codes_of_pairs_together():
    train, fresh = planted(), planted(120, draw=1)
    margins = []
    for graph in (0.0, 30.0):
        space = SM2H(graph=graph).fit(train.views)
        differ = apart(*(space.embed(m, fresh.views[m]) for m in (IMAGE, TEXT)))
        margins.append((differ.mean() - np.diag(differ).mean()) / differ.mean())
    assert margins[1] > 1.1 * margins[0]


def test_no_word_is_set_for_more_things_than_allowed():
    train = planted()
    space = SM2H(active=0.1).fit(train.views)
    for modality in (IMAGE, TEXT):
        assert (space.embed(modality, train.views[modality]) > 0).mean(axis=0).max() < 0.12


def test_deep_codes_are_even_where_evenness_counts():
    train = planted()
    tilts = []
    for balance in (0.0, 100.0):
        space = DCMH(balance=balance).fit(train.views, train.labels)
        codes = np.sign(space.embed(IMAGE, train.views[IMAGE]))
        tilts.append(np.abs(codes.mean(axis=0)).mean())
    assert tilts[1] < tilts[0]


def test_deep_codes_come_from_outputs_near_to_them():
    """γ draws outputs to −1 and 1."""
    train = planted()
    spread = []
    for quantise in (0.0, 10.0):
        space = DCMH(quantise=quantise).fit(train.views, train.labels)
        head = space.head(IMAGE)
        assert isinstance(head, Head)
        out = run(head.layers[:-1], train.views[IMAGE])
        spread.append(float(((np.abs(out) - 1) ** 2).mean()))
    assert spread[1] < 0.6 * spread[0]


def test_deep_codes_are_learned_from_some_things_at_a_time_where_they_are_many(
    monkeypatch: pytest.MonkeyPatch,
):
    from xmr_core.lab.hashing import dcmh

    monkeypatch.setattr(dcmh, "_AGAINST", 60)
    train, fresh = planted(), planted(120, draw=1)
    spaces = [DCMH().fit(train.views, train.labels, seed=4) for _ in range(2)]
    a, b = (spaces[0].embed(m, fresh.views[m]) for m in (IMAGE, TEXT))
    np.testing.assert_array_equal(a, spaces[1].embed(IMAGE, fresh.views[IMAGE]))
    same = fresh.labels[:, None] == fresh.labels
    differ = apart(a, b)
    assert differ[same].mean() < differ[~same].mean() - 0.15
