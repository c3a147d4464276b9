import numpy as np
import pytest

from tests.lab.planted import IMAGE, TEXT, planted
from tests.lab.rings import rings
from xmr_core.heads import Kernel
from xmr_core.lab.unsupervised.blm import BLM
from xmr_core.lab.unsupervised.canonical import (
    canonical,
    chance,
    crossed,
    held_out,
    log_rank,
    things,
)
from xmr_core.lab.unsupervised.cca import CCA
from xmr_core.lab.unsupervised.kcca import KCCA
from xmr_core.lab.unsupervised.pls import PLS
from xmr_core.lab.unsupervised.rcca import RCCA
from xmr_core.lab.unsupervised.standard import standardiser


def two(n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    views = planted(n).views
    return views[IMAGE], views[TEXT]


def alike(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Absolute cosine of each column of a (n, d) with the same column of b, both centred."""
    a, b = (rows - rows.mean(axis=0) for rows in (a, b))
    return np.abs((a * b).sum(axis=0)) / np.linalg.norm(a, axis=0) / np.linalg.norm(b, axis=0)


@pytest.mark.parametrize("ridge", [1e-6, 0.1, 0.7])
def test_canonical_directions_are_those_of_cca_zoo(ridge: float):
    from cca_zoo.linear import RidgeCCA

    x, y = two()
    one, other, cross = crossed(x, y)
    left, right, _ = canonical(one, other, cross, 5, ridge)
    scaled = [(v - s.mean) / s.size for v, s in ((x, one), (y, other))]
    ours = (scaled[0] @ left, scaled[1] @ right)
    theirs = RidgeCCA(n_components=5, shrinkage=ridge).fit(scaled).transform(scaled)
    for a, b in zip(ours, theirs, strict=True):
        assert alike(a, np.asarray(b)).min() > 0.999


def test_canonical_directions_come_in_pairs_that_correlate_as_said():
    x, y = two()
    left, right, values = canonical(*crossed(x, y), 16, 0.0)
    found = np.corrcoef((x @ left).T, (y @ right).T)[:16, 16:]
    np.testing.assert_allclose(found, np.diag(values), atol=1e-5)


def test_a_direction_without_variance_is_left_out():
    """Shares of topics make 1 together: ten of them vary in nine directions."""
    x, y = two()
    shares = np.exp(y / 5) / np.exp(y / 5).sum(axis=1, keepdims=True)
    _, other, cross = crossed(x, shares)
    assert other.vectors.shape == (16, 15)
    assert np.isfinite(cross).all()


def test_views_of_noise_correlate_as_chance_says_and_no_more():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(1500, 90)), rng.normal(size=(1500, 30))
    *_, values = canonical(*crossed(x, y), 30, 0.0)
    assert values[0] == pytest.approx(chance(1500, 90, 30), rel=0.05)


def test_plain_cca_keeps_as_many_directions_as_things_truly_vary_in():
    assert CCA().fit(planted(600).views).dim == 5


def test_a_scale_of_the_features_changes_no_space():
    views = planted().views
    large = {IMAGE: 1000 * views[IMAGE] + 7, TEXT: 0.001 * views[TEXT]}
    for method in (CCA(ridge=0.1), RCCA(), KCCA(), PLS(), BLM()):
        one, other = method.fit(views, seed=1), method.fit(large, seed=1)
        scores = [
            space.embed(IMAGE, given[IMAGE]) @ space.embed(TEXT, given[TEXT]).T
            for space, given in ((one, views), (other, large))
        ]
        np.testing.assert_allclose(scores[0], scores[1], atol=0.01)


def test_the_ridge_chosen_ranks_pairs_held_out_best():
    x, y = two(120)
    method = RCCA(dim=16)
    told: list[float] = []
    ridge = method.chosen(x, y, seed=3, tell=lambda done, of, loss: told.append(loss))
    out = held_out(x, y, 0.2, 3)
    losses = []
    for r in method.ridges:
        left, right, _ = canonical(*crossed(x[~out], y[~out]), 16, r)
        a, b = (v[out] - v[~out].mean(axis=0) for v in (x, y))
        losses.append(log_rank(a @ left, b @ right))
    np.testing.assert_allclose(told, losses, rtol=1e-6)
    assert ridge == method.ridges[int(np.argmin(losses))]


def test_the_louder_what_is_not_shared_the_smaller_the_ridge():
    """Directions of great variance that say nothing must be whitened away; a ridge keeps them."""
    rng = np.random.default_rng(0)

    def pairs(loud: float, n: int = 1000, m: int = 40) -> tuple[np.ndarray, np.ndarray]:
        hidden = rng.normal(size=(n, 5))
        views = []
        for _ in range(2):
            own = loud * rng.normal(size=(n, 10)) @ rng.normal(size=(10, m))
            view = hidden @ rng.normal(size=(5, m)) + own + 2 * rng.normal(size=(n, m))
            views.append(view.astype(np.float32))
        return views[0], views[1]

    quiet, loud = (RCCA().chosen(*pairs(size), seed=0) for size in (2, 10))
    assert quiet >= 5 * loud


def test_captions_of_one_picture_are_held_out_together():
    x = np.repeat(np.arange(40, dtype=np.float32)[:, None], 5, axis=0)
    y = np.arange(200, dtype=np.float32)[:, None]
    out = held_out(x, y, 0.25, 0)
    assert out.sum() == 50
    assert all(len(set(out[things(x) == thing])) == 1 for thing in range(40))


def test_kernel_cca_with_all_landmarks_is_that_of_cca_zoo():
    from cca_zoo import nonparametric

    train, fresh = planted(150), planted(60, draw=1)
    space = KCCA(dim=4, ridge=0.1).fit(train.views)
    given, asked, gammas = [], [], []
    for modality in (IMAGE, TEXT):
        standard, kernel, _ = space.head(modality).layers
        assert isinstance(kernel, Kernel)
        given.append(standard(train.views[modality]).astype(np.float64))
        asked.append(standard(fresh.views[modality]).astype(np.float64))
        gammas.append(kernel.gamma)
    model = nonparametric.KCCA(4, shrinkage=0.1, kernel="rbf", gamma=gammas).fit(given)
    for modality, theirs in zip((IMAGE, TEXT), model.transform(asked), strict=True):
        ours = space.head(modality).raw(fresh.views[modality])
        assert alike(ours, np.asarray(theirs)).min() > 0.99


def test_kernels_find_what_is_no_straight_line():
    train, fresh = rings(1000, 0), rings(200, 1)
    for method, floor, ceiling in ((CCA(), 0.4, 0.6), (KCCA(dim=3, width=0.5), 0.0, 0.15)):
        space = method.fit(train)
        scores = space.embed(IMAGE, fresh[IMAGE]) @ space.embed(TEXT, fresh[TEXT]).T
        middle = np.median((scores > np.diag(scores)[:, None]).mean(axis=1))
        assert floor <= middle <= ceiling, method


def test_partial_least_squares_is_canonical_correlation_under_full_ridge():
    x, y = two()
    space = PLS(dim=5).fit({IMAGE: x, TEXT: y})
    left, right, _ = canonical(*crossed(standardiser(x)(x), standardiser(y)(y)), 5, 1.0)
    assert alike(space.head(IMAGE).raw(x), standardiser(x)(x) @ left).min() > 0.999
    assert alike(space.head(TEXT).raw(y), standardiser(y)(y) @ right).min() > 0.999


def test_no_other_directions_covary_more_than_those_of_partial_least_squares():
    x, y = two()
    space = PLS(dim=3).fit({IMAGE: x, TEXT: y})
    a, b = space.head(IMAGE).raw(x), space.head(TEXT).raw(y)
    best = np.trace(a.T @ b)
    rng = np.random.default_rng(0)
    for _ in range(50):
        u, v = (np.linalg.qr(rng.normal(size=(m, 3)))[0] for m in (24, 16))
        assert np.trace((standardiser(x)(x) @ u).T @ (standardiser(y)(y) @ v)) < best


def test_styles_explain_the_views_as_well_as_alternating_least_squares():
    from xmr_core.lab.unsupervised.blm import _styles

    x, y = two(200)
    whole = np.concatenate([standardiser(v, total=1.0)(v) for v in (x, y)], axis=1)
    styles = _styles(whole, 4)
    contents = np.linalg.lstsq(styles, whole.T, rcond=None)[0]
    ours = ((whole.T - styles @ contents) ** 2).sum()
    made = np.random.default_rng(0).normal(size=(40, 4))
    for _ in range(200):
        inferred = np.linalg.lstsq(made, whole.T, rcond=None)[0]
        made = np.linalg.lstsq(inferred.T, whole, rcond=None)[0].T
    assert ours == pytest.approx(((whole.T - made @ inferred) ** 2).sum(), rel=1e-4)


def test_the_content_of_a_thing_is_the_same_in_either_medium():
    train, fresh = planted(noise=0.05), planted(50, noise=0.05, draw=1)
    space = BLM(dim=5).fit(train.views)
    found = [space.embed(m, fresh.views[m]) for m in (IMAGE, TEXT)]
    assert (found[0] * found[1]).sum(axis=1).min() > 0.95
