r"""How well captions agree with what people said: BLEU and CIDEr-D.

BLEU (Papineni, Roukos, Ward and Zhu, ACL 2002) is the geometric mean of the shares of runs of
one to four words that are in a reference, counted over all captions at once, with a penalty
for captions shorter than their closest references. CIDEr-D (Vedantam, Zitnick and Parikh,
CVPR 2015) is the mean likeness with the references by runs of words that few things have,

.. math:: \frac{10}{4 m} \sum_{n=1}^{4} \sum_{j=1}^{m} e^{-(l(c) - l(s_j))^2 / 2\sigma^2}
    \frac{\min(g_n(c), g_n(s_j)) \cdot g_n(s_j)}{\lVert g_n(c)\rVert \lVert g_n(s_j)\rVert}

where g are tf-idf vectors and σ = 6. Words are taken in lower case and not stemmed.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from xmr_core.errors import LabError
from xmr_core.lab.linear import Doubles
from xmr_core.lab.translation.grams import LONGEST, Gram, grams_of, spread, words_of
from xmr_core.media import Floats

_SIGMA = 6.0  # words


def bleu(
    captions: Sequence[str], references: Sequence[Sequence[str]], longest: int = LONGEST
) -> float:
    """BLEU of q captions against the references of each, 0…1, not smoothed.

    Raises:
        LabError: other numbers of captions than of references, or none.

    >>> round(bleu(["the the the the the the the"], [["the cat is on the mat"]], 1), 3)
    0.286
    """
    return float(bleu_of(bleu_counts(captions, references, longest).sum(axis=0)))


def bleu_counts(
    captions: Sequence[str], references: Sequence[Sequence[str]], longest: int = LONGEST
) -> Doubles:
    """What BLEU counts of each caption, f64 (q, 2 l + 2), l the longest run.

    By length of run those found in a reference, and all; then the caption's words, and those
    of the reference that is closest in length.

    Raises:
        LabError: other numbers of captions than of references, or none.

    >>> bleu_counts(["a dog"], [["a cat", "the dog runs"]], 2).tolist()
    [[2.0, 0.0, 2.0, 1.0, 2.0, 2.0]]
    """
    _fit(captions, references)
    counts = np.zeros((len(captions), 2 * longest + 2))
    for row, caption, texts in zip(counts, captions, references, strict=True):
        grams = grams_of(caption, longest)
        allowed: Counter[Gram] = Counter()
        for text in texts:
            allowed |= grams_of(text, longest)
        for gram, count in grams.items():
            row[len(gram) - 1] += min(count, allowed[gram])
            row[longest + len(gram) - 1] += count
        own = len(words_of(caption))
        lengths = [len(words_of(text)) for text in texts]
        row[-2:] = own, min((abs(n - own), n) for n in lengths)[1]
    return counts


def bleu_of(counts: Doubles) -> Doubles:
    """BLEU of sums or means of :func:`bleu_counts`, f64 (…, 2 l + 2) → (…,).

    >>> bleu_of(np.array([2.0, 1.0, 4.0, 1.0, 4.0, 4.0])).round(3).tolist()
    0.707
    """
    longest = counts.shape[-1] // 2 - 1
    found, made = counts[..., :longest], counts[..., longest : 2 * longest]
    some = (found > 0).all(axis=-1)
    shares = np.where(found > 0, found, 1) / np.where(made > 0, made, 1)
    short = np.minimum(0, 1 - counts[..., -1] / np.maximum(counts[..., -2], 1e-9))
    made_of: Doubles = np.where(some, np.exp(short + np.log(shares).mean(axis=-1)), 0.0)
    return made_of


def cider_d(captions: Sequence[str], references: Sequence[Sequence[str]]) -> Floats:
    """CIDEr-D of each caption, f32 (q,), 0…10; rarity is counted over the references.

    Raises:
        LabError: other numbers of captions than of references, or none.

    >>> cider_d(["a dog", "a cat"], [["a dog"], ["the bird"]]).tolist()
    [5.0, 0.0]
    """
    _fit(captions, references)
    seen = spread(references)
    things = len(references)

    def weighed(text: str) -> tuple[dict[Gram, float], Floats, int]:
        grams = {g: c * np.log(things / max(seen[g], 1)) for g, c in grams_of(text).items()}
        squares = np.zeros(LONGEST, np.float64)
        for gram, value in grams.items():
            squares[len(gram) - 1] += value * value
        return grams, np.sqrt(squares), len(words_of(text))

    scores = []
    for caption, texts in zip(captions, references, strict=True):
        own, own_length, words = weighed(caption)
        total = 0.0
        for text in texts:
            other, other_length, others = weighed(text)
            products = np.zeros(LONGEST, np.float64)
            for gram, value in own.items():
                if gram in other:
                    products[len(gram) - 1] += min(value, other[gram]) * other[gram]
            lengths = own_length * other_length
            cosines = np.divide(products, lengths, out=np.zeros(LONGEST), where=lengths > 0)
            total += float(cosines.mean() * np.exp(-((words - others) ** 2) / (2 * _SIGMA**2)))
        scores.append(10 * total / len(texts))
    return np.array(scores, np.float32)


def _fit(captions: Sequence[str], references: Sequence[Sequence[str]]) -> None:
    if len(captions) != len(references) or not captions:
        raise LabError(
            f"There are {len(captions)} captions and references of {len(references)}.",
            "Give references for each caption.",
        )
    if not all(references):
        raise LabError("A caption has no references.", "Leave it out.")
