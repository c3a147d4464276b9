"""Splits: which rows of two media show the same thing."""

import numpy as np
import pytest

from xmr_core.datasets import Split, checksum_of
from xmr_core.errors import LabError
from xmr_core.media import Modality

IMAGE, TEXT, AUDIO = Modality.IMAGE, Modality.TEXT, Modality.AUDIO


def numbered(**owners) -> Split:
    """Views whose one feature is the row's number."""
    columns = {Modality(m): np.array(own) for m, own in owners.items()}
    views = {m: np.arange(len(own), dtype=np.float32)[:, None] for m, own in columns.items()}
    return Split(views, columns)


def test_a_picture_stands_in_as_many_pairs_as_it_has_captions():
    views, labels = numbered(image=[3, 5], text=[5, 3, 5, 5, 3]).pairs()
    assert labels is None
    assert views[IMAGE][:, 0].tolist() == [0, 0, 1, 1, 1]
    assert views[TEXT][:, 0].tolist() == [1, 4, 0, 2, 3]


def test_every_row_is_in_a_pair_where_each_medium_shows_a_thing_several_times():
    rows = numbered(image=[1, 1, 1], text=[1, 1]).rows()
    assert rows[IMAGE].tolist() == [0, 1, 2] and set(rows[TEXT]) == {0, 1}


def test_what_one_medium_does_not_show_is_left_out():
    rows = numbered(image=[1, 2], text=[2, 3], audio=[2, 2]).rows()
    assert {m: r.tolist() for m, r in rows.items()} == {IMAGE: [1, 1], TEXT: [0, 0], AUDIO: [0, 1]}


def test_pairs_carry_the_classes_of_their_things():
    bare = numbered(image=[3, 5], text=[5, 3, 5])
    split = Split(bare.views, bare.owners, {IMAGE: np.array([0, 1]), TEXT: np.array([1, 0, 1])})
    assert split.pairs()[1].tolist() == [0, 1, 1]


def test_rows_without_owner_are_refused():
    with pytest.raises(LabError, match="2 rows and 1 owners"):
        Split({TEXT: np.zeros((2, 1), np.float32)}, {TEXT: np.array([0])})


def test_a_checksum_tells_values_owners_and_labels_apart():
    a, b = numbered(image=[1, 2], text=[1, 2]), numbered(image=[1, 2], text=[2, 1])
    labelled = Split(a.views, a.owners, dict.fromkeys(a.views, np.array([0, 1])))
    again = numbered(image=[1, 2], text=[1, 2])
    assert checksum_of(a) == checksum_of(again)
    assert len({checksum_of(a), checksum_of(b), checksum_of(labelled), checksum_of(a, None)}) == 4
