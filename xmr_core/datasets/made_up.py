"""Pairs that are made up: a few hidden topics, told in two media that share nothing but them.

There is always something to try a method on, and what is to be found is known. Each thing has a
place in a space of topics; two mixings that have nothing in common make its features, and each
medium adds noise and a strong offset of its own, which is the gap between media.
"""

import numpy as np

from xmr_core.datasets.split import Dataset, Split, checksum_of
from xmr_core.media import Modality

CLASSES = ("birds", "boats", "bread", "clouds", "music", "trees")
TRAIN, TEST = 900, 300
_TOPICS = 8  # hidden numbers of a thing
_WIDTHS = {Modality.IMAGE: 64, Modality.TEXT: 40}
_NOISE = 1.2  # beside what the topics say
_OWN = 1.5  # deviation of what a medium alone tells, in a few directions of its own
_BENT = 0.6  # how much of the pictures' features is not linear in the topics
_SEED = 1936  # Hotelling's


def made_up() -> Dataset:
    """Six classes, 900 pairs to fit on and 300 to measure with."""
    rng = np.random.default_rng(_SEED)
    middles = 1.6 * rng.normal(size=(len(CLASSES), _TOPICS))
    mixing = {m: rng.normal(size=(_TOPICS, width)) for m, width in _WIDTHS.items()}
    own = {m: rng.normal(size=(3, width)) for m, width in _WIDTHS.items()}
    offset = {m: 3 * rng.normal(size=width) for m, width in _WIDTHS.items()}

    def split(n: int, first: int) -> Split:
        labels = rng.permutation(np.arange(n) % len(CLASSES)).astype(np.int64)
        hidden = middles[labels] + rng.normal(size=(n, _TOPICS))
        views = {}
        for m, width in _WIDTHS.items():
            told = hidden @ mixing[m]
            if m is Modality.IMAGE:
                told = (1 - _BENT) * told + _BENT * 3 * np.tanh(told)
            own_part = _OWN * rng.normal(size=(n, 3)) @ own[m]
            noise = _NOISE * rng.normal(size=(n, width))
            views[m] = (told + own_part + noise + offset[m]).astype(np.float32)
        owners = np.arange(first, first + n)
        return Split(
            views,
            dict.fromkeys(views, owners),
            dict.fromkeys(views, labels),
            {m: [f"{CLASSES[c]} {i}" for i, c in zip(owners, labels, strict=True)] for m in views},
        )

    train, test = split(TRAIN, 0), split(TEST, TRAIN)
    return Dataset(
        name="made-up",
        train=train,
        val=None,
        test=test,
        classes=CLASSES,
        checksum=checksum_of(train, test),
        relevant="labels",
        source="made up by XMR: two media that tell of the same eight hidden topics",
        known=True,
    )
