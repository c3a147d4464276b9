"""Pictures with squares chosen at random blurred away, encoded again and again.

After Petsiuk, Das and Saenko, "RISE: Randomized input sampling for explanation of black-box
models", BMVC 2018: half of the sets of squares are what the other half leaves. There are coarse
and fine squares, and few or most of them go at once, for a part may only matter when another
is gone too.

A set costs a picture, so that only the first of several towers, the smallest, is asked. What the
others say is taken to lie halfway between the whole and nothing: had they all still seen the
whole, they would hold up the score whatever is gone.
"""

from functools import cache
from typing import Any

import numpy as np

from xmr_core.encoders.areas import overlap
from xmr_core.encoders.image import ImageEncoder
from xmr_core.explain.canvas import smaller
from xmr_core.explain.explanation import Erased
from xmr_core.explain.occlusion import Bools, occluder
from xmr_core.explain.sides.windows import CELLS, lattice
from xmr_core.media import Floats, Image

SQUARES = (4, 5, 6)  # along each side
_SETS = 32  # of each size of squares
_FEWEST = 0.1  # of the squares that may be gone; of the others as many may be left
_SEED = 7


def erase_again(image: Image, whole: Floats, encoder: ImageEncoder) -> Erased:
    """A picture without each of the `sets` of squares, on its lattice of cells.

    Args:
        image: the picture.
        whole: f32 (m,), its features.
        encoder: an :class:`ImageEncoder`.
    """
    first = ImageEncoder(encoder.towers[:1], encoder.tuning)
    without = occluder(Image(smaller(image.pixels)))
    nothing: Any = without(lattice(1, 1))
    left: list[Any] = [image, nothing]
    gone: list[Floats] = []
    for squares in SQUARES:
        share = overlap(CELLS, squares)  # (CELLS, squares)
        for some in sets(squares):
            left.append(without(lattice(squares, squares)[some.reshape(-1)]))
            gone.append((share @ some @ share.T).reshape(-1))
    seen = np.stack([e.pooled for e in first.encode(left)])  # (2 + k, of the first tower)
    change = seen[2:] - seen[:2].mean(axis=0)
    features = np.repeat((whole + encoder.encode([nothing])[0].pooled)[None] / 2, len(gone), 0)
    shared = encoder.tuning.dim if encoder.tuning else 0  # numbers that are sums over the towers
    own = first.dim - shared
    features[:, :own] += change[:, :own]
    features[:, features.shape[1] - shared :] += change[:, own:]
    return Erased(features.astype(np.float32), np.stack(gone).astype(np.float32))


@cache
def sets(squares: int) -> tuple[Bools, ...]:
    """Which squares of a lattice are gone, (squares, squares) each, the same for all pictures."""
    rng = np.random.default_rng(_SEED + squares)
    chosen: list[Bools] = []
    while len(chosen) < _SETS:
        gone = rng.random((squares, squares)) < rng.uniform(_FEWEST, 1 - _FEWEST)
        if gone.any() and not gone.all():
            chosen += [gone, ~gone]
    return tuple(chosen)
