import numpy as np
import pytest
import torch
from torch.nn import functional

from tests.tiny import tiny_tower
from xmr_core.encoders.openclip import OpenClip
from xmr_core.encoders.openclip_maps import OwnResNet, TimmMap, grad_cam
from xmr_core.encoders.openclip_towers import OwnTransformer, TimmTransformer, tower_of
from xmr_core.errors import ExplanationError

OWN = {"image_size": 32, "layers": 2, "width": 64, "head_width": 32, "patch_size": 8}
PLAIN = "vit_tiny_patch16_224"
TOWERS = {
    "own-token": (OwnTransformer, (4, 4), 32, OWN),
    "own-mean": (OwnTransformer, (4, 4), 32, OWN | {"pool_type": "avg"}),
    "own-pooler": (OwnTransformer, (4, 4), 32, OWN | {"attentional_pool": True}),
    "own-custom": (OwnTransformer, (4, 4), 32, OWN | {"scale_attn": True, "qk_norm": True}),
    "own-resnet": (OwnResNet, (2, 2), 32, {"image_size": 64, "layers": [1, 1, 1, 1], "width": 16}),
    "timm-latent": (TimmTransformer, (14, 14), 192, (PLAIN, 224, "map", "none")),
    "timm-token": (TimmTransformer, (14, 14), 32, (PLAIN, 224, "token", "linear")),
    "timm-mean": (TimmTransformer, (14, 14), 32, (PLAIN, 224, "avg", "linear")),
    "timm-eva": (TimmTransformer, (16, 16), 32, ("eva02_tiny_patch14_224", 224, "token", "linear")),
    "timm-convnext": (TimmMap, (2, 2), 32, ("convnext_atto", 64, "", "linear")),
    "timm-fastvit": (TimmMap, (2, 2), 32, ("fastvit_t8", 64, "avg", None)),
    "timm-swin": (TimmMap, (7, 7), 32, ("swin_tiny_patch4_window7_224", 224, "", "linear")),
}
ATTENTION = [name for name, (family, *_) in TOWERS.items() if "Transformer" in family.__name__]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Models by name, made when they are first asked for."""
    folder, kept = tmp_path_factory.mktemp("towers"), {}

    def make(name):
        if name not in kept:
            _, _, dim, vision = TOWERS[name]
            if isinstance(vision, tuple):
                keys = ("timm_model_name", "image_size", "timm_pool", "timm_proj")
                vision = dict(zip(keys, vision, strict=True))
            kept[name] = OpenClip(name, checkpoint=tiny_tower(folder, name, vision, dim))
        return kept[name]

    return make


def pixels(model, n=2, seed=0):
    side = model.network.visual.image_size
    sides = side if isinstance(side, tuple) else (side, side)
    return torch.from_numpy(
        np.random.default_rng(seed).normal(size=(n, 3, *sides)).astype(np.float32)
    )


def embedding(model, x):
    """The model's own vectors of pictures, as they are before they are made unit."""
    with torch.no_grad():
        return model.network.encode_image(x)


@pytest.mark.parametrize("name", TOWERS)
def test_every_kind_of_tower_has_cells_in_the_joint_space(made, name):
    family, grid, dim, _ = TOWERS[name]
    model = made(name)
    tower = tower_of(model.network.visual)
    assert isinstance(tower, family)
    x = pixels(model)
    with torch.no_grad():
        for read in (tower.tokens, tower.values):
            cells = read(x)
            assert cells.shape == (2, *grid, dim)
            assert torch.isfinite(cells).all()
            assert float(cells.std(dim=(1, 2)).mean()) > 1e-5  # cells differ
    heat = tower.heat(x, torch.linspace(-1, 1, dim))
    assert heat.shape == (2, *grid)
    assert (heat >= 0).all()
    assert (heat.max(axis=(1, 2)) > 0).all()


@pytest.mark.parametrize("name", TOWERS)
def test_pictures_of_a_batch_do_not_change_each_others_cells(made, name):
    model = made(name)
    tower, x = tower_of(model.network.visual), pixels(model)
    direction = torch.linspace(-1, 1, model.dim)
    alone = tower.heat(x[1:], direction)
    assert np.allclose(tower.heat(x, direction)[1:], alone, atol=1e-5 * alone.max())
    with torch.no_grad():
        assert torch.allclose(tower.values(x)[1:], tower.values(x[1:]), atol=1e-5)


@pytest.mark.parametrize("name", ["own-mean", "timm-fastvit"])
def test_cells_of_a_tower_that_pools_by_a_mean_have_the_whole_as_their_mean(made, name):
    model = made(name)
    x = pixels(model)
    with torch.no_grad():
        cells = tower_of(model.network.visual).tokens(x)
    assert torch.allclose(cells.mean(dim=(1, 2)), embedding(model, x), atol=1e-4)


@pytest.mark.parametrize("name", ["timm-convnext", "timm-swin"])
def test_map_that_is_one_cell_everywhere_is_that_cell(made, name):
    model = made(name)
    visual, x = model.network.visual, pixels(model)
    tower = tower_of(visual)
    with torch.no_grad():
        cell = tower.tokens(x)[0, 1, 0]
        found = visual.trunk.forward_features(x)[:1]
        at = found[:, 1:2, :1] if name == "timm-swin" else found[:, :, 1:2, :1]
        everywhere = visual.head(visual.trunk.forward_head(at.expand_as(found)))
    assert torch.allclose(cell, everywhere[0], atol=1e-5)


def test_values_of_even_attention_over_one_colour_are_the_models_own_output(tmp_path):
    """One layer that does anything, attention that is even, a class token of nothing."""
    path = tiny_tower(tmp_path, "even", OWN)
    model = OpenClip("even", checkpoint=path)
    visual = model.network.visual
    first, last = visual.transformer.resblocks
    with torch.no_grad():
        visual.positional_embedding.zero_()
        visual.class_embedding.zero_()
        for layer in (first.attn.out_proj, first.mlp.c_proj, last.mlp.c_proj):
            layer.weight.zero_()
            layer.bias.zero_()
        last.attn.in_proj_weight[:128] = 0
        last.attn.out_proj.weight.mul_(1000)  # beside which what a norm adds to variances is small
    x = torch.full((1, 3, 32, 32), 0.7)
    with torch.no_grad():
        values = functional.normalize(tower_of(visual).values(x), dim=-1)
        own = model.network.encode_image(x, normalize=True)
    assert torch.allclose(values, own[:, None, None].expand_as(values), atol=1e-4)


def test_values_are_the_last_blocks_projections_worked_out_by_hand(made):
    model = made("own-token")
    visual, x = model.network.visual, pixels(model)
    first, last = visual.transformer.resblocks
    with torch.no_grad():
        y = last.ln_1(first(visual._embeds(x)))[:, 1:]
        attn = last.attn
        value = y @ attn.in_proj_weight[128:].T + attn.in_proj_bias[128:]
        out = value @ attn.out_proj.weight.T + attn.out_proj.bias
        expected = (visual.ln_post(out) @ visual.proj).reshape(2, 4, 4, 32)
        got = tower_of(visual).values(x)
    assert torch.allclose(got, expected, atol=1e-5)


def test_values_of_timm_are_the_last_blocks_projections_worked_out_by_hand(made):
    model = made("timm-token")
    visual, x = model.network.visual, pixels(model)
    trunk, (*blocks, last) = visual.trunk, visual.trunk.blocks
    with torch.no_grad():
        y = trunk.norm_pre(trunk._pos_embed(trunk.patch_embed(x)))
        for block in blocks:
            y = block(y)
        y = last.norm1(y)[:, 1:]
        value = y @ last.attn.qkv.weight[384:].T + last.attn.qkv.bias[384:]
        out = trunk.norm(value @ last.attn.proj.weight.T + last.attn.proj.bias)
        expected = visual.head(out).reshape(2, 14, 14, 32)
        got = tower_of(visual).values(x)
    assert torch.allclose(got, expected, atol=1e-5)


def test_cells_of_a_pooling_by_a_query_have_its_output_as_their_mean_where_it_looks_evenly(made):
    model = made("timm-latent")
    pool, x = model.network.visual.trunk.attn_pool, pixels(model)
    saved = {key: value.clone() for key, value in pool.state_dict().items()}
    with torch.no_grad():
        pool.kv.weight[:192] = 0
        pool.mlp.fc2.weight.zero_()
        pool.mlp.fc2.bias.zero_()
        cells = tower_of(model.network.visual).values(x)
        own = model.network.encode_image(x)
        pool.load_state_dict(saved)
    assert torch.allclose(cells.mean(dim=(1, 2)), own, atol=1e-5)


def test_cells_of_a_resnet_have_its_output_as_their_mean_where_it_looks_evenly(made):
    model = made("own-resnet")
    pool, x = model.network.visual.attnpool, pixels(model)
    saved = {key: value.clone() for key, value in pool.state_dict().items()}
    with torch.no_grad():
        pool.k_proj.weight.zero_()
        pool.k_proj.bias.zero_()
        pool.positional_embedding[0] = pool.positional_embedding[1:].mean(dim=0)
        cells = tower_of(model.network.visual).values(x)
        own = model.network.encode_image(x)
        pool.load_state_dict(saved)
    assert torch.allclose(cells.mean(dim=(1, 2)), own, atol=1e-5)


@pytest.mark.parametrize("name", ["own-token", "own-pooler", "timm-latent", "timm-token"])
def test_relevance_moves_with_what_the_last_attention_looks_at(made, name):
    """A row of the pooled place: it says nothing of a cell that no layer looks at."""
    model = made(name)
    tower, x = tower_of(model.network.visual), pixels(model)
    direction = torch.linspace(-1, 1, model.dim)
    one, other = tower.heat(x, direction), tower.heat(x, -direction)
    assert not np.allclose(one, other, rtol=1e-2)


def test_grad_cam_of_a_linear_end_is_what_can_be_worked_out():
    found = torch.zeros(1, 2, 2, 2)
    found[0, 0] = torch.tensor([[3.0, 0.0], [0.0, 0.0]])
    found[0, 1] = torch.tensor([[0.0, 0.0], [0.0, 4.0]])
    # the mean is (0.75, 1.0), of length 1.25; towards the first of its two numbers the cosine
    # is 0.6, and grows by (1 − 0.36, −0.48) / 1.25 with them, a quarter of it for each cell
    heat = grad_cam(found, lambda f: f.mean(dim=(2, 3)), torch.tensor([1.0, 0.0]), (2, 3))
    assert np.allclose(heat[0], [[3 * 0.64 / 1.25 / 4, 0], [0, 0]])
    # places last, as Swin has them
    heat = grad_cam(
        found.permute(0, 2, 3, 1), lambda f: f.mean(dim=(1, 2)), torch.tensor([1.0, 0.0]), (1, 2)
    )
    assert np.allclose(heat[0], [[3 * 0.64 / 1.25 / 4, 0], [0, 0]])


@pytest.mark.parametrize("name", ["own-resnet", "timm-convnext"])
def test_grad_cam_weighs_channels_by_their_finite_differences(made, name):
    """A step of a channel in all places changes the score by the sum of its gradients."""
    model = made(name)
    visual, x = model.network.visual.double(), pixels(model, 1).double()
    tower = tower_of(visual) if name == "own-resnet" else TimmMap(visual)
    direction = torch.linspace(-1, 1, 32, dtype=torch.float64)
    with torch.no_grad():
        if name == "own-resnet":
            found, end = tower._map(x), visual.attnpool
        else:
            found, end = visual.trunk.forward_features(x), tower._end
        slopes = []
        for channel in range(found.shape[1]):
            step = torch.zeros_like(found)
            step[:, channel] = 1e-5
            up, down = (
                functional.normalize(end(found + s), dim=-1)[0] @ direction for s in (step, -step)
            )
            slopes.append((up - down) / 2e-5 / found[0, 0].numel())
        expected = (torch.stack(slopes)[:, None, None] * found[0]).sum(dim=0).clamp(min=0)
        heat = tower.heat(x, direction)[0]
    model.network.visual.float()
    assert np.allclose(heat, expected, atol=1e-4 * heat.max())
    assert heat.max() > 0


def test_tower_of_another_kind_has_no_local_features():
    with pytest.raises(ExplanationError, match=r"Linear, which is not known here.*Use occlusion"):
        tower_of(torch.nn.Linear(2, 2))
