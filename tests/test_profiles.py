import subprocess
import sys
import time

import numpy as np
import pytest

from tests.tiny import ARCHITECTURE, tiny_clap, tiny_openclip
from xmr_core import models
from xmr_core.encoders.audio import AudioEncoder
from xmr_core.encoders.image import TOWERS, ImageEncoder
from xmr_core.encoders.multilingual import MultilingualEncoder
from xmr_core.encoders.text import TextEncoder
from xmr_core.errors import HubUnreachable, UnknownProfile, WeightsDamaged, WeightsMissing
from xmr_core.heads import Head
from xmr_core.media import Audio, Image, Mesh, Modality, Text, Video
from xmr_core.paths import cache_dir
from xmr_core.profiles import PROFILES, describe_profile, load_profile
from xmr_core.profiles import bank as bank_module
from xmr_core.profiles import embedded as embedded_module
from xmr_core.profiles import info as info_module

SENTENCES = [
    f"a {what} {does}" for what in ("dog", "cat", "bell", "rain on the roof")
    for does in ("barks", "rings", "on the bell", "on the dog", "loud", "a cat", "a roof")
]  # fmt: skip
PICTURE = Image(np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8))
SOUND = Audio(np.random.default_rng(1).normal(size=44_100).astype(np.float32) * 0.1, 44_100)
MESH = Mesh(
    np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32),
    np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], np.int32),
    np.full((4, 3), 160, np.uint8),
)


def video(sound):
    return Video(np.stack([PICTURE.pixels] * 2), np.array([0, 1], np.float32), sound)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_openclip(tmp_path_factory.mktemp("openclip"))


@pytest.fixture(scope="module")
def clap(tmp_path_factory):
    return tiny_clap(tmp_path_factory.mktemp("clap"))


@pytest.fixture
def no_hub(monkeypatch):
    """A hub that refuses connections, and no CLAP by way of a variable."""
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.delenv("XMR_CLAP", raising=False)


@pytest.fixture
def own_assets(tmp_path, monkeypatch):
    """Heads of a space of five dimensions, a bank, and a cache, all in a folder of the test."""
    heads = tmp_path / "assets" / "heads"
    heads.mkdir(parents=True)
    rng = np.random.default_rng(0)

    def head(width):
        return Head.affine(rng.normal(size=(width, 5)).astype(np.float32))

    head(TextEncoder.dim).save(heads / "text.safetensors")
    head(TOWERS["lite2"].dim).save(heads / "image.safetensors")
    head(AudioEncoder().dim).save(heads / "audio.safetensors")
    (tmp_path / "assets" / "bank").mkdir()
    (tmp_path / "assets" / "bank" / "text.txt").write_text("\n".join([*SENTENCES, "", " "]))
    for module in (info_module, bank_module):
        monkeypatch.setattr(module, "assets_dir", lambda: tmp_path / "assets")
    (tmp_path / "cache").mkdir()
    for kept in ("graphs", "weights"):  # to fetch and export them again would take a minute
        (cache_dir() / kept).mkdir(parents=True, exist_ok=True)
        (tmp_path / "cache" / kept).symlink_to(cache_dir() / kept)
    monkeypatch.setenv("XMR_CACHE", str(tmp_path / "cache"))
    return tmp_path


def test_every_named_profile_is_described_without_loading_anything_heavy():
    code = (
        "import sys; from xmr_core.profiles import PROFILES, describe_profile\n"
        "for name in PROFILES: print(describe_profile(name).about)\n"
        "heavy = {'torch', 'timm', 'transformers', 'librosa', 'trimesh', 'onnxruntime'}\n"
        "heavy &= set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(PROFILES)


def test_embedded_says_what_it_is():
    about = describe_profile("embedded")
    assert about.name == "embedded"
    assert not about.needs_hub
    assert set(about.modalities) == set(Modality)
    assert "Apache-2.0" in about.licence
    assert about.dim == load_profile("embedded").dim


def test_what_is_still_to_fetch_is_counted(own_assets, monkeypatch):
    here = {"minilm-l6-v2", "minilm-l6-v2-tokenizer", "minilm-l6-v2-config", "efficientnet-lite2"}
    monkeypatch.setattr(embedded_module, "locate", lambda n: own_assets if n in here else None)
    assert describe_profile("embedded").download_bytes == models.artefact("aisfx").size
    monkeypatch.setattr(embedded_module, "locate", lambda n: own_assets)
    assert describe_profile("embedded").download_bytes == 0


def test_embedded_covers_five_media_and_names_its_heads(own_assets):
    space = load_profile("embedded")
    assert space.dim == 5
    assert set(space.encoders) == set(Modality)
    assert {m for m, _ in space.heads} == set(Modality)
    assert list(space.bank_texts) == SENTENCES
    assert all(e.modality is m for m, e in space.encoders.items())
    widths = {m: space.encoders[m].dim for m in space.encoders}
    for modality, width in widths.items():
        rows = space.embed(modality, np.ones((2, width), np.float32))
        assert rows.shape == (2, 5)
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_loading_reads_no_weights_and_texts_need_the_text_encoder_alone(own_assets, monkeypatch):
    read = []
    monkeypatch.setattr("xmr_core.encoders.text.fetch", lambda n: read.append(n) or models.fetch(n))
    monkeypatch.setattr("xmr_core.encoders.image.fetch", lambda n: pytest.fail("pictures"))
    monkeypatch.setattr("xmr_core.encoders.soundnet.fetch", lambda n: pytest.fail("sounds"))
    monkeypatch.setattr("xmr_core.models.store._known_sound", {})
    monkeypatch.setattr("xmr_core.encoders.onnx._graphs", {})
    space = load_profile("embedded")
    assert read == []
    assert space.encode([Text("a dog")]).shape == (1, 5)


def test_meshes_have_a_head_of_their_own_where_there_is_one(own_assets):
    assert (
        load_profile("embedded").heads[Modality.MESH, "gallery"].fingerprint
        == load_profile("embedded").heads[Modality.IMAGE, "gallery"].fingerprint
    )
    own = Head.affine(np.eye(TOWERS["lite2"].dim, 5, dtype=np.float32))
    own.save(own_assets / "assets" / "heads" / "mesh.safetensors")
    space = load_profile("embedded")
    assert space.heads[Modality.MESH, "gallery"].fingerprint == own.fingerprint


def test_image_head_says_which_towers_it_takes(own_assets):
    head = Head.affine(np.eye(2560, 5, dtype=np.float32))
    head.about["towers"] = "lite0+lite2"
    head.save(own_assets / "assets" / "heads" / "image.safetensors")
    image = load_profile("embedded").encoders[Modality.IMAGE]
    assert isinstance(image, ImageEncoder)
    assert image.towers == ("lite0", "lite2")


def test_sounds_that_cannot_be_had_leave_the_rest_and_say_so(own_assets, monkeypatch):
    whole = load_profile("embedded").fingerprint
    tried = []

    def unreachable(name, progress=None):
        if name != "aisfx":
            return models.fetch(name, progress)
        tried.append(name)
        raise WeightsMissing("pip could not fetch aisfx==0.1.2.", "Check the package index.")

    monkeypatch.setattr(info_module, "fetch", unreachable)
    monkeypatch.setattr(info_module, "locate", lambda name: None)
    space = load_profile("embedded")
    assert "could not fetch aisfx" in space.unavailable[Modality.AUDIO]
    assert space.fingerprint == whole  # it stays the same space for when the weights arrive
    with pytest.raises(WeightsMissing, match="could not fetch aisfx"):
        space.encode([SOUND])
    assert space.encode([Text("a dog"), PICTURE, MESH]).shape == (3, 5)
    silent, sounding = space.encode([video(None), video(SOUND)])
    assert np.allclose(silent, sounding)

    again = load_profile("embedded")  # within minutes the index is not asked again, unless watched
    assert "could not fetch aisfx" in again.unavailable[Modality.AUDIO]
    assert tried == ["aisfx"]
    load_profile("embedded", progress=lambda done, total: None)
    assert tried == ["aisfx"] * 2
    monkeypatch.setattr(info_module, "_PATIENCE", -1)
    load_profile("embedded")
    assert tried == ["aisfx"] * 3


def test_multilingual_profile_differs_in_its_texts_alone(own_assets):
    bridge = Head.affine(
        np.random.default_rng(3).normal(size=(512, TextEncoder.dim)).astype(np.float32)
    )
    bridge.save(own_assets / "assets" / "heads" / "multilingual.safetensors")
    english, many = load_profile("embedded"), load_profile("embedded-multilingual")
    assert isinstance(many.encoders[Modality.TEXT], MultilingualEncoder)
    assert many.fingerprint != english.fingerprint
    for modality in set(Modality) - {Modality.TEXT}:
        assert many.encoders[modality].fingerprint == english.encoders[modality].fingerprint
    assert {k: h.fingerprint for k, h in many.heads.items()} == (
        {k: h.fingerprint for k, h in english.heads.items()}
    )
    about = describe_profile("embedded-multilingual")
    assert "sixteen languages" in about.about


def test_missing_and_damaged_heads_are_named(own_assets):
    file = own_assets / "assets" / "heads" / "text.safetensors"
    file.write_bytes(file.read_bytes()[:-4])
    with pytest.raises(WeightsDamaged, match=r"text\.safetensors"):
        load_profile("embedded")
    file.unlink()
    with pytest.raises(WeightsMissing, match=r"text\.safetensors"):
        load_profile("embedded")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("embeded", "Did you mean embedded?"),
        ("", "There are: embedded"),
        ("openclip", "openclip:ARCHITECTURE/TAG"),
        ("openclip:", "Such as openclip:ViT-B-32/"),
        ("openclip:ViT-B-32", "Did you mean openclip:ViT-B-32/"),
        ("openclip:ViT-B-32/laion2b", "openclip:ViT-B-32/laion2b_s34b_b79k"),
        ("openclip:ViTB32/openai", "Did you mean openclip:ViT-B-32/openai"),
        ("openclip:resnet//x.pt", "For one of your own, put resnet.json beside"),
    ],
)
def test_unknown_name_gets_near_ones(name, hint):
    for ask in (load_profile, describe_profile):
        with pytest.raises(UnknownProfile) as error:
            ask(name)
        assert hint in error.value.hint


def test_openclip_tag_is_described_with_its_size_before_anything_is_fetched(no_hub):
    about = describe_profile("openclip:ViT-B-32/laion2b_s34b_b79k")
    assert about.dim == 512
    assert about.download_bytes == 151_277_313 * 4 + 615_000_000  # CLIP and CLAP
    assert about.needs_hub
    assert "LAION-CLAP for sounds (615 MB)" in about.about


def test_openclip_without_the_hub_says_so_in_ten_seconds(no_hub):
    start = time.monotonic()
    with pytest.raises(HubUnreachable, match="605 MB") as error:
        load_profile("openclip:ViT-B-32/laion2b_s34b_b79k")
    assert time.monotonic() - start < 10
    assert "embedded profile" in error.value.hint


@pytest.mark.parametrize("file", ["tiny.safetensors", "tiny.pt"])
def test_openclip_from_a_checkpoint_covers_all_but_sounds_without_clap(folder, file, no_hub):
    name = f"openclip:{ARCHITECTURE}/{folder / file}"
    assert "//" in name  # the path is from the root
    about = describe_profile(name)
    assert (about.dim, about.needs_hub) == (32, False)
    space = load_profile(name)
    assert set(space.encoders) == set(Modality) - {Modality.AUDIO}
    assert "LAION-CLAP" in space.unavailable[Modality.AUDIO]
    assert "XMR_CLAP" in space.unavailable[Modality.AUDIO]
    vectors = space.encode([Text("a dog"), PICTURE, MESH, video(None), video(SOUND)])
    assert vectors.shape == (5, 32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors[1], vectors[3], atol=1e-5)  # a video of one picture is that picture
    assert np.allclose(vectors[3], vectors[4], atol=1e-6)  # its sound is not heard
    assert np.allclose(vectors[1], space.encoders[Modality.IMAGE].encode([PICTURE])[0].pooled)


def test_openclip_hears_with_clap_by_way_of_a_bridge(folder, clap, own_assets, no_hub):
    space = load_profile(f"openclip:{ARCHITECTURE}/{folder / 'tiny.pt'}+clap:{clap}")
    assert set(space.encoders) == set(Modality)
    assert not space.unavailable
    (heard,) = space.encode([SOUND])
    assert heard.shape == (32,)
    silent, sounding = space.encode([video(None), video(SOUND)])
    assert not np.allclose(silent, sounding, atol=1e-3)

    clip_text, clap_text = (
        space.encoders[Modality.TEXT].encode([Text(s) for s in SENTENCES]),
        space.encoders[Modality.AUDIO].texts(SENTENCES),
    )
    carried = space.embed(Modality.AUDIO, clap_text)
    target = np.stack([e.pooled for e in clip_text])
    found = (carried * target).sum(axis=1).mean()
    assert found > (carried * np.roll(target, 1, axis=0)).sum(axis=1).mean()
    assert len(list((own_assets / "cache" / "bridges").iterdir())) == 1


def test_clap_may_come_by_variable_and_belongs_to_the_fingerprint(
    folder, clap, own_assets, no_hub, monkeypatch
):
    name = f"openclip:{ARCHITECTURE}/{folder / 'tiny.pt'}"
    without = load_profile(name).fingerprint
    monkeypatch.setenv("XMR_CLAP", str(clap))
    assert load_profile(name).fingerprint != without
    assert load_profile(name).fingerprint == load_profile(name).fingerprint
    assert describe_profile(name).download_bytes == 0


def test_bank_too_short_for_a_bridge_leaves_the_rest(folder, clap, own_assets, no_hub):
    (own_assets / "assets" / "bank" / "text.txt").write_text("one\ntwo\n")
    space = load_profile(f"openclip:{ARCHITECTURE}/{folder / 'tiny.pt'}+clap:{clap}")
    assert "sentences or more" in space.unavailable[Modality.AUDIO]
    assert space.encode([PICTURE]).shape == (1, 32)
