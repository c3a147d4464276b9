"""Towers on a graphics card: how fast, and how near to what the card can compute and move at all.

The card's limits are measured in the same run: a large product of matrices in half precision, and
a large copy, whose bytes count as read and as written. Of a tower every convolution, product,
attention and look-up is counted with torch's own formulas; its bytes are those of its weights,
of what goes into it and of what comes out, once each, in half precision. That is computed, not
measured: what is added between, such as norms and activations, counts as done on the way.

A layer takes at least as long as its operations at the one limit and its bytes at the other,
whichever is more. The sum over layers is the least that the tower takes one layer after the
other; *of the limit* is that over the time it took.
"""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from xmr_core.bench import media
from xmr_core.bench.report import Figure
from xmr_core.bench.settings import setting
from xmr_core.bench.timing import rates
from xmr_core.encoders import Encoder, device, image, soundnet, text
from xmr_core.encoders.audio import BANDS, FRAMES, HOP, RATE, AudioEncoder
from xmr_core.encoders.image import TOWERS, ImageEncoder, prepare
from xmr_core.encoders.text import CLS, SEP, TextEncoder
from xmr_core.media import Audio, Image, Modality, Text
from xmr_core.profiles import load_profile

if TYPE_CHECKING:
    from xmr_core.encoders.card import Card

Arrays = Mapping[str, npt.NDArray[Any]]

BATCHES = (1, 16, 256)
_SIDE = 8192  # of the matrices
_COPIED = 1 << 30  # bytes
_REPEATS = 20
_CAPTION, _CHUNK = 16, 256  # word pieces of a short text and of a full chunk


@dataclass(frozen=True)
class Limits:
    """What a card can do: operations and bytes a second."""

    operations: float
    bytes: float


@dataclass(frozen=True)
class Layer:
    """What one layer has to do, for one item and once for all of them.

    Attributes:
        operations: of an item.
        moved: bytes of an item.
        weights: bytes, whatever the number of items.
    """

    operations: float
    moved: float
    weights: float

    def seconds(self, items: int, limits: Limits) -> float:
        """The least time for so many items.

        >>> Layer(operations=10, moved=2, weights=20).seconds(10, Limits(100, 10))
        4.0
        """
        moved = self.weights + items * self.moved
        return max(items * self.operations / limits.operations, moved / limits.bytes)


@dataclass(frozen=True)
class _Tower:
    """What is measured: a module, one of its outputs, its inputs, and an encoder of such media."""

    name: str
    unit: str
    card: "Callable[[], Card]"
    output: str
    inputs: Callable[[int], Arrays]
    encode: Callable[[int], Callable[[], Any]] | None = None


def bench_accelerator(batches: Sequence[int] = BATCHES, rounds: int = 3) -> Iterator[Figure]:
    """Items a second by batch on the card and on the processors, and shares of the card's limits.

    Args:
        batches: items at once.
        rounds: that count, of what is compared with the processors.
    """
    if why := device.missing():
        yield Figure(f"graphics cards to run towers on ({why}): skipped", 0, "cards")
        return
    import torch

    limits = measure_limits()
    card = torch.cuda.get_device_name()
    yield Figure(
        f"{card}, product of matrices in half precision", limits.operations / 1e12, "TFLOP/s"
    )
    yield Figure(f"{card}, copy, read and written", limits.bytes / 1e9, "GB/s")
    for tower in _towers():
        layers = layers_of(tower.card().export, tower.inputs)
        for batch in batches:
            yield from _measured(tower, layers, limits, batch)
            if tower.encode:
                yield from _compared(tower, batch, rounds)


def _measured(
    tower: _Tower, layers: Sequence[Layer], limits: Limits, batch: int
) -> Iterator[Figure]:
    inputs = tower.inputs(batch)
    card = tower.card()
    alone = seconds(card.again([tower.output], **inputs))
    (through,) = rates((lambda: card.run([tower.output], **inputs), batch), rounds=_REPEATS)
    operations = sum(layer.operations for layer in layers) * batch
    moved = sum(layer.weights + layer.moved * batch for layer in layers)
    least = sum(layer.seconds(batch, limits) for layer in layers)
    for column, value, unit in (
        ("alone", batch / alone, f"{tower.unit}/s"),
        ("from host to host", through, f"{tower.unit}/s"),
        ("computed", operations / alone / 1e12, "TFLOP/s"),
        ("of compute", 100 * operations / alone / limits.operations, "%"),
        ("moved", moved / alone / 1e9, "GB/s"),
        ("of bandwidth", 100 * moved / alone / limits.bytes, "%"),
        ("of the limit", 100 * least / alone, "%"),
    ):
        yield _cell(tower, batch, column, value, unit)


def _compared(tower: _Tower, batch: int, rounds: int) -> Iterator[Figure]:
    """The encoder as it is used, preparation of its media with it, on both."""
    if tower.encode is None:
        return
    encode = tower.encode(batch)

    def on_processors() -> None:
        with setting("XMR_DEVICE", "cpu"):
            encode()

    card, processors = rates((encode, batch), (on_processors, batch), rounds=rounds)
    yield _cell(tower, batch, "encoder", card, f"{tower.unit}/s")
    yield _cell(tower, batch, "encoder, processors", processors, f"{tower.unit}/s")
    yield _cell(tower, batch, "gain", card / processors, "×")


def _cell(tower: _Tower, batch: int, column: str, value: float, unit: str) -> Figure:
    name = f"{tower.name}, batch {batch}, {column}"
    return Figure(name, value, unit, cell=(tower.name, f"batch {batch}", column))


def measure_limits() -> Limits:
    """Of the card at hand, by torch; random numbers, for zeros compute faster."""
    import torch

    with torch.inference_mode():
        a = torch.randn(_SIDE, _SIDE, device="cuda", dtype=torch.float16)
        b, c = torch.randn_like(a), torch.empty_like(a)
        product = seconds(lambda: torch.mm(a, b, out=c))
        x = torch.randint(0, 256, (_COPIED,), device="cuda", dtype=torch.uint8)
        y = torch.empty_like(x)
        copy = seconds(lambda: y.copy_(x))
    return Limits(2 * _SIDE**3 / product, 2 * _COPIED / copy)


def seconds(work: Callable[[], Any]) -> float:
    """Median over runs, by the card's own clock."""
    import torch

    for _ in range(3):
        work()
    took: list[float] = []
    stopwatch: Any = torch.cuda.Event
    for _ in range(_REPEATS):
        start, end = (stopwatch(enable_timing=True) for _ in range(2))
        start.record()
        work()
        end.record()
        end.synchronize()
        took.append(start.elapsed_time(end) / 1000)
    return statistics.median(took)


def layers_of(export: Any, inputs: Callable[[int], Arrays]) -> list[Layer]:
    """The layers of a module, counted on the processors with one item and with two.

    Args:
        export: of the module.
        inputs: number of items → inputs.
    """
    import torch

    from xmr_core.encoders.fused import fused

    module: Any = fused(export.module)
    if hasattr(module, "wanted"):
        module.wanted = frozenset(("pooled",))
    found = []
    for items in (1, 2):
        with torch.no_grad(), _counter() as counted:  # layers come as they are computed
            module(*(torch.from_numpy(value) for value in inputs(items).values()))
        found.append(counted.found)
    return [
        Layer(two[0] - one[0], two[1] - one[1], 2 * one[1] - two[1])
        for one, two in zip(*found, strict=True)
    ]


def _counter() -> Any:
    """Notes (operations, bytes) of each layer that is run inside of it."""
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils.flop_counter import flop_registry

    class Counter(TorchDispatchMode):  # type: ignore[no-untyped-call]
        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self.found: list[tuple[float, float]] = []

        def __torch_dispatch__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            out = func(*args, **(kwargs or {}))
            packet = func._overloadpacket
            result = out[0] if isinstance(out, tuple) else out
            given = [x for x in args if isinstance(x, torch.Tensor)]
            if "scaled_dot_product" in str(packet):
                q, k = given[:2]
                self._note(4 * q.numel() * k.shape[-2], [*given[:3], result])
            elif packet in flop_registry:
                operations = flop_registry[packet](*args, **(kwargs or {}), out_val=out)
                self._note(operations, [*given, result])
            elif packet is torch.ops.aten.embedding:
                self._note(0, [result, result])
            return out

        def _note(self, operations: float, tensors: list[torch.Tensor]) -> None:
            self.found.append((float(operations), 2.0 * sum(t.numel() for t in tensors)))

    return Counter()


def _towers() -> Iterator[_Tower]:
    def encoding(encoder: Encoder[Any], some: Sequence[Any]) -> Callable[[int], Callable[[], Any]]:
        return lambda batch: lambda: encoder.encode(some[:batch])

    default: Any = load_profile("embedded").encoders[Modality.IMAGE]
    pictures = [Image(prepare(p, 320)) for p in media.photographs(16)] * 16
    networks: Any = image._graph
    for name in default.towers:

        def pixels(items: int, side: int = TOWERS[name].side) -> Arrays:
            some = [prepare(p.pixels, side) for p in pictures[: min(items, 16)]]
            return {"pixels": np.stack((some * items)[:items])}

        def card(name: str = name) -> "Card":
            found: Card = networks(name, default.tuning)
            return found

        encoder: Any = ImageEncoder((name,), default.tuning)
        yield _Tower(
            f"pictures, {name} with its tuned stages", "images", card, "pooled", pixels,
            encoding(encoder, pictures),
        )  # fmt: skip
    rng = np.random.default_rng(0)
    for length in (_CAPTION, _CHUNK):

        def ids(items: int, length: int = length) -> Arrays:
            numbers = rng.integers(2000, 28_000, (items, length))
            numbers[:, 0], numbers[:, -1] = CLS, SEP
            return {"ids": numbers, "mask": np.ones_like(numbers)}

        lines = media.SENTENCES if length == _CAPTION else [" ".join(media.SENTENCES * 4)]
        texts = [Text(f"{lines[i % len(lines)]}, number {i}") for i in range(max(BATCHES))]
        yield _Tower(
            f"texts of {length} word pieces", "texts", lambda: _card(text._graph()), "pooled", ids,
            encoding(TextEncoder(), texts),
        )  # fmt: skip

    def blocks(items: int) -> Arrays:
        return {"blocks": rng.uniform(0, 0.6, (items, FRAMES, BANDS)).astype(np.float32)}

    long = media.sound(max(BATCHES) * FRAMES * HOP / RATE)

    def listening(batch: int) -> Callable[[], Any]:
        part = Audio(long.samples[: batch * FRAMES * HOP], RATE)
        return lambda: AudioEncoder().encode([part])

    yield _Tower(
        "sounds, windows of 2.3 seconds", "windows", lambda: _card(soundnet.map_graph()), "cells",
        blocks, listening,
    )  # fmt: skip


def _card(network: Any) -> "Card":
    found: Card = network
    return found
