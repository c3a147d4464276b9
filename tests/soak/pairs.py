"""Two processes on one library: both index and both search it, at the same time."""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import children
from tests.fakes import fake_space
from tests.indexing.dying import finished
from tests.indexing.world import fill, run, write_picture, write_text
from tests.soak.length import Length
from xmr_core.bench.report import Figure
from xmr_core.catalogue import Catalogue
from xmr_core.errors import LibraryBusy
from xmr_core.gallery import Gallery
from xmr_core.media import Text
from xmr_core.query import Query, Term
from xmr_core.search import Searcher

_COLOURS = ("red", "green", "blue")


def pairs(length: Length) -> Iterator[Figure]:
    """Their runs and searches, and whether the library is as one process alone would make it."""
    with TemporaryDirectory(prefix="xmr-pair-") as place:
        media, library, alone = (Path(place) / name for name in ("media", "library", "alone"))
        fill(media, 8)
        library.mkdir()
        alone.mkdir()
        both = [
            children.start(share, str(library), str(media), who, length.runs) for who in ("a", "b")
        ]
        told = [children.finish(child, timeout=60 + 20 * length.runs) for child in both]
        same = finished(library, media) == finished(alone, media)
    yield Figure("runs of two processes on one library", sum(t["runs"] for t in told), "")
    yield Figure("of them, had to wait for the other's", sum(t["busy"] for t in told), "")
    yield Figure("searches beside them", sum(t["searches"] for t in told), "")
    empty = sum(t["empty"] for t in told)
    yield Figure("searches that did not find what had been indexed", empty, "", 0, "less")
    yield Figure("the library differs from one made by one process", int(not same), "", 0, "less")


def share(folder: str, media: str, who: str, runs: int) -> dict[str, int]:
    """Change files of one's own, index, search; again and again."""
    rng = random.Random(who)
    space = fake_space()
    told = {"runs": 0, "busy": 0, "searches": 0, "empty": 0}
    place = Path(media)
    with Catalogue(Path(folder) / "catalogue.sqlite") as catalogue:
        searcher = Searcher("pair", catalogue, space, Gallery(catalogue, space, Path(folder) / "x"))
        for number in range(runs):
            write_text(place / who / f"{number}.txt", f"{rng.choice(_COLOURS)} {who} {number}")
            write_picture(place / who / f"{number % 5}.png", rng.choice(_COLOURS), 8 + number)
            until = time.monotonic() + 20
            while True:
                try:
                    assert run(catalogue, place, space).stage == "done"
                    break
                except LibraryBusy:
                    told["busy"] += 1
                    assert time.monotonic() < until, "the other holds the library for too long"
                    time.sleep(rng.uniform(0, 0.05))
            told["runs"] += 1
            for _ in range(3):
                hits = searcher.search(Query((Term(Text(rng.choice(_COLOURS))),), k=500)).hits
                told["searches"] += 1
            searcher.shelves()  # takes what is newer, however lately it was looked
            hits = searcher.search(Query((Term(Text("red")),), k=500)).hits
            told["searches"] += 1
            told["empty"] += f"{who}/{number}.txt" not in {hit.item.path for hit in hits}
    return told
