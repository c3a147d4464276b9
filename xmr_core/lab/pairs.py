"""Two nets over two views of the same things, as losses over batches of pairs see them.

One picture has several captions, so that a batch may hold it more than once. What looks the
same in either view is no negative of each other: captions of the same picture are not to be
driven away from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.heads import Head
from xmr_core.lab.training import Net
from xmr_core.media import Floats, Modality


def numbered(view: Floats) -> npt.NDArray[np.int64]:
    """Rows f32 (n, m) by number, from 0 as they first come; equal rows have equal numbers.

    >>> numbered(np.array([[1, 2], [3, 4], [1, 2]], np.float32)).tolist()
    [0, 1, 0]
    """
    seen: dict[bytes, int] = {}
    rows = np.ascontiguousarray(view) + np.float32(0)  # −0 is 0
    return np.array([seen.setdefault(row.tobytes(), len(seen)) for row in rows], np.int64)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Two nets and who is the same as whom.

    Attributes:
        modalities: of the views, in order.
        nets: one a view.
        alike: i64 tensors (n,), one a view: the numbers of their rows.
    """

    modalities: tuple[Modality, Modality]
    nets: tuple[Net, Net]
    alike: tuple[Any, Any]

    @classmethod
    def over(
        cls,
        views: Mapping[Modality, Floats],
        dim: int,
        hidden: int = 0,
        *,
        seed: int,
        noise: float = 0.0,
        level: float = 0.0,
    ) -> "Pairs":
        """Fresh nets for two views f32 (n, m); see :meth:`Net.over`."""
        import torch

        one, other = views
        nets = [
            Net.over(view, dim, hidden, seed=2 * seed + nth, noise=noise, level=level)
            for nth, view in enumerate(views.values())
        ]
        alike = [torch.from_numpy(numbered(view)) for view in views.values()]
        return cls((one, other), (nets[0], nets[1]), (alike[0], alike[1]))

    def __len__(self) -> int:
        return len(self.alike[0])

    def same(self, rows: Any) -> Any:
        """Which pairs of a batch are no negatives of each other, bool (b, b); itself for one."""
        one, other = (alike[rows] for alike in self.alike)
        return (one[:, None] == one) | (other[:, None] == other)

    def cosines(self, rows: Any) -> Any:
        """Of the first view's rows of a batch with the second's, (b, b)."""
        one, other = (net.rows(rows) for net in self.nets)
        return one @ other.T

    @property
    def parameters(self) -> list[Any]:
        """What is learned."""
        return [p for net in self.nets for p in net.parameters]

    def heads(self) -> dict[Modality, Head]:
        """What was learned, in numpy."""
        return {m: net.head() for m, net in zip(self.modalities, self.nets, strict=True)}
