"""Heat by the value path and by relevance, through a small OpenCLIP model."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.explain.test_contract import MEDIA, picture, sound
from tests.test_heads import rich_head
from tests.tiny import ARCHITECTURE, tiny_openclip
from xmr_core.encoders.openclip import OpenClip
from xmr_core.explain.alignment import whole
from xmr_core.explain.explanation import VALUE, Side
from xmr_core.explain.methods import default_method
from xmr_core.explain.methods.relevance import relevance, slope
from xmr_core.explain.methods.value import value
from xmr_core.explain.sides import openclip, side_of
from xmr_core.heads import Head
from xmr_core.media import Image, Modality, Text, Video
from xmr_core.profiles import load_profile
from xmr_core.space import HalvesHead, JointSpace


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    patch.delenv("XMR_CLAP", raising=False)
    folder = tiny_openclip(tmp_path_factory.mktemp("openclip"))
    made = load_profile(f"openclip:{ARCHITECTURE}/{folder / 'tiny.safetensors'}")
    patch.undo()
    return made


def apart(space, *media):
    return [side_of(some, space) for some in media]


def test_value_compares_the_values_of_parts_with_the_other_whole(space):
    query, hit = apart(space, Text("a dog"), MEDIA[Modality.IMAGE])
    made = value(query, hit, space)
    text = space.encode([query.media], "query")[0]
    image = space.encode([hit.media])[0]
    assert np.allclose(made.hit_heat, hit.variants[VALUE] @ text, atol=1e-5)
    assert np.allclose(made.query_heat, query.variants[VALUE] @ image, atol=1e-5)
    assert np.allclose(made.alignment, query.variants[VALUE] @ hit.variants[VALUE].T, atol=1e-5)
    assert not np.allclose(hit.variants[VALUE], hit.features, atol=0.1)
    assert default_method(query, hit) == "value"


def test_side_without_values_keeps_its_features(space):
    query, hit = apart(space, Text("a dog"), MEDIA[Modality.IMAGE])
    plain = replace(query, variants={})
    made = value(plain, hit, space)
    assert np.allclose(made.alignment, query.features @ hit.variants[VALUE].T, atol=1e-5)
    assert made.method == "value"


def test_relevance_is_that_of_the_tower_towards_the_other_whole(space):
    query, hit = apart(space, Text("a dog runs"), MEDIA[Modality.IMAGE])
    made = relevance(query, hit, space)
    wholes = whole(query, space, "query"), whole(hit, space, "gallery")
    encoders = space.encoders[Modality.TEXT], space.encoders[Modality.IMAGE]
    # what turns a unit vector towards another is that one without what they share
    towards = [
        other - (other @ own) * own for own, other in (wholes, wholes[::-1])
    ]  # of the text, of the picture
    assert np.allclose(made.query_heat, encoders[0].word_heat(query.media, towards[0]), rtol=1e-3)
    (heat,) = encoders[1].patch_heat([hit.media], towards[1])
    assert np.allclose(made.hit_heat, heat.reshape(-1), rtol=1e-3, atol=1e-7)
    assert (made.hit_heat >= 0).all()
    assert made.hit_heat.max() > 0


def test_relevance_tells_other_places_for_another_query(space):
    hit = side_of(MEDIA[Modality.IMAGE], space)
    one, other = (relevance(side_of(Text(t), space), hit, space) for t in ("a dog", "much rain"))
    assert not np.allclose(one.hit_heat, other.hit_heat, rtol=0.1)


def test_relevance_of_a_picture_grows_where_only_one_place_is_looked_at(tmp_path):
    """Keys that are large at one patch alone: the class token attends to that one."""
    folder = tiny_openclip(tmp_path)
    model = OpenClip(ARCHITECTURE, checkpoint=folder / "tiny.safetensors")
    visual = model.network.visual
    with torch.no_grad():
        mark = torch.zeros(64)
        mark[:32] = torch.linspace(-1, 1, 32) * 3
        visual.positional_embedding[1 + 6] += 4 * mark
        for block in visual.transformer.resblocks:
            weight, bias = block.attn.in_proj_weight, block.attn.in_proj_bias
            weight[:64], bias[:64] = 0, 1.0  # the same question everywhere
            weight[64:128] = mark * 0.2  # answered loudly by the marked patch
    heat = model.local.patch_heat([picture(32, 32)], np.linspace(-1, 1, 32, dtype=np.float32))[0]
    assert heat.argmax() == 6
    assert heat.reshape(-1)[6] > 5 * np.median(heat)


@pytest.mark.parametrize("kind", ["rich", "halves", "silent"])
def test_slope_is_that_of_finite_differences(kind):
    rng = np.random.default_rng(0)
    if kind == "rich":
        head = rich_head()
        modality, m = Modality.IMAGE, head.dim_in
    else:
        linear = [Head.affine(rng.normal(size=(n, 5)).astype(np.float32)) for n in (4, 3)]
        head, modality, m = HalvesHead(*linear, 4), Modality.VIDEO, 7
    pooled = rng.uniform(0.5, 1.5, m).astype(np.float32)  # away from bends
    if kind == "silent":
        pooled[4:] = 0
    media = MEDIA[modality]
    boxes = np.zeros((1, 2, 3 if modality is Modality.VIDEO else 2), np.float32)
    side = Side(media, pooled[None], np.ones(1, np.float32), pooled, boxes, ("all",))
    dim = head(pooled[None]).shape[1]
    space = JointSpace("made", dim, {}, {(modality, "gallery"): head})
    target = rng.normal(size=dim).astype(np.float32)
    target /= np.linalg.norm(target)
    found = slope(side, space, target, "gallery")
    counted = range(4) if kind == "silent" else range(m)  # a sound that is absent stays away
    for i in counted:
        step = np.zeros(m, np.float32)
        step[i] = 1e-2
        ahead, behind = space.embed(modality, np.stack([pooled + step, pooled - step])) @ target
        assert np.isclose(found[i], (ahead - behind) / 2e-2, atol=2e-3 * np.abs(found).max())
    assert np.abs(found).max() > 1e-3


def test_frames_of_a_video_have_the_heat_of_their_pictures(space):
    query, hit = apart(space, Text("a dog"), MEDIA[Modality.VIDEO])
    made = relevance(query, hit, space)
    target = whole(query, space, "query")
    towards = slope(hit, space, target, "gallery")[:32]
    frames = [Image(frame) for frame in hit.media.frames]
    heats = space.encoders[Modality.IMAGE].patch_heat(frames, towards)
    assert np.allclose(made.hit_heat, np.concatenate([h.reshape(-1) for h in heats]), rtol=1e-4)


def test_front_views_of_a_mesh_count_more(space):
    query, hit = apart(space, Text("a dog"), MEDIA[Modality.MESH])
    made = relevance(query, hit, space)
    towards = slope(hit, space, whole(query, space, "query"), "gallery")
    from xmr_core.render import render_views

    views = [Image(view) for view in render_views(hit.media, 224)]
    alone = np.stack(space.encoders[Modality.IMAGE].patch_heat(views, towards)).reshape(12, -1)
    shares = made.hit_heat.reshape(12, -1).sum(axis=1) / alone.sum(axis=1)
    assert np.isclose(shares[0] / shares[2], 3, rtol=1e-3)


def test_many_pictures_have_fewer_cells_each(space, monkeypatch):
    monkeypatch.setattr(openclip, "_MOST", 8)
    hit = side_of(MEDIA[Modality.VIDEO], space)
    assert hit.grid == (2, 2, 2)
    assert hit.features.shape == hit.variants[VALUE].shape == (8, 64 // 2)
    assert hit.boxes[3].tolist() == [[0.0, 0.5, 0.5], [1.0, 1.0, 1.0]]
    made = relevance(side_of(Text("a dog"), space), hit, space)
    assert made.hit_heat.shape == (8,)
    assert made.hit_heat.max() > 0


def test_boxes_of_wide_pictures_lie_where_the_model_looks(space):
    side = side_of(Image(picture(40, 80)), space)
    assert side.boxes[:, 0].min(axis=0).tolist() == [0, 0.25]
    assert side.boxes[:, 1].max(axis=0).tolist() == [1, 0.75]


def test_model_whose_inside_is_unknown_is_shown_parts_by_themselves(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.delenv("XMR_CLAP", raising=False)
    monkeypatch.setattr("open_clip.transformer.VisionTransformer", torch.nn.Linear)
    folder = tiny_openclip(tmp_path, seed=3)
    space = load_profile(f"openclip:{ARCHITECTURE}/{folder / 'tiny.safetensors'}")
    assert not space.encoders[Modality.IMAGE].has_patches
    text, *others = apart(
        space,
        Text("a dog"),
        MEDIA[Modality.IMAGE],
        MEDIA[Modality.MESH],
        Video(np.stack([picture()] * 2), np.array([0, 1], np.float32), sound()),
    )
    assert VALUE in text.variants
    for side in others:
        assert VALUE not in side.variants
        assert side.count >= 2
        made = relevance(text, side, space)
        assert made.query_heat.max() > 0
        assert np.abs(made.hit_heat).max() > 0
