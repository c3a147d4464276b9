"""The head of pictures and the text side that it shares a space with.

The space is three spaces side by side: class names (training-free, ConSE), a network
trained on captioned pictures, and a canonical correlation analysis of the same pictures.
Each has a weight on both sides, so that a score is the weighted sum of three cosines.
Both trained parts also learn the towers' thousand classes (see ``classes``).
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from heads import data
from heads.cca import fit_cca
from heads.classes import conse, typical, wordings
from heads.contrast import Settings, fit_contrast
from xmr_core.encoders.image import ImageEncoder
from xmr_core.heads import Branches, Head, Layer, Linear, Root, Standardise, Unit
from xmr_core.hubness import hub_bias
from xmr_core.media import Floats
from xmr_core.metrics import average_precision, recalls, rsum
from xmr_core.paths import assets_dir
from xmr_core.profiles.info import bank_texts

TOWERS = ("lite0", "lite1", "lite2")
COMPONENTS = 448  # of the features' square roots, kept by the trained parts
KAPPA = 5.0
WEIGHTS = (0.7, 1.2, 0.8)  # class names, network, canonical correlation
CCA_DIM = 256


def train(folder: Path) -> None:
    """Train on all but the judged pictures, judge, write image and text heads."""
    split = data.flickr_split(len(data.flickr(folder)[0]))
    rows = (*split.chosen, *split.train)
    image, text = fit(folder, rows, Settings())
    scores = judge(folder, image, text, split.judged)
    about = {
        "towers": "+".join(TOWERS),
        "trained_on": f"{len(rows)} pictures of Flickr8k, names of ImageNet",
        **scores,
    }
    out = assets_dir() / "heads"
    Head(image.dim_in, image.layers, about).save(out / "image.safetensors")
    Head(text.dim_in, text.layers, about).save(out / "text.safetensors")
    print(f"{out}: {about}")


def fit(folder: Path, rows: Sequence[int], settings: Settings) -> tuple[Head, Head]:
    """The heads of pictures and texts, in halves, trained on these rows of Flickr8k."""
    features = pictures(folder)[list(rows)]
    captions = sentences(folder)[list(rows)]
    looks = typical(features, TOWERS, KAPPA)
    names = wordings()
    reduce = _reduction(features)
    trunk = Head(features.shape[1], reduce)
    z, a = trunk.raw(features), trunk.raw(looks)
    see_cca, read_cca = fit_cca(z, captions, a, names[[0, 3]], CCA_DIM)
    see, read = fit_contrast(z, captions, a, names, settings, _tell)
    trained = Branches("concat", ((*see, Unit()), (see_cca, Unit())), WEIGHTS[1:])
    known = (*conse(features, looks, TOWERS), Unit())
    picture: tuple[Layer, ...] = (
        Branches("concat", (known, (*reduce, trained)), (WEIGHTS[0], 1.0)),
    )
    common = data.sentences("bank", bank_texts()).mean(axis=0)
    named = (Standardise(common, np.ones_like(common)), Unit())
    words: tuple[Layer, ...] = (
        Unit(),
        Branches("concat", (named, (*read, Unit()), (read_cca, Unit())), WEIGHTS),
    )
    return Head(features.shape[1], picture).half(), Head(captions.shape[2], words).half()


def judge(folder: Path, image: Head, text: Head, rows: Sequence[int]) -> dict[str, str]:
    """What the heads reach on these pictures of Flickr8k, and on stamps by name and caption."""
    bank = text(data.sentences("bank", bank_texts()))
    seen = image(pictures(folder)[list(rows)])
    said = text(sentences(folder)[list(rows)].reshape(-1, text.dim_in))
    relevant = np.repeat(np.arange(len(rows)), 5)[:, None] == np.arange(len(rows))
    there = said @ seen.T
    corrected = there - hub_bias(seen, bank), there.T - hub_bias(said, bank)
    raw = rsum(recalls(there, relevant), recalls(there.T, relevant.T))
    better = rsum(recalls(corrected[0], relevant), recalls(corrected[1], relevant.T))
    paths, table = data.stamps(folder)
    shown = image(_side_by_side("stamps", paths))
    names = [data.thing(row["caption"]) for row in table]
    asked = text(data.sentences("stamp names", sorted(set(names))))
    own = np.array(sorted(set(names)))[:, None] == np.array(names)
    found = average_precision(asked @ shown.T - hub_bias(shown, bank), own).mean()
    return {
        "flickr8k_rsum": f"{raw:.1f}",
        "flickr8k_rsum_corrected": f"{better:.1f}",
        "stamps_name_map_corrected": f"{found:.3f}",
    }


def pictures(folder: Path) -> Floats:
    """Features f32 (n, m) of all of Flickr8k's pictures, the towers side by side."""
    return _side_by_side("flickr", data.flickr(folder)[0])


def sentences(folder: Path) -> Floats:
    """Vectors f32 (n, 5, 384) of their captions."""
    captions = data.flickr(folder)[1]
    flat = data.sentences("captions", [caption for row in captions for caption in row])
    return flat.reshape(len(captions), 5, -1)


def _side_by_side(name: str, paths: Sequence[Path]) -> Floats:
    columns = [data.features(f"{name}-{t}", ImageEncoder((t,)), paths) for t in TOWERS]
    return np.concatenate(columns, axis=1)


def _reduction(features: Floats) -> tuple[Layer, ...]:
    """Roots, standardised, on their first principal components: f32 (z,)."""
    roots = Root()(features)
    mean, scale = roots.mean(axis=0), 1 / (roots.std(axis=0) + 1e-6)
    torch.manual_seed(0)
    x = torch.from_numpy((roots - mean) * scale)
    _, _, v = torch.pca_lowrank(x, q=COMPONENTS, center=False, niter=3)
    weight = scale[:, None] * v.numpy()  # (m, z)
    return (Root(), Linear(weight, -mean @ weight))


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
