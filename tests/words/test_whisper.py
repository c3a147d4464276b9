"""Whisper as a listener, on a tiny one with random weights that is made here."""

import json
import shutil

import numpy as np
import pytest
import torch
from tokenizers import pre_tokenizers

from tests.indexing.world import write_sound
from tests.tiny_whisper import BEGIN, END, TIMES, tiny_whisper
from tests.words import made
from xmr_core.catalogue import Line
from xmr_core.errors import HubUnreachable, QueryError, WeightsDamaged, WeightsMissing
from xmr_core.indexing import Control, Stopped
from xmr_core.media import Audio
from xmr_core.words import OFFERED, Speech, listener
from xmr_core.words.transcribing import Heard, Said, Segment, Transcriber
from xmr_core.words.whisper import SIZES, Whisper, _take


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_whisper(tmp_path_factory.mktemp("whisper"))


@pytest.fixture(scope="module")
def tiny(folder):
    return Transcriber(folder)


@pytest.fixture
def copied(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "model")


def noise(seconds, seed=0):
    samples = np.random.default_rng(seed).normal(0, 0.1, round(seconds * 16_000))
    return samples.astype(np.float32)


def tokens(*said):
    """Timestamps from floats, words from texts: the tokens of letters are their places."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    out = []
    for one in said:
        if isinstance(one, str):
            out += [letters.index("Ġ" if letter == " " else letter) for letter in one]
        else:
            out.append(TIMES + round(one / 0.02))
    return out


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_tokens_are_those_that_transformers_gives(tiny, seed):
    """Until its second window begins: it goes on through the sound by itself."""
    samples = noise(20, seed)
    with torch.inference_mode():
        sound = tiny._encoded(samples)
        prompt, language = tiny._prompt(sound, "")
        said = tiny.decode(sound, prompt)
        features = tiny._front(samples, sampling_rate=16_000, return_tensors="pt").input_features
        theirs = tiny._model.generate(
            features, return_timestamps=True, language=language, task="transcribe"
        )
    assert tiny._model.detect_language(features).item() == prompt[1]
    ends = [n for n in range(1, len(said.tokens)) if min(said.tokens[n - 1 : n + 1]) >= TIMES]
    same = ends[-1] if ends else len(said.tokens)
    assert same > 4
    assert theirs[0, :same].tolist() == list(said.tokens[:same])


def test_the_mean_is_of_what_was_allowed_and_chance_is_the_same_each_time(tiny):
    with torch.inference_mode():
        sound = tiny._encoded(noise(5))
        prompt, _ = tiny._prompt(sound, "de")
        plain, drawn = tiny.decode(sound, prompt), tiny.decode(sound, prompt, 0.8)
        assert tiny.decode(sound, prompt, 0.8) == drawn != plain
    assert prompt == (BEGIN, BEGIN + 2, BEGIN + 4)
    assert drawn.mean < plain.mean < 0
    assert 0 < plain.silent < 1


def test_segments_stand_between_timestamps(tiny):
    whole = tokens(0.0, "good", 2.0, 2.0, "morning", 4.5)
    assert tiny.segments(whole, 30) == (((0, 2, "good"), (2, 4.5, "morning")), 30)
    assert tiny.segments(tokens(1.0, "good"), 12) == (((1, 12, "good"),), 30)
    assert tiny.segments([], 12) == ((), 30)


def test_what_the_window_cuts_is_left_to_the_next_one(tiny):
    cut = tokens(0.0, "good", 27.0, 27.0, "mor")
    assert tiny.segments(cut, 30) == (((0, 27, "good"),), 27)
    assert tiny.segments(tokens(0.0, "good", 27.0, 27.0), 30)[1] == 27


def test_unlikely_words_and_repetitions_are_not_good(tiny):
    assert tiny.good(Said(tuple(tokens(0.0, "good morning", 2.0)), -0.5, 0.0))
    assert not tiny.good(Said(tuple(tokens(0.0, "good morning", 2.0)), -1.5, 0.0))
    assert not tiny.good(Said(tuple(tokens(0.0, "thank you " * 20, 2.0)), -0.5, 0.0))


def test_silence_is_where_the_model_thinks_so_and_is_unsure(tiny, monkeypatch):
    said = Said(tuple(tokens(0.0, "hello", 2.0)), -1.2, 0.9)
    tried = []
    monkeypatch.setattr(tiny, "decode", lambda *about: tried.append(about[2]) or said)
    assert tiny.hear(noise(2)).segments == ()
    assert tried == [0.0]
    said = Said(said.tokens, -1.2, 0.1)  # no silence, but nothing better at any temperature
    assert tiny.hear(noise(2)).segments == ()
    assert tried[1:] == [0.0, 0.4, 0.8]
    said = Said(said.tokens, -0.2, 0.9)
    assert [segment.text for segment in tiny.hear(noise(2)).segments] == ["hello"]


def test_lines_are_within_the_sound_and_said_once():
    found = [Line("spoken", "thank you", (1.0,), (2.0,))]
    heard = Heard(
        (Segment(0, 1, "thank you"), Segment(1, 9, "goodbye"), Segment(9, 12, "x")), 30, "en", 0.7
    )
    _take(found, heard, 30.0, 38.0)
    assert found[1:] == [Line("spoken", "goodbye", (31.0,), (38.0,), 0.7)]


def test_a_long_sound_is_heard_in_windows_with_progress(folder, monkeypatch):
    whisper, windows, told = Whisper(str(folder)), [], []

    def hear(self, samples, language="", tick=None):
        windows.append((len(samples) / 16_000, language))
        segments = (Segment(0, 5, f"line {len(windows)}"),)
        return Heard(segments, 20.0 if len(windows) == 1 else 30.0, "fr", 0.5)

    monkeypatch.setattr(Transcriber, "hear", hear)
    lines = whisper.lines(Audio(noise(70), 16_000), lambda *far: told.append(far))
    assert windows == [(30, ""), (30, "fr"), (20, "fr")]
    assert told == [(0, 7000), (2000, 7000), (5000, 7000)]
    assert [line.low for line in lines] == [(0.0,), (20.0,), (50.0,), ()]
    assert (lines[-1].field, lines[-1].text) == ("language", "French")


def test_silence_is_never_given_to_the_model(folder, monkeypatch):
    monkeypatch.setattr(Transcriber, "hear", None)
    whisper = Whisper(str(folder))
    assert whisper.lines(Audio(np.zeros(16_000 * 40, np.float32), 44_100), lambda *_: None) == []
    assert whisper.lines(Audio(np.zeros(0, np.float32), 44_100), lambda *_: None) == []


def test_broken_samples_and_random_weights_still_give_sound_lines(folder):
    samples = noise(3)
    samples[5], samples[6] = np.nan, np.inf
    for line in Whisper(str(folder)).lines(Audio(samples, 16_000), lambda *_: None):
        assert line.text and all(0 <= at <= 3 for at in line.low + line.high)


def test_models_of_one_language_are_told_none(tmp_path):
    one = Transcriber(tiny_whisper(tmp_path / "en", multilingual=False))
    with torch.inference_mode():
        assert one._prompt(one._encoded(noise(1)), "") == ((BEGIN,), "")
    assert one.called("") == ""


def test_a_work_that_is_cancelled_stops_within_a_sound(folder, tmp_path):
    control = Control()
    work = Speech(Whisper(str(folder)), control)
    item = made.item(write_sound(tmp_path / "a.wav", seconds=1))
    control.cancel()
    with pytest.raises(Stopped):
        work.look(item)
    assert work.now == ""


def test_version_is_of_the_weights_wherever_they_lie(folder, copied):
    here, there = listener(f"whisper:{folder}"), listener(f"whisper:/{copied}")
    assert here.version == there.version != listener("pocketsphinx").version
    weights = copied / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert listener(f"whisper:{copied}").version != here.version
    assert listener("whisper:openai/whisper-tiny").version == "whisper 1 openai/whisper-tiny"
    assert listener(f"whisper:{copied}/away").version == "whisper 1 away"


def test_what_is_offered_can_be_chosen_and_says_what_it_costs(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert [listener(name).name for name in OFFERED] == list(OFFERED)
    for repo, size in SIZES.items():
        info = listener(f"whisper:{repo}").describe()
        assert (info.licence, info.download_bytes, info.needs_hub) == ("Apache-2.0", size, True)
    info = listener("whisper:someone/else").describe()
    assert (info.download_bytes, info.needs_hub) == (None, True)
    assert not listener("pocketsphinx").describe().needs_hub


@pytest.mark.parametrize(
    "name", ["", "siri", "whisper", "whisper:", "whisper:tiny", "pocketsphinx:x"]
)
def test_other_names_are_refused_with_those_that_there_are(name):
    with pytest.raises(QueryError, match="whisper:openai/whisper-tiny"):
        listener(name)


def test_without_the_hub_the_way_out_is_said(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(HubUnreachable, match="whisper-tiny needs 151 MB") as error:
        listener("whisper:openai/whisper-tiny").prepare()
    assert "whisper:/path/to/it" in error.value.hint and "PocketSphinx" in error.value.hint


def test_a_folder_without_the_files_is_refused(copied):
    Whisper(str(copied)).prepare()
    (copied / "tokenizer.json").unlink()
    with pytest.raises(WeightsMissing, match=r"tokenizer\.json is not there"):
        Whisper(str(copied)).prepare()
    with pytest.raises(WeightsMissing, match="There is no folder"):
        Whisper(str(copied / "away")).prepare()


def test_weights_that_are_a_pickle_are_not_opened(copied):
    (copied / "model.safetensors").rename(copied / "pytorch_model.bin")
    with pytest.raises(WeightsDamaged, match="would have to run code") as error:
        Whisper(str(copied)).prepare()
    assert "model.safetensors" in error.value.hint


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_damaged_files_are_refused(copied, name):
    (copied / name).write_bytes(b"nothing" * 50)
    with pytest.raises(WeightsDamaged, match="cannot be read"):
        Whisper(str(copied)).lines(Audio(noise(1), 16_000), lambda *_: None)


def test_weights_of_another_network_are_refused(copied):
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps(config | {"decoder_layers": 3}))
    with pytest.raises(WeightsDamaged, match="tensors are missing"):
        Whisper(str(copied)).lines(Audio(noise(1), 16_000), lambda *_: None)


def test_the_end_is_a_token_of_no_words(tiny):
    assert tiny.text([END, *tokens(1.0, "hello")]) == "hello"
