import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny import tiny_clap
from xmr_core.encoders.clap import MOST_PARTS, ClapEncoder, clap_bytes, clap_folder
from xmr_core.errors import HubUnreachable, WeightsDamaged, WeightsMissing
from xmr_core.media import Audio


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_clap(tmp_path_factory.mktemp("clap"))


@pytest.fixture(scope="module")
def encoder(folder):
    return ClapEncoder(folder)


def noise(seconds, rate=48_000, seed=0):
    samples = np.random.default_rng(seed).normal(size=round(seconds * rate)) * 0.1
    return Audio(samples.astype(np.float32), rate)


def by_hand(folder, samples):
    """What transformers alone gives for samples at 48 kHz of ten seconds or less."""
    from transformers import ClapFeatureExtractor, ClapModel

    front = ClapFeatureExtractor.from_pretrained(folder)(
        samples, sampling_rate=48_000, return_tensors="pt"
    )
    model = ClapModel.from_pretrained(folder).eval()
    with torch.inference_mode():
        return model.get_audio_features(**front).pooler_output.numpy()[0]


def test_sound_of_one_window_gets_the_vector_that_transformers_gives(folder, encoder):
    for seconds in (10.0, 3.0):
        sound = noise(seconds)
        (got,) = encoder.encode([sound])
        assert np.allclose(got.pooled, by_hand(folder, sound.samples), atol=1e-5)
        assert got.boxes[:, :, 0].tolist() == [[0.0, seconds]]


def test_long_sound_has_a_part_each_ten_seconds_and_their_mean(folder, encoder):
    sound = noise(25)
    (got,) = encoder.encode([sound])
    assert got.boxes[:, :, 0].tolist() == [[0, 10], [10, 20], [15, 25]]
    second = by_hand(folder, sound.samples[480_000:960_000])
    assert np.allclose(got.parts[1], second, atol=1e-5)
    assert np.allclose(got.pooled, got.parts.mean(axis=0), atol=1e-6)


def test_other_rates_are_resampled(encoder):
    time = np.arange(10 * 48_000) / 48_000
    tone = np.sin(2 * np.pi * 440 * time).astype(np.float32)
    slow = np.sin(2 * np.pi * 440 * time[: 10 * 22_050] * 48_000 / 22_050).astype(np.float32)
    a, b = encoder.encode([Audio(tone, 48_000), Audio(slow, 22_050)])
    other = encoder.encode([noise(10)])[0]
    assert a.pooled @ b.pooled > 0.99
    assert a.pooled @ b.pooled > a.pooled @ other.pooled


@pytest.mark.parametrize("count", [0, 1, 100])
def test_almost_no_sound_still_has_a_vector(encoder, count):
    (got,) = encoder.encode([Audio(np.zeros(count, np.float32), 44_100)])
    assert got.pooled.shape == (16,)
    assert np.isfinite(got.pooled).all()
    assert got.parts.shape == (1, 16)


def test_broken_samples_do_not_spread(encoder):
    samples = noise(2).samples
    samples[100] = np.nan
    samples[200] = np.inf
    (got,) = encoder.encode([Audio(samples, 48_000)])
    assert np.isfinite(got.pooled).all()


def test_parts_of_very_long_sounds_are_merged(encoder, monkeypatch):
    monkeypatch.setattr(encoder, "_windows", lambda samples, starts: np.ones((len(starts), 16)))
    (got,) = encoder.encode([Audio(np.zeros(100 * 10 * 700, np.float32), 100)])
    assert len(got.parts) == MOST_PARTS
    assert got.boxes[0, 0, 0] == 0
    assert got.boxes[-1, 1, 0] == 7000
    assert (np.diff(got.boxes[:, 0, 0]) > 0).all()


def test_sentences_get_unit_vectors_whatever_they_are_batched_with(encoder):
    lines = ["a dog barks", "rain on the roof", "a " * 500, "", "cat"] * 10
    together = encoder.texts(lines)
    alone = np.concatenate([encoder.texts([line]) for line in lines[:5]])
    assert together.shape == (50, 16)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(together[:5], alone, atol=1e-4)
    assert encoder.texts([]).shape == (0, 16)


def test_fingerprint_is_of_the_weights(folder, encoder, tmp_path):
    shutil.copytree(folder, tmp_path / "same")
    assert ClapEncoder(tmp_path / "same").fingerprint == encoder.fingerprint
    state = (folder / "model.safetensors").read_bytes()
    (tmp_path / "same" / "model.safetensors").write_bytes(state[:-1] + b"\x01")
    assert ClapEncoder(tmp_path / "same").fingerprint != encoder.fingerprint


def test_folder_is_the_one_named_or_the_variables(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("XMR_CLAP", str(folder))
    assert clap_folder() == folder
    assert clap_bytes() == 0
    with pytest.raises(WeightsMissing, match=f"no CLAP model in {tmp_path}"):
        clap_folder(tmp_path)


def test_without_a_folder_or_the_hub_the_way_out_is_said(monkeypatch):
    monkeypatch.delenv("XMR_CLAP", raising=False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(HubUnreachable, match="needs 615 MB") as error:
        clap_folder()
    assert "XMR_CLAP" in error.value.hint
    assert clap_bytes() == 615_000_000


def test_weights_of_another_network_are_refused(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "clap")
    config = json.loads((folder / "config.json").read_text())
    config["text_config"]["num_hidden_layers"] = 2
    (tmp_path / "clap" / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsDamaged, match="tensors are missing"):
        ClapEncoder(tmp_path / "clap").texts(["a dog"])


def test_damaged_weights_and_configurations_are_refused(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "clap")
    (tmp_path / "clap" / "model.safetensors").write_bytes(b"nothing" * 50)
    with pytest.raises(WeightsDamaged, match="cannot be read"):
        ClapEncoder(tmp_path / "clap").encode([noise(1)])
    (tmp_path / "clap" / "config.json").write_text("{")
    with pytest.raises(WeightsDamaged, match="not a CLAP model"):
        ClapEncoder(tmp_path / "clap")


class Runs:
    """A pickle that calls something when it is read."""

    def __reduce__(self):
        return (Path.touch, (Path("ran-code"),))


def test_weights_that_would_run_code_are_refused_and_run_none(folder, tmp_path, monkeypatch):
    shutil.copytree(folder, tmp_path / "clap")
    (tmp_path / "clap" / "model.safetensors").unlink()
    torch.save({"more": Runs()}, tmp_path / "clap" / "pytorch_model.bin")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WeightsDamaged, match="cannot be read"):
        ClapEncoder(tmp_path / "clap").texts(["a dog"])
    assert not (tmp_path / "ran-code").exists()
