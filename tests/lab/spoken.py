"""Things of which people say what they show: words whose vectors can be seen in them."""

from collections.abc import Sequence

import numpy as np

from tests.lab.planted import IMAGE, TEXT
from xmr_core.datasets import Dataset, Encoders, Split
from xmr_core.media import Encoding, Floats, Text

KINDS = ("dog", "cat", "boat", "horse", "bird", "child", "car", "train", "bear", "sheep", "tent")
COLOURS = ("red", "blue", "green", "white", "black", "grey", "pink", "brown", "yellow", "orange")
PLACES = ("grass", "snow", "street", "beach", "water", "forest", "market", "desert", "river")
WORDS = (*KINDS, *COLOURS, *PLACES)
_DIM = 12


class Bag:
    """The mean of fixed random vectors, one a word."""

    name = "fake-bag"
    modality = TEXT
    dim = _DIM
    fingerprint = "fake-bag-1"

    def encode(self, batch: Sequence[Text]) -> list[Encoding]:
        none = np.zeros((0, _DIM), np.float32), np.zeros((0, 2, 1), np.float32)
        return [Encoding(self.vector(text.text), *none) for text in batch]

    def vector(self, text: str) -> Floats:
        known = [w for w in text.split() if w in WORDS]
        table = np.random.default_rng(8).normal(size=(len(WORDS), _DIM))
        rows = [table[WORDS.index(w)] for w in known]
        return np.mean(rows, axis=0).astype(np.float32) if rows else np.zeros(_DIM, np.float32)


ENCODERS: Encoders = {TEXT: Bag()}


def _split(first: int, count: int, captions: int) -> Split:
    bag, rng = Bag(), np.random.default_rng(first)
    mixing = np.random.default_rng(9).normal(size=(_DIM, 20))
    said, owners, view = [], [], []
    for i in range(first, first + count):
        shown = [str(rng.choice(of)) for of in (KINDS, COLOURS, PLACES)]
        kind, colour, place = shown
        every = (
            f"a {colour} {kind} in the {place}",
            f"the {kind} is on {place} and it is {colour}",
        )
        for k in range(captions):
            said.append(every[k % 2])
            owners.append(i)
        view.append(bag.vector(" ".join(shown)) @ mixing + 0.1 * rng.normal(size=20))
    turn = rng.permutation(len(said))
    views = {
        IMAGE: np.array(view, np.float32),
        TEXT: np.stack([bag.vector(text) for text in said])[turn],
    }
    own = {IMAGE: np.arange(first, first + count), TEXT: np.array(owners)[turn]}
    files = [f"{i}.jpg" for i in range(first, first + count)]
    return Split(views, own, {}, {IMAGE: files, TEXT: [said[i] for i in turn]})


def spoken_dataset(captions: int = 2) -> Dataset:
    """300 pictures to learn from and 60 to ask, with as many captions each."""
    return Dataset(
        name="flickr8k",
        train=_split(0, 300, captions),
        val=None,
        test=_split(300, 60, captions),
        classes=(),
        checksum="0",
        relevant="pairs",
        source="Made up",
        before={TEXT: (), IMAGE: ()},
        encoders={TEXT: "fake-bag-1", IMAGE: "none"},
    )
