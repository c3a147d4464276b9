"""Pictures with squares chosen at random blurred away, encoded again and again.

After Petsiuk, Das and Saenko, "RISE: Randomized input sampling for explanation of black-box
models", BMVC 2018: half of the sets of squares are what the other half leaves. There are coarse
and fine squares, and few or most of them go at once, for a part may only matter when another
is gone too.

Of several pictures side by side, one at a time loses squares. A set costs a picture, so that
only the first of several towers, the smallest, is asked. What the others say is taken to lie
halfway between the whole and nothing: had they all still seen the whole, they would hold up the
score whatever is gone.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from xmr_core.encoders.areas import overlap
from xmr_core.encoders.image import ImageEncoder
from xmr_core.explain.canvas import smaller
from xmr_core.explain.explanation import Erased
from xmr_core.explain.occlusion import Bools, occluder
from xmr_core.explain.sides.windows import lattice
from xmr_core.media import Floats, Image

SQUARES = (4, 5, 6)  # along each side
_SETS = 64  # of each size of squares, of all pictures together
_LEAST = 2  # of each size and picture: a set and what it leaves
_MOST = 16  # pictures: of more, none is erased
_FEWEST = 0.1  # of the squares that may be gone; of the others as many may be left
_SEED = 7
_AT_ONCE = 64  # small pictures that are encoded together


def erase_again(
    images: Sequence[Image],
    shares: Floats,
    whole: Floats,
    cells: tuple[int, int],
    encoder: ImageEncoder,
    most: int = _SETS,
) -> Erased | None:
    """Pictures whose weighted mean is the whole, one of them without each of its `sets` of squares.

    Args:
        images: t of them: one picture, or the frames of a video.
        shares: f32 (t,), the weight of each in the whole.
        whole: f32 (m,), features; the pictures' come first, where there are others too.
        cells: rows and columns of the lattice on each of them, whose cells are the parts.
        encoder: of the pictures.
        most: sets of each size of squares, of all pictures together.

    Returns:
        with p = t · rows · columns; None of so many pictures that it would take too long.
    """
    if len(images) > _MOST:
        return None
    first = ImageEncoder(encoder.towers[:1], encoder.tuning)
    count = max(_LEAST, 2 * round(most / len(images) / 2))
    left: list[Image] = []
    nothing: list[Image] = []
    gone: list[Floats] = []
    for place, image in enumerate(images):
        without: Any = occluder(Image(smaller(image.pixels)))
        nothing.append(without(lattice(1, 1)))
        left += [image, nothing[-1]]
        for squares in SQUARES:
            rows, columns = (overlap(side, squares) for side in cells)  # (side, squares)
            first_set = place * count % _SETS  # each picture loses others
            for some in sets(squares)[first_set : first_set + count]:
                left.append(without(lattice(squares, squares)[some.reshape(-1)]))
                away = np.zeros((len(images), *cells), np.float32)
                away[place] = rows @ some @ columns.T
                gone.append(away.reshape(-1))
    batches = [left[at : at + _AT_ONCE] for at in range(0, len(left), _AT_ONCE)]
    seen = np.stack([e.pooled for batch in batches for e in first.encode(batch)])
    seen = seen.reshape(len(images), -1, first.dim)  # (t, 2 + k, of the first tower)
    change = (seen[:, 2:] - seen[:, :2].mean(axis=1, keepdims=True)) * shares[:, None, None]
    change = change.reshape(-1, first.dim)
    halfway = whole.copy()
    blank = shares @ np.stack([e.pooled for e in encoder.encode(nothing)])
    halfway[: encoder.dim] = (whole[: encoder.dim] + blank) / 2
    features = np.repeat(halfway[None], len(gone), 0)
    shared = encoder.tuning.dim if encoder.tuning else 0  # numbers that are sums over the towers
    own = first.dim - shared
    features[:, :own] += change[:, :own]
    features[:, encoder.dim - shared : encoder.dim] += change[:, own:]
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
