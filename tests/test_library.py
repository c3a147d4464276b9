import os
import shutil
from pathlib import Path

import pytest

from tests import children
from tests.fakes import fake_space
from tests.indexing.world import (
    fill,
    write_film,
    write_picture,
    write_solid,
    write_sound,
    write_text,
)
from xmr_core.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryExists,
    LibraryNotFound,
    LibraryTooNew,
    ProfileMismatch,
    RootMissing,
    UnknownProfile,
    XMRError,
)
from xmr_core.filters import Filters
from xmr_core.library import Library
from xmr_core.media import Modality


@pytest.fixture
def media(tmp_path):
    folder = tmp_path / "media"
    write_text(folder / "red.txt", "red")
    write_picture(folder / "deep/green.png", "green")
    write_sound(folder / "blue.wav", "blue")
    return folder


@pytest.fixture
def library(home, media, cache):
    with Library.create("colours", space=fake_space()) as made:
        yield made


def index(library, *folders, **options):
    *_, last = library.index(*folders, **options)
    return last


def tree(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


# -- names


@pytest.mark.parametrize("name", ["birds", "My photos", "ünï-1.2", "鳥", "a" * 64])
def test_a_library_may_be_called_what_a_folder_may(home, name):
    with Library.create(name, space=fake_space()):
        assert Library.names() == [name]
    with Library.open(name) as again:
        assert (again.name, again.path) == (name, home / name)


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", ".", "..", "../x", "a/b", "a\\b", ".hidden", "-x", "dot.", "a:b", "a*"),
        *("a\nb", "a" * 65, "🐦", "𝐚" * 64, "con", "COM1.old", "NUL"),
    ],
)
def test_what_no_folder_may_be_called_anywhere_is_refused(home, name):
    with pytest.raises(LibraryError, match="cannot be a library's name"):
        Library.create(name)
    with pytest.raises(LibraryError, match="cannot be a library's name"):
        Library.open(name)
    assert list(home.iterdir()) == []


def test_a_library_is_made_once(library):
    with pytest.raises(LibraryExists, match="'colours' already"):
        Library.create("colours")


def test_a_library_that_is_not_there_is_named_with_those_that_are(library):
    with pytest.raises(LibraryNotFound, match=r"no library 'birds'. There are: colours\."):
        Library.open("birds")


def test_without_any_library_the_way_to_one_is_told(tmp_path):
    with pytest.raises(LibraryNotFound, match="xmr index FOLDER --library 'birds'"):
        Library.open("birds", home=tmp_path / "nowhere")
    assert Library.names(tmp_path / "nowhere") == []


def names_in(folder):
    return Library.names(Path(folder))


def test_a_library_that_may_not_be_looked_into_hides_no_other(common):
    for name in ("a", "b"):
        Library.create(name, home=common, space=fake_space()).close()
    (common / "a").chmod(0)
    assert children.call(names_in, str(common), unprivileged=True) == ["b"]


def create_in(folder):
    try:
        Library.create("a", home=Path(folder), space=fake_space())
    except XMRError as error:
        return [type(error).__name__, str(error)]
    return "made"


def test_a_library_that_may_not_be_made_says_so(common):
    common.chmod(0o555)
    kind, said = children.call(create_in, str(common), unprivileged=True)
    assert kind == "LibraryReadOnly" and "cannot be written" in said


# -- folders


def test_folders_are_indexed_searched_and_counted(library, media):
    last = index(library, media)
    assert (last.stage, last.added) == ("done", 3)
    assert library.counts() == {Modality.TEXT: 1, Modality.IMAGE: 1, Modality.AUDIO: 1}
    assert [root.path for root in library.roots()] == [media]
    assert library.search("green", k=1).hits[0].item.path == "deep/green.png"
    assert [item.path for item in library.items()] == ["blue.wav", "deep/green.png", "red.txt"]
    assert library.parts(library.search("red", to=["text"], k=1).hits[0].item.id)[0].text == "red"
    assert library.size_on_disk() > 10_000


def test_without_folders_all_roots_are_indexed(library, media, tmp_path):
    write_text(tmp_path / "more/a.txt", "green")
    library.add_root(media)
    library.add_root(tmp_path / "more")
    assert index(library).added == 4


@children.posix
def test_a_folder_may_be_given_by_a_link_or_from_the_home(library, media, tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(media)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert library.add_root(tmp_path / "link").path == media
    assert library.add_root("~/media").path == media
    assert len(library.roots()) == 1


def test_what_is_no_folder_is_refused(library, media, tmp_path):
    with pytest.raises(RootMissing, match="There is no folder"):
        library.add_root(tmp_path / "nowhere")
    with pytest.raises(LibraryError, match="is not a folder"):
        library.add_root(media / "red.txt")
    with pytest.raises(RootMissing):
        list(library.index(tmp_path / "nowhere"))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("nowhere", "loop", "a\0b"):
        with pytest.raises(RootMissing):
            library.estimate(tmp_path / name)
        with pytest.raises(RootMissing):
            library.add_root(tmp_path / name)
    assert library.roots() == []


def test_no_library_is_indexed_by_itself_or_another(library, media, home):
    index(library, media)
    with Library.create("other", space=fake_space()) as other:
        for folder in (library.path, library.path / "thumbs"):
            for reader in (library, other):
                with pytest.raises(LibraryError, match="belongs to a library"):
                    reader.add_root(folder)
        root = other.add_root(media)
        with pytest.raises(LibraryError, match="belongs to a library"):
            other.move_root(root.id, library.path)


def test_a_root_that_moved_is_not_read_again(library, media, tmp_path):
    index(library, media)
    ids = {item.path: item.id for item in library.items()}
    place = tmp_path / "elsewhere"
    media.rename(place)
    assert index(library).warnings != ()
    library.move_root(library.roots()[0].id, place)
    last = index(library)
    assert (last.skipped, last.total, last.warnings) == (3, 0, ())
    assert {item.path: item.id for item in library.items()} == ids
    assert library.media_path(ids["red.txt"]) == place / "red.txt"


def test_a_removed_root_leaves_the_users_files_and_takes_its_thumbnails(library, media):
    index(library, media)
    before = tree(media)
    assert len(list((library.path / "thumbs").iterdir())) == 3
    library.remove_root(library.roots()[0].id)
    assert library.counts() == {} and library.search("red").hits == ()
    assert list((library.path / "thumbs").iterdir()) == []
    assert tree(media) == before


def test_nothing_in_the_users_folders_is_ever_written(library, media):
    before = tree(media)
    times = {path: path.stat().st_mtime_ns for path in media.rglob("*")}
    index(library, media)
    library.search("red")
    library.rename("hues")
    library.delete()
    assert tree(media) == before
    assert {path: path.stat().st_mtime_ns for path in media.rglob("*")} == times


def test_patterns_hold_for_the_runs_to_come(library, media):
    assert index(library, media, ignore=["*.txt"]).added == 2
    assert library.patterns() == ["*.txt"]
    assert index(library).added == 0
    assert library.estimate().new == 0
    assert library.estimate(ignore=[]).new == 1
    assert index(library, ignore=[]).added == 1
    assert library.patterns() == []


def test_a_loss_is_asked_about_and_accepted(library, media):
    index(library, media)
    shutil.rmtree(media)
    media.mkdir()
    last = index(library)
    assert (last.missing, last.doubtful) == (0, 3)
    assert index(library, accept_loss=True).missing == 3


def test_failures_are_listed_and_tried_again(library, media):
    (media / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    index(library, media)
    (failure,) = library.failures()
    assert failure.file == media / "bad.png"
    assert index(library).total == 0
    library.retry_failures([failure.id])
    assert index(library).failed == 1
    library.retry_failures()
    assert index(library).failed == 1


# -- files


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


# -- renaming and deleting


def test_a_renamed_library_keeps_everything(library, media, home):
    index(library, media)
    before = [(hit.item.id, hit.score) for hit in library.search("red").hits]
    library.rename("hues")
    assert Library.names() == ["hues"] and library.name == "hues"
    assert [(hit.item.id, hit.score) for hit in library.search("red").hits] == before
    assert library.search("red").hits[0].library == "hues"
    assert index(library).skipped == 3
    with Library.open("hues", space=fake_space()) as again:
        assert len(again.items()) == 3


def test_a_library_cannot_take_a_name_that_is_taken(library, home):
    (home / "folder").mkdir()
    Library.create("other", space=fake_space()).close()
    for name in ("other", "folder", "colours"):
        with pytest.raises(LibraryExists):
            library.rename(name)
    assert library.counts() == {}, "it is still open"


def rename_in(folder):
    with Library.open("a", home=Path(folder), space=fake_space()) as library:
        try:
            library.rename("b")
        except XMRError as error:
            return [type(error).__name__, library.counts(), library.name]
    return "renamed"


def test_a_library_that_may_not_be_renamed_goes_on_under_its_name(common):
    with Library.create("a", home=common, space=fake_space()):
        pass
    children.hand_over(common / "a", *(common / "a").iterdir())
    common.chmod(0o555)
    assert children.call(rename_in, str(common), unprivileged=True) == ["LibraryReadOnly", {}, "a"]


def test_a_deleted_library_is_gone_and_the_users_files_are_not(library, media, home):
    index(library, media)
    library.search("red")
    library.delete()
    assert list(home.iterdir()) == [] and len(list(media.rglob("*.*"))) == 3


@children.posix
def test_what_the_user_put_into_a_librarys_folder_stays(library, media, tmp_path):
    index(library, media)
    write_text(library.path / "notes.txt", "mine")
    write_text(tmp_path / "elsewhere/also.txt", "mine")
    shutil.rmtree(library.path / "thumbs")
    (library.path / "thumbs").symlink_to(tmp_path / "elsewhere")
    library.delete()
    assert [path.name for path in library.path.iterdir()] == ["notes.txt"]
    assert (tmp_path / "elsewhere/also.txt").read_text() == "mine"
    assert Library.names() == []


def test_a_library_in_the_middle_of_a_run_is_neither_renamed_nor_deleted(library, media):
    run = library.index(media)
    next(run)
    for change in (lambda: library.rename("hues"), library.delete):
        with pytest.raises(LibraryBusy):
            change()
    run.close()
    library.rename("hues")


# -- what cannot be opened


def spoil(library):
    path = library.path / "catalogue.sqlite"
    library.close()
    page = path.read_bytes().rindex(b"red.txt") // 4096
    with path.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096)


def test_a_damaged_library_is_named_salvaged_and_indexed_again(library, media):
    index(library, media)
    expected = [hit.item.path for hit in library.search("red").hits]
    spoil(library)
    with pytest.raises(LibraryDamaged, match="salvage"), Library.open("colours") as damaged:
        damaged.catalogue.check()
        damaged.items()
    kept = Library.salvage("colours")
    assert kept["roots"] == 1
    with Library.open("colours", space=fake_space()) as again:
        assert index(again).stage == "done"
        assert [hit.item.path for hit in again.search("red").hits] == expected


def test_a_library_of_a_newer_version_is_refused_and_can_be_discarded(library, media):
    import sqlite3

    index(library, media)
    library.close()
    with sqlite3.connect(library.path / "catalogue.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LibraryTooNew, match="Update XMR"):
        Library.open("colours")
    assert Library.names() == ["colours"]
    Library.discard("colours")
    assert Library.names() == [] and len(list(media.rglob("*.*"))) == 3


def test_a_library_of_another_space_is_not_searched_until_it_is_brought_along(library, media):
    index(library, media)
    other = fake_space(turn=1)
    with Library.open("colours", space=other) as again:
        with pytest.raises(ProfileMismatch, match="Index it again"):
            again.search("red")
        index(again)
        assert again.search("red", k=1).hits[0].item.path == "red.txt"


def test_an_unknown_profile_leaves_the_library_as_it_was(library, media):
    index(library, media)
    with pytest.raises(UnknownProfile):
        list(library.set_profile("no-such-profile"))
    assert library.profile == "embedded"
    assert len(library.search("red").hits) == 3


# -- the rest of the façade


def test_an_estimate_of_a_new_library_needs_none(media, home):
    made = Library.preview(media)
    assert made.files == {Modality.TEXT: 1, Modality.IMAGE: 1, Modality.AUDIO: 1}
    assert (made.new, list(home.iterdir())) == (3, [])


def test_filters_reach_the_items(library, media, tmp_path):
    write_film(media / "film.gif")
    index(library, media)
    picture = Filters(frozenset({Modality.IMAGE}))
    assert [item.path for item in library.items(picture)] == ["deep/green.png"]
    assert [item.path for item in library.items(Filters(folder=str(media / "deep")))] == [
        "deep/green.png"
    ]
    assert [item.path for item in library.items(limit=1, offset=1)] == ["deep/green.png"]


def test_searches_are_remembered_and_saved(library):
    library.remember({"text": "owl"})
    id = library.save_search("Owls", {"text": "owl"})
    assert library.history()[0].query == library.saved_searches()[0].query == {"text": "owl"}
    library.forget_search(id)
    assert library.saved_searches() == []


def test_more_like_needs_no_file(library, media):
    fill(media / "more", 8)
    index(library, media)
    item = next(item for item in library.items() if item.path == "red.txt")
    (media / "red.txt").unlink()
    assert library.more_like(item.id, k=3).hits[0].cosine == pytest.approx(1, abs=1e-3)


def test_vectors_of_another_encoder_are_no_query(library, media):
    from xmr_core.errors import QueryError
    from xmr_core.search import Features, Term

    index(library, media)
    item = library.items()[0]
    vector, _ = library.catalogue.feature(item.id)
    with pytest.raises(QueryError, match="another profile"):
        library.search(Term(Features(item.modality, vector, "someone else's")))
