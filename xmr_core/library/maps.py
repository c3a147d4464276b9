"""The map of a library: its items on a plane, and where queries fall on it."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xmr_core import indexing
from xmr_core.algebra import effective
from xmr_core.chart import Chart, Layout, Pieces, Placed, Ranked
from xmr_core.indexing import Control, Progress
from xmr_core.library.runs import Runs
from xmr_core.media import Floats
from xmr_core.projection import Tell, umap
from xmr_core.query import Term
from xmr_core.space import JointSpace, unit

RANKED = 24
_FOLDER = "map"
_LEAST = 5  # items from which on neighbours are worth a layout of their own


@dataclass(frozen=True, eq=False)
class Asked:
    """A query on the map.

    Attributes:
        terms: where each of its q terms falls.
        path: where its arithmetic leads: the first term alone, with the second, and so on;
            the last one is the query.
        before, after: all media ranked by the query, as they are and centred.
    """

    terms: Placed
    path: Placed
    before: tuple[Ranked, ...]
    after: tuple[Ranked, ...]


class Maps(Runs):
    """Charts of the library, kept for its present state."""

    def __init__(self, path: Path, space: JointSpace | None = None) -> None:
        super().__init__(path, space)
        self._chart: Chart | None = None
        self._charting = threading.Lock()

    def chart(self) -> Chart:
        """The library as it is now on a plane: by principal components, and by UMAP where
        :meth:`arrange` has made that.

        Raises:
            ProfileMismatch: the library's vectors belong to another profile.
        """
        indexing.check_profile(self.catalogue, self.space)
        with self._charting:
            generation = self.catalogue.generation
            chart = self._chart
            if (
                chart is None
                or chart.pieces.generation != generation
                or chart.fingerprint != self.space.fingerprint
            ):
                pieces = Pieces(self.catalogue, self.space.dim)
                items = self.catalogue.items(pieces.ids.tolist())
                pieces.only([item.id for item in items])
                chart = Chart(pieces, items, self.space)
                chart.recall(self.path / _FOLDER)
                self._chart = chart
            return chart

    @staticmethod
    def arranged(chart: Chart) -> bool:
        """Whether UMAP has nothing to add to a chart."""
        return len(chart) < _LEAST or ("umap" in chart.layouts and not chart.behind)

    def arrange(self, control: Control | None = None) -> Iterator[Progress]:
        """Lay the map out by UMAP, as it is and centred, and keep it.

        Args:
            control: cancels; what is there stays.

        Yields:
            progress of the stage "map".
        """
        control = control or Control()
        chart = self.chart()
        if not self.arranged(chart):
            made = yield from indexing.follow(lambda tell: _laid_out(chart, tell), "map", control)
            if made is None:
                yield Progress("cancelled")
                return
            chart.keep(self.path / _FOLDER, made)
        yield Progress("done", 1, 1)

    def ask(self, terms: Sequence[Term], k: int = RANKED, hidden: Sequence[int] = ()) -> Asked:
        """Where a query falls, term by term, and how it ranks all media in one list.

        Terms that are added come first on its path, then those that are subtracted.

        Args:
            terms: weighted media.
            k: how many items the rankings have.
            hidden: ids of items that they leave out.

        Raises:
            QueryError: no positive term, or a medium that the profile does not cover.
        """
        chart = self.chart()
        self.searcher.vector(terms)  # refuses what has nothing to look for
        media = [term.modality for term in terms]
        alone = [self.searcher.vector([Term(t.media, 1.0)])[0] for t in terms]
        raw = np.stack(alone)  # (q, d)
        centred = chart.centre(raw, media)
        weights = np.array([term.weight for term in terms], np.float32)
        order = np.argsort(weights <= 0, kind="stable")  # added ones first, each in its place
        path = [_sums(side[order], weights[order]) for side in (raw, centred)]
        before, after = chart.rank(path[0][-1], path[1][-1], k, hidden)
        return Asked(
            chart.place(raw, centred), chart.place(path[0], path[1]), tuple(before), tuple(after)
        )


def _laid_out(chart: Chart, tell: Tell) -> Layout:
    """UMAP of a chart as it is, and of the centred one begun from there, each half of the work."""
    sides: list[Floats] = []
    start = chart.layouts["pca"][0]
    for number, vectors in enumerate((chart.pieces.vectors, chart.centred)):
        start = umap(
            vectors,
            start,
            lambda done, total, n=number: tell(n * total + done, 2 * total),  # type: ignore[misc]
        )
        sides.append(start)
    return sides[0], sides[1]


def _sums(vectors: Floats, weights: Floats) -> Floats:
    """What weighted vectors f32 (q, d) come to one after the other, as unit rows f32 (q, d)."""
    return unit(np.cumsum(effective(vectors, weights)[:, None] * vectors, axis=0))
