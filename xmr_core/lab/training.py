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
        fewest, most: steps; few pairs are seen more often than ``epochs`` says, many less often.
    """

    epochs: int = 20
    batch: int = 256
    rate: float = 1e-3
    decay: float = 1e-2
    fewest: int = 0
    most: int = 1_000_000

    def plan(self, n: int) -> tuple[int, int, int]:
        """Epochs, steps of an epoch and pairs of a step, with n pairs.

        >>> Schedule(epochs=2, batch=100, fewest=9).plan(250)
        (5, 2, 100)
        """
        batch = min(self.batch, n)
        steps = n // batch
        epochs = max(self.epochs, -(-self.fewest // steps))
        return max(min(epochs, self.most // steps), 1), steps, batch


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
        parameters: what is learned, or groups of it as torch's optimisers take them.
        n: pairs.
        schedule: how long and how fast.
        seed: of the order of the pairs.
        tell: told steps done, steps in all and the epoch's mean loss, once an epoch.

    Returns:
        the mean loss of each epoch.
    """
    import torch

    epochs, steps, batch = schedule.plan(n)
    optimiser = torch.optim.AdamW(parameters, lr=schedule.rate, weight_decay=schedule.decay)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=schedule.rate, total_steps=max(epochs * steps, 2)
    )
    generator = torch.Generator().manual_seed(seed)
    curve: list[float] = []
    for epoch in range(epochs):
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
            tell(epoch + 1, epochs, curve[-1])
    return curve


@dataclass(frozen=True, eq=False)
class Net:
    """Standardise → Linear [→ GELU → Linear]: a head while it is learned.

    Attributes:
        module: torch, (b, m) → (b, d), rows of any length.
        features: torch f32 (n, m), standardised.
        mean, scale: f32 (m,), of the standardising.
        noise: standard deviation of what is added to the features while it is learned.
        dice: torch generator of the noise.
    """

    module: Any
    features: Any
    mean: Floats
    scale: Floats
    noise: float = 0.0
    dice: Any = None

    @classmethod
    def over(
        cls,
        view: Floats,
        dim: int,
        hidden: int = 0,
        *,
        seed: int,
        noise: float = 0.0,
        level: float = 0.0,
    ) -> "Net":
        """A fresh one for a view f32 (n, m); without hidden units it is affine.

        Args:
            view: the features.
            dim: d.
            hidden: units between, or 0.
            seed: of the weights and the noise.
            noise: standard deviation of what is added to the standardised features while it is
                learned; keeps linear maps from learning pairs by heart (Bishop, 1995).
            level: share of the mean variance that is added to each feature's own before it is
                divided by: principal components of little variance stay small.
        """
        import torch

        mean = view.mean(axis=0)
        variance = view.var(axis=0)
        spread = np.sqrt(variance + level * variance.mean())
        scale = (1 / np.maximum(spread, 1e-6)).astype(np.float32)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            widths = [view.shape[1], *([hidden] if hidden else []), dim]
            layers: list[Any] = []
            for a, b in pairwise(widths):
                layers += [torch.nn.Linear(a, b), torch.nn.GELU(approximate="tanh")]
            module = torch.nn.Sequential(*layers[:-1])
        dice = torch.Generator().manual_seed(seed)
        return cls(module, torch.from_numpy((view - mean) * scale), mean, scale, noise, dice)

    def raw(self, rows: Any) -> Any:
        """Rows of any length (b, d) of the pairs ``rows`` i64 (b,)."""
        import torch

        features = self.features[rows]
        if self.noise:
            drawn = torch.randn(features.shape, generator=self.dice)
            features = features + self.noise * drawn
        return self.module(features)

    def rows(self, rows: Any) -> Any:
        """Unit rows (b, d) of the pairs ``rows`` i64 (b,)."""
        import torch

        return torch.nn.functional.normalize(self.raw(rows), dim=1)

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
