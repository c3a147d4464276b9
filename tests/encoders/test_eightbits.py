"""Convolutions in whole numbers: how weights are rounded, what a graph becomes, who runs it."""

import logging
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from xmr_core.encoders import eightbits
from xmr_core.encoders.eightbits import FURTHEST, astray, in_eight_bits, write
from xmr_core.encoders.onnx import Export, graph, graphs_dir
from xmr_core.encoders.precision import made_for_eight_bits, precision
from xmr_core.encoders.rounding import rounded

VNNI = made_for_eight_bits(Path("/proc/cpuinfo"))


class Small(torch.nn.Module):
    """A little of all that towers have: a stem, a depthwise layer, a sum, a pooled end."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.stem = torch.nn.Conv2d(3, 24, 3, padding=1)
        self.wide = torch.nn.Conv2d(24, 64, 1)
        self.deep = torch.nn.Conv2d(64, 64, 3, padding=1, groups=64)
        self.narrow = torch.nn.Conv2d(64, 24, 1)
        self.last = torch.nn.Conv2d(24, 40, 1)

    def forward(self, pixels):
        x = torch.nn.functional.relu6(self.stem(pixels.permute(0, 3, 1, 2)))
        y = torch.nn.functional.relu6(self.wide(x))
        y = torch.nn.functional.max_pool2d(torch.relu(self.deep(y)), 2)
        y = torch.nn.functional.interpolate(y, scale_factor=2)
        return self.last(x + self.narrow(y)).mean((2, 3))


def batches(n, seed=0):
    rng = np.random.default_rng(seed)
    return [{"pixels": rng.normal(0, 1, (2, 8, 8, 3)).astype(np.float32)} for _ in range(n)]


def build():
    return Export(
        module=Small().eval(),
        inputs={"pixels": torch.from_numpy(batches(1)[0]["pixels"])},
        outputs=("pooled",),
        dynamic={"pixels": {0: "n"}},
    )


@pytest.fixture
def exact(tmp_path, monkeypatch):
    """The file of the small network's graph in floating point."""
    monkeypatch.setenv("XMR_CACHE", str(tmp_path))
    monkeypatch.setenv("XMR_PRECISION", "float")
    graph("small", ["0" * 64], 1, build)
    (path,) = graphs_dir().glob("*.onnx")
    return path


def plainly(weights):
    """Weights (o, …) rounded to the nearest: what they become."""
    scale = np.abs(weights.reshape(len(weights), -1)).max(1) / 127
    scale = scale.reshape(-1, *(1,) * (weights.ndim - 1))
    return np.round(weights / scale) * scale


@pytest.mark.parametrize("shape", [(32, 48, 1, 1), (48, 1, 3, 3), (16, 8, 3, 3)])
def test_roundings_that_are_turned_change_less_than_the_nearest_ones(shape):
    rng = np.random.default_rng(0)
    weights = rng.normal(0, 1, shape).astype(np.float32)
    channels = shape[0] if shape[1] == 1 else shape[1]
    mean, spread = rng.uniform(0, 2, channels), rng.uniform(0.2, 1, channels)
    even = rng.normal(mean, spread, (500, channels))  # what a channel is over a filter's places
    places = even[:, :, None] + 0.3 * rng.normal(size=(500, channels, shape[2] * shape[3]))
    whole, scale = rounded(weights, mean, spread**2)
    assert whole.dtype == np.int8
    assert np.abs(whole).max() <= 127

    def wrong(kept):
        off = (kept - weights).reshape(*shape[:2], -1)
        form = "nct,ct->nc" if shape[1] == 1 else "nit,oit->no"
        return np.square(np.einsum(form, places, off[:, 0] if shape[1] == 1 else off)).mean()

    turned = whole * scale[:, None, None, None]
    assert np.abs(turned - weights).max() <= 1.01 * scale.max()
    assert wrong(turned) < 0.5 * wrong(plainly(weights))


def test_outputs_without_weights_are_zero_and_not_divided_by():
    whole, scale = rounded(np.zeros((2, 3, 1, 1), np.float32), np.ones(3), np.ones(3))
    assert not whole.any()
    assert np.isfinite(scale).all() and (scale > 0).all()


@pytest.mark.skipif(not VNNI, reason="this processor gets sums of eight bits wrong")
def test_graph_in_eight_bits_is_close_and_its_layers_are_whole_numbers(exact, tmp_path):
    short = tmp_path / "short.onnx"
    write(exact, short, batches(8))
    assert astray(exact, short, batches(4, seed=1)) < 0.05
    kinds = [node.op_type for node in onnx.load(short).graph.node]
    assert kinds.count("QuantizeLinear") >= 5
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "run.onnx")
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(short), options, providers=["CPUExecutionProvider"])
    run = [node.op_type for node in onnx.load(tmp_path / "run.onnx").graph.node]
    assert run.count("QLinearConv") == 3  # neither the small stem nor the end
    assert "QLinearAdd" in run


def test_first_small_layers_and_the_end_keep_their_weights(exact):
    made = in_eight_bits(onnx.load(exact), batches(2))
    floats = {i.name for i in made.graph.initializer if i.data_type == onnx.TensorProto.FLOAT}
    kept = {name for name in floats if name.endswith(".weight")}
    assert kept == {"stem.weight", "last.weight"}
    onnx.checker.check_model(made)


def test_graph_that_strays_stays_in_floating_point_and_says_so(
    exact, tmp_path, monkeypatch, caplog
):
    def wrong(model, sample):
        made = in_eight_bits(model, sample)
        for i in made.graph.initializer:
            if i.name.endswith("weight:scale"):
                values = onnx.numpy_helper.to_array(i) * 1.5
                i.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float32), i.name))
        return made

    monkeypatch.setattr(eightbits, "in_eight_bits", wrong)
    short = tmp_path / "short.onnx"
    with caplog.at_level(logging.WARNING):
        write(exact, short, batches(4))
    assert short.read_bytes() == exact.read_bytes()
    assert "floating point" in caplog.text
    assert FURTHEST < 0.5


@pytest.mark.skipif(not VNNI, reason="this processor gets sums of eight bits wrong")
def test_both_kinds_are_kept_side_by_side_and_the_setting_chooses(exact, monkeypatch):
    asked = []

    def sample():
        asked.append(1)
        return batches(4)

    def named():
        return graph("small", ["0" * 64], 1, build, sample=sample)

    plain = named()
    monkeypatch.setenv("XMR_PRECISION", "int8")
    short = named()
    assert short is not plain and short is named() and len(asked) == 1
    feed = batches(1, seed=2)[0]
    right, got = (g.run(["pooled"], **feed)[0] for g in (plain, short))
    assert not np.array_equal(right, got)
    assert np.allclose(right, got, atol=0.05 * np.abs(right).max())
    assert graph("small", ["0" * 64], 1, build) is plain  # without a sample nothing is shortened
    assert len(list(graphs_dir().glob("*.onnx"))) == 2


@pytest.mark.parametrize(
    ("flags", "made_for"),
    [
        ("fpu avx2 avx512_vnni", True),
        ("fpu avx2 avx_vnni", True),
        ("fpu avx2 avx512f", False),
        ("", False),
    ],
)
def test_eight_bits_are_for_processors_that_multiply_them(flags, made_for, tmp_path):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"model name\t: some\nflags\t\t: {flags}\n\nflags\t\t: {flags}\n")
    assert made_for_eight_bits(cpuinfo) == made_for
    assert not made_for_eight_bits(tmp_path / "no such file")


def test_the_setting_is_stronger_than_the_processor(monkeypatch):
    for asked in ("float", "int8"):
        monkeypatch.setenv("XMR_PRECISION", asked)
        assert precision() == asked
    monkeypatch.delenv("XMR_PRECISION")
    assert precision() == ("int8" if VNNI else "float")
