from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from xmr_core.bench.media import photographs
from xmr_core.encoders.areas import redraw
from xmr_core.encoders.image import (
    CHANNELS,
    TOWERS,
    ImageEncoder,
    class_names,
    classifier,
    network,
    prepare,
)
from xmr_core.encoders.precision import made_for_eight_bits
from xmr_core.media import Image
from xmr_core.models import fetch


@pytest.fixture(scope="module")
def pictures():
    return [Image(p) for p in photographs(3)]


def by_hand(tower, image):
    """A tower's layers (a, a, c) by timm and torch, with the preprocessing written out.

    The last one first, then the four stages before it; and the logits.
    """
    import timm
    import torch

    about = TOWERS[tower]
    net = timm.create_model(about.architecture, pretrained=False).eval()
    state = torch.load(fetch(about.weights), map_location="cpu", weights_only=True)
    names = list(net.state_dict())
    assert len(names) == len(state)
    net.load_state_dict(dict(zip(names, state.values(), strict=True)))
    small = PIL.Image.fromarray(image.pixels).resize(
        (about.side, about.side), PIL.Image.Resampling.BICUBIC
    )
    pixels = (np.asarray(small, np.float32) - 127) / 128
    with torch.inference_mode():
        x = torch.from_numpy(pixels).permute(2, 0, 1)[None]
        last = net.forward_features(x)
        stages = net.forward_intermediates(x, intermediates_only=True)
        logits = net.forward_head(last)
    whole = net.bn1(net.conv_stem(x))
    blocks = []
    with torch.inference_mode():
        for block in net.blocks:
            whole = block(whole)
            blocks.append(whole)
    assert torch.allclose(stages[-1], blocks[-1], atol=1e-4)  # the blocks are timm's own path
    layers = [last, *blocks[-4:]]
    return [layer[0].permute(1, 2, 0).detach().numpy() for layer in layers], logits[0].numpy()


@pytest.mark.parametrize("tower", TOWERS)
def test_features_are_those_of_timm_in_eager_torch(tower, pictures, monkeypatch):
    monkeypatch.setenv("XMR_PRECISION", "float")
    encoder = ImageEncoder((tower,))
    (last, *stages), logits = by_hand(tower, pictures[1])
    (found,) = encoder.grid(pictures[1:2])
    (encoding,) = encoder.encode(pictures[1:2])
    close = {"atol": 2e-3 * last.max()}
    assert np.allclose(found[:, :, :CHANNELS], last, **close)
    g = len(last)
    cells = np.concatenate([redraw(stage[None], g, g)[0] for stage in stages], axis=2)
    spreads = np.concatenate([stage.std((0, 1)) for stage in stages])
    middle = CHANNELS + cells.shape[2]
    assert np.allclose(found[:, :, CHANNELS:middle], cells, **close)
    assert np.allclose(found[:, :, middle:], spreads, **close)
    means = np.concatenate([layer.mean((0, 1)) for layer in (last, *stages)])
    assert np.allclose(encoding.pooled, np.concatenate([means, spreads]), atol=5e-3)
    weight, bias = classifier(tower)
    named = encoding.pooled[:CHANNELS]
    assert np.allclose(named @ weight.T + bias, logits, atol=0.05)
    assert (named >= 0).all()


@pytest.mark.skipif(not made_for_eight_bits(Path("/proc/cpuinfo")), reason="no VNNI")
@pytest.mark.parametrize("tower", TOWERS)
def test_eight_bits_are_close_to_floating_point_cell_by_cell(tower, pictures, monkeypatch):
    encodings, cells, encoder = {}, {}, ImageEncoder((tower,))
    for kind in ("float", "int8"):
        monkeypatch.setenv("XMR_PRECISION", kind)
        encodings[kind] = np.stack([e.pooled for e in encoder.encode(pictures)])
        cells[kind] = np.stack(encoder.grid(pictures))
    assert not np.array_equal(encodings["float"], encodings["int8"])
    for found in (encodings, cells):
        off = np.linalg.norm(found["int8"] - found["float"], axis=-1)
        assert off.mean() < 0.06 * np.linalg.norm(found["float"], axis=-1).mean()
    assert np.allclose(cells["int8"].mean((1, 2)), encodings["int8"], atol=1e-3)


@pytest.mark.parametrize("tower", TOWERS)
def test_towers_know_a_cat_and_an_espresso(tower):
    import skimage.data

    names = class_names()
    weight, bias = classifier(tower)
    shown = [skimage.data.chelsea(), skimage.data.coffee()]
    encodings = ImageEncoder((tower,)).encode([Image(p) for p in shown])
    best = [names[int(np.argmax(weight @ e.pooled[:CHANNELS] + bias))] for e in encodings]
    assert "cat" in best[0]
    assert "espresso" in best[1]


def test_names_are_the_thousand_of_imagenet_in_order():
    names = class_names()
    assert len(names) == 1000
    assert names[0].startswith("tench")
    assert names[281].startswith("tabby")
    assert names[999].startswith("toilet")


def test_weights_fit_only_their_own_tower(monkeypatch):
    monkeypatch.setattr("xmr_core.encoders.image.fetch", lambda name: fetch("efficientnet-lite0"))
    network("lite0")
    with pytest.raises((RuntimeError, ValueError)):
        network("lite2")


def test_mean_of_the_grid_is_the_whole_also_for_towers_side_by_side(pictures):
    encoder = ImageEncoder(("lite0", "lite2"))
    encodings = encoder.encode(pictures)
    for grid, encoding in zip(encoder.grid(pictures), encodings, strict=True):
        assert grid.shape == (9, 9, TOWERS["lite0"].dim + TOWERS["lite2"].dim)
        assert np.allclose(grid.mean((0, 1)), encoding.pooled, atol=1e-4 * encoding.pooled.max())
    alone = [ImageEncoder((t,)).encode(pictures) for t in ("lite0", "lite2")]
    joined = np.concatenate([alone[0][2].pooled, alone[1][2].pooled])
    assert np.array_equal(encodings[2].pooled, joined)


def test_resampled_cell_is_the_mean_of_what_it_covers():
    grid = np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2)
    fine = redraw(grid, 4, 4)
    assert np.array_equal(fine, grid.repeat(2, 1).repeat(2, 2))
    third = redraw(grid, 3, 3)
    assert np.allclose(third[0, 1, 1], grid[0].mean((0, 1)))
    assert np.allclose(third[0, 0, 0], grid[0, 0, 0])
    assert np.allclose(third[0, 0, 1], grid[0, 0].mean(0))


def test_red_corner_lights_the_cells_that_see_it():
    """The grid lies as the picture does: rows are y, columns are x."""
    plain = np.full((260, 260, 3), 128, np.uint8)
    corner = plain.copy()
    corner[180:, :60] = (255, 0, 0)
    first, second = ImageEncoder(("lite2",)).grid([Image(plain), Image(corner)])
    change = np.abs(first - second).sum(axis=2)  # (9, 9)
    y, x = np.unravel_index(change.argmax(), change.shape)
    assert y >= 5
    assert x <= 3


def test_squashing_keeps_every_edge_and_the_proportions_of_the_places():
    wide = np.zeros((10, 1000, 3), np.uint8)
    wide[:, 500:] = 255
    small = prepare(wide, 100)
    assert small.shape == (100, 100, 3)
    assert small[:, :45].max() < 20
    assert small[:, 55:].min() > 235


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (3000, 2), (17, 23), (260, 260)])
def test_pictures_of_any_shape_have_a_vector(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    (encoding,) = ImageEncoder(("lite0",)).encode([Image(pixels)])
    assert encoding.pooled.shape == (TOWERS["lite0"].dim,)
    assert np.isfinite(encoding.pooled).all()
    assert encoding.pooled.max() > 0


def test_more_pictures_than_one_run_takes_come_back_in_order(pictures):
    many = [pictures[i % 3] for i in range(19)]
    encodings = ImageEncoder(("lite0",)).encode(many)
    for i, encoding in enumerate(encodings):
        assert np.allclose(encoding.pooled, encodings[i % 3].pooled, atol=1e-4)
    assert not np.allclose(encodings[0].pooled, encodings[1].pooled, atol=1e-2)


def test_fingerprint_tells_towers_and_their_order_apart():
    marks = {
        ImageEncoder(t).fingerprint for t in (("lite0",), ("lite0", "lite2"), ("lite2", "lite0"))
    }
    assert len(marks) == 3
    assert ImageEncoder(("lite2",)).fingerprint == ImageEncoder().fingerprint
