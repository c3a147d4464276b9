"""What may be said: a vocabulary of concepts, and sentences.

Both come with XMR (``assets/words``, with a card that says how they were made).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xmr_core.errors import WeightsDamaged
from xmr_core.media import Modality
from xmr_core.paths import assets_dir

if TYPE_CHECKING:
    import scipy.sparse

COMMONEST = 9


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that a medium can show.

    Attributes:
        name: in lower case unless it is a name: "dog", "playing guitar", "African elephant".
        seen, heard: how it can be met.
        common: 0…9, how common its rarest word is.
        kinds: what it is a kind of, nearest first; names of other concepts among them.
    """

    name: str
    seen: bool
    heard: bool
    common: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """v concepts of different names."""

    concepts: tuple[Concept, ...]

    @classmethod
    def of(cls, lines: Sequence[str]) -> "Vocabulary":
        r"""From lines of name, how it is met (s, h), how common it is, kinds.

        Raises:
            WeightsDamaged: lines that are none such.

        >>> Vocabulary.of(["dog\tsh\t9\tanimal", "animal\ts\t8\t"]).concepts[0].kinds
        ('animal',)
        """
        concepts = []
        for line in lines:
            try:
                name, how, common, kinds = line.split("\t")
                level = int(common)
            except ValueError as error:
                raise WeightsDamaged(
                    "The vocabulary concepts.tsv cannot be read.", "Install XMR again."
                ) from error
            above = tuple(kind for kind in kinds.split("|") if kind)
            concepts.append(Concept(name, "s" in how, "h" in how, level, above))
        return cls(tuple(concepts))

    def __len__(self) -> int:
        return len(self.concepts)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of all concepts, in order."""
        return tuple(concept.name for concept in self.concepts)

    @cached_property
    def places(self) -> dict[str, int]:
        """Name → place."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def below(self) -> "scipy.sparse.csr_matrix":
        """f32 (v, v): 1 where the column is the row's concept, or a kind of it."""
        import scipy.sparse

        rows, columns = list(range(len(self))), list(range(len(self)))
        for place, concept in enumerate(self.concepts):
            above = {self.places[kind] for kind in concept.kinds if kind in self.places} - {place}
            rows += sorted(above)
            columns += [place] * len(above)
        ones = np.ones(len(rows), np.float32)
        return scipy.sparse.csr_matrix((ones, (rows, columns)), (len(self), len(self)))

    def met(self, modality: Modality) -> npt.NDArray[np.bool_]:
        """Which concepts a medium can show, bool (v,)."""
        if modality is Modality.AUDIO:
            return np.array([concept.heard for concept in self.concepts])
        return np.array([concept.seen for concept in self.concepts])

    def akin(self, one: int, other: int) -> bool:
        """Whether two concepts say much the same: one is a kind of the other, or they share a word.

        >>> words = Vocabulary.of(["dog\\tsh\\t9\\tanimal", "animal\\ts\\t8\\t", "red\\ts\\t9\\t"])
        >>> words.akin(0, 1), words.akin(0, 2)
        (True, False)
        """
        a, b = self.concepts[one], self.concepts[other]
        return (
            b.name in a.kinds
            or a.name in b.kinds
            or not set(a.name.split()).isdisjoint(b.name.split())
        )


def vocabulary() -> Vocabulary:
    """The concepts that come with XMR.

    Raises:
        WeightsDamaged: they are not there, or cannot be read.
    """
    return Vocabulary.of(_lines("concepts.tsv"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something that may be said.

    Attributes:
        text: the sentence.
        item: the library's item that says it, or None for one that comes with XMR.
        how: "s" of what is seen, "h" of what is heard, "m" of 3D models, "" of anything.
    """

    text: str
    item: int | None = None
    how: str = ""

    def fits(self, modality: Modality) -> bool:
        """Whether it can be said of a medium.

        >>> Sentence("A 3D model of a cup.", how="m").fits(Modality.IMAGE)
        False
        """
        if modality is Modality.AUDIO:
            return self.how in ("", "h")
        return self.how in ("", "s") or (self.how == "m" and modality is Modality.MESH)


def sentences() -> list[Sentence]:
    """The sentences that come with XMR.

    Raises:
        WeightsDamaged: they are not there, or cannot be read.
    """
    said = []
    for line in _lines("sentences.txt"):
        how, _, text = line.partition("\t")
        if not text:
            raise WeightsDamaged("sentences.txt cannot be read.", "Install XMR again.")
        said.append(Sentence(text, how=how))
    return said


def spoken(texts: Sequence[str], words: Vocabulary) -> npt.NDArray[np.int64]:
    """How many texts hold all words of each concept's name, i64 (v,); a plural's s is no matter.

    >>> words = Vocabulary.of(["dog\\ts\\t9\\t", "black dog\\ts\\t8\\tdog", "cat\\ts\\t9\\t"])
    >>> spoken(["A black dog runs.", "Two dogs."], words).tolist()
    [2, 1, 0]
    """
    names = [_held(name) for name in words.names]
    holding: dict[str, set[int]] = {}
    for place, name in enumerate(names):
        for word in name:
            holding.setdefault(word, set()).add(place)
    counts = np.zeros(len(words), np.int64)
    for text in texts:
        held = _held(text)
        near = set[int]().union(*(holding.get(word, set()) for word in held))
        counts[[place for place in near if names[place] <= held]] += 1
    return counts


def _held(text: str) -> frozenset[str]:
    """The words of a text, in lower case and without a plural's s."""
    return frozenset(
        re.sub(r"(?<=\w{3})(?<!s)s$", "", word) for word in re.findall("[a-z]+", text.lower())
    )


def _lines(name: str) -> list[str]:
    try:
        text = (assets_dir() / "words" / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WeightsDamaged(f"{name} cannot be read ({error}).", "Install XMR again.") from error
    return [line for line in text.splitlines() if line.strip()]
