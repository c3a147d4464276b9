"""Are tags and captions right, and how much more often than by chance or by habit?

Tags are judged by what people call a thing or say of it (see `tag_truth`; what it is a kind of
does not count: "animal" is right of half the world), against names drawn at random and against
the names that are right most often, which are chosen on one half of the things while all is told
of the other. Captions are compared with what people said of photographs
(BLEU, CIDEr-D), and asked to find their photograph again; against a sentence drawn at random,
and against the one that fits all photographs best. Sentences are those that come with XMR.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.bench.explain import wilson
from xmr_core.bench.report import Figure
from xmr_core.bench.stock import Stock, Thing, stock
from xmr_core.bench.tag_truth import Judge
from xmr_core.lab.translation import bleu, cider_d
from xmr_core.media import Floats, Modality
from xmr_core.profiles import load_profile
from xmr_core.readers import read
from xmr_core.space import JointSpace
from xmr_core.translation import Captioner, Tagger, sentences, text_vectors, vocabulary
from xmr_core.translation.tagging import SURE

SAMPLES = 200  # things of a kind
_TAGS = 5
_KINDS = {
    "photographs": Modality.IMAGE,
    "pictures": Modality.IMAGE,
    "sounds": Modality.AUDIO,
    "models": Modality.MESH,
    "clips": Modality.VIDEO,
}
_MORE = {"tags": 1.5, "captions": 3.0, "found": 10.0}  # times the better baseline
_FEW = 20  # things from which on shares are worth a bar
_DRAWN = 400  # sentences that the best one for all is chosen among
_AT_ONCE = 32

Truth = npt.NDArray[np.bool_]


def bench_translation(
    samples: int | None = None, space: JointSpace | None = None, things: Stock | None = None
) -> Iterator[Figure]:
    """Tags of every medium, then captions of photographs.

    Args:
        samples: things of a kind.
        space: the profile ``embedded`` if None.
        things: to be put into words; see `stock`.
    """
    space = space or load_profile("embedded")
    things = things or stock()
    words = vocabulary()
    tagger, judge = Tagger(space, words), Judge(words)
    shown: tuple[Sequence[Thing], Floats] | None = None
    for kind, modality in _KINDS.items():
        chosen = _some(things.things[kind], samples or SAMPLES)
        vectors = _encoded(space, chosen)
        captioned = kind in ("photographs", "clips") and kind not in things.demo
        many = [captioned and len(thing.words) > 1 for thing in chosen]
        both = [
            np.stack([judge.right(t.words, m, kinds) for t, m in zip(chosen, many, strict=True)])
            for kinds in (False, True)
        ]
        name = f"{kind}{things.beside(kind)}"
        yield from _tagged(name, tagger, modality, vectors, *both)
        if kind == "photographs" and kind not in things.demo:
            shown = chosen, vectors
    if shown is not None:
        yield from _captioned(space, *shown)


def _some(things: Sequence[Thing], most: int) -> list[Thing]:
    """Things in an order that is no order, the same every time."""
    order = np.random.default_rng(0).permutation(len(things))[:most]
    return [things[i] for i in order]


def _encoded(space: JointSpace, things: Sequence[Thing]) -> Floats:
    """Unit rows f32 (n, d)."""
    rows = []
    for start in range(0, len(things), _AT_ONCE):
        media: list[Any] = [read(thing.path) for thing in things[start : start + _AT_ONCE]]
        rows.append(space.encode(media, "gallery"))
    return np.concatenate(rows)


def _tagged(
    name: str, tagger: Tagger, modality: Modality, vectors: Floats, truth: Truth, loose: Truth
) -> Iterator[Figure]:
    """Shares of right tags in the second half of n things.

    Args:
        name, modality: of the things.
        tagger: says the tags.
        vectors: f32 (n, d).
        truth: bool (n, v), which concepts are said of each.
        loose: the same, with what those are kinds of.
    """
    half = len(vectors) // 2
    met = tagger.words.met(modality)
    counts = truth[:half].sum(axis=0) * met
    usual = np.argsort(-counts, kind="stable")[:_TAGS]
    rng = np.random.default_rng(1)
    drawn = rng.choice(np.flatnonzero(met), (len(vectors) - half, _TAGS))
    masses, told = tagger.masses(modality, vectors[half:]), truth[half:]
    said = [tagger.ranked(modality, row, _TAGS) for row in masses]
    first = [bool(row[places[0]]) for row, places in zip(told, said, strict=True)]
    sure = [
        bool(loose[half + i, place])
        for i, places in enumerate(said)
        for place in places
        if tagger.strength(modality, place, float(masses[i, place])) >= SURE
    ]
    by_habit = [float(told[:, place].mean()) for place in usual]
    by_chance = float(np.mean([told[i, row].mean() for i, row in enumerate(drawn)]))
    five = float(np.mean([told[i, row].mean() for i, row in enumerate(said)]))
    hit = float(np.mean([told[i, row].any() for i, row in enumerate(said)]))
    habit_hit = float(told[:, usual].any(axis=1).mean())
    bar = None
    if len(told) >= _FEW:
        bar = 100 * min(_MORE["tags"] * by_habit[0], (1 + by_habit[0]) / 2)
    yield _share(f"{name}: first tag right", first, bar)
    title = f"tags of {name}, right"
    for row, values in {
        "XMR": (float(np.mean(first)), five, hit),
        "the usual names": (by_habit[0], float(np.mean(by_habit)), habit_hit),
        "names at random": (by_chance, by_chance, 1 - (1 - by_chance) ** _TAGS),
    }.items():
        for column, value in zip(("the first", "of five", "one of five"), values, strict=True):
            yield Figure(f"{title}, {column}, {row}", 100 * value, "%", cell=(title, row, column))
    yield _share(f"{name}: right of those that are shown, kinds counted", sure)
    yield Figure(f"{name}: tags shown of a thing", len(sure) / max(len(told), 1), "")


def _captioned(space: JointSpace, shown: Sequence[Thing], vectors: Floats) -> Iterator[Figure]:
    """Captions of n photographs against what people said of them."""
    lines = sentences()
    texts = [line.text for line in lines]
    captioner = Captioner(lines, text_vectors(space, texts))
    references = [thing.words for thing in shown]
    said = [
        caption.text if caption else "" for caption in captioner.captions(Modality.IMAGE, vectors)
    ]
    rng = np.random.default_rng(2)
    drawn = [texts[i] for i in rng.integers(0, len(texts), len(shown))]
    half = max(len(shown) // 2, 1)
    few = [texts[i] for i in rng.integers(0, len(texts), _DRAWN)]
    best = max(few, key=lambda text: float(cider_d([text] * half, references[:half]).mean()))
    rows = {"XMR's sentences": said, "the usual sentence": [best] * len(shown),
            "sentences at random": drawn}  # fmt: skip
    title = "captions of photographs"
    scores: dict[str, tuple[float, float]] = {}
    for name, captions in rows.items():
        cider = float(cider_d(captions, references).mean())
        ranks = _ranks(space, captions, vectors)
        found = float(np.mean(ranks <= 10))
        scores[name] = cider, found
        for column, value, unit in (
            ("BLEU-1", bleu(captions, references, 1), ""),
            ("BLEU-4", bleu(captions, references), ""),
            ("CIDEr-D", cider, ""),
            ("finds its photograph first", 100 * float(np.mean(ranks <= 1)), "%"),
            ("among ten", 100 * found, "%"),
            ("median rank", float(np.median(ranks)), ""),
        ):
            yield Figure(f"{title}, {column}, {name}", value, unit, cell=(title, name, column))
    own = scores.pop("XMR's sentences")
    habit = max(cider for cider, _ in scores.values())
    yield Figure("captions: CIDEr-D against the better baseline", own[0] / max(habit, 1e-6), "×",
                 _MORE["captions"])  # fmt: skip
    chance = min(10 / len(shown), 1.0)
    yield Figure("captions: photographs found among ten against chance", own[1] / chance, "×",
                 min(_MORE["found"], 0.5 / chance))  # fmt: skip


def _ranks(space: JointSpace, captions: Sequence[str], vectors: Floats) -> npt.NDArray[np.int64]:
    """Where each caption finds its own photograph among all, i64 (n,)."""
    known = {text: i for i, text in enumerate(dict.fromkeys(captions))}
    rows = text_vectors(space, list(known))
    scores = rows[[known[text] for text in captions]] @ vectors.T  # (n, n)
    own = np.diag(scores)[:, None]
    return np.asarray((scores > own).sum(axis=1) + 1)


def _share(name: str, right: Sequence[bool], bar: float | None = None) -> Figure:
    interval = wilson(sum(right), len(right))
    return Figure(name, 100 * sum(right) / max(len(right), 1), "%", bar, interval=interval)
