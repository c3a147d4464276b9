"""The rows of one medium in a library, to be searched and to be read against chance.

A shelf's vectors carry one extra dimension for each query modality, holding the negated hub
bias, so that a single inner product with ``[q, shares of the query's modalities]`` is the
corrected score, and with ``[q, 0…0]`` the plain cosine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from xmr_core.calibration import Chance, Null, typical
from xmr_core.media import Floats, Modality
from xmr_core.stores import Index

Ids = npt.NDArray[np.int64]
Shares = Mapping[Modality, float]

QUERIES = tuple(Modality)  # the order of the extra dimensions; part of the files' format
_SAMPLE = 256  # items whose scores tell a query's typical one

# Views of one object are weak witnesses alone: meshes are found by the mean of their
# views. A passage, a moment or a window is what people look for in the others.
WHOLE_ONLY = frozenset({Modality.MESH})


def extend(vectors: Floats, shares: Shares | None) -> Floats:
    """Query rows f32 (q, d) → (q, d + 5): with the correction, or without it for None."""
    tail = [0.0 if shares is None else shares.get(m, 0.0) for m in QUERIES]
    return np.hstack([vectors, np.tile(np.array(tail, np.float32), (len(vectors), 1))])


@dataclass(frozen=True, eq=False)
class Bank:
    """Background queries: unit ``vectors`` f32 (b, d), and the ``items`` they are, or −1."""

    vectors: Floats
    items: Ids


@dataclass(eq=False)
class Shelf:
    """The rows of one modality.

    Attributes:
        index: over vectors f32 (n, d + 5), ids = rows.
        rows, items, nos: i64 (n,), ascending by row: the catalogue's row, its item, its part.
        chances: by (query modality, corrected), what chance queries get.
        banks: by query modality, where the library's own items were the background queries.
        changed: rows that have come or gone since it was made whole.
    """

    index: Index
    rows: Ids
    items: Ids
    nos: Ids
    chances: dict[tuple[Modality, bool], Chance]
    banks: dict[Modality, Bank]
    changed: int = 0

    @property
    def own(self) -> frozenset[Modality]:
        """Query modalities for which the library's own items were the background queries."""
        return frozenset(self.banks)

    def place(self, found: Ids) -> Ids:
        """Positions of found row numbers."""
        return np.searchsorted(self.rows, found)

    def chance(self, shares: Shares, corrected: bool) -> Chance:
        """What chance queries like this one get, mixed by its modalities' shares."""
        parts = [(self.chances[m, corrected], share) for m, share in shares.items() if share > 0]
        return Chance(
            Null.mixed([(chance.best, share) for chance, share in parts]),
            Null.mixed([(chance.lead, share) for chance, share in parts]),
        )

    def typical(self, vectors: Floats, shares: Shares | None) -> Floats:
        """The typical score of each query with the items as wholes, f32 (q, d) → (q,).

        Args:
            vectors: unit rows.
            shares: of modalities in each query; None for plain cosines.
        """
        return typical(extend(vectors, shares) @ self.sample.T)

    @cached_property
    def sample(self) -> Floats:
        """Some items' vectors f32 (s, d + 5), evenly spread."""
        wholes = self.rows[self.nos == 0]
        some = np.linspace(0, len(wholes) - 1, min(_SAMPLE, len(wholes))).round().astype(int)
        return self.index.take(wholes[some])
