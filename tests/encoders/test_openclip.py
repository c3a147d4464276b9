import json
import shutil
import socket
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as Pillow

from tests.tiny import ARCHITECTURE, by_hand, tiny_openclip
from xmr_core.encoders import architectures, openclip_inputs
from xmr_core.encoders.mesh import MeshEncoder
from xmr_core.encoders.openclip import OpenClip
from xmr_core.encoders.openclip_encoders import OpenClipImage, OpenClipText
from xmr_core.errors import HubUnreachable, UnknownProfile, WeightsDamaged, WeightsMissing
from xmr_core.media import Image, Mesh, Text

LONG = "A dog runs over the wet grass. The cat sleeps.\n\n" * 30


class Runs:
    """A pickle that calls something when it is read."""

    def __reduce__(self):
        return (Path.touch, (Path("ran-code"),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_openclip(tmp_path_factory.mktemp("openclip"))


@pytest.fixture(scope="module")
def model(folder):
    return OpenClip(ARCHITECTURE, checkpoint=folder / "tiny.safetensors")


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(0)
    sizes = [(40, 60), (60, 40), (32, 32), (9, 200)]
    return [rng.integers(0, 256, (*size, 3), np.uint8) for size in sizes]


def test_pictures_get_the_vectors_that_open_clip_gives_by_hand(folder, model, pictures):
    network, transform, _ = by_hand(folder)
    with torch.inference_mode():
        stack = torch.stack([transform(Pillow.fromarray(p)) for p in pictures])
        expected = network.encode_image(stack, normalize=True).numpy()
    got = OpenClipImage(model).encode([Image(p) for p in pictures])
    assert np.allclose([e.pooled for e in got], expected, atol=1e-5)
    assert all(e.parts.shape == (0, 32) and e.boxes.shape == (0, 2, 2) for e in got)


def test_short_texts_get_the_vectors_that_open_clip_gives_by_hand(folder, model):
    network, _, tokenizer = by_hand(folder)
    lines = ["a dog", "Ein Hund, & zwei Katzen!", "狗"]
    with torch.inference_mode():
        expected = network.encode_text(tokenizer(lines), normalize=True).numpy()
    got = OpenClipText(model).encode([Text(line) for line in lines])
    assert np.allclose([e.pooled for e in got], expected, atol=1e-5)
    assert [e.boxes[:, :, 0].tolist() for e in got] == [[[0, len(line)]] for line in lines]


def test_long_text_is_cut_into_chunks_that_fit_the_context(model):
    (got,) = OpenClipText(model).encode([Text(LONG)])
    assert len(got.parts) > 10
    assert np.allclose(np.linalg.norm(got.parts, axis=1), 1, atol=1e-5)
    assert np.isclose(np.linalg.norm(got.pooled), 1, atol=1e-5)
    tokenizer = model.tokenizer
    for low, high in got.boxes[:, :, 0].astype(int):
        assert len(tokenizer.encode(LONG[low:high])) + 2 <= model.context == 32
    covered = sum(high - low for low, high in got.boxes[:, :, 0])
    assert covered > 0.9 * len(LONG)


def test_text_without_any_letter_still_has_a_vector(model):
    got = OpenClipText(model).encode([Text("  \n "), Text("x" * 5000)])
    assert all(np.isfinite(e.pooled).all() and len(e.parts) >= 1 for e in got)


def test_one_batch_gives_what_single_calls_give(model, pictures):
    encoder = OpenClipImage(model)
    together = encoder.encode([Image(p) for p in pictures])
    alone = [encoder.encode([Image(p)])[0] for p in pictures]
    assert np.allclose([e.pooled for e in together], [e.pooled for e in alone], atol=1e-5)
    assert encoder.encode([]) == []
    assert OpenClipText(model).encode([]) == []


def test_views_of_a_mesh_go_through_the_model(model):
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    faces = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], np.int32)
    mesh = Mesh(vertices, faces, np.full((4, 3), 160, np.uint8))
    (got,) = MeshEncoder(OpenClipImage(model)).encode([mesh])
    assert got.parts.shape[1] == 32
    assert np.allclose(np.linalg.norm(got.parts, axis=1), 1, atol=1e-5)
    assert np.ptp(got.parts, axis=0).max() > 1e-3


def test_the_same_weights_have_one_fingerprint_in_any_kind_of_file(folder, model, tmp_path):
    state = torch.load(folder / "tiny.pt", weights_only=True)
    torch.save({"epoch": 3, "state_dict": state, "optimizer": {}}, folder / "training.pt")
    for name in ("tiny.pt", "training.pt"):
        same = OpenClip(ARCHITECTURE, checkpoint=folder / name)
        assert same.fingerprint == model.fingerprint
        assert np.array_equal(same.texts(["a dog"]), model.texts(["a dog"]))
    other = tiny_openclip(tmp_path, seed=1)
    assert OpenClip(ARCHITECTURE, checkpoint=other / "tiny.pt").fingerprint != model.fingerprint


def test_preprocessing_beside_the_checkpoint_is_used_and_changes_the_fingerprint(
    folder, model, pictures, tmp_path
):
    shutil.copy(folder / "tiny.safetensors", tmp_path)
    said = '{"preprocess_cfg": {"mean": [0.1, 0.2, 0.3], "resize_mode": "squash"}}'
    (tmp_path / "open_clip_config.json").write_text(said)
    other = OpenClip(ARCHITECTURE, checkpoint=tmp_path / "tiny.safetensors")
    assert other.fingerprint != model.fingerprint
    assert not np.allclose(other.pictures(pictures), model.pictures(pictures), atol=1e-3)
    (tmp_path / "open_clip_config.json").write_text("{")
    with pytest.raises(WeightsDamaged, match=r"open_clip_config\.json cannot be read"):
        OpenClip(ARCHITECTURE, checkpoint=tmp_path / "tiny.safetensors")


def test_architectures_preprocessing_is_that_of_its_tags():
    siglip = openclip_inputs.preprocessing("ViT-B-16-SigLIP", None, Path("x.safetensors"))
    assert siglip["mean"] == (0.5, 0.5, 0.5)
    assert siglip["resize_mode"] == "squash"


def test_tags_trained_with_quick_gelu_get_it():
    assert openclip_inputs.quick_gelu("ViT-B-32", "openai")
    assert not openclip_inputs.quick_gelu("ViT-B-32", "laion2b_s34b_b79k")


def test_checkpoint_that_would_run_code_is_refused_and_runs_none(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    state = torch.load(folder / "tiny.pt", weights_only=True)
    torch.save({"state_dict": state, "more": Runs()}, tmp_path / "unsafe.pt")
    with pytest.raises(WeightsDamaged, match="would have to run code") as error:
        OpenClip(ARCHITECTURE, checkpoint=tmp_path / "unsafe.pt")
    assert ".safetensors" in error.value.hint
    assert not (tmp_path / "ran-code").exists()
    torch.load(tmp_path / "unsafe.pt", weights_only=False)  # the trap does work
    assert (tmp_path / "ran-code").exists()


def trap(folder, mark, kind):
    """Files of a tokeniser whose class is in a program beside them."""
    (folder / "evil.py").write_text(
        f"import pathlib\npathlib.Path({str(mark)!r}).touch()\n"
        "from transformers import PreTrainedTokenizerFast\n"
        "class Evil(PreTrainedTokenizerFast): pass\n"
    )
    told = {"auto_map": {"AutoTokenizer": [None, "evil.Evil"]}, "tokenizer_class": "Evil"}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    (folder / "tokenizer.json").write_text("{}")
    (folder / "config.json").write_text(json.dumps({"model_type": kind}))


def test_tokeniser_beside_a_checkpoint_runs_no_code_whatever_it_asks(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    shutil.copy(folder / "tiny.pt", tmp_path / "weights.pt")
    config = json.loads((folder / f"{ARCHITECTURE}.json").read_text())
    config["text_cfg"] |= {
        "hf_tokenizer_name": "mine",
        "tokenizer_kwargs": {"trust_remote_code": True},
    }
    (tmp_path / "evil-vit.json").write_text(json.dumps(config))
    trap(tmp_path, tmp_path / "ran-code", "bert")
    with pytest.raises(WeightsDamaged, match=r"tokeniser beside weights\.pt cannot be read"):
        OpenClip("evil-vit", checkpoint=tmp_path / "weights.pt")
    assert not (tmp_path / "ran-code").exists()


@pytest.mark.parametrize("length", [1 << 62, (1 << 64) - 1, 1 << 30])
def test_header_that_promises_more_than_there_is_takes_no_memory(tmp_path, length):
    path = tmp_path / "huge.safetensors"
    path.write_bytes(length.to_bytes(8, "little") + b'{"a":{"dtype":"F32"' + bytes(1000))
    with pytest.raises(WeightsDamaged, match="cannot be read as weights"):
        OpenClip(ARCHITECTURE, checkpoint=path)


@pytest.mark.filterwarnings("ignore:.*torch.jit:FutureWarning")
@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_program_is_refused(tmp_path):
    torch.jit.script(torch.nn.Linear(2, 2)).save(str(tmp_path / "program.pt"))
    with pytest.raises(WeightsDamaged, match="TorchScript"):
        OpenClip(ARCHITECTURE, checkpoint=tmp_path / "program.pt")


@pytest.mark.parametrize("name", ["x.pt", "x.safetensors", "x.bin"])
@pytest.mark.parametrize("content", [b"", b"no tensors here" * 100])
def test_file_of_something_else_is_refused(folder, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WeightsDamaged, match=f"{name} cannot be read as weights"):
        OpenClip(ARCHITECTURE, checkpoint=tmp_path / name)


@pytest.mark.parametrize("name", ["tiny.pt", "tiny.safetensors"])
def test_checkpoint_cut_short_is_refused(folder, tmp_path, name):
    whole = (folder / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsDamaged, match="cannot be read as weights"):
        OpenClip(ARCHITECTURE, checkpoint=tmp_path / name)


@pytest.mark.parametrize("content", [torch.zeros(3), [1, 2], {"a": torch.zeros(3)}, {}])
def test_tensors_of_something_else_are_refused(folder, tmp_path, content):
    torch.save(content, tmp_path / "other.pt")
    with pytest.raises(WeightsDamaged, match=f"not a checkpoint of {ARCHITECTURE}"):
        OpenClip(ARCHITECTURE, checkpoint=tmp_path / "other.pt")


def test_wrong_architecture_for_the_checkpoint_is_named(folder):
    with pytest.raises(WeightsDamaged, match=r"tiny\.safetensors is not a checkpoint of ViT-B-32"):
        OpenClip("ViT-B-32", checkpoint=folder / "tiny.safetensors")


def test_missing_checkpoint_and_unknown_kind_of_file_are_said(folder, tmp_path):
    with pytest.raises(WeightsMissing, match="no checkpoint at"):
        OpenClip(ARCHITECTURE, checkpoint=tmp_path / "none.pt")
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(WeightsDamaged, match=r"notes\.txt is not a checkpoint"):
        OpenClip(ARCHITECTURE, checkpoint=tmp_path / "notes.txt")


def test_unknown_architecture_gets_near_ones():
    with pytest.raises(UnknownProfile, match="Did you mean ViT-B-32"):
        architectures.model_config("ViTB32")


def test_architecture_of_ones_own_is_read_from_beside_the_checkpoint(folder, tmp_path):
    shutil.copy(folder / f"{ARCHITECTURE}.json", tmp_path / "mine-vit.json")
    shutil.copy(folder / "tiny.pt", tmp_path / "weights.pt")
    assert OpenClip("mine-vit", checkpoint=tmp_path / "weights.pt").dim == 32


def test_parameters_are_counted_without_making_them(folder):
    state = torch.load(folder / "tiny.pt", weights_only=True)
    assert architectures.parameters(ARCHITECTURE) == sum(t.numel() for t in state.values())
    start = time.monotonic()
    assert architectures.parameters("ViT-bigG-14") == 2_539_567_105  # ten gigabytes, were they made
    assert time.monotonic() - start < 5


def test_hub_that_never_answers_is_said_within_ten_seconds(monkeypatch):
    """A real connection, accepted and left alone; the libraries' own retries take a minute."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        start = time.monotonic()
        with pytest.raises(HubUnreachable, match="needs 605 MB from the model hub") as error:
            OpenClip("ViT-B-32", tag="laion2b_s34b_b79k")
        assert 1 < time.monotonic() - start < 10
    assert "embedded profile" in error.value.hint
    assert "openclip:ViT-B-32//path/to" in error.value.hint


def test_tokeniser_that_is_on_the_hub_is_named_when_it_cannot_be_reached(folder, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    start = time.monotonic()
    with pytest.raises(HubUnreachable, match="timm/ViT-B-16-SigLIP"):
        OpenClip("ViT-B-16-SigLIP", checkpoint=folder / "tiny.safetensors")
    assert time.monotonic() - start < 10
