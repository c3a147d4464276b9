"""Prints of sounds."""

import numpy as np
import pytest
import soundfile

from tests.duplicates import made
from xmr_core.duplicates import Kind, sounds
from xmr_core.media import Audio
from xmr_core.readers import read


def pairs(*heard):
    return sounds.pairs({i: [sounds.print_of(one)] for i, one in enumerate(heard)})


@pytest.mark.parametrize(("kind", "end"), [("MP3", ".mp3"), ("OGG", ".ogg")])
def test_a_sound_in_another_format_is_known_again(tmp_path, kind, end):
    one = made.song(1)
    soundfile.write(tmp_path / f"song{end}", one.samples, one.rate, format=kind)
    (pair,) = pairs(one, read(tmp_path / f"song{end}"))
    assert pair.kind is Kind.SAME and pair.similarity > 0.75


def test_a_quieter_sound_and_one_without_its_beginning_are_known_again():
    one = made.song(2, seconds=8)
    late = Audio(one.samples[one.rate + 77 :], one.rate)
    found = pairs(one, Audio(one.samples * 0.2, one.rate), late)
    assert {(p.first, p.second, p.kind) for p in found} == {
        (0, 1, Kind.SAME),
        (0, 2, Kind.SAME),
        (1, 2, Kind.SAME),
    }


def call(seed):
    """The first notes of a song: 0.35 s."""
    return Audio(made.song(seed, seconds=1).samples[: int(0.35 * made.RATE)], made.RATE)


def test_a_call_of_a_third_of_a_second_is_known_again(tmp_path):
    one = call(5)
    soundfile.write(tmp_path / "call.mp3", one.samples, one.rate, format="MP3")
    assert len(pairs(one, read(tmp_path / "call.mp3"))) == 1
    assert pairs(*map(call, range(12))) == []


def test_a_sound_under_noise_is_known_again_and_noise_alone_is_no_pair():
    one, rng = made.song(6), np.random.default_rng(0)
    noise = [rng.normal(0, 0.02, len(one.samples)).astype(np.float32) for _ in range(3)]
    assert len(pairs(one, Audio(one.samples + noise[0], one.rate))) == 1
    assert pairs(*(Audio(some, one.rate) for some in noise)) == []


def test_how_loud_a_sound_is_changes_nothing_of_its_print():
    one = made.song(7, seconds=1)
    quiet = Audio(one.samples * np.float32(0.001), one.rate)
    for a, b in zip(*(sounds.unpacked(sounds.print_of(x)).told for x in (one, quiet)), strict=True):
        assert int(a ^ b).bit_count() <= 1


def test_a_stretch_of_a_sound_is_a_part_of_it():
    one = made.song(3, seconds=8)
    (pair,) = pairs(one, Audio(one.samples[2 * one.rate : 4 * one.rate], one.rate))
    assert pair.kind is Kind.PART


def test_different_sounds_silence_and_nearly_nothing_are_no_pairs():
    silence = Audio(np.zeros(made.RATE, np.float32), made.RATE)
    nothing = Audio(np.ones(3, np.float32), made.RATE)
    songs = [made.song(seed) for seed in range(6)]
    assert pairs(silence, silence, nothing, nothing, *songs) == []


def test_a_print_is_unpacked_as_it_was_made():
    one = sounds.unpacked(sounds.print_of(made.song(4)))
    assert len(one.bits) == len(one.told) and len(one.codes) == len(one.times) > 20
    assert int(one.times.max()) < len(one.bits) + 16
