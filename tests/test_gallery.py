"""Index files are a cache: whatever becomes of them, searches answer the same."""

import random
import shutil
import threading
import time

import pytest

from tests.fakes import fake_space
from tests.indexing.world import fill, run, write_text
from xmr_core.catalogue import Catalogue
from xmr_core.gallery import Gallery
from xmr_core.index import Stamp, VectorIndex
from xmr_core.media import Modality, Text
from xmr_core.projected_index import ProjectedIndex
from xmr_core.query import Query, Term
from xmr_core.search import Searcher


@pytest.fixture
def catalogue(tmp_path, cache):
    (tmp_path / "library").mkdir()
    with Catalogue(tmp_path / "library" / "catalogue.sqlite") as made:
        run(made, fill(tmp_path / "media", 9))
        yield made


@pytest.fixture
def folder(catalogue):
    return catalogue.path.parent / "index"


def answer(catalogue, folder, space=None):
    """What a searcher that was just made says, and the gallery that it asked."""
    space = space or fake_space()
    gallery = Gallery(catalogue, space, folder)
    hits = Searcher("x", catalogue, space, gallery).search(Query((Term(Text("red")),), k=50)).hits
    return [(hit.item.path, hit.part, round(hit.odds, 3)) for hit in hits]


def builds(monkeypatch):
    """Remember how often shelves are made from the catalogue."""
    made = []
    real = Gallery._build
    monkeypatch.setattr(
        Gallery, "_build", lambda self, *values: made.append(1) or real(self, *values)
    )
    return made


def test_files_of_the_same_generation_and_space_are_used(catalogue, folder, monkeypatch):
    made = builds(monkeypatch)
    first = answer(catalogue, folder)
    assert len(first) == 20 and made == [1]
    assert answer(catalogue, folder) == first and made == [1]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{modality}.{end}" for modality in ("text", "image", "audio") for end in ("faiss", "npz")
    )


def test_many_rows_are_fetched_from_the_catalogue_and_answer_the_same(
    catalogue, folder, monkeypatch
):
    expected, size = sorted(answer(catalogue, folder)), (folder / "image.faiss").stat().st_size
    shutil.rmtree(folder)
    monkeypatch.setattr("xmr_core.stores.files._MANY", 2)
    made = builds(monkeypatch)
    for _ in range(2):  # made, then read
        assert sorted(answer(catalogue, folder)) == expected and made == [1]
    index = ProjectedIndex.load(
        folder / "image.faiss",
        Stamp(catalogue.generation, fake_space().fingerprint),
        catalogue.joint,
        fake_space().dim,
    )
    assert index is not None and (folder / "image.faiss").stat().st_size != size
    (folder / "image.faiss").write_bytes(b"\xff" * 10_000)
    assert sorted(answer(catalogue, folder)) == expected and made == [1, 1]


@pytest.mark.parametrize("end", ["faiss", "npz"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: path.write_bytes(path.read_bytes() + b"more"),
        lambda path: path.write_bytes(b"\xff" * 10_000),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["gone", "empty", "cut", "longer", "junk", "folder"],
)
def test_spoilt_files_are_made_again(catalogue, folder, end, spoil):
    expected = answer(catalogue, folder)
    spoil(folder / f"image.{end}")
    assert answer(catalogue, folder) == expected
    assert answer(catalogue, folder) == expected


def test_any_flipped_byte_changes_no_answer(catalogue, folder):
    expected = answer(catalogue, folder)
    rng = random.Random(5)
    for i in range(25):
        path = folder / rng.choice(["text.faiss", "text.npz", "audio.npz"])
        data = bytearray(path.read_bytes())
        data[rng.randrange(len(data))] ^= rng.randrange(1, 256)
        path.write_bytes(data)
        assert answer(catalogue, folder) == expected, f"number {i}, {path.name}"


def test_files_of_another_library_are_made_again(catalogue, folder, tmp_path):
    expected = answer(catalogue, folder)
    (tmp_path / "other").mkdir()
    with Catalogue(tmp_path / "other" / "catalogue.sqlite") as other:
        run(other, write_text(tmp_path / "more/a.txt", "blue").parent)
        answer(other, tmp_path / "other/index")
        shutil.copy(tmp_path / "other/index/text.faiss", folder / "text.faiss")
        shutil.copy(tmp_path / "other/index/text.npz", folder / "text.npz")
    assert answer(catalogue, folder) == expected


def test_files_of_another_space_are_made_again(catalogue, folder, tmp_path):
    expected = answer(catalogue, folder)
    other = fake_space(turn=1)
    run(catalogue, tmp_path / "media", other)
    assert [path for path, _, _ in answer(catalogue, folder, other)] == [p for p, _, _ in expected]
    run(catalogue, tmp_path / "media")
    assert [path for path, _, _ in answer(catalogue, folder)] == [path for path, _, _ in expected]


def test_files_of_a_former_generation_are_made_again(catalogue, folder, tmp_path):
    before = answer(catalogue, folder)
    write_text(tmp_path / "media/new.txt", "red red red")
    run(catalogue, tmp_path / "media")
    after = answer(catalogue, folder)
    assert {path for path, _, _ in after} - {path for path, _, _ in before} == {"new.txt"}


@pytest.mark.parametrize("end", ["faiss", "npz"])
def test_a_former_file_beside_a_new_one_is_made_again(catalogue, folder, tmp_path, end):
    """As a writer leaves them that dies between the two."""
    answer(catalogue, folder)
    former = (folder / f"text.{end}").read_bytes()
    write_text(tmp_path / "media/texts/000.txt", "red red red and blue")
    run(catalogue, tmp_path / "media")
    expected = answer(catalogue, folder)
    (folder / f"text.{end}").write_bytes(former)
    assert answer(catalogue, folder) == expected


def test_files_written_by_a_later_format_are_made_again(catalogue, folder, monkeypatch):
    monkeypatch.setattr("xmr_core.shelf_file._FORMAT", 99)
    expected = answer(catalogue, folder)
    monkeypatch.undo()
    made = builds(monkeypatch)
    assert answer(catalogue, folder) == expected and made == [1]


def test_a_folder_that_takes_no_files_costs_only_time(catalogue, folder):
    expected = answer(catalogue, folder)
    shutil.rmtree(folder)
    folder.write_text("a file in its way")
    assert answer(catalogue, folder) == expected


def test_litter_of_a_writer_that_died_goes_with_time(catalogue, folder):
    import os

    answer(catalogue, folder)
    old, new = folder / ".text.faiss.abc.part", folder / "text.123.tmp"
    for litter in (old, new):
        litter.write_bytes(b"half")
    os.utime(old, (1, 1))
    (folder / "text.faiss").unlink()
    answer(catalogue, folder)
    assert not old.exists() and new.exists(), "another process may be writing the new one"


class Slow:
    """A build that waits until it is told to go on."""

    def __init__(self, monkeypatch):
        self.begun, self.go = threading.Event(), threading.Event()
        self.fails = 0
        real = Gallery._build

        def build(gallery, *values):
            self.begun.set()
            assert self.go.wait(30)
            if self.fails:
                self.fails -= 1
                raise RuntimeError("no")
            return real(gallery, *values)

        monkeypatch.setattr(Gallery, "_build", build)


def until(true):
    deadline = time.monotonic() + 30
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert true()


def changed(catalogue, folder, tmp_path, monkeypatch):
    """A gallery whose shelves are large, after another picture has come into its catalogue."""
    monkeypatch.setattr("xmr_core.gallery._LARGE", 3)
    monkeypatch.setattr("xmr_core.gallery._REST", 0.0)
    gallery = Gallery(catalogue, fake_space(), folder)
    before = gallery.shelves()
    write_text(tmp_path / "media" / "texts" / "late.txt", "red " * 40)
    run(catalogue, tmp_path / "media")
    return gallery, before


def test_large_shelves_are_refreshed_beside_searches(catalogue, folder, tmp_path, monkeypatch):
    gallery, before = changed(catalogue, folder, tmp_path, monkeypatch)
    slow = Slow(monkeypatch)
    for _ in range(3):
        assert gallery.shelves() is before, "nobody waits"
    assert slow.begun.wait(30)
    slow.go.set()
    until(lambda: gallery.shelves() is not before)
    texts = [shelves[Modality.TEXT].rows for shelves in (before, gallery.shelves())]
    assert len(texts[1]) > len(texts[0])


def test_who_insists_waits_for_large_shelves(catalogue, folder, tmp_path, monkeypatch):
    gallery, before = changed(catalogue, folder, tmp_path, monkeypatch)
    assert gallery.shelves(fresh=True) is not before


def test_a_refresh_that_fails_is_tried_again(catalogue, folder, tmp_path, monkeypatch, caplog):
    gallery, before = changed(catalogue, folder, tmp_path, monkeypatch)
    slow = Slow(monkeypatch)
    slow.fails = 1
    slow.go.set()
    until(lambda: gallery.shelves() is not before)
    assert [record.message for record in caplog.records] == [
        "The index was not brought up to date."
    ]


def test_a_gallery_that_is_closed_keeps_nothing(catalogue, folder, tmp_path, monkeypatch, caplog):
    gallery, _ = changed(catalogue, folder, tmp_path, monkeypatch)
    slow = Slow(monkeypatch)
    gallery.shelves()
    assert slow.begun.wait(30)
    gallery.close()
    shutil.rmtree(folder)
    slow.go.set()
    until(lambda: gallery._refresh is None)
    assert not folder.exists() and not caplog.records


def test_an_index_is_saved_all_or_not_at_all(catalogue, folder, monkeypatch):
    answer(catalogue, folder)
    path = folder / "text.faiss"
    index = VectorIndex.load(path)
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "full")))
    before = path.read_bytes()
    with pytest.raises(OSError, match="full"):
        index.save(path)
    assert path.read_bytes() == before
    assert not list(folder.glob(".*"))


def test_nothing_stays_behind_of_a_medium_that_is_gone(catalogue, folder, tmp_path):
    answer(catalogue, folder)
    assert (folder / "audio.faiss").is_file()
    for path in (tmp_path / "media").rglob("*.wav"):
        path.unlink()
    run(catalogue, tmp_path / "media")
    answer(catalogue, folder)
    assert not list(folder.glob("audio.*"))
    assert (folder / "image.faiss").is_file()
