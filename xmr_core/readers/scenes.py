"""Key frames: where the scene changes, and never too far apart."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from xmr_core.media import Bytes, Floats

_BINS = 8
_GRID = 4
_CHANGE = 0.25  # mean absolute difference of signatures; a cut between two shots has 0.3 and more
_FURTHEST = 10.0  # seconds
Places = npt.NDArray[np.intp]


def signature(frame: Bytes) -> Floats:
    """What a frame u8 (H, W, 3) looks like from afar: its colours where they are.

    Returns:
        f32 (4 · 4 · 3 + 3 · 8,): the mean colours of a 4 × 4 grid, then a histogram of each
        channel, both in 0…1.
    """
    height, width = frame.shape[:2]
    small = frame[:: max(1, height // 64), :: max(1, width // 64)]  # (h, w, 3)
    (tops, rows), (lefts, columns) = _stretches(small.shape[0]), _stretches(small.shape[1])
    sums = np.add.reduceat(small, tops, axis=0, dtype=np.uint32)  # (4, w, 3)
    sums = np.add.reduceat(sums, lefts, axis=1)  # (4, 4, 3)
    cells = sums / (255 * rows[:, None, None] * columns[:, None])
    # A bin is the top three bits, those of the second and third channel behind the first's.
    binned = (small >> 5) + _BINS * np.arange(3, dtype=np.uint8)  # (h, w, 3)
    histograms = np.bincount(binned.ravel(), minlength=3 * _BINS) * (3 / small.size)
    return np.concatenate([cells.ravel(), histograms]).astype(np.float32)


def _stretches(length: int) -> tuple[Places, Places]:
    """Starts and lengths of four stretches of a side; of fewer pixels some are given twice.

    >>> _stretches(66)
    (array([ 0, 17, 34, 50]), array([17, 17, 16, 16]))
    """
    each, more = divmod(length, _GRID)
    i = np.arange(_GRID)
    return np.minimum(i * each + np.minimum(i, more), length - 1), np.maximum(each + (i < more), 1)


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
