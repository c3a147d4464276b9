"""Shelves that catch up with their catalogue are those that are made whole with the same banks."""

import shutil
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from tests.fakes import fake_space
from xmr_core.catalogue import Catalogue, Record
from xmr_core.gallery import Gallery
from xmr_core.hubness import hub_bias
from xmr_core.media import Modality
from xmr_core.shelf import QUERIES
from xmr_core.shelving import Shelving
from xmr_core.space import JointSpace, unit

D = 24
IMAGE, AUDIO, TEXT = Modality.IMAGE, Modality.AUDIO, Modality.TEXT


class World:
    """A library of pictures and sounds, most in several parts, that changes."""

    def __init__(self, folder, seed=0):
        self.folder, self.rng = folder, np.random.default_rng(seed)
        colours = fake_space()
        centres = {TEXT: self.rows(40)}
        self.space = JointSpace("r", D, colours.encoders, colours.heads, (), centres=centres)
        self.catalogue = Catalogue(folder / "catalogue.sqlite")
        self.root = self.catalogue.add_root(folder / "media")
        self.catalogue.activate(self.space.fingerprint)
        self.number = count()

    def rows(self, n):
        return unit(self.rng.standard_normal((n, D)).astype(np.float32))

    def put(self, n, modality=IMAGE, paths=None, rows=None):
        """New items, or new content of some."""
        for path in paths or [f"{next(self.number)}.jpg" for _ in range(n)]:
            joint = self.rows(rows or self.rng.integers(1, 4))
            self.catalogue.put(
                Record(
                    self.root.id, path, modality, 1, 1, f"{self.rng.random()}", "e",
                    self.space.fingerprint, np.zeros((1, 1), np.float32), joint,
                )
            )  # fmt: skip

    def items(self, modality=IMAGE):
        """Ids and paths of those that are there."""
        rows = self.catalogue._db.rows(
            "SELECT id, path FROM items WHERE missing = 0 AND modality = ?", (modality,)
        )
        return [(id, path.decode()) for id, path in rows]

    def change(self):
        """Some come, some go, some return, some have other content."""
        here = self.items()
        gone = self.catalogue._db.rows("SELECT id FROM items WHERE missing = 1")
        self.put(self.rng.integers(0, 9))
        lose = self.rng.permutation(len(here))[: self.rng.integers(0, 7)]
        self.catalogue.set_missing([here[i][0] for i in lose], True)
        self.catalogue.set_missing([id for (id,) in gone if self.rng.random() < 0.4], False)
        edit = self.rng.permutation(len(here))[: self.rng.integers(0, 4)]
        self.put(0, paths=[here[i][1] for i in edit])

    def gallery(self):
        return Gallery(self.catalogue, self.space, self.folder / "index")

    def best(self, query, modality, banks, k):
        """By comparing with every row, its correction worked out anew."""
        scores = {}
        for _, items, _, joint in self.catalogue.vectors(IMAGE):
            found = joint @ query - hub_bias(joint, banks[modality].vectors)
            for item, score in zip(items.tolist(), found.tolist(), strict=True):
                scores[item] = max(score, scores.get(item, -9))
        return sorted(scores.items(), key=lambda pair: -pair[1])[:k]


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setattr("xmr_core.gallery._LARGE", 20)
    monkeypatch.setattr("xmr_core.shelving._MIN_BANK", 8)
    monkeypatch.setattr("xmr_core.shelving._BACKGROUND", 16)
    monkeypatch.setattr("xmr_core.shelving._CHUNK", 5)
    monkeypatch.setattr("xmr_core.shelving._LAST", 4)
    made = World(tmp_path)
    yield made
    made.catalogue.close()


@pytest.fixture
def made_whole(monkeypatch):
    """The modalities of which shelves are made whole, as they are."""
    made, real = [], Shelving.whole
    monkeypatch.setattr(
        Shelving, "whole", lambda self, target, own: made.append(target) or real(self, target, own)
    )
    return made


def agree(world, gallery, banks):
    for modality in (TEXT, IMAGE, AUDIO):
        (query,) = world.rows(1)
        found = gallery.search(query, {modality: 1.0}, IMAGE, 12)
        best = world.best(query, modality, banks, 12)
        assert [item for _, item, _ in found] == [item for item, _ in best]
        assert np.allclose([s for s, _, _ in found], [s for _, s in best], atol=1e-5)


@pytest.mark.parametrize("many", [0, 10**9], ids=["projected", "flat"])
@pytest.mark.parametrize("seed", range(4))
def test_what_has_caught_up_answers_as_comparing_with_every_row(
    world, made_whole, monkeypatch, seed, many
):
    monkeypatch.setattr("xmr_core.stores.files._MANY", many)
    monkeypatch.setattr("xmr_core.shelving._SHARE", 9.0)
    world.rng = np.random.default_rng(seed)
    world.put(60)
    world.put(10, AUDIO)
    gallery = world.gallery()
    gallery.shelves()
    banks = gallery.banks(IMAGE)
    assert {m for m in QUERIES if (banks[m].items >= 0).any()} == {IMAGE, AUDIO}
    del made_whole[:]
    for turn in range(6):
        world.change()
        shelf = gallery.shelves(fresh=True)[IMAGE]
        agree(world, gallery, banks)
        for name, column in zip(
            ("rows", "items", "nos"), world.catalogue.placed(IMAGE), strict=True
        ):
            assert np.array_equal(getattr(shelf, name), column)
        if turn % 2:  # another process goes on with the files
            gallery = world.gallery()
            gallery.shelves()
            agree(world, gallery, banks)
    assert IMAGE not in made_whole
    for m in QUERIES:
        assert np.array_equal(gallery.banks(IMAGE)[m].vectors, banks[m].vectors), "as they were"


def test_only_rows_that_came_and_a_few_more_are_compared_with_the_banks(world, monkeypatch):
    world.put(200)
    gallery = world.gallery()
    gallery.shelves()
    compared = []
    monkeypatch.setattr(
        "xmr_core.shelving.hub_bias",
        lambda rows, bank: compared.append(len(rows)) or hub_bias(rows, bank),
    )
    world.put(3)
    before = len(gallery._shelves[IMAGE].rows)
    came = len(gallery.shelves(fresh=True)[IMAGE].rows) - before
    assert 3 <= came <= 9 and sum(compared) == 2 * (4 + came), "for words and for pictures"


def test_a_tenth_of_changes_draws_the_banks_anew(world, made_whole):
    world.put(200)
    gallery = world.gallery()
    gallery.shelves()
    banks, whole = gallery.banks(IMAGE), len(gallery._shelves[IMAGE].rows)
    for turn in range(100):
        world.put(1)
        came = len(world.catalogue.rows(IMAGE)) - whole
        if turn % 3 == 2:  # another process goes on with the files
            gallery = world.gallery()
        shelf = gallery.shelves(fresh=True)[IMAGE]
        if made_whole.count(IMAGE) > 1:
            break
        assert shelf.changed == came <= 0.1 * (whole + came)
    assert shelf.changed == 0 and came > 0.1 * (whole + came)
    drawn = gallery.banks(IMAGE)
    assert not np.array_equal(drawn[IMAGE].items, banks[IMAGE].items)
    agree(world, gallery, drawn)


def test_what_goes_counts_as_what_comes(world, made_whole):
    world.put(100)
    gallery = world.gallery()
    gallery.shelves()
    del made_whole[:]
    for id, _ in world.items()[:6]:
        world.catalogue.set_missing([id], True)
        gallery.shelves(fresh=True)
        world.catalogue.set_missing([id], False)
        gallery.shelves(fresh=True)
    assert IMAGE in made_whole


def test_a_large_shelf_that_did_not_change_is_not_written_again(world, made_whole):
    world.put(60)
    gallery = world.gallery()
    shelf = gallery.shelves()[IMAGE]
    file = world.folder / "index" / "image.faiss"
    written = file.stat().st_mtime_ns
    world.put(1, AUDIO)
    del made_whole[:]
    assert gallery.shelves(fresh=True)[IMAGE] is shelf and len(gallery.shelves()[AUDIO].rows)
    again = world.gallery()
    assert len(again.shelves()[IMAGE].rows) == len(shelf.rows)
    assert IMAGE not in made_whole and file.stat().st_mtime_ns == written
    agree(world, again, gallery.banks(IMAGE))


def test_a_small_shelf_is_made_whole(world, made_whole, monkeypatch):
    monkeypatch.setattr("xmr_core.gallery._LARGE", 1000)
    world.put(100)
    gallery = world.gallery()
    gallery.shelves()
    world.put(1)
    gallery.shelves(fresh=True)
    assert made_whole.count(IMAGE) == 2


def test_background_queries_of_another_kind_make_it_whole(world, made_whole):
    world.put(60)
    world.put(7, AUDIO)
    gallery = world.gallery()
    assert AUDIO not in gallery.shelves()[IMAGE].own
    del made_whole[:]
    world.put(1, AUDIO)
    assert AUDIO in gallery.shelves(fresh=True)[IMAGE].own and IMAGE in made_whole


def test_files_beside_a_catalogue_that_was_put_in_place_of_theirs_are_not_built_upon(
    world, made_whole, tmp_path
):
    world.put(60)
    world.gallery().shelves()
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other", seed=5)
    while len(other.catalogue.rows(IMAGE)) < len(world.catalogue.rows(IMAGE)):
        other.put(1)  # the same rows, but of other items
    other.folder = world.folder
    del made_whole[:]
    gallery = other.gallery()
    gallery.shelves()
    agree(other, gallery, gallery.banks(IMAGE))
    assert IMAGE in made_whole
    other.catalogue.close()


def test_a_copy_of_the_catalogue_that_was_put_back_is_not_taken_for_what_came_after(
    world, made_whole, tmp_path
):
    """Items and rows that come then have the numbers of those that came before."""
    world.put(60)
    world.gallery().shelves()
    world.catalogue.close()
    copy = shutil.copy(world.catalogue.path, tmp_path / "copy")
    world.catalogue = Catalogue(world.catalogue.path)
    world.put(3, rows=2)
    world.gallery().shelves()
    assert made_whole.count(IMAGE) == 1
    world.catalogue.close()
    shutil.copy(copy, world.catalogue.path)
    world.catalogue = Catalogue(world.catalogue.path)
    world.put(4, rows=2)
    gallery = world.gallery()
    gallery.shelves()
    agree(world, gallery, gallery.banks(IMAGE))
    assert made_whole.count(IMAGE) == 2


def test_other_sentences_of_the_profile_make_it_whole(world, made_whole):
    world.put(60)
    world.gallery().shelves()
    world.space = replace(world.space, centres={TEXT: world.rows(40)})
    world.put(1)
    gallery = world.gallery()
    gallery.shelves()
    agree(world, gallery, gallery.banks(IMAGE))
    assert made_whole.count(IMAGE) == 2


def test_the_former_shelf_goes_on_while_the_next_is_made(world):
    world.put(60)
    gallery = world.gallery()
    former = gallery.shelves()[IMAGE]
    rows = former.rows.copy()
    (query,) = world.rows(1)
    before = former.index.search(np.append(query, np.zeros(5, np.float32))[None], 9)
    world.catalogue.set_missing([former.items[0]], True)
    world.put(2)
    assert gallery.shelves(fresh=True)[IMAGE] is not former
    after = former.index.search(np.append(query, np.zeros(5, np.float32))[None], 9)
    assert np.array_equal(before[1], after[1]) and np.array_equal(former.rows, rows)
