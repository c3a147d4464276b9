import random
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from tests.catalogue.conftest import SPACE, plain, record
from xmr_core.catalogue import Catalogue, salvage
from xmr_core.errors import LibraryDamaged, XMRError
from xmr_core.filters import Filters
from xmr_core.media import Modality


@pytest.fixture
def path(tmp_path):
    """A catalogue of two hundred items, a failure, a run and two searches."""
    path = tmp_path / "catalogue.sqlite"
    with Catalogue(path) as catalogue:
        catalogue.set_meta("profile", "embedded")
        catalogue.activate(SPACE)
        root = catalogue.add_root(Path("/media"))
        with catalogue.transaction():
            for i in range(200):
                catalogue.put(record(root, f"{i:03}.txt"))
        catalogue.add_failure(root.id, "bad.png", "DamagedMedia", "is damaged")
        catalogue.save_run(catalogue.start_run(), {}, "done")
        catalogue.save_search("owls", {"text": "owl"})
        catalogue.remember({"text": "rain"})
    return path


def change(path, sql):
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute(sql)
    db.close()


def test_a_sound_catalogue_is_kept_whole(path):
    with Catalogue(path) as catalogue:
        before = [(i.id, i.path, i.hash) for i in catalogue.find(Filters(), limit=1000)]
        vectors = [c.tolist() for c in next(catalogue.vectors(Modality.TEXT))]
    kept = salvage(path)
    assert (kept["items"], kept["vectors"], kept["parts"]) == (200, 400, 200)
    with Catalogue(path) as catalogue:
        catalogue.check()
        assert [(i.id, i.path, i.hash) for i in catalogue.find(Filters(), limit=1000)] == before
        assert [c.tolist() for c in next(catalogue.vectors(Modality.TEXT))] == vectors
        assert len(catalogue.find(Filters(text="hello"), limit=1000)) == 200
        assert catalogue.meta("fingerprint") == SPACE and catalogue.meta("profile") == "embedded"
        assert len(catalogue.failures()) == len(catalogue.runs()) == len(catalogue.history()) == 1
        assert catalogue.saved_searches()[0].name == "owls"


def test_the_damaged_file_stays_beside_it(path):
    content = path.read_bytes()
    salvage(path)
    assert path.with_name("catalogue.sqlite.damaged").read_bytes() == content
    assert not path.with_name("catalogue.sqlite.salvaged").exists()


def test_what_can_be_read_of_a_damaged_catalogue_is_kept(path):
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size * 3 // 4 // 4096 * 4096)  # beyond the schema, which nothing replaces
        file.write(b"\xa5" * 3 * 4096)
    with pytest.raises(LibraryDamaged), Catalogue(path) as catalogue:
        catalogue.check()
    kept = salvage(path)
    assert kept["items"] > 100
    with Catalogue(path) as catalogue:
        catalogue.check()
        root = catalogue.roots()[0]
        known = catalogue.known(root.id, "", SPACE)
        for item in known.values():
            nos, _ = catalogue.item_vectors(item.id)
            assert nos.tolist() in ([], [0, 1]), "all of its vectors, or none"
            assert item.current == bool(len(nos))
        id = catalogue.put(plain(root, "new.txt"))
        assert id not in {item.id for item in known.values()}


def test_nothing_that_can_be_read_leaves_the_file_alone(path):
    path.write_bytes(b"\xa5" * 100_000)
    with pytest.raises(LibraryDamaged, match="Nothing of"):
        salvage(path)
    assert path.read_bytes() == b"\xa5" * 100_000
    assert [file.name for file in path.parent.iterdir()] == ["catalogue.sqlite"]


def test_index_files_of_the_damaged_catalogue_are_out_of_force(path):
    with Catalogue(path) as catalogue:
        before = catalogue.generation
    salvage(path)
    with Catalogue(path) as catalogue:
        assert catalogue.generation > before


def test_index_files_are_out_of_force_even_if_the_generation_is_lost(path):
    change(path, "DELETE FROM meta WHERE key = 'generation'")
    salvage(path)
    with Catalogue(path) as catalogue:
        assert catalogue.generation > 10**9


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE items SET modality = 't%xt' WHERE id = 5",
        "UPDATE items SET facts = '{\"chara' WHERE id = 5",
        "UPDATE items SET mtime_ns = 'late' WHERE id = 5",
        "UPDATE items SET path = 'text' WHERE id = 5",
    ],
)
def test_items_that_make_no_sense_are_dropped(path, sql):
    change(path, sql)
    salvage(path)
    with Catalogue(path) as catalogue:
        assert len(catalogue.find(Filters(), limit=1000)) == 199
        assert catalogue.item(5) is None and len(catalogue.item_vectors(5)[0]) == 0


def test_an_item_with_a_vector_of_another_length_is_to_be_encoded_again(path):
    change(path, "UPDATE vectors SET joint = x'0000' WHERE item_id = 5 AND no = 1")
    salvage(path)
    with Catalogue(path) as catalogue:
        known = catalogue.known(catalogue.roots()[0].id, "", SPACE)
        assert not known["004.txt"].current and sum(k.current for k in known.values()) == 199
        assert (
            np.concatenate([c[1] for c in catalogue.vectors(Modality.TEXT)]).tolist().count(5) == 0
        )


def test_whatever_is_damaged_salvage_gives_a_sound_catalogue_or_says_it_cannot(path):
    whole = path.read_bytes()
    sound = 0
    for seed in range(40):
        rng = random.Random(seed)
        data = bytearray(whole)
        for _ in range(rng.choice([1, 5, 30])):
            at, junk = rng.randrange(len(data)), rng.randbytes(rng.choice([1, 16, 2048]))
            data[at : at + len(junk)] = junk
        path.write_bytes(data[: len(whole)])
        try:
            salvage(path)
        except LibraryDamaged:
            continue
        with Catalogue(path) as catalogue:
            catalogue.check()
            catalogue.counts()
            catalogue.find(Filters(), limit=1000)
            catalogue.failures(), catalogue.runs(), catalogue.history()
            list(catalogue.vectors(Modality.TEXT))
        sound += 1
    assert sound > 20


def test_a_second_salvage_keeps_the_newest_damaged_file(path):
    salvage(path)
    salvage(path)
    assert path.with_name("catalogue.sqlite.damaged").exists()


def test_salvage_of_a_newer_catalogue_takes_what_it_knows(path):
    change(path, "ALTER TABLE items ADD COLUMN colour TEXT")
    change(path, "PRAGMA user_version = 99")
    with pytest.raises(XMRError):
        Catalogue(path)
    assert salvage(path)["items"] == 200
