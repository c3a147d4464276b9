"""Items, and their files, which are never others than those in the roots."""

import os
import shutil

import pytest

from tests import children
from tests.indexing.world import write_film, write_solid, write_text
from tests.library.steps import index
from xmr_core.errors import LibraryError
from xmr_core.filters import Filters
from xmr_core.media import Modality


def test_media_paths_are_the_files_themselves(library, media):
    index(library, media)
    for item in library.items():
        path = library.media_path(item.id)
        assert path == item.file and path.is_file()
        assert library.thumbnail(item.id).suffix == ".webp"
        assert library.turntable(item.id) is None
    with pytest.raises(LibraryError, match="no item 99"):
        library.media_path(99)
    with pytest.raises(LibraryError, match="no item 99"):
        library.item(99)
    assert library.thumbnail(99) is None


def test_a_mesh_has_a_turntable(library, tmp_path):
    write_solid(tmp_path / "solids/a.ply")
    index(library, tmp_path / "solids")
    assert library.turntable(library.items()[0].id).is_file()


def test_filters_reach_the_items(library, media, tmp_path):
    write_film(media / "film.gif")
    index(library, media)
    picture = Filters(frozenset({Modality.IMAGE}))
    assert [item.path for item in library.items(picture)] == ["deep/green.png"]
    assert [item.path for item in library.items(Filters(folder=str(media / "deep")))] == [
        "deep/green.png"
    ]
    assert [item.path for item in library.items(limit=1, offset=1)] == ["deep/green.png"]


@pytest.fixture
def secret(tmp_path):
    return write_text(tmp_path / "private/secret.txt", "red secret")


def red(library, media):
    index(library, media)
    return next(item for item in library.items() if item.path == "red.txt")


@children.posix
def test_a_file_replaced_by_a_link_out_of_its_root_is_not_given(library, media, secret):
    item = red(library, media)
    (media / "red.txt").unlink()
    (media / "red.txt").symlink_to(secret)
    with pytest.raises(LibraryError, match="outside its folder"):
        library.media_path(item.id)


def test_a_folder_replaced_by_a_link_out_of_its_root_is_not_followed(library, media, secret):
    index(library, media)
    item = next(item for item in library.items() if item.path == "deep/green.png")
    shutil.rmtree(media / "deep")
    (media / "deep").symlink_to(secret.parent)
    shutil.copy(secret, secret.parent / "green.png")
    with pytest.raises(LibraryError, match="outside its folder"):
        library.media_path(item.id)


@pytest.mark.parametrize("path", ["../private/secret.txt", "deep/../../private/secret.txt"])
def test_a_path_that_climbs_out_of_its_root_is_not_given(library, media, secret, path):
    item = red(library, media)
    library.catalogue.move(item.id, library.roots()[0].id, path, 1, 1)
    with pytest.raises(LibraryError, match="outside its folder"):
        library.media_path(item.id)


def test_an_absolute_path_in_the_catalogue_is_not_given(library, media, secret):
    item = red(library, media)
    library.catalogue.move(item.id, library.roots()[0].id, str(secret), 1, 1)
    with pytest.raises(LibraryError, match="outside its folder"):
        library.media_path(item.id)


@children.posix
def test_a_file_that_became_a_folder_a_pipe_or_nothing_is_not_given(library, media):
    item = red(library, media)
    (media / "red.txt").unlink()
    with pytest.raises(LibraryError, match="not where it was"):
        library.media_path(item.id)
    (media / "red.txt").mkdir()
    with pytest.raises(LibraryError):
        library.media_path(item.id)
    (media / "red.txt").rmdir()
    os.mkfifo(media / "red.txt")
    with pytest.raises(LibraryError):
        library.media_path(item.id)


def test_a_file_replaced_by_a_loop_of_links_is_not_given(library, media):
    item = red(library, media)
    (media / "red.txt").unlink()
    (media / "red.txt").symlink_to(media / "red.txt")
    with pytest.raises(LibraryError):
        library.media_path(item.id)


@children.posix
def test_a_link_that_stays_inside_its_root_is_followed(library, media):
    item = red(library, media)
    (media / "red.txt").rename(media / "deep/red.txt")
    (media / "red.txt").symlink_to(media / "deep/red.txt")
    assert library.media_path(item.id) == media / "deep/red.txt"
