"""What re-rankers are: parts of paired media in, something that compares parts with parts out.

A joint space compares wholes, which an index can do for a million items. What looks at every
part of both media sees more and is too slow for that: it looks again at the best k of a first
ranking.

Letters of shapes: n things, p parts, m features of a part, d dimensions, k things looked at again.
"""

from collections.abc import Mapping
from typing import ClassVar, Protocol

import numpy as np

from xmr_core.errors import LabError
from xmr_core.lab.checks import FEWEST
from xmr_core.lab.contract import SEED, About, Tell
from xmr_core.lab.interaction.parts import Parts, Rows
from xmr_core.media import Floats, Modality


class Interaction(Protocol):
    """What a re-ranker has learned, in numpy alone."""

    def embed(self, modality: Modality, parts: Parts) -> Parts:
        """Each part's vector (p, d), once for all queries.

        Raises:
            LabError: a medium or features that it was not fitted on.
        """
        ...

    def scores(self, source: Modality, query: Floats, hits: Parts, rows: Rows) -> Floats:
        """How well hits of the other medium answer a query, f32 (k,).

        Args:
            source: the query's medium.
            query: f32 (p, d), embedded.
            hits: embedded.
            rows: i64 (k,), which of the hits.
        """
        ...


class Reranker(Protocol):
    """A way to learn how parts of two media answer each other.

    A dataclass whose fields are the hyper-parameters, all with defaults: the same re-ranker
    on the same data under the same seed gives the same scores.
    """

    about: ClassVar[About]

    def fit(
        self,
        parts: Mapping[Modality, Parts],
        pairs: Rows | None = None,
        *,
        seed: int = SEED,
        tell: Tell | None = None,
    ) -> Interaction:
        """Learn from things of two media that go together.

        Args:
            parts: of texts and of one other medium.
            pairs: i64 (n, 2), which of the first medium goes with which of the second, in the
                order of ``parts``; thing i with thing i where it is None. Things may be in
                several pairs, as pictures with several captions are.
            seed: of whatever is drawn.
            tell: told how far it is.

        Raises:
            LabError: parts or pairs that it cannot be fitted on.
        """
        ...


def checked_pairs(
    about: About, parts: Mapping[Modality, Parts], pairs: Rows | None
) -> tuple[Modality, Rows]:
    """The medium beside texts, and the pairs i64 (n, 2), text first.

    Raises:
        LabError: other media than texts and one more, things that do not pair up, too few.
    """
    if len(parts) != 2 or Modality.TEXT not in parts:
        given = ", ".join(parts) or "none"
        raise LabError(
            f"{about.title} compares texts with one other medium, not {given}.",
            "Give parts of texts and of one more medium.",
        )
    first, second = parts
    sizes = [len(parts[first]), len(parts[second])]
    if pairs is None:
        if sizes[0] != sizes[1]:
            raise LabError(
                f"There are {sizes[0]} of {first} and {sizes[1]} of {second}.",
                "Say which go together.",
            )
        pairs = np.repeat(np.arange(sizes[0])[:, None], 2, axis=1)
    pairs = np.asarray(pairs)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
        raise LabError(
            f"The pairs are {pairs.dtype} {pairs.shape}.", "Give two whole numbers for each pair."
        )
    if len(pairs) < FEWEST:
        raise LabError(
            f"{about.title} cannot be fitted on {len(pairs)} pairs.",
            f"Give {FEWEST} or more, better thousands.",
        )
    if pairs.min() < 0 or (pairs.max(axis=0) >= sizes).any():
        raise LabError("A pair names a thing that is not there.", "Number the things from 0.")
    if first is Modality.TEXT:
        return second, pairs
    return first, pairs[:, ::-1]
