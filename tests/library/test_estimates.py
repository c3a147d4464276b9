"""What a run would find and cost, before it begins."""

from pathlib import Path

import pytest

from xmr_core.errors import RootMissing
from xmr_core.indexing import Control
from xmr_core.library import Library
from xmr_core.media import Modality

pytestmark = pytest.mark.usefixtures("profiles")


def test_an_estimate_registers_nothing_and_follows_the_patterns(home: Path, folder: Path):
    with Library.create("lib", "colours", home) as library:
        assert library.estimate(folder).new == 3
        assert library.estimate(folder, ignore=["red*"]).files == {Modality.IMAGE: 2}
        assert library.roots() == []
        list(library.index(folder))
        found = library.estimate(folder.parent)
        assert found.files == {Modality.IMAGE: 3}
        assert [root.path for root in library.roots()] == [folder]
        with pytest.raises(RootMissing):
            library.estimate(folder.parent / "nowhere")


def test_an_estimate_does_not_fetch_weights(home: Path, folder: Path):
    with Library.create("lib", "colours-far", home) as library:
        assert library.estimate(folder).new == 3


def test_an_estimate_can_be_stopped_and_tells_how_far_it_is(home: Path, tmp_path: Path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1000):
        (folder / f"{number}.txt").write_text("red")
    control = Control()
    told: list[int] = []

    def tell(seen: int, path: str) -> None:
        told.append(seen)
        control.cancel()

    found = Library.preview(folder, control=control, tell=tell)
    assert told
    assert told[0] <= found.new < 1000
    assert Library.preview(folder).new == 1000


def test_an_estimate_of_a_new_library_needs_none(media, home):
    made = Library.preview(media)
    assert made.files == {Modality.TEXT: 1, Modality.IMAGE: 1, Modality.AUDIO: 1}
    assert (made.new, list(home.iterdir())) == (3, [])
