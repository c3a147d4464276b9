"""Graphs of convolutions in whole numbers of eight bits, made from graphs in floating point.

onnxruntime runs a convolution in whole numbers where its inputs, its weights and what comes out
are each said to be some (by pairs of ``QuantizeLinear`` and ``DequantizeLinear``). Weights have a
scale for each output and are `rounded`; the media between two layers have one scale, from zero to
the bound of the activation where there is one, and otherwise as wide as they were on a sample.
Small layers at the beginning stay in floating point, for what they lose goes through all others,
and so does what is averaged or put side by side at the end.

Processors do this in one instruction for four products (VNNI of x86); those without it would
give wrong sums, for two products of eight bits do not fit into sixteen.
"""

import itertools
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from xmr_core.encoders.rounding import rounded
from xmr_core.media import Floats

if TYPE_CHECKING:
    import onnx
    import onnxruntime

Array = npt.NDArray[Any]
Sample = Sequence[Mapping[str, Array]]

VERSION = 1  # raise when the graphs made here change
FURTHEST = 0.1  # that an output may stray on the sample, by the length of what it should be
_BOUNDED = ("Clip", "Relu")
_LOG = logging.getLogger(__name__)
_SMALL = 1000  # weights; the first layers are left as they are as long as they have fewer
_LEVELS = 255


@dataclass(slots=True)
class _Seen:
    """What a tensor (b, c, …) was on the sample: its ends, and sums over its channels."""

    low: float = np.inf
    high: float = -np.inf
    count: int = 0
    sums: Array = field(default_factory=lambda: np.zeros(0))
    squares: Array = field(default_factory=lambda: np.zeros(0))

    def add(self, values: Array) -> None:
        self.low = min(self.low, float(values.min()))
        self.high = max(self.high, float(values.max()))
        rows = np.moveaxis(values, 1, 0).reshape(values.shape[1], -1).astype(np.float64)  # (c, n)
        first = not self.count
        self.sums = rows.sum(1) if first else self.sums + rows.sum(1)
        self.squares = (rows**2).sum(1) if first else self.squares + (rows**2).sum(1)
        self.count += rows.shape[1]

    @property
    def mean(self) -> Array:
        return self.sums / self.count

    @property
    def variance(self) -> Array:
        return np.asarray(np.maximum(self.squares / self.count - self.mean**2, 0))


class _Plan:
    """Which convolutions of a graph, and which tensors between them, are to be whole numbers."""

    def __init__(self, graph: "onnx.GraphProto") -> None:
        from onnx import numpy_helper

        self.made = {out: node for node in graph.node for out in node.output}
        self.used: dict[str, list[onnx.NodeProto]] = {}
        for node in graph.node:
            for name in node.input:
                self.used.setdefault(name, []).append(node)
        self.constants = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        layers = [n for n in graph.node if n.op_type == "Conv" and n.input[1] in self.constants]
        small = (self.constants[n.input[1]].size < _SMALL for n in layers)
        first = sum(1 for _ in itertools.takewhile(bool, small))
        self.convolutions = [n for n in layers[first:] if self._inner(n)]
        self.bounds = {
            node.output[0]: after
            for node in self.convolutions
            if (after := self._bound(node.output[0])) is not None
        }
        tensors = [node.input[0] for node in self.convolutions]
        tensors += [self.after(node.output[0]) for node in self.convolutions]
        tensors += [n.output[0] for n in graph.node if n.op_type == "Add" and self._inner(n)]
        self.tensors = list(dict.fromkeys(tensors))

    def after(self, name: str) -> str:
        """A convolution's output, or what is left of it within its bounds."""
        return self.bounds[name].output[0] if name in self.bounds else name

    def range(self, name: str, seen: _Seen) -> tuple[float, float]:
        """The ends of a tensor."""
        node = self.made.get(name)
        while node is not None and node.op_type == "MaxPool":
            name = node.input[0]
            node = self.made.get(name)
        kind = node.op_type if node is not None else ""
        if node is not None and kind == "Clip":
            low, high = (float(self.constants[end]) for end in node.input[1:3])
            return low, high
        return min(seen.low, 0.0), max(seen.high, 0.0)

    def _inner(self, node: "onnx.NodeProto") -> bool:
        """Another layer follows: the last ones are not worth it."""
        kinds = {after.op_type for after in self.used.get(node.output[0], ())}
        return bool(kinds & {"Conv", "Add", *_BOUNDED})

    def _bound(self, name: str) -> "onnx.NodeProto | None":
        after = self.used.get(name, [])
        if len(after) != 1 or after[0].op_type not in _BOUNDED:
            return None
        ends = after[0].input[1:]
        return after[0] if all(end in self.constants for end in ends) else None


def in_eight_bits(model: "onnx.ModelProto", sample: Sample) -> "onnx.ModelProto":
    """The same graph with its convolutions in whole numbers.

    Args:
        model: in floating point.
        sample: inputs such as it will have.
    """
    plan = _Plan(model.graph)
    return _rewritten(model, plan, _seen(model, plan, sample))


def write(exact: Path, to: Path, sample: Sample) -> None:
    """Write a graph in eight bits, or a copy of the exact one where those stray from it.

    Args:
        exact: a graph in floating point.
        to: the file.
        sample: inputs such as it will have.
    """
    import onnx

    onnx.save(in_eight_bits(onnx.load(exact), sample), to)
    strays = astray(exact, to, sample)
    if not strays <= FURTHEST:  # nor is it by what is no number
        _LOG.warning("%s stays in floating point: eight bits are off by %.2g", exact.name, strays)
        onnx.save(onnx.load(exact), to)  # in one file, whatever the exact one is in


def astray(exact: Path, other: Path, sample: Sample) -> float:
    """How far a graph's outputs are from another's: the length of what is wrong by theirs."""
    runs = [_session(path) for path in (exact, other)]
    far = []
    for output in (one.name for one in runs[0].get_outputs()):
        right, got = (
            np.concatenate([run.run([output], feed)[0].ravel() for feed in sample]) for run in runs
        )
        far.append(float(np.linalg.norm(got - right) / max(float(np.linalg.norm(right)), 1e-12)))
    return max(far)


def _session(graph: Path | bytes) -> "onnxruntime.InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    source = graph if isinstance(graph, bytes) else str(graph)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def _seen(model: "onnx.ModelProto", plan: _Plan, sample: Sample) -> dict[str, _Seen]:
    """What the tensors of the plan are on a sample."""
    import onnx
    from onnx import helper

    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    known = {output.name for output in watched.graph.output}
    for name in plan.tensors:
        if name not in known:
            info = helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
            watched.graph.output.append(info)
    session = _session(watched.SerializeToString())
    seen = {name: _Seen() for name in plan.tensors}
    for feed in sample:
        for name, values in zip(plan.tensors, session.run(plan.tensors, feed), strict=True):
            seen[name].add(values)
    return seen


def _rewritten(
    model: "onnx.ModelProto", plan: _Plan, seen: Mapping[str, _Seen]
) -> "onnx.ModelProto":
    import onnx
    from onnx import helper, numpy_helper

    made = onnx.ModelProto()
    made.CopyFrom(model)
    constants: dict[str, Array] = dict(plan.constants)
    nodes: list[onnx.NodeProto] = []
    scales: dict[str, Floats] = {}
    readings = itertools.count()

    def counted(name: str, source: str) -> None:
        """Count ``source`` in whole numbers, to be read by all who read ``name``."""
        low, high = plan.range(name, seen[name])
        scale = np.float32(max((high - low) / _LEVELS, 1e-8))
        zero = np.uint8(np.clip(round(-low / scale), 0, _LEVELS))
        constants[f"{name}:scale"], constants[f"{name}:zero"] = np.array(scale), np.array(zero)
        ends = [f"{name}:scale", f"{name}:zero"]
        nodes.append(helper.make_node("QuantizeLinear", [source, *ends], [f"{name}:whole"]))
        scales[name] = np.asarray(scale)

    def read(name: str) -> str:
        """What stands for a tensor: each reader's own, or layers are not taken together."""
        if name not in scales:
            return name
        ends = [f"{name}:{end}" for end in ("whole", "scale", "zero")]
        own = f"{name}:{next(readings)}"
        nodes.append(helper.make_node("DequantizeLinear", ends, [own]))
        return own

    def constant(name: str, whole: Array, scale: Floats) -> str:
        """Whole numbers with a scale for each of the first axis."""
        zeros = np.zeros(len(scale), whole.dtype)
        for end, values in (("whole", whole), ("scale", scale), ("zero", zeros)):
            constants[f"{name}:{end}"] = values
        ends = [f"{name}:{end}" for end in ("whole", "scale", "zero")]
        nodes.append(helper.make_node("DequantizeLinear", ends, [f"{name}:8"], axis=0))
        return f"{name}:8"

    chosen = {node.output[0] for node in plan.convolutions}
    gone = {node.output[0] for node in plan.bounds.values()}
    for name in plan.tensors:
        if name not in plan.made:
            counted(name, name)
    for node in model.graph.node:
        if node.output[0] in gone:
            continue
        new = onnx.NodeProto()
        new.CopyFrom(node)
        new.input[:] = [read(name) for name in node.input]
        if node.output[0] in chosen:
            x, weight = node.input[:2]
            whole, scale = rounded(plan.constants[weight], seen[x].mean, seen[x].variance)
            new.input[1] = constant(weight, whole, scale)
            if len(node.input) > 2:
                fine = (scales[x] * scale).astype(np.float32)
                exact = plan.constants[node.input[2]] / fine.astype(np.float64)
                most = np.iinfo(np.int32).max
                bias = np.clip(np.round(exact), -most, most).astype(np.int32)
                new.input[2] = constant(node.input[2], bias, fine)
        out = plan.after(node.output[0])
        if out in plan.tensors:
            new.output[0] = f"{out}:exact"
            nodes.append(new)
            counted(out, f"{out}:exact")
        else:
            nodes.append(new)
    del made.graph.node[:], made.graph.initializer[:], made.graph.value_info[:]
    made.graph.node.extend(nodes)
    wanted = {name for node in nodes for name in node.input}
    made.graph.initializer.extend(
        numpy_helper.from_array(np.array(values, order="C"), name)
        for name, values in constants.items()
        if name in wanted
    )
    return made
