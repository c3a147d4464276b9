"""FAISS indexes in files beside the catalogue: the store of every library that names no other."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from xmr_core.index import Ids, Stamp, VectorIndex
from xmr_core.media import Floats
from xmr_core.projected_index import ProjectedIndex, basis, levels
from xmr_core.stores.contract import Index, Source

_MANY = 50_000  # rows; of more, few dimensions are held in memory, and the rest is fetched


class FileStore:
    """One file for each index.

    Args:
        folder: of the files; made when the first is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def empty(
        self,
        name: str,
        dim: int,
        source: Source | None = None,
        count: int = 0,
        queries: Floats | None = None,
        rows: Callable[[], Floats] | None = None,
    ) -> Index:
        """See `Store.empty`."""
        if source is None or queries is None or rows is None or count <= _MANY:
            return VectorIndex(dim)
        directions = basis(queries)
        return ProjectedIndex(directions, levels(rows() @ directions), source.fetch, source.width)

    def without(self, index: Index, ids: Ids) -> Index | None:
        """See `Store.without`."""
        return _own(index).without(ids)

    def keep(self, name: str, index: Index) -> None:
        """See `Store.keep`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        _own(index).save(self._file(name))

    def kept(
        self, name: str, stamp: Stamp, source: Source | None = None, former: bool = False
    ) -> Index | None:
        """See `Store.kept`."""
        file = self._file(name)
        flat = VectorIndex.load(file, stamp, former)
        if flat is not None or source is None:
            return flat
        return ProjectedIndex.load(file, stamp, source.fetch, source.width, former)

    def drop(self, name: str) -> None:
        """See `Store.drop`."""
        with contextlib.suppress(OSError):
            self._file(name).unlink(missing_ok=True)

    def reach(self) -> None:
        """The disk is here."""

    def close(self) -> None:
        """Nothing is held open."""

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.faiss"


def _own(index: Index) -> VectorIndex | ProjectedIndex:
    if not isinstance(index, VectorIndex | ProjectedIndex):
        raise TypeError("an index of another store")
    return index
