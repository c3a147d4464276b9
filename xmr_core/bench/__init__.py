"""Benchmarks: ratios within one run, some with bars; ``xmr bench all`` runs every one."""

from collections.abc import Callable, Iterator
from functools import partial

from xmr_core.bench.accelerator import bench_accelerator
from xmr_core.bench.duplicates import bench_duplicates
from xmr_core.bench.explain import bench_explain
from xmr_core.bench.feedback import bench_feedback
from xmr_core.bench.graph import bench_graph
from xmr_core.bench.lab import bench_lab
from xmr_core.bench.memory import bench_memory
from xmr_core.bench.million import bench_million
from xmr_core.bench.moments import bench_moments
from xmr_core.bench.pipeline import bench_pipeline
from xmr_core.bench.reindex import bench_reindex
from xmr_core.bench.report import Figure, Report, told
from xmr_core.bench.search import bench_search
from xmr_core.bench.sketch import bench_sketch
from xmr_core.bench.start import bench_start
from xmr_core.bench.towers import bench_towers
from xmr_core.bench.translation import bench_translation
from xmr_core.bench.words import bench_words
from xmr_core.errors import QueryError

BENCHES: dict[str, Callable[[], Iterator[Figure]]] = {
    "towers": bench_towers,
    "accelerator": bench_accelerator,
    "pipeline": bench_pipeline,
    "reindex": bench_reindex,
    "memory": bench_memory,
    "search": bench_search,
    "million": bench_million,
    "start": bench_start,
    "explain": bench_explain,
    "words": bench_words,
    "lab": bench_lab,
    "graph": bench_graph,
    "translation": bench_translation,
    "duplicates": bench_duplicates,
    "moments": bench_moments,
    "feedback": bench_feedback,
    "sketch": bench_sketch,
}

SAMPLED: dict[str, Callable[[int], Iterator[Figure]]] = {
    "explain": bench_explain,
    "translation": bench_translation,
}
"""Those of which the number of samples can be chosen."""


def run(what: str, say: Callable[[str], None], samples: int | None = None) -> Report:
    """Run one benchmark, or ``all``.

    Args:
        what: a key of ``BENCHES``.
        say: told each figure as it comes.
        samples: mosaics of a game in ``explain``, things of a kind in ``translation``; their own
            numbers if None.

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
            if samples and name in SAMPLED:
                bench = partial(SAMPLED[name], samples)
            for figure in bench():
                say(f"{figure.name}: {told(figure)}")
                figures.append(figure)
    return Report(figures)


__all__ = ["BENCHES", "Figure", "Report", "run"]
