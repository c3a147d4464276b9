"""Torch modules as ONNX graphs: exported once, checked, cached, run by onnxruntime.

Where there is a graphics card, torch runs the module itself on it (see `card`).

A graph's file name carries a digest of all that could change its numbers: the
weights' SHA-256, the exporter's version, and the versions of torch and
onnxruntime. Once a graph is there, running it imports neither torch nor the
library that describes the architecture.
"""

import errno
import functools
import hashlib
import importlib.metadata
import os
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from xmr_core.encoders import eightbits
from xmr_core.encoders.device import device, execution_providers
from xmr_core.encoders.graph_file import sound, written
from xmr_core.encoders.precision import precision
from xmr_core.errors import DiskFull, ModelError
from xmr_core.paths import cache_dir

if TYPE_CHECKING:
    import torch

Array = npt.NDArray[Any]
_LARGE = 100 << 20  # bytes of weights, which then have a file of their own


@dataclass(frozen=True, slots=True)
class Export:
    """What a graph is made from.

    Attributes:
        module: in evaluation mode; takes the inputs in order, returns a tensor or a tuple. Where it
            has an attribute ``wanted``, a set of names, it may give anything for other outputs.
        inputs: name → sample; its values are what the graph is checked on.
        outputs: names.
        dynamic: name of an input → {axis: name of the size}.
    """

    module: "torch.nn.Module"
    inputs: Mapping[str, "torch.Tensor"]
    outputs: tuple[str, ...]
    dynamic: Mapping[str, Mapping[int, str]]


class Network(Protocol):
    """What runs a module.

    Attributes:
        larger: times as much may be in one run as on processors.
        step: a length that changes from run to run had better be a multiple of this.
    """

    larger: int
    step: int

    def run(self, outputs: Sequence[str], **inputs: Array) -> list[Array]:
        """The named outputs, in order."""
        ...

    def each(
        self, output: str, inputs: Iterable[Callable[[], Mapping[str, Array]]]
    ) -> Iterable[Array]:
        """One output for each of several inputs, in order, which are made where that is best.

        Runs may go on until the outputs are taken, beside those of another network.
        """
        ...


class Graph:
    """One onnxruntime session; safe to run from several threads.

    Args:
        path: of the graph.
        apart: each run keeps to one core, and ``each`` does several runs at once. Convolutions
            gain half again by it: their layers are too small to be shared out one by one.
    """

    larger = step = 1

    def __init__(self, path: Path, apart: bool = False) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1 if apart else threads()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Spinning threads would take the cores that readers decode on.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._only = onnxruntime.RunOptions()
        self._only.only_execute_path_to_fetches = True  # what is not asked for is not run
        self._session: onnxruntime.InferenceSession = onnxruntime.InferenceSession(
            str(path), options, providers=execution_providers()
        )

    def run(self, outputs: Sequence[str], **inputs: Array) -> list[Array]:
        """The named outputs, in order."""
        return list(self._session.run(list(outputs), inputs, self._only))

    def each(
        self, output: str, inputs: Iterable[Callable[[], Mapping[str, Array]]]
    ) -> Iterator[Array]:
        """One output for each of several inputs, in order, on all cores; all runs have begun.

        Args:
            output: its name.
            inputs: make the inputs of a run, where it is run.
        """

        def one(make: Callable[[], Mapping[str, Array]]) -> Array:
            return self.run([output], **make())[0]

        return _pool().map(one, inputs)


def threads() -> int:
    """Threads of one graph: ``$XMR_THREADS``, or the physical cores this process may use."""
    if (asked := os.environ.get("XMR_THREADS", "")).isdigit() and int(asked) > 0:
        return int(asked)
    import psutil

    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(allowed or 1, psutil.cpu_count(logical=False) or 1))


@functools.cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), "xmr-tower")


def graphs_dir() -> Path:
    """The folder of exported graphs."""
    return cache_dir() / "graphs"


_graphs: dict[tuple[str, Path], Network] = {}
_graphs_lock = threading.Lock()


def graph(
    name: str,
    weights: Sequence[str],
    version: int,
    build: Callable[[], Export],
    apart: bool = False,
    sample: Callable[[], Sequence[Mapping[str, Array]]] | None = None,
) -> Network:
    """The graph of a module, exported if it is not cached; one session per process.

    On a graphics card it is the module itself, which is built in each process.

    Args:
        name: as in the file name, such as ``efficientnet-lite2``.
        weights: SHA-256 of every file of weights in it.
        version: raised by the caller when ``build`` changes.
        build: makes the module; called only when there is no sound graph.
        apart: see `Graph`.
        sample: gives inputs such as there will be; with them the graph runs in eight bits where
            that suits the processor (`precision`) and stays close on them.

    Raises:
        ModelError: the graph does not reproduce the module, the cache cannot be written, or
            ``XMR_DEVICE`` asks for a card that is not there.
        DiskFull: no room in the cache.
    """
    exact, where = _path(name, weights, version), device()
    path = exact
    if sample is not None and precision() == "int8" and where == "cpu":
        path = exact.with_name(f"{exact.stem}-int8-{eightbits.VERSION}.onnx")
    with _graphs_lock:
        if (where, path) not in _graphs:
            if where != "cpu":
                from xmr_core.encoders.card import Card

                _graphs[where, path] = Card(name, build(), _pool, where)
            else:
                if not (sound(path) or sound(exact)):
                    _locked(exact, name, lambda: _export(exact, name, build()))
                if sample is not None and path != exact and not sound(path):
                    _locked(path, name, partial(_shorten, exact, path, sample()))
                _graphs[where, path] = Graph(path, apart)
        return _graphs[where, path]


@functools.cache  # reading what a package says of itself takes milliseconds, at each query
def _made_by() -> tuple[str, ...]:
    return tuple(importlib.metadata.version(package) for package in ("torch", "onnxruntime"))


def _shorten(exact: Path, path: Path, sample: Sequence[Mapping[str, Array]]) -> None:
    """Write a graph in eight bits, made from one in floating point."""
    with written(path) as temporary:
        eightbits.write(exact, temporary, sample)


def is_made(name: str, weights: Sequence[str], version: int) -> bool:
    """Whether `graph` would find the exact graph of these in the cache."""
    return sound(_path(name, weights, version))


def _path(name: str, weights: Sequence[str], version: int) -> Path:
    digest = hashlib.sha256("\n".join([*weights, str(version), *_made_by()]).encode()).hexdigest()
    return graphs_dir() / f"{name}-{digest[:16]}.onnx"


def _locked(path: Path, name: str, make: Callable[[], None]) -> None:
    import filelock

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(path.with_suffix(".lock")):
            if not sound(path):  # another process may have exported it meanwhile
                make()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                f"No room for the graph of '{name}' in {path.parent}.",
                "Free some space, or set XMR_CACHE to a folder on another disk.",
            ) from error
        raise ModelError(
            f"The graph of '{name}' cannot be kept: {path.parent} is not writable "
            f"({error.strerror or error}).",
            "Set XMR_CACHE to a folder that is.",
        ) from error


def _export(path: Path, name: str, export: Export) -> None:
    import torch

    samples = tuple(export.inputs.values())
    shapes = {
        key: {axis: torch.export.Dim(size) for axis, size in export.dynamic.get(key, {}).items()}
        for key in export.inputs
    }
    with written(path) as temporary:
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter(
                "ignore"
            )  # the exporter's own deprecations, none about the result
            torch.onnx.export(
                export.module,
                samples,
                temporary,
                input_names=list(export.inputs),
                output_names=list(export.outputs),
                dynamic_shapes=tuple(shapes[key] for key in export.inputs),
                dynamo=True,
                external_data=_bytes(export.module) > _LARGE,
                verbose=False,
            )
        _check(name, Graph(temporary), export)


def _bytes(module: "torch.nn.Module") -> int:
    """What its weights take."""
    return sum(tensor.nbytes for tensor in (*module.parameters(), *module.buffers()))


def _check(name: str, graph: Graph, export: Export) -> None:
    """Compare with the module on the sample and on its first row alone.

    Raises:
        ModelError: any output is off by more than a thousandth of its largest value.
    """
    import torch

    rows = next(iter(export.inputs.values())).shape[0]
    for stop in (rows, 1):
        inputs = {key: value[:stop] for key, value in export.inputs.items()}
        with torch.inference_mode():
            eager = export.module(*inputs.values())
        eager = eager if isinstance(eager, tuple) else (eager,)
        ran = graph.run(export.outputs, **{k: v.numpy() for k, v in inputs.items()})
        for output, expected, got in zip(export.outputs, eager, ran, strict=True):
            reference = expected.numpy()
            off = float(np.abs(reference - got).max()) if got.shape == reference.shape else np.inf
            if not off <= 1e-3 * float(np.abs(reference).max()):
                raise ModelError(
                    f"The exported graph of '{name}' is off by {off:.2g} in '{output}'.",
                    "Please report this with the versions of torch and onnxruntime.",
                )
