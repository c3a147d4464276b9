from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from xmr_core.watching import Settling


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def settling():
    clock = Clock()
    return Settling(clock), clock


def test_changes_are_told_once_they_have_come_to_rest():
    changes, clock = settling()
    for second in range(10):  # a long copy
        clock.now = float(second)
        changes.note(Path("/m/new"))
        assert changes.due() == frozenset()
    clock.now = 12.0
    assert changes.due() == {Path("/m/new")}
    assert changes.due() == frozenset()


def test_changes_that_never_cease_are_told_ever_less_often():
    changes, clock = settling()
    told = []
    while clock.now < 3600:
        clock.now += 1.0
        changes.note(Path("/m/log"))
        if changes.due():
            told.append(clock.now)
    waits = [later - earlier for earlier, later in pairwise(told)]
    assert len(told) < 12
    assert waits == sorted(waits) and waits[0] > 60 and waits[-1] <= 602


def test_after_a_rest_changes_are_told_as_quickly_as_at_first():
    changes, clock = settling()
    for _ in range(1000):
        clock.now += 1.0
        changes.note(Path("/m/log"))
        changes.due()
    clock.now += 5.0
    changes.due()
    begun = clock.now
    while not changes.due():
        clock.now += 1.0
        changes.note(Path("/m/log"))
    assert clock.now - begun < 65


def test_a_folder_inside_another_is_not_told_beside_it():
    changes, clock = settling()
    for name in ("/m/a", "/m/a/b", "/m/a/b/c", "/m/ab"):
        changes.note(Path(name))
    clock.now = 5.0
    assert changes.due() == {Path("/m/a"), Path("/m/ab")}


def test_thousands_of_folders_become_those_that_hold_them():
    changes, clock = settling()
    for number in range(5000):
        changes.note(Path(f"/m/{number % 50}/{number}"))
    clock.now = 5.0
    folders = changes.due()
    assert len(folders) <= 100
    assert all(
        any(Path(f"/m/{n % 50}/{n}").is_relative_to(f) for f in folders) for n in range(5000)
    )


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(0, 5)), max_size=60))
def test_no_change_is_ever_forgotten(steps):
    changes, clock = settling()
    noted, told = set(), set()
    for wait, number in steps:
        clock.now += wait
        folder = Path(f"/m/{number}")
        changes.note(folder)
        noted.add(folder)
        told |= changes.due()
    clock.now += 1000.0
    assert told | changes.due() == noted
