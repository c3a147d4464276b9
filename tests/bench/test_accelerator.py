import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from xmr_core.bench.accelerator import bench_accelerator, layers_of
from xmr_core.bench.settings import setting
from xmr_core.encoders import device, image
from xmr_core.encoders.onnx import Export


def test_without_a_card_it_is_skipped_and_says_why(monkeypatch):
    monkeypatch.setattr(device, "driver", lambda: False)
    device._device.cache_clear()
    device._card_of_torch.cache_clear()
    monkeypatch.setenv("XMR_DEVICE", "auto")
    (figure,) = bench_accelerator()
    said = "graphics cards to run towers on (no driver of one is on this machine): skipped"
    assert figure.name == said
    monkeypatch.setenv("XMR_DEVICE", "cpu")
    (figure,) = bench_accelerator()
    assert "(XMR_DEVICE is cpu)" in figure.name
    assert not figure.missed
    device._device.cache_clear()
    device._card_of_torch.cache_clear()


def test_operations_and_bytes_of_layers_are_those_of_a_network_counted_by_hand():
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, 2, 1),
        torch.nn.BatchNorm2d(8),
        torch.nn.Flatten(),
        torch.nn.Linear(8 * 25, 7),
    )
    export = Export(net.eval(), {"x": torch.rand(2, 3, 10, 10)}, ("y",), {"x": {0: "n"}})
    rng = np.random.default_rng(0)
    first, last = layers_of(export, lambda n: {"x": rng.random((n, 3, 10, 10), np.float32)})
    assert (first.operations, last.operations) == (2 * 8 * 25 * 27, 2 * 200 * 7)
    assert (first.moved, first.weights) == (2 * (300 + 200), 2 * (8 * 27 + 8))
    assert (last.moved, last.weights) == (2 * (200 + 7), 2 * (200 * 7 + 7))


def test_operations_of_a_picture_tower_are_those_that_torch_counts():
    export = image._build("lite0", None)
    export.module.wanted = {"pooled"}
    pixels = np.zeros((2, 64, 64, 3), np.uint8)
    layers = layers_of(export, lambda n: {"pixels": pixels[:n]})
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        export.module(torch.from_numpy(pixels[:1]))
    assert sum(layer.operations for layer in layers) == pytest.approx(counter.get_total_flops())
    assert all(layer.moved > 0 and layer.weights > 0 for layer in layers)


def test_attention_counts_as_two_products():
    class Attention(torch.nn.Module):
        def forward(self, x):
            return torch.nn.functional.scaled_dot_product_attention(x, x, x)

    x = torch.rand(2, 4, 10, 16)
    export = Export(Attention(), {"x": x}, ("y",), {"x": {0: "n"}})
    (layer,) = layers_of(export, lambda n: {"x": x[:n].numpy()})
    assert layer.operations == 2 * 2 * 4 * 10 * 10 * 16
    assert (layer.moved, layer.weights) == (2 * 4 * 4 * 160, 0)


def test_encoders_run_elsewhere_for_a_while(monkeypatch):
    import os

    for before in ("auto", None):
        if before:
            monkeypatch.setenv("XMR_DEVICE", before)
        else:
            monkeypatch.delenv("XMR_DEVICE")
        with setting("XMR_DEVICE", "cpu"):
            assert device.device() == "cpu"
        assert os.environ.get("XMR_DEVICE") == before
