"""Near-duplicates of a library."""

import shutil

import pytest

from tests.duplicates import made
from tests.indexing.world import write_text
from tests.library.steps import index
from xmr_core.duplicates import Kind
from xmr_core.errors import LibraryBusy, LibraryError
from xmr_core.indexing import Control, held
from xmr_core.media import Modality


def look(library, control=None):
    *_, last = library.look_for_duplicates(control)
    return last


@pytest.fixture
def copies(library, tmp_path):
    """A library with a picture, a small copy, the same file again, and a text twice."""
    folder = tmp_path / "copies"
    (folder / "old").mkdir(parents=True)
    cat, cup = made.photograph("chelsea"), made.photograph("coffee")
    cat.save(folder / "cat.png")
    made.half(cat).save(folder / "cat small.jpg", quality=80)
    shutil.copy(folder / "cat.png", folder / "old/cat again.png")
    cup.save(folder / "cup.jpg")
    write_text(folder / "story.txt", made.STORY)
    write_text(folder / "tale.md", made.STORY + " The end.")
    index(library, folder)
    return library


def paths(group):
    return [copy.item.path for copy in group.copies]


def test_copies_are_found_with_the_best_one_first(copies):
    assert look(copies).stage == "done"
    groups, total = copies.duplicates()
    assert total == 2
    by_medium = {group.modality: group for group in groups}
    cats = by_medium[Modality.IMAGE]
    assert paths(cats) == ["cat.png", "old/cat again.png", "cat small.jpg"]
    assert [copy.kind for copy in cats.copies] == [None, Kind.EXACT, Kind.SAME]
    assert cats.reason and cats.spare == sum(c.item.size for c in cats.copies[1:])
    assert paths(by_medium[Modality.TEXT]) == ["tale.md", "story.txt"]


def test_groups_are_chosen_by_medium_and_similarity_and_paged(copies):
    look(copies)
    assert copies.duplicates([Modality.TEXT])[1] == 1
    assert copies.duplicates([Modality.AUDIO]) == ([], 0)
    (exact,), total = copies.duplicates(least=1.0)
    assert total == 1 and paths(exact) == ["cat.png", "old/cat again.png"]
    first, total = copies.duplicates(limit=1)
    second, _ = copies.duplicates(offset=1, limit=1)
    assert total == 2 and {g.modality for g in first + second} == {"image", "text"}


def test_looking_again_makes_no_prints_anew_and_sees_what_is_new(copies, tmp_path):
    assert not copies.looked_for_duplicates().current
    assert look(copies).total == 6
    assert copies.looked_for_duplicates().current
    assert look(copies).total == 0
    made.mirrored(made.photograph("coffee")).save(tmp_path / "copies/cup turned.png")
    index(copies)
    assert not copies.looked_for_duplicates().current
    assert look(copies).total == 1
    assert copies.duplicates()[1] == 3


def test_what_is_marked_as_different_is_remembered_and_can_be_taken_back(copies):
    look(copies)
    (texts,), _ = copies.duplicates([Modality.TEXT])
    ids = [copy.item.id for copy in texts.copies]
    copies.mark_different(ids[0], ids[1:])
    assert copies.duplicates([Modality.TEXT])[1] == 0
    look(copies)
    assert copies.duplicates([Modality.TEXT])[1] == 0
    assert (min(ids), max(ids)) not in {
        (link.item, link.other) for link in copies.catalogue.links(kinds=["duplicate"])
    }
    copies.mark_different(ids[0], ids[1:], different=False)
    assert copies.duplicates([Modality.TEXT])[1] == 1


def test_one_item_alone_cannot_be_different(copies):
    with pytest.raises(LibraryError, match="two items"):
        copies.mark_different(1, [1])
    with pytest.raises(LibraryError, match="no item 999"):
        copies.mark_different(1, [999])


def test_links_of_near_duplicates_are_kept_for_others(copies):
    look(copies)
    links = copies.catalogue.links(kinds=["duplicate"])
    assert len(links) == 3 and all(0 < link.weight <= 1 for link in links)


def test_copies_of_items_are_told_by_item(copies):
    look(copies)
    ids = {item.path: item.id for item in copies.items()}
    cat, again = ids["cat.png"], ids["old/cat again.png"]
    assert copies.copies_of([cat, ids["cup.jpg"]]) == {cat: [again]}
    assert set(copies.copies_of([cat], 0.5)[cat]) == {again, ids["cat small.jpg"]}


def test_a_cancelled_look_goes_on_from_there(copies):
    control = Control()
    for progress in copies.look_for_duplicates(control):
        if progress.done:
            control.cancel()
    assert progress.stage == "cancelled" and copies.duplicates()[1] == 0
    assert look(copies).total < 6 and copies.duplicates()[1] == 2


def test_files_are_left_alone(copies, tmp_path):
    before = {p: p.read_bytes() for p in (tmp_path / "copies").rglob("*") if p.is_file()}
    look(copies)
    assert {p: p.read_bytes() for p in (tmp_path / "copies").rglob("*") if p.is_file()} == before


def test_a_look_waits_for_no_run(copies):
    with held(copies.path, copies.catalogue), pytest.raises(LibraryBusy):
        look(copies)
