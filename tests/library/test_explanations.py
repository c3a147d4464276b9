"""Why items of a library answer queries."""

from itertools import product

import numpy as np
import PIL.Image
import pytest
import soundfile

from tests.fakes import fake_space
from tests.indexing.world import write_film, write_picture, write_solid, write_sound, write_text
from tests.library.steps import index
from xmr_core.demo.sounds import WORKS
from xmr_core.encoders import soundmap
from xmr_core.encoders.audio import RATE, AudioEncoder
from xmr_core.errors import ExplanationError, LibraryError, MediaError, ProfileMismatch
from xmr_core.explain.methods import METHODS
from xmr_core.library import Library
from xmr_core.media import Image, Modality, Text
from xmr_core.query import Term
from xmr_core.readers import read

METHODS_FOR_ALL = ("attention", "closeup", "gradient", "similarity", "without")


@pytest.fixture
def full(home, tmp_path):
    """A library with one item of each medium, all of them red."""
    folder = tmp_path / "all"
    write_text(folder / "red.txt", "a red thing and a blue one")
    write_picture(folder / "red.png")
    write_sound(folder / "red.wav")
    write_film(folder / "red.gif")
    write_solid(folder / "red.ply")
    with Library.create("all", space=fake_space()) as made:
        index(made, folder)
        yield made


def ids(library):
    return {item.modality: item.id for item in library.items()}


def test_every_pair_of_media_is_explained_by_every_method(full):
    items = ids(full)
    assert set(items) == set(Modality)
    for query, hit in product(items, items):
        for method in METHODS_FOR_ALL:
            made = full.explain(items[query], items[hit], method)
            assert (made.query.modality, made.hit.modality, made.method) == (query, hit, method)
            assert made.alignment.shape == (made.query.count, made.hit.count)


def test_the_score_is_the_cosine_that_search_found(full):
    found = full.search("red", to=["image"]).hits[0]
    made = full.explain("red", found.item.id)
    assert made.score == pytest.approx(found.cosine, abs=2e-3)  # kept at half precision


def test_words_point_at_what_they_name(full, tmp_path):
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[:, :, 1] = 255
    pixels[:20, 20:] = (255, 0, 0)
    PIL.Image.fromarray(pixels).save(tmp_path / "all" / "corner.png")
    index(full)
    (item,) = [item for item in full.items() if item.path == "corner.png"]
    made = full.explain("green or red", item.id)
    y, x = made.hit.boxes[made.alignment[2].argmax()].mean(axis=0)
    assert made.query.labels[2] == "red" and y < 0.5 < x


def test_a_query_may_be_words_a_file_a_medium_a_term_or_an_item(full, tmp_path):
    items = ids(full)
    picture = Image(np.full((8, 8, 3), (255, 0, 0), np.uint8))
    for query in ("red", tmp_path / "all/red.png", picture, Term(picture), items[Modality.IMAGE]):
        assert full.explain(query, items[Modality.TEXT]).score > 0.5


def test_a_term_that_has_lost_its_medium_says_how_to_ask(full):
    items = ids(full)
    with pytest.raises(ExplanationError, match="number of its item"):
        full.explain(full.term(items[Modality.IMAGE]), items[Modality.TEXT])


def test_an_item_that_is_gone_is_told(full, tmp_path):
    item = ids(full)[Modality.IMAGE]
    assert full.explain("red", item)
    (tmp_path / "all/red.png").unlink()
    with pytest.raises(LibraryError, match="not where it was"):
        full.explain("red", item)
    with pytest.raises(LibraryError, match="no item"):
        full.explain("red", 4711)


def test_a_file_that_has_changed_is_explained_as_it_is_now(full, tmp_path):
    item = ids(full)[Modality.IMAGE]
    before = full.explain("red", item).score
    write_picture(tmp_path / "all/red.png", "blue", side=9)
    assert full.explain("red", item).score < before - 0.5
    (tmp_path / "all/red.png").write_bytes(b"no picture")
    with pytest.raises(MediaError):
        full.explain("red", item)


def test_an_item_is_decoded_once_for_all_methods(full, monkeypatch):
    from xmr_core.library import explanations

    item, read = ids(full)[Modality.VIDEO], []
    decode = explanations.readers.read
    monkeypatch.setattr(
        explanations.readers, "read", lambda path: read.append(path) or decode(path)
    )
    for method in METHODS_FOR_ALL:
        full.explain("red", item, method)
    assert len(read) == 1


def test_an_unknown_method_is_refused_with_those_there_are(full):
    with pytest.raises(ExplanationError, match="gradient"):
        full.explain("red", ids(full)[Modality.IMAGE], "guessing")
    assert "guessing" not in METHODS


def test_nothing_is_explained_in_another_space(full):
    full._space, full._searcher = fake_space(turn=1), None
    with pytest.raises(ProfileMismatch):
        full.explain("red", ids(full)[Modality.IMAGE])


def test_a_long_sound_is_explained_by_what_the_library_holds_of_it(home, tmp_path, monkeypatch):
    """Its windows are not encoded a second time, unless its file has changed."""
    quiet = np.random.default_rng(0).normal(0, 1e-3, 100 * RATE).astype(np.float32)
    rain = read(_demo_sound(tmp_path, "rain/steady-rain.ogg")).samples[: 4 * RATE]
    quiet[70 * RATE : 70 * RATE + len(rain)] += rain
    folder = tmp_path / "long"
    folder.mkdir()
    soundfile.write(folder / "night.wav", quiet, RATE)
    with Library.create("long") as library:
        index(library, folder)
        (item,) = library.items()
        with monkeypatch.context() as patched:
            patched.setattr(AudioEncoder, "encode", None)
            patched.setattr(soundmap, "map_graph", None)
            told = library.explain("rain", item.id)
        (whole,) = library.space.encode([read(folder / "night.wav")], "gallery")
        (asked,) = library.space.encode([Text("rain")], "query")
        assert told.score == pytest.approx(float(whole @ asked), abs=5e-3)  # half precision
        assert told.hit.boxes[:, 1, 0].max() == pytest.approx(100, abs=0.2)
        assert 68 < told.hit.boxes[told.hit_heat.argmax(), :, 0].mean() < 76
        soundfile.write(folder / "night.wav", quiet[::-1], RATE)
        again = library.explain("rain", item.id)
        assert 24 < again.hit.boxes[again.hit_heat.argmax(), :, 0].mean() < 32


def test_a_long_text_is_explained_by_what_the_library_holds_of_it(home, tmp_path, monkeypatch):
    """Its passages are not encoded a second time, unless its file has changed."""
    dull = "The committee met again and agreed to adjourn until the next session. " * 5
    rain = "Heavy rain drummed on the roof and ran down the windows all night. " * 5
    chapters = [f"# Chapter {i}\n\n{rain if i == 40 else dull}" for i in range(60)]
    folder = tmp_path / "long"
    folder.mkdir()
    (folder / "minutes.md").write_text("\n\n".join(chapters), encoding="utf-8")
    longest = []
    with Library.create("long") as library:
        index(library, folder)
        (item,) = library.items()
        kind = type(library.space.encoders[Modality.TEXT])
        encode = kind.encode

        def counted(self, batch):
            longest.append(max(len(one.text) for one in batch))
            return encode(self, batch)

        monkeypatch.setattr(kind, "encode", counted)
        told = library.explain("rain", item.id)
        assert max(longest, default=0) < 10  # the query alone, unless it is remembered
        assert told.hit.count == len(library.parts(item.id)) >= 60
        assert "rain" in told.hit.labels[told.hit_heat.argmax()]
        (whole,) = library.space.encode([read(folder / "minutes.md")], "gallery")
        (asked,) = library.space.encode([Text("rain")], "query")
        assert told.score == pytest.approx(float(whole @ asked), abs=5e-3)  # half precision
        (folder / "minutes.md").write_text("\n\n".join(chapters[::-1]), encoding="utf-8")
        again = library.explain("rain", item.id)
        assert again.hit_heat.argmax() < told.hit_heat.argmax() - 10


def _demo_sound(folder, path):
    file = folder / path.replace("/", "-")
    file.write_bytes(next(work for work in WORKS if work.path == path).bytes())
    return file
