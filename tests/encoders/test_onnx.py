import os
import pickle
import re
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import filelock  # noqa: F401 - now, for a child that gives up its rights may not see it
import numpy as np
import pytest
import torch

from tests import children
from xmr_core.encoders import graph_file, onnx
from xmr_core.encoders.onnx import Export, graph, graphs_dir, threads
from xmr_core.errors import ModelError, XMRError

WEIGHTS = ["0" * 64]


def double(calls, wrong=False):
    """Builds a module that doubles and sums rows; ``calls`` counts how often."""

    class Double(torch.nn.Module):
        def forward(self, x):
            if wrong and not torch.compiler.is_compiling() and not torch.jit.is_tracing():
                x = x + 1  # eager torch sees another network than the exporter
            return 2 * x, x.sum(1)

    def build():
        calls.append(1)
        return Export(
            module=Double().eval(),
            inputs={"x": torch.arange(6.0).reshape(2, 3)},
            outputs=("twice", "sum"),
            dynamic={"x": {0: "n"}},
        )

    return build


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """An empty cache, and nothing loaded; call it to forget what was loaded since."""
    monkeypatch.setenv("XMR_CACHE", str(tmp_path))

    def forget():
        monkeypatch.setattr(onnx, "_graphs", {})

    forget()
    return forget


X = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], np.float32)


def test_graph_is_exported_once_and_then_cached(fresh):
    calls = []
    made = graph("double", WEIGHTS, 1, double(calls))
    assert graph("double", WEIGHTS, 1, double(calls)) is made
    fresh()
    again = graph("double", WEIGHTS, 1, double(calls))
    assert again is not made
    assert len(calls) == 1
    twice, sums = again.run(["twice", "sum"], x=X)
    assert np.array_equal(twice, 2 * X)
    assert sums.tolist() == [6, 15, 24]
    assert again.run(["sum"], x=X[:0])[0].shape == (0,)
    names = sorted(p.suffix for p in graphs_dir().iterdir())
    assert names == [".lock", ".onnx", ".sha256"]


def test_runs_side_by_side_come_back_in_order_and_make_their_inputs_where_they_run(fresh):
    made = graph("double", WEIGHTS, 1, double([]), apart=True)
    where = set()

    def make(n):
        where.add(threading.current_thread().name.split("_")[0])
        time.sleep(0.02 * (n % 3))
        return {"x": np.full((n % 2 + 1, 3), n, np.float32)}

    found = list(made.each("sum", [partial(make, n) for n in range(20)]))
    assert [f.tolist() for f in found] == [[3 * n] * (n % 2 + 1) for n in range(20)]
    assert where == {"xmr-tower"}
    assert list(made.each("sum", [])) == []
    with pytest.raises(ZeroDivisionError):
        list(made.each("sum", [lambda: {"x": 1 / 0}]))


def test_other_weights_and_other_libraries_make_another_graph(fresh, monkeypatch):
    calls = []
    graph("double", WEIGHTS, 1, double(calls))
    graph("double", ["1" * 64], 1, double(calls))
    monkeypatch.setattr(onnx, "_made_by", lambda: ("9.9", "9.9"))
    graph("double", WEIGHTS, 1, double(calls))
    assert len(calls) == 3


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "no digest", "half a digest"])
def test_damaged_graph_is_exported_again(fresh, harm):
    calls = []
    graph("double", WEIGHTS, 1, double(calls))
    (path,) = graphs_dir().glob("*.onnx")
    data = path.read_bytes()
    digest = path.with_suffix(".sha256")
    match harm:
        case "cut":
            path.write_bytes(data[: len(data) // 2])
        case "flipped":
            path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
        case "empty":
            path.write_bytes(b"")
        case "no digest":
            digest.unlink()
        case _:
            digest.write_text(digest.read_text()[:32])
    fresh()
    assert graph("double", WEIGHTS, 1, double(calls)).run(["sum"], x=X)[0].tolist() == [6, 15, 24]
    assert len(calls) == 2
    fresh()
    graph("double", WEIGHTS, 1, double(calls))
    assert len(calls) == 2


def test_graph_is_read_for_its_digest_only_after_it_or_its_note_was_written(fresh, monkeypatch):
    graph("double", WEIGHTS, 1, double([]))
    (path,) = graphs_dir().glob("*.onnx")
    read, digest = [], graph_file._digest
    monkeypatch.setattr(graph_file, "_digest", lambda path: read.append(path) or digest(path))
    assert graph_file.sound(path) and read == []
    for touched in (path, path.with_suffix(".sha256")):
        os.utime(touched)
        assert graph_file.sound(path) and graph_file.sound(path)
        assert read.pop() == path and read == []


@pytest.mark.parametrize("harm", ["nothing", "cut", "flipped", "older", "gone", "graph gone"])
def test_weights_of_a_large_graph_lie_beside_it_and_are_found_whole(fresh, monkeypatch, harm):
    monkeypatch.setattr(onnx, "_LARGE", 4_000)
    calls = []

    def build():
        calls.append(1)
        torch.manual_seed(0)
        module = torch.nn.Linear(64, 32).eval()
        rows = {"x": torch.ones(2, 64)}
        return Export(module, rows, ("y",), {"x": {0: "n"}})

    rows = np.linspace(-1, 1, 192, dtype=np.float32).reshape(3, 64)
    right = graph("wide", WEIGHTS, 1, build).run(["y"], x=rows)[0]
    (path,) = graphs_dir().glob("*.onnx")
    names = sorted(p.name.removeprefix(path.stem) for p in graphs_dir().iterdir())
    assert names == [".lock", ".onnx", ".onnx.data", ".sha256"]
    weights = path.with_name(f"{path.name}.data")
    assert path.stat().st_size < 4_000 < weights.stat().st_size
    data = weights.read_bytes()
    match harm:
        case "cut":
            weights.write_bytes(data[: len(data) // 2])
        case "flipped":
            weights.write_bytes(bytes([data[0] ^ 1]) + data[1:])
        case "older":  # as a copy of a backup is
            weights.write_bytes(bytes([data[0] ^ 1]) + data[1:])
            os.utime(weights, (1, 1))
        case "gone":
            weights.unlink()
        case "graph gone":
            path.unlink()
    fresh()
    assert np.array_equal(graph("wide", WEIGHTS, 1, build).run(["y"], x=rows)[0], right)
    assert len(calls) == (1 if harm == "nothing" else 2)


def test_what_was_left_half_written_and_former_weights_are_cleared(fresh):
    graph("double", WEIGHTS, 1, double([]))
    (path,) = graphs_dir().glob("*.onnx")
    left = graphs_dir() / f"{path.stem}.abc.part"
    left.mkdir()
    (left / path.name).write_bytes(b"half")
    path.with_name(f"{path.name}.data").write_bytes(b"of a larger one")
    fresh()
    calls = []
    graph("double", WEIGHTS, 1, double(calls))
    assert len(calls) == 1 and graph_file.sound(path)
    assert sorted(p.suffix for p in graphs_dir().iterdir()) == [".lock", ".onnx", ".sha256"]


def test_graph_that_does_not_do_what_its_module_does_is_refused_and_not_kept(fresh):
    with pytest.raises(ModelError, match="exported graph of 'double' is off by"):
        graph("double", WEIGHTS, 1, double([], wrong=True))
    assert list(graphs_dir().glob("*.onnx")) == []
    assert list(graphs_dir().glob("*.part")) == []


CHILD = """
import sys, time
import numpy as np
from tests.encoders.test_onnx import WEIGHTS, double
from xmr_core.encoders.onnx import graph
calls = []
build = double(calls)
def slowly():
    time.sleep(1)
    return build()
made = graph("double", WEIGHTS, 1, slowly)
assert made.run(["sum"], x=np.ones((1, 3), np.float32))[0].tolist() == [3]
print(len(calls))
"""


def test_two_processes_export_it_once(fresh):
    children = [
        subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = sorted(child.communicate(timeout=120)[0].strip() for child in children)
    assert said == ["0", "1"]
    assert len(list(graphs_dir().glob("*.onnx"))) == 1


def test_killed_export_leaves_nothing_that_is_taken_for_a_graph(fresh):
    kill = CHILD.replace("calls = []", "calls = []\nfrom xmr_core.encoders import onnx").replace(
        "made = graph(",
        "import os\n_check = onnx._check\nonnx._check = lambda *a: os._exit(9)\nmade = graph(",
    )
    assert subprocess.run([sys.executable, "-c", kill], check=False).returncode == 9
    calls = []
    assert graph("double", WEIGHTS, 1, double(calls)).run(["sum"], x=X)[0].tolist() == [6, 15, 24]
    assert len(calls) == 1


def refused_export(folder):
    """In a child: what an export into that cache says."""
    os.environ["XMR_CACHE"] = folder
    try:
        graph("double", WEIGHTS, 1, double([]))
    except XMRError as error:
        return [type(error).__name__, str(error)]
    return []


def test_cache_that_may_not_be_written_is_said_with_the_way_out(common):
    (common / "graphs").mkdir(mode=0o555)
    kind, said = children.call(refused_export, str(common), unprivileged=True)
    assert kind == "ModelError"
    assert "graph of 'double' cannot be kept" in said
    assert "Set XMR_CACHE to a folder that is." in said


def test_disk_without_room_is_said_as_such(small_disk):
    kind, said = small_disk(refused_export, "4k")
    assert kind == "DiskFull"
    assert "No room for the graph of 'double'" in said


WITHOUT_TORCH = """
import sys
import numpy as np
from tests.encoders.test_mesh import RED_BOX
from xmr_core.encoders.audio import AudioEncoder
from xmr_core.encoders.image import ImageEncoder
from xmr_core.encoders.mesh import MeshEncoder
from xmr_core.encoders.text import TextEncoder
from xmr_core.encoders.video import VideoEncoder
from xmr_core.media import Audio, Image, Text, Video
image, audio = ImageEncoder(("lite0",)), AudioEncoder()
assert "onnxruntime" not in sys.modules
noise = np.zeros((1, 20, 20, 3), np.uint8)
TextEncoder().encode([Text("a dog")])
image.encode([Image(noise[0])])
hum = Audio(np.ones(9000, np.float32), 44_100)
audio.encode([hum])
MeshEncoder(image).encode([RED_BOX])
VideoEncoder(image, audio).encode([Video(noise, np.zeros(1, np.float32), hum)])
heavy = {"torch", "timm", "transformers", "open_clip", "onnx", "onnxscript"}
print(sorted(heavy & set(sys.modules)))
"""


def test_once_exported_no_torch_is_imported():
    for _ in range(2):  # the first call may have to export
        done = subprocess.run(
            [sys.executable, "-c", WITHOUT_TORCH], capture_output=True, text=True, check=True
        )
    assert done.stdout.strip() == "[]"


def test_threads_are_as_asked_or_the_cores_this_process_may_use(monkeypatch):
    monkeypatch.setenv("XMR_THREADS", "3")
    assert threads() == 3
    for nonsense in ("0", "-1", "many", ""):
        monkeypatch.setenv("XMR_THREADS", nonsense)
        assert 1 <= threads() <= (os.cpu_count() or 1)
    if hasattr(os, "sched_setaffinity"):
        allowed = os.sched_getaffinity(0)
        try:
            os.sched_setaffinity(0, {min(allowed)})
            assert threads() == 1
        finally:
            os.sched_setaffinity(0, allowed)


class Evil:
    """Touches a file when it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.system, (f"touch {self.mark}",)


def test_weights_that_carry_code_are_refused_and_do_not_run_it(tmp_path, monkeypatch):
    from xmr_core.encoders import image, soundnet

    mark = tmp_path / "it-ran"
    torch.save({"weight": Evil(mark)}, tmp_path / "zipped.pth")
    (tmp_path / "bare.pth").write_bytes(pickle.dumps(Evil(mark), protocol=2))
    pickle.loads(pickle.dumps(Evil(mark)))
    assert mark.exists()  # so it would
    mark.unlink()
    for name in ("zipped.pth", "bare.pth"):
        for module, load in (
            (image, lambda: image._state("lite0")),
            (soundnet, soundnet._checkpoint),
        ):
            monkeypatch.setattr(module, "fetch", lambda _, name=name: tmp_path / name)
            with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
                load()
    assert not mark.exists()


def test_nothing_in_the_package_unpickles():
    import xmr_core

    forbidden = ("weights_only=False", "allow_pickle=True", r"pickle\.loads?\(", "Unpickler")
    for path in Path(xmr_core.__file__).parent.rglob("*.py"):
        source = path.read_text("utf-8")
        assert not any(re.search(word, source) for word in forbidden), path
        calls = re.findall(r"= torch\.load\((?:[^()]|\([^()]*\))*\)", source)
        assert all("weights_only=True" in call for call in calls), path
