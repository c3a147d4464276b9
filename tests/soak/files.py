"""Whatever happens to files between runs, and to runs: the catalogue ends up as the disk is.

A model of a folder, which is no more than the words in each file and the item that it should
be, goes the same way as a real folder and a real library.
"""

import itertools
import os
import shutil
import tempfile
from pathlib import Path, PurePosixPath

import numpy as np
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.fakes import WordEncoder, fake_space
from tests.indexing.dying import index_and_die, quickly_killed
from tests.indexing.world import run
from xmr_core.catalogue import Catalogue
from xmr_core.filters import Filters
from xmr_core.indexing import Control, index_run
from xmr_core.media import Text

NAMES = [
    f"{folder}{name}.{end}" for folder in ("", "d/") for name in "abc" for end in ("txt", "md")
]
WORDS = ["red", "green", "blue", "red red", "green blue", ""]  # empty files cannot be read
WORDS += [f"red {n}" for n in range(6)]

paths = st.sampled_from(NAMES)
words = st.sampled_from(WORDS)


class Broken(Exception):
    """A fault in the middle of a commit."""


class OtherWordEncoder(WordEncoder):
    """Another encoder, as far as anybody can tell: every file has to be read again."""

    name = "fake-other-words"
    fingerprint = "fake-words-2"


class Files(RuleBasedStateMachine):
    """A folder of texts, what is in them, and a library that follows."""

    def __init__(self):
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="xmr-states-"))
        self.media = self.place / "media"
        (self.media / "d").mkdir(parents=True)
        self.catalogue = Catalogue(self.place / "catalogue.sqlite")
        self.files = {}  # path → words
        self.gone = {}  # path → words and time of a deleted file
        self.ids = {}  # path → the item that must be there after a run
        self.places = {}  # item → where its file has been since a run was last compared
        self.clock = 0
        self.turn = 0
        self.other = False
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
        encoders = {"text": OtherWordEncoder()} if self.other else {}
        return fake_space(self.turn, **encoders)

    # -- files

    @rule(path=paths, words=words)
    def write(self, path, words):
        # Two writes within a tick of the clock would look the same to (size, mtime).
        self.clock += 1
        self.put(path, words, self.clock)
        self.forget(path, words)

    def put(self, path, words, clock):
        (self.media / path).write_text(words)
        os.utime(self.media / path, (clock, clock))
        self.files[path] = words
        self.occupy(path)
        self.current = False

    def occupy(self, path):
        """A file is there now, and goes on as the item of one that was there and is elsewhere."""
        left = {id for id, places in self.places.items() if path in places}
        self.ids = {at: id for at, id in self.ids.items() if at == path or id not in left}
        self.gone = {
            at: (words, when, None if id in left else id)
            for at, (words, when, id) in self.gone.items()
        }

    def forget(self, path, words):
        """Two files with the same words may take each other's place."""
        self.ids.pop(path, None)
        end = PurePosixPath(path).suffix
        for other, theirs in self.files.items():
            if theirs == words and other.endswith(end):
                self.ids.pop(other, None)

    @precondition(lambda self: self.files)
    @rule(data=st.data(), to=paths)
    def move(self, data, to):
        path = data.draw(st.sampled_from(sorted(self.files)))
        known = to in self.files or to in self.gone
        (self.media / path).rename(self.media / to)
        words, id = self.files.pop(path), self.ids.pop(path, None)
        self.files[to] = words
        self.gone.pop(to, None)
        if path == to or (not known and PurePosixPath(path).suffix == PurePosixPath(to).suffix):
            if id is not None:
                self.ids[to] = id
                self.places[id].add(to)
        else:
            self.forget(to, words)
        self.occupy(to)
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
        when = (self.media / path).stat().st_mtime
        (self.media / path).unlink()
        self.gone[path] = (self.files.pop(path), when, self.ids.pop(path, None))
        self.current = False

    @precondition(lambda self: self.gone)
    @rule(data=st.data())
    def bring_back(self, data):
        """A deleted file is there again, as if it had never been away."""
        path = data.draw(st.sampled_from(sorted(self.gone)))
        words, when, id = self.gone.pop(path)
        if path in self.files:
            return
        alone = words not in self.files.values()
        self.put(path, words, when)
        if alone and id is not None and words not in [w for w, _, _ in self.gone.values()]:
            self.ids[path] = id
        else:
            self.forget(path, words)

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
        self.ids = {}
        for path in self.files:
            self.occupy(path)
        self.current = False

    # -- runs

    @rule()
    def index(self):
        assert run(self.catalogue, self.media, self.space, accept_loss=True).stage == "done"
        self.current = True

    @rule(folder=st.sampled_from(["d"]))
    def index_a_part(self, folder):
        run(self.catalogue, self.media / folder, self.space, accept_loss=True)

    @rule()
    def unmount(self):
        """A run while the folder is away, which must change nothing of what is known."""
        before = self.known()
        self.media.rename(self.place / "away")
        try:
            last = run(self.catalogue, self.media, self.space)
        finally:
            (self.place / "away").rename(self.media)
        assert last.warnings and last.missing == 0
        assert self.known() == before

    @rule()
    def unmount_and_leave_the_place(self):
        """The same where an empty folder stays, as a mount point does."""
        before = self.known()
        self.media.rename(self.place / "away")
        self.media.mkdir()
        try:
            last = run(self.catalogue, self.media, self.space)
        finally:
            self.media.rmdir()
            (self.place / "away").rename(self.media)
        assert last.missing == 0
        assert self.known() == before

    @rule(events=st.integers(1, 6))
    def abandon(self, events):
        running = index_run(self.catalogue, self.space, [self.media], thumbs=self.place / "thumbs")
        for _ in zip(running, range(events), strict=False):
            pass
        running.close()

    @rule(events=st.integers(1, 6))
    def pause_and_resume(self, events):
        control = Control()
        running = index_run(
            self.catalogue,
            self.space,
            [self.media],
            control=control,
            thumbs=self.place / "thumbs",
            accept_loss=True,
        )
        begun = list(itertools.islice(running, events))
        control.pause()
        begun += itertools.islice(running, 1)
        control.resume()
        assert [*begun, *running][-1].stage == "done"
        self.current = True

    @rule(share=st.floats(0, 1))
    def kill(self, share):
        """The process of a run is killed at some statement; a run has 70 or more."""
        self.catalogue.close()
        call = (str(self.place), str(self.media), 1 + int(150 * share), "statements", self.space)
        if not quickly_killed(index_and_die, *call):
            self.current = True
        self.catalogue = Catalogue(self.place / "catalogue.sqlite")
        self.catalogue.check()

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
        """A profile with the same encoders: nothing needs to be read."""
        self.turn = 1 - self.turn
        self.current = False

    @rule()
    def change_encoder(self):
        """A profile with other encoders: what was moved before all is read again, is new."""
        self.other = not self.other
        self.ids = {}
        self.gone = {path: (words, when, None) for path, (words, when, _) in self.gone.items()}
        self.current = False

    @rule()
    def open_again(self):
        self.catalogue.close()
        self.catalogue = Catalogue(self.place / "catalogue.sqlite")
        self.catalogue.check()

    # -- what must hold

    def known(self):
        """Which item is at which path, and whether it is missing."""
        found = {}
        for root in self.catalogue.roots():
            known = self.catalogue.known(root.id, "", self.catalogue.meta("fingerprint"))
            found |= {path: (item.id, item.missing) for path, item in known.items()}
        return found

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
        others = ({}, {"text": OtherWordEncoder()})
        return next(
            turn
            for turn in (0, 1)
            for encoders in others
            if fake_space(turn, **encoders).fingerprint == fingerprint
        )

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

    @precondition(lambda self: self.current)
    @invariant()
    def moved_and_returned_files_keep_their_items(self):
        ids = {item.path: item.id for item in self.catalogue.find(Filters(), limit=1000)}
        for path, id in self.ids.items():
            if self.files[path]:
                assert ids[path] == id, path
        known = [
            (w, PurePosixPath(p).suffix)
            for p, w in [*self.files.items(), *((p, w) for p, (w, _, _) in self.gone.items())]
        ]
        self.ids = {
            path: id
            for path, id in ids.items()
            if known.count((self.files[path], PurePosixPath(path).suffix)) == 1
        }
        self.places |= {id: {path} for path, id in self.ids.items()}
