"""Reports: what a space finds, by partners and by classes, in each direction."""

import json

import numpy as np
import pytest

from xmr_core.datasets import Split
from xmr_core.errors import LabError
from xmr_core.heads import Head
from xmr_core.media import Modality
from xmr_core.metrics import average_precision, recalls
from xmr_core.report import LABELS, PAIRS, Report, measure, significance
from xmr_core.space import JointSpace

IMAGE, TEXT = Modality.IMAGE, Modality.TEXT
DIRECTIONS = [(IMAGE, TEXT), (TEXT, IMAGE)]


def space(**roles) -> JointSpace:
    """Heads that change nothing, but where told otherwise."""
    heads = {(m, "gallery"): Head.identity(6) for m in (IMAGE, TEXT)}
    return JointSpace("plain", 6, {}, heads | roles.get("heads", {}))


@pytest.fixture
def split() -> Split:
    """40 pictures with two captions each, in five classes; noisy views of the same places."""
    rng = np.random.default_rng(0)
    labels = np.arange(40) % 5
    hidden = rng.normal(size=(5, 6))[labels] + rng.normal(size=(40, 6))
    owners = {IMAGE: np.arange(40), TEXT: rng.permutation(np.repeat(np.arange(40), 2))}
    views = {
        m: (hidden[own] + rng.normal(size=(len(own), 6))).astype(np.float32)
        for m, own in owners.items()
    }
    return Split(views, owners, {m: labels[own] for m, own in owners.items()})


def scores(split: Split, source: Modality, target: Modality):
    unit = {m: v / np.linalg.norm(v, axis=1, keepdims=True) for m, v in split.views.items()}
    return unit[source] @ unit[target].T


def test_partners_are_measured_as_the_whole_matrix_says(split):
    report = measure(space(), split, "pairs", draws=50)
    for source, target in DIRECTIONS:
        relevant = split.owners[source][:, None] == split.owners[target]
        expected = recalls(scores(split, source, target), relevant)
        found = {name: report[source, target][name].value for name in expected}
        assert found == pytest.approx(expected)
        assert set(report[source, target]) == {*PAIRS, "median_rank"}
    both = sum(report[d][f"recall@{k}"].value for d in DIRECTIONS for k in (1, 5, 10))
    assert report.overall["rsum"].value == pytest.approx(100 * both)
    assert report.overall["mean_recall"].value == pytest.approx(both / 6)


def test_classes_are_measured_as_the_whole_matrix_says(split):
    report = measure(space(), split, "labels", draws=50)
    for source, target in DIRECTIONS:
        relevant = split.labels[source][:, None] == split.labels[target]
        expected = average_precision(scores(split, source, target), relevant)
        np.testing.assert_allclose(report.each[source, target]["map"], expected)
        assert report[source, target]["map"].value == pytest.approx(expected.mean())
        assert set(report[source, target]) == set(LABELS)
        curve = report.curves[source, target]
        assert (np.diff(curve.precision) <= 0).all()
        assert ((curve.low <= curve.precision) & (curve.precision <= curve.high)).all()


def test_several_classes_a_row_match_by_any_of_them(split):
    flags = {m: np.eye(5, dtype=bool)[own] for m, own in split.labels.items()}
    several = measure(space(), Split(split.views, split.owners, flags), "labels", draws=20)
    single = measure(space(), split, "labels", draws=20)
    assert several.overall == single.overall


def test_values_lie_within_their_intervals(split):
    for by in ("labels", "pairs"):
        report = measure(space(), split, by, draws=200)
        for values in [*report.measured.values(), report.overall]:
            for name, value in values.items():
                assert value.low <= value.value <= value.high, name
                assert value.low < value.high or value.value == 1, name


def test_queries_go_through_their_own_head(split):
    """A head for queries that turns everything round finds the worst first, in its direction."""
    turned = Head.affine(-np.eye(6, dtype=np.float32))
    turning = space(heads={(IMAGE, "query"): turned})
    plain, report = (measure(s, split, "pairs", draws=10) for s in (space(), turning))
    assert report[IMAGE, TEXT]["median_rank"].value > 30
    assert report[TEXT, IMAGE] == plain[TEXT, IMAGE]


def test_the_same_seed_gives_the_same_report(split):
    one, two, other = (measure(space(), split, "pairs", draws=50, seed=s) for s in (1, 1, 2))
    assert one.as_json() == two.as_json() != other.as_json()


def test_a_report_is_read_as_it_was_written(split):
    report = measure(space(), split, "labels", draws=20)
    again = Report.from_json(json.loads(json.dumps(report.as_json())))
    assert again.as_json() == report.as_json() and set(again) == set(DIRECTIONS)


def test_classes_that_are_not_there_are_missed(split):
    with pytest.raises(LabError, match="no classes"):
        measure(space(), Split(split.views, split.owners), "labels")


def test_a_head_that_went_wrong_is_named(split):
    broken = Head.affine(np.full((6, 6), 3e38, np.float32))
    with (
        np.errstate(all="ignore"),
        pytest.raises(LabError, match="image head of plain gives numbers that are not finite"),
    ):
        measure(space(heads={(IMAGE, "gallery"): broken}), split, "pairs")


def test_progress_is_told(split):
    told = []
    measure(space(), split, "pairs", draws=5, tell=lambda *steps: told.append(steps))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_two_methods_are_compared_on_the_same_queries(split):
    turned = space(heads={(IMAGE, "query"): Head.affine(-np.eye(6, dtype=np.float32))})
    good, bad = (measure(s, split, "labels", draws=10) for s in (space(), turned))
    found = significance(good, bad, (IMAGE, TEXT), "map")
    assert found.p < 0.01 < found.value.low
    apart = good[IMAGE, TEXT]["map"].value - bad[IMAGE, TEXT]["map"].value
    assert found.value.value == pytest.approx(apart)
    assert significance(good, bad, (TEXT, IMAGE), "map").p == 1
    with pytest.raises(LabError, match="do not hold map"):
        significance(good, Report.from_json(bad.as_json()), (IMAGE, TEXT), "map")
