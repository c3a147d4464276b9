"""Texts through any encoder of short texts: chunk by chunk, and their mean."""

from collections.abc import Callable, Sequence

import numpy as np

from xmr_core.encoders.chunks import Pieces, chunks_of
from xmr_core.media import Encoding, Floats, Text


def encode_passages(
    batch: Sequence[Text],
    pieces: Callable[[str], Pieces],
    limit: int,
    embed: Callable[[Sequence[str]], Floats],
) -> list[Encoding]:
    """Cut texts into chunks that fit, embed all chunks at once, and take each text's mean.

    Args:
        batch: n texts.
        pieces: cuts a string as the encoder does.
        limit: pieces of a chunk.
        embed: strings → f32 (c, m), unit rows.

    Returns:
        One encoding a text: its chunks' vectors, their characters, and the mean made unit.
    """
    cut = [chunks_of(text, pieces, limit) for text in batch]
    passages = [t.text[c.start : c.end] for t, some in zip(batch, cut, strict=True) for c in some]
    vectors = embed(passages)  # (all chunks, m)
    encodings = []
    start = 0
    for some in cut:
        parts = vectors[start : start + len(some)]  # (p, m)
        start += len(some)
        boxes = np.array([[[c.start], [c.end]] for c in some], np.float32)  # (p, 2, 1)
        mean = parts.mean(axis=0)
        encodings.append(Encoding(mean / max(float(np.linalg.norm(mean)), 1e-12), parts, boxes))
    return encodings
