"""Methods with a closed form, against references and brute force."""

import numpy as np
import pytest
import scipy.optimize
import scipy.sparse as sp
import scipy.special

from tests.lab.planted import IMAGE, TEXT, planted
from xmr_core.lab import method
from xmr_core.lab.supervised.classes import directions, indicators
from xmr_core.lab.supervised.correlation import canonical, paired_by
from xmr_core.lab.supervised.gma import class_means, joint_directions
from xmr_core.lab.supervised.gmlda import within
from xmr_core.lab.supervised.jfssl import JFSSL, Problem
from xmr_core.lab.supervised.mdcr import MDCR, couple
from xmr_core.lab.supervised.ml_cca import MultiLabelCCA, gaussian
from xmr_core.lab.supervised.neighbours import nearest, roughness
from xmr_core.lab.supervised.posteriors import logistic
from xmr_core.lab.supervised.prepared import Prepared


def two_views(seed: int = 0, n: int = 60):
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=(n, 2))
    x = np.hstack([shared, rng.normal(size=(n, 3))]) @ rng.normal(size=(5, 5))
    y = np.hstack(
        [shared * [1, 0.7] + 0.3 * rng.normal(size=(n, 2)), rng.normal(size=(n, 2))]
    ) @ rng.normal(size=(4, 4))
    return x - x.mean(axis=0), y - y.mean(axis=0)


def several(n: int = 60, c: int = 3, seed: int = 1):
    table = np.random.default_rng(seed).random((n, c)) < 0.5
    table[0] = False
    return table


def test_canonical_directions_are_those_of_an_independent_library():
    from cca_zoo.linear import CCA

    x, y = two_views()
    u, v, correlations = canonical(x.T @ x, x.T @ y, y.T @ y, 3, 0.0)
    theirs = CCA(n_components=3, center=False).fit([x, y])
    for mine, other, view in zip((u, v), theirs.weights_, (x, y), strict=True):
        for i in range(3):
            assert abs(np.corrcoef(view @ mine[:, i], view @ other[:, i])[0, 1]) > 1 - 1e-6
            at = np.corrcoef(x @ u[:, i], y @ v[:, i])[0, 1]
            assert at == pytest.approx(correlations[i], abs=1e-6)


@pytest.mark.parametrize("alike", ["clusters", "cosine", "gaussian"])
def test_covariances_of_classes_are_sums_over_all_pairings(alike: str):
    x, y = two_views()
    table = indicators(several())
    unit = directions(several())
    squared = ((table[:, None] - table) ** 2).sum(axis=2)
    weights = {
        "clusters": table @ table.T,
        "cosine": unit @ unit.T,
        "gaussian": np.exp(-squared / squared.mean()),
    }[alike]
    weigh = {
        "clusters": lambda rows: table @ (table.T @ rows),
        "cosine": lambda rows: unit @ (unit.T @ rows),
        "gaussian": lambda rows: gaussian(table, rows),
    }[alike]
    i, j = np.divmod(np.arange(60 * 60), 60)
    w = weights.ravel()
    mean_x, mean_y = np.average(x[i], axis=0, weights=w), np.average(y[j], axis=0, weights=w)
    a, b = x[i] - mean_x, y[j] - mean_y
    cxx, cxy, cyy, means = paired_by(weigh, x, y)
    np.testing.assert_allclose(cxy, (w[:, None] * a).T @ b / w.sum(), atol=1e-10)
    np.testing.assert_allclose(cxx, (w[:, None] * a).T @ a / w.sum(), atol=1e-10)
    np.testing.assert_allclose(cyy, (w[:, None] * b).T @ b / w.sum(), atol=1e-10)
    np.testing.assert_allclose(means[0], mean_x, atol=1e-10)


def test_multi_label_cca_by_cosine_is_cluster_cca_where_each_pair_has_one_class():
    train = planted()
    one = MultiLabelCCA(alike="cosine", dim=3).fit(train.views, train.labels)
    other = method("cluster-cca").fit(train.views, train.labels)
    scores = [
        s.embed(IMAGE, train.views[IMAGE]) @ s.embed(TEXT, train.views[TEXT]).T
        for s in (one, other)
    ]
    np.testing.assert_allclose(*scores, atol=1e-4)


def test_posteriors_are_those_of_logistic_regression():
    """The head's cosines are the correlations of scikit-learn's posteriors."""
    from sklearn.linear_model import LogisticRegression

    train = planted()
    space = method("sm").fit(train.views, train.labels)
    posteriors = []
    for m in (IMAGE, TEXT):
        rows = Prepared.of(train.views[m]).rows
        model = LogisticRegression(C=0.01, max_iter=1000).fit(rows, train.labels)
        posteriors.append(model.predict_proba(rows))
    theirs = np.corrcoef(*posteriors)[:240, 240:]
    mine = space.embed(IMAGE, train.views[IMAGE]) @ space.embed(TEXT, train.views[TEXT]).T
    np.testing.assert_allclose(mine, theirs, atol=1e-3)


def test_regression_on_shares_minimises_their_cross_entropy():
    x, _ = two_views()
    table = several()
    shared = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    weight, bias = logistic(x, shared, 0.5)

    def loss(flat):
        w, b = flat[:15].reshape(5, 3), flat[15:]
        scores = x @ w + b
        said = scores - scipy.special.logsumexp(scores, axis=1, keepdims=True)
        return -(shared * said).sum() + (w**2).sum() / (2 * 0.5)

    best = scipy.optimize.minimize(loss, np.zeros(18))
    assert loss(np.concatenate([weight.ravel(), bias])) == pytest.approx(best.fun, rel=1e-4)


def test_semantic_correlation_matching_sees_the_correlated_part_alone():
    """A feature that tells classes apart in one view, unrelated to the other view, is left out."""
    rng = np.random.default_rng(0)
    labels = np.arange(300) % 2
    shared = rng.normal(size=(300, 1))
    alone = (4.0 * labels + rng.normal(size=300))[:, None]
    views = {
        IMAGE: np.hstack([shared + 0.1 * rng.normal(size=(300, 1)), alone]).astype(np.float32),
        TEXT: shared.astype(np.float32),
    }
    space = method("scm").fit(views, labels)
    weight = np.abs(space.heads[IMAGE, "gallery"].layers[1].weight).max(axis=1)
    assert weight[1] < 0.5 * weight[0] or weight.max() < 1e-2
    both = method("sm").fit(views, labels).heads[IMAGE, "gallery"].layers[1].weight
    assert np.abs(both).max(axis=1)[1] > np.abs(both).max(axis=1)[0]


def test_gmlda_of_one_view_is_linear_discriminant_analysis():
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    train = planted()
    ready = Prepared.of(train.views[IMAGE])
    table = indicators(train.labels)
    (mean,) = class_means(table, [ready])
    (w,) = joint_directions(
        [within(table, ready.rows)],
        [mean.T @ mean],
        [mean],
        couple=1.0,
        ridge=0.0,
        power=0.0,
        count=3,
    )
    theirs = LinearDiscriminantAnalysis(solver="eigen").fit(ready.rows, train.labels)
    mine, other = ready.rows @ w, theirs.transform(ready.rows)[:, :3]
    for i in range(3):
        assert abs(np.corrcoef(mine[:, i], other[:, i])[0, 1]) > 1 - 1e-5


def test_scatter_within_classes_is_summed_class_by_class():
    x, _ = two_views()
    table = several()
    total = np.zeros((5, 5))
    for k in range(3):
        own = x[table[:, k]]
        total += (own - own.mean(axis=0)).T @ (own - own.mean(axis=0))
    np.testing.assert_allclose(within(indicators(table), x), total, atol=1e-9)


@pytest.mark.parametrize("same", [True, False])
def test_neighbours_are_the_nearest_that_share_a_class_or_none(same: bool):
    x, _ = two_views(n=700)  # more than one block
    table = indicators(several(700))
    graph = nearest(x, table, 4, same=same).toarray()
    expected = np.zeros((700, 700))
    shared = table @ table.T > 0
    for i in range(1, 700):
        if not table[i].any():
            continue
        wanted = [j for j in range(700) if j != i and shared[i, j] == same and table[j].any()]
        wanted.sort(key=lambda j: np.linalg.norm(x[i] - x[j]))
        expected[i, wanted[:4]] = expected[wanted[:4], i] = 1
    np.testing.assert_array_equal(graph, expected)
    assert not graph[0].any()  # of no class


def test_roughness_is_a_sum_over_edges():
    x, _ = two_views(n=12)
    w = np.random.default_rng(0).random((12, 12)) < 0.3
    w = (w | w.T).astype(float)
    np.fill_diagonal(w, 0)
    total = sum(
        w[i, j] * np.outer(x[i] - x[j], x[i] - x[j]) / 2 for i in range(12) for j in range(12)
    )
    np.testing.assert_allclose(roughness(sp.csr_array(w), x), total, atol=1e-9)


def test_gmmfa_lets_a_class_be_in_two_places_where_gmlda_does_not():
    """Both classes have two places along one feature; a fainter one tells them apart.

    Within a place a class is small, so that its neighbours say that the feature is spread, not
    that it is noise: it keeps more weight than where all of a class should be in one place.
    """
    rng = np.random.default_rng(0)
    labels, place = np.arange(400) % 2, np.arange(400) // 2 % 2
    shares = []
    for name in ("gmlda", "gmmfa"):
        views = {}
        for m in (IMAGE, TEXT):
            far = 6.0 * place + 1.0 * labels + 0.3 * rng.normal(size=400)
            views[m] = np.stack([far, rng.normal(size=400)], axis=1).astype(np.float32)
        made = method(name)
        space = type(made)(dim=1, ridge=1e-3).fit(views, labels)
        weight = np.abs(space.heads[IMAGE, "gallery"].layers[1].weight[:, 0])
        shares.append(weight[0] / weight.sum())
    assert shares[1] > shares[0]


def test_projections_of_a_direction_are_the_least_of_its_objective():
    x, t = two_views()
    classes = indicators(several())

    def loss(flat):
        u, v = flat[:15].reshape(5, 3), flat[15:].reshape(4, 3)
        gap, said = x @ u - t @ v, x @ u - classes
        penalty = 60 * 0.2 * ((u**2).sum() + (v**2).sum())
        return 0.3 * (gap**2).sum() + 0.7 * (said**2).sum() + penalty

    u, v = couple(x, t, classes, 0.3, 0.2)
    best = scipy.optimize.minimize(loss, np.zeros(27))
    np.testing.assert_allclose(np.concatenate([u.ravel(), v.ravel()]), best.x, atol=1e-4)


def test_each_direction_has_projections_of_its_own():
    train = planted()
    space = MDCR().fit(train.views, train.labels)
    assert len(space.heads) == 4
    asked, kept = (space.embed(IMAGE, train.views[IMAGE], r) for r in ("query", "gallery"))
    assert np.abs(asked - kept).max() > 1e-3
    # What asks becomes classes, by regression of them: nearer to them than what follows pairs
    swapped = MDCR().fit(dict(reversed(train.views.items())), train.labels)
    np.testing.assert_allclose(swapped.embed(IMAGE, train.views[IMAGE], "query"), asked, atol=1e-4)


def problem(sparsity: float = 0.05, smoothness: float = 0.5):
    x, y = two_views()
    labels = several()
    return (
        Problem.of([x, y], indicators(labels), directions(labels), sparsity, smoothness, 3),
        (x, y, labels),
    )


def test_no_turn_of_jfssl_makes_its_objective_larger():
    told: list[float] = []
    train = planted()
    JFSSL(rounds=30).fit(train.views, train.labels, tell=lambda done, of, now: told.append(now))
    assert len(told) == 30
    assert np.all(np.diff(told) <= 1e-9)
    assert told[0] > told[-1]


def test_the_objective_of_jfssl_is_its_formula():
    p, (x, y, labels) = problem()
    table, unit = indicators(labels), directions(labels)
    rng = np.random.default_rng(3)
    u, v = rng.normal(size=(5, 3)), rng.normal(size=(4, 3))
    across = unit @ unit.T
    across = across / across.sum(axis=1).mean()
    blocks = []
    for view in (x, y):
        near = nearest(view, table, 3, same=True).toarray()
        blocks.append(near / near.sum(axis=1).mean())
    w = np.block([[blocks[0], across], [across.T, blocks[1]]])
    rows = np.vstack([x @ u, y @ v])
    rough = np.trace(rows.T @ (np.diag(w.sum(axis=1)) - w) @ rows)
    centred = table - table.mean(axis=0)
    fits = ((x @ u - centred) ** 2).sum() + ((y @ v - centred) ** 2).sum()
    lengths = np.linalg.norm(u, axis=1).sum() + np.linalg.norm(v, axis=1).sum()
    assert p.objective([u, v]) == pytest.approx((fits + 0.5 * rough) / 60 + 0.05 * lengths)


def test_jfssl_finds_what_a_general_optimiser_finds():
    p, _ = problem()
    weights = p.start()
    for _ in range(200):
        weights = p.turn(weights)
    best = scipy.optimize.minimize(
        lambda f: p.objective([f[:15].reshape(5, 3), f[15:].reshape(4, 3)]),
        np.random.default_rng(0).normal(size=27),
    )
    assert p.objective(weights) == pytest.approx(best.fun, rel=1e-4)


def test_jfssl_brings_features_that_say_nothing_to_nought():
    train = planted()
    noise = np.random.default_rng(5).normal(size=(240, 6)).astype(np.float32)
    views = {IMAGE: np.hstack([train.views[IMAGE], noise]), TEXT: train.views[TEXT]}
    space = JFSSL(sparsity=0.15, rounds=100).fit(views, train.labels)
    lengths = np.linalg.norm(space.heads[IMAGE, "gallery"].layers[1].weight, axis=1)
    assert np.median(lengths[24:]) < 1e-6 < 1e-3 < np.median(lengths[:24])
    assert lengths[24:].max() < 0.05 * lengths[:24].max()
