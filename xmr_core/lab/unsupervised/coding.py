"""Encoders and decoders of one view each, while they are learned with torch.

Letters of shapes: n pairs, b of them at a time, m features of a view, d of a code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from xmr_core.heads import Head, Layer, Linear, Standardise, Tanh
from xmr_core.lab.unsupervised.standard import standardiser
from xmr_core.media import Floats

LEVEL = 1.0
"""See :func:`standardiser`: principal components of little variance are not blown up to noise."""


@dataclass(frozen=True, eq=False)
class Coder:
    """Standardise → Linear → tanh → … → Linear: a code, and the same way back.

    Attributes:
        standard: the first layer of the head.
        features: torch f32 (n, m), standardised; their mean variance is 1.
        encoder: torch, (b, m) → (b, d).
        decoder: torch, (b, d) → (b, m).
    """

    standard: Standardise
    features: Any
    encoder: Any
    decoder: Any

    @classmethod
    def over(
        cls, view: Floats, inner: Sequence[int], *, seed: int, squash: bool = False
    ) -> "Coder":
        """A fresh one for a view f32 (n, m).

        Args:
            view: the features.
            inner: units after each layer of the encoder; the last is d.
            seed: of the weights.
            squash: whether codes go through tanh, too.
        """
        import torch

        standard = standardiser(view, level=LEVEL)
        features = standard(view)
        # Still comparable between views, whatever the level took
        size = max(float(features.std()), 1e-6)
        standard = Standardise(standard.mean, (standard.scale / size).astype(np.float32))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            widths = [view.shape[1], *inner]
            there = _chain(widths)
            back = _chain(widths[::-1])
        if squash:
            there.append(torch.nn.Tanh())
        return cls(standard, torch.from_numpy(standard(view)), there, back)

    def codes(self, rows: Any) -> Any:
        """(b, d) of the pairs ``rows`` i64 (b,)."""
        return self.encoder(self.features[rows])

    def error(self, rows: Any, codes: Any) -> Any:
        """Mean squared error of a feature, when pairs are decoded from codes (b, d): a scalar."""
        return ((self.decoder(codes) - self.features[rows]) ** 2).mean()

    @property
    def parameters(self) -> list[Any]:
        """What is learned."""
        return [*self.encoder.parameters(), *self.decoder.parameters()]

    def layers(self) -> Iterator[tuple[Any, Any, Any]]:
        """Each layer of the encoder, the decoder's layer that undoes it, and what goes in.

        What goes in, torch f32 (n, width), is made when it is asked for: by the layers below as
        they are then.
        """
        import torch

        there, back = list(self.encoder), list(self.decoder)
        given = self.features
        for start in range(0, len(there), 2):
            up = torch.nn.Sequential(*there[start : start + 2])
            end = len(back) - start
            # The topmost layer of the decoder gives features; those below give tanh again
            down = torch.nn.Sequential(*back[end - 1 : end + (start > 0)])
            yield up, down, given
            with torch.no_grad():
                given = up(given)

    def learned(self) -> tuple[Layer, ...]:
        """The encoder, in numpy."""
        layers: list[Layer] = [self.standard]
        for layer in self.encoder:
            if hasattr(layer, "weight"):
                weight = layer.weight.detach().numpy().T.copy()
                layers.append(Linear(weight, layer.bias.detach().numpy().copy()))
            else:
                layers.append(Tanh())
        return tuple(layers)

    def head(self, *after: Layer) -> Head:
        """The encoder and what comes after, in numpy."""
        return Head(len(self.standard.mean), (*self.learned(), *after))

    def centred_head(self, view: Floats) -> Head:
        """The encoder less the mean code of a view f32 (n, m)."""
        mean = self.head().raw(view).mean(axis=0)
        return self.head(Linear(np.eye(len(mean), dtype=np.float32), -mean))


def _chain(widths: Sequence[int]) -> Any:
    import torch

    layers: list[Any] = []
    for a, b in pairwise(widths):
        layers += [torch.nn.Linear(a, b), torch.nn.Tanh()]
    return torch.nn.Sequential(*layers[:-1])
