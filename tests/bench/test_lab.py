"""The benchmark of the lab at a small size."""

import numpy as np

from xmr_core.bench import BENCHES
from xmr_core.bench.lab import bench_lab


def test_measures_and_fits_are_timed_with_their_bars():
    found = {
        figure.name: figure for figure in bench_lab(40, 200, 16, 300, {"cca": 5.0, "unknown": 1.0})
    }
    assert all(np.isfinite(figure.value) and figure.value > 0 for figure in found.values())
    share = found["40 × 200: recall and median rank against one search"]
    first, search = (
        found["40 × 200: recall and median rank"],
        found["40 × 200: FAISS, one exact search"],
    )
    assert share.value == first.value / search.value
    bars = {name: figure.bar for name, figure in found.items() if figure.bar is not None}
    assert bars.pop(share.name) == 2
    assert bars.pop("40 × 200: mean average precision by classes") == 10
    assert bars == {"cca fitted on 300 pairs": 5}, "a method that is not there is left out"
    assert all(figure.better == "less" for figure in found.values() if figure.bar is not None)


def test_it_is_run_by_its_name():
    assert BENCHES["lab"] is bench_lab
