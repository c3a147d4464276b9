import os
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.catalogue.conftest import plain, record
from xmr_core.filters import Filters
from xmr_core.media import Modality, Part


def paths(items):
    return [item.path for item in items]


def test_an_item_comes_back_as_it_was_put(catalogue, root):
    id = catalogue.put(record(root, "birds/blue tit.txt", mtime_ns=1_500_000_000))
    item = catalogue.item(id)
    assert (item.id, item.root, item.path) == (id, root.path, "birds/blue tit.txt")
    assert (item.modality, item.size, item.mtime) == (Modality.TEXT, 10, 1.5)
    assert (item.title, item.facts) == ("blue tit.txt", {"characters": 5.0})
    assert item.file == root.path / "birds/blue tit.txt"
    assert catalogue.parts(id) == [Part(1, "page 1", (0.0,), (5.0,), "hello")]
    assert catalogue.part(id, 1).label == "page 1"
    assert catalogue.part(id, 2) is None and catalogue.item(id + 1) is None


def test_items_come_in_the_order_asked_without_those_that_are_not_there(catalogue, root):
    a, b, c = (catalogue.put(plain(root, f"{name}.txt")) for name in "abc")
    assert [i.id for i in catalogue.items([c, 99, a, b])] == [c, a, b]


@pytest.mark.parametrize("n", [0, 1, 40_000])
def test_any_number_of_ids_can_be_asked_for(catalogue, root, n):
    id = catalogue.put(plain(root, "a.txt"))
    assert len(catalogue.items([id + i for i in range(n)])) == min(n, 1)


NAMES = [
    "🐦 vogel.txt",
    "two\nlines.txt",
    "x" * 251 + ".txt",
    os.fsdecode(b"caf\xe9.txt"),
    "%_'\\.txt",
]


@pytest.mark.parametrize("name", NAMES, ids=["emoji", "newline", "255 bytes", "latin 1", "signs"])
def test_any_name_that_a_file_can_have_is_kept(catalogue, root, name):
    id = catalogue.put(plain(root, f"folder/{name}"))
    assert catalogue.item(id).path == f"folder/{name}"
    assert set(catalogue.known(root.id, "folder", "space-1")) == {f"folder/{name}"}
    catalogue.item(id).title.encode()  # can be shown
    assert paths(catalogue.find(Filters(folder="folder"))) == [f"folder/{name}"]


def test_pages_follow_each_other_in_the_order_of_paths(catalogue, root):
    for name in "dbeca":
        catalogue.put(plain(root, f"{name}.txt"))
    pages = [paths(catalogue.find(Filters(), offset, 2)) for offset in (0, 2, 4, 6)]
    assert pages == [["a.txt", "b.txt"], ["c.txt", "d.txt"], ["e.txt"], []]


@pytest.fixture
def mixed(catalogue, root):
    catalogue.put(record(root, "a/words.txt", size=100, mtime_ns=10 * 10**9))
    for path, modality, size, seconds in [
        ("a/b/short.wav", "audio", 200, 3.0),
        ("a/b/long.wav", "audio", 300, 60.0),
        ("ab/clip.mp4", "video", 400, 10.0),
        ("ab/picture.png", "image", 500, None),
    ]:
        facts = {} if seconds is None else {"seconds": seconds}
        changes = {"modality": Modality(modality), "facts": facts, "mtime_ns": size * 10**9}
        catalogue.put(plain(root, path, size=size, **changes))
    return catalogue


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "a/b/long.wav a/b/short.wav a/words.txt ab/clip.mp4 ab/picture.png"),
        (Filters(frozenset({Modality.AUDIO})), "a/b/long.wav a/b/short.wav"),
        (
            Filters(frozenset({Modality.AUDIO, Modality.IMAGE})),
            "a/b/long.wav a/b/short.wav ab/picture.png",
        ),
        (Filters(folder="a"), "a/b/long.wav a/b/short.wav a/words.txt"),
        (Filters(folder="a/b/"), "a/b/long.wav a/b/short.wav"),
        (Filters(folder="."), "a/b/long.wav a/b/short.wav a/words.txt ab/clip.mp4 ab/picture.png"),
        (Filters(folder="b"), ""),
        (Filters(min_bytes=200, max_bytes=400), "a/b/long.wav a/b/short.wav ab/clip.mp4"),
        (Filters(after=300, before=400), "a/b/long.wav ab/clip.mp4"),
        (Filters(after=300.5), "ab/clip.mp4 ab/picture.png"),
        (Filters(min_seconds=10), "a/b/long.wav ab/clip.mp4"),
        (Filters(max_seconds=10), "a/b/short.wav ab/clip.mp4"),
        (Filters(text="hello"), "a/words.txt"),
        (Filters(text="HELL"), "a/words.txt"),
        (Filters(text="ello"), ""),
        (Filters(text="clip"), "ab/clip.mp4"),
        (Filters(text="  "), "a/b/long.wav a/b/short.wav a/words.txt ab/clip.mp4 ab/picture.png"),
        (Filters(text="%"), ""),
        (Filters(folder="a", max_bytes=150), "a/words.txt"),
    ],
)
def test_filters_let_through_what_meets_all_conditions(mixed, filters, expected):
    assert paths(mixed.find(filters)) == expected.split()
    allowed = mixed.allowed(filters)
    if allowed is not None:
        assert sorted(paths(mixed.items(allowed.tolist()))) == expected.split()


def test_a_restriction_to_media_alone_needs_no_list_of_items(mixed):
    assert mixed.allowed(Filters()) is None
    assert mixed.allowed(Filters(frozenset({Modality.AUDIO}))) is None
    assert mixed.allowed(Filters(folder="nowhere")).tolist() == []


def test_an_absolute_folder_is_found_below_or_above_its_root(mixed, root):
    assert len(mixed.find(Filters(folder=str(root.path / "a")))) == 3
    assert len(mixed.find(Filters(folder=str(root.path)))) == 5
    assert len(mixed.find(Filters(folder=str(root.path.parent)))) == 5
    assert mixed.find(Filters(folder=str(root.path.parent / "elsewhere"))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('say "hi"', True),
        ("hi there", True),
        ("there hi", False),
        ("自転車", True),
        ("転車", True),
        ("日本", False),
        ("naive", True),
        ("?!", True),
        ('" OR 1', False),
        ("NOT", False),
        ("*", False),
        ("a\udce9", False),
        ("a\0b", False),
    ],
)
def test_text_is_looked_for_as_a_phrase_whatever_signs_it_has(catalogue, root, text, found):
    part = Part(1, "", (0.0,), (9.0,), 'They say "hi there", naïve?! 自転車に乗る')
    catalogue.put(record(root, "a.txt", parts=(part,)))
    assert bool(catalogue.find(Filters(text=text))) is found


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters()), folder=st.text(st.characters()))
@example(text="\ud800", folder="\ud800")
@example(text="\0", folder="a\0b")
@example(text="x" * 100_000, folder="x/" * 50_000)
@example(text="鳥" * 100_000, folder="..")
def test_whatever_is_typed_is_answered(catalogue, root, text, folder):
    catalogue.put(record(root, "a.txt"))
    assert len(catalogue.find(Filters(text=text))) <= 1
    assert len(catalogue.find(Filters(folder=folder))) <= 1


def test_text_of_a_former_content_is_not_found_any_more(catalogue, root):
    catalogue.put(record(root, "a.txt"))
    bye = Part(1, "", (0.0,), (3.0,), "bye")
    catalogue.put(record(root, "a.txt", hash="other", parts=(bye,)))
    assert not catalogue.find(Filters(text="hello")) and catalogue.find(Filters(text="bye"))


def test_missing_items_are_neither_found_nor_counted(catalogue, root):
    id = catalogue.put(plain(root, "a.txt"))
    catalogue.put(plain(root, "b.png", modality=Modality.IMAGE))
    assert catalogue.counts() == {Modality.TEXT: 1, Modality.IMAGE: 1}
    catalogue.set_missing([id], True)
    assert catalogue.counts() == {Modality.IMAGE: 1} and catalogue.missing() == 1
    assert paths(catalogue.find(Filters())) == ["b.png"]
    assert catalogue.allowed(Filters(min_bytes=1)).tolist() != [id]
    assert catalogue.item(id) is not None, "its row stays for the day it is back"
    catalogue.set_missing([id], False)
    assert paths(catalogue.find(Filters())) == ["a.txt", "b.png"]


def test_times_before_1970_and_far_ahead_are_kept(catalogue, root):
    for mtime in (-(10**18), 9 * 10**18):
        id = catalogue.put(plain(root, "a.txt", mtime_ns=mtime))
        assert catalogue.item(id).mtime == mtime / 1e9


def test_three_thousand_rows_are_filtered_in_a_moment(catalogue, root):
    joint = np.array([[1, 0]], np.float32)
    with catalogue.transaction():
        for i in range(3000):
            catalogue.put(plain(root, f"{i % 10}/{i}.txt", joint=joint))
    start = time.perf_counter()
    assert len(catalogue.allowed(Filters(folder="7"))) == 300
    assert time.perf_counter() - start < 0.1
