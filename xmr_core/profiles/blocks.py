"""The blocks of the embedded profile's joint space.

Several spaces stand side by side, each of unit length on its own, and a score is the weighted
sum of their cosines (see ``Branches``). The head of texts knows all of them and says how wide
they are and what share each has among pictures. The last, what tuned towers say of a picture,
needs no head there.
"""

from itertools import pairwise

import numpy as np

from xmr_core.encoders.tuning import Tuning
from xmr_core.errors import WeightsDamaged
from xmr_core.heads import Branches, Head, Layer, Linear, Slice, Unit

BLOCKS, SHARES = "blocks", "shares"  # what the head of texts says under these names


def with_tuned(image: Head, text: Head, tuning: Tuning) -> Head:
    """The head of pictures for features with the tuned towers' numbers after the others.

    Args:
        image: f32 (n, m) → all blocks but the last.
        text: says the blocks' widths and shares.
        tuning: gives the last block.

    Raises:
        WeightsDamaged: the three do not belong together.
    """
    try:
        widths = [int(width) for width in text.about.get(BLOCKS, "").split()]
        weights = [float(share) ** 0.5 for share in text.about.get(SHARES, "").split()]
    except ValueError:
        widths, weights = [], []
    ends = [sum(widths[:i]) for i in range(len(widths) + 1)]
    known = [image.dim, text.dim] == ends[-2:] and len(weights) == len(widths)
    if not known or widths[-1] != tuning.dim:
        raise WeightsDamaged(
            "The heads of texts and pictures and the tuned towers do not fit each other.",
            "Install XMR again, or train them again with tools/.",
        )
    cuts: list[tuple[Layer, ...]] = [(Slice(*cut), Unit()) for cut in pairwise(ends[:-1])]
    own = Branches("concat", tuple(cuts), tuple(weights[:-1]))
    m = image.dim_in
    sides: tuple[tuple[Layer, ...], ...] = (
        (Slice(0, m), *image.layers, own),
        (Slice(m, m + tuning.dim), Unit()),
    )
    layers = (Branches("concat", sides, (1.0, weights[-1])),)
    return Head(m + tuning.dim, layers, image.about | text.about)


def widened(head: Head, dim: int) -> Head:
    """A head that knows the first blocks alone, with zeros in the others: f32 (n, ``dim``).

    >>> head = widened(Head.identity(2), 3)
    >>> head(np.array([[3, 4]], np.float32)).round(1).tolist()
    [[0.6000000238418579, 0.800000011920929, 0.0]]
    """
    missing = dim - head.dim
    if missing <= 0:
        return head
    nothing = Linear(np.zeros((head.dim, missing), np.float32), np.zeros(missing, np.float32))
    beside = Branches("concat", ((), (nothing,)), (1.0, 1.0))
    return Head(head.dim_in, (*head.layers, Unit(), beside), head.about)
