"""Gradient descent for the methods that have no closed form, with torch; numpy heads come out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from xmr_core.heads import Gelu, Head, Layer, Linear, Standardise
from xmr_core.lab.contract import Tell
from xmr_core.media import Floats

Loss = Callable[[Any], Any]
"""(i64 tensor (b,) of pairs) → a scalar tensor, the objective on those pairs."""


@dataclass(frozen=True)
class Schedule:
    """How long and how fast.

    Attributes:
        epochs: times that every pair is seen.
        batch: b, pairs at a time; the last, smaller batch of an epoch is left out.
        rate: the largest learning rate, of one cycle.
        decay: of weights (AdamW).
    """

    epochs: int = 20
    batch: int = 256
    rate: float = 1e-3
    decay: float = 1e-2


def descend(
    loss: Loss,
    parameters: Sequence[Any],
    n: int,
    schedule: Schedule,
    *,
    seed: int,
    tell: Tell | None = None,
) -> list[float]:
    """Minimise a loss over n pairs by AdamW with one cycle of the rate (Smith, 2018).

    Args:
        loss: of a batch.
        parameters: what is learned.
        n: pairs.
        schedule: how long and how fast.
        seed: of the order of the pairs.
        tell: told steps done, steps in all and the epoch's mean loss, once an epoch.

    Returns:
        the mean loss of each epoch.
    """
    import torch

    batch = min(schedule.batch, n)
    steps = n // batch
    optimiser = torch.optim.AdamW(parameters, lr=schedule.rate, weight_decay=schedule.decay)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=schedule.rate, total_steps=max(schedule.epochs * steps, 2)
    )
    generator = torch.Generator().manual_seed(seed)
    curve: list[float] = []
    for epoch in range(schedule.epochs):
        order = torch.randperm(n, generator=generator)
        total = 0.0
        for step in range(steps):
            rows = order[step * batch : (step + 1) * batch]
            optimiser.zero_grad()
            now = loss(rows)
            now.backward()
            optimiser.step()
            cycle.step()
            total += float(now.detach())
        curve.append(total / steps)
        if tell:
            tell(epoch + 1, schedule.epochs, curve[-1])
    return curve


@dataclass(frozen=True, eq=False)
class Net:
    """Standardise → Linear [→ GELU → Linear]: a head while it is learned.

    Attributes:
        module: torch, (b, m) → (b, d), rows of any length.
        features: torch f32 (n, m), standardised.
        mean, scale: f32 (m,), of the standardising.
    """

    module: Any
    features: Any
    mean: Floats
    scale: Floats

    @classmethod
    def over(cls, view: Floats, dim: int, hidden: int = 0, *, seed: int) -> "Net":
        """A fresh one for a view f32 (n, m); without hidden units it is affine.

        Args:
            view: the features.
            dim: d.
            hidden: units between, or 0.
            seed: of the weights.
        """
        import torch

        mean = view.mean(axis=0)
        scale = (1 / np.maximum(view.std(axis=0), 1e-6)).astype(np.float32)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            widths = [view.shape[1], *([hidden] if hidden else []), dim]
            layers: list[Any] = []
            for a, b in pairwise(widths):
                layers += [torch.nn.Linear(a, b), torch.nn.GELU(approximate="tanh")]
            module = torch.nn.Sequential(*layers[:-1])
        return cls(module, torch.from_numpy((view - mean) * scale), mean, scale)

    def rows(self, rows: Any) -> Any:
        """Unit rows (b, d) of the pairs ``rows`` i64 (b,)."""
        import torch

        return torch.nn.functional.normalize(self.module(self.features[rows]), dim=1)

    @property
    def parameters(self) -> list[Any]:
        """What is learned."""
        return list(self.module.parameters())

    def head(self) -> Head:
        """What was learned, in numpy."""
        layers: list[Layer] = [Standardise(self.mean, self.scale)]
        for layer in self.module:
            if hasattr(layer, "weight"):
                weight = layer.weight.detach().numpy().T.copy()
                layers.append(Linear(weight, layer.bias.detach().numpy().copy()))
            else:
                layers.append(Gelu())
        return Head(len(self.mean), tuple(layers))
