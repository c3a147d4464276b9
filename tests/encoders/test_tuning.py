"""Towers that were trained further: what changed, kept in few bits."""

from pathlib import Path

import numpy as np
import pytest
import torch

from xmr_core.encoders.image import CHANNELS, TOWERS, ImageEncoder, network, prepare
from xmr_core.encoders.tuning import Tuning, rounded, save
from xmr_core.errors import WeightsDamaged
from xmr_core.media import Floats, Image

FIRST, DIM = 5, 3


def changes(tower: str, rng: np.random.Generator) -> dict[str, Floats]:
    """Something to add to every late parameter of a tower."""
    late = (f"blocks.{FIRST}", "blocks.6", "conv_head", "bn2")
    return {
        name: (0.02 * rng.normal(size=value.shape)).astype(np.float32)
        for name, value in network(tower).named_parameters()
        if name.startswith(late)
    }


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(0)
    towers = ("lite0", "lite2")
    maps = {
        tower: (
            rng.normal(size=(DIM, CHANNELS)).astype(np.float32),
            rng.normal(size=DIM).astype(np.float32),
        )
        for tower in towers
    }
    path = tmp_path_factory.mktemp("tuning") / "tuning.safetensors"
    save(path, {tower: changes(tower, rng) for tower in towers}, maps, FIRST)
    return path


@pytest.fixture(scope="module")
def pictures() -> list[Image]:
    rng = np.random.default_rng(1)
    return [Image(rng.integers(0, 256, (90, 120, 3), np.uint8)) for _ in range(2)]


def test_a_rounded_change_is_close_and_takes_few_values() -> None:
    change = np.random.default_rng(0).normal(size=(4, 6, 3, 3)).astype(np.float32)
    whole, scale = rounded(change)
    assert whole.dtype == np.int8 and whole.shape == change.shape
    assert np.abs(whole).max() <= 15
    off = np.abs(whole * scale[:, None, None, None] - change)
    assert np.quantile(off, 0.95) <= 0.5 * scale.max() + 1e-6


def test_tuned_numbers_are_those_of_the_changed_network(
    tuned: Path, pictures: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XMR_PRECISION", "float")
    tuning = Tuning(tuned)
    encoder = ImageEncoder(("lite0", "lite2"), tuning)
    (found, _) = (encoding.pooled for encoding in encoder.encode(pictures))
    expected = np.zeros(DIM, np.float32)
    for tower in encoder.towers:
        net = network(tower)
        plain = {k: v.clone() for k, v in net.named_parameters()}
        tuning.apply(tower, net)
        moved = {k for k, v in net.named_parameters() if not torch.equal(v, plain[k])}
        assert moved and all(int(k.split(".")[1]) >= FIRST for k in moved if "blocks" in k)
        pixels = prepare(pictures[0].pixels, TOWERS[tower].side)[None].copy()
        x = (torch.from_numpy(pixels).permute(0, 3, 1, 2).float() - 127) / 128
        with torch.inference_mode():
            last = net.forward_features(x).mean((2, 3)).numpy()  # type: ignore[operator]
        weight, bias = tuning.map(tower)
        expected += (last @ weight.T + bias)[0]
    np.testing.assert_allclose(found[-DIM:], expected, atol=2e-3, rtol=1e-3)
    assert encoder.dim == len(found)


def test_the_towers_own_features_stay_as_they_were(tuned: Path, pictures: list[Image]) -> None:
    encoder = ImageEncoder(("lite0", "lite2"), Tuning(tuned))
    plain = ImageEncoder(("lite0", "lite2"))
    for a, b in zip(encoder.encode(pictures), plain.encode(pictures), strict=True):
        np.testing.assert_allclose(a.pooled[:-DIM], b.pooled, atol=1e-4)
    assert encoder.fingerprint != plain.fingerprint


def test_cells_have_the_whole_as_their_mean(tuned: Path, pictures: list[Image]) -> None:
    encoder = ImageEncoder(("lite0", "lite2"), Tuning(tuned))
    (cells, _), (whole, _) = encoder.grid(pictures), encoder.encode(pictures)
    assert cells.shape == (9, 9, encoder.dim)
    np.testing.assert_allclose(cells.mean((0, 1)), whole.pooled, atol=1e-3, rtol=1e-3)
    spread = cells[:, :, -DIM:].std((0, 1))
    assert (spread > 0).all()


def test_no_pictures_give_no_rows(tuned: Path) -> None:
    assert ImageEncoder(("lite0",), Tuning(tuned)).encode([]) == []


def test_a_change_of_another_network_is_refused(tuned: Path) -> None:
    with pytest.raises(WeightsDamaged, match="another network"):
        Tuning(tuned).apply("lite2", network("lite0"))


@pytest.mark.parametrize("cut", [0, 40, -1000])
def test_a_truncated_file_is_refused(tuned: Path, tmp_path: Path, cut: int) -> None:
    damaged = tmp_path / "tuning.safetensors"
    damaged.write_bytes(tuned.read_bytes()[: cut or None] if cut else b"")
    with pytest.raises(WeightsDamaged):
        Tuning(damaged)


def test_one_flipped_bit_is_noticed_when_the_changes_are_read(tuned: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "tuning.safetensors"
    content = bytearray(tuned.read_bytes())
    content[-5000] ^= 1
    damaged.write_bytes(content)
    with pytest.raises(WeightsDamaged, match="has changed"):
        Tuning(damaged).map("lite0")


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    other = tmp_path / "tuning.safetensors"
    save_file({"x": np.zeros(1, np.float32)}, other)
    with pytest.raises(WeightsDamaged, match="not a tuning"):
        Tuning(other)
