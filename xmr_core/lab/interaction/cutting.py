"""Media → parts that a re-ranker learns from: cells of pictures, words of texts."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from xmr_core.encoders import Encoder
from xmr_core.encoders.areas import coarser
from xmr_core.errors import LabError
from xmr_core.explain.sides.text import gathered, grouped, spans_of
from xmr_core.lab.interaction.parts import Parts
from xmr_core.media import Floats, Image, Text

SIDE = 3  # cells along each side of a picture
_AT_ONCE = 32
_SOME = 20_000  # rows say well enough in which directions all of them lie


def cells_of(images: Sequence[Image], encoder: Encoder[Any], side: int = SIDE) -> Parts:
    """Pictures in cells, row by row, whose mean is the picture as the encoder gives it.

    Args:
        images: n of them.
        encoder: sees pictures as grids.
        side: cells along each side.

    Raises:
        LabError: the encoder gives pictures as wholes alone.
    """
    grid = getattr(encoder, "grid", None)
    if grid is None:
        raise LabError(
            f"The encoder {encoder.name} does not see pictures in cells.",
            "Choose another profile.",
        )

    def made() -> Iterator[Floats]:
        for start in range(0, len(images), _AT_ONCE):
            for cells in grid(images[start : start + _AT_ONCE]):
                few = coarser(cells, side)
                yield few.reshape(-1, few.shape[-1])

    return _joined(made())


def words_of(texts: Sequence[Text], encoder: Encoder[Any]) -> Parts:
    """Texts in words as they read in their place; a text without words is one part.

    Args:
        texts: n of them.
        encoder: gives word pieces features of their own.

    Raises:
        LabError: the encoder gives texts as wholes alone.
    """
    pieces = getattr(encoder, "words", None)
    if pieces is None:
        raise LabError(
            f"The encoder {encoder.name} does not read texts word by word.",
            "Choose another profile.",
        )

    def made() -> Iterator[Floats]:
        for text in texts:
            spans = grouped(spans_of(text.text))
            if len(spans):
                features, boxes = pieces(text)
                words, shares = gathered(features, boxes[:, 0, 0], spans)
                if (shares > 0).any():
                    yield words[shares > 0]
                    continue
            yield encoder.encode([text])[0].pooled[None]

    return _joined(made())


def narrower(parts: Parts, dim: int, of: Parts | None = None) -> Parts:
    """Parts in their principal directions, f16: features of one kind with thousands of columns.

    Each column counts by its standard deviation; what lies in the directions is not rescaled.

    Args:
        parts: to be narrowed.
        dim: directions; no more than there are columns come.
        of: the parts in whose directions, such as those that are learned from; ``parts``
            itself where it is None.
    """
    rows = (of or parts).rows
    some = rows[:: -(-len(rows) // _SOME)].astype(np.float32)
    mean, spread = some.mean(axis=0), np.maximum(some.std(axis=0), 1e-6)
    scaled = (some - mean) / spread
    _, vectors = np.linalg.eigh(scaled.T @ scaled)
    axes = vectors[:, ::-1][:, :dim] / spread[:, None]  # (m, dim)
    narrow = [
        ((parts.rows[start : start + _SOME] - mean) @ axes).astype(np.float16)
        for start in range(0, len(parts.rows), _SOME)
    ]
    return Parts(np.concatenate(narrow), parts.counts)


def _joined(made: Iterator[Floats]) -> Parts:
    """Parts of things that come one by one; half as wide as the encoder gives them."""
    rows = [some.astype(np.float16) for some in made]
    if not rows:
        raise LabError("There is nothing to take apart.", "Give some media.")
    return Parts(np.concatenate(rows), np.array([len(some) for some in rows]))
