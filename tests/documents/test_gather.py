from pathlib import Path

import pytest

from xmr_core.catalogue import Link, Place
from xmr_core.documents.gather import FEW, MOST, gather
from xmr_core.graph.places import by_stem
from xmr_core.media import Modality

ENDS = {
    ".txt": Modality.TEXT,
    ".html": Modality.TEXT,
    ".srt": Modality.TEXT,
    ".jpg": Modality.IMAGE,
    ".wav": Modality.AUDIO,
    ".mp4": Modality.VIDEO,
    ".glb": Modality.MESH,
}


def documents(files, links=()):
    """Documents as sets of paths, from paths and (path, path, kind)."""
    places = [Place(i, ENDS[Path(p).suffix], "", Path("/r"), p) for i, p in enumerate(files, 1)]
    ids = {place.path: place.id for place in places}
    paths = {place.id: place.path for place in places}
    given = [Link(*sorted((ids[a], ids[b])), kind, 1.0) for a, b, kind in links]
    found = gather(places, [*by_stem(places), *given])
    return {made.title: ([paths[id] for id in made.members], made.rules) for made in found}


def test_a_page_and_its_pictures_are_one():
    files = ["x/page.html", "x/pics/a.jpg", "x/pics/b.jpg", "x/pics/c.jpg", "x/other.html"]
    links = [
        ("x/page.html", "x/pics/a.jpg", "refers"),
        ("x/page.html", "x/pics/b.jpg", "refers"),
        ("x/page.html", "x/other.html", "refers"),
    ]
    assert documents(files, links) == {
        "page": (["x/page.html", "x/pics/a.jpg", "x/pics/b.jpg"], ("refers",))
    }


def test_a_picture_that_two_pages_show_goes_with_the_one_that_shows_fewer():
    files = ["all.html", "owl.html", "pics/owl.jpg", "pics/cat.jpg"]
    links = [
        ("all.html", "pics/owl.jpg", "refers"),
        ("all.html", "pics/cat.jpg", "refers"),
        ("owl.html", "pics/owl.jpg", "refers"),
    ]
    found = documents(files, links)
    assert found["all"][0] == ["all.html", "pics/cat.jpg"]


def test_a_video_and_its_subtitles_and_a_picture_and_its_song_are_one_each():
    files = [
        "films/heart.mp4",
        "films/heart.en.srt",
        "films/owl.jpg",
        "films/owl.wav",
        "films/a.txt",
    ]
    files += [f"films/more-{i}.jpg" for i in range(FEW)]
    assert documents(files) == {
        "heart": (["films/heart.en.srt", "films/heart.mp4"], ("stem",)),
        "owl": (["films/owl.jpg", "films/owl.wav"], ("stem",)),
    }


def test_a_small_folder_of_several_media_is_one_and_one_of_a_single_medium_is_none():
    files = ["birds/robin/photo.jpg", "birds/robin/song.wav", "birds/robin/note.txt"]
    files += ["pairs/a.jpg", "pairs/b.jpg", "top.jpg", "top-too.wav"]
    assert documents(files) == {
        "robin": (
            ["birds/robin/note.txt", "birds/robin/photo.jpg", "birds/robin/song.wav"],
            ("folder",),
        )
    }
    large = [f"birds/robin/{i}.jpg" for i in range(FEW)]
    assert documents([*files[:3], *large]) == {}


def test_what_the_user_parts_stays_apart_and_what_is_joined_together():
    files = ["a/owl.jpg", "a/owl.wav", "a/owl.glb", "b/night.mp4"]
    files += [f"{folder}/{i}.jpg" for folder in "ab" for i in range(FEW)]
    links = [
        ("a/owl.glb", "a/owl.jpg", "parted"),
        ("a/owl.glb", "a/owl.wav", "parted"),
        ("a/owl.jpg", "b/night.mp4", "joined"),
    ]
    (found,) = documents(files, links).values()
    assert found == (["a/owl.jpg", "a/owl.wav", "b/night.mp4"], ("joined", "stem"))


@pytest.mark.parametrize("count", [MOST - 1, MOST])
def test_a_page_that_names_very_many_is_a_list_of_contents(count):
    files = ["all.html", *(f"pics/{i}.jpg" for i in range(count))]
    found = documents(files, [("all.html", path, "refers") for path in files[1:]])
    assert len(found) == (1 if count < MOST else 0)


def test_a_model_leads_its_textures():
    files = ["m/owl.glb", "m/skins/a.jpg", "m/skins/b.jpg"]
    links = [("m/owl.glb", path, "refers") for path in files[1:]]
    assert documents(files, links) == {"owl": (files, ("refers",))}


def test_a_folder_goes_on_without_the_one_that_is_parted_from_the_others():
    files = ["r/a.glb", "r/b.jpg", "r/c.wav"]
    links = [("r/a.glb", "r/b.jpg", "parted"), ("r/a.glb", "r/c.wav", "parted")]
    assert documents(files, links) == {"r": (["r/b.jpg", "r/c.wav"], ("folder",))}
