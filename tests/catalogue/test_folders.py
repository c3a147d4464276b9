import os
from pathlib import Path

import pytest

from tests.catalogue.conftest import plain
from xmr_core.errors import LibraryError
from xmr_core.filters import Filters


def test_roots_come_in_the_order_they_were_added(catalogue):
    for name in ("/b", "/a"):
        catalogue.add_root(Path(name))
    assert [root.path for root in catalogue.roots()] == [Path("/b"), Path("/a")]


def test_a_root_may_have_any_name(catalogue):
    name = Path(os.fsdecode(b"/media/caf\xe9 \n\xf0\x9f\x90\xa6"))
    catalogue.add_root(name)
    assert catalogue.roots()[0].path == name


def test_a_folder_inside_a_root_is_that_root(catalogue):
    root = catalogue.add_root(Path("/media"))
    assert catalogue.add_root(Path("/media/birds")) == root
    assert catalogue.add_root(Path("/media")) == root
    assert catalogue.add_root(Path("/media2")) != root


def test_roots_inside_a_new_folder_are_taken_up_with_all_that_is_known(catalogue):
    birds, cats = (
        catalogue.add_root(Path("/media/a/birds")),
        catalogue.add_root(Path("/media/cats")),
    )
    bird, cat = catalogue.put(plain(birds, "tit.txt")), catalogue.put(plain(cats, "tom.txt"))
    catalogue.add_failure(cats.id, "bad.png", "DamagedMedia", "is damaged")
    root = catalogue.add_root(Path("/media"))
    assert [r.path for r in catalogue.roots()] == [Path("/media")]
    assert catalogue.item(bird).path == "a/birds/tit.txt"
    assert catalogue.item(cat).file == Path("/media/cats/tom.txt")
    assert catalogue.failures()[0].file == Path("/media/cats/bad.png")
    assert set(catalogue.known(root.id, "a", "space-1")) == {"a/birds/tit.txt"}


def test_a_removed_root_takes_its_items_and_failures_along(catalogue):
    birds, cats = catalogue.add_root(Path("/birds")), catalogue.add_root(Path("/cats"))
    bird, cat = catalogue.put(plain(birds, "tit.txt")), catalogue.put(plain(cats, "tom.txt"))
    catalogue.add_failure(birds.id, "bad.png", "DamagedMedia", "is damaged")
    assert catalogue.remove_root(birds.id) == [bird]
    assert [i.id for i in catalogue.find(Filters())] == [cat]
    assert catalogue.failures() == [] and catalogue.parts(bird) == []
    assert len(catalogue.item_vectors(bird)[0]) == 0


def test_a_moved_root_keeps_its_items(catalogue):
    root = catalogue.add_root(Path("/old"))
    id = catalogue.put(plain(root, "a.txt"))
    catalogue.move_root(root.id, Path("/new"))
    assert catalogue.item(id).file == Path("/new/a.txt")
    assert len(catalogue.item_vectors(id)[0]) == 1


@pytest.mark.parametrize("place", ["/cats", "/cats/old", "/"])
def test_a_root_cannot_move_over_another(catalogue, place):
    root = catalogue.add_root(Path("/birds"))
    catalogue.add_root(Path("/cats"))
    with pytest.raises(LibraryError, match="overlaps /cats"):
        catalogue.move_root(root.id, Path(place))
    assert catalogue.roots()[0].path == Path("/birds")


def test_a_root_may_move_into_or_out_of_itself(catalogue):
    root = catalogue.add_root(Path("/birds"))
    catalogue.move_root(root.id, Path("/birds/all"))
    catalogue.move_root(root.id, Path("/birds"))
    assert catalogue.roots()[0].path == Path("/birds")
