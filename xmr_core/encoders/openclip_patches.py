"""What an OpenCLIP model says of the patches of a picture and of the words of a text.

CLIP gives one vector for a whole; the towers in ``openclip_towers`` and ``openclip_words``
give one for each place, in the same space, and how much each place raises a score. Here the
places get their boxes: a picture is cropped to a square before the model sees it, and only
what it saw can have made it answer.

Letters of shapes: g × h cells, w words, p parts, d joint dimensions.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from xmr_core.encoders import openclip_towers, openclip_words
from xmr_core.encoders.openclip_words import merge_words, places_of_words
from xmr_core.errors import ExplanationError
from xmr_core.media import Bytes, Floats

if TYPE_CHECKING:
    from xmr_core.encoders.openclip import OpenClip

_BATCH = 4  # pictures taken apart at once: some poolings need a copy of a picture for each cell
_LINES = 16


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """The cells of a picture.

    Attributes:
        tokens: f32 (g, h, d), unit: the last layer's reading of each cell.
        values: f32 (g, h, d), unit: the value path's.
        boxes: f32 (g · h, 2, 2), (y, x) in 0…1 of the picture, row by row; what was cropped
            away is in none of them, and cells of a margin that was added are empty.
    """

    tokens: Floats
    values: Floats
    boxes: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a text.

    Attributes:
        tokens: f32 (w, d), unit: the last layer's reading of each word.
        values: f32 (w, d), unit: the value path's.
        boxes: f32 (w, 2, 1), characters.
    """

    tokens: Floats
    values: Floats
    boxes: Floats


@dataclass(frozen=True, slots=True)
class Passage:
    """What the model reads at once: a ``line``, and the ``spans`` of its words, in characters
    of the whole text, of which it begins at ``start``."""

    line: str
    spans: Sequence[tuple[int, int]]
    start: int


class LocalFeatures:
    """One model's places.

    Its methods raise ``ExplanationError`` for architectures without local features.

    Args:
        model: the model.
    """

    def __init__(self, model: "OpenClip") -> None:
        self._model = model

    @cached_property
    def _pictures(self) -> openclip_towers.Tower:
        return openclip_towers.tower_of(self._model.network.visual)

    @cached_property
    def _texts(self) -> openclip_words.Tower:
        return openclip_words.tower_of(self._model.network)

    @property
    def has_patches(self) -> bool:
        """Whether pictures can be taken apart."""
        with suppress(ExplanationError):
            return self._pictures is not None
        return False

    @property
    def has_words(self) -> bool:
        """Whether texts can be taken apart."""
        with suppress(ExplanationError):
            return self._texts is not None
        return False

    def patches(self, pictures: Sequence[Bytes]) -> list[Patches]:
        """Take pictures u8 (H, W, 3) apart."""
        found: list[Patches] = []
        with torch.no_grad():
            for start in range(0, len(pictures), _BATCH):
                some = pictures[start : start + _BATCH]
                pixels = self._model.prepare(some)
                tokens = _unit(self._pictures.tokens(pixels))  # (n, g, h, d)
                values = _unit(self._pictures.values(pixels))
                found += [
                    Patches(t, v, self._boxes(picture.shape[:2], t.shape[:2]))
                    for picture, t, v in zip(some, tokens, values, strict=True)
                ]
        return found

    def patch_heat(self, pictures: Sequence[Bytes], direction: Floats) -> list[Floats]:
        """How much each cell raises ``vector @ direction`` of its picture: f32 (g, h) each, ≥ 0.

        By attention in transformers (Chefer et al.), by gradients of the last map elsewhere
        (Grad-CAM).

        Args:
            pictures: u8 (H, W, 3).
            direction: f32 (d,).
        """
        towards = self._direction(direction)
        return [self._pictures.heat(self._model.prepare([p]), towards)[0] for p in pictures]

    def words(self, passages: Sequence[Passage]) -> Words:
        """Take a text's passages apart; words that the tokeniser leaves out are left out."""
        tokens: list[Floats] = []
        values: list[Floats] = []
        boxes: list[tuple[int, int]] = []
        with torch.no_grad():
            for some, ids in self._lines(passages):
                read = (self._texts.tokens(ids), self._texts.values(ids))  # (n, l, d) each
                last, value = (rows.float().cpu().numpy() for rows in read)
                for i, (passage, line) in enumerate(zip(some, ids.tolist(), strict=True)):
                    places, spans = self._places(passage, line)
                    tokens.append(merge_words(last[i], places, "mean"))
                    values.append(merge_words(value[i], places, "mean"))
                    boxes += spans
        return Words(
            _rows(np.concatenate(tokens)),
            _rows(np.concatenate(values)),
            np.array(boxes, np.float32).reshape(-1, 2, 1),
        )

    def word_heat(self, passages: Sequence[Passage], direction: Floats) -> Floats:
        """How much each of those words raises ``vector @ direction`` of its passage: f32 (w,), ≥ 0.

        Args:
            passages: of a text.
            direction: f32 (d,).
        """
        towards = self._direction(direction)
        found = []
        for some, ids in self._lines(passages):
            heat = self._texts.heat(ids, towards)  # (n, l)
            for passage, line, row in zip(some, ids.tolist(), heat, strict=True):
                found.append(merge_words(row, self._places(passage, line)[0], "sum"))
        return np.concatenate(found)

    def _direction(self, direction: Floats) -> torch.Tensor:
        return torch.from_numpy(np.array(direction, np.float32)).to(self._model.device)

    def _lines(self, passages: Sequence[Passage]) -> list[tuple[Sequence[Passage], torch.Tensor]]:
        batches = [passages[i : i + _LINES] for i in range(0, len(passages), _LINES)]
        return [(some, self._model.tokens([p.line for p in some])) for some in batches]

    def _places(
        self, passage: Passage, line: Sequence[int]
    ) -> tuple[list[list[int]], list[tuple[int, int]]]:
        """Places in the line of tokens, and the characters, of the words that have any."""
        start = passage.start
        words = [
            self._model.word_tokens(passage.line[low - start : high - start])
            for low, high in passage.spans
        ]
        line, special = self._model.marked(line)
        places = places_of_words(line, words, special)
        kept = [i for i, some in enumerate(places) if some]
        return [places[i] for i in kept], [passage.spans[i] for i in kept]

    def _boxes(self, shape: tuple[int, ...], grid: tuple[int, ...]) -> Floats:
        """Boxes of the cells of a picture of this shape (H, W), row by row."""
        low, high = seen(self._model.network.visual.preprocess_cfg, shape)
        edges = [
            np.clip(low[i] + (high[i] - low[i]) * np.linspace(0, reach, n + 1), 0, 1)
            for i, (n, reach) in enumerate(zip(grid, self._pictures.reach, strict=True))
        ]
        corners = [
            np.stack(np.meshgrid(*(e[a:b] for e in edges), indexing="ij"), axis=-1)
            for a, b in ((None, -1), (1, None))
        ]
        return np.stack(corners, axis=2).reshape(-1, 2, 2).astype(np.float32)


def seen(preprocess: Mapping[str, Any], shape: tuple[int, ...]) -> tuple[Floats, Floats]:
    """What of a picture reaches the model.

    Args:
        preprocess: open_clip's: ``size`` and ``resize_mode``.
        shape: (H, W) of the picture.

    Returns:
        Low and high corner, f32 (2,) of (y, x) in 0…1; beyond that where a margin is added.

    >>> low, high = seen({"size": 224, "resize_mode": "shortest"}, (100, 200))
    >>> low.tolist(), high.tolist()
    ([0.0, 0.25], [1.0, 0.75])
    """
    size = preprocess.get("size") or 224
    sides = np.array(size if isinstance(size, tuple | list) else (size, size), np.float64)
    mode = preprocess.get("resize_mode") or "shortest"
    if mode == "squash":
        share = np.ones(2)
    else:
        scales = sides / np.array(shape, np.float64)
        share = scales / (scales.max() if mode == "shortest" else scales.min())
    return ((1 - share) / 2).astype(np.float32), ((1 + share) / 2).astype(np.float32)


def _unit(rows: torch.Tensor) -> Floats:
    return np.asarray(torch.nn.functional.normalize(rows.float(), dim=-1).cpu().numpy(), np.float32)


def _rows(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)
