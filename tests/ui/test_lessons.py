"""What the lessons of the lab say is so, on the data that they use."""

from functools import cache

import pytest

from xmr_core.datasets.made_up import made_up
from xmr_core.lab import METHODS
from xmr_core.lab.contract import space_of
from xmr_core.lab.fitting import Fit, fit, found
from xmr_core.lab.hashing.shared import correlated
from xmr_core.lab.linear import affine_head
from xmr_core.lab.sizes import compressed
from xmr_core.media import Modality
from xmr_core.report import measure
from xmr_core.ui.lab_markup import markup
from xmr_core.ui.lessons import LESSONS, Lesson

DATA = made_up()
IMAGE, TEXT = Modality.IMAGE, Modality.TEXT


@cache
def fitted(name: str) -> Fit:
    return fit(DATA, name)


def value(name: str, by: str, measure: str) -> list[float]:
    return [told[measure].value for told in fitted(name).reports[by].values()]


def lesson(name: str) -> Lesson:
    return next(one for one in LESSONS if one.name == name)


@pytest.mark.parametrize("one", LESSONS, ids=lambda one: one.name)
def test_lessons_fit_methods_that_there_are_and_point_at_parts_of_the_page(one: Lesson):
    html = markup(None)  # type: ignore[arg-type] - it shows nothing of the server
    for step in one.steps:
        assert set(step.methods) <= set(METHODS)
        assert not step.show or f'data-part="{step.show}"' in html
        assert not step.pick or step.pick in {m for s in one.steps for m in s.methods}
    assert f'data-part="{one.where}"' in html
    assert 0 <= one.right < len(one.choices) and one.because


def test_cca_keeps_as_many_directions_as_there_are_topics():
    assert fitted("cca").space.dim == 8
    assert lesson("gap").choices[lesson("gap").right].startswith("8,")


@pytest.mark.slow
def test_cca_finds_own_partners_more_often_than_the_losses():
    told = lesson("losses")
    names = dict(zip(told.choices, ("cca", "vse", "vse++", "infonce"), strict=True))
    found = {choice: min(value(name, "pairs", "recall@1")) for choice, name in names.items()}
    assert max(found, key=found.__getitem__) == told.choices[told.right]
    others = [share for choice, share in found.items() if choice != told.choices[told.right]]
    assert found[told.choices[told.right]] > max(others) + 0.1  # no visitor sees another order


def test_two_bytes_are_enough_and_one_is_not():
    sizes = compressed(fitted("cca").space, DATA.test, "labels")
    assert sizes[0].bytes == 32
    lost = {
        size.bytes: max(
            a - b for a, b in zip(sizes[0].found.values(), size.found.values(), strict=True)
        )
        for size in sizes
    }
    enough = min(size for size, points in lost.items() if points < 0.02)
    told = lesson("hashing")
    assert told.choices[told.right] == f"{enough} bytes"
    assert lost[1] > 0.04


def test_a_turn_that_is_learned_beats_random_planes_and_the_floats_of_plain_cca():
    assert min(value("cca-itq", "labels", "map")) > max(value("lsh", "labels", "map")) + 0.1
    assert min(value("cca-itq", "labels", "map")) > max(value("cca", "labels", "map")) + 0.1


def test_axes_that_count_by_their_correlation_find_more_of_a_class():
    """Why bits are above floats: the space that ITQ turns is above that of plain CCA."""
    (image, x), (text, y) = DATA.train.pairs()[0].items()
    itq = METHODS["cca-itq"]()
    v, w, rho = correlated(x - x.mean(axis=0), y - y.mean(axis=0), itq.bits, itq.ridge)
    heads = {
        image: affine_head(v * rho, x.mean(axis=0)),
        text: affine_head(w * rho, y.mean(axis=0)),
    }
    told_of = measure(space_of("weighted", heads), DATA.test, "labels", draws=5)
    least = min(told["map"].value for told in told_of.values())
    assert least > max(value("cca", "labels", "map")) + 0.05


def test_the_list_that_is_shown_first_is_as_the_lesson_says():
    found_by = {
        name: [row for row, _ in found(fitted(name).space, DATA.test, TEXT, 0, IMAGE, 10)]
        for name in ("cca", "sm")
    }
    kinds = DATA.test.labels[IMAGE]
    right = {
        name: int((kinds[rows] == DATA.test.labels[TEXT][0]).sum())
        for name, rows in found_by.items()
    }
    assert right["sm"] == 10 and right["cca"] < 9
    assert 0 in found_by["cca"] and 0 not in found_by["sm"]


def test_what_leads_by_classes_does_not_find_partners():
    assert min(value("sm", "labels", "map")) > max(value("cca", "labels", "map")) + 0.1
    assert min(value("cca", "pairs", "recall@1")) > 0.9
    assert all(0.15 < share < 0.35 for share in value("sm", "pairs", "recall@1"))
