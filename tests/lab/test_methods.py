"""One contract for every method of the lab, whatever its family."""

import os
import subprocess
import sys
from functools import cache

import numpy as np
import pytest

from tests.lab.planted import CLASSES, IMAGE, TEXT, Planted, planted
from xmr_core.errors import LabError
from xmr_core.lab import METHODS, method
from xmr_core.lab.base import FromClasses, FromPairs
from xmr_core.media import Modality
from xmr_core.space import JointSpace

LABELLED = [name for name in METHODS if method(name).about.labelled]
UNLABELLED = [name for name in METHODS if name not in LABELLED]
DIRECTIONS = [(IMAGE, TEXT), (TEXT, IMAGE)]


@cache
def learned(name: str) -> JointSpace:
    train = planted()
    return method(name).fit(train.views, train.labels, seed=1)


def scores(space: JointSpace, things: Planted, source: Modality, target: Modality) -> np.ndarray:
    asked = space.embed(source, things.views[source], "query")
    kept = space.embed(target, things.views[target], "gallery")
    return asked @ kept.T


@pytest.mark.parametrize("name", METHODS)
def test_heads_map_each_view_to_unit_rows_of_one_dimension(name: str):
    space = learned(name)
    for modality, view in planted().views.items():
        for role in ("query", "gallery"):
            rows = space.embed(modality, view[:7], role)
            assert rows.shape == (7, space.dim)
            assert rows.dtype == np.float32
            lengths = np.linalg.norm(rows, axis=1)
            assert np.all(np.isclose(lengths, 1, atol=1e-4) | (lengths == 0))
            assert np.mean(lengths == 0) < 0.5


@pytest.mark.parametrize("name", METHODS)
def test_the_same_seed_gives_the_same_space(name: str):
    train = planted()
    again = method(name).fit(train.views, train.labels, seed=1)
    for modality, view in train.views.items():
        np.testing.assert_allclose(
            again.embed(modality, view), learned(name).embed(modality, view), atol=1e-5
        )


@pytest.mark.parametrize("name", METHODS)
def test_what_was_planted_is_found_in_pairs_never_seen(name: str):
    """By chance a pair ranks in the middle, and a neighbour shares its class one time in four."""
    fresh = planted(120, draw=1)
    same = fresh.labels[:, None] == fresh.labels
    for source, target in DIRECTIONS:
        found = scores(learned(name), fresh, source, target)
        own = np.diag(found)[:, None]
        rank = ((found > own).sum(axis=1) + 0.5 * (found == own).sum(axis=1)) / len(found)
        order = np.argsort(-found, axis=1, kind="stable")[:, :10]
        precision = np.take_along_axis(same, order, axis=1).mean()
        assert np.median(rank) < 0.2, (source, target)
        assert precision > 2 / CLASSES, (source, target)


@pytest.mark.parametrize("name", METHODS)
def test_views_that_do_not_belong_together_give_nothing(name: str):
    """No labels leak: what is learned from shuffled pairs does not tell fresh pairs apart."""
    train, fresh = planted(), planted(120, draw=1)
    rng = np.random.default_rng(3)
    views = {IMAGE: train.views[IMAGE], TEXT: rng.permutation(train.views[TEXT])}
    space = method(name).fit(views, rng.permutation(train.labels), seed=1)
    for source, target in DIRECTIONS:
        found = scores(space, fresh, source, target)
        own = np.diag(found)[:, None]
        rank = ((found > own).sum(axis=1) + 0.5 * (found == own).sum(axis=1)) / len(found)
        assert 0.2 < np.median(rank) < 0.8, (source, target)


@pytest.mark.parametrize("name", METHODS)
def test_how_labels_are_numbered_means_nothing(name: str):
    """A class's number is a name: counted another way round, the same things are found."""
    train, fresh = planted(), planted(120, draw=1)
    other = method(name).fit(train.views, CLASSES - 1 - train.labels, seed=1)
    same = fresh.labels[:, None] == fresh.labels
    for source, target in DIRECTIONS:
        precision = []
        for space in (learned(name), other):
            order = np.argsort(-scores(space, fresh, source, target), axis=1)[:, :10]
            precision.append(np.take_along_axis(same, order, axis=1).mean())
        assert abs(precision[0] - precision[1]) < 0.15


@pytest.mark.parametrize("name", METHODS)
def test_one_view_alone_is_refused(name: str):
    train = planted()
    with pytest.raises(LabError, match="view"):
        method(name).fit({IMAGE: train.views[IMAGE]}, train.labels)


@pytest.mark.parametrize("name", [n for n in METHODS if method(n).about.most_views == 2])
def test_a_third_view_is_refused_where_two_are_allowed(name: str):
    train = planted()
    views = {**train.views, Modality.AUDIO: train.views[TEXT]}
    with pytest.raises(LabError, match="two views"):
        method(name).fit(views, train.labels)


@pytest.mark.parametrize("name", [n for n in METHODS if method(n).about.most_views > 2])
def test_a_third_view_is_learned_where_it_is_allowed(name: str):
    train = planted()
    views = {**train.views, Modality.AUDIO: train.views[TEXT][:, ::-1].copy()}
    space = method(name).fit(views, train.labels)
    assert space.embed(Modality.AUDIO, views[Modality.AUDIO]).shape == (240, space.dim)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda view: view[:, :, None], "not \\(pairs, features\\)"),
        (lambda view: view[:-1], "different numbers of rows"),
        (lambda view: np.where(view > 2, np.nan, view), "not finite"),
    ],
)
def test_a_spoilt_view_is_refused_and_named(name: str, spoil, says: str):
    train = planted()
    views = {**train.views, TEXT: spoil(train.views[TEXT])}
    with pytest.raises(LabError, match=says):
        method(name).fit(views, train.labels)


@pytest.mark.parametrize("name", METHODS)
def test_too_few_pairs_are_refused(name: str):
    train = planted()
    with pytest.raises(LabError, match="4 pairs"):
        method(name).fit({m: view[:4] for m, view in train.views.items()}, train.labels[:4])


@pytest.mark.parametrize("name", LABELLED)
@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (None, "there are none"),
        (np.zeros(240, int), "two classes"),
        (np.zeros(7, int), "for 240 pairs"),
        (np.full(240, 0.5), "for 240 pairs"),
        (np.arange(240) % 3 - 1, "class -1"),
    ],
)
def test_labels_that_are_of_no_use_are_refused(name: str, labels, says: str):
    with pytest.raises(LabError, match=says):
        method(name).fit(planted().views, labels)


@pytest.mark.parametrize("name", UNLABELLED)
def test_labels_are_left_aside_by_methods_that_do_not_learn_from_them(name: str):
    train = planted()
    bare = method(name).fit(train.views, seed=1)
    rows = bare.embed(IMAGE, train.views[IMAGE])
    np.testing.assert_allclose(rows, learned(name).embed(IMAGE, train.views[IMAGE]), atol=1e-5)


@pytest.mark.parametrize("name", METHODS)
def test_heads_are_saved_and_read_as_they_were(name: str, tmp_path):
    from xmr_core.heads import Head

    for (modality, _), head in learned(name).heads.items():
        assert isinstance(head, Head)
        head.save(tmp_path / "head.safetensors")
        again = Head.load(tmp_path / "head.safetensors")
        view = planted().views[modality]
        np.testing.assert_array_equal(again(view), head(view))


@pytest.mark.parametrize("name", METHODS)
def test_codes_of_bits_hold_two_values_alone(name: str):
    if not method(name).about.bits:
        pytest.skip("its vectors are no codes")
    rows = learned(name).embed(IMAGE, planted().views[IMAGE])
    assert len(np.unique(np.abs(rows.round(5)))) == 1


@pytest.mark.parametrize("name", METHODS)
def test_a_space_has_its_methods_name(name: str):
    assert method(name).name == name == learned(name).name


def test_methods_that_learn_from_classes_are_those_that_are_given_them():
    for name in METHODS:
        made = method(name)
        assert isinstance(made, FromClasses if made.about.labelled else FromPairs), name


def test_methods_name_their_papers_and_objectives():
    for name in METHODS:
        made = method(name)
        assert made.about.title and any(c.isdigit() for c in made.about.paper), name
        module = sys.modules[type(made).__module__]
        assert ".. math::" in (module.__doc__ or ""), name


def test_an_unknown_method_is_named_with_the_known_ones():
    with pytest.raises(LabError, match=r"no method 'ccca'.*cca"):
        method("ccca")


def test_fitted_heads_need_neither_torch_nor_the_app():
    """Reading and using a head in a fresh interpreter imports neither."""
    code = (
        "import sys, xmr_core.heads, xmr_core.lab\n"
        "assert not {'torch', 'gradio'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ)
