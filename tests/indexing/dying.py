"""Index runs that die by a real signal, and what a library must be after them."""

import multiprocessing
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from tests import children
from tests.fakes import WordEncoder, fake_space
from tests.indexing.world import content, found, run, write_text
from xmr_core.catalogue import Catalogue, salvage
from xmr_core.catalogue.database import Database
from xmr_core.errors import DiskFull
from xmr_core.gallery import Gallery
from xmr_core.media import Text
from xmr_core.query import Query, Term
from xmr_core.search import Searcher


class Steady(WordEncoder):
    """Takes a little while a batch, so that a run has moments to be killed at."""

    def encode(self, batch):
        time.sleep(0.05)
        return super().encode(batch)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def count_statements(upto):
    """Die at the statement of that number; where it is never reached, count them."""
    counted = [0]

    def trace(_):
        counted[0] += 1
        if counted[0] == upto:
            die()

    real = Database.connection

    def connection(self):
        db = real(self)
        if not self.read_only:
            db.set_trace_callback(trace)
        return db

    Database.connection = connection
    return counted


def count_files(upto):
    """The same for files put in their place."""
    counted = [0]
    real = Path.replace

    def replace(*values):
        counted[0] += 1
        if counted[0] == upto:
            die()
        return real(*values)

    Path.replace = replace
    return counted


def index_and_die(folder, media, at, count="statements", space=None):
    """Index until the statement or file of that number; how many there were, if it lived."""
    counted = {"statements": count_statements, "files": count_files}[count](at)
    with Catalogue(Path(folder) / "catalogue.sqlite") as catalogue:
        run(catalogue, Path(media), space, accept_loss=True)
    return counted[0]


def index_slowly(folder, media):
    with Catalogue(Path(folder) / "catalogue.sqlite") as catalogue:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        run(catalogue, Path(media), fake_space(text=Steady()))
    return True


def finished(folder, media):
    """Go on to the end; everything that the library then knows."""
    with Catalogue(Path(folder) / "catalogue.sqlite") as catalogue:
        assert run(catalogue, media).stage == "done"
        catalogue.check()
        again = run(catalogue, media)
        assert (again.total, again.moved, again.missing) == (0, 0, 0), "nothing is left to do"
        thumbs = Path(folder) / "thumbs"
        assert not list(thumbs.glob(".*")), "no litter"
        return content(catalogue)


def killed(*call):
    """Whether a call in a process of its own was killed."""
    child = children.start(*call)
    child.communicate(timeout=60)
    return child.returncode == -signal.SIGKILL


def quickly_killed(function, *values, after=None):
    """The same, in a copy of a process that has everything loaded: hundreds are cheap.

    Args:
        function, values: what is called.
        after: so many seconds it is killed from outside, if it did not end by itself.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    child = context.Process(target=function, args=values)
    child.start()
    child.join(60 if after is None else after)
    if after is not None:
        child.kill()
        child.join()
    assert child.exitcode in (0, -signal.SIGKILL), child.exitcode
    return child.exitcode == -signal.SIGKILL


# -- what happens between two runs, index files and salvage


def change(media):
    """Everything that can happen to files between two runs."""
    (media / "texts/000.txt").rename(media / "moved.txt")
    (media / "pictures").rename(media / "renamed")
    write_text(media / "texts/001.txt", "changed to green")
    write_text(media / "new.txt", "red and new")
    shutil.copy(media / "texts/002.txt", media / "copy.txt")
    (media / "texts/003.txt").unlink()
    (media / "texts/004.txt").write_bytes(b"")
    write_text(media / "empty.txt", "no longer empty")
    os.utime(media / "texts/005.txt", (1, 1))
    write_text(media / "gone.txt", "it was gone once")


def names(folder):
    space = fake_space()
    with Catalogue(folder / "catalogue.sqlite") as catalogue:
        gallery = Gallery(catalogue, space, folder / "index")
        searcher = Searcher("colours", catalogue, space, gallery)
        hits = searcher.search(Query((Term(Text("red")),), k=100)).hits
        return sorted((hit.item.path, round(hit.score, 4)) for hit in hits)


def search_and_die(folder, at):
    """Die at a certain step of writing index files."""
    steps = [0]

    def step(real):
        def called(*values, **options):
            steps[0] += 1
            if steps[0] == at:
                die()
            return real(*values, **options)

        return called

    os.fsync = step(os.fsync)
    os.replace = step(os.replace)
    Path.replace = step(Path.replace)
    os.fdopen = step(os.fdopen)
    names(Path(folder))
    return steps[0]


def salvage_and_die(folder, at):
    """Die at a certain statement or change of files; count them."""
    steps = count_statements(at)

    def step(function):
        def called(*values, **options):
            steps[0] += 1
            if steps[0] == at:
                die()
            return function(*values, **options)

        return called

    Path.replace, Path.unlink = step(Path.replace), step(Path.unlink)
    salvage(Path(folder) / "catalogue.sqlite")
    return steps[0]


# -- a full disk


def index_on_a_full_disk(folder, media):
    """Index until the disk is full, make room, go on."""
    folder, media = Path(folder), Path(media)
    library = folder / "library"
    library.mkdir()
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(6_000_000))
    said = []
    with Catalogue(library / "catalogue.sqlite") as catalogue:
        try:
            run(catalogue, media)
        except DiskFull as error:
            said = [str(error), len(found(catalogue)), catalogue.runs()[0].state]
        names(library)  # searching goes on, without files to keep
        ballast.unlink()
    expected = finished(library, media)
    return {"said": said, "items": len(expected["items"]), "failures": len(expected["failures"])}
