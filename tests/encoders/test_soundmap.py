import tracemalloc

import numpy as np
import pytest

from xmr_core.bench.media import sound
from xmr_core.encoders import onnx, soundnet
from xmr_core.encoders import soundmap as module
from xmr_core.encoders.audio import FRAMES, HOP, RATE, AudioEncoder, prepare
from xmr_core.encoders.soundmap import STEP, _blend, _coarse, _fine, _maps, _named, sound_map
from xmr_core.media import Audio


def frames(samples):
    return 1 + len(samples) // HOP


def whole(samples):
    return np.concatenate(list(_maps(samples, frames(samples))))  # (t, 12, 512)


def tone(hertz, seconds):
    t = np.arange(int(seconds * RATE)) / RATE
    return np.sin(2 * np.pi * hertz * t).astype(np.float32)


def test_a_window_pooled_from_the_map_has_the_features_of_the_encoder():
    """One window long: a mean over bands and a maximum over time is all that the encoder does."""
    samples = sound(3.0).samples[: FRAMES * HOP - 1]
    cells = whole(prepare(Audio(samples, RATE)))
    assert cells.shape == (12, 12, 512)
    pooled = _named(cells.mean(axis=1).max(axis=0)[None, None])[0, 0]
    (encoded,) = AudioEncoder().encode([Audio(samples, RATE)])
    assert np.allclose(pooled, encoded.parts[0], atol=1e-3 * np.abs(encoded.parts[0]).max())


def test_maps_in_pieces_are_the_map_of_the_whole(monkeypatch):
    monkeypatch.setenv("XMR_PRECISION", "float")  # whole numbers may fall to the other side
    samples = prepare(sound(14.0))
    at_once = whole(samples)
    assert len(at_once) == frames(samples) // 8
    monkeypatch.setattr(module, "_CHUNK", 12)
    monkeypatch.setattr(module, "_AT_ONCE", 2)
    in_pieces = whole(samples)
    assert np.allclose(in_pieces, at_once, atol=1e-3 * at_once.max())


def test_a_sound_that_was_encoded_is_mapped_without_another_graph(monkeypatch):
    """A graph that is made costs seconds: an index run may take them, an explanation may not."""
    used = set()

    def graph(name, *args, **kwargs):
        used.add(name)
        return onnx.graph(name, *args, **kwargs)

    monkeypatch.setattr(soundnet, "graph", graph)
    AudioEncoder().encode([sound(3.0)])
    encoded = set(used)
    sound_map(sound(3.0))
    assert used == encoded == {"aisfx-map", "aisfx-names"}


def test_spans_are_a_fifth_of_a_second_and_end_with_the_sound():
    heard = sound_map(sound(6.0))
    assert heard.features.shape == (32, 12, AudioEncoder().dim)
    assert heard.spans[:-1, 1] == pytest.approx(heard.spans[1:, 0])
    assert heard.spans[0].tolist() == [0, pytest.approx(STEP)]
    assert heard.spans[-1, 1] == 6.0
    assert heard.loud.all()


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.4, 2.0])
def test_short_sounds_have_no_more_spans_than_they_last(seconds):
    heard = sound_map(Audio(sound(3.0).samples[: int(seconds * RATE)], RATE))
    assert len(heard.features) == max(1, int(np.ceil(seconds / STEP)))
    assert heard.spans[-1, 1] == pytest.approx(seconds, abs=1e-3)
    assert np.isfinite(heard.features).all()


def test_silence_is_told_from_sound():
    samples = sound(9.0).samples.copy()
    samples[3 * RATE : 6 * RATE] = 0
    heard = sound_map(Audio(samples, RATE))
    middles = heard.spans.mean(axis=1)
    assert not heard.loud[(middles > 3.2) & (middles < 5.8)].any()
    assert heard.loud[(middles < 2.8) | (middles > 6.2)].all()


def test_levels_are_highest_where_and_as_high_as_the_sound_is():
    """A deep tone, silence, and a high tone at a tenth of it, which is loud in its own place."""
    quiet = np.zeros(3 * RATE, np.float32)
    row = np.concatenate([tone(200, 3.0), quiet, 0.1 * tone(9000, 3.0)])
    heard = sound_map(Audio(row, RATE))
    assert heard.levels.shape == heard.features.shape[:2]
    assert heard.levels.max() == 1
    middles = heard.spans.mean(axis=1)
    assert heard.levels[(middles > 3.3) & (middles < 5.7)].max() < 0.01
    first, last = heard.levels[middles < 2.7], heard.levels[middles > 6.3][:-1]
    assert set(first.argmax(axis=1)) == {0}
    assert set(last.argmax(axis=1)) <= {8, 9}
    assert first.max(axis=1).min() > 0.9
    assert last.max(axis=1).min() > 0.9
    assert first[:, 6:].max() < 0.5


def test_nothing_is_heard_of_silence():
    assert not sound_map(Audio(np.zeros(3 * RATE, np.float32), RATE)).levels.any()


def test_levels_of_long_spans_are_those_of_a_few_of_their_steps(monkeypatch):
    monkeypatch.setattr(module, "MOST_STEPS", 100)
    row = np.concatenate([tone(200, 12.0), np.zeros(12 * RATE, np.float32)])
    levels = sound_map(Audio(row, RATE)).levels
    assert len(levels) == 11
    assert levels[:5, 0] == pytest.approx(1, abs=0.02)
    assert levels[6:].max() < 0.01


def test_the_map_of_a_high_tone_differs_from_that_of_a_low_one_where_the_tones_are():
    low, high = (
        whole(prepare(Audio(tone(hertz, 4.0), RATE))).mean(axis=0) for hertz in (200, 9000)
    )
    moved = np.abs(high - low).sum(axis=1)  # (12,)
    assert moved[[1, 2, 8, 9]].mean() > moved[[4, 5, 6]].mean()


def test_a_band_and_its_neighbours_weigh_a_third_beside_the_whole_step():
    cells = np.random.default_rng(0).uniform(0, 1, (3, 12, 4)).astype(np.float32)
    got, step = _blend(cells), cells.mean(axis=1)
    assert np.allclose(got[1, 5], cells[1, 4:7].mean(axis=0) / 3 + step[1] * 2 / 3)
    assert np.allclose(got[2, 0], (2 * cells[2, 0] + cells[2, 1]) / 9 + step[2] * 2 / 3)


def test_cells_are_means_over_windows_of_three_lengths_about_three_steps():
    cells = np.random.default_rng(0).uniform(0, 1, (20, 12, 512)).astype(np.float32)
    blended = _blend(cells)
    around = [(a + at, b + at) for a, b in ((9, 12), (7, 13), (4, 16)) for at in (-1, 0, 1)]
    expected = np.mean([_named(blended[a:b].max(axis=0)[None]) for a, b in around], axis=0)[0]
    assert np.allclose(_fine(cells)[10], expected, atol=1e-3 * np.abs(expected).max())


def test_long_sounds_have_fewer_longer_spans(monkeypatch):
    monkeypatch.setattr(module, "MOST_STEPS", 100)
    monkeypatch.setattr(module, "_CHUNK", 24)
    heard = sound_map(sound(24.0))
    assert np.diff(heard.spans[:-1]).ravel() == pytest.approx(12 * STEP)
    assert heard.spans[-1, 1] == 24.0
    assert len(heard.features) == len(heard.loud) == 11


def test_spans_of_several_windows_have_the_mean_of_them():
    rng = np.random.default_rng(0)
    cells = rng.uniform(0, 1, (60, 12, 512)).astype(np.float32)
    got = _coarse(iter([cells[:48], cells[48:]]), 24)
    windows = _blend(cells).reshape(5, 12, 12, 512).max(axis=1)
    expected = _named(np.stack([windows[:2].mean(0), windows[2:4].mean(0), windows[4]]))
    assert np.allclose(got, expected, atol=1e-3 * np.abs(expected).max())


def test_three_hours_are_mapped_in_bounded_memory(monkeypatch):
    """Against a graph of zeros, for the samples of three hours that all are one number."""
    most = 0

    class Zeros:
        def each(self, output, makers):
            nonlocal most
            most = max(most, len(makers))
            makers[0]()  # the rest are made where they are run
            return [np.zeros((1, 60, 12, 512), np.float32) for _ in makers]

    monkeypatch.setattr(module, "map_graph", Zeros)
    samples = np.broadcast_to(np.float32(0.1), 3 * 3600 * RATE)
    total = frames(samples) // 8
    tracemalloc.start()
    count = sum(len(cells) for cells in _maps(samples, frames(samples)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > 58_000
    assert count == total
    assert most == module._AT_ONCE
    assert peak < 100e6
