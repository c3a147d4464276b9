"""Benchmarks: ratios within one run, some with bars; ``xmr bench all`` runs every one."""

from collections.abc import Callable, Iterator

from xmr_core.bench.pipeline import bench_pipeline
from xmr_core.bench.reindex import bench_reindex
from xmr_core.bench.report import Figure, Report, short
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
}


def run(what: str, say: Callable[[str], None]) -> Report:
    """Run one benchmark, or ``all``.

    Args:
        what: a key of ``BENCHES``.
        say: told each figure as it comes.

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
            for figure in bench():
                say(f"{figure.name}: {short(figure.value)} {figure.unit}")
                figures.append(figure)
    return Report(figures)


__all__ = ["BENCHES", "Figure", "Report", "run"]
