import csv
from pathlib import Path

import numpy as np
import pytest

from xmr_core.bench.media import sound
from xmr_core.encoders import audio as module
from xmr_core.encoders.audio import (
    FRAMES,
    HOP,
    RATE,
    AudioEncoder,
    _merge,
    _window,
    in_air,
    log_mel,
    prepare,
    window_starts,
)
from xmr_core.encoders.precision import made_for_eight_bits
from xmr_core.encoders.soundnet import CLASSIFIERS, EMBEDDING, _checkpoint
from xmr_core.media import Audio

WINDOW = FRAMES * HOP / RATE  # seconds


@pytest.fixture(scope="module")
def encoder():
    return AudioEncoder()


def librosa_blocks(samples):
    """The front end of the paper by librosa, over the whole sound: (t, 96)."""
    import librosa

    mel = librosa.feature.melspectrogram(
        y=samples,
        sr=44_100,
        n_fft=2048,
        hop_length=1024,
        n_mels=96,
        fmin=0.0,
        fmax=22_050.0,
        htk=True,
        norm=1,
        power=2.0,
        center=True,
        pad_mode="constant",
    )
    return np.log10(1e4 * mel.T + 1) / 9.4578


def network_by_hand(block):
    """The network of the paper, layer by layer, on log-mel frames (100, 96)."""
    import torch
    from torch.nn import functional

    weights, places = _checkpoint()
    x = torch.from_numpy(np.asarray(block, np.float32))[None, None]
    with torch.inference_mode():
        for group in (1, 2, 3, 4):
            for no in (1, 2):
                layer = f"embedding_net.conv_block{group}."
                x = functional.conv2d(x, weights[f"{layer}conv{no}.weight"], padding=1)
                norm = [
                    weights[f"{layer}bn{no}.{name}"]
                    for name in ("running_mean", "running_var", "weight", "bias")
                ]
                x = functional.relu(functional.batch_norm(x, *norm))
            if group < 4:
                x = functional.max_pool2d(x, (2, 2))
        embedding = x.mean(dim=3).max(dim=2).values[0]
        out = [embedding]
        for name in CLASSIFIERS:
            y = embedding
            for no in (0, 2, 4):
                layer = f"fc.{places[name][0]}.{no}."
                y = functional.linear(y, weights[f"{layer}weight"], weights[f"{layer}bias"])
                y = functional.relu(y) if no < 4 else y
            out.append(y)
    return torch.cat(out).numpy()


def test_log_mel_is_that_of_librosa():
    samples = prepare(sound(6.0))
    reference = librosa_blocks(samples)
    for start in (0, 37, 150):
        ours = log_mel(_window(samples, start))
        assert ours.shape == (FRAMES, 96)
        assert np.allclose(ours, reference[start : start + FRAMES], atol=2e-4)


def test_frames_lie_in_zero_to_one_and_a_tone_in_its_band():
    t = np.arange(RATE * 3) / RATE
    low, high = (
        log_mel(_window(np.sin(2 * np.pi * f * t).astype(np.float32), 5)) for f in (200, 9000)
    )
    assert 0 <= low.min() <= low.max() < 1.05
    assert low.mean(axis=0).argmax() < 12
    assert high.mean(axis=0).argmax() > 60


def test_features_are_those_of_the_network_written_out(encoder, monkeypatch):
    monkeypatch.setenv("XMR_PRECISION", "float")
    heard = sound(5.0, 1)
    (got,) = encoder.encode([heard])
    blocks = librosa_blocks(in_air(prepare(heard)))
    for part, start in zip(got.parts, window_starts(len(blocks)), strict=True):
        expected = network_by_hand(blocks[start : start + FRAMES])
        assert expected.shape == (encoder.dim,) == (EMBEDDING + 79 + 78 + 69,)
        assert np.allclose(part, expected, atol=2e-3 * np.abs(expected).max())


def test_parts_are_windows_back_to_back_and_the_last_ends_with_the_sound(encoder):
    (got,) = encoder.encode([sound(6.0)])
    boxes = got.boxes[:, :, 0]
    assert len(boxes) == 3
    assert np.allclose(boxes[0], [0, WINDOW], atol=1e-3)
    assert np.allclose(boxes[1], [WINDOW, 2 * WINDOW], atol=1e-3)
    assert boxes[2, 1] == pytest.approx(6.0, abs=HOP / RATE)
    assert boxes[2, 1] <= 6.0
    assert np.allclose(got.pooled, got.parts.mean(axis=0), atol=1e-5)


def test_short_sound_is_repeated_to_fill_its_window(encoder):
    tick = sound(0.4, 2)
    often = Audio(np.tile(tick.samples, 10)[: FRAMES * HOP - 1], RATE)
    (short,), (long,) = encoder.encode([tick]), encoder.encode([often])
    assert short.boxes[:, :, 0].tolist() == [[0.0, pytest.approx(0.4)]]
    assert np.allclose(short.pooled, long.pooled, atol=1e-4)


def test_loudness_does_not_matter_but_pitch_does(encoder):
    loud = sound(3.0)
    quiet = Audio(loud.samples * 0.01, RATE)
    other = sound(3.0, 5)
    a, b, c = (e.pooled for e in encoder.encode([loud, quiet, other]))
    assert np.allclose(a, b, atol=1e-2 * np.abs(a).max())
    assert not np.allclose(a, c, atol=0.1 * np.abs(a).max())


def test_silent_windows_do_not_thin_the_whole(encoder):
    heard = sound(WINDOW * 2)
    padded = Audio(np.concatenate([heard.samples, np.zeros(5 * RATE, np.float32)]), RATE)
    (plain,), (thin,) = encoder.encode([heard]), encoder.encode([padded])
    assert len(thin.parts) > len(plain.parts)
    assert np.allclose(thin.parts[:2].mean(axis=0), thin.pooled, atol=0.2)
    apart = np.linalg.norm(plain.pooled - thin.pooled) / np.linalg.norm(plain.pooled)
    averaged = np.linalg.norm(plain.pooled - thin.parts.mean(axis=0)) / np.linalg.norm(plain.pooled)
    assert apart < 0.1 < averaged


@pytest.mark.parametrize(
    "samples",
    [[], [0.0], [0.5], np.zeros(RATE * 3), [np.nan] * 100, [np.inf, -np.inf, 0.1] * 50],
    ids=["none", "one zero", "one", "silence", "NaN", "infinite"],
)
def test_nothing_silence_and_numbers_that_are_none_have_finite_vectors(encoder, samples):
    (got,) = encoder.encode([Audio(np.asarray(samples, np.float32), RATE)])
    assert np.isfinite(got.pooled).all()
    assert np.isfinite(got.parts).all()
    assert len(got.parts) >= 1
    assert (got.boxes[:, 1] >= got.boxes[:, 0]).all()


def test_other_rates_are_brought_to_the_networks_own(encoder):
    t = np.arange(3 * 48_000) / 48_000
    tones = np.sin(2 * np.pi * 440 * t) + 0.3 * np.sin(2 * np.pi * 3000 * t * t)
    there = Audio(tones.astype(np.float32), 48_000)
    t = np.arange(3 * RATE) / RATE
    tones = np.sin(2 * np.pi * 440 * t) + 0.3 * np.sin(2 * np.pi * 3000 * t * t)
    here = Audio(tones.astype(np.float32), RATE)
    a, b = (e.pooled for e in encoder.encode([there, here]))
    assert a @ b / np.linalg.norm(a) / np.linalg.norm(b) > 0.999


def test_windows_cover_the_sound_and_never_pass_its_end():
    for frames in range(1, 1000, 7):
        starts = window_starts(frames)
        assert starts[0] == 0
        assert starts == sorted(set(starts))
        if frames >= FRAMES:
            assert starts[-1] + FRAMES <= frames
            assert frames - (starts[-1] + FRAMES) < 10
            assert max(np.diff(starts), default=0) <= FRAMES


def test_windows_of_a_long_sound_are_merged_into_means_of_neighbours(encoder, monkeypatch):
    heard = sound(20.0)
    (fine,) = encoder.encode([heard])
    monkeypatch.setattr(module, "MOST_PARTS", 4)
    (coarse,) = encoder.encode([heard])
    assert len(fine.parts) == 9
    assert len(coarse.parts) == 3
    assert np.allclose(coarse.parts[1], fine.parts[3:6].mean(axis=0), atol=1e-4)
    assert coarse.boxes[1, :, 0].tolist() == [fine.boxes[3, 0, 0], fine.boxes[5, 1, 0]]
    assert np.allclose(coarse.pooled, fine.pooled, atol=1e-6)


def test_merging_is_that_of_a_loop():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(1500, 3)).astype(np.float32)
    boxes = np.stack([np.arange(1500), np.arange(1500) + 1], axis=1).astype(np.float32)
    merged, spans = _merge(features, boxes)
    assert len(merged) == 500
    for i in (0, 100, 499):
        assert np.allclose(merged[i], features[3 * i : 3 * i + 3].mean(axis=0), atol=1e-5)
        assert spans[i].tolist() == [3 * i, 3 * i + 3]


@pytest.mark.parametrize(
    ("label", "classifier", "category"), [("bird", "soundlyTrain", 7), ("dog", "ucsMixed", 4)]
)
def test_birds_are_heard_as_birds_and_dogs_as_animals(
    encoder, xmr_data, label, classifier, category
):
    """The outputs are in the alphabetical order of the Universal Category System."""
    from xmr_core.readers import read

    folder = xmr_data / "animal_sounds"
    rows = csv.DictReader((folder / "manifest.csv").read_text("utf-8").splitlines())
    sounds = [read(folder / row["path"]) for row in rows if row["label"] == label][:20]
    start = EMBEDDING + sum(list(CLASSIFIERS.values())[: list(CLASSIFIERS).index(classifier)])
    logits = np.stack([e.pooled for e in encoder.encode(sounds)])[:, start:]
    logits = logits[:, : CLASSIFIERS[classifier]]
    assert (logits.argmax(axis=1) == category).mean() > 0.5


def test_air_behind_a_sound_is_faint_pink_and_the_same_every_time():
    silence = np.zeros(RATE * 8, np.float32)
    air = in_air(silence)
    assert np.array_equal(air, in_air(silence))
    assert 20 * np.log10(air.std() / 0.2) == pytest.approx(-50.5, abs=0.5)
    power = np.abs(np.fft.rfft(air[: RATE * 4])) ** 2
    low, high = (power[4 * f : 4 * 2 * f].sum() for f in (200, 6400))
    assert low == pytest.approx(high, rel=0.15)  # as much in every octave


def test_a_band_limited_bark_is_no_robot(encoder):
    """What the faint air is for: without it the network takes narrow recordings for machines."""
    from scipy import signal

    from xmr_core.demo.sounds import animals

    bark = animals.bark(np.random.default_rng(0))
    narrow = signal.sosfilt(signal.butter(8, 4000, fs=RATE, output="sos"), bark)
    (got,) = encoder.encode([Audio(narrow.astype(np.float32), RATE)])
    start = EMBEDDING + CLASSIFIERS["soundlyTrain"] + CLASSIFIERS["prosfx"]
    assert got.pooled[start:].argmax() == 4  # animals, in ucsMixed


@pytest.mark.skipif(not made_for_eight_bits(Path("/proc/cpuinfo")), reason="no VNNI")
def test_eight_bits_hear_what_floating_point_hears(encoder, monkeypatch):
    heard = {}
    for kind in ("float", "int8"):
        monkeypatch.setenv("XMR_PRECISION", kind)
        heard[kind] = np.stack([e.pooled for e in encoder.encode([sound(3.0, n) for n in (0, 5)])])
    off = np.linalg.norm(heard["int8"] - heard["float"], axis=1)
    assert (off > 0).all()
    assert (off < 0.05 * np.linalg.norm(heard["float"], axis=1)).all()
