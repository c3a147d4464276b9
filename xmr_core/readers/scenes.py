"""Key frames: where the scene changes, and never too far apart."""

from collections.abc import Sequence

import numpy as np

from xmr_core.media import Bytes, Floats

_BINS = 8
_GRID = 4
_CHANGE = 0.25  # mean absolute difference of signatures; a cut between two shots has 0.3 and more
_FURTHEST = 10.0  # seconds


def signature(frame: Bytes) -> Floats:
    """What a frame u8 (H, W, 3) looks like from afar: its colours where they are.

    Returns:
        f32 (4 · 4 · 3 + 3 · 8,): the mean colours of a 4 × 4 grid, then a histogram of each
        channel, both in 0…1.
    """
    height, width = frame.shape[:2]
    small = frame[:: max(1, height // 64), :: max(1, width // 64)].astype(np.float32) / 255
    rows = np.array_split(small, _GRID)
    cells = [cell.mean(axis=(0, 1)) for row in rows for cell in np.array_split(row, _GRID, axis=1)]
    histograms = [
        np.histogram(small[..., c], bins=_BINS, range=(0, 1))[0] / small[..., c].size
        for c in range(3)
    ]
    return np.concatenate([*cells, *histograms]).astype(np.float32)


def choose(seconds: Sequence[float], signatures: Sequence[Floats], most: int) -> list[int]:
    """Which frames to keep.

    The first; then each that differs from the last kept one by a change of scene, or follows
    it by ten seconds. When they are too many, the ones that differ least from the one before
    are left out.

    Args:
        seconds: ascending times of the candidates.
        signatures: of the candidates, see :func:`signature`.
        most: how many may be kept.

    Returns:
        ascending positions.

    >>> dark, light = np.zeros(4, np.float32), np.ones(4, np.float32)
    >>> choose([0, 1, 2, 3], [dark, dark, light, light], 10)
    [0, 2]
    """
    kept, changes = [0], [np.inf]
    for i in range(1, len(seconds)):
        change = float(np.abs(signatures[i] - signatures[kept[-1]]).mean())
        if change > _CHANGE or seconds[i] - seconds[kept[-1]] >= _FURTHEST:
            kept.append(i)
            changes.append(change)
    if len(kept) <= most:
        return kept
    strongest = np.argsort(-np.array(changes), kind="stable")[:most]
    return [kept[i] for i in sorted(strongest)]
