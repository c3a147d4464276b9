"""The head of meshes: the classes that pictures show, and a linear map to names of things.

The map, fitted by ridge regression, goes from the views' features to the joint vectors
of the things' names. It is added to what the head of pictures says of the thousand
classes; what that head learned from photographs of people and places is left out. It
learns from named models of everyday things, and from the thousand classes, whose
classifiers' weights stand in for their pictures. Names left out decide whether it helps.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from heads.classes import last_layers, wordings
from heads.data import SEED, cached, features, meshes, sentences
from xmr_core import metrics
from xmr_core.demo.meshes import WORKS
from xmr_core.encoders.image import ImageEncoder, classifier
from xmr_core.encoders.mesh import MeshEncoder
from xmr_core.heads import Branches, Head, Layer, Linear, Standardise, Unit
from xmr_core.heads.stacks import width_of
from xmr_core.media import Floats, Mesh
from xmr_core.paths import assets_dir
from xmr_core.profiles.blocks import widened
from xmr_core.readers import read

RIDGE = 0.001  # weight decay, as a share of the samples
CLASSES = 1.0  # weight of a class's stand-in, beside 1 for a mesh
WEIGHT = 2.0  # of the linear map, beside 1 for the class names
RANK = 192  # of the linear map
_HALVINGS = 6

Numbers = np.ndarray[Any, Any]


def classes(towers: Sequence[str]) -> Floats:
    """The weights of the towers' classifiers as unit rows f32 (1000, 1280 towers), without mean."""
    rows = []
    for tower in towers:
        weight = classifier(tower)[0]
        rows.append(Unit()(weight - weight.mean(axis=0)))
    return np.asarray(Unit()(np.concatenate(rows, axis=1)), np.float32)


def adapter(
    things: Floats, names: Floats, anchors: Floats, anchor_names: Floats
) -> tuple[Layer, ...]:
    """Features → joint space, d wide: ridge regression in its dual form.

    Args:
        things: features f32 (n, a) of meshes, those of the towers' last layers.
        names: their names in the joint space, f32 (n, d).
        anchors: unit rows f32 (c, a) that stand for classes.
        anchor_names: f32 (c, d).
    """
    mean = things.mean(axis=0)
    x = np.concatenate([Unit()(things - mean), anchors])  # (n + c, m)
    y = np.concatenate([names - names.mean(axis=0), anchor_names - anchor_names.mean(axis=0)])
    root = np.sqrt(np.repeat([1.0, CLASSES], [len(things), len(anchors)]))[:, None]
    gram = (root * x) @ (root * x).T + RIDGE * float((root**2).sum()) * np.eye(len(x))
    weight = (root * x).T @ np.linalg.solve(gram, root * y)  # (m, d)
    left, scale, right = np.linalg.svd(weight, full_matrices=False)
    first, second = left[:, :RANK] * scale[:RANK], right[:RANK]
    return (
        Standardise(mean, np.ones_like(mean)),
        Unit(),
        Linear(first.astype(np.float32), np.zeros(first.shape[1], np.float32)),
        Linear(second.astype(np.float32), np.zeros(second.shape[1], np.float32)),
    )


def class_names(image: Head, dim: int) -> tuple[Layer, ...]:
    """The first part of the head of pictures, class names, at its place in the joint space."""
    parts = image.layers[0]
    assert isinstance(parts, Branches)
    first = (*parts.branches[0], Unit())
    place = np.eye(Head(image.dim_in, first).dim, dim, dtype=np.float32)
    return (*first, Linear(place, np.zeros(dim, np.float32)))


def layers(image: Head, adapted: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Class names and the adapter, added."""
    mapped = (last_layers(image.about["towers"].split("+")), *adapted)
    dim = width_of(mapped, image.dim_in)
    return (Branches("sum", (class_names(image, dim), mapped), (1.0, WEIGHT)),)


def train(data: Path) -> None:
    """Judge on names left out, then train on all and write ``assets/heads/mesh.safetensors``."""
    folder = assets_dir() / "heads"
    image, text = Head.load(folder / "image.safetensors"), Head.load(folder / "text.safetensors")
    towers = image.about.get("towers", "lite2").split("+")
    encoder = MeshEncoder(ImageEncoder(towers))
    paths, labels = meshes(data)
    things = features("meshes", encoder, paths)
    kinds = sorted(set(labels))
    own = np.searchsorted(kinds, labels)  # (n,)
    asked = text(sentences("mesh names", kinds))  # (k, d)
    known = text(Unit()(wordings()[:3].mean(axis=0)))  # (1000, d): two names and a sentence
    anchors, last = classes(towers), last_layers(towers)(things)
    pictures = widened(image, text.dim)

    def fit(rows: Numbers) -> Head:
        fitted = adapter(last[rows], asked[own[rows]], anchors, known)
        return Head(image.dim_in, layers(image, fitted))

    before: list[tuple[float, float]] = []
    after: list[tuple[float, float]] = []
    for seed in range(_HALVINGS):
        half = np.random.default_rng(SEED + seed).integers(0, 2, len(kinds))
        for side in (0, 1):
            judged = half[own] == side
            relevant = np.flatnonzero(half == side)[:, None] == own[judged]
            for head, out in ((pictures, before), (fit(~judged), after)):
                out.append(_judge(asked[half == side] @ head(things[judged]).T, relevant))
    final = fit(np.ones(len(things), bool))
    others = _demo(encoder)
    made = text(sentences("demo mesh names", [_name(work.path) for work in WORKS]))
    same = np.eye(len(WORKS), dtype=bool)
    scores = {
        "names left out, by the head of pictures": np.mean(before, axis=0),
        "names left out": np.mean(after, axis=0),
        "demo library, by the head of pictures": _judge(made @ pictures(others).T, same),
        "demo library": _judge(made @ final(others).T, same),
    }
    about = {
        "about": "class names as in pictures, and a linear map fitted to views of named models",
        "towers": "+".join(towers),
        "data": "meshes (237 models, 209 names), names of the towers' classes",
        **{k: f"mAP {m:.3f}, right among ten {f:.3f}" for k, (m, f) in scores.items()},
    }
    print(json.dumps(about, indent=1), file=sys.stderr)
    file = folder / "mesh.safetensors"
    Head(image.dim_in, final.layers, about).half().save(file)
    file.chmod(0o644)


def _demo(encoder: MeshEncoder) -> Floats:
    """Features of the demo library's meshes, which nothing is trained on."""

    def make() -> Floats:
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            for work in WORKS:
                file = Path(folder) / f"mesh{work.suffix}"
                file.write_bytes(work.bytes())
                mesh = read(file)
                assert isinstance(mesh, Mesh)
                rows.append(encoder.encode([mesh])[0].pooled)
        return np.stack(rows)

    return cached("demo meshes", make, encoder.fingerprint, *[work.path for work in WORKS])


def _name(path: str) -> str:
    """The words in a file's name.

    >>> _name("home/red-sofa.glb")
    'red sofa'
    """
    return Path(path).stem.replace("-", " ")


def _judge(scores: Floats, relevant: Numbers) -> tuple[float, float]:
    """The mean average precision, and the share of names with a right mesh among ten."""
    first = (scores > np.where(relevant, scores, -np.inf).max(axis=1, keepdims=True)).sum(axis=1)
    return float(metrics.average_precision(scores, relevant).mean()), float(np.mean(first < 10))
