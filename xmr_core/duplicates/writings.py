"""Texts: sketches of the phrases of five words that they consist of.

All phrases of a text are numbered by a hash; a sketch keeps the numbers that a power of two
divides, the smallest that leaves at most 512 (Broder, On the Resemblance and Containment of
Documents, 1997). Two sketches tell, at the coarser of their powers, how much of both texts
is the same and whether one holds the other. Phrases that stand in very many texts, such as a
licence, lead to no candidates.
"""

import hashlib
import re
from collections import Counter

import numpy as np
import numpy.typing as npt

from xmr_core.duplicates.pairs import Kind, Pair, Prints, Tell, silent

KIND = "writing-1"

_PHRASE = 5  # words
_KEPT = 512
_COMMON = 50  # a phrase in more texts says nothing
_SAME = 0.5  # of the phrases of both
_PART = 0.7  # of the phrases of the shorter
_LEAST = 3  # phrases that the shorter must have to be a part of another
# Words; characters of scripts that put no spaces between them count one by one.
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\\W_]+")

Numbers = npt.NDArray[np.uint64]


def print_of(text: str) -> bytes:
    """The sketch of a text: its power of two u64 (), then its numbers u64 (n,), ascending."""
    words = _WORD.findall(text.casefold())
    if len(words) < _PHRASE:
        phrases = {" ".join(words)} if words else set()
    else:
        phrases = {" ".join(words[i : i + _PHRASE]) for i in range(len(words) - _PHRASE + 1)}
    numbers = np.array(sorted(map(_number, phrases)), np.uint64)
    power = 0
    while (numbers % np.uint64(1 << power) == 0).sum() > _KEPT:
        power += 1
    kept = numbers[numbers % np.uint64(1 << power) == 0]
    return np.concatenate([np.array([power], np.uint64), kept]).astype("<u8").tobytes()


def _number(phrase: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(phrase.encode("utf-8", "replace"), digest_size=8).digest()
    )


def compared(one: bytes, other: bytes) -> tuple[float, float, int]:
    """Compare two sketches.

    Returns:
        the share of the phrases of both texts that both have, the share of the shorter's that
        the longer has, and how many the shorter's sketch has.

    >>> whole = "a dog runs over a wet lawn after a red ball that somebody threw"
    >>> compared(print_of(whole), print_of(whole + " at noon"))[1]
    1.0
    """
    (power_a, a), (power_b, b) = _unpacked(one), _unpacked(other)
    step = np.uint64(1 << max(power_a, power_b))
    a, b = a[a % step == 0], b[b % step == 0]
    both, fewer = len(np.intersect1d(a, b)), min(len(a), len(b))
    return both / max(len(a) + len(b) - both, 1), both / max(fewer, 1), fewer


def _unpacked(print: bytes) -> tuple[int, Numbers]:
    numbers = np.frombuffer(print, "<u8")
    return int(numbers[0]), numbers[1:]


def pairs(prints: Prints, tell: Tell = silent) -> list[Pair]:
    """All pairs of texts that are alike.

    Args:
        prints: of the kind ``KIND``.
        tell: told (candidates compared, candidates).
    """
    ids = [id for id, found in prints.items() for _ in found]
    sketches = [one for found in prints.values() for one in found]
    places: dict[int, list[int]] = {}
    for at, sketch in enumerate(sketches):
        for number in _unpacked(sketch)[1].tolist():
            places.setdefault(number, []).append(at)
    votes: Counter[tuple[int, int]] = Counter()
    for texts in places.values():
        if 1 < len(texts) <= _COMMON:
            votes.update((a, b) for i, a in enumerate(texts) for b in texts[i + 1 :])
    found = []
    for done, (a, b) in enumerate(votes):
        if done % 1000 == 0:
            tell(done, len(votes))
        same, part, fewer = compared(sketches[a], sketches[b])
        if ids[a] == ids[b]:
            continue
        if same >= _SAME:
            found.append(Pair.of(ids[a], ids[b], Kind.SAME, same))
        elif part >= _PART and fewer >= _LEAST:
            found.append(Pair.of(ids[a], ids[b], Kind.PART, part))
    return sorted(found, key=lambda pair: (pair.first, pair.second))
