"""Links between the items of a library."""

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes import fake_space
from tests.indexing.world import write_picture, write_sound, write_text
from tests.library.steps import index
from xmr_core.errors import LibraryBusy, LibraryError
from xmr_core.graph import build
from xmr_core.indexing import Control, held
from xmr_core.library import Library, make_query, search_libraries
from xmr_core.query import Query, Term

COLOURS = ("red", "green", "blue")


def link(library, **options):
    *_, last = library.link(**options)
    return last


def anew(library):
    """The links made from nothing."""
    for name in ("near.npz", "mentions.json"):
        (library.path / "index" / name).unlink(missing_ok=True)
    library.catalogue.keep_links(build.KINDS, [])
    library.catalogue.set_meta(build.STAMP, "")
    link(library)
    return library.links()


def by_name(library, links):
    names = {item.id: item.path for item in library.items(limit=1000)}
    return {(*sorted((names[i], names[j])), kind): weight for i, j, kind, weight in links}


class Folder:
    """Random files of three media that come, change and go."""

    def __init__(self, path, seed):
        self.path, self.rng = path, np.random.default_rng(seed)
        self.count = 0

    def write(self, name):
        colour = COLOURS[self.rng.integers(3)]
        path = self.path / name
        if path.suffix == ".png":
            write_picture(path, colour, side=int(self.rng.integers(4, 30)))
        elif path.suffix == ".wav":
            write_sound(path, colour, seconds=0.2)
        else:
            others = sorted(p.name for p in path.parent.glob("*.png"))[:2]
            write_text(path, f"{colour} {COLOURS[self.rng.integers(3)]} {' '.join(others)}")

    def change(self):
        files = sorted(p for p in self.path.rglob("*") if p.is_file())
        for path in self.rng.permutation(files)[: len(files) // 4]:
            path.unlink() if self.rng.random() < 0.5 else self.write(path.relative_to(self.path))
        for _ in range(6):
            folder = "abc"[self.rng.integers(3)]
            stem = "uvwxyz"[self.rng.integers(6)] + str(self.rng.integers(3))
            end = (".png", ".wav", ".txt")[self.rng.integers(3)]
            self.write(f"{folder}/{stem}{end}")


@pytest.mark.parametrize("seed", range(2))
def test_links_kept_up_equal_links_made_anew(library, tmp_path, seed):
    folder = Folder(tmp_path / "random", seed)
    for _ in range(4):
        folder.change()
        index(library, tmp_path / "random", accept_loss=True)
        assert not library.linked
        assert link(library).stage == "done"
        kept = library.links()
        assert anew(library) == kept
        assert library.linked
    assert {kind for _, _, kind, _ in kept} == set(build.KINDS)


def test_items_are_linked_by_likeness_name_folder_and_reference(library, tmp_path):
    media = tmp_path / "media"
    write_picture(media / "deep/rose.png", "red")
    write_sound(media / "deep/rose.wav", "blue")
    write_text(media / "deep/page.html", '<p>green</p><img src="rose.png">')
    index(library, media)
    link(library)
    links = by_name(library, library.links())
    assert links["deep/rose.png", "deep/rose.wav", "stem"] == 1
    assert links["deep/page.html", "deep/rose.png", "refers"] == 1
    assert links["deep/rose.png", "deep/rose.wav", "folder"] == 0.33  # four files
    near = {key[:2]: weight for key, weight in links.items() if key[2] == "near"}
    assert 0.5 < near["blue.wav", "deep/rose.wav"] <= 1
    assert ("deep/rose.png", "deep/rose.wav") not in near  # red and blue: a name in common only


def test_a_cancelled_linking_leaves_the_links_as_they_were(library, media):
    index(library, media)
    control = Control()
    control.cancel()
    assert link(library, control=control).stage == "cancelled"
    assert library.links() == [] and not library.linked


def test_nothing_is_linked_while_a_run_goes_on(library, media):
    index(library, media)
    with held(library.path), pytest.raises(LibraryBusy):
        link(library)


def test_a_damaged_cache_is_made_again(library, media):
    index(library, media)
    link(library)
    before = library.links()
    for name in ("near.npz", "mentions.json"):
        (library.path / "index" / name).write_bytes(b"nonsense")
    library.catalogue.set_meta(build.STAMP, "")
    link(library)
    assert library.links() == before


def test_what_lies_around_an_item_begins_with_itself_and_goes_outwards(library, media):
    index(library, media)
    for name in ("a.txt", "b.txt", "c.txt"):
        write_text(media / "deep" / name, "green")
    index(library)
    link(library)
    middle = next(item for item in library.items() if item.path == "deep/a.txt")
    around = library.surroundings(middle.id)
    assert around.items[0].id == middle.id
    assert list(around.steps) == sorted(around.steps) and around.steps[:2] == (0, 1)
    there = {item.id for item in around.items}
    assert all(link.item in there and link.other in there for link in around.links)
    assert len(library.surroundings(middle.id, most=2).items) == 2
    near = library.surroundings(middle.id, kinds=("near",))
    assert {link.kind for link in near.links} == {"near"}
    with pytest.raises(LibraryError, match="no item 99"):
        library.surroundings(99)


def test_a_search_that_follows_links_needs_some(library, media):
    index(library, media)
    query = Query((Term(library.term(1).media),), spread=True)
    with pytest.raises(LibraryError, match="have not been linked"):
        library.answer(query)


def test_a_search_that_follows_links_lifts_what_hits_are_linked_with(library, tmp_path):
    media = tmp_path / "media"
    for i in range(4):
        write_text(media / f"red-{i}.txt", "red")
    write_text(
        media / "a.html",
        '<p>green blue</p><img src="red-0.txt">'
        + "".join(f'<a href="red-{i}.txt">' for i in range(1, 4)),
    )
    write_text(media / "b.html", "<p>green blue</p>")
    index(library, media)
    link(library)
    plain = [hit.item.path for hit in library.search("red", k=10).hits]
    hits = library.search("red", k=10, spread=True).hits
    spread = [hit.item.path for hit in hits]
    fused = search_libraries([library], replace(make_query(["red"], k=10), spread=True)).hits
    assert [hit.item.path for hit in fused] == spread
    assert spread.index("a.html") < spread.index("b.html")
    assert set(spread) == set(plain) and [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [h.item.path for h in library.search("red", k=2, offset=1, spread=True).hits] == spread[
        1:3
    ]


def test_items_with_several_neighbours_are_linked_through_words(home, tmp_path, cache):
    space = replace(fake_space(), heard_texts=("red", "green", "blue", "stone"))
    for i, colour in enumerate(COLOURS * 2):
        write_picture(tmp_path / f"media/{i}.png", colour, side=8 + i)
        write_sound(tmp_path / f"media/{i}.wav", colour, 0.3 + 0.1 * i)
    with Library.create("heard", space=space) as library:
        index(library, tmp_path / "media")
        link(library)
        found = by_name(library, library.links())
    between = [pair for pair in found if {pair[0][-3:], pair[1][-3:]} == {"png", "wav"}]
    assert len(between) >= 6
