import shutil
import subprocess

import numpy as np
import pytest

from tests.indexing.world import write_sound
from tests.words import made
from xmr_core import readers
from xmr_core.media import Audio
from xmr_core.words.speech import Speech
from xmr_core.words.sphinx import Utterance, Word, lines, utterances

SAID = "We are the people of this country. The house is on the other side of the river."


def words(*sure):
    return tuple(Word("word", n / 3, (n + 1) / 3, one) for n, one in enumerate(sure))


def test_the_gate_wants_several_words_in_quick_succession_that_are_sure():
    assert Utterance(0, 2, words(0.9, 0.8, 0.7, 0.6)).speech
    assert not Utterance(0, 2, words(0.9, 0.9)).speech
    assert not Utterance(0, 2, words(0.3, 0.2, 0.3, 0.6)).speech
    assert not Utterance(0, 9, words(0.9, 0.8, 0.7, 0.6)).speech
    assert not Utterance(0, 1, ()).speech


def test_tones_noise_and_silence_say_nothing(tmp_path):
    assert Speech().look(made.item(write_sound(tmp_path / "a.wav", seconds=3))).lines == []
    noise = np.random.default_rng(0).normal(0, 0.1, 32_000).astype(np.float32)
    assert lines(Audio(noise, 16_000)) == []
    assert list(utterances(Audio(np.zeros(16_000, np.float32), 16_000))) == []


def test_a_video_without_sound_says_nothing(tmp_path):
    assert Speech().look(made.item(made.film(tmp_path / "a.mp4", ["one"]))).lines == []


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_some_of_what_a_machine_says_is_heard_where_it_is_said(tmp_path):
    path = tmp_path / "a.wav"
    command = ["espeak-ng", "-v", "en-us", "-s", "130", "-w", str(path), SAID]
    subprocess.run(command, check=True)
    seconds = readers.read(path).seconds
    found = [word for utterance in utterances(readers.read(path)) for word in utterance.words]
    assert found and all(0 <= word.start < word.end <= seconds + 0.1 for word in found)
    heard = {word.text for word in found}
    assert len(heard & set(SAID.lower().replace(".", "").split())) >= 2
