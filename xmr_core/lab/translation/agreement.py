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
    _fit(captions, references)
    matched, made = np.zeros(longest), np.zeros(longest)
    length = closest = 0
    for caption, texts in zip(captions, references, strict=True):
        grams = grams_of(caption, longest)
        allowed: Counter[Gram] = Counter()
        for text in texts:
            allowed |= grams_of(text, longest)
        for gram, count in grams.items():
            made[len(gram) - 1] += count
            matched[len(gram) - 1] += min(count, allowed[gram])
        own = len(words_of(caption))
        length += own
        closest += min((abs(n - own), n) for n in (len(words_of(text)) for text in texts))[1]
    if not matched.all():
        return 0.0
    short = min(1.0, float(np.exp(1 - closest / length)))
    return short * float(np.exp(np.log(matched / made).mean()))


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
