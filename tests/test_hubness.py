"""The hub bias against the plain version, and on a planted hub."""

import numpy as np

from xmr_core.hubness import ALPHA, hub_bias, nearest_queries
from xmr_core.space import unit


def test_bias_equals_the_plain_version():
    rng = np.random.default_rng(0)
    gallery = unit(rng.normal(size=(5000, 8)).astype(np.float32))  # more rows than one chunk
    bank = unit(rng.normal(size=(30, 8)).astype(np.float32))
    got = hub_bias(gallery, bank, alpha=0.6, nearest=7)
    for row in (0, 17, 4095, 4096, 4999):
        expected = 0.6 * np.mean(sorted(bank @ gallery[row])[-7:])
        np.testing.assert_allclose(got[row], expected, rtol=1e-5)


def test_the_bias_is_that_of_the_nearest_queries():
    rng = np.random.default_rng(2)
    gallery = unit(rng.normal(size=(3, 8)).astype(np.float32))
    for size in (1, 2, 9, 60):
        bank = unit(rng.normal(size=(size, 8)).astype(np.float32))
        for row, bias in zip(gallery, hub_bias(gallery, bank), strict=True):
            places, cosines = nearest_queries(row, bank)
            assert np.allclose(bank[places] @ row, cosines)
            assert (np.diff(cosines) <= 0).all()
            np.testing.assert_allclose(ALPHA * cosines.sum() / max(len(places), 1), bias, rtol=1e-5)


def test_a_planted_hub_no_longer_wins():
    rng = np.random.default_rng(1)
    centre = np.zeros(64, np.float32)
    centre[0] = 3
    queries = unit(rng.normal(size=(100, 64)).astype(np.float32) + centre)
    gallery = unit(queries + 0.25 * rng.normal(size=(100, 64)).astype(np.float32))
    gallery[0] = unit(centre[None])[0]  # near to every query
    bank = unit(rng.normal(size=(500, 64)).astype(np.float32) + centre)
    scores = queries @ gallery.T
    hubs_before = (scores.argmax(axis=1) == 0).sum()
    corrected = scores - hub_bias(gallery, bank, alpha=0.75, nearest=64)
    hubs_after = (corrected.argmax(axis=1) == 0).sum()
    assert hubs_before > 15
    assert hubs_after <= 2


def test_no_bank_means_no_bias():
    assert not hub_bias(np.eye(3, dtype=np.float32), np.zeros((0, 3), np.float32)).any()
    assert not hub_bias(np.eye(3, dtype=np.float32), np.eye(1, 3, dtype=np.float32)).any()
