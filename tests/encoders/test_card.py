"""The way of a graphics card, walked on the processors: what differs there is the precision."""

import subprocess
import sys
import threading
from functools import partial

import numpy as np
import pytest
import torch

from xmr_core.bench.media import SENTENCES, photographs, sound
from xmr_core.encoders import card as cards
from xmr_core.encoders import image, onnx, soundnet, text
from xmr_core.encoders.audio import AudioEncoder
from xmr_core.encoders.card import Card
from xmr_core.encoders.fused import Bounded, fused
from xmr_core.encoders.image import ImageEncoder
from xmr_core.encoders.onnx import Export
from xmr_core.encoders.text import TextEncoder
from xmr_core.errors import ModelError
from xmr_core.media import Image, Text
from xmr_core.profiles import load_profile


def near(a, b):
    """Within the tolerance that exported graphs are held to."""
    return a.shape == b.shape and np.abs(a - b).max() <= 1e-3 * np.abs(b).max()


@pytest.fixture
def by_card(monkeypatch):
    """Encoders made in it run as on a card."""

    def graph(name, weights, version, build, **_):
        if name not in made:
            made[name] = Card(name, build(), onnx._pool, "cpu")
        return made[name]

    made = {}
    monkeypatch.setenv("XMR_PRECISION", "float")  # of onnxruntime
    with monkeypatch.context() as patch:
        for module in (image, text, soundnet):
            patch.setattr(module, "graph", graph)
        made["end"] = patch.undo
        yield made


def test_pictures_on_the_way_of_a_card_have_the_features_that_onnxruntime_gives(by_card):
    tuning = load_profile("embedded").encoders["image"].tuning
    pictures = [Image(pixels) for pixels in photographs(5)]
    encoder = ImageEncoder(("lite0",), tuning)
    got, grids = encoder.encode(pictures), encoder.grid(pictures[:2])
    assert list(by_card) == ["end", "efficientnet-lite0-tuned"]
    by_card["end"]()
    for mine, theirs in zip(got, encoder.encode(pictures), strict=True):
        assert near(mine.pooled, theirs.pooled)
    for mine, theirs in zip(grids, encoder.grid(pictures[:2]), strict=True):
        assert near(mine, theirs)


def test_texts_on_the_way_of_a_card_have_the_vectors_that_onnxruntime_gives(by_card):
    texts = [*map(Text, SENTENCES), Text(""), Text("the bell rings " * 300)]
    encoder = TextEncoder()
    got, (words, boxes) = encoder.encode(texts), encoder.words(texts[0])
    assert list(by_card) == ["end", "minilm-l6-v2"]
    by_card["end"]()
    for mine, theirs in zip(got, encoder.encode(texts), strict=True):
        assert near(mine.pooled, theirs.pooled)
        assert near(mine.parts, theirs.parts)
    expected, places = encoder.words(texts[0])
    assert near(words, expected)
    assert np.array_equal(boxes, places)


def test_sounds_on_the_way_of_a_card_have_the_features_that_onnxruntime_gives(by_card):
    sounds = [sound(7.0), sound(0.3, 1)]
    encoder = AudioEncoder()
    got = encoder.encode(sounds)
    assert sorted(by_card) == ["aisfx-map", "aisfx-names", "end"]
    by_card["end"]()
    for mine, theirs in zip(got, encoder.encode(sounds), strict=True):
        assert near(mine.parts, theirs.parts)


class Sums(torch.nn.Module):
    """Rows and their sums; counts its runs."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def forward(self, x):
        self.rows.append(len(x))
        return 2 * x, x.sum(1)


def sums(module=None):
    x = torch.arange(6.0).reshape(2, 3)
    return Export(module or Sums(), {"x": x}, ("twice", "sum"), {"x": {0: "n"}})


def test_inputs_made_apart_are_run_together_and_come_back_apart_and_in_order(monkeypatch):
    monkeypatch.setattr(cards, "ROWS", 8)
    made = Card("sums", sums(), onnx._pool, "cpu")
    made.module.rows.clear()
    where = set()

    def make(n):
        where.add(threading.current_thread().name.split("_")[0])
        return {"x": np.full((n % 3 + 1, 4 if n == 7 else 3), n, np.float32)}

    found = made.each("sum", [partial(make, n) for n in range(12)])
    assert [f.tolist() for f in found] == [
        [(4 if n == 7 else 3) * n] * (n % 3 + 1) for n in range(12)
    ]
    assert where == {"xmr-tower"}
    assert made.module.rows == [7, 6, 2, 6, 3]
    assert made.each("sum", []) == []
    with pytest.raises(ZeroDivisionError):
        made.each("sum", [lambda: {"x": 1 / 0}])


def test_more_rows_than_one_run_takes_are_run_in_several_and_none_in_one(monkeypatch):
    monkeypatch.setattr(cards, "ROWS", 8)
    made = Card("sums", sums(), onnx._pool, "cpu")
    x = np.arange(63, dtype=np.float32).reshape(21, 3)
    twice, total = made.run(["twice", "sum"], x=x)
    assert np.array_equal(twice, 2 * x)
    assert np.array_equal(total, x.sum(1))
    assert made.run(["sum"], x=x[:0])[0].shape == (0,)
    x.flags.writeable = False
    assert np.array_equal(made.run(["sum"], x=x[::2])[0], x[::2].sum(1))


def test_network_that_comes_out_otherwise_is_refused(monkeypatch):
    monkeypatch.setattr(cards, "fused", lambda module: Other())
    with pytest.raises(ModelError, match=r"On cpu 'sums' is off by .* Set XMR_DEVICE=cpu"):
        Card("sums", sums(), onnx._pool, "cpu")


class Other(torch.nn.Module):
    """Not the sums."""

    def forward(self, x):
        return 2 * x, x.sum(1) + 1


def test_convolutions_take_in_what_follows_them_and_nothing_changes():
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, 2, 1, bias=False),
        torch.nn.BatchNorm2d(8),
        torch.nn.ReLU6(),
        torch.nn.Conv2d(8, 8, 5, 1, 2, groups=8),
        torch.nn.ReLU(),
        torch.nn.Conv2d(8, 16, 1),
        torch.nn.BatchNorm2d(16, affine=False),
        torch.nn.Conv2d(16, 4, 1),
    )
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2)
    x = torch.randn(2, 3, 9, 11)
    with torch.inference_mode():
        expected = net.eval()(x)
        ready = fused(net)
        assert torch.allclose(ready(x), expected, atol=1e-5)
        assert torch.equal(net(x), expected)  # the original is left as it was
    kinds = [type(layer).__name__ for layer in ready]
    assert kinds == ["Bounded", "Identity", "ReLU6", *["Bounded", "Identity"] * 2, "Conv2d"]
    assert [layer.alone for layer in ready if isinstance(layer, Bounded)] == [False, True, False]
    assert [layer.pointwise for layer in ready if isinstance(layer, Bounded)] == [
        False,
        False,
        True,
    ]


def test_every_normalisation_of_the_picture_towers_is_folded_in():
    plain = image.network("lite2")
    net = fused(plain)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in net.modules())
    bounds = [m.high for m in net.modules() if isinstance(m, Bounded)]
    assert len(bounds) == sum(isinstance(m, torch.nn.Conv2d) for m in plain.modules())
    assert bounds.count(6.0) == 2 * len(bounds) // 3 + 1  # narrow layers have no activation


INTERPRETED = """
import os
os.environ["TRITON_INTERPRET"] = "1"
import torch
from timm.layers import Conv2dSame
from torch.nn import functional
from xmr_core.encoders import kernels
from xmr_core.encoders.fused import Bounded
from xmr_core.encoders.kernels import channels

torch.manual_seed(0)
inf = float("inf")


def layer(out, inner, side, stride, groups, low, high, kind=torch.nn.Conv2d):
    conv = kind(inner, out, side, stride, side // 2, groups=groups).half()
    return conv, Bounded(conv.weight, conv.bias, conv, (low, high))


def tell(name, got, expected):
    assert got.shape == expected.shape, (name, got.shape, expected.shape)
    off = float((got.float() - expected).norm() / expected.norm())
    print(name, "well" if 0 < off < 1e-3 else off)


with torch.inference_mode():
    for name, (conv, ready), size in (
        ("a pixel", layer(24, 40, 1, 1, 1, 0.0, 6.0), (5, 7)),
        ("a pixel, wide", layer(136, 88, 1, 1, 1, -inf, inf), (3, 3)),
        ("a channel", layer(40, 40, 3, 1, 40, 0.0, 6.0), (5, 7)),
        ("a channel, by twos", layer(72, 72, 5, 2, 72, 0.0, 0.5), (20, 18)),
        ("a channel, padded unevenly", layer(40, 40, 5, 2, 40, 0.0, inf, Conv2dSame), (20, 17)),
    ):
        x = torch.randn(2, conv.in_channels, *size).half()
        assert ready.pointwise != ready.alone
        work = kernels.pointwise if ready.pointwise else kernels.alone
        tell(name, work(ready, x), conv.float()(x.float()).clamp(ready.low, ready.high))
    for kind in (torch.nn.Conv2d, Conv2dSame):
        conv, ready = layer(24, 3, 3, 2, 1, 0.0, 6.0, kind)
        assert ready.first
        pixels = torch.randint(0, 256, (2, 14, 11, 3), dtype=torch.uint8)
        expected = conv.float()((pixels.permute(0, 3, 1, 2) - 127.0) / 128).clamp(0, 6)
        tell("pixels", kernels.first(ready, pixels, 127.0, 128.0), expected)
    alone, pixel = layer(40, 40, 5, 1, 40, 0.0, 6.0), layer(24, 40, 1, 1, 1, 0.5, inf)
    x = torch.randn(2, 40, 6, 7).half()
    bare = functional.conv2d(x.float(), alone[0].weight.float(), None, 1, 2, 1, 40).half()
    expected = pixel[0].float()(alone[0].float()(x.float()).clamp(0, 6)).clamp(min=0.5)
    tell("a pixel, the bias before it", kernels.pointwise(pixel[1], bare, alone[1]), expected)
    conv, ready = layer(40, 40, 3, 2, 40, 0.0, 6.0)
    expected = conv.float()(x.float().clamp(max=0.3)).clamp(0, 6)
    tell("a channel, what comes bounded", kernels.alone(ready, x, 0.3), expected)
    conv, ready = layer(16, 16, 5, 1, 16, 0.0, 6.0)
    channels.alone_sizes = lambda *_: {"R": 2, "W": 8, "C": 16, "num_warps": 4}
    x = torch.randn(1, 16, 9, 9).half()
    tell("two rows", kernels.alone(ready, x), conv.float()(x.float()).clamp(0, 6))
    for t, masked in ((16, True), (40, True), (24, False)):
        q, k, v = torch.randn(3, 2, t, 3, 32).half().transpose(2, 3)  # (n, t, h, d) as it lies
        mask = torch.ones(2, 1, t, t, dtype=torch.bool)
        mask[1, :, :, 7:] = not masked
        expected = functional.scaled_dot_product_attention(q.float(), k.float(), v.float(), mask)
        got = kernels.attend(q, k, v, mask[:, 0, 0] if masked else None, 32**-0.5)
        tell("attention", got.transpose(1, 2), expected)
    x = torch.randn(2, 72, 7, 10).half()
    assert torch.equal(kernels.pooled(x), functional.max_pool2d(x, 2))
    x, beside, norm = torch.randn(3, 5, 48), torch.randn(3, 5, 48) + 9, torch.nn.LayerNorm(48)
    torch.nn.init.normal_(norm.weight), torch.nn.init.normal_(norm.bias)
    norm, expected = norm.half(), norm.float()(x.half().float() + beside.half().float())
    tell("a sum", kernels.added(x.half(), beside.half(), norm.half()), expected)
"""


def test_kernels_written_for_a_card_do_what_the_convolutions_do():
    pytest.importorskip("triton")
    done = subprocess.run(
        [sys.executable, "-c", INTERPRETED], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert len(told) == 14
    assert all(line.endswith(" well") for line in told), told
