"""The head of pictures and the text side that it shares a space with.

The space is five spaces side by side: class names (training-free, ConSE), two networks
trained on captioned pictures, a canonical correlation analysis of the same pictures, and
what towers say that were trained further (see ``tuning``). A score is the weighted sum of
five cosines; names are weighted otherwise than sentences (see ``gate``). All parts trained
here but one network also learn the towers' thousand classes (see ``classes``). What
pictures and captions are usually near to is kept too, as the centres of their clusters: the
bank of hubness correction.
"""

import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from heads import data
from heads.cca import fit_cca
from heads.classes import conse, starts, typical, wordings
from heads.contrast import Settings, fit_contrast
from heads.gate import gate
from xmr_core.encoders.image import CHANNELS
from xmr_core.encoders.text import SENTENCE
from xmr_core.encoders.tuning import Tuning
from xmr_core.heads import Blend, Branches, Head, Layer, Linear, Root, Slice, Standardise, Unit
from xmr_core.hubness import hub_bias
from xmr_core.media import Floats, Modality
from xmr_core.metrics import average_precision, recalls, rsum
from xmr_core.paths import assets_dir
from xmr_core.profiles.bank import bank_texts, heads_mark, save_bank
from xmr_core.profiles.blocks import BLOCKS, SHARES, with_tuned

TOWERS = ("lite0", "lite1", "lite2")
COMPONENTS = 448  # of the features, kept by the trained parts
KAPPA = 5.0
NETWORKS = (Settings(seed=0), Settings(seed=1, share=0.0))  # the second sees no classes
# Of class names, both networks, canonical correlation and tuned towers in a score.
SCENES = (0.16, 0.15, 0.15, 0.14, 0.40)
NAMES = (0.33, 0.20, 0.17, 0.12, 0.18)
CCA_DIM = 192
CENTRES = 300  # of clusters, of pictures and of captions


def train(folder: Path) -> None:
    """Train on all but the judged pictures and write the heads; what was tuned stays."""
    split = data.flickr_split(len(data.flickr(folder)[0]))
    rows = split.learned
    image, branches = fit(folder, rows)
    finish(folder, image, (*branches, last_branch()))


def last_branch() -> tuple[Layer, ...]:
    """The tuned towers' side of the head of texts that is there."""
    *_, blend = Head.load(assets_dir() / "heads" / "text.safetensors").layers
    assert isinstance(blend, Blend)
    return blend.branches[-1]


def finish(folder: Path, image: Head, branches: Sequence[tuple[Layer, ...]]) -> None:
    """Weigh the branches of the texts, judge, and write both heads and the bank's centres."""
    out = assets_dir() / "heads"
    split = data.flickr_split(len(data.flickr(folder)[0]))
    rows = split.learned
    tuning = Tuning(out / "tuning.safetensors")
    captions = sentences(folder)[rows].reshape(-1, 2 * SENTENCE)
    text = words(branches, captions)
    seen = pictures(folder, tuning)
    both = with_tuned(image, text, tuning)
    centres = {
        Modality.IMAGE: clusters(both(seen[rows])),
        Modality.TEXT: clusters(text(captions)),
    }
    about = {
        "towers": "+".join(TOWERS),
        "trained_on": f"{len(rows)} pictures of Flickr8k, names of ImageNet",
    }
    scores = judge(folder, both, text, centres, split.judged)
    Head(image.dim_in, image.layers, about).save(out / "image.safetensors")
    Head(text.dim_in, text.layers, text.about | about | scores).save(out / "text.safetensors")
    save_bank(centres, heads_mark(both, text))
    print(f"{out}: {about | scores}")


def fit(folder: Path, rows: Sequence[int]) -> tuple[Head, list[tuple[Layer, ...]]]:
    """The head of pictures and the branches of that of texts, trained on these rows of Flickr8k."""
    features = pictures(folder)[list(rows)]
    captions = sentences(folder)[list(rows)]
    looks = typical(features, TOWERS, KAPPA)
    names = wordings()
    trunk, levelled = _reduction(features), level(captions)
    reduced = Head(features.shape[1], trunk)
    z, a = reduced.raw(features), reduced.raw(looks)
    t, b = levelled(captions), levelled(names)
    see, read = [], []
    for settings in NETWORKS:
        seen, said = fit_contrast(z, t, a, b, settings, _tell)
        see.append((*seen, Unit()))
        read.append((levelled, *said, Unit()))
    see_cca, read_cca = fit_cca(z, t, a, b[[0, 3]], CCA_DIM)
    known = (*conse(features, looks, TOWERS), Unit())
    trained = Branches("concat", (*see, (see_cca, Unit())), (1.0,) * 3)
    picture: tuple[Layer, ...] = (Branches("concat", (known, (*trunk, trained)), (1.0, 1.0)),)
    common = data.sentences("bank", bank_texts())[:, :SENTENCE].mean(axis=0)
    named = (Slice(0, SENTENCE), Standardise(common, np.ones_like(common)), Unit())
    return Head(features.shape[1], picture).half(), [named, *read, (levelled, read_cca, Unit())]


def words(branches: Sequence[tuple[Layer, ...]], captions: Floats) -> Head:
    """The head of texts of its branches, unit columns each.

    Args:
        branches: class names, both networks, canonical correlation, tuned towers.
        captions: vectors f32 (n, 768) that the gate is to know as sentences about scenes.
    """
    weights = np.sqrt(SCENES)  # as pictures are weighted: a share is the product of both sides
    low = np.asarray(NAMES) / weights
    low /= np.linalg.norm(low)
    blend = Blend(gate(captions), tuple(branches), tuple(low), tuple(weights))
    widths = [Head(2 * SENTENCE, (Unit(), *branch)).dim for branch in branches]
    about = {BLOCKS: " ".join(map(str, widths)), SHARES: " ".join(map(str, SCENES))}
    return Head(2 * SENTENCE, (Unit(), blend), about).half()


def clusters(rows: Floats) -> Floats:
    """The centres of unit rows f32 (n, d) that lie together, unit f32 (``CENTRES``, d)."""
    import faiss

    kmeans = faiss.Kmeans(
        rows.shape[1], CENTRES, niter=20, seed=0, spherical=True, min_points_per_centroid=1
    )
    kmeans.train(rows)
    return np.asarray(Unit()(np.asarray(kmeans.centroids)), np.float32)


def judge(
    folder: Path, image: Head, text: Head, centres: Mapping[Modality, Floats], rows: Sequence[int]
) -> dict[str, str]:
    """What the heads reach on these pictures of Flickr8k, and on stamps by name and caption."""
    said = text(data.sentences("bank", bank_texts()))
    bank = np.concatenate([said, centres[Modality.TEXT]])
    tuning = Tuning(assets_dir() / "heads" / "tuning.safetensors")
    seen = image(pictures(folder, tuning)[list(rows)])
    said = text(sentences(folder)[list(rows)].reshape(-1, text.dim_in))
    relevant = np.repeat(np.arange(len(rows)), 5)[:, None] == np.arange(len(rows))
    there = said @ seen.T
    corrected = (
        there - hub_bias(seen, bank),
        there.T - hub_bias(said, centres[Modality.IMAGE]),
    )
    raw = rsum(recalls(there, relevant), recalls(there.T, relevant.T))
    better = rsum(recalls(corrected[0], relevant), recalls(corrected[1], relevant.T))
    paths, table = data.stamps(folder)
    stamps = [data.towers("stamps", TOWERS, paths), data.tuned("stamps", TOWERS, tuning, paths)]
    shown = image(np.concatenate(stamps, axis=1))
    names = [data.thing(row["caption"]) for row in table]
    asked = text(data.sentences("stamp names", sorted(set(names))))
    own = np.array(sorted(set(names)))[:, None] == np.array(names)
    found = average_precision(asked @ shown.T - hub_bias(shown, bank), own).mean()
    return {
        "flickr8k_rsum": f"{raw:.1f}",
        "flickr8k_rsum_corrected": f"{better:.1f}",
        "stamps_name_map_corrected": f"{found:.3f}",
    }


def pictures(folder: Path, tuning: Tuning | None = None) -> Floats:
    """Features f32 (n, m) of all of Flickr8k's pictures, the towers side by side, tuned last."""
    paths = data.flickr(folder)[0]
    own = data.towers("flickr", TOWERS, paths)
    if tuning is None:
        return own
    return np.concatenate([own, data.tuned("flickr", TOWERS, tuning, paths)], axis=1)


def sentences(folder: Path) -> Floats:
    """Vectors f32 (n, 5, 768) of their captions."""
    captions = data.flickr(folder)[1]
    flat = data.sentences("captions", [caption for row in captions for caption in row])
    return flat.reshape(len(captions), 5, -1)


def _reduction(features: Floats) -> tuple[Layer, ...]:
    """Last layers' roots and the stages, standardised, on their first principal components.

    Centred, with a standard deviation of one over all numbers: f32 (z,).
    """
    cuts: list[tuple[Layer, ...]] = []
    ends = starts(TOWERS)
    for start, end in pairwise(ends):
        cuts += [(Slice(start, start + CHANNELS), Root()), (Slice(start + CHANNELS, end),)]
    parted = Branches("concat", tuple(cuts), (1.0,) * len(cuts))
    x = parted(features)
    mean, scale = x.mean(axis=0), 1 / (x.std(axis=0) + 1e-6)
    torch.manual_seed(0)
    rows = torch.from_numpy((x - mean) * scale)
    _, _, v = torch.pca_lowrank(rows, q=COMPONENTS, center=False, niter=3)
    weight = scale[:, None] * v.numpy()  # (m, z)
    weight /= ((x - mean) @ weight).std()
    return (parted, Linear(weight, -mean @ weight))


def level(captions: Floats) -> Standardise:
    """Centres captions f32 (n, c, 768) and gives each half a standard deviation of one."""
    mean = captions.mean(axis=(0, 1))
    halves = np.split((captions - mean).reshape(-1, len(mean)), 2, axis=1)
    scales = np.repeat([1 / half.std() for half in halves], len(mean) // 2)
    return Standardise(mean, scales.astype(np.float32))


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
