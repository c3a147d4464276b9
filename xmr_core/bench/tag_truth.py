"""Which concepts are right of something, by what people call it or say of it.

A name is right of a thing that is called so, or whose name holds all its words, or is a kind of
it ("bird" of a robin); of what is told by captions, where two of them hold all its words, or a
kind of such a word. A more special name is right only where a part of the label is all of it:
"dog barking" of the clip that is labelled "dog", but no "red chair" of a chair.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from xmr_core.translation import Vocabulary

_EMPTY = frozenset(re.findall(r"\w+", "a an the of on in at to with and or is are"))
_NEEDED = 2  # captions that must hold a word


class Judge:
    """Judges concepts of a vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self._bags = [bag(name) for name in words.names]
        self._holding: dict[str, set[int]] = defaultdict(set)
        self._single: dict[str, int] = {}
        for place, (name, held) in enumerate(zip(words.names, self._bags, strict=True)):
            for word in held:
                self._holding[word].add(place)
            self._single.setdefault(" ".join(map(_plain, name.lower().split())), place)
        # "red chair" says a look beside the thing, "dog barking" what the thing does
        self._looks = [
            len(c.kinds) > 0 and len(c.name.split()) == 2 and c.name.split()[1] == c.kinds[0]
            for c in words.concepts
        ]

    def right(
        self, said: Sequence[str], captions: bool = False, kinds: bool = True
    ) -> npt.NDArray[np.bool_]:
        """Which concepts are right, bool (v,).

        Args:
            said: names of a thing, or captions.
            captions: whether they are captions.
            kinds: whether what the thing is a kind of is right, too, where nobody said it.
        """
        answer = np.zeros(len(self.words), bool)
        counts: dict[int, int] = defaultdict(int)
        spoken: dict[str, int] = defaultdict(int)
        for text in said:
            held = bag(text)
            for word in held:
                spoken[word] += 1
            for place in set().union(*(self._holding[word] for word in held)):
                counts[place] += self._bags[place] <= held
        needed = _NEEDED if captions else 1
        answer[[place for place, count in counts.items() if count >= needed]] = True
        if captions:
            known = {word for word, count in spoken.items() if count >= needed}
        else:
            known = {_plain(text.lower().split()[-1]) for text in said}
            known |= {" ".join(map(_plain, text.lower().split())) for text in said}
            for text in said:
                held = bag(text)
                if held:
                    fuller = set.intersection(*(self._holding[word] for word in held))
                    answer[[place for place in fuller if not self._looks[place]]] = True
        for name in known & self._single.keys() if kinds else ():
            above = self.words.concepts[self._single[name]].kinds
            answer[[self.words.places[kind] for kind in above if kind in self.words.places]] = True
        return answer


def bag(text: str) -> frozenset[str]:
    """The words of a text that mean something, without a plural's s.

    >>> sorted(bag("The cats of a house"))
    ['cat', 'house']
    """
    return frozenset(
        _plain(word) for word in re.findall("[a-z]+", text.lower()) if word not in _EMPTY
    )


def _plain(word: str) -> str:
    return re.sub(r"(?<=\w{3})(?<!s)s$", "", word)
