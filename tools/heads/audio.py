"""The head of sounds: what aiSFX's classifiers hear, in words, and animals apart from each other.

aiSFX's classifiers name a sound's category in the Universal Category System. Each
category stands for many phrases (``assets/bank/heard.txt``); a sound's vector is the combination
of the categories' vectors by their probabilities (ConSE: Norouzi et al., ICLR 2014),
added over the classifiers. The categories tell a dog from rain but not from a cow. So a
softmax over the embedding, trained on clips of ten animals, adds the animal's own
vector, and nothing where it hears none of them: synthesised sounds of all kinds teach
it that class. With settings chosen by leaving three animals out (see the model card).
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from heads.data import SEED, animal_sounds, cached, features, sentences, stamps
from xmr_core import metrics
from xmr_core.demo.sounds import WORKS
from xmr_core.encoders.audio import AudioEncoder
from xmr_core.encoders.soundnet import CLASSIFIERS, EMBEDDING
from xmr_core.heads import Branches, Head, Layer, Linear, Slice, Softmax, Standardise, Unit
from xmr_core.media import Audio, Floats
from xmr_core.paths import assets_dir
from xmr_core.readers import read

TEMPERATURE = 2.0  # of the classifiers, which are too sure on sounds from elsewhere
ANIMAL_WEIGHT = 1.5  # of the animals' softmax, beside 1 for each classifier
INVERSE_DECAY = 0.03  # of the animals' softmax, on standardised features
HELD_OUT = 4  # one clip in so many is judged on, and not trained on, for the model card

# What each classifier leaves out of the categories of ``heard.txt``; the rest keep the
# alphabet's order. Found by aligning the classifiers' outputs on the same 2,300 windows
# of sound: their correlations follow one ascending path. prosfx has one output more
# than the system has names, before its "food".
_ABSENT = {
    "soundlyTrain": {"games", "geothermal"},
    "prosfx": {"ceramics", "geothermal", "ice", "windows"},
    "ucsMixed": {
        *("chemicals", "destruction", "dirt", "geothermal", "lasers", "leather"),
        *("natural disaster", "rocks", "rope", "rubber", "sports", "windows"),
    },
}
_UNKNOWN = {"prosfx": "food"}  # classifier → the category that its nameless output precedes

# What people say of the animals in the clips; "chicken" clips are of cocks and hens.
ANIMALS = {
    "bird": ("bird", "birds singing", "a bird chirping"),
    "cat": ("cat", "a cat meowing", "kitten"),
    "chicken": ("chicken", "hen", "rooster", "a rooster crowing"),
    "cow": ("cow", "a cow mooing", "cattle"),
    "dog": ("dog", "a dog barking", "puppy"),
    "donkey": ("donkey", "a donkey braying", "mule"),
    "frog": ("frog", "a frog croaking", "toad"),
    "lion": ("lion", "a lion roaring", "tiger"),
    "monkey": ("monkey", "a monkey screeching", "ape"),
    "sheep": ("sheep", "a sheep bleating", "lamb"),
}
_ANIMAL_WORKS = (
    "birds/",
    "cats/",
    "dogs/",
    "forest/woodpecker",
    "night/owl",
    "pond/frogs",
    "sea/gulls",
)
_OTHER = ""  # the class of sounds that are none of these animals


def vocabulary() -> dict[str, list[str]]:
    """Category → phrases, in the alphabet's order."""
    lines = (assets_dir() / "bank" / "heard.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines if line and not line.startswith("#"))
    return {category: [p.strip() for p in phrases.split(";")] for category, phrases in pairs}


def categories(classifier: str) -> list[str]:
    """What the outputs of a classifier stand for, in order; "" for one that has no name."""
    names = [name for name in vocabulary() if name not in _ABSENT[classifier]]
    if classifier in _UNKNOWN:
        names.insert(names.index(_UNKNOWN[classifier]), "")
    return names


@dataclass(frozen=True)
class Words:
    """Vectors of the joint space that the head aims at.

    Attributes:
        text: the head of texts.
        category: name → mean vector f32 (d,) of its phrases, less ``mean``; "" → zeros.
        mean: of all categories.
    """

    text: Head
    category: dict[str, Floats]
    mean: Floats

    def of(self, phrases: Sequence[str]) -> Floats:
        """The mean vector f32 (d,) of phrases, less the mean of all categories."""
        return _centre(self.text(sentences("animal words", phrases))) - self.mean


def words(text: Head) -> Words:
    """Encode the vocabulary."""
    vocabulary_ = vocabulary()
    lines = [phrase for phrases in vocabulary_.values() for phrase in phrases]
    vectors = text(sentences("sound words", lines))  # (p, d)
    cuts = np.cumsum([len(phrases) for phrases in vocabulary_.values()])[:-1]
    means = np.stack([_centre(part) for part in np.split(vectors, cuts)])
    mean = means.mean(axis=0)
    category = dict(zip(vocabulary_, means - mean, strict=True))
    return Words(text, {**category, "": np.zeros_like(mean)}, mean)


def _centre(vectors: Floats) -> Floats:
    return np.asarray(Unit()(vectors.mean(axis=0)[None])[0], np.float32)


def conse(target: Words) -> list[tuple[Layer, ...]]:
    """One branch a classifier: its logits → probabilities → categories' vectors."""
    branches: list[tuple[Layer, ...]] = []
    start = EMBEDDING
    for classifier, width in CLASSIFIERS.items():
        vectors = np.stack([target.category[name] for name in categories(classifier)])  # (c, d)
        none = np.zeros(vectors.shape[1], np.float32)
        cut = Slice(start, start + width)
        branches.append((cut, Softmax(TEMPERATURE), Linear(vectors, none)))
        start += width
    return branches


def animals(
    target: Words, sounds: Floats, labels: Sequence[str], others: Floats
) -> tuple[Layer, ...]:
    """The embedding → the vector of the animal that is heard, or zeros.

    Args:
        target: where the vectors come from.
        sounds: features (n, m) of clips.
        labels: n keys of ``ANIMALS``.
        others: features (k, m) of sounds of other things.
    """
    from sklearn.linear_model import LogisticRegression

    x = np.concatenate([sounds, others])[:, :EMBEDDING]
    mean, scale = x.mean(axis=0), 1 / (x.std(axis=0) + 1e-3)
    model = LogisticRegression(C=INVERSE_DECAY, max_iter=500, class_weight="balanced")
    model.fit((x - mean) * scale, [*labels, *[_OTHER] * len(others)])
    none = np.zeros_like(target.mean)
    vectors = [none if name == _OTHER else target.of(ANIMALS[name]) for name in model.classes_]
    return (
        Slice(0, EMBEDDING),
        Standardise(mean, scale),
        Linear(model.coef_.T, model.intercept_),
        Softmax(),
        Linear(np.stack(vectors), none),
    )


def layers(
    target: Words, sounds: Floats, labels: Sequence[str], others: Floats
) -> tuple[Layer, ...]:
    """Features of sounds (n, m) → unit vectors of the joint space."""
    branches = [*conse(target), animals(target, sounds, labels, others)]
    weights = (*[1.0] * len(CLASSIFIERS), ANIMAL_WEIGHT)
    return Branches("sum", tuple(branches), weights), Unit()


def synthesised() -> Floats:
    """Features of the demo library's sounds, two takes of each, without those of our animals."""
    encoder = AudioEncoder()
    works = [work for work in WORKS if not work.path.startswith(_ANIMAL_WORKS)]

    def make() -> Floats:
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            for work in works:
                file = Path(folder) / f"sound{work.suffix}"
                for take in range(2):
                    file.write_bytes(work.make(np.random.default_rng(take)))
                    sound = read(file)
                    assert isinstance(sound, Audio)
                    rows.append(encoder.encode([sound])[0].pooled)
        return np.stack(rows)

    return cached("synthesised sounds", make, encoder.fingerprint, *[w.path for w in works])


def train(data: Path) -> None:
    """Judge on clips held out, then train on all and write ``assets/heads/audio.safetensors``."""
    folder = assets_dir() / "heads"
    target, others = words(Head.load(folder / "text.safetensors")), synthesised()
    paths, labels = animal_sounds(data)
    clips = features("animal sounds", AudioEncoder(), paths)
    names = np.array(labels)
    scores = {"clips held out": _apart(target, clips, names, others)}
    scores["animals left out"] = _left_out(target, clips, names, others)
    final = layers(target, clips, labels, others)
    scores["stamps"] = _stamps(data, target.text, final)
    for name, values in scores.items():
        print(name, {key: round(value, 3) for key, value in values.items()}, file=sys.stderr)
    about = {
        "about": "aiSFX categories by our phrases (ConSE), and a softmax over ten animals",
        "data": "animal_sounds (875 clips), synthesised sounds, assets/bank/heard.txt",
        **{name: json.dumps(values) for name, values in scores.items()},
    }
    file = folder / "audio.safetensors"
    Head(clips.shape[1], final, about).half().save(file)
    file.chmod(0o644)


def _judge(
    text: Head, final: tuple[Layer, ...], sounds: Floats, names: "np.ndarray[Any, Any]"
) -> tuple[list[str], Floats, float]:
    """The animals, the average precision of each by its name, and the zero-shot accuracy."""
    kinds = sorted(ANIMALS)
    asked = text(sentences("animal names", kinds))  # (c, d)
    scores = asked @ Head(sounds.shape[1], final)(sounds).T  # (c, n)
    found = metrics.average_precision(scores, np.array(kinds)[:, None] == names)
    right = float(np.mean(np.array(kinds)[scores.argmax(axis=0)] == names))
    return kinds, found.astype(np.float32), right


def _apart(
    target: Words, clips: Floats, names: "np.ndarray[Any, Any]", others: Floats
) -> dict[str, float]:
    """Trained on three clips of four, judged on the others."""
    held = np.random.default_rng(SEED).permutation(len(clips)) < len(clips) // HELD_OUT
    final = layers(target, clips[~held], list(names[~held]), others)
    _, found, right = _judge(target.text, final, clips[held], names[held])
    return {"map": float(found.mean()), "accuracy": right}


def _left_out(
    target: Words, clips: Floats, names: "np.ndarray[Any, Any]", others: Floats
) -> dict[str, float]:
    """Trained without three animals, judged on them among 40 clips at most of each animal.

    Beside it, the same without any training: what the words alone find.
    """
    after: list[float] = []
    before: list[float] = []
    for seed in range(5):
        rng = np.random.default_rng(SEED + seed)
        unseen = rng.permutation(sorted(ANIMALS))[:3]
        known = ~np.isin(names, unseen)
        judged = np.zeros(len(names), bool)
        for kind in sorted(ANIMALS):
            rows = rng.permutation(np.flatnonzero(names == kind))
            judged[rows[: 40 if kind in unseen else min(40, len(rows) // HELD_OUT)]] = True
        kept = known & ~judged
        final = layers(target, clips[kept], list(names[kept]), others)
        words_alone = (Branches("sum", tuple(conse(target)), (1.0,) * len(CLASSIFIERS)), Unit())
        for which, out in ((final, after), (words_alone, before)):
            kinds, found, _ = _judge(target.text, which, clips[judged], names[judged])
            out.append(float(found[np.isin(kinds, unseen)].mean()))
    return {"map": float(np.mean(after)), "map without training": float(np.mean(before))}


def _stamps(data: Path, text: Head, final: tuple[Layer, ...]) -> dict[str, float]:
    """Captions of cut-outs → their sounds, none of them trained on."""
    rows = [row for row in stamps(data)[1] if row["sound"]]
    paths = [data / "stamps" / row["sound"] for row in rows]
    sounds = features("stamps sounds", AudioEncoder(), paths)
    captions = np.array([row["caption"] for row in rows])
    asked = sorted(set(captions))
    scores = text(sentences("stamps captions", asked)) @ Head(sounds.shape[1], final)(sounds).T
    found = metrics.recalls(scores, np.array(asked)[:, None] == captions)
    return {"recall@10": found["recall@10"], "median rank": found["median_rank"]}
