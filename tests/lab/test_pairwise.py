"""The losses over pairs, against sums written out, and what they are for."""

import math

import numpy as np
import pytest

from tests.lab.planted import IMAGE, TEXT, planted
from xmr_core.lab.pairs import Pairs, numbered
from xmr_core.lab.pairwise import METHODS
from xmr_core.lab.pairwise.cmpm import CMPM, matching, projected
from xmr_core.lab.pairwise.hinges import hinges
from xmr_core.lab.pairwise.infonce import infonce
from xmr_core.lab.pairwise.knn_margin import KNNMargin
from xmr_core.lab.pairwise.vse import VSE
from xmr_core.lab.pairwise.vsepp import VSEpp

B, ALPHA = 6, 0.2


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.fixture
def batch(torch):
    """Cosines of six pairs, of which 1 and 4 show the same picture."""
    rng = np.random.default_rng(0)
    scores = rng.uniform(-1, 1, (B, B)).astype(np.float32)
    same = np.eye(B, dtype=bool)
    same[1, 4] = same[4, 1] = True
    return torch.from_numpy(scores), torch.from_numpy(same)


def written_out(scores, same, take) -> float:
    """Hinges of each query's negatives, one by one, through ``take``, and their mean."""
    total = 0.0
    for table, pairs in ((scores, same), (scores.T, same.T)):
        for i in range(B):
            found = [
                max(0.0, ALPHA - float(table[i, i]) + float(table[i, j]))
                for j in range(B)
                if not pairs[i, j]
            ]
            total += take(sorted(found, reverse=True)) / B
    return total


@pytest.mark.parametrize(
    ("method", "take"),
    [
        (VSE(margin=ALPHA), sum),
        (VSEpp(margin=ALPHA), lambda found: found[0]),
        (KNNMargin(margin=ALPHA, k=3), lambda found: sum(found[:3])),
    ],
)
def test_a_margin_loss_is_what_its_sum_written_out_says(batch, method, take):
    assert float(method.objective(*batch)) == pytest.approx(written_out(*batch, take), rel=1e-5)


def test_knn_margin_lies_between_the_hardest_negative_and_all(batch):
    hardest, every = (float(m(margin=ALPHA).objective(*batch)) for m in (VSEpp, VSE))
    assert float(KNNMargin(margin=ALPHA, k=1).objective(*batch)) == pytest.approx(hardest)
    assert float(KNNMargin(margin=ALPHA, k=99).objective(*batch)) == pytest.approx(every)


def test_the_same_picture_is_no_negative(batch):
    scores, _ = batch
    scores[1, 4] = scores[4, 1] = 1.0  # as hard as can be, and right
    assert all(float(table[1, 4]) == float(table[4, 1]) == 0 for table in hinges(*batch, ALPHA))
    assert all(float(table[1, 1]) == 0 for table in hinges(*batch, ALPHA))


def test_infonce_is_the_cross_entropy_of_both_directions_written_out(batch, torch):
    scores, same = (t.numpy() for t in batch)
    total = 0.0
    for table, pairs in ((scores, same), (scores.T, same.T)):
        for i in range(B):
            rivals = [j for j in range(B) if j == i or not pairs[i, j]]
            below = sum(math.exp(5 * float(table[i, j])) for j in rivals)
            total -= math.log(math.exp(5 * float(table[i, i])) / below) / (2 * B)
    assert float(infonce(*batch, torch.tensor(5.0))) == pytest.approx(total, rel=1e-5)


def test_infonce_of_scores_that_say_nothing_is_the_logarithm_of_the_batch(torch):
    nothing = torch.zeros(8, 8)
    assert float(infonce(nothing, torch.eye(8).bool(), torch.tensor(9.0))) == pytest.approx(
        math.log(8), rel=1e-6
    )


def test_matching_is_the_divergence_written_out(batch, torch):
    _, same = batch
    rng = np.random.default_rng(1)
    x, y = (rng.normal(size=(B, 3)).astype(np.float32) for _ in range(2))
    total = 0.0
    for i in range(B):
        logits = [float(x[i] @ y[j] / np.linalg.norm(y[j])) for j in range(B)]
        below = sum(map(math.exp, logits))
        for j in range(B):
            p = math.exp(logits[j]) / below
            q = float(same[i, j]) / int(same[i].sum())
            total += p * math.log(p / (q + 1e-8)) / B
    found = matching(torch.from_numpy(x), torch.from_numpy(y), same)
    assert float(found) == pytest.approx(total, rel=1e-4)


def test_a_projection_lies_along_the_partner_and_leaves_a_right_angle(torch):
    x, y = torch.tensor([[3.0, 4.0]]), torch.tensor([[2.0, 0.0]])
    assert projected(x, y).tolist() == [[3.0, 0.0]]


def test_equal_rows_have_equal_numbers_and_zero_has_no_sign():
    view = np.array([[0.0, 1], [2, 3], [-0.0, 1], [2, 3.0001]], np.float32)
    assert numbered(view).tolist() == [0, 1, 0, 2]


def test_pictures_and_texts_that_come_twice_are_known_in_a_batch(torch):
    train = planted(20)
    train.views[IMAGE][7] = train.views[IMAGE][3]
    train.views[TEXT][11] = train.views[TEXT][5]
    pairs = Pairs.over(train.views, 4, seed=0)
    rows = torch.tensor([3, 5, 7, 9, 11])
    expected = np.eye(5, dtype=bool)
    expected[0, 2] = expected[2, 0] = expected[1, 4] = expected[4, 1] = True
    np.testing.assert_array_equal(pairs.same(rows).numpy(), expected)


@pytest.mark.parametrize("name", METHODS)
def test_the_objective_falls_and_its_course_is_told(name: str):
    told: list[tuple[int, int, float]] = []
    METHODS[name]().fit(planted().views, tell=lambda *at: told.append(at))
    assert [done for done, _, _ in told] == list(range(1, told[0][1] + 1))
    # The logarithm of CMPM's ε outweighs all else, whatever is learned
    assert told[-1][2] < (0.995 if name == "cmpm" else 0.7) * told[0][2]


def test_whoever_is_told_can_end_the_fitting():
    def stop(*at: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        VSE().fit(planted().views, tell=stop)


def test_classification_has_a_class_for_each_picture_that_differs():
    """Without it, the same method is another: the weight of CMPC counts."""
    train = planted(60)
    both, alone = (CMPM(classified=c).fit(train.views) for c in (0.1, 0.0))
    rows = [space.embed(IMAGE, train.views[IMAGE]) for space in (both, alone)]
    assert not np.allclose(*rows, atol=1e-3)
