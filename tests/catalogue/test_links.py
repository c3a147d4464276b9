import numpy as np

from tests.catalogue.conftest import plain, record
from xmr_core.catalogue import Link
from xmr_core.media import Modality


def items(catalogue, root, count=3):
    return [catalogue.put(plain(root, f"{i}.txt")) for i in range(count)]


def test_links_of_some_kinds_take_the_place_of_those_there_were(catalogue, root):
    a, b, c = items(catalogue, root)
    assert catalogue.keep_links(("near",), [Link(a, b, "near", 0.5), Link(a, c, "near", 0.25)]) == (
        2,
        0,
    )
    catalogue.keep_links(("stem",), [Link(b, c, "stem", 1.0)])
    changed = [Link(a, b, "near", 0.75), Link(a, c, "near", 0.25)]
    assert catalogue.keep_links(("near",), changed) == (1, 0)
    assert catalogue.keep_links(("near",), changed[:1]) == (0, 1)
    assert catalogue.links() == [Link(a, b, "near", 0.75), Link(b, c, "stem", 1.0)]
    assert catalogue.links(c) == [Link(b, c, "stem", 1.0)]
    assert catalogue.links(kinds=("near",)) == changed[:1]


def test_links_of_items_that_are_gone_are_not_kept(catalogue, root):
    a, b = items(catalogue, root, 2)
    catalogue.keep_links(("near",), [Link(a, 99, "near", 0.5), Link(a, b, "near", 0.5)])
    assert catalogue.links() == [Link(a, b, "near", 0.5)]
    catalogue.set_missing([b], True)
    assert catalogue.links() == []


def test_what_the_user_says_of_items_outlives_their_content_and_is_said_once(catalogue, root):
    a, b, c = items(catalogue, root)
    catalogue.keep_links(("near",), [Link(a, b, "near", 0.5)])
    catalogue.say_links("joined", [(b, a), (a, c)])
    catalogue.say_links("parted", [(a, b)])
    catalogue.put(plain(root, "0.txt", hash="other"))
    assert catalogue.links() == [Link(a, b, "parted", 1.0), Link(a, c, "joined", 1.0)]


def test_places_say_where_present_items_lie(catalogue, root):
    a, b = items(catalogue, root, 2)
    catalogue.set_missing([a], True)
    (place,) = catalogue.places()
    assert (place.id, place.path, place.modality) == (b, "1.txt", Modality.TEXT)
    assert place.root / place.path == catalogue.item(b).file


def test_rows_of_items_as_wholes_and_their_vectors(catalogue, root):
    a = catalogue.put(record(root, "a.txt"))
    b = catalogue.put(plain(root, "b.txt", joint=np.array([[0, 1]], np.float32)))
    catalogue.put(plain(root, "c.png", modality=Modality.IMAGE))
    rows, ids = catalogue.whole_rows(Modality.TEXT)
    assert ids.tolist() == [a, b]
    assert catalogue.row_vectors(rows).tolist() == [[1, 0], [0, 1]]
    assert catalogue.row_vectors(rows[:0]).shape == (0, 0)


def test_items_of_one_content_and_of_one_name_in_a_folder(catalogue, root):
    one = catalogue.put(plain(root, "a/robin.txt", hash="same"))
    two = catalogue.put(plain(root, "b/robin.md", hash="same"))
    three = catalogue.put(plain(root, "a/robin.en.srt"))
    for other in ("a/robin/in.txt", "a/robins.txt", "robin.txt", "a/Robin.txt"):
        catalogue.put(plain(root, other))
    assert catalogue.of_content("same") == [one, two] and catalogue.of_content("") == []
    assert catalogue.named_alike(one) == {one: "a/robin.txt", three: "a/robin.en.srt"}
    assert catalogue.named_alike(three) == {three: "a/robin.en.srt"}
    catalogue.set_missing([one, three], True)
    assert catalogue.of_content("same") == [two]
    assert catalogue.named_alike(two) == {two: "b/robin.md"}
    assert catalogue.named_alike(99) == {}
