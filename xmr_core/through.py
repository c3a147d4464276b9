r"""Queries that go through words: what is seen, as the names of what may be heard.

A picture's vector is that of a caption: who does what, where, in which light. What a sound's
vector says is a name: "a dog barking". The two are further apart than either is from words. So a
picture looks for sounds as a mixture of names, by how well each of them fits it:

.. math:: q' \propto \sum_c p_c t_c, \qquad p_c \propto \exp \frac{(q - m) \cdot t_c}{\tau}

with :math:`q` the query, :math:`t_c` the vectors of the names and :math:`m` the mean of what may
be asked in the query's medium. It is the convex combination of names of Norouzi et al.
(Zero-shot learning by convex combination of semantic embeddings, ICLR 2014), with which sounds come
into the joint space themselves, met from the other side. `docs/profiles.md` has what it brings.
"""

from dataclasses import dataclass

import numpy as np

from xmr_core.media import Floats

TEMPERATURE = 0.02  # of cosines; chosen on one half of the queries that docs/profiles.md tells of
AIM = f"through words, {TEMPERATURE}"


@dataclass(frozen=True, eq=False)
class Through:
    """The way from queries through words.

    Attributes:
        words: unit rows f32 (w, d).
        usual: the mean of queries of the medium, f32 (d,).
    """

    words: Floats
    usual: Floats

    def shares(self, rows: Floats) -> Floats:
        """How well each word fits queries, unit rows f32 (n, d) → (n, w), each summing to 1."""
        fits = ((rows - self.usual) @ self.words.T) / np.float32(TEMPERATURE)  # (n, w)
        shares = np.exp(fits - fits.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)

    def __call__(self, rows: Floats) -> Floats:
        """Queries as mixtures of words, unit rows f32 (n, d) → unit rows (n, d).

        >>> to = Through(np.eye(2, dtype=np.float32), np.zeros(2, np.float32))
        >>> to(np.array([[0.6, 0.8]], np.float32)).round(3).tolist()
        [[0.0, 1.0]]
        """
        mixed = self.shares(rows) @ self.words  # (n, d)
        return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), np.float32)

    def best(self, row: Floats, k: int = 3) -> list[tuple[int, float]]:
        """The words that fit a query f32 (d,) best, as places and shares, those of some weight.

        >>> to = Through(np.eye(2, dtype=np.float32), np.zeros(2, np.float32))
        >>> [(place, round(share, 2)) for place, share in to.best(np.array([0.6, 0.61]))]
        [(1, 0.62), (0, 0.38)]
        """
        (shares,) = self.shares(row[None])
        order = np.argsort(-shares, kind="stable")[:k]
        return [(int(i), float(shares[i])) for i in order if shares[i] >= _LEAST]


_LEAST = 0.05  # of the shares: words below it say nothing of why
