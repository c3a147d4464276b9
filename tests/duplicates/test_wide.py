"""Pictures whose vectors are close, laid over each other freely."""

import numpy as np
import PIL.Image
import pytest

from tests.duplicates import made
from xmr_core.duplicates import Kind, all_pairs, pictures, wide


def printed(*shown):
    return {i: [pictures.print_of(np.asarray(one.convert("RGB")))] for i, one in enumerate(shown)}


def straightened(picture, degrees=8):
    """Turned, and cut to what then lies inside."""
    w, h = picture.size
    turned = picture.rotate(degrees, PIL.Image.Resampling.BICUBIC)
    return turned.crop((round(0.13 * w), round(0.13 * h), round(0.87 * w), round(0.87 * h)))


@pytest.mark.parametrize("name", made.PHOTOGRAPHS)
@pytest.mark.parametrize("change", [straightened, lambda one: made.cut(one, 0.7)])
def test_a_turned_or_much_cut_picture_is_a_part_of_the_whole(name, change):
    one = made.photograph(name)
    prints = printed(one, change(one))
    assert pictures.pairs(prints) == []
    (pair,) = wide.pairs(prints, [(0, 1)])
    assert pair.kind is Kind.PART and pair.similarity > 0.74


def test_different_photographs_are_no_pairs_however_they_are_laid():
    prints = printed(*map(made.photograph, made.PHOTOGRAPHS))
    every = [(a, b) for a in prints for b in prints if a < b]
    assert wide.pairs(prints, every) == []


def test_close_vectors_are_those_of_the_nearest_above_a_cosine():
    rows = np.float32([[1, 0], [0.95, 0.3122], [0, 1], [-1, 0]])
    assert wide.close(np.array([7, 3, 5, 9]), rows) == [(3, 7)]
    assert wide.close(np.array([1]), rows[:1]) == []


def test_pairs_with_close_vectors_are_looked_at_among_all():
    one = made.photograph("chelsea")
    prints = printed(one, straightened(one))

    def load(kind):
        return prints if kind == pictures.KIND else {}

    hashes = [(0, "a"), (1, "b")]
    assert all_pairs(load, hashes) == []
    told = []
    (pair,) = all_pairs(load, hashes, lambda done, total: told.append(done / total), [(0, 1)])
    assert (pair.first, pair.second) == (0, 1) and told == sorted(told) and told[-1] < 1
