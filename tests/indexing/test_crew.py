"""A run spread over workers ends in the same catalogue, whatever worker dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from tests.fakes import PictureEncoder, fake_space
from tests.indexing.world import content, fill, run, write_picture, write_text
from xmr_core import indexing
from xmr_core.catalogue import Catalogue
from xmr_core.errors import LibraryError
from xmr_core.filters import Filters
from xmr_core.indexing import Control, Workers
from xmr_core.indexing.crew import LOCAL
from xmr_core.indexing.worker import Worker
from xmr_core.media import Modality

ray = pytest.importorskip("ray")
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Ray's own, of its processes
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module", autouse=True)
def cluster():
    """A real one of two processors, on this machine."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    ray.init(num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1", **quiet)
    yield
    ray.shutdown()


@pytest.fixture
def media(tmp_path):
    return fill(tmp_path / "media", 40)


class Slow(PictureEncoder):
    """Takes its time, says who is at work, and dies of some pictures."""

    fatal = 0  # pixels a side of pictures that end the process

    def __init__(self, notes: Path, fatal: int = 0) -> None:
        super().__init__()
        self.notes, self.fatal = notes, fatal

    def encode(self, batch):
        (self.notes / f"{os.getpid()}").touch()
        time.sleep(0.02 * len(batch))
        if any(one.pixels.shape[0] == self.fatal for one in batch):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(batch)


def slow_space(notes, fatal=0):
    space = fake_space()
    space.encoders[Modality.IMAGE] = Slow(notes, fatal)
    return space


@pytest.fixture
def notes(tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


def workers(load=fake_space):
    return Workers(LOCAL, load)


def test_workers_leave_what_one_process_leaves(library, media, tmp_path):
    (media / "texts/empty.txt").write_bytes(b"")
    (media / "pictures/broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"no picture" * 9)
    (tmp_path / "alone").mkdir()
    with Catalogue(tmp_path / "alone" / "catalogue.sqlite") as alone:
        run(alone, media)
        expected = content(alone)
    last = run(library, media, workers=workers())
    assert last.stage == "done" and last.added == 90 and last.failed == 2
    assert content(library) == expected


def test_a_second_run_does_nothing_and_moved_files_keep_their_ids(library, media):
    run(library, media, workers=workers())
    before = {item.hash: item.id for item in library.find(Filters(), limit=1000)}
    assert run(library, media, workers=workers()).skipped == 90
    (media / "texts/003.txt").rename(media / "texts/elsewhere.txt")
    (media / "pictures/copy.png").write_bytes((media / "pictures/007.png").read_bytes())
    last = run(library, media, workers=workers())
    assert (last.moved, last.added, last.skipped) == (1, 1, 89)
    after = [(item.path, item.id, item.hash) for item in library.find(Filters(), limit=1000)]
    moved = next(one for one in after if one[0].endswith("elsewhere.txt"))
    assert before[moved[2]] == moved[1]


def test_workers_killed_at_work_lose_and_double_nothing(library, media, notes):
    for i in range(150):
        write_picture(media / f"more/{i:03}.png", ("red", "green", "blue")[i % 3], side=60 + i)
    killed = []

    def kill():
        while len(killed) < 3 and not ended.wait(0.3):
            alive = [int(note.name) for note in notes.iterdir() if int(note.name) not in killed]
            if alive:
                os.kill(alive[-1], signal.SIGKILL)
                killed.append(alive[-1])

    ended = threading.Event()
    killer = threading.Thread(target=kill)
    killer.start()
    last = run(library, media, workers=workers(partial(slow_space, notes)))
    ended.set()
    killer.join()
    assert killed, "the run was over before anybody was killed"
    assert last.stage == "done" and last.added == 240 and last.failed == 0
    paths = [item.path for item in library.find(Filters(), limit=1000)]
    assert len(paths) == len(set(paths)) == 240


def test_a_file_that_ends_its_workers_is_a_failure_and_the_others_are_kept(library, media, notes):
    write_picture(media / "pictures/fatal.png", "red", side=77)
    last = run(library, media, workers=workers(partial(slow_space, notes, 77)))
    assert last.stage == "done" and (last.added, last.failed) == (90, 1)
    (failure,) = library.failures()
    assert failure.path.endswith("fatal.png") and "ended the process" in failure.reason


def test_a_run_that_is_cancelled_goes_on_without_workers(library, media, notes, tmp_path):
    control = Control()
    seen = 0
    for progress in indexing.index_run(
        library,
        fake_space(),
        [media],
        control=control,
        thumbs=tmp_path / "thumbs",
        workers=workers(partial(slow_space, notes)),
    ):
        if progress.added and not control.cancelled:
            seen = progress.added
            control.cancel()
    assert progress.stage == "cancelled"
    last = run(library, media)
    assert last.stage == "done" and 0 < last.added < 90 and last.skipped + last.added == 90
    assert seen


def test_workers_of_another_space_are_refused(library, media):
    with pytest.raises(LibraryError, match="another joint space"):
        run(library, media, workers=workers(partial(fake_space, "other")))
    assert library.counts() == {} or not sum(library.counts().values())


def test_workers_that_do_not_see_the_folder_are_refused(tmp_path):
    worker = Worker(fake_space, frozenset())
    _, _, unseen = worker.about([tmp_path, tmp_path / "nowhere"])
    assert unseen == [tmp_path / "nowhere"]


def broken():
    raise OSError("no weights here")


def test_workers_that_cannot_be_started_end_the_run_with_a_reason(library, media):
    with pytest.raises(LibraryError, match=r"can be started \(OSError: no weights here\)"):
        run(library, media, workers=workers(broken))


@pytest.mark.parametrize(
    "address", ["", "here", "http://127.0.0.1:10001", "ray://", "ray://here", "ray://here:abc"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(LibraryError, match="no address of workers"):
        Workers(address, fake_space)


def test_text_and_nothing_else(library, tmp_path):
    write_text(tmp_path / "media/one.txt", "red")
    assert run(library, tmp_path / "media", workers=workers()).added == 1
    assert run(library, tmp_path / "media", workers=workers()).skipped == 1


LOCALLY = """
import sys
from pathlib import Path
from tests.fakes import fake_space
from tests.indexing.world import run
from xmr_core.catalogue import Catalogue
from xmr_core.indexing import Workers
if __name__ == "__main__":
    place = Path(sys.argv[1])
    with Catalogue(place / "catalogue.sqlite") as catalogue:
        print(run(catalogue, place / "media", workers=Workers("local", fake_space)).added)
"""


def test_local_workers_are_of_this_machine_whatever_cluster_is_known(tmp_path):
    write_text(tmp_path / "media/one.txt", "red")
    script = tmp_path / "locally.py"
    script.write_text(LOCALLY)
    elsewhere = {"RAY_ADDRESS": "127.0.0.1:9", "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, script, tmp_path],
        env=os.environ | elsewhere,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stdout.split()[-1:] == ["1"], done.stderr
