"""A graph's module run by torch on a graphics card, in place of onnxruntime on the processors.

The module is made ready once (`fused`), in half precision; each number of rows, rounded up to
a power of two, is captured as one CUDA graph, so that a run is one launch and not hundreds.
Inputs are gathered in pinned memory and copied while the run before them is still at work.
What comes back agrees with the module in single precision within a fiftieth of its length, which
is checked when it is loaded; a network that half precision is too coarse for stays in single
precision. On the device ``cpu``, which is there for the tests, all of this is single precision.
"""

import functools
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from xmr_core.encoders.fused import fused
from xmr_core.encoders.onnx import Export
from xmr_core.errors import ModelError

Array = npt.NDArray[Any]

_LOG = logging.getLogger(__name__)

ROWS = 256  # of one run at most
_SMALL = 12 << 30  # bytes of a card on which a quarter of that is enough
_OFF = 2e-2  # of an output's length, in half precision; a fifth of it was seen, cosine 0.99998
_SHAPES = 48  # that are captured; the ones used last stay
_AHEAD = 2  # runs under way while inputs are made for the next


class Card:
    """One module on one device; safe to run from several threads.

    Args:
        name: for messages.
        export: what would be exported as a graph.
        pool: makes inputs.
        device: of torch.

    Attributes:
        export: what it was made from.
        module: as it is run.
        larger: times as much in one run as on processors.
        step: a length that changes from run to run had better be a multiple of this.
    """

    larger = 16
    step = 16

    def __init__(
        self, name: str, export: Export, pool: Callable[[], ThreadPoolExecutor], device: str
    ) -> None:
        self.export, self._outputs = export, export.outputs
        self._pool = pool
        self.device = torch.device(device)
        self.lane = _lane(device) if self.device.type == "cuda" else None
        self.rows = self.lane.rows if self.lane else ROWS
        self._lock = self.lane.lock if self.lane else threading.Lock()
        self._runs: OrderedDict[Any, _Run] = OrderedDict()
        ready = fused(export.module).to(memory_format=torch.channels_last)
        self.module: torch.nn.Module = ready.to(self.device)
        if self.lane:
            self.module = self.module.half()
        off = self._off()
        if self.lane and not off <= _OFF:
            self.module = self.module.float()
            self._runs.clear()
            off = self._off()
        if not off <= _OFF:
            raise ModelError(
                f"On {self.device} '{name}' is off by {100 * off:.2g}% of its length.",
                "Set XMR_DEVICE=cpu, and please report this with the version of torch.",
            )

    def run(self, outputs: Sequence[str], **inputs: Array) -> list[Array]:
        """The named outputs, in order."""
        rows = len(next(iter(inputs.values())))
        starts = range(0, rows, self.rows) if rows else [0]
        pieces = [{k: v[at : at + self.rows] for k, v in inputs.items()} for at in starts]
        waiting = [self._start(outputs, [piece]) for piece in pieces]
        done = [result.take() for result in waiting]
        return done[0] if len(done) == 1 else [np.concatenate(d) for d in zip(*done, strict=True)]

    def each(self, output: str, inputs: Iterable[Callable[[], Mapping[str, Array]]]) -> list[Array]:
        """One output for each of several inputs, in order; made side by side, run together."""
        made = self._pool().map(lambda make: make(), inputs)
        waiting: list[tuple[_Result, list[int]]] = []
        results: list[Array] = []

        def take() -> None:
            result, counts = waiting.pop(0)
            (rows,) = result.take()
            results.extend(np.split(rows, np.cumsum(counts)[:-1]))

        for some in _gathered(made, self.rows):
            counts = [len(next(iter(one.values()))) for one in some]
            waiting.append((self._start([output], some), counts))
            if len(waiting) > _AHEAD:
                take()
        while waiting:
            take()
        return results

    def _start(self, outputs: Sequence[str], some: Sequence[Mapping[str, Array]]) -> "_Result":
        """Set a run of several inputs together under way."""
        rows = sum(len(next(iter(one.values()))) for one in some)
        padded = 1 << max(0, rows - 1).bit_length() if self.lane else rows
        fed = {}
        for key, like in some[0].items():
            whole = torch.empty(
                (padded, *like.shape[1:]),
                dtype=torch.from_numpy(np.empty(0, like.dtype)).dtype,
                pin_memory=self.lane is not None,
            )
            at = 0
            for one in some:
                piece = np.ascontiguousarray(one[key])
                if not piece.flags.writeable:
                    piece = piece.copy()
                whole[at : at + len(piece)].copy_(torch.from_numpy(piece))
                at += len(piece)
            whole[rows:] = whole[rows - 1] if rows else 0  # any row would do
            fed[key] = whole
        with self._lock, torch.inference_mode():
            return _Result(*self._at(outputs, fed)(fed), rows)

    def _at(self, outputs: Sequence[str], fed: Mapping[str, torch.Tensor]) -> "_Run":
        key = (tuple(outputs), tuple((k, tuple(v.shape), v.dtype) for k, v in fed.items()))
        if key not in self._runs:
            self._runs[key] = _Run(self, outputs, fed)
            if len(self._runs) > _SHAPES:
                self._runs.popitem(last=False)
        self._runs.move_to_end(key)
        return self._runs[key]

    def again(self, outputs: Sequence[str], **inputs: Array) -> Callable[[], None]:
        """A run without its copies, to be done again and again; for measuring."""
        fed = {key: torch.from_numpy(value.copy()) for key, value in inputs.items()}
        with self._lock, torch.inference_mode():
            run = self._at(outputs, fed)
            run(fed)
        return run.work

    def called(self, outputs: Sequence[str], inputs: Iterable[torch.Tensor]) -> list[torch.Tensor]:
        """The module's outputs in single precision; those not asked for are spared if it can."""
        if hasattr(self.module, "wanted"):
            self.module.wanted = frozenset(outputs)  # type: ignore[assignment]
        precision = next(self.module.parameters()).dtype if self._parametric else torch.float32
        given = [x.to(precision) if x.is_floating_point() else x for x in inputs]
        got = self.module(*given)
        got = got if isinstance(got, tuple) else (got,)
        return [got[self._outputs.index(output)].float() for output in outputs]

    @property
    def _parametric(self) -> bool:
        return next(self.module.parameters(), None) is not None

    def _off(self) -> float:
        """How far outputs are from the module's own, as a share of their length."""
        export = self.export
        with torch.inference_mode():
            eager = export.module(*export.inputs.values())
        expected = eager if isinstance(eager, tuple) else (eager,)
        got = self.run(self._outputs, **{k: v.numpy() for k, v in export.inputs.items()})
        off = 0.0
        for reference, found in zip((e.numpy() for e in expected), got, strict=True):
            if found.shape != reference.shape or not np.isfinite(found).all():
                return np.inf
            apart = np.linalg.norm(reference - found) / np.linalg.norm(reference)
            off = max(off, float(apart))
        return off


class _Lane:
    """What all modules on one card share: they take turns, in memory that each uses in its turn.

    Attributes:
        feeding, working: streams that inputs come by, and that everything else is done in.
        pool: memory of what is captured.
        lock: held while work is handed out.
        rows: of one run at most.
    """

    def __init__(self, device: str) -> None:
        stream: Any = torch.cuda.Stream
        self.feeding, self.working = stream(device), stream(device)
        self.pool = torch.cuda.graph_pool_handle()
        self.lock = threading.Lock()
        room = torch.cuda.get_device_properties(device).total_memory
        self.rows = ROWS if room >= _SMALL else ROWS // 4


@functools.cache
def _lane(device: str) -> _Lane:
    return _Lane(device)


class _Run:
    """The module at one shape of its inputs, captured where it is run on a card."""

    def __init__(
        self, card: Card, outputs: Sequence[str], like: Mapping[str, torch.Tensor]
    ) -> None:
        self._card, self._wanted = card, tuple(outputs)
        if card.lane is None:
            return
        working = card.lane.working
        with (
            torch.cuda.stream(working),
            torch.backends.cudnn.flags(enabled=True, benchmark=True, allow_tf32=False),
        ):
            self.inputs = {key: value.to(card.device) for key, value in like.items()}
            for _ in range(2):  # what is chosen or compiled at first use is not to be captured
                card.called(outputs, self.inputs.values())
            working.synchronize()
            self.graph: torch.cuda.CUDAGraph | None = torch.cuda.CUDAGraph()
            try:
                with torch.cuda.graph(self.graph, card.lane.pool, working, "thread_local"):
                    self.outputs = card.called(outputs, self.inputs.values())
            except RuntimeError as error:  # a library that looks at values on the way
                _LOG.info("A network cannot be captured and is run step by step: %s", error)
                self.graph = None

    def __call__(
        self, fed: Mapping[str, torch.Tensor]
    ) -> "tuple[list[torch.Tensor], torch.cuda.Event | None]":
        """Outputs, on the host once the event has come about."""
        lane = self._card.lane
        if lane is None:
            return self._card.called(self._wanted, fed.values()), None
        feeding, working = lane.feeding, lane.working
        with torch.cuda.stream(feeding):
            near = {
                key: value.to(self._card.device, non_blocking=True) for key, value in fed.items()
            }
        working.wait_stream(feeding)
        with torch.cuda.stream(working):
            for key, value in near.items():
                self.inputs[key].copy_(value)
                value.record_stream(working)
            self.work()
            back = [torch.empty(o.shape, dtype=o.dtype, pin_memory=True) for o in self.outputs]
            for host, output in zip(back, self.outputs, strict=True):
                host.copy_(output, non_blocking=True)
            event: Any = getattr(torch.cuda, "Event")()  # noqa: B009 - it has no types
            event.record(working)
        return back, event

    def work(self) -> None:
        """From inputs on the card to outputs on the card."""
        if self.graph:
            self.graph.replay()
        else:
            self.outputs = self._card.called(self._wanted, self.inputs.values())


@dataclass
class _Result:
    """What a run gives, perhaps not yet."""

    tensors: list[torch.Tensor]
    event: "torch.cuda.Event | None"
    rows: int

    def take(self) -> list[Array]:
        """Wait for it."""
        if self.event is not None:
            self.event.synchronize()
        return [np.array(tensor[: self.rows].numpy()) for tensor in self.tensors]


def _gathered(
    made: Iterator[Mapping[str, Array]], most: int
) -> Iterator[list[Mapping[str, Array]]]:
    """Neighbours of the same shape but for their rows, up to so many together.

    >>> x = np.zeros((150, 2)), np.zeros((100, 2)), np.zeros((10, 2)), np.zeros((10, 3))
    >>> [[len(one["x"]) for one in some] for some in _gathered(iter([{"x": a} for a in x]), 256)]
    [[150, 100], [10], [10]]
    """
    some: list[Mapping[str, Array]] = []
    rows, shapes = 0, None
    for one in made:
        here = {key: (value.shape[1:], value.dtype) for key, value in one.items()}
        count = len(next(iter(one.values())))
        if some and (here != shapes or rows + count > most):
            yield some
            some, rows = [], 0
        some.append(one)
        rows, shapes = rows + count, here
    if some:
        yield some
