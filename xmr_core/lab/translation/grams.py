"""Texts as bags of the runs of one to four words that they hold."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse

from xmr_core.media import Floats

LONGEST = 4  # words of a run
Gram = tuple[str, ...]
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation.

    >>> words_of("A dog's ball, red.")
    ['a', "dog's", 'ball', 'red']
    """
    return _WORD.findall(text.lower())


def grams_of(text: str, longest: int = LONGEST) -> Counter[Gram]:
    """How often each run of up to ``longest`` words is there.

    >>> grams_of("red red", 2)
    Counter({('red',): 2, ('red', 'red'): 1})
    """
    words = words_of(text)
    return Counter(
        tuple(words[i : i + n]) for n in range(1, longest + 1) for i in range(len(words) - n + 1)
    )


def spread(references: Sequence[Sequence[str]], longest: int = LONGEST) -> Counter[Gram]:
    """Of how many things each run is said.

    >>> spread([["a dog", "the dog"], ["a cat"]], 1)[("dog",)]
    1
    """
    found: Counter[Gram] = Counter()
    for texts in references:
        found.update({gram for text in texts for gram in grams_of(text, longest)})
    return found


@dataclass(frozen=True, eq=False)
class Bags:
    """Texts as sparse rows whose products are their likeness, 0…1.

    Attributes:
        rows: CSR (t, g): for each length of run a part of its own, each part of one length.
    """

    rows: Any

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        seen: Mapping[Gram, int] | None = None,
        things: int = 0,
        longest: int = LONGEST,
    ) -> "Bags":
        """Texts by their runs.

        Args:
            texts: t of them.
            seen: of how many things each run is said; what is said of many counts for
                little (tf-idf). Without it every run counts as much as any other.
            things: how many things there are.
            longest: words of a run.
        """
        number: dict[Gram, int] = {}
        values: list[float] = []
        columns: list[int] = []
        ends = [0]
        for text in texts:
            grams = grams_of(text, longest)
            weighed: dict[Gram, float] = {
                g: c if seen is None else c * max(np.log(things / max(seen[g], 1)), 0.0)
                for g, c in grams.items()
            }
            squares = [1e-12] * longest
            for gram, value in weighed.items():
                squares[len(gram) - 1] += value * value
            for gram, value in weighed.items():
                columns.append(number.setdefault(gram, len(number)))
                values.append(value / float(np.sqrt(squares[len(gram) - 1] * longest)))
            ends.append(len(values))
        shape = (len(texts), max(len(number), 1))
        return cls(scipy.sparse.csr_matrix((np.array(values, np.float32), columns, ends), shape))

    def likeness(self, some: Any) -> Floats:
        """Of some of the texts, i64 (k,), with each other: f32 (k, k).

        >>> Bags.of(["a dog", "a cat"], longest=1).likeness(np.array([0, 1])).round(1).tolist()
        [[1.0, 0.5], [0.5, 1.0]]
        """
        rows = self.rows[some]
        return np.asarray((rows @ rows.T).toarray(), np.float32)
