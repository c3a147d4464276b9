r"""Semi-coupled dictionary learning.

.. math:: \min \tfrac12\|X - A_x D_x\|^2 + \tfrac12\|Y - A_y D_y\|^2
    + \tfrac{\gamma}{2} \|A_y - A_x W\|^2 + \lambda (\|A_x\|_1 + \|A_y\|_1)
    + \tfrac{\gamma\rho}{2} \|W\|^2

with rows of length one in X and Y and no word of a dictionary longer than 1. Wang, Zhang, Liang
and Pan, "Semi-coupled dictionary learning with applications to image super-resolution and
photo-sketch synthesis", CVPR 2012.

The first view's codes are mapped to the second's and compared there by cosine (the paper
synthesises pixels and compares nothing). A single cluster and one W, where the paper has
several for patches of pictures; the paper's two kinds of update are FISTA steps here.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xmr_core.heads import Head, Linear, SparseCode
from xmr_core.lab.base import FromPairs, Heads
from xmr_core.lab.coding import better_atoms, coded, evened, first_words, mapped, misfit
from xmr_core.lab.contract import About, Tell, Views


@dataclass(frozen=True)
class SCDL(FromPairs):
    """A dictionary for each view, and a linear map from the first's codes to the second's.

    Attributes:
        words: b, of each dictionary; no more than there are pairs.
        penalty: λ.
        couple: γ.
        ridge: ρ, in pairs.
        rounds: of codes, dictionaries and map.
        steps: of coding in each.
    """

    about: ClassVar[About] = About(
        "Semi-coupled dictionary learning",
        "dictionary",
        "Wang, Zhang, Liang and Pan, Semi-coupled dictionary learning with applications to image "
        "super-resolution and photo-sketch synthesis, CVPR 2012",
    )
    name: ClassVar[str] = "scdl"
    words: int = 128
    penalty: float = 0.05
    couple: float = 0.1
    ridge: float = 10.0
    rounds: int = 20
    steps: int = 10

    def learn(self, views: Views, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromPairs`."""
        (one, first), (other, second) = views.items()
        (x, before_x), (y, before_y) = evened(first), evened(second)
        rng = np.random.default_rng(seed)
        start = first_words(len(x), self.words, [np.arange(len(x))], rng)
        d, e = x[start], y[start]
        nothing, same = np.zeros((len(x), len(d)), np.float32), np.eye(len(d), dtype=np.float32)
        a = coded(x, d, nothing, self.penalty, self.steps)
        b = coded(y, e, nothing, self.penalty, self.steps)
        w = mapped(a, b, self.ridge)
        for done in range(self.rounds):
            a = coded(x, d, a, self.penalty, self.steps, pulls=[(w, b, self.couple)])
            b = coded(y, e, b, self.penalty, self.steps, pulls=[(same, a @ w, self.couple)])
            d, e = better_atoms(d, x, a), better_atoms(e, y, b)
            w = mapped(a, b, self.ridge)
            if tell:
                couples = misfit(b, w, a) + 0.5 * self.ridge * float(np.sum(w**2))
                size = self.penalty * float(np.abs(a).sum() + np.abs(b).sum())
                total = misfit(x, d, a) + misfit(y, e, b) + self.couple * couples + size
                tell(done + 1, self.rounds, total / len(x))
        zero = np.zeros(len(e), np.float32)
        return {
            one: Head(x.shape[1], (*before_x, SparseCode(d, self.penalty), Linear(w, zero))),
            other: Head(y.shape[1], (*before_y, SparseCode(e, self.penalty))),
        }
