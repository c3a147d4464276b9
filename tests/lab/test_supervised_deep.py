"""Methods that learn by descent: their losses against loops, and what each part of them does."""

import dataclasses

import numpy as np
import pytest
import torch

from tests.lab.planted import IMAGE, TEXT, planted
from xmr_core.lab.supervised.acmr import ACMR, triplet, turned
from xmr_core.lab.supervised.dscmr import DSCMR, objective
from xmr_core.lab.supervised.masked import masked_rows
from xmr_core.lab.training import Net


def unit_rows(seed: int, n: int = 7, d: int = 4):
    made = torch.from_numpy(np.random.default_rng(seed).normal(size=(n, d)))
    return torch.nn.functional.normalize(made, dim=1)


def test_loss_of_dscmr_is_its_formula():
    u, v = unit_rows(0), unit_rows(1)
    said_u, said_v = unit_rows(2, d=3), unit_rows(3, d=3)
    y = torch.eye(3, dtype=torch.float64)[torch.tensor([0, 1, 2, 0, 1, 2, 0])]
    y[3, 1] = 1
    labels = sum((said_u[i] - y[i]).norm() + (said_v[i] - y[i]).norm() for i in range(7)) / 7
    joint = 0.0
    for a, b in ((u, v), (u, u), (v, v)):
        for i in range(7):
            for j in range(7):
                half = float(a[i] @ b[j]) / 2
                same = float(y[i] @ y[j] > 0)
                joint += (np.log(1 + np.exp(half)) - same * half) / 49
    pairs = sum((u[i] - v[i]).norm() for i in range(7)) / 7
    expected = float(labels) + 0.3 * joint + 0.2 * float(pairs)
    assert float(objective(u, v, said_u, said_v, y, 0.3, 0.2)) == pytest.approx(expected)


def test_triplets_of_acmr_take_the_nearest_of_other_classes():
    u, v = unit_rows(0), unit_rows(1)
    kinds = [0, 1, 2, 0, 1, 2, 0]
    same = torch.tensor([[a == b for b in kinds] for a in kinds])
    total = 0.0
    for i in range(7):
        others = [float((u[i] - v[j]).norm()) for j in range(7) if kinds[j] != kinds[i]]
        total += float((u[i] - v[i]).norm()) + max(0.0, 1.2 - min(others))
    assert float(triplet(u, v, same, 1.2)) == pytest.approx(total / 7, abs=1e-4)


def test_without_a_thing_of_another_class_triplets_ask_for_pairs_alone():
    u = unit_rows(0)
    same = torch.ones(7, 7, dtype=torch.bool)
    assert float(triplet(u, u, same, 1.0)) == pytest.approx(0, abs=2e-3)


def test_a_turned_gradient_leaves_values_as_they_are():
    x = torch.tensor([2.0, -1.0], requires_grad=True)
    made = turned(x, 0.5)
    assert made.tolist() == [2.0, -1.0]
    made.sum().backward()
    assert x.grad.tolist() == [-0.5, -0.5]


def test_features_are_left_out_without_touching_the_generator_of_torch():
    net = Net.over(planted().views[IMAGE], 4, seed=0)
    state = torch.random.get_rng_state()
    first, again = (masked_rows([net], 0.5, seed=1)(torch.arange(5))[0] for _ in range(2))
    assert torch.equal(first, again)
    assert torch.equal(state, torch.random.get_rng_state())
    whole = masked_rows([net], 0.0, seed=1)(torch.arange(5))[0]
    torch.testing.assert_close(whole, net.rows(torch.arange(5)))
    assert not torch.allclose(first, whole)


@pytest.mark.parametrize("made", [DSCMR(), ACMR()])
def test_what_is_told_goes_down(made):
    told: list[tuple[int, int, float]] = []
    train = planted()
    made.fit(train.views, train.labels, tell=lambda *now: told.append(now))
    assert told[-1][0] == told[-1][1] == len(told)
    assert told[-1][2] < told[0][2]


def test_both_networks_of_dscmr_end_in_the_same_layer():
    train = planted()
    space = DSCMR().fit(train.views, train.labels)
    last = [space.heads[m, "gallery"].layers[-1].weight for m in (IMAGE, TEXT)]
    np.testing.assert_array_equal(*last)


def test_the_adversary_of_acmr_leaves_media_together():
    """The middles of both media on unseen pairs, as unit rows: a gap of 2 is the largest."""
    train, fresh = planted(), planted(400, draw=1)
    space = ACMR().fit(train.views, train.labels)
    middles = [space.embed(m, fresh.views[m]).mean(axis=0) for m in (IMAGE, TEXT)]
    assert np.linalg.norm(middles[0] - middles[1]) < 0.15


def test_a_seed_decides_the_weights():
    train = planted()
    short = dataclasses.replace(DSCMR().schedule, epochs=1)
    one, other = (DSCMR(schedule=short).fit(train.views, train.labels, seed=s) for s in (1, 2))
    assert one.fingerprint != other.fingerprint
