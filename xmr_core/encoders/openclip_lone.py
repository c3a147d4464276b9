"""CLIP's text tower over weights that stay in their file: for a question or two at a time.

A session of onnxruntime takes a copy of all weights before the first word, which costs a lone
search more than everything else. Here the checkpoint is mapped into memory and multiplied by
numpy as it lies there: nothing is read but what is used, and nothing is copied.

The numbers are the graph's but for the last bits: GELU stands on an error function that is off
by 1.5e-7 at most (Abramowitz and Stegun, Handbook of mathematical functions, 1964, 7.1.26).
"""

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from xmr_core.media import Floats

MOST = 2  # texts at once: the graph is quicker with more
_EPSILON = 1e-5  # of open_clip's norms
_ERF = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
_HEADER = 100_000_000  # bytes at most, as safetensors itself allows
_BLOCK = "transformer.resblocks.{}."
_LAYERS = (
    ("ln_1.weight", "ln_1.bias"),
    ("attn.in_proj_weight", "attn.in_proj_bias"),
    ("attn.out_proj.weight", "attn.out_proj.bias"),
    ("ln_2.weight", "ln_2.bias"),
    ("mlp.c_fc.weight", "mlp.c_fc.bias"),
    ("mlp.c_proj.weight", "mlp.c_proj.bias"),
)


class LoneText:
    """The text tower of a ``.safetensors`` file of open_clip's plain CLIP.

    Args:
        file: the checkpoint.
        heads: of its attention.
        quick: whether its GELU is OpenAI's approximation.

    Raises:
        KeyError: it has no such tower.
        ValueError: it is no such file, or has numbers of another kind.
        OSError: it cannot be read.
    """

    def __init__(self, file: Path, heads: int, quick: bool) -> None:
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if not 0 < length < _HEADER:
                raise ValueError(f"{file} is no safetensors file")
            self._told: dict[str, Any] = json.loads(stream.read(length))
        self._bytes = np.memmap(file, np.uint8, "r", offset=8 + length)
        self._heads, self._quick = heads, quick
        self._embedding, self._places = self._of("token_embedding.weight", "positional_embedding")
        self._blocks: list[list[list[Floats]]] = []
        while f"{(before := _BLOCK.format(len(self._blocks)))}ln_1.weight" in self._told:
            if before + "ls_1.gamma" in self._told:
                raise ValueError(f"{file} scales its layers")
            self._blocks.append([self._of(*(before + name for name in both)) for both in _LAYERS])
        self._norm = self._of("ln_final.weight", "ln_final.bias")
        (self._projection,) = self._of("text_projection")

    def _of(self, *names: str) -> list[Floats]:
        """Tensors, as views of the file."""
        found = []
        for name in names:
            told = self._told[name]
            if told["dtype"] != "F32":
                raise ValueError(f"{name} is {told['dtype']}")
            low, high = told["data_offsets"]
            found.append(self._bytes[low:high].view(np.float32).reshape(told["shape"]))
        return found

    def embed(self, ids: npt.NDArray[np.int64]) -> Floats:
        """Tokens i64 (n, l) with zeros after the end mark → unit rows f32 (n, d)."""
        # Products this small are not worth a second thread, which waits by taking a core.
        with _blas().limit(limits=1, user_api="blas"):
            return self._embedded(ids)

    def _embedded(self, ids: npt.NDArray[np.int64]) -> Floats:
        n, length = ids.shape
        x = self._embedding[ids] + self._places[:length]  # (n, l, w)
        width = x.shape[2]
        ahead = np.triu(np.full((length, length), -np.inf, np.float32), 1)
        for first, attention, out, second, up, down in self._blocks:
            y = _linear(_normal(x, first), attention).reshape(n, length, 3, self._heads, -1)
            q, k, v = y.transpose(2, 0, 3, 1, 4)  # (n, h, l, w / h) each
            scores = q @ k.swapaxes(2, 3) * np.float32((width // self._heads) ** -0.5) + ahead
            weights = np.exp(scores - scores.max(axis=3, keepdims=True))
            weights /= weights.sum(axis=3, keepdims=True)
            x = x + _linear((weights @ v).swapaxes(1, 2).reshape(n, length, width), out)
            y = _linear(_normal(x, second), up)
            x = x + _linear(_quick(y) if self._quick else _gelu(y), down)
        ends = x[np.arange(n), ids.argmax(axis=1)]  # the end mark is the largest number
        rows = _normal(ends, self._norm) @ self._projection
        unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        return unit.astype(np.float32)


@functools.lru_cache(maxsize=2)
def lone_text(file: Path, heads: int, quick: bool) -> LoneText:
    """The one of this file; see `LoneText`."""
    return LoneText(file, heads, quick)


@functools.cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def heads_of(network: Any, file: Path) -> tuple[int, bool] | None:
    """What `LoneText` must be told of a model and its file; None if it does not fit them.

    Tried on one line, since a file may be read otherwise than it lies: cut, scaled, renamed.
    """
    import torch
    from open_clip.transformer import QuickGELU

    block = network.transformer.resblocks[0]
    told = int(block.attn.num_heads), isinstance(block.mlp.gelu, QuickGELU)
    end = int(network.vocab_size) - 1
    ids = np.array([[end - 1, 320, 1929, end]], np.int64)
    context = np.zeros((1, int(network.context_length)), np.int64)
    context[:, : ids.shape[1]] = ids
    try:
        got = LoneText(file, *told).embed(ids)
    except (KeyError, ValueError, TypeError, OSError):
        return None
    with torch.inference_mode():
        own = network.encode_text(torch.from_numpy(context), normalize=True).numpy()
    return told if got.shape == own.shape and np.allclose(got, own, atol=1e-4) else None


def _linear(x: Floats, layer: list[Floats]) -> Floats:
    """(…, a) → (…, b) by weights (b, a) and a bias (b,)."""
    weight, bias = layer
    # In this order BLAS is a quarter quicker over the few rows of a text.
    found: Floats = ((weight @ x.reshape(-1, x.shape[-1]).T).T + bias).reshape(*x.shape[:-1], -1)
    return found


def _normal(x: Floats, layer: list[Floats]) -> Floats:
    apart = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.square(apart).mean(axis=-1, keepdims=True) + np.float32(_EPSILON))
    found: Floats = apart / spread * layer[0] + layer[1]
    return found


def _gelu(x: Floats) -> Floats:
    """x · Φ(x).

    >>> _gelu(np.array([-1, 0, 1], np.float32)).round(4).tolist()
    [-0.15870000422000885, 0.0, 0.8413000106811523]
    """
    z = np.abs(x) * np.float32(0.5**0.5)
    t = 1 / (1 + np.float32(0.3275911) * z)
    tail = np.zeros_like(t)
    for factor in _ERF:
        tail = tail * t + np.float32(factor)
    tail *= t * np.exp(-z * z)  # 1 - erf(|x| / √2)
    found: Floats = x * np.where(x < 0, tail / 2, 1 - tail / 2)
    return found


def _quick(x: Floats) -> Floats:
    """x · σ(1.702 x)."""
    found: Floats = x / (1 + np.exp(np.float32(-1.702) * x))
    return found
