"""Towers as graphs: open_clip's numbers, and nothing of torch once they are there."""

import os
import shutil
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch
from PIL import Image as Pillow

from tests.tiny import ARCHITECTURE, by_hand, tiny_openclip
from xmr_core.encoders import openclip_graphs, openclip_notes
from xmr_core.encoders.byte_pairs import byte_pairs
from xmr_core.encoders.openclip import OpenClip
from xmr_core.encoders.openclip_lone import LoneText, heads_of
from xmr_core.encoders.openclip_looks import Look, square
from xmr_core.media import Image, Text
from xmr_core.profiles import load_profile

LINES = ["a dog", "", "Ein Hund, & zwei Katzen!", "a long line of many words " * 30, "狗"]
ALONE = """
import sys
from xmr_core.media import Image, Text
from xmr_core.profiles import load_profile
import numpy as np

space = load_profile(sys.argv[1])
vectors = space.encode([Text("a dog"), Image(np.full((40, 60, 3), 9, np.uint8))])
assert not {"torch", "open_clip", "scipy.signal"} & set(sys.modules), "something heavy came along"
np.save(sys.argv[2], vectors)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a checkpoint, and the cache in which its towers are graphs."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XMR_CACHE", str(tmp_path_factory.mktemp("cache")))
    patch.setattr(openclip_graphs, "_WORTH", 0)
    folder = tiny_openclip(tmp_path_factory.mktemp("openclip"))
    model = OpenClip(ARCHITECTURE, checkpoint=folder / "tiny.safetensors")
    model.texts(["a", "b", "c"])
    model.pictures([np.zeros((32, 32, 3), np.uint8)])
    yield folder, os.environ["XMR_CACHE"]
    patch.undo()


@pytest.fixture
def model(made, monkeypatch):
    folder, cache = made
    monkeypatch.setenv("XMR_CACHE", cache)
    return OpenClip(ARCHITECTURE, checkpoint=folder / "tiny.safetensors")


def pictures():
    rng = np.random.default_rng(0)
    sizes = [(40, 60), (60, 40), (32, 32), (9, 200), (301, 77)]
    return [rng.integers(0, 256, (*size, 3), np.uint8) for size in sizes]


def test_graphs_give_open_clips_numbers_whatever_stands_beside(made, model):
    network, transform, tokenizer = by_hand(made[0])
    with torch.inference_mode():
        texts = network.encode_text(tokenizer(LINES, context_length=32), normalize=True).numpy()
        stack = torch.stack([transform(Pillow.fromarray(p)) for p in pictures()])
        seen = network.encode_image(stack, normalize=True).numpy()
    assert np.allclose(model.texts(LINES), texts, atol=1e-5)
    assert np.allclose([model.texts([line])[0] for line in LINES], texts, atol=1e-5)
    alone = OpenClip(ARCHITECTURE, checkpoint=made[0] / "tiny.safetensors")
    assert np.allclose([alone.texts([line])[0] for line in LINES[:2]], texts[:2], atol=1e-5)
    assert alone._texts is None and model._texts is not None, "one over its file, one by its graph"
    assert np.allclose([alone.texts([line])[0] for line in LINES[2:]], texts[2:], atol=1e-5)
    for thread in threading.enumerate():
        if thread.name == "xmr-texts":
            thread.join()
    assert alone._texts is not None, "several one after the other, and more are expected"
    assert np.allclose([alone.texts([line])[0] for line in LINES], texts, atol=1e-5)
    assert np.allclose(model.pictures(pictures()), seen, atol=1e-5)
    assert model.texts([]).shape == model.pictures([]).shape == (0, 32)


def test_a_model_whose_towers_are_graphs_is_not_loaded(made, model, tmp_path):
    folder, cache = made
    name = f"openclip:{ARCHITECTURE}/{folder / 'tiny.safetensors'}"
    told = [sys.executable, "-c", ALONE, name, str(tmp_path / "vectors.npy")]
    subprocess.run(told, check=True, env={**os.environ, "XMR_CACHE": cache})
    space = load_profile(name)
    here = space.encode([Text("a dog"), Image(np.full((40, 60, 3), 9, np.uint8))])
    assert np.allclose(np.load(tmp_path / "vectors.npy"), here, atol=1e-6)


def test_what_takes_the_model_apart_still_gets_it(model):
    own = model.network.encode_text(model.tokens(["a dog"]), normalize=True)
    assert np.allclose(model.texts(["a dog"]), own.detach().numpy(), atol=1e-5)
    assert model.word_tokens("dog") == model.tokenizer.encode("dog")


def test_the_lone_tower_is_tried_before_it_is_trusted(made, tmp_path):
    network, _, _ = by_hand(made[0])
    file = made[0] / "tiny.safetensors"
    assert heads_of(network, file) == (2, False)
    other = (tmp_path / "other").mkdir() or tiny_openclip(tmp_path / "other", seed=1)
    assert heads_of(network, other / "tiny.safetensors") is None, "weights of another"
    assert heads_of(network, made[0] / "tiny.pt") is None, "another kind of file"
    (tmp_path / "short.safetensors").write_bytes(file.read_bytes()[:5000])
    assert heads_of(network, tmp_path / "short.safetensors") is None


def test_openais_gelu_is_known(made):
    import open_clip

    torch.manual_seed(3)
    file = made[0] / "tiny.safetensors"
    network = open_clip.create_model(ARCHITECTURE, pretrained=str(file), force_quick_gelu=True)
    network.eval()
    assert heads_of(network, file) == (2, True)
    ids = byte_pairs().rows(["a dog", "two black cats"], 32)
    whole = torch.zeros(2, 32, dtype=torch.long)
    whole[:, : ids.shape[1]] = torch.from_numpy(ids)
    own = network.encode_text(whole, normalize=True).detach().numpy()
    assert np.allclose(LoneText(file, 2, True).embed(ids), own, atol=1e-5)
    assert not np.allclose(LoneText(file, 2, False).embed(ids), own, atol=1e-4)


@pytest.mark.parametrize("change", ["weights", "preprocessing", "architecture"])
def test_a_note_holds_for_the_very_files_that_it_was_made_from(made, monkeypatch, tmp_path, change):
    monkeypatch.setenv("XMR_CACHE", str(tmp_path / "cache"))
    for name in ("tiny.safetensors", f"{ARCHITECTURE}.json"):
        shutil.copy(made[0] / name, tmp_path)
    file = tmp_path / "tiny.safetensors"
    before = OpenClip(ARCHITECTURE, checkpoint=file)
    note = openclip_notes.find(ARCHITECTURE, None, file)
    assert note is not None and note.fingerprint == before.fingerprint
    if change == "weights":
        status = file.stat()
        (tmp_path / "other").mkdir()
        other = tiny_openclip(tmp_path / "other", seed=1) / "tiny.safetensors"
        shutil.copyfile(other, file)
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    elif change == "preprocessing":
        (tmp_path / "open_clip_config.json").write_text('{"preprocess_cfg": {"std": [1, 1, 1]}}')
    else:
        (tmp_path / f"{ARCHITECTURE}.json").write_text("{}")
    assert openclip_notes.find(ARCHITECTURE, None, file) is None
    if change != "architecture":
        assert OpenClip(ARCHITECTURE, checkpoint=file).fingerprint != before.fingerprint


def test_a_damaged_note_is_made_again(made, monkeypatch, tmp_path):
    monkeypatch.setenv("XMR_CACHE", str(tmp_path))
    file = made[0] / "tiny.safetensors"
    model = OpenClip(ARCHITECTURE, checkpoint=file)
    (place,) = (tmp_path / "openclip").glob("*.json")
    for damage in ("", "[]", "{}", '{"note": {"look": 1}}', "\x00"):
        place.write_text(damage)
        assert openclip_notes.find(ARCHITECTURE, None, file) is None
        again = OpenClip(ARCHITECTURE, checkpoint=file)
        assert again.fingerprint == model.fingerprint
        assert openclip_notes.find(ARCHITECTURE, None, file) is not None


def test_small_towers_and_unusual_ones_are_left_to_torch(made, monkeypatch):
    monkeypatch.undo()
    network, _, _ = by_hand(made[0])
    monkeypatch.setattr(openclip_graphs, "_WORTH", 10_000_000)
    assert not openclip_graphs.picture_graph(network)
    assert not openclip_graphs.text_graph(network)
    monkeypatch.setattr(openclip_graphs, "_WORTH", 0)
    assert openclip_graphs.picture_graph(network)
    assert openclip_graphs.text_graph(network)
    network.visual.pool_type = "avg"
    network.text_pool_type = "last"
    assert not openclip_graphs.picture_graph(network)
    assert not openclip_graphs.text_graph(network)


@pytest.mark.parametrize("mode", ["shortest", "squash"])
@pytest.mark.parametrize("how", ["bicubic", "bilinear"])
def test_pictures_are_prepared_as_open_clip_does(mode, how):
    from open_clip.transform import PreprocessCfg, image_transform_v2

    plain = PreprocessCfg(32, mean=(0, 0, 0), std=(1, 1, 1), interpolation=how, resize_mode=mode)
    transform = image_transform_v2(plain, is_train=False)
    look = Look(32, how == "bilinear", mode == "squash", (0, 0, 0), (1, 1, 1))
    for picture in pictures():
        theirs = 255 * transform(Pillow.fromarray(picture)).numpy().transpose(1, 2, 0)
        off = np.abs(square(picture, look) - theirs.round())
        assert off.max() <= 2 and (off > 0).mean() < (1e-2 if mode == "shortest" else 1e-9)
