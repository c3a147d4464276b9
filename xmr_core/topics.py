"""Topics of a library: what its items are about, across media, in words.

A topic is a cluster of the joint space with the media's middles taken away, as on the map; see
:mod:`xmr_core.clusters`. It is named by the words that are its own: their frequency in the topic
as a class, times how rare they are elsewhere (class-based TF-IDF; Grootendorst, BERTopic: Neural
topic modeling with a class-based TF-IDF procedure, 2022). Each item has a say once, however
long it is.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xmr_core.clusters import Labels, words
from xmr_core.media import Floats

MOST = 24
"""Topics of a library, at most."""

WORDS = 6
_TITLE, _TEXT, _NEAR = 2.0, 1.0, 0.5
# Names of people and places: two or three words in capitals behind a small letter or a comma,
# where a capital is no matter of grammar.
_NAME = re.compile(r"(?<=[a-zà-ÿ,;] )([A-ZÀ-Ý][a-zà-ÿ]+(?: [A-ZÀ-Ý][a-zà-ÿ]+){1,2})\b")


@dataclass(frozen=True, slots=True)
class Told:
    """What is said in an item and of it.

    Attributes:
        title: its file's name.
        text: passages and lines.
    """

    title: str
    text: str = ""


def count_for(n: int) -> int:
    """How many topics n items are worth.

    >>> [count_for(n) for n in (0, 1, 20, 341, 10_000)]
    [0, 1, 4, 18, 24]
    """
    return min(MOST, n, max(1, round(math.sqrt(n))))


def named(
    labels: Labels, told: Sequence[Told], near: Sequence[Iterable[str]] = (), most: int = WORDS
) -> list[tuple[str, ...]]:
    """The words of each topic that are its own, the most telling first.

    Args:
        labels: i32 (n,), the topic of each item.
        told: of the items.
        near: for each topic, sentences that lie near its middle.
        most: words of a topic.

    >>> told = [Told("robin.jpg"), Told("robin sings.wav", "A robin on a tree"), Told("tree.glb")]
    >>> named(np.array([0, 0, 1], np.int32), told)
    [('robin', 'sings'), ('tree',)]
    """
    count = int(labels.max()) + 1 if len(labels) else 0
    said: list[Counter[str]] = [Counter() for _ in range(count)]
    for label, one in zip(labels.tolist(), told, strict=True):
        title = words(one.title)
        for word in title | words(one.text):
            said[label][word] += _TITLE if word in title else _TEXT
    for topic, sentences in enumerate(near):
        for sentence in sentences:
            for word in words(sentence):
                said[topic][word] += _NEAR  # type: ignore[assignment]
    overall: Counter[str] = Counter()
    for one_said in said:
        overall.update(one_said)
    mean = sum(overall.values()) / max(count, 1)
    names = []
    for one_said in said:
        whole = sum(one_said.values()) or 1
        worth = {
            word: n / whole * math.log(1 + mean / overall[word])
            for word, n in one_said.items()
            if n > overall[word] / 2 or count == 1
        }
        names.append(_chosen(worth, most))
    return names


def representatives(
    vectors: Floats, labels: Labels, centres: Floats, media: npt.NDArray[np.uint8], most: int = 8
) -> list[list[int]]:
    """The items of each topic that stand for it: the one of each medium that lies nearest to its
    middle, then whichever are nearest.

    Args:
        vectors: unit rows f32 (n, d).
        labels: i32 (n,).
        centres: unit rows f32 (c, d).
        media: u8 (n,).
        most: items of a topic.

    Returns:
        their places, by topic.
    """
    chosen = []
    for topic, centre in enumerate(centres):
        places = np.flatnonzero(labels == topic)
        order = places[np.argsort(-(vectors[places] @ centre), kind="stable")]
        _, firsts = np.unique(media[order], return_index=True)
        lead = order[np.sort(firsts)].tolist()
        chosen.append([*lead, *(i for i in order.tolist() if i not in lead)][:most])
    return chosen


def people(texts: Iterable[str], most: int = 4) -> list[str]:
    """Names that stand in texts, those of most texts first.

    >>> people(["It was painted by Ada Brown in May.", "Here, Ada Brown slept.", "A Big Day."])
    ['Ada Brown']
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(_NAME.findall(text)))
    return [name for name, _ in sorted(counts.items(), key=lambda two: (-two[1], two[0]))][:most]


def agreement(labels: Labels, truth: Sequence[str]) -> tuple[float, float]:
    """Purity and normalised mutual information of clusters with classes.

    The former is the share of items whose class is their cluster's commonest; the latter is 0 for
    chance and 1 for the same division (Strehl and Ghosh, JMLR 2002; the arithmetic mean of both
    entropies below the line).

    >>> agreement(np.array([0, 0, 1, 1]), ["a", "a", "b", "b"])
    (1.0, 1.0)
    >>> agreement(np.array([0, 0, 0, 0]), ["a", "a", "b", "b"])
    (0.5, 0.0)
    """
    _, classes = np.unique(np.asarray(truth), return_inverse=True)
    table = np.zeros((int(labels.max()) + 1, int(classes.max()) + 1))
    np.add.at(table, (labels, classes), 1)
    joint = table / table.sum()
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    seen = joint > 0
    mutual = float((joint[seen] * np.log(joint[seen] / np.outer(rows, columns)[seen])).sum())
    entropies = sum(float(-(p[p > 0] * np.log(p[p > 0])).sum()) for p in (rows, columns))
    purity = float(table.max(axis=1).sum() / table.sum())
    return purity, round(2 * mutual / entropies, 12) if entropies else 1.0


def _chosen(worth: Mapping[str, float], most: int) -> tuple[str, ...]:
    """The heaviest words, of which none is another one's beginning (dog, dogs)."""
    chosen: list[str] = []
    for word in sorted(worth, key=lambda word: (-worth[word], word)):
        if not any(word.startswith(one[:4]) or one.startswith(word[:4]) for one in chosen):
            chosen.append(word)
        if len(chosen) == most:
            break
    return tuple(chosen)
