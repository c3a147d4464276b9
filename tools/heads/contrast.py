"""Two small networks, of pictures and of texts, trained to find each other's match.

InfoNCE (van den Oord et al. 2018; CLIP's symmetric form) on captioned pictures, with the
classes' stand-ins and their names as a second, smaller batch. Both networks are a linear
map plus one hidden layer.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from xmr_core.heads import Branches, Gelu, Layer, Linear
from xmr_core.media import Floats

BATCH, CLASS_BATCH, CAPTIONS = 512, 256, 2


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes:
        dim: of the shared space.
        hidden: units of the pictures' network; texts have 768.
        epochs: over the pictures.
        rate: AdamW's, at the top of one cycle.
        decay: AdamW's.
        dropout, text_dropout: shares. Noise does better than dropout for pictures.
        noise: standard deviation added to the pictures' features, whose own is one.
        smoothing: of the labels.
        share: weight of the classes' loss beside the pictures'.
        seed: of everything drawn.
    """

    dim: int = 192
    hidden: int = 1024
    epochs: int = 50
    rate: float = 1e-3
    decay: float = 0.1
    dropout: float = 0.0
    noise: float = 0.9
    text_dropout: float = 0.4
    smoothing: float = 0.05
    share: float = 0.3
    seed: int = 0


class Network(nn.Module):
    """x → A x + C gelu(B x), on inputs that were centred and scaled."""

    def __init__(self, inputs: int, hidden: int, dim: int, drop: float, inner: float) -> None:
        super().__init__()
        self.drop = nn.Dropout(drop)
        self.straight = nn.Linear(inputs, dim)
        self.bent = nn.Sequential(
            nn.Linear(inputs, hidden), nn.GELU("tanh"), nn.Dropout(inner), nn.Linear(hidden, dim)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, a) → (n, d)."""
        x = self.drop(x)
        joined: torch.Tensor = self.straight(x) + self.bent(x)
        return joined

    def layers(self) -> tuple[Layer, ...]:
        """The same in numpy."""
        first, last = self.bent[0], self.bent[3]
        assert isinstance(first, nn.Linear) and isinstance(last, nn.Linear)
        branches: tuple[tuple[Layer, ...], ...] = (
            (_linear(self.straight),),
            (_linear(first), Gelu(), _linear(last)),
        )
        return (Branches("sum", branches, (1.0, 1.0)),)


def fit_contrast(
    pictures: Floats,
    captions: Floats,
    looks: Floats,
    names: Floats,
    settings: Settings,
    tell: Callable[[str], None],
) -> tuple[tuple[Layer, ...], tuple[Layer, ...]]:
    """Train both networks; the layers of pictures and of texts.

    Args:
        pictures: centred features f32 (n, z) with a standard deviation near one.
        captions: vectors f32 (n, c, b), likewise.
        looks: stand-ins for the classes' pictures f32 (1000, z), as the pictures.
        names: their wordings f32 (w, 1000, b), as the captions.
        settings: how.
        tell: told the loss now and then.
    """
    torch.manual_seed(settings.seed)
    z, t, a, b = map(torch.from_numpy, (pictures, captions, looks, names))
    see = Network(z.shape[1], settings.hidden, settings.dim, settings.dropout, settings.dropout)
    read = Network(t.shape[2], 768, settings.dim, 0.0, settings.text_dropout)
    sharpness = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
    weights = [*see.parameters(), *read.parameters()]
    groups = [{"params": weights, "weight_decay": settings.decay}]
    groups.append({"params": [sharpness], "weight_decay": 0.0})
    optimiser = torch.optim.AdamW(groups, lr=settings.rate)
    steps = settings.epochs * (len(z) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=settings.rate, total_steps=steps, pct_start=0.15
    )

    def loss(x: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
        """Symmetric InfoNCE of pictures (n, z) and texts (k, n, b), k texts a picture."""
        x = x + settings.noise * torch.randn_like(x)
        with torch.autocast("cpu", torch.bfloat16):
            seen, said = see(x), read(texts.flatten(0, 1))
        seen = functional.normalize(seen.float(), dim=1)
        said = functional.normalize(said.float(), dim=1).reshape(*texts.shape[:2], -1)
        return infonce(seen, said, sharpness.exp(), settings.smoothing)

    order = torch.randperm(len(z))
    at = 0
    for step in range(steps):
        if at + BATCH > len(order):
            order, at = torch.randperm(len(z)), 0
        rows = order[at : at + BATCH]
        at += BATCH
        some = torch.rand(BATCH, t.shape[1]).argsort(dim=1)[:, :CAPTIONS]
        value = loss(z[rows], t[rows[:, None], some].transpose(0, 1))
        if settings.share:
            classes = torch.randperm(len(a))[:CLASS_BATCH]
            around = z[torch.randint(len(z), (CLASS_BATCH,))]  # a class before any background
            wording = torch.randint(len(b), (CLASS_BATCH,))
            value = value + settings.share * loss(
                a[classes] + 0.7 * around, b[wording, classes][None]
            )
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        if step % 50 == 0 or step == steps - 1:
            tell(f"step {step + 1} of {steps}, loss {value.item():.3f}")
    return see.layers(), read.layers()


def infonce(
    seen: torch.Tensor, said: torch.Tensor, scale: torch.Tensor, smoothing: float
) -> torch.Tensor:
    """The symmetric loss of unit pictures (n, d) and their texts (k, n, d), k texts a picture."""
    own = torch.arange(len(seen), device=seen.device)
    total = seen.new_zeros(())
    for lines in said:
        logits = scale * seen @ lines.T
        for rows in (logits, logits.T):
            total = total + functional.cross_entropy(rows, own, label_smoothing=smoothing)
    return total / (2 * len(said))


def _linear(layer: nn.Linear) -> Linear:
    return Linear(layer.weight.detach().numpy().T, layer.bias.detach().numpy())
