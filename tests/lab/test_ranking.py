"""The rankers, against brute force and in limits whose answer is known."""

import itertools

import numpy as np
import pytest

from tests.lab.planted import IMAGE, TEXT, planted
from xmr_core.lab.ranking import METHODS
from xmr_core.lab.ranking.bi_cmsrm import BiCMSRM
from xmr_core.lab.ranking.cmsrm import structural
from xmr_core.lab.ranking.devise import DeViSE, rank_loss
from xmr_core.lab.ranking.listwise import most_violated
from xmr_core.lab.ranking.pamir import learned
from xmr_core.lab.ranking.relevance import Relevance
from xmr_core.lab.ranking.uni_cmsrm import UniCMSRM
from xmr_core.lab.ranking.wsabie import warp
from xmr_core.media import Modality


def every_ranking(scores: np.ndarray, p: int) -> float:
    """The largest Δ(y) + F(y) − F(y*) over all rankings y of (n,) documents, one by one."""
    n, worst = len(scores), -np.inf
    for ranking in itertools.permutations(range(n)):
        good = np.array(ranking) < p
        precision = (np.cumsum(good) / np.arange(1, n + 1))[good].mean()
        inverted = sum(
            scores[i] - scores[j]
            for i in range(p)
            for j in range(p, n)
            if ranking.index(j) < ranking.index(i)
        )
        worst = max(worst, 1 - precision - 2 * inverted / (p * (n - p)))
    return worst


@pytest.mark.parametrize(("n", "p"), [(2, 1), (4, 1), (4, 3), (5, 2), (6, 3)])
@pytest.mark.parametrize("size", [0.1, 1.0, 4.0])
def test_the_most_violated_ranking_is_the_worst_of_all(n: int, p: int, size: float):
    scores = (size * np.random.default_rng(n).normal(size=(3, n))).astype(np.float32)
    hinge, _ = most_violated(scores, p)
    np.testing.assert_allclose(hinge, [every_ranking(row, p) for row in scores], atol=1e-4)


def test_the_slope_bounds_the_hinge_from_below_everywhere():
    """A subgradient of a convex function."""
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(1, 7)).astype(np.float32)
    hinge, slope = most_violated(scores, 3)
    for _ in range(50):
        step = rng.normal(size=(1, 7)).astype(np.float32)
        assert most_violated(scores + step, 3)[0] >= hinge + (slope * step).sum() - 1e-5


def test_a_list_that_is_right_by_far_costs_nothing():
    hinge, slope = most_violated(np.array([[9, 8, -8, -9]], np.float32), 2)
    assert hinge.tolist() == [0] and not slope.any()


def test_the_structural_loss_of_a_batch_is_the_mean_of_its_lists():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(2)
    scores = rng.normal(size=(5, 5)).astype(np.float32)
    relevant = np.array([0, 0, 1, 1, 1])[:, None] == [0, 0, 1, 1, 1]
    expected = 0.0
    for row, good in zip(scores, relevant, strict=True):
        order = np.argsort(~good, kind="stable")
        expected += most_violated(row[None, order], int(good.sum()))[0][0] / 5
    leaf = torch.from_numpy(scores).requires_grad_()
    loss = structural(leaf, relevant)
    assert float(loss.detach()) == pytest.approx(expected, rel=1e-5)
    loss.backward()
    assert (leaf.grad.numpy()[relevant] <= 0).all() and (leaf.grad.numpy()[~relevant] >= 0).all()


def test_a_list_of_relevant_things_alone_has_nothing_to_learn():
    torch = pytest.importorskip("torch")
    assert float(structural(torch.randn(3, 3), np.ones((3, 3), bool))) == 0


def test_a_passive_aggressive_step_is_the_smallest_that_mends_the_hinge():
    """After one step with a large C the triplet's margin is exactly 1."""
    rng = np.random.default_rng(0)
    q, p = (rng.normal(size=(3, m)).astype(np.float32) for m in (4, 5))
    one = tuple(np.array([at]) for at in (0, 1, 2))
    weight = learned(q, p, one, aggressive=1e6)
    assert q[0] @ weight @ (p[1] - p[2]) == pytest.approx(1, rel=1e-5)
    # Nothing moved but along that one direction: any other would be longer
    assert np.linalg.matrix_rank(weight, tol=1e-5) == 1


def test_a_passive_aggressive_step_is_no_longer_than_allowed():
    q, p = np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32)
    one = tuple(np.array([at]) for at in (0, 0, 1))
    weight = learned(q, p, one, aggressive=0.25)
    assert weight.tolist() == [[0.25, -0.25], [0, 0]]


def test_triplets_are_one_relevant_thing_and_one_that_is_not():
    rng = np.random.default_rng(0)
    several = rng.random((40, 6)) < 0.25
    several[0] = False
    for labels in (rng.integers(4, size=40), several):
        relevance = Relevance(labels)
        asked, near, far = relevance.triplets(2000, rng)
        assert relevance.between(asked, near).all()
        assert not relevance.between(asked, far).any()
        assert len(np.unique(asked)) == 40 and len(np.unique(near)) == 40
        rows = np.arange(40)
        table = relevance.table(rows)
        np.testing.assert_array_equal(table[3], relevance.between(np.full(40, 3), rows))
        assert table.diagonal().all()


def test_the_rank_loss_is_its_sum_written_out():
    torch = pytest.importorskip("torch")
    scores = np.random.default_rng(0).normal(size=(4, 4)).astype(np.float32)
    same = np.eye(4, dtype=bool)
    same[0, 2] = same[2, 0] = True
    expected = sum(
        max(0.0, 0.1 - float(scores[i, i]) + float(scores[i, j])) / 4
        for i in range(4)
        for j in range(4)
        if not same[i, j]
    )
    found = rank_loss(torch.from_numpy(scores), torch.from_numpy(same), 0.1)
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_texts_stay_where_they_were_in_devise():
    train = planted()
    space = DeViSE().fit(train.views)
    words = train.views[TEXT] - train.views[TEXT].mean(axis=0)
    unit = words / np.linalg.norm(words, axis=1, keepdims=True)
    np.testing.assert_allclose(space.embed(TEXT, train.views[TEXT]), unit, atol=1e-5)
    assert space.dim == 16


def test_devise_maps_things_to_the_vectors_of_their_labels():
    """The paper's own case: texts are vectors of classes, the same for all things of one."""
    train, fresh = planted(), planted(120, draw=1)
    vectors = np.random.default_rng(0).normal(size=(4, 12)).astype(np.float32)
    space = DeViSE().fit({IMAGE: train.views[IMAGE], TEXT: vectors[train.labels]})
    found = space.embed(IMAGE, fresh.views[IMAGE]) @ space.embed(TEXT, vectors).T
    assert np.mean(found.argmax(axis=1) == fresh.labels) > 0.9


def test_warp_weighs_a_draw_by_the_rank_it_means():
    """One violator among four negatives: as rare as it is drawn late, so is its weight on average.

    It comes as draw N = 1 … 4, each as likely, for ranks 4, 2, 1 and 1: L is 25/12, 3/2, 1, 1.
    """
    torch = pytest.importorskip("torch")
    scores = torch.full((5, 5), -1.0)
    scores.fill_diagonal_(1.0)
    scores[0, 3] = 0.9
    dice = torch.Generator().manual_seed(0)
    draws = [float(warp(scores, torch.eye(5).bool(), 0.2, dice)) * 5 for _ in range(4000)]
    assert np.unique(np.round(draws, 4)).tolist() == [0.1, 0.15, pytest.approx(0.2083)]
    assert np.mean(draws) == pytest.approx(0.1 * (25 / 12 + 3 / 2 + 1 + 1) / 4, rel=0.02)


def test_warp_of_right_lists_is_nothing():
    torch = pytest.importorskip("torch")
    dice = torch.Generator().manual_seed(0)
    assert float(warp(torch.eye(4), torch.eye(4).bool(), 0.2, dice)) == 0


@pytest.mark.parametrize("name", METHODS)
def test_the_objective_falls_and_its_course_is_told(name: str):
    told: list[tuple[int, int, float]] = []
    train = planted()
    METHODS[name]().fit(train.views, train.labels, tell=lambda *at: told.append(at))
    places = [done for done, _, _ in told]
    assert places == sorted(set(places)) and places[-1] == told[-1][1]
    few = max(len(told) // 10, 1)
    last = [loss for _, _, loss in told[-few:]]
    assert np.mean(last) < 0.98 * told[0][2]


def test_directions_learned_apart_have_heads_of_their_own_and_learned_together_have_not():
    train = planted()
    for method, apart in ((UniCMSRM(), True), (BiCMSRM(), False)):
        space = method.fit(train.views, train.labels)
        for modality, view in train.views.items():
            asked, kept = (space.embed(modality, view, role) for role in ("query", "gallery"))
            assert np.allclose(asked, kept) != apart


@pytest.mark.parametrize("name", ["pamir", "uni-cmsrm", "bi-cmsrm"])
def test_rankers_learn_from_several_classes_a_thing(name: str):
    train, fresh = planted(), planted(120, draw=1)
    several = np.eye(4, dtype=bool)[train.labels]
    several = np.hstack([several, several[:, :1] | several[:, 1:2]])
    space = METHODS[name]().fit(train.views, several)
    found = space.embed(TEXT, fresh.views[TEXT], "query") @ space.embed(IMAGE, fresh.views[IMAGE]).T
    best = np.argsort(-found, axis=1)[:, :10]
    pair = fresh.labels // 2 + (fresh.labels > 1) * fresh.labels  # classes 0 and 1 are one
    assert np.mean(pair[best] == pair[:, None]) > 0.6


def test_words_may_come_first_or_not_at_all():
    train = planted()
    for views in (
        {TEXT: train.views[TEXT], IMAGE: train.views[IMAGE]},
        {IMAGE: train.views[IMAGE], Modality.AUDIO: train.views[TEXT]},
    ):
        for name in ("devise", "wsabie", "pamir"):
            space = METHODS[name]().fit(views, train.labels)
            rows = [space.embed(modality, view) for modality, view in views.items()]
            assert np.mean(np.argmax(rows[0] @ rows[1].T, axis=1) == np.arange(240)) > 0.01
