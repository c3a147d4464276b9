import threading

import numpy as np
import pytest
import torch
from torch.nn import functional

from xmr_core.encoders.attention import Values, Watch, gradients, propagate, watched
from xmr_core.errors import ExplanationError


@pytest.fixture
def heads():
    torch.manual_seed(0)
    return torch.nn.MultiheadAttention(16, 2, batch_first=True).eval()


def rows(n=3, places=5, width=16, seed=1):
    return torch.from_numpy(
        np.random.default_rng(seed).normal(size=(n, places, width)).astype(np.float32)
    )


def only_itself(places):
    return torch.full((places, places), float("-inf")).fill_diagonal_(0)


def earlier(places):
    return torch.full((places, places), float("-inf")).triu(1)


@pytest.mark.parametrize("mask", [None, earlier(5)])
def test_attention_gives_the_same_while_it_is_watched(heads, mask):
    x = rows()
    with torch.no_grad():
        expected, shares = heads(x, x, x, attn_mask=mask, average_attn_weights=False)
    with torch.no_grad(), Watch() as watch:
        got = heads(x, x, x, need_weights=False, attn_mask=mask)[0]
    assert torch.allclose(got, expected, atol=1e-6)
    (weights,) = watch.weights
    assert torch.allclose(weights, shares, atol=1e-6)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"is_causal": True},
        {"scale": 0.5},
        {"attn_mask": torch.ones(5, 5, dtype=torch.bool).tril()},
        {"attn_mask": earlier(5)},
    ],
)
def test_scaled_products_give_the_same_while_they_are_watched(more):
    q, k, v = (rows(3, 5, 8, seed)[:, None] for seed in range(3))
    expected = functional.scaled_dot_product_attention(q, k, v, **more)
    with Watch() as watch:
        got = functional.scaled_dot_product_attention(q, k, v, **more)
    assert torch.allclose(got, expected, atol=1e-6)
    assert torch.allclose(watch.weights[0].sum(-1), torch.ones(3, 1, 5))


def test_separate_projections_of_clips_resnets_are_watched_too():
    from open_clip.modified_resnet import AttentionPool2d

    torch.manual_seed(0)
    pool, found = AttentionPool2d(2, 16, 2, 8).eval(), torch.randn(2, 16, 2, 2)
    with torch.no_grad():
        expected = pool(found)
        with Watch() as watch:
            assert torch.allclose(pool(found), expected, atol=1e-6)
    assert watch.weights[0].shape == (2, 2, 5, 5)


def test_values_are_attention_in_which_every_place_sees_itself_alone(heads):
    x = rows()
    with torch.no_grad():
        expected = heads(x, x, x, attn_mask=only_itself(5))[0]
        with Values() as mode:
            got = heads(x, x, x, need_weights=False)[0]
    assert torch.allclose(got, expected, atol=1e-6)
    assert mode.calls == 1


def test_uniform_attention_is_the_mean_of_the_values(heads):
    with torch.no_grad():
        heads.in_proj_weight[:32] = 0  # queries and keys: all products are the same
        x = rows()
        whole = heads(x, x, x)[0]
        with Values():
            values = heads(x, x, x, need_weights=False)[0]
    assert torch.allclose(whole, values.mean(dim=1, keepdim=True).expand_as(whole), atol=1e-6)


def test_other_threads_attend_as_ever_meanwhile(heads):
    x = rows()
    with torch.no_grad():
        expected = heads(x, x, x)[0]
    got = []

    def other():
        with torch.no_grad():
            got.append(heads(x, x, x, need_weights=False)[0])

    with Values() as mode:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert torch.allclose(got[0], expected, atol=1e-6)
    assert mode.calls == 0


def test_relevance_of_two_layers_worked_out_by_hand():
    first = np.array([[[[0.5, 0.5], [0.25, 0.75]], [[1.0, 0.0], [0.5, 0.5]]]], np.float32)
    slope = np.array([[[[2.0, -1.0], [4.0, 0.0]], [[1.0, 5.0], [-2.0, 2.0]]]], np.float32)
    # heads: [[1, 0], [1, 0]] and [[1, 0], [0, 1]] once what lowers the score is left out
    second = np.array([[[[0.5, 0.5], [0.0, 1.0]]]], np.float32)
    slope_2 = np.array([[[[2.0, 4.0], [1.0, -1.0]]]], np.float32)
    # one head: [[1, 2], [0, 0]]
    (total,) = propagate([(first, slope), (second, slope_2)])
    after_one = np.array([[2.0, 0.0], [0.5, 1.5]])
    after_two = after_one + np.array([[1.0, 2.0], [0.0, 0.0]]) @ after_one
    assert np.allclose(total, after_two)
    assert after_two.tolist() == [[5.0, 3.0], [0.5, 1.5]]


def test_rows_of_relevance_double_with_each_layer_of_even_gradients():
    rng = np.random.default_rng(0)
    layers = []
    for _ in range(3):
        weights = rng.random((2, 4, 6, 6)).astype(np.float32)
        weights /= weights.sum(axis=-1, keepdims=True)
        layers.append((weights, np.ones_like(weights)))
    assert np.allclose(propagate(layers).sum(axis=2), 8, atol=1e-5)


def test_pooling_by_queries_of_its_own_keeps_no_residual():
    looks = np.array([[[[0.5, 0.5], [0.0, 1.0]]]], np.float32)
    pools = np.array([[[[0.25, 0.75]]]], np.float32)
    total = propagate([(looks, np.ones_like(looks)), (pools, np.ones_like(pools))])
    assert np.allclose(total, [[[0.25, 0.75]]] @ (np.eye(2) + looks[0, 0]))


def test_attention_in_windows_is_refused():
    whole, window = np.ones((1, 1, 4, 4), np.float32), np.ones((4, 1, 2, 2), np.float32)
    with pytest.raises(ExplanationError, match=r"windows.*Use occlusion"):
        propagate([(whole, whole), (window, window)])


def test_network_without_attention_is_refused():
    with pytest.raises(ExplanationError, match="no attention that could be watched"):
        gradients(*watched(lambda: torch.ones(1, 4, requires_grad=True), torch.ones(4)))


class Nudged(Watch):
    """One weight of one layer is a little larger."""

    def __init__(self, layer, place, by):
        super().__init__()
        self.layer, self.place, self.by = layer, place, by

    def _attend(self, q, k, v, scores):
        super()._attend(q, k, v, scores)
        weights = self.weights[-1]
        if len(self.weights) - 1 == self.layer:
            nudge = torch.zeros_like(weights)
            nudge[self.place] = self.by
            weights = weights + nudge
        return weights @ v


@pytest.mark.parametrize("layer", [0, 1])
def test_gradients_by_attention_are_those_of_finite_differences(layer):
    torch.manual_seed(0)
    double = torch.float64
    blocks = [torch.nn.MultiheadAttention(16, 2, batch_first=True, dtype=double) for _ in range(2)]
    x, direction = rows(1).to(double), rows(1, 1, 16, 7)[0, 0].to(double)

    def embed():
        y = x
        for block in blocks:
            y = y + block(y, y, y, need_weights=False)[0]
        return y[:, 0]

    found = gradients(*watched(embed, direction))
    assert len(found) == 2
    for place in ((0, 0, 0, 1), (0, 1, 0, 4), (0, 1, 0, 0)):
        scores = []
        for by in (1e-5, -1e-5):
            with torch.no_grad(), Nudged(layer, place, by):
                scores.append(float(functional.normalize(embed(), dim=-1)[0] @ direction))
        measured = (scores[0] - scores[1]) / 2e-5
        assert np.isclose(found[layer][1][place], measured, rtol=1e-4, atol=1e-7)
        assert measured != 0
