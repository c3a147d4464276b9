"""Towers trained further on captioned pictures: ``assets/heads/tuning.safetensors``.

All three towers together learn to put a picture near its captions (InfoNCE, as in
``contrast``), from their fifth stage on; what comes before stays as it is and is shared with
the towers that know the classes. Six thousand pictures are few, so that each is seen another
way each time: cut out, mirrored, recoloured, with a hole. The running means of the weights
are kept. The texts' network becomes the last branch of ``text.safetensors``.

On an accelerator this takes three minutes, on two cores some ten hours.
"""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from heads import data
from heads.contrast import Network, infonce
from heads.image import TOWERS, finish, level, sentences
from xmr_core.encoders.image import CHANNELS, network, prepare
from xmr_core.encoders.image import TOWERS as SIDES
from xmr_core.encoders.tuning import save
from xmr_core.heads import Blend, Head, Layer, Unit
from xmr_core.media import Bytes, Floats, Image
from xmr_core.paths import assets_dir
from xmr_core.readers import read

SIDE = 224  # of the pictures as they are kept for training
WIDE = max(SIDES[tower].side for tower in TOWERS)


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes:
        dim: numbers that the towers give together.
        first: the stage, from 0, that is the first to be changed.
        epochs, batch: over the pictures, each with ``captions`` of its captions.
        captions: of a picture in one step.
        rate: AdamW's, at its highest.
        decay, tower_decay: AdamW's, of the new layers and of the towers.
        still: share of the steps in which the towers are not changed yet.
        drop, noise: share of last-layer features left out, and the deviation added to them.
        text_dropout, drop_path, smoothing: as usual.
        crop: the least share of a picture's area that is shown.
        colour: how far brightness, contrast and saturation may go.
        holes: share of pictures with one.
        mean: decay of the running means of the weights.
        seed: of everything drawn.
    """

    dim: int = 192
    first: int = 4
    epochs: int = 45
    batch: int = 256
    captions: int = 2
    rate: float = 1e-3
    decay: float = 0.1
    tower_decay: float = 0.01
    still: float = 0.08
    drop: float = 0.1
    noise: float = 0.5
    text_dropout: float = 0.4
    drop_path: float = 0.2
    smoothing: float = 0.05
    crop: float = 0.35
    colour: float = 0.5
    holes: float = 0.5
    mean: float = 0.99
    seed: int = 0


class Towers(nn.Module):
    """Pictures f32 (n, 3, ``WIDE``, ``WIDE``) → means of the last layers, (n, m)."""

    def __init__(self, first: int, drop_path: float) -> None:
        super().__init__()
        self.first = first
        self.nets = nn.ModuleList(network(tower, drop_path) for tower in TOWERS)
        for name, parameter in self.nets.named_parameters():
            _, kind, stage, *_ = name.split(".")
            late = int(stage) >= first if kind == "blocks" else kind in ("conv_head", "bn2")
            parameter.requires_grad_(late)

    def forward(self, x: torch.Tensor, moving: bool) -> torch.Tensor:
        """The means; the late stages take part in training where ``moving``."""
        means = []
        for tower, net in zip(TOWERS, self.nets, strict=True):
            side = SIDES[tower].side
            y = x
            if side != WIDE:
                y = functional.interpolate(x, (side, side), mode="bilinear", antialias=True)
            parts: Any = net
            with torch.no_grad():
                y = parts.bn1(parts.conv_stem(y))
                for block in parts.blocks[: self.first]:
                    y = block(y)
            with torch.set_grad_enabled(moving and torch.is_grad_enabled()):
                for block in parts.blocks[self.first :]:
                    y = block(y)
                means.append(parts.bn2(parts.conv_head(y)).float().mean((2, 3)))
        return torch.cat(means, 1)


def train(folder: Path, settings: Settings | None = None) -> None:
    """Train on all but the judged pictures; write the tuning and the texts' side of it."""
    settings = settings or Settings()
    paths = data.flickr(folder)[0]
    split = data.flickr_split(len(paths))
    rows = split.learned
    pictures = np.stack([prepare(_pixels(paths[i]), SIDE) for i in rows])
    heads = assets_dir() / "heads"
    fit(pictures, sentences(folder)[rows], settings, heads)
    blend = Head.load(heads / "text.safetensors").layers[-1]
    assert isinstance(blend, Blend)
    finish(folder, Head.load(heads / "image.safetensors"), blend.branches)


def _pixels(path: Path) -> Bytes:
    picture = read(path)
    assert isinstance(picture, Image)
    return picture.pixels


def fit(pictures: Bytes, captions: Floats, settings: Settings, out: Path) -> None:
    """Train on pictures u8 (n, 224, 224, 3) and captions f32 (n, c, 768); write to ``out``."""
    torch.manual_seed(settings.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    standard = level(captions)
    shown = torch.from_numpy(pictures).permute(0, 3, 1, 2).to(device)
    told = torch.from_numpy(standard(captions.reshape(-1, captions.shape[2])))
    told = told.reshape(captions.shape).to(device)
    towers = Towers(settings.first, settings.drop_path).to(device)
    towers = towers.to(memory_format=torch.channels_last).eval()
    with torch.inference_mode():
        some = torch.cat([towers(_plain(x), False) for x in torch.split(shown, settings.batch)])
    mean, scale = some.mean(0).clone(), 1 / (some.std(0) + 1e-3)
    see = nn.Linear(len(mean), settings.dim).to(device)
    read_ = Network(captions.shape[2], 768, settings.dim, 0.0, settings.text_dropout).to(device)
    sharpness = nn.Parameter(torch.tensor(math.log(1 / 0.07), device=device))
    before = {k: v.detach().clone() for k, v in towers.nets.named_parameters() if v.requires_grad}
    parts = nn.ModuleDict({"towers": towers, "see": see, "read": read_})
    learned = {k: v for k, v in parts.named_parameters() if v.requires_grad}
    running = {k: v.detach().clone() for k, v in learned.items()}
    groups = _groups(learned, sharpness, settings)
    optimiser = torch.optim.AdamW(groups, lr=settings.rate)
    steps = settings.epochs * (len(shown) // settings.batch)

    def seen(x: torch.Tensor, moving: bool) -> torch.Tensor:
        z = (towers(x, moving) - mean) * scale
        z = z + settings.noise * torch.randn_like(z)
        return functional.normalize(see(functional.dropout(z, settings.drop)).float(), dim=1)

    for step, rows in enumerate(_batches(len(shown), settings, steps)):
        share = step / steps
        for group in optimiser.param_groups:
            group["lr"] = settings.rate * _rise(share, settings.still if group["late"] else 0.0)
        for module in towers.modules():
            module.train(type(module).__name__ == "DropPath")  # means and spreads stay as they are
        drawn = torch.rand(len(rows), told.shape[1]).argsort(1)[:, : settings.captions]
        rows = rows.to(device)
        with torch.autocast(device, torch.bfloat16):
            pictured = seen(altered(shown[rows], settings), share >= settings.still)
            lines = read_(told[rows[:, None], drawn.to(device)])
        lines = functional.normalize(lines.float(), dim=-1).transpose(0, 1)  # (k, n, d)
        loss = infonce(pictured, lines, sharpness.exp().clamp(max=100), settings.smoothing)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(list(learned.values()), 5.0)
        optimiser.step()
        pull = 1 - min(settings.mean, (2 + step) / (11 + step))
        torch._foreach_lerp_(list(running.values()), [v.detach() for v in learned.values()], pull)
        if step % 20 == 0 or step == steps - 1:
            print(f"step {step + 1} of {steps}, loss {loss.item():.3f}", file=sys.stderr)
    with torch.no_grad():
        for name, parameter in learned.items():
            parameter.copy_(running[name])
    changes: dict[str, dict[str, Floats]] = {tower: {} for tower in TOWERS}
    for name, parameter in towers.nets.named_parameters():
        if name in before:
            number, _, rest = name.partition(".")
            change = (parameter.detach() - before[name]).cpu().numpy()
            changes[TOWERS[int(number)]][rest] = change
    weight = (see.weight * scale).detach()
    shared = (see.bias - weight @ mean).detach().cpu().numpy() / np.float32(len(TOWERS))
    bias = shared.astype(np.float32)
    halves = np.split(weight.cpu().numpy(), len(TOWERS), axis=1)
    assert halves[0].shape[1] == CHANNELS
    maps = {tower: (half, bias) for tower, half in zip(TOWERS, halves, strict=True)}
    save(out / "tuning.safetensors", changes, maps, settings.first)
    replace_last(out / "text.safetensors", (standard, *read_.cpu().eval().layers(), Unit()))


def replace_last(path: Path, layers: tuple[Layer, ...]) -> None:
    """Put layers in the place of the last branch of the head of texts."""
    head = Head.load(path)
    *before, blend = head.layers
    assert isinstance(blend, Blend)
    branches = (*blend.branches[:-1], layers)
    changed = Blend(blend.gate, branches, blend.low, blend.high)
    Head(head.dim_in, (*before, changed), head.about).half().save(path)


def altered(pictures: torch.Tensor, settings: Settings) -> torch.Tensor:
    """Pictures u8 (n, 3, 224, 224) as f32 (n, 3, ``WIDE``, ``WIDE``), each seen another way."""
    n, device = len(pictures), pictures.device

    def draw(*shape: int) -> torch.Tensor:
        return torch.rand(*shape, device=device)

    area, ratio = settings.crop + (1 - settings.crop) * draw(n), 1.25 ** (2 * draw(n) - 1)
    wide, high = (area * ratio).sqrt().clamp(max=1), (area / ratio).sqrt().clamp(max=1)
    place = torch.zeros(n, 2, 3, device=device)
    place[:, 0, 0] = wide * torch.where(draw(n) < 0.5, -1.0, 1.0)  # mirrored or not
    place[:, 1, 1] = high
    place[:, 0, 2], place[:, 1, 2] = (
        (2 * draw(n) - 1) * (1 - wide),
        (2 * draw(n) - 1) * (1 - high),
    )
    where = functional.affine_grid(place, [n, 3, WIDE, WIDE], align_corners=False)
    x = functional.grid_sample(
        _scaled(pictures), where, padding_mode="reflection", align_corners=False
    )

    def some() -> torch.Tensor:
        return settings.colour * (2 * draw(n, 1, 1, 1) - 1)

    x = x * (1 + some()) + 0.3 * some()
    level_ = x.mean((1, 2, 3), keepdim=True)
    x = (x - level_) * (1 + some()) + level_
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (1 + some())
    ruler = torch.linspace(0, 1, WIDE, device=device)
    hole = draw(n)[:, None, None] < settings.holes
    for axis in (1, 2):
        size = 0.2 + 0.3 * draw(n)
        start = draw(n) * (1 - size)
        inside = (ruler > start[:, None]) & (ruler < (start + size)[:, None])  # (n, WIDE)
        hole = hole & inside.unsqueeze(3 - axis)
    x = x.masked_fill(hole[:, None], 0.0).clamp(-1, 1.01)
    return x.contiguous(memory_format=torch.channels_last)


def _plain(pictures: torch.Tensor) -> torch.Tensor:
    return functional.interpolate(_scaled(pictures), (WIDE, WIDE), mode="bicubic").clamp(-1, 1.01)


def _scaled(pictures: torch.Tensor) -> torch.Tensor:
    return (pictures.float() - 127) / 128  # as the towers take them


def _rise(share: float, still: float) -> float:
    """The rate at a share of the steps: nothing, up in a short while, then down as a cosine."""
    up = min(max(share - still, 0.0) / (0.08 if still else 0.06), 1.0)
    return up * 0.5 * (1 + math.cos(math.pi * share))


def _groups(
    learned: dict[str, nn.Parameter], sharpness: nn.Parameter, settings: Settings
) -> list[dict[str, Any]]:
    """What AdamW takes: towers apart from the new layers, vectors without decay."""
    late = {k: v for k, v in learned.items() if k.startswith("towers.")}
    new = [v for k, v in learned.items() if k not in late]
    matrices = [v for v in late.values() if v.ndim > 1]
    vectors = [v for v in late.values() if v.ndim == 1]
    return [
        {"params": new, "weight_decay": settings.decay, "late": False},
        {"params": [sharpness], "weight_decay": 0.0, "late": False},
        {"params": matrices, "weight_decay": settings.tower_decay, "late": True},
        {"params": vectors, "weight_decay": 0.0, "late": True},
    ]


def _batches(n: int, settings: Settings, steps: int) -> Iterator[torch.Tensor]:
    """Numbers of pictures, i64 (batch,), each once in an epoch."""
    order, at = torch.randperm(n), 0
    for _ in range(steps):
        if at + settings.batch > n:
            order, at = torch.randperm(n), 0
        yield order[at : at + settings.batch]
        at += settings.batch
