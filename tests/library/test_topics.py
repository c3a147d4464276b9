"""Topics of a library."""

import PIL.Image
import pytest

from tests.indexing.world import fill, write_picture, write_solid
from tests.library.steps import index, paint
from xmr_core.catalogue import Line
from xmr_core.indexing import Control
from xmr_core.library import topics
from xmr_core.library.topics import place_of
from xmr_core.media import Modality


def test_topics_go_across_media_and_have_words_items_and_days(library, tmp_path):
    fill(tmp_path / "media", 12)
    index(library, tmp_path / "media")
    topics = library.topics()
    assert sorted(id for topic in topics for id in topic.ids) == sorted(
        item.id for item in library.items(limit=1000)
    )
    assert len(topics) == 5
    largest = topics[0]
    assert sum(largest.counts.values()) == len(largest.ids)
    assert any(len(topic.counts) > 1 for topic in topics)
    assert all(topic.items and topic.when[0] <= topic.when[1] for topic in topics)
    words = {word for topic in topics for word in topic.words}
    assert {"red", "green", "blue"} <= words
    assert library.topics() is topics


def test_finding_topics_tells_how_far_it_is_and_can_be_stopped(library, tmp_path):
    fill(tmp_path / "media", 12)
    index(library, tmp_path / "media")
    control = Control()
    control.cancel()
    assert [step.stage for step in library.find_topics(control)][-1] == "cancelled"
    assert library.known_topics() is None
    steps = list(library.find_topics())
    assert steps[-1].stage == "done" and {step.stage for step in steps[:-1]} <= {"topics"}
    found = library.known_topics()
    assert found and found is library.topics()
    write_picture(tmp_path / "media/new.png", "red", side=31)
    index(library, tmp_path / "media")
    assert library.known_topics() is None, "they were those of the library as it was"


def test_a_topic_tells_who_where_and_when_its_files_say(library, tmp_path):
    folder = tmp_path / "walk"
    (folder / "far").mkdir(parents=True)
    exif = PIL.Image.Exif()
    exif.get_ifd(0x8825).update({1: "S", 2: (33.0, 30.0, 0.0), 3: "E", 4: (151.0, 0.0, 0.0)})
    PIL.Image.new("RGB", (20, 20), (255, 0, 0)).save(folder / "far/a.jpg", exif=exif)
    write_picture(folder / "far/b.png", "red", side=30)
    index(library, folder)
    (item,) = [item for item in library.items() if item.path == "far/a.jpg"]
    lines = [Line("author", "Ada Brown"), Line("date", "2019-05-04 10:00")]
    library.catalogue.keep_found(item.id, item.hash, "tags", "1", lines)
    (topic,) = [topic for topic in library.topics() if item.id in topic.ids]
    assert topic.who == ("Ada Brown",)
    assert topic.where[0] == "33.5° S 151.0° E" and "far" in topic.where
    assert topic.when == ("2019-05-04", "2019-05-04") and topic.dated
    assert topic.counts[Modality.IMAGE] >= 1


@pytest.mark.parametrize("facts", [{}, {2: (1.0,), 4: (1.0, 2.0, 3.0)}, {1: "N", 2: (95.0, 0, 0)}])
def test_a_picture_that_does_not_say_where_is_nowhere(tmp_path, facts):
    exif = PIL.Image.Exif()
    exif.get_ifd(0x8825).update(facts)
    PIL.Image.new("RGB", (4, 4)).save(tmp_path / "a.jpg", exif=exif)
    assert place_of(tmp_path / "a.jpg") is None
    (tmp_path / "b.jpg").write_bytes(b"no picture")
    assert place_of(tmp_path / "b.jpg") is None


def test_a_place_is_looked_for_all_over_a_large_topic(library, tmp_path, monkeypatch):
    monkeypatch.setattr(topics, "_PICTURES", 4)
    asked = []
    monkeypatch.setattr(topics, "place_of", lambda file: asked.append(file.name))
    paint(tmp_path / "many", 30)
    index(library, tmp_path / "many")
    names = {item.id: item.path for item in library.items(limit=100)}
    first, *_ = library.topics()
    assert len(first.ids) > 5 and len(asked) < 30
    assert {names[id] for id in first.ids[4:]} & set(asked)


def test_the_parts_of_a_model_are_nobody(library, tmp_path):
    write_picture(tmp_path / "media/red.png", "red", side=30)
    write_solid(tmp_path / "media/chair.ply", "red")
    index(library, tmp_path / "media")
    for item in library.items():
        lines = [Line("keywords", f"Ada Brown and {item.modality.value.title()} Frame")]
        library.catalogue.keep_found(item.id, item.hash, "tags", "1", lines)
    who = {name for topic in library.topics() for name in topic.who}
    assert "Image Frame" in who and "Mesh Frame" not in who


def test_an_empty_library_has_no_topics(library):
    assert library.topics() == []
