"""Benchmarks: ratios within one run, some with bars; ``xmr bench all`` runs every one."""

from collections.abc import Callable, Iterator
from functools import partial

from xmr_core.bench.explain import bench_explain
from xmr_core.bench.lab import bench_lab
from xmr_core.bench.pipeline import bench_pipeline
from xmr_core.bench.reindex import bench_reindex
from xmr_core.bench.report import Figure, Report, told
from xmr_core.bench.search import bench_search
from xmr_core.bench.start import bench_start
from xmr_core.bench.towers import bench_towers
from xmr_core.errors import QueryError

BENCHES: dict[str, Callable[[], Iterator[Figure]]] = {
    "towers": bench_towers,
    "pipeline": bench_pipeline,
    "reindex": bench_reindex,
    "search": bench_search,
    "start": bench_start,
    "explain": bench_explain,
    "lab": bench_lab,
}


def run(what: str, say: Callable[[str], None], samples: int | None = None) -> Report:
    """Run one benchmark, or ``all``.

    Args:
        what: a key of ``BENCHES``.
        say: told each figure as it comes.
        samples: mosaics of a game in ``explain``; its own number if None.

    Raises:
        QueryError: there is no such benchmark.
    """
    if what != "all" and what not in BENCHES:
        raise QueryError(
            f"There is no benchmark '{what}'.", f"There are: {', '.join(BENCHES)}, all."
        )
    figures = []
    for name, bench in BENCHES.items():
        if what in (name, "all"):
            if samples and name == "explain":
                bench = partial(bench_explain, samples)
            for figure in bench():
                say(f"{figure.name}: {told(figure)}")
                figures.append(figure)
    return Report(figures)


__all__ = ["BENCHES", "Figure", "Report", "run"]
