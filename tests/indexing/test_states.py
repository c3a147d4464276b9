"""Whatever happens to files between runs, and to runs: the catalogue ends up as the disk is."""

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.fakes import WordEncoder, fake_space
from tests.indexing.world import run
from xmr_core.catalogue import Catalogue
from xmr_core.filters import Filters
from xmr_core.indexing import index_run
from xmr_core.media import Text

NAMES = [
    f"{folder}{name}.{end}" for folder in ("", "d/") for name in "abc" for end in ("txt", "md")
]
WORDS = ["red", "green", "blue", "red red", "green blue", ""]  # empty files cannot be read

paths = st.sampled_from(NAMES)
words = st.sampled_from(WORDS)


class Broken(Exception):
    """A fault in the middle of a commit."""


class Files(RuleBasedStateMachine):
    """A folder of texts, what is in them, and a library that follows."""

    def __init__(self):
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="xmr-states-"))
        self.media = self.place / "media"
        (self.media / "d").mkdir(parents=True)
        self.catalogue = Catalogue(self.place / "catalogue.sqlite")
        self.files = {}  # path → words
        self.clock = 0
        self.turn = 0
        self.current = False

    @initialize()
    def begin(self):
        self.write("a.txt", "red")
        self.index()

    def teardown(self):
        self.catalogue.close()
        shutil.rmtree(self.place)

    @property
    def space(self):
        return fake_space(turn=self.turn)

    # -- files

    @rule(path=paths, words=words)
    def write(self, path, words):
        (self.media / path).write_text(words)
        # Two writes within a tick of the clock would look the same to (size, mtime).
        self.clock += 1
        os.utime(self.media / path, (self.clock, self.clock))
        self.files[path] = words
        self.current = False

    @precondition(lambda self: self.files)
    @rule(data=st.data(), to=paths)
    def move(self, data, to):
        path = data.draw(st.sampled_from(sorted(self.files)))
        (self.media / path).rename(self.media / to)
        self.files[to] = self.files.pop(path)
        self.current = False

    @precondition(lambda self: self.files)
    @rule(data=st.data(), to=paths)
    def copy(self, data, to):
        path = data.draw(st.sampled_from(sorted(self.files)))
        self.write(to, self.files[path])

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def delete(self, data):
        path = data.draw(st.sampled_from(sorted(self.files)))
        (self.media / path).unlink()
        del self.files[path]
        self.current = False

    @rule(shift=st.integers(1, 9))
    def renumber(self, shift):
        """Every file takes the place of the next, as cameras do."""
        there = sorted(self.files)
        targets = dict(zip(there, there[shift % max(len(there), 1) :] + there, strict=False))
        for path in there:
            (self.media / path).rename(self.media / f"{path}.moving")
        for path, target in targets.items():
            (self.media / f"{path}.moving").rename(self.media / target)
        self.files = {targets[path]: words for path, words in self.files.items()}
        self.current = False

    # -- runs

    @rule()
    def index(self):
        assert run(self.catalogue, self.media, self.space, accept_loss=True).stage == "done"
        self.current = True

    @rule(folder=st.sampled_from(["d"]))
    def index_a_part(self, folder):
        run(self.catalogue, self.media / folder, self.space, accept_loss=True)

    @rule(events=st.integers(1, 6))
    def abandon(self, events):
        running = index_run(self.catalogue, self.space, [self.media], thumbs=self.place / "thumbs")
        for _ in zip(running, range(events), strict=False):
            pass
        running.close()

    @rule(puts=st.integers(0, 3))
    def break_off(self, puts):
        """A commit fails half way."""
        left = [puts]
        real = self.catalogue.put

        def put(record):
            if left[0] == 0:
                raise Broken
            left[0] -= 1
            return real(record)

        self.catalogue.put = put
        try:
            run(self.catalogue, self.media, self.space, accept_loss=True)
            self.current = True
        except Broken:
            pass
        finally:
            del self.catalogue.put

    @rule()
    def turn_space(self):
        self.turn = 1 - self.turn
        self.current = False

    @rule()
    def open_again(self):
        self.catalogue.close()
        self.catalogue = Catalogue(self.place / "catalogue.sqlite")
        self.catalogue.check()

    # -- what must hold

    @invariant()
    def every_vector_is_that_of_the_content(self):
        for item in self.catalogue.find(Filters(), limit=1000):
            nos, joint = self.catalogue.item_vectors(item.id)
            parts = self.catalogue.parts(item.id)
            if not len(nos) and not self.current:
                continue  # encoded for a space that the library is not in yet
            assert nos.tolist() == list(range(1 + len(parts)))
            (part,) = parts
            counted = WordEncoder().encode([Text(part.text)])[0].pooled
            turned = np.roll(counted / np.linalg.norm(counted), self.turn_of_the_library)
            assert np.allclose(joint[0], turned, atol=1e-3)

    @property
    def turn_of_the_library(self):
        fingerprint = self.catalogue.meta("fingerprint")
        return next(turn for turn in (0, 1) if fake_space(turn=turn).fingerprint == fingerprint)

    @precondition(lambda self: self.current)
    @invariant()
    def the_catalogue_is_as_the_disk(self):
        items = self.catalogue.find(Filters(), limit=1000)
        texts = {item.path: self.catalogue.parts(item.id)[0].text for item in items}
        assert texts == {path: words for path, words in self.files.items() if words}
        failed = {failure.path for failure in self.catalogue.failures()}
        assert failed == {path for path, words in self.files.items() if not words}
        for item in items:
            assert (self.place / "thumbs" / f"{item.id}.webp").is_file()
        assert self.catalogue.meta("fingerprint") == self.space.fingerprint
        last = run(self.catalogue, self.media, self.space, accept_loss=True)
        assert (last.total, last.missing, last.returned) == (0, 0, 0)


Files.TestCase.settings = settings(
    max_examples=int(os.environ.get("XMR_EXAMPLES", "12")),
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestFiles = Files.TestCase
