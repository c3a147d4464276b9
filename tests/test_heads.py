"""Heads: what they compute, how they are kept, and what they refuse."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from xmr_core.errors import ModelError, WeightsDamaged, WeightsMissing
from xmr_core.heads import (
    KINDS,
    Blend,
    Branches,
    Gelu,
    Head,
    Kernel,
    Layer,
    Linear,
    Relu,
    Residual,
    Root,
    Sign,
    Slice,
    Softmax,
    SparseCode,
    Standardise,
    Tanh,
    Unit,
)
from xmr_core.media import Floats

RNG = np.random.default_rng(0)


def draw(*shape: int) -> Floats:
    return RNG.normal(size=shape).astype(np.float32)


def linear(a: int, b: int) -> Linear:
    return Linear(draw(a, b), draw(b))


def rich_head() -> Head:
    """One of every kind of layer: 12 features → 5 + 3 dimensions."""
    learned: tuple[Layer, ...] = (
        Slice(2, 12),
        Root(),
        Standardise(draw(10), np.abs(draw(10))),
        linear(10, 6),
        Residual((linear(6, 6), Gelu(), linear(6, 6))),
        Branches("sum", ((linear(6, 5),), (Gelu(), linear(6, 5))), (1.0, 0.5)),
        Unit(),
    )
    names: tuple[Layer, ...] = (linear(12, 7), Softmax(0.5), linear(7, 3), Unit())
    blended = Blend((linear(12, 1),), (learned, names), (0.3, 0.9), (0.8, 0.6))
    layers = (Branches("concat", ((blended,),), (1.0,)),)
    return Head(12, layers, {"name": "test"})


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "image.safetensors"
    rich_head().save(path)
    return path


def rewrite(path: Path, **changes: str) -> None:
    """Change a head's metadata and leave its tensors."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        metadata = json.loads(file.read(length))["__metadata__"]
    save_file(load_file(path), path, {**metadata, **changes})


def test_head_equals_the_torch_module_it_was_exported_from() -> None:
    class Module(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = torch.nn.Linear(20, 16)
            self.outer = torch.nn.Linear(16, 20)
            self.out = torch.nn.Linear(20, 9)
            self.classes = torch.nn.Linear(20, 11)
            self.names = torch.nn.Linear(11, 4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = torch.nn.functional.gelu(self.inner(x), approximate="tanh")
            learned = torch.nn.functional.normalize(self.out(x + self.outer(h)))
            named = torch.nn.functional.normalize(self.names((self.classes(x) / 0.7).softmax(1)))
            return torch.nn.functional.normalize(torch.cat([learned, 0.5 * named], 1))

    def export(module: torch.nn.Linear) -> Linear:
        return Linear(module.weight.detach().numpy().T, module.bias.detach().numpy())

    torch.manual_seed(0)
    module = Module()
    residual = Residual((export(module.inner), Gelu(), export(module.outer)))
    learned = (residual, export(module.out), Unit())
    named = (export(module.classes), Softmax(0.7), export(module.names), Unit())
    head = Head(20, (Branches("concat", (learned, named), (1.0, 0.5)),))
    x = draw(32, 20)
    with torch.inference_mode():
        expected = module(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(head(x), expected, atol=2e-6)
    assert head.dim == 13


def test_rows_have_length_one_and_zero_stays_zero() -> None:
    head = Head.affine(draw(4, 3))
    rows = head(np.vstack([draw(5, 4), np.zeros((1, 4), np.float32)]))
    np.testing.assert_allclose(np.linalg.norm(rows[:5], axis=1), 1, atol=1e-6)
    assert not rows[5].any()
    assert rows.dtype == np.float32


def test_roots_of_what_is_below_zero_are_zero() -> None:
    np.testing.assert_array_equal(
        Root()(np.array([[4.0, -1.0, 0.25]], np.float32)), np.array([[2.0, 0.0, 0.5]], np.float32)
    )


def test_affine_head_is_affine_before_scaling() -> None:
    weight, bias, x = draw(6, 3), draw(3), draw(8, 6)
    head = Head.affine(weight, bias)
    np.testing.assert_allclose(head.raw(x), x @ weight + bias, atol=1e-5)
    np.testing.assert_allclose(
        head.raw(x.mean(axis=0, keepdims=True))[0], head.raw(x).mean(axis=0), atol=1e-5
    )


def test_concatenated_unit_branches_add_their_weighted_cosines() -> None:
    one, two = linear(6, 4), linear(6, 5)
    both = Head(6, (Branches("concat", ((one, Unit()), (two, Unit())), (0.8, 0.6)),))
    a, b = draw(7, 6), draw(9, 6)
    alone = [Head(6, (layer,)) for layer in (one, two)]
    cosines = [head(a) @ head(b).T for head in alone]
    np.testing.assert_allclose(
        both(a) @ both(b).T, 0.64 * cosines[0] + 0.36 * cosines[1], atol=1e-6
    )


def test_blend_weighs_its_branches_by_what_the_row_is() -> None:
    gate = Linear(np.array([[100.0], [0.0]], np.float32), np.zeros(1, np.float32))
    branches = ((Slice(0, 1), Unit()), (Slice(1, 2), Unit()))
    layer = Blend((gate,), branches, (1.0, 0.25), (0.5, 2.0))
    rows = np.array([[-1, 1], [1, -1], [0, 1]], np.float32)
    expected = [[-1, 0.25], [0.5, -2.0], [0, 1.125]]  # closed, open, half open
    np.testing.assert_allclose(layer(rows), expected, atol=1e-6)


def test_saved_head_comes_back_bit_identical(tmp_path: Path) -> None:
    head, x = rich_head(), draw(10, 12)
    for version in (head, head.half()):
        version.save(tmp_path / "head.safetensors")
        again = Head.load(tmp_path / "head.safetensors")
        assert (again(x) == version(x)).all()
        assert again.about == {"name": "test"}
        assert again.fingerprint == version.fingerprint


def test_half_head_takes_half_the_room_and_is_close(tmp_path: Path) -> None:
    head = Head.affine(draw(300, 200))
    head.save(tmp_path / "full.safetensors")
    half = head.half()
    half.save(tmp_path / "half.safetensors")
    sizes = [(tmp_path / f"{name}.safetensors").stat().st_size for name in ("full", "half")]
    assert sizes[1] < 0.52 * sizes[0]
    x = draw(20, 300)
    assert (Head.load(tmp_path / "half.safetensors")(x) == half(x)).all()
    assert (half(x) * head(x)).sum(axis=1).min() > 0.99999
    assert half.fingerprint != head.fingerprint


def test_fingerprint_follows_weights_and_order_of_layers() -> None:
    weight = draw(3, 3)
    first = Head(3, (Linear(weight, np.zeros(3, np.float32)), Gelu()))
    swapped = Head(3, (Gelu(), Linear(weight, np.zeros(3, np.float32))))
    nudged = weight.copy()
    nudged[0, 0] += 1e-3
    other = Head(3, (Linear(nudged, np.zeros(3, np.float32)), Gelu()))
    same = Head(3, first.layers, {"note": "kept apart"})
    assert len({first.fingerprint, swapped.fingerprint, other.fingerprint}) == 3
    assert same.fingerprint == first.fingerprint


def test_planted_directions_are_found_through_a_ridge_head() -> None:
    latent = draw(400, 8)
    pictures = latent @ draw(8, 40) + 0.1 * draw(400, 40)
    words = latent @ draw(8, 16)
    train, test = slice(0, 300), slice(300, 400)
    gram = pictures[train].T @ pictures[train] + np.eye(40, dtype=np.float32)
    weight = np.linalg.solve(gram, pictures[train].T @ words[train])
    image, text = Head.affine(weight), Head.identity(16)
    nearest = (text(words[test]) @ image(pictures[test]).T).argmax(axis=1)
    assert (nearest == np.arange(100)).mean() > 0.95
    shuffled = Head.affine(weight[RNG.permutation(40)])
    nearest = (text(words[test]) @ shuffled(pictures[test]).T).argmax(axis=1)
    assert (nearest == np.arange(100)).mean() < 0.2


def test_features_of_another_width_are_refused() -> None:
    head = Head.identity(4)
    for wrong in (draw(3, 5), draw(4), draw(1, 1, 4)):
        with pytest.raises(ModelError, match=r"takes features \(n, 4\)"):
            head(wrong)


def test_no_rows_give_no_rows() -> None:
    assert rich_head()(np.zeros((0, 12), np.float32)).shape == (0, 8)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Head(3, (linear(4, 2),)),
        lambda: Head(3, (Standardise(draw(2), draw(2)),)),
        lambda: Head(3, (Slice(0, 4),)),
        lambda: Head(3, (Slice(2, 2),)),
        lambda: Head(3, (Residual((linear(3, 2),)),)),
        lambda: Head(3, (Branches("sum", ((linear(3, 2),), (linear(3, 4),)), (1.0, 1.0)),)),
        lambda: Head(3, (Branches("sum", ((linear(3, 2),),), (1.0, 1.0)),)),
        lambda: Head(3, (Branches("max", ((linear(3, 2),),), (1.0,)),)),
        lambda: Head(3, (Branches("sum", (), ()),)),
        lambda: Head(3, (Blend((linear(3, 2),), ((linear(3, 4),),), (1.0,), (1.0,)),)),
        lambda: Head(3, (Blend((linear(3, 1),), ((linear(3, 4),),), (1.0,), (1.0, 0.0)),)),
        lambda: Head(3, (Blend((linear(3, 1),), (), (), ()),)),
        lambda: Head(3, (Softmax(0.0),)),
        lambda: Head(0, ()),
        lambda: Head(3, (SparseCode(draw(5, 2), 0.1),)),
        lambda: SparseCode(draw(5, 3), -0.1),
        lambda: SparseCode(draw(5, 3), 0.1, 0),
        lambda: Linear(draw(3, 2), draw(3)),
        lambda: Linear(np.full((2, 2), np.nan, np.float32), draw(2)),
        lambda: Head.affine(draw(3)),
        lambda: Standardise(draw(3), draw(2)),
        lambda: Head.affine(draw(3, 3) * 1e6).half(),
    ],
)
def test_layers_that_do_not_fit_are_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ModelError):
        make()


def test_missing_head_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"gone\.safetensors"):
        Head.load(tmp_path / "gone.safetensors")


def test_truncated_head_is_refused(saved: Path) -> None:
    whole = saved.read_bytes()
    for keep in (0, 5, len(whole) // 2, len(whole) - 1):
        saved.write_bytes(whole[:keep])
        with pytest.raises(WeightsDamaged, match="damaged"):
            Head.load(saved)


def test_one_flipped_bit_is_noticed(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[-2] ^= 1
    saved.write_bytes(content)
    with pytest.raises(WeightsDamaged, match="changed since"):
        Head.load(saved)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "something else"},
        {"layers": "not json"},
        {"layers": '[{"kind": "pickle"}]'},
        {"layers": '[{"kind": "linear", "weight": "999", "bias": "000"}]'},
        {"layers": '[{"kind": "linear", "weight": "000"}]'},
        {"layers": '{"kind": "gelu"}'},
        {"layers": "[" * 100_000},
        {"dim_in": "13"},
        {"dim_in": "many"},
        {"about": "["},
        {"fingerprint": "0"},
    ],
)
def test_damaged_description_is_refused(saved: Path, changes: dict[str, str]) -> None:
    rewrite(saved, **changes)
    with pytest.raises(WeightsDamaged):
        Head.load(saved)


def test_safetensors_file_that_is_no_head_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file({"a": draw(2)}, path)
    with pytest.raises(WeightsDamaged, match="not a head"):
        Head.load(path)


def test_every_kind_of_layer_survives_the_file(tmp_path: Path) -> None:
    layers: tuple[Layer, ...] = (linear(12, 6), Tanh(), Kernel(draw(4, 6), 0.1), Relu())
    coded = Head(12, (*layers, SparseCode(draw(5, 4), 0.01, 20, positive=True), Sign()), {})
    specs = []
    for head in (rich_head(), coded):
        head.save(tmp_path / "head.safetensors")
        x = draw(5, 12)
        np.testing.assert_array_equal(Head.load(tmp_path / "head.safetensors")(x), head(x))
        specs.append(head._pack()[0])
    for kind in KINDS:
        assert any(f'"kind": "{kind}"' in spec for spec in specs), kind


def test_rich_head_is_stored_whole() -> None:
    assert len(rich_head()._pack()[1]) == 2 + 2 * 8


def test_a_gaussian_kernel_is_one_at_its_landmark_and_falls_with_the_square() -> None:
    layer = Kernel(np.array([[0, 0], [3, 4]], np.float32), 0.1)
    near, far = layer(np.zeros((1, 2), np.float32))[0]
    assert near == 1
    assert far == pytest.approx(np.exp(-2.5))


def test_a_kernel_of_no_width_is_refused() -> None:
    with pytest.raises(ModelError, match="gamma"):
        Kernel(draw(2, 2), 0)


@pytest.mark.parametrize("positive", [False, True])
def test_sparse_codes_are_those_of_another_solver(positive: bool) -> None:
    from sklearn.linear_model import Lasso

    atoms, x = draw(9, 6), draw(4, 6)
    code = SparseCode(atoms, 0.6, 2000, positive=positive)(x)
    lasso = Lasso(0.6 / 6, fit_intercept=False, positive=positive, tol=1e-6, max_iter=10_000)
    expected = np.stack([lasso.fit(atoms.T.astype(float), row).coef_ for row in x.astype(float)])
    np.testing.assert_allclose(code, expected, atol=2e-3)
    assert 0 < np.mean(code == 0) < 1
    assert code.min() >= 0 or not positive
