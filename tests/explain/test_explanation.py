"""What sides and explanations refuse, and what they say of themselves."""

from dataclasses import replace

import numpy as np
import pytest

from tests.explain.planted import picture_of, text_of
from xmr_core.errors import ExplanationError
from xmr_core.explain import Explanation
from xmr_core.media import Modality

TOPICS = np.eye(4, dtype=np.float32)


def explanation(**changes) -> Explanation:
    query, hit = text_of(TOPICS[:2]), picture_of(TOPICS[:3])
    values = {
        "alignment": np.arange(6, dtype=np.float32).reshape(2, 3),
        "query_heat": np.zeros(2, np.float32),
        "hit_heat": np.ones(3, np.float32),
    }
    return Explanation(query, hit, **{**values, **changes}, method="similarity", score=0.5)


def test_a_side_tells_its_medium_and_its_parts() -> None:
    side = text_of(TOPICS)
    assert (side.modality, side.count) == (Modality.TEXT, 4)
    words = 4 * len("planted")
    assert side.nbytes == words + 4 * (7 + 2 + 1) * 4 + side.pooled.nbytes


def test_variants_count_among_the_bytes() -> None:
    side = text_of(TOPICS)
    more = replace(side, variants={"close": side.features})
    assert more.nbytes - side.nbytes == side.features.nbytes


def test_a_medium_without_parts_is_refused_in_words() -> None:
    side = text_of(TOPICS)
    with pytest.raises(ExplanationError, match="This text has no parts to point at"):
        replace(
            side,
            features=side.features[:0],
            weights=side.weights[:0],
            boxes=side.boxes[:0],
            labels=(),
        )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weights", np.ones(3, np.float32)),
        ("pooled", np.ones(3, np.float32)),
        ("boxes", np.ones((4, 3, 1), np.float32)),
        ("labels", ("a",)),
        ("grid", (2, 3)),
        ("variants", {"close": np.ones((3, 7), np.float32)}),
        ("features", np.full((4, 7), np.nan, np.float32)),
    ],
)
def test_arrays_that_do_not_fit_each_other_are_refused(name: str, value: object) -> None:
    with pytest.raises(ExplanationError):
        replace(text_of(TOPICS), **{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alignment", np.zeros((3, 2), np.float32)),
        ("query_heat", np.zeros(3, np.float32)),
        ("hit_heat", np.zeros(2, np.float32)),
        ("hit_heat", np.full(3, np.inf, np.float32)),
    ],
)
def test_an_explanation_fits_its_sides(name: str, value: object) -> None:
    with pytest.raises(ExplanationError, match=name):
        explanation(**{name: value})


def test_a_turned_explanation_has_everything_the_other_way_round() -> None:
    made = explanation()
    turned = made.turned()
    assert (turned.query, turned.hit) == (made.hit, made.query)
    np.testing.assert_array_equal(turned.alignment, made.alignment.T)
    assert turned.hit_heat.shape == (2,) and turned.query_heat.shape == (3,)
    np.testing.assert_array_equal(turned.turned().alignment, made.alignment)
