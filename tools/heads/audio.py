"""The head of sounds: the classifiers' categories, as what people call their sounds.

aiSFX's classifiers name a sound's category in the Universal Category System. Each
category stands for many phrases (``sounds.txt``), and the head is the convex combination
of their centred means (ConSE: Norouzi et al., ICLR 2014), averaged over the classifiers.
"""

from pathlib import Path

import numpy as np

from heads.data import sentences
from xmr_core.encoders.audio import CLASSIFIERS, EMBEDDING
from xmr_core.heads import Branches, Head, Layer, Linear, Slice, Softmax, Unit
from xmr_core.media import Floats
from xmr_core.paths import assets_dir

TEMPERATURE = 2.0  # the networks are too sure of themselves on sounds from elsewhere
# What each classifier leaves out of the 81 categories; the others keep the alphabet's order.
# Found by the agreement of the classifiers' outputs on the same sounds.
_ABSENT = {
    "soundlyTrain": {"food", "geothermal"},
    "prosfx": {"ceramics", "ice", "windows"},
    "ucsMixed": {
        *("chemicals", "destruction", "dirt", "geothermal", "lasers", "leather"),
        *("natural disaster", "rocks", "rope", "rubber", "sports", "windows"),
    },
}


def vocabulary() -> dict[str, list[str]]:
    """Category → phrases, in the alphabet's order."""
    lines = (Path(__file__).parent / "sounds.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines if line and not line.startswith("#"))
    return {category: [p.strip() for p in phrases.split(";")] for category, phrases in pairs}


def categories(classifier: str) -> list[str]:
    """What the outputs of a classifier stand for, in order."""
    return [name for name in vocabulary() if name not in _ABSENT[classifier]]


def centres() -> dict[str, Floats]:
    """Category → the mean vector of its phrases f32 (384,), less the mean of all categories."""
    words = vocabulary()
    vectors = sentences("sound words", [p for phrases in words.values() for p in phrases])
    cuts = np.cumsum([len(phrases) for phrases in words.values()])[:-1]
    means = np.stack([Unit()(part.mean(axis=0)[None])[0] for part in np.split(vectors, cuts)])
    return dict(zip(words, means - means.mean(axis=0), strict=True))


def layers() -> tuple[Layer, ...]:
    """Features of sounds → the space of the text encoder, not yet of length one."""
    centre = centres()
    branches: list[tuple[Layer, ...]] = []
    start = EMBEDDING
    for classifier, width in CLASSIFIERS.items():
        targets = np.stack([centre[name] for name in categories(classifier)])  # (c, 384)
        none = np.zeros(targets.shape[1], np.float32)
        cut = Slice(start, start + width)
        branches.append((cut, Softmax(TEMPERATURE), Linear(targets, none)))
        start += width
    return (Branches("sum", tuple(branches), (1.0,) * len(branches)),)


def train(data: Path) -> None:
    """Write ``assets/heads/audio.safetensors``."""
    text = Head.load(assets_dir() / "heads" / "text.safetensors")
    about = {"about": "aiSFX categories, named by their phrases (ConSE)", "data": "none"}
    width = EMBEDDING + sum(CLASSIFIERS.values())
    head = Head(width, (*layers(), Unit(), *text.layers), about).half()
    head.save(assets_dir() / "heads" / "audio.safetensors")
