"""Sounds taken apart, by the real network on sounds that were put together."""

import csv
import time

import numpy as np
import pytest

from xmr_core.demo.sounds import WORKS
from xmr_core.encoders import soundnet
from xmr_core.encoders.audio import FRAMES, HOP, RATE, window_starts
from xmr_core.errors import ExplanationError
from xmr_core.explain.faithfulness import faithfulness
from xmr_core.explain.methods import METHODS, default_method
from xmr_core.explain.sides import side_of
from xmr_core.explain.sides.audio import band_names, by_windows
from xmr_core.media import Audio, Modality, Text
from xmr_core.profiles import load_profile
from xmr_core.readers import read

EACH = 4.0  # seconds of a sound in a row


@pytest.fixture(scope="module")
def space():
    return load_profile("embedded")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Samples of a synthesised sound by its path in the demo library, (EACH · RATE,)."""
    folder = tmp_path_factory.mktemp("sounds")

    def make(path):
        file = folder / path.replace("/", "-")
        if not file.exists():
            file.write_bytes(next(w for w in WORKS if w.path == path).bytes())
        return cut(read(file).samples)

    return make


def cut(samples):
    """Repeated or cut to ``EACH`` seconds."""
    return np.resize(samples, int(EACH * RATE))


def heat(words, side, space, method="heard"):
    """Heat on the grid (seconds, bands) of a sound that answers to words."""
    found = METHODS[method](side_of(Text(words), space), side, space)
    return found.hit_heat.reshape(side.grid)


def found_in(words, side, space):
    """The place in the row of the sound that most of the heat is in."""
    warm = heat(words, side, space).mean(axis=1)
    places = (side.boxes[:: side.grid[1], :, 0].mean(axis=1) // EACH).astype(int)
    return int(np.bincount(places, warm).argmax())


def test_each_of_four_sounds_in_a_row_is_found_by_its_name(space, made):
    row = {
        "rain": "rain/steady-rain.ogg",
        "bell": "bells/one-stroke.wav",
        "applause": "sport/applause.ogg",
        "helicopter": "flight/helicopter.ogg",
    }
    samples = np.concatenate([made(path) for path in row.values()])
    side = side_of(Audio(samples, RATE), space)
    assert [found_in(words, side, space) for words in row] == [0, 1, 2, 3]


def test_four_animals_in_a_row_are_found_by_name(space, xmr_data):
    """The mosaic game, ten times four questions; a quarter would be right by chance."""
    folder = xmr_data / "animal_sounds"
    clips = {}
    for line in csv.DictReader((folder / "manifest.csv").read_text("utf-8").splitlines()):
        clips.setdefault(line["label"], []).append(folder / line["path"])
    rng = np.random.default_rng(11)
    right = []
    for _ in range(10):
        labels = rng.choice(sorted(clips), 4, replace=False)
        row = [cut(read(clips[label][rng.integers(len(clips[label]))]).samples) for label in labels]
        side = side_of(Audio(np.concatenate(row), RATE), space)
        right += [found_in(label, side, space) == at for at, label in enumerate(labels)]
    assert np.mean(right) >= 0.85


def test_of_two_sounds_at_once_the_deep_one_is_found_in_the_deep_bands(space, made):
    """An engine below 2.5 kHz and birds above it."""
    from scipy import signal

    def part(path, kind):
        filtered = signal.sosfilt(signal.butter(8, 2500, kind, fs=RATE, output="sos"), made(path))
        return filtered / np.sqrt(np.mean(filtered**2))

    both = part("cars/engine.ogg", "low") + part("birds/dawn-chorus.flac", "high")
    side = side_of(Audio((0.05 * both).astype(np.float32), RATE), space)
    deep, high = (
        heat(words, side, space, "similarity").mean(axis=0) for words in ("car engine", "bird")
    )
    assert side.boxes[5, 0, 1] == 40  # of 96 bands: about 2.5 kHz
    assert deep[:5].mean() > deep[6:].mean()
    assert high[:5].mean() < high[6:].mean()


def test_parts_tile_the_sound_from_low_to_high(space, made):
    samples = made("rain/thunder.flac")
    side = side_of(Audio(samples, RATE), space)
    steps, bands = side.grid
    boxes = side.boxes.reshape(steps, bands, 2, 2)
    assert boxes[0, :, 0, 1].tolist() == list(range(0, 96, 8))
    assert boxes[0, :, 1, 1].tolist() == list(range(8, 104, 8))
    assert np.allclose(boxes[1:, 0, 0, 0], boxes[:-1, 0, 1, 0])
    assert boxes[-1, -1, 1, 0] == EACH
    assert side.labels[0] == "0:00, 0–0.24 kHz"
    assert side.labels[-1] == "0:03, 16–22 kHz"


def test_silence_has_no_share_in_the_whole(space, made):
    quiet = np.zeros(int(EACH * RATE), np.float32)
    side = side_of(Audio(np.concatenate([made("rain/steady-rain.ogg"), quiet]), RATE), space)
    assert side.weights.sum() == pytest.approx(1)
    assert not side.weights[side.boxes[:, 0, 0] > EACH + 0.2].any()
    assert side_of(Audio(quiet, RATE), space).weights.sum() == pytest.approx(1)


def test_where_there_is_nothing_to_hear_there_is_no_heat(space, made):
    """Neither in silence nor in bands that a sound leaves empty, whatever they are near to."""
    from scipy import signal

    low = signal.butter(8, 2500, "low", fs=RATE, output="sos")
    deep = signal.sosfilt(low, made("cars/engine.ogg")).astype(np.float32)
    side = side_of(Audio(np.concatenate([deep, np.zeros_like(deep)]), RATE), space)
    warm = heat("car engine", side, space)
    seconds = side.boxes[:: side.grid[1], :, 0].mean(axis=1)
    sounding = seconds < EACH - 0.2
    assert warm.max() > 0.5
    assert warm[~sounding & (seconds > EACH + 0.2)].max() < 0.01
    assert warm[:, 8:].max() < 0.2 * warm.max()
    assert heat("car engine", side, space, "similarity")[sounding, 7].mean() > 0.05  # as before


def test_sounds_are_told_by_what_is_heard_and_pictures_as_they_were(space, made):
    sound = side_of(Audio(made("rain/steady-rain.ogg"), RATE), space)
    words = side_of(Text("rain on a roof"), space)
    assert default_method(words, sound) == default_method(sound, words) == "heard"
    told, closer = METHODS["heard"](words, sound, space), METHODS["closeup"](words, sound, space)
    assert np.array_equal(told.query_heat, closer.query_heat)
    assert np.array_equal(told.alignment, closer.alignment)
    assert told.method == "heard"
    with pytest.raises(ExplanationError, match="loudness"):
        METHODS["heard"](words, words, space)


def test_taking_away_what_is_hot_lowers_the_score_faster_than_other_maps_do(space, made):
    """The area under the deletion curve, beside a smooth random map and a centred one."""
    names = {
        "temple gong": "china/temple-gong.ogg",
        "rocket launch": "space/rocket-launch.flac",
        "violin": "music/violin.wav",
        "bell": "bells/one-stroke.wav",
    }
    won = []
    for words, path in names.items():
        side = side_of(Audio(made(path), RATE), space)
        told = METHODS["heard"](side_of(Text(words), space), side, space)
        areas = {k: c["deletion"].area for k, c in faithfulness(told, space, steps=8).items()}
        won += [areas["map"] < areas["random"], areas["map"] < areas["centre"]]
    assert sum(won) >= 7


def test_twenty_minutes_are_told_by_the_windows_of_the_encoder_with_no_network(monkeypatch):
    """Faint noise with a minute of a loud tone in it; the windows know nothing but their place."""
    monkeypatch.setattr(soundnet, "graph", None)
    seconds, dim = 1200, 4
    samples = np.random.default_rng(0).normal(0, 1e-4, seconds * RATE).astype(np.float32)
    minute = slice(600 * RATE, 660 * RATE)
    samples[minute] += 0.5 * np.sin(np.arange(60 * RATE) * (2 * np.pi * 1000 / RATE))
    starts = np.array(window_starts(1 + len(samples) // HOP)) * (HOP / RATE)
    spans = np.stack([starts, np.minimum(starts + FRAMES * HOP / RATE, seconds)], axis=1)
    windows = np.tile(np.arange(len(spans), dtype=np.float32)[:, None], (1, dim))
    began = time.process_time()
    side = by_windows(Audio(samples, RATE), windows.mean(axis=0), windows, spans)
    assert time.process_time() - began < 30
    t, bands = side.grid
    assert (t, bands) == (len(spans), 12)
    boxes = side.boxes.reshape(t, bands, 2, 2)
    assert boxes[0, 0, 0, 0] == 0 and boxes[-1, 0, 1, 0] == pytest.approx(seconds)
    assert np.allclose(boxes[1:, 0, 0, 0], boxes[:-1, 0, 1, 0])
    assert np.array_equal(side.features.reshape(t, bands, dim)[:, 5, 0], np.arange(t))
    middles = boxes[:, 0, :, 0].mean(axis=1)
    toned = (middles > 603) & (middles < 657)
    assert side.levels.reshape(t, bands)[toned, 3].min() > 0.9
    assert side.levels.reshape(t, bands)[toned, 8:].max() < 0.3


def test_the_whole_is_the_encoders(space, made):
    audio = Audio(made("cars/engine.ogg"), RATE)
    side = side_of(audio, space)
    (encoded,) = space.encoders[Modality.AUDIO].encode([audio])
    assert np.array_equal(side.pooled, encoded.pooled)


def test_bands_are_named_by_what_they_hold():
    assert len(band_names(12)) == 12
    assert band_names(12)[0].startswith("0–")
    assert band_names(12)[-1].endswith("22 kHz")
