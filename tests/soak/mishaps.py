"""Runs on disks that fill up, in folders that are shut, by clocks that go backwards."""

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from tests import children
from tests.conftest import _mount_and
from tests.fakes import fake_space
from tests.indexing.dying import finished, index_on_a_full_disk
from tests.indexing.world import content, fill, run, write_text
from tests.soak.length import Length
from xmr_core.bench.report import Figure
from xmr_core.catalogue import Catalogue
from xmr_core.errors import LibraryReadOnly
from xmr_core.indexing import index_run

_FILES = 40
_ITEMS = 2 * _FILES + _FILES // 4


def mishaps(length: Length) -> Iterator[Figure]:
    """How often each happened, and after how many the library was not what it should be."""
    rng = random.Random(6)
    if _mountable():
        yield from _counted("disks that filled up", length.mishaps, lambda: full_disk(rng))
    yield from _counted("folders shut during a run", length.mishaps, lambda: shut(rng))
    yield from _counted("runs by a clock that goes backwards", length.mishaps, backwards)


def _counted(what: str, times: int, act: Any) -> Iterator[Figure]:
    happened = kept = 0
    for _ in range(times):
        did, good = act()
        happened += did
        kept += good
    yield Figure(what, happened, "")
    yield Figure(f"{what}: of {times}, with anything lost", times - kept, "", 0, "less")


@contextmanager
def _place() -> Iterator[Path]:
    """A folder that an ordinary user may enter and write."""
    folder = Path(tempfile.mkdtemp(prefix="xmr-mishap-")).resolve()
    folder.chmod(0o755)
    children.hand_over(folder)
    try:
        yield folder
    finally:
        for path, _, _ in os.walk(folder):
            Path(path).chmod(0o755)
        shutil.rmtree(folder)


def _mountable() -> bool:
    """Whether small disks can be mounted here."""
    if shutil.which("unshare") is None:
        return False
    with _place() as folder:
        return subprocess.run([*_mount_and("1m", folder), "true"], check=False).returncode == 0


def full_disk(rng: random.Random) -> tuple[bool, bool]:
    """A run on a disk of a few megabytes, then with room; (it filled up, nothing is lost)."""
    with _place() as folder, _place() as media:
        fill(media, _FILES)
        before = _mount_and(f"{rng.randrange(6_150, 6_600)}k", folder)
        done = children.call(index_on_a_full_disk, str(folder), str(media), before=before)
    return bool(done["said"]), (done["items"], done["failures"]) == (_ITEMS, 0)


def shut(rng: random.Random) -> tuple[bool, bool]:
    """A library's folder that cannot be written any more in the middle of a run."""
    with _place() as folder:
        media = fill(folder / "media", _FILES)
        (folder / "library").mkdir()
        children.hand_over(folder / "library")
        call = (_shut_in_a_run, str(folder), str(media), rng.randrange(1, 9))
        said, items = children.call(*call, unprivileged=True)
    return said, items == _ITEMS


def _shut_in_a_run(folder: str, media: str, events: int) -> tuple[bool, int]:
    library = Path(folder) / "library"
    places = [library, library / "thumbs"]
    said = False
    with Catalogue(library / "catalogue.sqlite") as catalogue:
        try:
            thumbs = library / "thumbs"
            for number, _ in enumerate(
                index_run(catalogue, fake_space(), [Path(media)], thumbs=thumbs)
            ):
                if number == events:
                    for place in places:
                        place.chmod(0o555)
        except LibraryReadOnly:
            said = True
        finally:
            for place in places:
                place.chmod(0o755)
    return said, len(finished(library, Path(media))["items"])


def backwards() -> tuple[bool, bool]:
    """Runs while the clock goes back by an hour at each look, over files of the future."""
    with _place() as folder:
        media = fill(folder / "media", _FILES)
        (folder / "library").mkdir()
        future = time.time() + 10 * 365 * 86_400
        for path in list(media.rglob("*.txt"))[::2]:
            os.utime(path, (future, future))
        looks = [time.time()]

        def now() -> float:
            looks[0] -= 3600
            return looks[0]

        with (
            mock.patch("time.time", now),
            Catalogue(folder / "library" / "catalogue.sqlite") as catalogue,
        ):
            first = run(catalogue, media)
            again = run(catalogue, media)
            file = write_text(media / "texts/000.txt", "later, by an earlier clock, it is green")
            os.utime(file, (1, 1))
            changed = run(catalogue, media)
            latest = catalogue.runs()[0]
            here = len(content(catalogue)["items"])
        kept = (first.added, again.total, changed.changed, here) == (_ITEMS, 0, 1, _ITEMS)
    return True, kept and latest.state == "done"
