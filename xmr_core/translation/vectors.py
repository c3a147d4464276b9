"""Vectors of many texts in a joint space, made once and kept."""

import contextlib
import hashlib
import os
from collections.abc import Sequence

import numpy as np

from xmr_core.media import Floats, Modality, Text
from xmr_core.paths import cache_dir
from xmr_core.space import JointSpace, unit

_AT_ONCE = 512


def text_vectors(
    space: JointSpace, texts: Sequence[str], wordings: Sequence[str] = ("{}",)
) -> Floats:
    """Unit rows f32 (t, d) of texts as queries; kept in halves in the cache.

    Args:
        space: that they are compared in.
        texts: t of them.
        wordings: a text's vector is the mean of these, ``{}`` standing for the text.

    Raises:
        QueryError: the space has no texts.
    """
    if not texts:
        return np.zeros((0, space.dim), np.float32)
    head = space.head(Modality.TEXT, "query")
    marks = (space.encoders[Modality.TEXT].fingerprint, head.fingerprint, *wordings, *texts)
    key = hashlib.sha256("\0".join(marks).encode()).hexdigest()[:16]
    file = cache_dir() / "words" / f"{key}.npy"
    try:
        kept: Floats = np.load(file, allow_pickle=False)
        if kept.shape == (len(texts), space.dim):
            return unit(kept.astype(np.float32))
    except (OSError, ValueError):
        pass  # absent or damaged: made again below
    made = np.zeros((len(texts), space.dim), np.float32)
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        for wording in wordings:
            media = [Text(wording.replace("{}", text)) for text in some]
            made[start : start + len(some)] += space.encode(media, "query")
    made = unit(made).astype(np.float16).astype(np.float32)  # the same now as when it was kept
    with contextlib.suppress(OSError):  # a read-only or full cache costs time, nothing else
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(f".{os.getpid()}.npy")
        np.save(temporary, made.astype(np.float16), allow_pickle=False)
        temporary.replace(file)
    return unit(made)
