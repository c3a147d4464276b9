import numpy as np

from xmr_core.hubness import hub_bias
from xmr_core.shelving import _biases
from xmr_core.space import unit


def test_each_query_medium_has_the_bias_of_its_own_bank_though_some_share_one():
    rng = np.random.default_rng(0)
    gallery, first, second = (
        unit(rng.normal(size=(n, 8)).astype(np.float32)) for n in (50, 40, 30)
    )
    biases = _biases(gallery, [first, second, first])
    assert biases.shape == (50, 3)
    assert np.array_equal(biases[:, 0], hub_bias(gallery, first))
    assert np.array_equal(biases[:, 1], hub_bias(gallery, second))
    assert np.array_equal(biases[:, 2], biases[:, 0])
    assert not np.allclose(biases[:, 0], biases[:, 1])
