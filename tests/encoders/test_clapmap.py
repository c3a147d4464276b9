import numpy as np
import pytest
import torch

from tests.encoders.test_clap import noise
from tests.tiny import tiny_clap
from xmr_core.encoders.clap import ClapEncoder
from xmr_core.encoders.clapmap import clap_map, moments_of
from xmr_core.media import Audio

RATE = 48_000


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return ClapEncoder(tiny_clap(tmp_path_factory.mktemp("clap")))


def tone(hertz, low, high, seconds=10.0):
    """Silence but for a tone from ``low`` to ``high`` seconds."""
    time = np.arange(round(seconds * RATE)) / RATE
    there = (time >= low) & (time < high)
    return Audio((0.5 * there * np.sin(2 * np.pi * hertz * time)).astype(np.float32), RATE)


def changed(encoder, sound):
    """How far each cell f32 (t, f) is from that of silence."""
    silence = Audio(np.zeros_like(sound.samples), RATE)
    apart = clap_map(encoder, sound).features - clap_map(encoder, silence).features
    return np.linalg.norm(apart, axis=2)


def test_mean_of_the_map_projected_is_the_vector_of_the_window(encoder):
    sound = noise(10.0)
    network = encoder.network
    with torch.inference_mode():
        inputs = encoder.inputs(sound.samples, [0.0])
        found = network.audio_model(**inputs).last_hidden_state  # (1, c, f, t)
        pooled = network.audio_projection(found.mean(dim=(2, 3)))
    own = torch.nn.functional.normalize(pooled, dim=-1)[0].numpy()
    assert np.allclose(own, encoder.encode([sound])[0].pooled, atol=1e-5)
    heard = clap_map(encoder, sound)
    assert heard.features.shape[:2] == (found.shape[3], found.shape[2])
    with torch.inference_mode():
        cell = network.audio_projection(found[0, :, 1, 40])
    assert np.allclose(heard.features[40, 1], cell / cell.norm(), atol=1e-5)


@pytest.mark.parametrize("low", [1.0, 4.0, 8.0])
def test_cells_change_where_something_sounds(encoder, low):
    heard = clap_map(encoder, tone(500, low, low + 1))
    far = changed(encoder, tone(500, low, low + 1)).sum(axis=1)  # (t,)
    inside = (heard.spans.mean(axis=1) >= low) & (heard.spans.mean(axis=1) < low + 1)
    assert inside[far.argmax()]
    assert far[inside].mean() > 3 * far[~inside].mean()


def test_low_bands_come_first(encoder):
    low, high = (changed(encoder, tone(hertz, 3, 7)).sum(axis=0) for hertz in (200, 9_000))
    assert low[0] > low[1]
    assert high[1] > high[0]
    edges = clap_map(encoder, tone(200, 3, 7)).hertz
    assert (edges[0], edges[-1]) == (0, 14_000)
    assert 200 < edges[1] < 9_000


def test_long_sound_has_the_moments_of_all_its_windows(encoder):
    sound = tone(500, 21, 22, 25.0)
    heard = clap_map(encoder, sound)
    assert heard.spans[0, 0] == 0
    assert np.isclose(heard.spans[-1, 1], 25)
    assert np.allclose(np.linalg.norm(heard.features, axis=2), 1, atol=1e-4)
    at = heard.spans[changed(encoder, sound).sum(axis=1).argmax()]
    assert 21 <= at.mean() < 22


def test_very_long_sound_has_longer_moments(encoder):
    heard = clap_map(encoder, Audio(noise(40.0).samples, RATE))
    assert len(heard.features) == 400
    assert np.isclose(heard.spans[-1, 1], 40)


def test_short_sound_that_repeats_itself_is_laid_over_itself(encoder):
    heard = clap_map(encoder, tone(500, 2, 3, 4.0))
    assert np.isclose(heard.spans[-1, 1], 4)
    far = changed(encoder, tone(500, 2, 3, 4.0)).sum(axis=1)
    assert 2 <= heard.spans[far.argmax()].mean() < 3


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.05, 9.99, 10.5, 10.99])
def test_every_moment_of_a_sound_of_any_length_has_a_vector(encoder, seconds):
    heard = clap_map(encoder, noise(seconds))
    assert np.allclose(np.linalg.norm(heard.features, axis=2), 1, atol=1e-4)
    assert (heard.spans[:, 1] > heard.spans[:, 0]).all()
    assert heard.spans[-1, 1] <= max(seconds, 0.001) + 1e-6


def test_moments_of_steps_are_told():
    assert moments_of(0.0, 5, 10.0, 5).tolist() == [0, 1, 2, 3, 4]
    assert moments_of(10.0, 5, 20.0, 10).tolist() == [5, 6, 7, 8, 9]
    assert moments_of(0.0, 5, 6.0, 3).tolist() == [0, 1, 2, -1, -1]  # it fits once
    assert moments_of(0.0, 5, 4.0, 2).tolist() == [0, 1, 0, 1, -1]
