"""Pictures → ImageNet features: EfficientNet-Lite towers, one or several side by side.

Weights: EfficientNet-Lite 0, 1 and 2 (Tan and Le, 2019; Liu, 2020), trained on
ImageNet-1k at 224, 240 and 260 pixels. Each gives a grid of features; the mean
over the grid is the picture's vector, so that an affine head's score is the sum
of its cells' scores. The last layer's 1280 features name things. Those of the four
stages before it, their means and how far they spread over the picture, keep what a
classifier has no use for and captions speak of: colours, textures, open and crowded
scenes. Towers that were trained further on captioned pictures add what they then say.
"""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from xmr_core.encoders.areas import overlap, redraw
from xmr_core.encoders.onnx import Export, Network, graph
from xmr_core.encoders.tuning import Tuning
from xmr_core.media import Bytes, Encoding, Floats, Image, Modality
from xmr_core.models import artefact, fetch

if TYPE_CHECKING:
    import PIL.Image
    import torch

CHANNELS = 1280  # of the last layer
BATCH = 2  # pictures in one run of a graph: what more would need does not fit a core's cache
_DRAWN = 16  # pictures that are held in Pillow's form as well
_EXPORT = 3  # raise when the exported module changes
_FRONT = "squash-bicubic-2"  # the pre-processing, as part of the fingerprint


@dataclass(frozen=True, slots=True)
class Tower:
    """A network: its ``weights``, timm's name of its architecture, its input ``side``.

    ``stages`` are the channels of its last four stages.
    """

    weights: str
    architecture: str
    side: int
    stages: tuple[int, ...]

    @property
    def dim(self) -> int:
        """Features: the last layer's, the stages' means, the stages' standard deviations."""
        return CHANNELS + 2 * sum(self.stages)


_SMALL, _LARGE = (80, 112, 192, 320), (88, 120, 208, 352)

TOWERS: dict[str, Tower] = {
    "lite0": Tower("efficientnet-lite0", "tf_efficientnet_lite0", 224, _SMALL),
    "lite1": Tower("efficientnet-lite1", "tf_efficientnet_lite1", 240, _SMALL),
    "lite2": Tower("efficientnet-lite2", "tf_efficientnet_lite2", 260, _LARGE),
}


class ImageEncoder:
    """Pictures to f32 (m,): each tower's last layer, all ≥ 0, then its stages; not normalised.

    The whole picture is squashed to the tower's square: nothing at the edges is
    lost, and a cell of the grid is always the same fraction of the picture.

    Args:
        towers: keys of ``TOWERS``; their features stand side by side in this order.
        tuning: adds its numbers after them, summed over the towers.
    """

    modality = Modality.IMAGE

    def __init__(self, towers: Sequence[str] = ("lite2",), tuning: Tuning | None = None) -> None:
        self.towers = tuple(towers)
        self.tuning = tuning
        self.name = "efficientnet-" + "+".join(self.towers) + ("-tuned" if tuning else "")
        self.dim = sum(TOWERS[tower].dim for tower in self.towers) + (tuning.dim if tuning else 0)
        shas = [artefact(TOWERS[t].weights).sha256[:16] for t in self.towers]
        shas += [tuning.fingerprint] if tuning else []
        self.fingerprint = ":".join([self.name, *shas, _FRONT])

    def encode(self, batch: Sequence[Image]) -> list[Encoding]:
        """One vector a picture; no parts (see ``grid``)."""
        parts = np.zeros((0, self.dim), np.float32)
        boxes = np.zeros((0, 2, 2), np.float32)
        pooled = self._join(self._run(batch, "pooled"))  # (n, m)
        return [Encoding(row, parts, boxes) for row in pooled]

    def grid(self, batch: Sequence[Image]) -> list[Floats]:
        """Features of the cells of each picture, f32 (gy, gx, m); their mean is ``pooled``.

        Towers of coarser grids are brought to the finest one by area, which keeps their mean.
        A spread belongs to the whole picture and is the same in every cell.
        """
        grids = self._run(batch, "grid")  # towers × (n, g, g, dim)
        finest = max(g.shape[1] for g in grids)
        return list(self._join([redraw(g, finest, finest) for g in grids]))

    def _join(self, features: Sequence[Floats]) -> Floats:
        """What each tower gives, (…, its dim and the tuning's) → (…, m)."""
        if not self.tuning:
            return np.concatenate(features, axis=-1)
        own = [x[..., : -self.tuning.dim] for x in features]
        tuned = sum(x[..., -self.tuning.dim :] for x in features)
        return np.concatenate([*own, tuned], axis=-1)

    def _run(self, batch: Sequence[Image], output: str) -> list[Floats]:
        """Each tower's output for a batch: towers × (n, …)."""
        if not batch:
            return [np.concatenate(list(self._some(t, [], output))) for t in self.towers]
        parts: list[list[Floats]] = [[] for _ in self.towers]
        for start in range(0, len(batch), _DRAWN):  # no more of them are held twice
            drawn = [_Drawn(image.pixels) for image in batch[start : start + _DRAWN]]
            # All towers are set going before the first is waited for: no core idles between them.
            going = [self._some(tower, drawn, output) for tower in self.towers]
            for part, found in zip(parts, going, strict=True):
                part.extend(found)
        return [np.concatenate(part) for part in parts]

    def _some(self, tower: str, drawn: "Sequence[_Drawn]", output: str) -> Iterable[Floats]:
        side = TOWERS[tower].side
        network = _graph(tower, self.tuning)
        if not drawn:
            return network.run([output], pixels=np.zeros((0, side, side, 3), np.uint8))

        def few(start: int) -> dict[str, Bytes]:
            return {
                "pixels": np.stack([one.squashed(side) for one in drawn[start : start + BATCH]])
            }

        starts = range(0, len(drawn), BATCH)
        return network.each(output, [partial(few, at) for at in starts])


class _Drawn:
    """Pixels u8 (H, W, 3) as Pillow holds them, from the first squashing on: it takes a while."""

    def __init__(self, pixels: Bytes) -> None:
        self._pixels = pixels

    @cached_property
    def _picture(self) -> "PIL.Image.Image":
        import PIL.Image

        return PIL.Image.fromarray(self._pixels)

    def squashed(self, side: int) -> Bytes:
        """See `prepare`."""
        import PIL.Image

        small = self._picture.resize((side, side), PIL.Image.Resampling.BICUBIC)
        return np.asarray(small)


def prepare(pixels: Bytes, side: int) -> Bytes:
    """Squash u8 (H, W, 3) to u8 (side, side, 3), bicubic with anti-aliasing."""
    return _Drawn(pixels).squashed(side)


def class_names() -> list[str]:
    """The thousand names that the towers' classifiers know, in their order."""
    from timm.data.imagenet_info import ImageNetInfo

    info = ImageNetInfo()
    return [info.index_to_description(i) for i in range(1000)]


def classifier(tower: str = "lite2") -> tuple[Floats, Floats]:
    """Weights (1000, 1280) and bias (1000,): ``features @ weights.T + bias`` are the logits."""
    weight, bias = list(_state(tower).values())[-2:]
    return weight.numpy(), bias.numpy()


def _graph(tower: str, tuning: Tuning | None) -> Network:
    name, made_of = TOWERS[tower].weights, [artefact(TOWERS[tower].weights).sha256]
    if tuning:
        name, made_of = f"{name}-tuned", [*made_of, tuning.fingerprint]
    sample = partial(_sample, TOWERS[tower].side)
    return graph(name, made_of, _EXPORT, lambda: _build(tower, tuning), apart=True, sample=sample)


def _sample(side: int) -> list[dict[str, Bytes]]:
    """What a tower is given, by the four photographs of scikit-image's package and their parts."""
    import skimage.data

    feeds = []
    for name in ("astronaut", "chelsea", "coffee", "rocket"):
        whole = getattr(skimage.data, name)()
        height, width = whole.shape[:2]
        parts = [whole, whole[:, ::-1][height // 4 :, width // 4 :]]
        parts += [whole[: height // 2, width // 4 :], whole[height // 3 :, : width // 2]]
        rows = np.stack([prepare(np.ascontiguousarray(part), side) for part in parts])
        rows[0, 0, :2] = [[0], [255]]  # black and white, so that there is nothing beyond
        feeds += [{"pixels": rows[at : at + BATCH]} for at in range(0, len(rows), BATCH)]
    return feeds


def _state(tower: str) -> "dict[str, torch.Tensor]":
    import torch

    state: dict[str, torch.Tensor] = torch.load(
        fetch(TOWERS[tower].weights), map_location="cpu", weights_only=True
    )
    return state


def network(tower: str, drop_path: float = 0.0) -> "torch.nn.Module":
    """The torch network of a tower with its weights, in evaluation mode.

    In training, a share of the blocks, up to ``drop_path`` at the last, is left out.

    The packages name their tensors otherwise than timm, in the same order: the
    strict loading below refuses any difference of number or shape.
    """
    import timm

    name = TOWERS[tower].architecture
    net: torch.nn.Module = timm.create_model(name, pretrained=False, drop_path_rate=drop_path)
    state = _state(tower)
    net.load_state_dict(dict(zip(net.state_dict(), state.values(), strict=True)), strict=True)
    return net.eval()


def _build(tower: str, tuning: Tuning | None) -> Export:
    import torch

    class Seen(torch.nn.Module):
        """u8 (n, side, side, 3) → what the first layer makes of them."""

        shift, scale = 127.0, 128.0  # as these weights were trained

        def __init__(self, conv: Any, norm: Any) -> None:
            super().__init__()
            self.conv, self.norm = conv, norm

        def forward(self, pixels: torch.Tensor) -> torch.Tensor:
            x = pixels.permute(0, 3, 1, 2).to(self.conv.weight)
            seen: torch.Tensor = self.norm(self.conv((x - self.shift) / self.scale))
            return seen

    class Features(torch.nn.Module):
        """u8 (n, side, side, 3) → grid (n, g, g, dim), pooled (n, dim); tuned numbers last."""

        def __init__(self) -> None:
            super().__init__()
            self.wanted = frozenset({"grid", "pooled"})
            self.net: Any = network(tower)
            self.seen = Seen(self.net.conv_stem, self.net.bn1)
            if tuning:
                self.tuned: Any = copy.deepcopy(self.net)
                tuning.apply(tower, self.tuned)
                weight, bias = tuning.map(tower)
                weight = weight[:, :, None, None]
                self.map = torch.nn.Conv2d(weight.shape[1], len(weight), 1)
                state = {"weight": torch.from_numpy(weight), "bias": torch.from_numpy(bias)}
                self.map.load_state_dict(state)

        def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            x = self.seen(pixels)
            stages = [x]
            for block in self.net.blocks:
                stages.append(block(stages[-1]))
            last = self.net.bn2(self.net.conv_head(stages[-1]))
            kept = stages[-len(TOWERS[tower].stages) :]
            spreads = [stage.var((2, 3), correction=0).sqrt() for stage in kept]
            grid: list[torch.Tensor] = []
            if "grid" in self.wanted:
                g = kept[-1].shape[2]
                same = torch.cat(spreads, 1)[:, :, None, None].expand(-1, -1, g, g)
                grid = [*(redrawn(layer, g) for layer in (last, *kept)), same]
            pooled = [*(layer.mean((2, 3)) for layer in (last, *kept)), *spreads]
            if tuning:
                x = stages[tuning.first]  # what went into the first changed stage
                for block in self.tuned.blocks[tuning.first :]:
                    x = block(x)
                x = self.tuned.bn2(self.tuned.conv_head(x))
                grid += [self.map(x)] if grid else []
                pooled.append(self.map(x.mean((2, 3), keepdim=True))[:, :, 0, 0])
            whole = torch.cat(pooled, 1)
            return torch.cat(grid, 1).permute(0, 2, 3, 1) if grid else whole, whole

    def redrawn(layer: torch.Tensor, g: int) -> torch.Tensor:
        """(n, c, a, a) → (n, c, g, g), by area, so that the mean stays."""
        if layer.shape[2] == g:
            return layer
        shares = torch.from_numpy(overlap(g, layer.shape[2])).to(layer)
        return shares @ layer @ shares.T

    side = TOWERS[tower].side
    noise = np.random.default_rng(0).integers(0, 256, (2, side // 20, side // 20, 3), np.uint8)
    sample = np.stack([prepare(n, side) for n in noise])  # blurred noise: closer to a picture
    return Export(
        module=Features().eval(),
        inputs={"pixels": torch.from_numpy(sample)},
        outputs=("grid", "pooled"),
        dynamic={"pixels": {0: "n"}},
    )
