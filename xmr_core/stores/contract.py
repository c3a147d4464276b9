"""What the search of a library asks of a store of vectors; ``tests/stores`` holds each to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from xmr_core.index import Ids, Stamp
from xmr_core.media import Floats
from xmr_core.projected_index import Fetch


@dataclass(frozen=True, slots=True)
class Source:
    """Where the vectors of an index are kept, so that not each index has to hold them.

    Attributes:
        fetch: gives them by their ids, as far as they are kept there.
        width: dimensions that it gives; an index has to hold those beyond.
    """

    fetch: Fetch
    width: int


class Index(Protocol):
    """Vectors of one medium under ids, compared by inner product; any thread may search.

    Attributes:
        dim: d.
        stamp: what it was made from; set by whoever fills it.
    """

    dim: int
    stamp: Stamp

    def __len__(self) -> int: ...

    def add(self, ids: Ids, vectors: Floats) -> None:
        """Add vectors f32 (n, d) under new ids i64 (n,).

        Raises:
            ValueError: shapes that do not fit.
        """

    def search(self, queries: Floats, k: int, allow: Ids | None = None) -> tuple[Floats, Ids]:
        """The k best for each query f32 (q, d), among ``allow`` if given.

        Returns:
            scores f32 (q, k') and ids i64 (q, k'), best first, with k' ≤ k. A query with fewer
            answers has ids −1 with scores −∞ behind them.
        """

    def take(self, ids: Ids) -> Floats:
        """The vectors f32 (n, d) of those of the ids that it holds, ascending by id."""


class Store(Protocol):
    """Keeps the indexes of a library, one by each name."""

    def empty(
        self,
        name: str,
        dim: int,
        source: Source | None = None,
        count: int = 0,
        queries: Floats | None = None,
        rows: Callable[[], Floats] | None = None,
    ) -> Index:
        """A new index; what is kept under the name stays until `keep`.

        Args:
            name: of the index.
            dim: d.
            source: where its vectors are kept besides; None for nowhere.
            count: how many there will be, if that is known.
            queries: f32 (q, d) such as will be asked.
            rows: gives some f32 (r, d) such as will be added, if that is of use.
        """

    def without(self, index: Index, ids: Ids) -> Index | None:
        """A copy without some rows, to be added to; None where it has to be made from nothing."""

    def keep(self, name: str, index: Index) -> None:
        """Put it in the place of what was kept, all of it or nothing.

        Raises:
            OSError: it cannot be written.
        """

    def kept(
        self, name: str, stamp: Stamp, source: Source | None = None, former: bool = False
    ) -> Index | None:
        """What is kept, if it is whole and was made from this; otherwise None: make it again.

        Args:
            name: of the index.
            stamp: what it must have been made from.
            source: where its vectors are kept besides; None for nowhere.
            former: an earlier generation will do, where it can be brought up to date.
        """

    def drop(self, name: str) -> None:
        """Forget what is kept."""

    def reach(self) -> None:
        """Raise StoreUnavailable where it cannot be used."""

    def close(self) -> None:
        """Let go of connections; the next use makes new ones."""
