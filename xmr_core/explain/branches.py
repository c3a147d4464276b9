"""The branches of a joint space: blocks of its dimensions that come from different maps.

A head may set several unit vectors side by side, so that the cosine in its space is the
weighted sum of the cosines in theirs (see ``Branches`` and ``Blend`` in
``xmr_core.heads.stacks``). Of those of the embedded profile one holds the words that name a
picture's classes, two come from trained networks, one from canonical correlation, and one
from towers that were tuned on captions, whose side of the texts is a network too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from xmr_core.heads import Head
from xmr_core.heads.layers import Gelu, Layer, Linear, Unit
from xmr_core.heads.stacks import Blend, Branches, Residual, width_of
from xmr_core.media import Modality
from xmr_core.space import JointSpace

WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Branch:
    """Dimensions ``start`` … ``stop`` of the joint space, end excluded, and what they are."""

    name: str
    start: int
    stop: int


def branches_of(space: JointSpace) -> list[Branch]:
    """The branches of a space, as the head of its texts has them; at least one.

    A branch is called by how it is made of words: ``network`` where something is trained
    that is not linear, ``correlation`` where a linear map is, ``class names`` where it is
    the words themselves.
    """
    head = space.heads.get((Modality.TEXT, "query")) or space.heads.get((Modality.TEXT, "gallery"))
    layers = list(head.layers) if isinstance(head, Head) else []
    while layers and isinstance(layers[-1], Unit):  # a length that all branches share
        layers.pop()
    if not isinstance(head, Head) or not layers or not _side_by_side(layers[-1]):
        return [Branch(WHOLE, 0, space.dim)]
    made: list[Branch] = []
    for branch, width in _leaves(tuple(layers), head.dim_in):
        start = made[-1].stop if made else 0
        name = _name(branch)
        same = sum(other.name.split(" (")[0] == name for other in made)
        made.append(Branch(f"{name} ({same + 1})" if same else name, start, start + width))
    return made


def _leaves(layers: tuple[Layer, ...], a: int) -> Iterator[tuple[tuple[Layer, ...], int]]:
    """The lists of layers that stand side by side in the end, and how wide each comes out."""
    *before, last = layers
    if not (isinstance(last, Blend | Branches) and _side_by_side(last)):
        yield layers, width_of(layers, a)
        return
    width = width_of(tuple(before), a)
    for branch in last.branches:
        yield from _leaves(branch, width)


def _side_by_side(layer: Layer) -> bool:
    return isinstance(layer, Blend) or (isinstance(layer, Branches) and layer.join == "concat")


def _name(layers: tuple[Layer, ...]) -> str:
    kinds = {type(layer) for layer in _all(layers)}
    if Gelu in kinds:
        return "network"
    return "correlation" if Linear in kinds else "class names"


def _all(layers: tuple[Layer, ...]) -> Iterator[Layer]:
    """Layers, and those inside them."""
    for layer in layers:
        yield layer
        if isinstance(layer, Residual):
            yield from _all(layer.layers)
        elif isinstance(layer, Blend | Branches):
            for inner in layer.branches:
                yield from _all(inner)
