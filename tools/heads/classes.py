"""What the towers already know: a thousand classes, their names, and how they look.

There are no pictures of ImageNet here. But a linear classifier that was trained on them
remembers where they were: for classes of one covariance S its weights are S⁻¹(μ_c − μ),
up to scale (Fisher's discriminant), so that μ + κ S w_c is a stand-in for the features
of pictures of class c. They carry the names into the trained half of the space.
"""

from collections.abc import Sequence

import numpy as np

from heads.data import sentences
from xmr_core.encoders.image import CHANNELS, TOWERS, class_names, classifier
from xmr_core.encoders.text import SENTENCE
from xmr_core.heads import Branches, Head, Layer, Linear, Slice, Softmax
from xmr_core.media import Floats
from xmr_core.space import unit

TEMPERATURE = 1.0
RANK = 320  # of the classifiers' logits, so that three towers' weights take 3 MB, not 8


def wordings() -> Floats:
    """Vectors f32 (4, 1000, 768) of each class: its name, a sentence, all names, its definition."""
    from timm.data.imagenet_info import ImageNetInfo

    info = ImageNetInfo()
    names = class_names()
    first = [name.split(",")[0].strip() for name in names]
    definitions = [info.index_to_description(i, detailed=True) for i in range(1000)]
    lines = [*first, *(f"A {name}." for name in first), *names, *definitions]
    return sentences("classes", lines).reshape(4, 1000, -1)


def stacked(towers: Sequence[str]) -> tuple[Floats, Floats]:
    """Weights (1280 towers, 1000) and bias (1000,) that give the mean of the towers' logits."""
    pairs = [classifier(tower) for tower in towers]
    weight = np.concatenate([w.T for w, _ in pairs])
    weight *= 1 / len(pairs)
    return weight, np.mean([b for _, b in pairs], axis=0, dtype=np.float32)


def starts(towers: Sequence[str]) -> list[int]:
    """Where each tower's features start among those side by side, and where the last ends."""
    return [int(n) for n in np.cumsum([0, *(TOWERS[tower].dim for tower in towers)])]


def last_layers(towers: Sequence[str]) -> Branches:
    """The towers' last layers without the stages before them: (n, m) → (n, 1280 towers)."""
    cuts = [(Slice(at, at + CHANNELS),) for at in starts(towers)[:-1]]
    return Branches("concat", tuple(cuts), (1.0,) * len(cuts))


def typical(features: Floats, towers: Sequence[str], kappa: float) -> Floats:
    """Stand-ins f32 (1000, m) for the features of each class's pictures.

    The stages before the last layer follow it as they do in the given pictures.

    Args:
        features: of pictures of any kind, f32 (n, m), for the mean and the covariance.
        towers: whose features stand side by side.
        kappa: how far from the mean; at 8 a tower finds 95% of them again.
    """
    rows = []
    for tower, start in zip(towers, starts(towers), strict=False):
        x = features[:, start : start + TOWERS[tower].dim]
        centred = x - x.mean(axis=0)
        weight = classifier(tower)[0]
        covariance = centred[:, :CHANNELS].T @ centred / (len(x) - 1)  # (1280, m of the tower)
        look = x.mean(axis=0) + kappa * (weight - weight.mean(axis=0)) @ covariance
        look[:, :CHANNELS] = np.maximum(look[:, :CHANNELS], 0)
        rows.append(look)
    return np.concatenate(rows, axis=1)


def conse(pictures: Floats, looks: Floats, towers: Sequence[str]) -> tuple[Layer, ...]:
    """Features → convex combination of class vectors (Norouzi et al. 2014), f32 (384,).

    The logits go through ``RANK`` numbers, chosen to keep those of the given features.
    A class's vector stands between its name's and its definition's: the definition holds
    what the name leaves out ("goldfinch": a small bird). What all pictures have in common
    is taken away.

    Args:
        pictures: features f32 (n, m).
        looks: stand-ins for the classes' pictures f32 (1000, m).
        towers: whose features stand side by side.
    """
    weight, bias = stacked(towers)
    last = last_layers(towers)
    features = last(np.concatenate([pictures, looks]))
    centre = features.mean(axis=0)
    logits = (features - centre) @ weight  # (n, 1000)
    _, axes = np.linalg.eigh(logits.T @ logits)
    basis = axes[:, ::-1][:, :RANK].astype(np.float32)  # (1000, r)
    constant = centre @ weight + bias - (centre @ weight) @ basis @ basis.T
    name, _, _, definition = wordings()[:, :, :SENTENCE]
    certain: tuple[Layer, ...] = (
        last,
        Linear(weight @ basis, np.zeros(basis.shape[1], np.float32)),
        Linear(basis.T, constant),
        Softmax(TEMPERATURE),
    )
    vectors = unit(name + definition)  # (1000, 384)
    common = Head(pictures.shape[1], certain).raw(pictures).mean(axis=0) @ vectors
    return (*certain, Linear(vectors, -common))
