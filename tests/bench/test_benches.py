"""Each benchmark at a small size: that it runs and measures what it says."""

import numpy as np
import pytest

from tests.fakes import fake_space
from xmr_core.bench import media
from xmr_core.bench.memory import bench_memory
from xmr_core.bench.million import bench_million
from xmr_core.bench.pipeline import CASES, bench_pipeline
from xmr_core.bench.reindex import bench_reindex
from xmr_core.bench.search import bench_search
from xmr_core.bench.start import bench_start, free_port
from xmr_core.bench.towers import bench_towers
from xmr_core.encoders.precision import precision
from xmr_core.media import Modality, modality_of
from xmr_core.readers import read


def figures(bench):
    """By name; all must be numbers above zero, but what is beyond another may be less."""
    found = list(bench)
    assert len({figure.name for figure in found}) == len(found)
    assert all(np.isfinite(figure.value) for figure in found)
    assert all(figure.value > 0 for figure in found if "beyond" not in figure.name)
    return {figure.name: figure for figure in found}


@pytest.mark.parametrize("modality", CASES)
def test_media_to_measure_with_are_what_they_say_and_the_same_each_time(modality, tmp_path):
    write, _ = CASES[modality]
    first, second = write(tmp_path / "a", 2), write(tmp_path / "b", 2)
    assert [modality_of(read(path)) for path in first] == [modality] * 2
    assert first[0].read_bytes() != first[1].read_bytes()
    if modality is not Modality.MESH:
        assert first[0].read_bytes() == second[0].read_bytes()
    if modality is Modality.IMAGE:
        assert read(first[0]).facts == {"width": 640.0, "height": 480.0}


def test_towers():
    found = figures(bench_towers(["lite0"], rounds=1, batch=2))
    assert "image tower lite0, deployed against eager" in found
    bars = {name: figure.bar for name, figure in found.items() if figure.bar is not None}
    shorter = "default image tower, eight bits against floating point"
    assert bars == {"default image tower, deployed against eager": 4.0} | (
        {shorter: 2.0} if precision() == "int8" else {}
    )
    slow = found["image tower lite0, eager torch, batch 2"].value
    quick = found["image tower lite0, deployed, batch 2"].value
    assert found["image tower lite0, deployed against eager"].value == pytest.approx(quick / slow)


def test_pipeline():
    small = {modality: (write, 3) for modality, (write, _) in CASES.items()}
    found = figures(bench_pipeline(small, fake_space()))
    for modality in Modality:
        run = found[f"{modality}: whole run"].value
        tower = found[f"{modality}: tower alone"].value
        share = found[f"{modality}: run as a share of the tower alone"].value
        assert share == pytest.approx(run / tower)
    bars = {name: figure.bar for name, figure in found.items() if figure.bar is not None}
    of = "run as a share of its bound"
    others = {f"{medium}: {of}": 0.9 for medium in ("audio", "video", "mesh")}
    assert bars == {f"image: {of}": 0.95, **others}
    assert 50 < found["peak memory of the runs"].value < 20_000


def test_reindex():
    found = figures(bench_reindex(200))
    assert found["200 unchanged files"].bar == 2000


def test_memory():
    found = figures(bench_memory(800, pictures=0))
    assert len([name for name in found if "tenth" in name]) == 11
    (bar,) = [figure for figure in found.values() if figure.bar is not None]
    assert bar.name == "memory of 800 small files, last tenth against second"
    assert (bar.bar, bar.better) == (1.1, "less")
    first, second, last = (found[f"memory of 800 small files, tenth {n}"] for n in (1, 2, 10))
    assert bar.value == pytest.approx(last.value / second.value)
    assert 20 < first.value < 2_000


def test_search():
    found = figures(bench_search((100, 400), fake_space()))
    for size in (100, 400):
        for what in ("end to end", "index alone", "encoder"):
            p50, p95 = (found[f"text query over {size}, {what}, p{p}"].value for p in (50, 95))
            assert p50 <= p95
        whole = found[f"text query over {size}, end to end, p50"].value
        assert found[f"text query over {size}, beyond encoder and index"].value < whole
    bars = {name: figure.bar for name, figure in found.items() if figure.bar is not None}
    assert bars == {
        "text query over 400, end to end, p95": 60.0,
        "text query over 400, beyond encoder and index": 10.0,
    }
    assert found["text query over 400, beyond encoder and index"].better == "less"


def test_million(monkeypatch):
    monkeypatch.setattr("xmr_core.stores.files._MANY", 100)
    monkeypatch.setattr("xmr_core.projected_index._AGAIN", 40)  # of 600, for search to be hard
    found = figures(bench_million(600))
    bars = {name.removeprefix("600 items: "): f.bar for name, f in found.items() if f.bar}
    assert bars == {
        "opened": 5.0,
        "peak memory of the process": 2560.0,
        "text query end to end, p95": 120.0,
        "recall@10 of exact search": 0.98,
    }
    assert found["600 items: recall@10 of exact search"].value > 0.9
    assert 100 < found["600 items: peak memory of the process"].value < 20_000


@pytest.mark.slow
def test_start():
    found = figures(bench_start())
    assert found["first page, XMR"].value > 0.2
    bars = {name: figure.bar for name, figure in found.items() if figure.bar}
    assert bars == {
        "first page, XMR beyond bare Gradio": 2.0,
        "first text query, after the page": 1.5,
    }
    assert 0.001 < found["first text query, after the page"].value < 120
    assert 100 < found["peak memory of the app"].value < 20_000


def test_free_ports_are_free():
    import socket

    with socket.socket() as server:
        server.bind(("127.0.0.1", free_port()))


def test_sounds_have_their_length_and_differ():
    first, second = media.sound(1.5, 0), media.sound(1.5, 1)
    assert first.seconds == 1.5
    assert np.abs(first.samples).max() <= 1
    assert not np.allclose(first.samples, second.samples)
