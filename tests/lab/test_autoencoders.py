from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.lab.planted import IMAGE, TEXT, planted
from tests.lab.rings import rings
from xmr_core.lab import method
from xmr_core.lab.training import Schedule
from xmr_core.lab.unsupervised.canonical import canonical, crossed
from xmr_core.lab.unsupervised.coding import Coder
from xmr_core.lab.unsupervised.corr_ae import CorrAE
from xmr_core.lab.unsupervised.correlating import correlation
from xmr_core.lab.unsupervised.dcca import DCCA
from xmr_core.lab.unsupervised.dccae import DCCAE
from xmr_core.lab.unsupervised.msae import MSAE

ALONE = Schedule(epochs=10)
BRISK = Schedule(epochs=100, rate=1e-2)
DEEP = ["dcca", "dccae", "corr-ae", "msae"]


@pytest.mark.parametrize("name", DEEP)
def test_the_objective_told_falls(name: str):
    told: list[tuple[int, int, float]] = []
    method(name).fit(planted().views, seed=1, tell=lambda *now: told.append(now))
    done, of, losses = zip(*told, strict=True)
    assert done == tuple(range(1, of[0] + 1))
    assert np.mean(losses[-5:]) < min(losses[:5])


@pytest.mark.parametrize("name", DEEP)
def test_what_the_objective_is_told_to_may_end_the_fitting(name: str):
    class Cancelled(Exception):
        pass

    def stop(done: int, of: int, loss: float) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        method(name).fit(planted().views, tell=stop)


def test_the_deep_objective_is_the_sum_of_canonical_correlations():
    views = planted(400).views
    f, g = (torch.from_numpy(views[m][:, :8].astype(np.float64)) for m in (IMAGE, TEXT))
    *_, values = canonical(*crossed(f.numpy(), g.numpy()), 8, 0.0)
    assert float(correlation(f, g, 0.0)) == pytest.approx(values.sum(), rel=1e-9)


def test_the_gradient_of_the_deep_objective_is_that_of_finite_differences():
    dice = torch.Generator().manual_seed(0)
    f, g = (
        torch.randn(12, 3, generator=dice, dtype=torch.float64, requires_grad=True) for _ in "fg"
    )
    assert torch.autograd.gradcheck(lambda a, b: correlation(a, b, 0.1), (f, g))


def test_a_head_in_numpy_gives_what_the_encoder_gave():
    view = planted().views[IMAGE]
    coder = Coder.over(view, (20, 4), seed=2, squash=True)
    rows = torch.arange(30)
    np.testing.assert_allclose(
        coder.head().raw(view[:30]), coder.codes(rows).detach().numpy(), atol=1e-5
    )
    np.testing.assert_allclose(coder.centred_head(view).raw(view).mean(axis=0), 0, atol=1e-5)


def test_deep_cca_finds_what_is_no_straight_line():
    train, fresh = rings(1000, 0), rings(200, 1)
    longer = Schedule(epochs=200, batch=1000, rate=1e-2)
    space = DCCA(hidden=64, schedule=longer).fit(train, seed=1)
    scores = space.embed(IMAGE, fresh[IMAGE]) @ space.embed(TEXT, fresh[TEXT]).T
    assert np.median((scores > np.diag(scores)[:, None]).mean(axis=1)) < 0.3


def test_outputs_that_rebuild_the_views_hold_more_of_them():
    """What each view has for itself is loud here, and says nothing of the other."""
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(300, 5))
    views = {}
    for modality in (IMAGE, TEXT):
        own = 3 * rng.normal(size=(300, 5)) @ rng.normal(size=(5, 20))
        views[modality] = (hidden @ rng.normal(size=(5, 20)) + own).astype(np.float32)

    def explained(rebuild: float) -> float:
        space = DCCAE(hidden=32, rebuild=rebuild, schedule=BRISK).fit(views, seed=1)
        codes = space.head(IMAGE).raw(views[IMAGE])
        inputs = np.column_stack([codes, np.ones(len(codes))])
        left = np.linalg.lstsq(inputs, views[IMAGE])[1]
        return 1 - left.sum() / (views[IMAGE].var(axis=0).sum() * len(codes))

    assert explained(20.0) > explained(0.0) + 0.1


def test_the_more_agreement_counts_the_closer_the_codes_of_a_pair():
    views = planted().views

    def agreement(alpha: float) -> float:
        space = CorrAE(dim=16, hidden=32, alpha=alpha, cross=0.0, schedule=BRISK).fit(views, seed=1)
        rows = [space.embed(m, views[m]) for m in (IMAGE, TEXT)]
        return float((rows[0] * rows[1]).sum(axis=1).mean())

    assert agreement(0.9) > agreement(0.01) + 0.1


def test_rebuilding_across_media_ties_codes_that_nothing_else_ties():
    fresh = planted(120, draw=1)

    def rank(cross: float) -> float:
        space = CorrAE(dim=16, hidden=32, alpha=0.0, cross=cross, schedule=BRISK).fit(
            planted().views, seed=1
        )
        scores = space.embed(IMAGE, fresh.views[IMAGE]) @ space.embed(TEXT, fresh.views[TEXT]).T
        return float(np.median((scores > np.diag(scores)[:, None]).mean(axis=1)))

    assert rank(0.0) > 0.15
    assert rank(0.5) < 0.1


def test_a_stack_is_learned_layer_by_layer_each_from_what_the_one_below_gives():
    view = planted().views[IMAGE]
    coder = Coder.over(view, (30, 6), seed=0, squash=True)
    before = float(coder.error(torch.arange(240), coder.codes(torch.arange(240))).detach())
    curves = MSAE(alone=BRISK).stacked(coder, seed=0)
    assert len(curves) == 2
    assert all(curve[-1] < 0.7 * curve[0] for curve in curves)
    after = float(coder.error(torch.arange(240), coder.codes(torch.arange(240))).detach())
    assert after < 0.8 * before


def test_stacks_learned_alone_are_a_better_start_for_both_together():
    def first(alone: int) -> float:
        told: list[float] = []
        start = MSAE(dim=16, hidden=32, alone=Schedule(epochs=alone))
        short = replace(start, together=Schedule(epochs=1, rate=1e-6))
        short.fit(planted().views, seed=1, tell=lambda done, of, loss: told.append(loss))
        return told[0]

    assert first(100) < first(0)


def test_the_medium_with_the_larger_weight_keeps_more_of_its_own():
    """The two media change places when their weights do."""
    views = planted(noise=1.0).views

    def kept(text: float, other: float) -> float:
        """How well text is told from its code, less how well pictures are."""
        space = MSAE(dim=4, hidden=32, text=text, other=other, alone=ALONE, together=BRISK).fit(
            views, seed=1
        )
        shares = []
        for modality in (TEXT, IMAGE):
            codes = space.head(modality).raw(views[modality])
            left = np.linalg.lstsq(codes, views[modality] - views[modality].mean(axis=0))[1]
            shares.append(1 - left.sum() / (views[modality].var(axis=0).sum() * len(codes)))
        return shares[0] - shares[1]

    assert kept(10.0, 0.01) > kept(0.01, 10.0) + 0.02
