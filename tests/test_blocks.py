"""The blocks of the embedded space: tuned towers beside the heads of pictures."""

import numpy as np
import pytest

from xmr_core.encoders.tuning import Tuning, save
from xmr_core.errors import WeightsDamaged
from xmr_core.heads import Branches, Head, Linear, Slice, Unit
from xmr_core.media import Floats
from xmr_core.profiles.blocks import BLOCKS, SHARES, widened, with_tuned

RNG = np.random.default_rng(0)
ABOUT = {BLOCKS: "2 3 4", SHARES: "0.2 0.3 0.5"}


def draw(*shape: int) -> Floats:
    return RNG.normal(size=shape).astype(np.float32)


def unit(x: Floats) -> Floats:
    rows: Floats = Unit()(x)
    return rows


@pytest.fixture(scope="module")
def tuning(tmp_path_factory: pytest.TempPathFactory) -> Tuning:
    path = tmp_path_factory.mktemp("tuning") / "tuning.safetensors"
    save(path, {}, {"lite0": (draw(4, 6), draw(4))}, 5)
    return Tuning(path)


def heads(about: dict[str, str] = ABOUT) -> tuple[Head, Head]:
    """Of pictures, f32 (n, 5) → two blocks, and of texts, which knows three."""
    cuts = ((Slice(0, 2), Linear(draw(2, 2), draw(2))), (Linear(draw(5, 3), draw(3)),))
    image = Head(5, (Branches("concat", cuts, (7.0, 0.1)),), {"towers": "lite0", "score": "1"})
    return image, Head(9, (Unit(),), about | {"score": "2"})


def test_a_score_is_the_sum_of_the_blocks_cosines_by_their_shares(tuning: Tuning) -> None:
    image, text = heads()
    both, a, b = with_tuned(image, text, tuning), draw(6, 9), draw(4, 9)

    def blocks(x: Floats) -> list[Floats]:
        own = image.raw(x[:, :5])
        return [unit(own[:, :2]), unit(own[:, 2:]), unit(x[:, 5:])]

    shares = (0.2, 0.3, 0.5)
    expected = sum(s * p @ q.T for s, p, q in zip(shares, blocks(a), blocks(b), strict=True))
    np.testing.assert_allclose(both(a) @ both(b).T, expected, atol=1e-5)
    assert both.dim_in == 9 and both.about == {**image.about, **text.about}


@pytest.mark.parametrize(
    "about",
    [
        {},
        ABOUT | {BLOCKS: "2 3"},
        ABOUT | {BLOCKS: "3 2 5"},
        ABOUT | {BLOCKS: "2 4 3"},
        ABOUT | {SHARES: "much"},
        ABOUT | {SHARES: "0.5 0.5"},
    ],
)
def test_heads_that_do_not_belong_together_are_refused(
    tuning: Tuning, about: dict[str, str]
) -> None:
    with pytest.raises(WeightsDamaged, match="do not fit each other"):
        with_tuned(*heads(about), tuning)


def test_a_widened_head_keeps_its_cosines_and_knows_its_derivative() -> None:
    head = Head.affine(draw(4, 3), draw(3))
    wide, a, b = widened(head, 7), draw(5, 4), draw(6, 4)
    np.testing.assert_allclose(wide(a) @ wide(b).T, head(a) @ head(b).T, atol=1e-6)
    assert wide(a).shape == (5, 7) and not wide(a)[:, 3:].any()
    _, grown = wide.along(a[:1], np.eye(4, dtype=np.float32))
    assert grown.shape == (4, 7) and grown[:, :3].any() and not grown[:, 3:].any()
    assert widened(head, 3) is head


def test_more_blocks_may_be_missing_than_there_are() -> None:
    wide = widened(Head.identity(2), 9)
    assert wide(np.ones((1, 2), np.float32)).shape == (1, 9)
