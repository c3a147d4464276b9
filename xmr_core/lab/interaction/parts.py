"""Features of the parts of many media: rows of all of them, and how many belong to each."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.errors import LabError
from xmr_core.media import Floats

Rows = npt.NDArray[np.int64]
"""i64, numbers of things."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of n things: words of texts, cells of pictures, windows of sounds.

    Attributes:
        rows: f32 or f16 (p, m), the parts of the first thing, then those of the second, …
        counts: i64 (n,), parts of each thing, one or more.

    Raises:
        LabError: other shapes, numbers that are not finite, a thing without parts.

    >>> two = Parts(np.arange(6, dtype=np.float32).reshape(3, 2), np.array([1, 2]))
    >>> two.of(1).tolist()
    [[2.0, 3.0], [4.0, 5.0]]
    """

    rows: npt.NDArray[Any]
    counts: Rows

    def __post_init__(self) -> None:
        rows, counts = np.asarray(self.rows), np.asarray(self.counts)
        if rows.ndim != 2 or 0 in rows.shape:
            raise LabError(
                f"The rows of parts are {rows.shape}, not (parts, features).",
                "Give one row of features for each part.",
            )
        if counts.ndim != 1 or not np.issubdtype(counts.dtype, np.integer):
            raise LabError(
                f"The counts of parts are {counts.dtype} {counts.shape}.",
                "Give one whole number for each thing.",
            )
        if counts.min(initial=1) < 1:
            raise LabError(
                f"Thing {int(np.argmin(counts))} has no parts.", "Leave out what has none."
            )
        if counts.sum() != len(rows):
            raise LabError(
                f"The counts say {counts.sum()} parts, and there are {len(rows)} rows.",
                "Give one row of features for each part.",
            )
        if not np.isfinite(rows).all():
            raise LabError(
                "The parts hold numbers that are not finite.",
                "Leave out what could not be encoded.",
            )
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "counts", counts.astype(np.int64))

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def starts(self) -> Rows:
        """The first row of each thing, i64 (n,)."""
        firsts: Rows = np.cumsum(self.counts) - self.counts
        return firsts

    def of(self, thing: int) -> Floats:
        """The parts of one thing, f32 (p, m)."""
        first = int(self.counts[:thing].sum())
        return self.rows[first : first + self.counts[thing]].astype(np.float32)

    def take(self, things: Rows) -> "Parts":
        """Those things alone, in that order."""
        at, there = self.places(things)
        return Parts(self.rows[at[there]], self.counts[things])

    def places(self, things: Rows) -> tuple[Rows, npt.NDArray[np.bool_]]:
        """Where the rows of some things are, side by side.

        Returns:
            i64 (k, w), w being the most parts of any of them, and whether there is such a
            part, bool (k, w); where there is none, the thing's last row stands.

        >>> two = Parts(np.zeros((3, 2), np.float32), np.array([1, 2]))
        >>> two.places(np.array([1, 0]))[0].tolist()
        [[1, 2], [0, 0]]
        """
        counts = self.counts[things]
        step = np.arange(counts.max(initial=0))
        there = step < counts[:, None]
        return self.starts[things][:, None] + np.minimum(step, counts[:, None] - 1), there

    def padded(self, things: Rows) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Some things side by side: f32 (k, w, m), zeros where there is no part, bool (k, w)."""
        at, there = self.places(things)
        side: Floats = self.rows[at].astype(np.float32) * there[:, :, None]
        return side, there
