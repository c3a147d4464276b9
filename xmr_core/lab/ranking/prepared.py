"""Features made ready for rankers that measure steps by the rows' lengths."""

import numpy as np

from xmr_core.heads import Standardise, Unit
from xmr_core.media import Floats

_FLOOR = 1e-4  # of the mean variance: what hardly varies is not blown up


def prepared(view: Floats) -> tuple[Standardise, Unit]:
    """Layers that give a view f32 (n, m) features of one spread, and then unit rows."""
    variance = view.var(axis=0)
    spread = np.sqrt(np.maximum(variance, _FLOOR * variance.mean()) + np.float32(1e-12))
    return Standardise(view.mean(axis=0), (1 / spread).astype(np.float32)), Unit()
