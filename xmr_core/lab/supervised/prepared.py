"""Features made ready for methods that weigh them alike, and heads that do the same."""

from dataclasses import dataclass

import numpy as np

from xmr_core.heads import Head, Layer, Linear, Standardise
from xmr_core.lab.linear import Doubles
from xmr_core.media import Floats

_FLOOR = 1e-2  # of the features' root mean square spread: what hardly varies is not blown up


@dataclass(frozen=True, eq=False)
class Prepared:
    """A view with every feature of mean 0 and variance 1, and the layer that makes it so.

    Attributes:
        layer: f32 (n, m) as given → as prepared.
        rows: f64 (n, m), prepared.
    """

    layer: Standardise
    rows: Doubles

    @classmethod
    def of(cls, view: Floats) -> "Prepared":
        """Prepare a view f32 (n, m)."""
        spread = view.std(axis=0, dtype=np.float64)
        least = max(_FLOOR * float(np.sqrt(np.mean(spread**2))), 1e-12)
        mean = view.mean(axis=0, dtype=np.float64).astype(np.float32)
        layer = Standardise(mean, (1 / np.maximum(spread, least)).astype(np.float32))
        return cls(layer, layer(view).astype(np.float64))

    def head(self, weight: Doubles, bias: Doubles | None = None, *more: Layer) -> Head:
        """Prepare, then x ``weight`` + ``bias``: f64 (m, d) and (d,), then more layers."""
        bias = np.zeros(weight.shape[1]) if bias is None else bias
        last = Linear(weight.astype(np.float32), bias.astype(np.float32))
        return Head(len(weight), (self.layer, last, *more))
