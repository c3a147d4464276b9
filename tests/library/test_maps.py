"""The map of a library: made of what is there now, kept, and asked where queries fall."""

import numpy as np
import pytest

from tests.crowd import crowd
from tests.fakes import DIM, fake_space
from tests.indexing.world import write_picture
from tests.library.steps import index
from xmr_core.chart import Chart, Pieces
from xmr_core.errors import ProfileMismatch, QueryError
from xmr_core.indexing import Control
from xmr_core.library import Library
from xmr_core.media import Modality, Text
from xmr_core.query import Term

EYE = np.eye(DIM, dtype=np.float32)
REAL = [
    (medium, colour, EYE[axis])
    for axis, colour in enumerate(("red", "green", "blue"))
    for medium in (Modality.TEXT, Modality.IMAGE, Modality.MESH)
]


@pytest.fixture
def full(library, tmp_path):
    """Ninety items of three colours and three media."""
    crowd(library, tmp_path / "crowd", 90, REAL, jitter=0.3)
    return library


def word(text, weight=1.0):
    return Term(Text(text), weight, text)


def arranged(library):
    *_, last = library.arrange()
    assert last.stage == "done"
    return library.chart()


def test_every_present_item_is_on_the_map_and_colours_are_its_topics(full):
    chart = full.chart()
    assert sorted(chart.pieces.ids.tolist()) == sorted(i.id for i in full.items(limit=1000))
    assert [item.id for item in chart.items] == chart.pieces.ids.tolist()
    assert list(chart.layouts) == ["pca"]
    topics = {names[0] for names in chart.names}
    assert topics == {"red", "green", "blue"}
    for label, names in enumerate(chart.names):
        members = [
            item.title for item, at in zip(chart.items, chart.labels, strict=True) if at == label
        ]
        assert all(names[0] in title for title in members)


def test_the_map_follows_what_changes_in_the_library(library, media):
    index(library, media)
    assert len(library.chart()) == 3
    assert library.chart() is library.chart()  # and is not made twice
    write_picture(media / "new.png", "red")
    index(library)
    assert len(library.chart()) == 4
    (media / "new.png").unlink()
    index(library)
    assert len(library.chart()) == 3


def test_umap_is_kept_for_the_next_time(full, home):
    made = arranged(full).layouts["umap"]
    assert full.arranged(full.chart())
    with Library.open("colours", space=fake_space()) as again:
        chart = again.chart()
        assert again.arranged(chart)
        for kept, side in zip(chart.layouts["umap"], made, strict=True):
            assert kept == pytest.approx(side)


def test_items_that_come_later_are_put_beside_their_neighbours(full, tmp_path):
    before = arranged(full)
    with full.catalogue.transaction():
        gone = before.pieces.ids[:3].tolist()
        full.catalogue.set_missing(gone, True)
    write_picture(tmp_path / "crowd/later/blue.png", "blue")
    index(full, tmp_path / "crowd/later")
    chart = full.chart()
    assert chart.behind == 1
    assert not full.arranged(chart)
    later = next(n for n, item in enumerate(chart.items) if item.title == "blue.png")
    places = chart.layouts["umap"][0]
    alike = [n for n, item in enumerate(chart.items) if "blue-" in item.title]
    others = [n for n, item in enumerate(chart.items) if "red-" in item.title]

    def far(rows):
        return np.linalg.norm(places[rows] - places[later], axis=1).min()

    assert far(alike) < far(others)
    old = dict(zip(before.pieces.ids.tolist(), before.layouts["umap"][0], strict=True))
    for number, item in enumerate(chart.items):
        if number != later:
            assert places[number] == pytest.approx(old[item.id])


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 and no more", b"\x93NUMPY"])
def test_a_damaged_layout_is_made_again(full, damage):
    arranged(full)
    (full.path / "map/umap.npz").write_bytes(damage)
    full._chart = None
    assert list(full.chart().layouts) == ["pca"]
    assert list(arranged(full).layouts) == ["pca", "umap"]


def test_a_layout_of_another_space_is_not_shown(full):
    arranged(full)
    pieces = Pieces(full.catalogue, DIM)
    chart = Chart(pieces, full.chart().items, fake_space(turn=1))
    assert not chart.recall(full.path / "map")
    assert list(chart.layouts) == ["pca"]


def test_arranging_is_cancelled_and_leaves_what_was_there(full):
    control = Control()
    stages = []
    for progress in full.arrange(control):
        stages.append(progress.stage)
        control.cancel()
    assert stages[-1] == "cancelled"
    assert list(full.chart().layouts) == ["pca"]
    assert not (full.path / "map").exists()


def test_a_query_falls_where_what_it_names_lies(full):
    chart = arranged(full)
    asked = full.ask([word("green")], k=5)
    for layout, (raw, centred) in chart.layouts.items():
        green = [n for n, item in enumerate(chart.items) if "green" in item.title]
        for places, placed in ((raw, asked.terms.raw), (centred, asked.terms.centred)):
            spread = places.std(axis=0).mean()
            assert np.linalg.norm(placed[layout][0] - places[green].mean(0)) < 1.5 * spread
    assert all("green" in full.item(one.id).title for one in asked.before)


def test_the_path_leads_through_the_sums_and_ends_at_the_query(full):
    chart = full.chart()
    terms = [word("red"), word("blue", -0.5), word("green", 2.0)]
    asked = full.ask(terms)
    red, blue, green = EYE[0], EYE[2], EYE[1]
    pushed = 0.5 * 0.15 * np.sqrt(5)  # they have no blue to take away
    sums = [red, red + 2 * green, red + 2 * green - pushed * blue]  # added ones first
    expected = chart.planes[0].place(np.stack([s / np.linalg.norm(s) for s in sums]))
    assert asked.path.raw["pca"] == pytest.approx(expected, abs=1e-4)
    assert asked.path.raw["pca"][-1] == pytest.approx(
        chart.planes[0].place(full.searcher.vector(terms)[0][None])[0], abs=1e-4
    )
    assert asked.terms.raw["pca"][1] == pytest.approx(
        chart.planes[0].place(blue[None])[0], abs=1e-4
    )


def test_the_rankings_are_by_cosine_and_leave_out_what_is_hidden(full):
    chart = full.chart()
    asked = full.ask([word("red")], k=7)
    cosines = chart.pieces.vectors @ EYE[0]
    assert [one.cosine for one in asked.before] == pytest.approx(np.sort(cosines)[::-1][:7])
    best = asked.before[0].id
    assert best not in [one.id for one in full.ask([word("red")], k=7, hidden=[best]).before]


def test_a_query_with_nothing_to_look_for_is_refused(full):
    with pytest.raises(QueryError):
        full.ask([word("red", -1.0)])


def test_a_library_of_another_profile_has_no_map(full):
    full._space = fake_space(turn=1)
    with pytest.raises(ProfileMismatch):
        full.chart()


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_hardly_any_items_are_a_map_too(library, tmp_path, size):
    crowd(library, tmp_path / "crowd", size, REAL)
    chart = library.chart()
    assert len(chart) == size
    assert library.arranged(chart)
    assert list(library.arrange())[-1].stage == "done"
    asked = library.ask([word("red")])
    assert len(asked.before) == len(asked.after) == size
    for places in asked.path.raw.values():
        assert np.isfinite(places).all()


def test_one_medium_alone_is_a_map_too(library, tmp_path):
    crowd(library, tmp_path / "crowd", 30, [one for one in REAL if one[0] == "image"])
    chart = arranged(library)
    assert chart.gaps[0].media == (Modality.IMAGE,)
    assert chart.gaps[0].size == 0
    assert chart.own[0] == chart.own[2] == 1.0


def test_of_a_large_library_evenly_chosen_items_are_drawn(full):
    pieces = Pieces(full.catalogue, DIM, most=30)
    assert len(pieces.ids) == 30
    assert np.bincount(pieces.codes, minlength=5).tolist() == [10, 10, 0, 0, 10]


def test_deleting_the_library_takes_its_map_along(full):
    arranged(full)
    path = full.path
    assert (path / "map/umap.npz").is_file()
    full.delete()
    assert not path.exists()
