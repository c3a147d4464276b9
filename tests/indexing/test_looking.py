import threading

import pytest

from tests.catalogue.conftest import plain
from xmr_core.catalogue import Catalogue, Line
from xmr_core.errors import DamagedMedia, LibraryBusy, WeightsMissing
from xmr_core.indexing import Control, Found, held, look
from xmr_core.media import Modality


class Reading:
    """Finds the name of a file in it."""

    name, version, modalities = "reading", "1", frozenset({Modality.TEXT})
    fields, kinds, threads = ("ocr",), (), 2

    def __init__(self, **wrong):
        self.wrong, self.seen = wrong, []

    def look(self, item):
        self.seen.append(item.title)
        if (error := self.wrong.get(item.title[0])) is not None:
            raise error
        return Found([Line("ocr", f"this is {item.title}")])


@pytest.fixture
def catalogue(tmp_path):
    """Five texts."""
    with Catalogue(tmp_path / "catalogue.sqlite") as made:
        made.activate("space-1")
        root = made.add_root(tmp_path / "media")
        for name in "abcde":
            made.put(plain(root, f"{name}.txt"))
        yield made


def texts(catalogue):
    return [line.text for id in range(1, 6) for line in catalogue.lines(id)]


def test_every_item_is_looked_into_once(catalogue):
    first, second = Reading(), Reading()
    last = list(look(catalogue, [first]))[-1]
    assert (last.stage, last.done, last.total, last.failed) == ("done", 5, 5, 0)
    assert texts(catalogue) == [f"this is {name}.txt" for name in "abcde"]
    assert list(look(catalogue, [second]))[-1].total == 0 and second.seen == []


def test_one_bad_file_stops_nothing_and_keeps_its_reason(catalogue, tmp_path):
    bad = Reading(b=DamagedMedia(tmp_path / "b.txt", "is damaged"), c=ZeroDivisionError("oh"))
    last = list(look(catalogue, [bad]))[-1]
    assert (last.stage, last.done, last.failed) == ("done", 5, 2)
    _, reasons = catalogue.looked("reading")
    assert [id for id, _ in reasons] == [2, 3]
    assert reasons[0][1] == "is damaged" and "oh" in reasons[1][1]


def test_a_file_that_is_away_is_looked_into_by_the_next_pass(catalogue):
    assert list(look(catalogue, [Reading(d=FileNotFoundError())]))[-1].failed == 1
    again = Reading()
    list(look(catalogue, [again]))
    assert again.seen == ["d.txt"]


def test_a_cancelled_pass_goes_on_where_it_was(catalogue):
    control, first, second = Control(), Reading(), Reading()
    for progress in look(catalogue, [first], control):
        if progress.done:
            control.cancel()
    assert progress.stage == "cancelled" and 0 < progress.done < 5
    list(look(catalogue, [second]))
    assert sorted(first.seen + second.seen) == [f"{name}.txt" for name in "abcde"]
    assert len(texts(catalogue)) == 5


def test_a_paused_pass_looks_into_nothing_until_it_is_resumed(catalogue):
    control, work = Control(), Reading()
    control.pause()
    passing = look(catalogue, [work], control)
    assert [next(passing) for _ in range(3)][-1].paused and work.seen == []
    control.resume()
    assert list(passing)[-1].done == 5


def test_a_pass_that_is_cancelled_while_paused_ends(catalogue):
    control = Control()
    control.pause()
    passing = look(catalogue, [Reading()], control)
    [next(passing) for _ in range(2)]
    control.cancel()
    assert list(passing)[-1].stage == "cancelled"


def test_a_pass_holds_the_library(catalogue):
    passing = look(catalogue, [Reading()])
    next(passing)
    with pytest.raises(LibraryBusy), held(catalogue.path.parent, catalogue):
        pass
    passing.close()
    with held(catalogue.path.parent, catalogue):
        pass


def test_a_missing_model_ends_the_pass_and_is_told(catalogue):
    with pytest.raises(WeightsMissing):
        list(look(catalogue, [Reading(a=WeightsMissing("no weights"))]))
    assert catalogue.unlooked("reading", "1", {Modality.TEXT})[0] == 1


def test_as_many_are_looked_into_at_once_as_the_work_allows(catalogue):
    together = threading.Barrier(2, timeout=5)

    class Meeting(Reading):
        def look(self, item):
            if item.title in ("a.txt", "b.txt"):
                together.wait()  # raises unless both are inside
            return Found()

    assert list(look(catalogue, [Meeting()]))[-1].failed == 0
