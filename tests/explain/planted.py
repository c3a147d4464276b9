"""Sides with planted features, and a joint space fitted to them by CCA."""

import numpy as np

from xmr_core.explain import Side
from xmr_core.heads import Head
from xmr_core.media import Floats, Image, Media, Modality, Text
from xmr_core.space import JointSpace

M_TEXT, M_IMAGE, LATENT = 7, 9, 4
RNG = np.random.default_rng(3)
# what a latent topic looks like in the features of a text, and in those of a picture
WORDS = RNG.normal(size=(LATENT, M_TEXT)).astype(np.float32)
LOOKS = RNG.normal(size=(LATENT, M_IMAGE)).astype(np.float32)


class Known:
    """An encoder that is never asked: the sides are made by hand."""

    def __init__(self, modality: Modality, dim: int) -> None:
        self.name = self.fingerprint = f"known {modality}"
        self.modality, self.dim = modality, dim

    def encode(self, batch):
        raise AssertionError("nothing here is encoded")


def cca(x: Floats, y: Floats, d: int, ridge: float = 1e-3) -> tuple[Head, Head]:
    """Canonical correlation analysis of pairs (n, a) and (n, b), as two affine heads."""

    def whitening(z):
        values, vectors = np.linalg.eigh(np.cov(z.T) + ridge * np.eye(z.shape[1]))
        return vectors / np.sqrt(values)

    a, b = whitening(x), whitening(y)
    cross = a.T @ ((x - x.mean(0)).T @ (y - y.mean(0)) / len(x)) @ b
    u, s, vt = np.linalg.svd(cross)
    heads = []
    for z, white, turn in ((x, a, u), (y, b, vt.T)):
        weight = (white @ turn[:, :d] * np.sqrt(s[:d])).astype(np.float32)
        heads.append(Head.affine(weight, (-z.mean(0) @ weight).astype(np.float32)))
    return heads[0], heads[1]


def cca_space() -> JointSpace:
    """Texts and pictures of four topics, in the space of their correlations."""
    topics = RNG.normal(size=(400, LATENT))
    noise = [0.1 * RNG.normal(size=(400, m)) for m in (M_TEXT, M_IMAGE)]
    text, image = cca(topics @ WORDS + noise[0], topics @ LOOKS + noise[1], LATENT)
    return JointSpace(
        "cca",
        LATENT,
        {
            Modality.TEXT: Known(Modality.TEXT, M_TEXT),
            Modality.IMAGE: Known(Modality.IMAGE, M_IMAGE),
        },
        {(Modality.TEXT, "gallery"): text, (Modality.IMAGE, "gallery"): image},
    )


def side(media: Media, features: Floats, weights: Floats | None = None, **more) -> Side:
    """A side whose whole is the weighted mean of its parts."""
    p = len(features)
    weights = np.full(p, 1 / p, np.float32) if weights is None else weights
    low = np.arange(p, dtype=np.float32)
    boxes = np.stack([low, low + 1], axis=1)[:, :, None]
    names = tuple(f"part {i}" for i in range(p))
    return Side(media, features, weights, weights @ features, boxes, names, **more)


def text_of(topics: Floats, **more) -> Side:
    """A text whose parts (p, LATENT) are mixtures of topics."""
    return side(Text("planted"), (topics @ WORDS).astype(np.float32), **more)


def picture_of(topics: Floats, **more) -> Side:
    """A picture whose parts are mixtures of topics."""
    pixels = np.zeros((2, 2, 3), np.uint8)
    return side(Image(pixels), (topics @ LOOKS).astype(np.float32), **more)
