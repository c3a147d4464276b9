"""Clusters of a library's items, named by a few words each."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from xmr_core.media import Floats
from xmr_core.space import unit

Labels = npt.NDArray[np.int32]

MOST = 12  # as many as there are colours that can be told apart
WORDS = 3
_ROUNDS = 15
_SENTENCES = 30  # nearest to a cluster, that have a say in its name
_TITLES, _NEAR = 1.0, 0.5  # the names that people gave their files say more than our sentences
_WORD = re.compile(r"[^\W\d_]{3,}")
# Words that stand in any title or sentence, and the endings of files, name nothing
_STOP = frozenset(
    re.findall(
        r"\w+",
        """
        the and for with from into onto that this these those his her its their our your they them
        are was were has have had been being not but out off over under near next one two three
        four five six some other another while who what which when where there here all any each
        very more most about can how why does img image picture photo dsc file copy new old
        untitled document final video audio sound jpg jpeg png gif wav mp flac ogg webm mov pdf
        docx pptx txt epub html glb gltf obj stl ply front back large small man woman people
        person men women boy girl young little standing sitting wearing
        """,
    )
)


def count_for(n: int) -> int:
    """How many clusters n items are worth.

    >>> [count_for(n) for n in (0, 1, 8, 60, 20_000)]
    [0, 1, 2, 6, 12]
    """
    return min(MOST, n, max(1, round((n / 1.7) ** 0.5))) if n else 0


def cluster(vectors: Floats, count: int | None = None, seed: int = 3) -> tuple[Labels, Floats]:
    """Spherical k-means of unit rows f32 (n, d).

    Args:
        vectors: the items.
        count: how many clusters; as many as they are worth if None.
        seed: of the first centres.

    Returns:
        labels i32 (n,), the largest cluster first, and unit centres f32 (c, d); none is empty.
    """
    import faiss

    n, dim = vectors.shape
    count = count_for(n) if count is None else min(count, n)
    if count < 2:
        return np.zeros(n, np.int32), unit(vectors.mean(axis=0)[None]) if n else vectors[:0]
    engine = faiss.Kmeans(
        dim, count, niter=_ROUNDS, seed=seed, spherical=True,
        min_points_per_centroid=1, max_points_per_centroid=4096,
    )  # fmt: skip
    engine.train(np.ascontiguousarray(vectors))
    _, found = engine.index.search(vectors, 1)
    labels = found[:, 0]
    sizes = np.bincount(labels, minlength=count)
    order = np.argsort(-sizes, kind="stable")[: int((sizes > 0).sum())]
    place = np.zeros(count, np.int32)
    place[order] = np.arange(len(order))
    centres: Floats = np.asarray(engine.centroids)[order].astype(np.float32)
    return place[labels], centres


def names(
    labels: Labels,
    titles: Sequence[str],
    centres: Floats,
    sentences: Sequence[str] = (),
    bank: Floats | None = None,
) -> list[tuple[str, ...]]:
    """Up to three words for each cluster, that tell it from the others.

    A word counts for a cluster by the share of its titles, and of the sentences nearest to its
    centre, in which it stands, times how many times more often that is than in the clusters
    together: words that are everywhere name nothing.

    Args:
        labels: i32 (n,), the cluster of each item.
        titles: of the items.
        centres: f32 (c, d).
        sentences: that might describe something, b of them.
        bank: their vectors f32 (b, d), in the space of the centres.
    """
    count = len(centres)
    scores: list[Counter[str]] = [Counter() for _ in range(count)]
    members: list[list[set[str]]] = [[] for _ in range(count)]
    for label, title in zip(labels.tolist(), titles, strict=True):
        members[label].append(words(title))
    _weigh(scores, members, _TITLES)
    if bank is not None and len(bank) and count:
        near = bank @ centres.T  # (b, c)
        near -= near.mean(axis=1, keepdims=True)  # near to this one, rather than to all
        best = np.argsort(-near, axis=0)[:_SENTENCES]  # (s, c)
        told = [[words(sentences[row]) for row in best[:, c]] for c in range(count)]
        _weigh(scores, told, _NEAR)
    return [_chosen(score) for score in scores]


def words(text: str) -> set[str]:
    """The words of a title or a sentence that may name something.

    >>> sorted(words("IMG_0042 The grand-piano.jpg"))
    ['grand', 'piano']
    """
    return {word for word in _WORD.findall(text.lower().replace("_", " ")) if word not in _STOP}


def _weigh(
    scores: Sequence[Counter[str]], told: Sequence[Iterable[set[str]]], weight: float
) -> None:
    shares: list[dict[str, float]] = []
    for texts in told:
        listed = list(texts)
        counts = Counter(word for text in listed for word in text)
        shares.append({word: n / max(len(listed), 1) for word, n in counts.items()})
    overall: Counter[str] = Counter()
    for share in shares:
        for word, part in share.items():
            overall[word] += part / len(shares)  # type: ignore[assignment]  # a Counter of floats
    for score, share in zip(scores, shares, strict=True):
        for word, part in share.items():
            lift = np.log2(part / overall[word]) if len(shares) > 1 else 1.0
            if lift > 0:
                score[word] += weight * part * float(lift)  # type: ignore[assignment]


def _chosen(score: Counter[str]) -> tuple[str, ...]:
    """The heaviest words, of which none is another one's beginning (dog, dogs)."""
    chosen: list[str] = []
    for word, _ in sorted(score.items(), key=lambda pair: (-pair[1], pair[0])):
        if not any(word.startswith(one[:4]) or one.startswith(word[:4]) for one in chosen):
            chosen.append(word)
        if len(chosen) == WORDS:
            break
    return tuple(chosen)
