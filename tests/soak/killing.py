"""Kill −9 at random moments of runs, of index files being written and of salvage."""

import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.indexing.dying import (
    change,
    finished,
    index_and_die,
    names,
    quickly_killed,
    salvage_and_die,
    search_and_die,
)
from tests.indexing.world import fill, write_text
from tests.soak.length import Length
from xmr_core.bench.report import Figure
from xmr_core.catalogue import Catalogue, salvage
from xmr_core.filters import Filters

_FILES = 8


def killing(length: Length) -> Iterator[Figure]:
    """How often something was killed, and how often anything was lost by it."""
    rng = random.Random(5)
    with TemporaryDirectory(prefix="xmr-kill-") as place:
        scene = Scene(Path(place))
        acts = [scene.run, scene.run_later, scene.files, scene.index, scene.salvage]
        kills = lost = tries = 0
        while kills < length.kills and tries < 4 * length.kills:
            was_killed, kept = acts[tries % len(acts)](rng)
            tries += 1
            kills += was_killed
            lost += not kept
    yield Figure("kills of runs and of what is saved", kills, "", length.kills)
    yield Figure("kills by which anything was lost", lost, "", 0, "less")


class Scene:
    """A library whose folder has changed in every way since, and what it should become."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.media = fill(place / "media", _FILES)
        (self.media / "empty.txt").touch()
        gone = write_text(self.media / "gone.txt", "it was gone once")
        self.before = place / "before"
        self.before.mkdir()
        finished(self.before, self.media)
        gone.unlink()
        finished(self.before, self.media)
        self.former = _ids(self.before)
        change(self.media)
        whole = self._copy("whole")
        begun = time.perf_counter()
        self.statements = index_and_die_elsewhere(whole, self.media, "statements")
        self.seconds = time.perf_counter() - begun
        self.pictures = index_and_die_elsewhere(self._copy("pictures"), self.media, "files")
        self.expected = finished(whole, self.media)
        self.whole = whole
        self.hits = names(whole)
        self.damaged = self._copy("damaged", whole)
        file = self.damaged / "catalogue.sqlite"
        page = file.read_bytes().rindex(b"second part") // 4096
        with file.open("r+b") as handle:
            handle.seek(page * 4096)
            handle.write(bytes(4096))
        saved = self._copy("salvaged", self.damaged)
        salvage(saved / "catalogue.sqlite")
        self.salvaged = finished(saved, self.media)  # what the page took along stays gone

    def run(self, rng: random.Random) -> tuple[bool, bool]:
        """A run at one of its statements, and the one that takes it up at another."""
        folder = self._copy("killed")
        killed = False
        for _ in range(rng.choice([1, 1, 2])):
            at = rng.randrange(1, self.statements)
            killed |= quickly_killed(index_and_die, str(folder), str(self.media), at)
        return killed, self._kept(folder)

    def run_later(self, rng: random.Random) -> tuple[bool, bool]:
        """A run after a while, wherever it is by then."""
        folder = self._copy("killed")
        after = rng.uniform(0, 1.2 * self.seconds)
        killed = quickly_killed(index_and_die, str(folder), str(self.media), -1, after=after)
        return killed, self._kept(folder)

    def files(self, rng: random.Random) -> tuple[bool, bool]:
        """A run before it puts a picture in its place."""
        folder = self._copy("killed")
        at = rng.randrange(1, self.pictures + 1)
        killed = quickly_killed(index_and_die, str(folder), str(self.media), at, "files")
        return killed, self._kept(folder)

    def index(self, rng: random.Random) -> tuple[bool, bool]:
        """A search that writes index files."""
        folder = self._copy("killed", self.whole)
        shutil.rmtree(folder / "index", ignore_errors=True)
        killed = quickly_killed(search_and_die, str(folder), rng.randrange(1, 12))
        return killed, names(folder) == self.hits and self._kept(folder)

    def salvage(self, rng: random.Random) -> tuple[bool, bool]:
        """The salvage of a damaged catalogue."""
        folder = self._copy("killed", self.damaged)
        killed = quickly_killed(salvage_and_die, str(folder), rng.randrange(1, 200))
        salvage(folder / "catalogue.sqlite")
        return killed, finished(folder, self.media) == self.salvaged

    def _copy(self, name: str, of: Path | None = None) -> Path:
        folder = self.place / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(of or self.before, folder)
        return folder

    def _kept(self, folder: Path) -> bool:
        """It becomes what it would have been, and moved files are the items that they were."""
        same = finished(folder, self.media) == self.expected
        now = _ids(folder)
        moved = [hash for hash, (path, _) in now.items() if path.startswith("renamed/")]
        return same and bool(moved) and all(now[h][1] == self.former[h][1] for h in moved)


def index_and_die_elsewhere(folder: Path, media: Path, count: str) -> int:
    """How many statements or files a run has, counted in a process of its own."""
    from tests import children

    counted: int = children.call(index_and_die, str(folder), str(media), -1, count)
    return counted


def _ids(folder: Path) -> dict[str, Any]:
    """Hash → path and id of the items that are there."""
    with Catalogue(folder / "catalogue.sqlite") as catalogue:
        found = catalogue.find(Filters(), limit=9999)
    return {item.hash: (item.path, item.id) for item in found}
