r"""Supervised coupled dictionary learning with group structures (SliM²).

.. math:: \min \sum_m \tfrac12 \|X_m - A_m D_m\|^2
    + \lambda \sum_m \sum_l \sqrt{n_l} \sum_k \|A_m[\Omega_l, k]\|_2
    + \tfrac{\beta}{2} \sum_{m \ne m'} \|A_{m'} - A_m W_{mm'}\|^2
    + \tfrac{\gamma}{2} \sum_{m \ne m'} \|W_{mm'}\|^2

with no word longer than 1, Ω_l the n_l things of class l: those of one class are written in the
same words. Zhuang, Wang, Wu, Zhang and Lu, "Supervised coupled dictionary learning with group
structures for multi-modal retrieval", AAAI 2013. Several labels a thing make a class of each
set of labels.

What is new has no class, so that it is coded with the plain penalty λ Σ|α|, mapped to the
other view's codes and compared with the codes there: a head for each direction. The paper
compares the codes by their distance, this by cosine. √n_l lets one λ serve both penalties.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xmr_core.heads import Head, Layer, Linear, SparseCode
from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.coding import (
    better_atoms,
    coded,
    evened,
    first_words,
    mapped,
    misfit,
    shrunk_together,
)
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.media import Modality
from xmr_core.space import Role


@dataclass(frozen=True)
class SliM2(FromClasses):
    """A dictionary for each view whose words classes share, and maps of codes both ways.

    Attributes:
        words: b, of each dictionary; no more than there are pairs.
        penalty: λ.
        couple: β.
        ridge: γ / β, in pairs.
        rounds: of codes, dictionaries and maps.
        steps: of coding in each.
    """

    about: ClassVar[About] = About(
        "Supervised coupled dictionaries with group structures (SliM²)",
        "dictionary",
        "Zhuang, Wang, Wu, Zhang and Lu, Supervised coupled dictionary learning with group "
        "structures for multi-modal retrieval, AAAI 2013",
        labelled=True,
        by_direction=True,
    )
    name: ClassVar[str] = "slim2"
    words: int = 128
    penalty: float = 0.1
    couple: float = 0.02
    ridge: float = 30.0
    rounds: int = 10
    steps: int = 10

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        (one, first), (other, second) = views.items()
        (x, before_x), (y, before_y) = evened(first), evened(second)
        which = np.unique(labels, axis=0, return_inverse=True)[1].ravel()
        groups = [np.flatnonzero(which == label) for label in range(which.max() + 1)]
        start = first_words(len(x), self.words, groups, np.random.default_rng(seed))
        d, e = x[start], y[start]
        a = b = np.zeros((len(x), len(d)), np.float32)
        same, shrink = np.eye(len(d), dtype=np.float32), shrunk_together(groups)
        a = coded(x, d, a, self.penalty, self.steps, shrink=shrink)
        b = coded(y, e, b, self.penalty, self.steps, shrink=shrink)
        v, w = mapped(a, b, self.ridge), mapped(b, a, self.ridge)
        for done in range(self.rounds):
            pulls = [(v, b, self.couple), (same, b @ w, self.couple)]
            a = coded(x, d, a, self.penalty, self.steps, shrink=shrink, pulls=pulls)
            pulls = [(w, a, self.couple), (same, a @ v, self.couple)]
            b = coded(y, e, b, self.penalty, self.steps, shrink=shrink, pulls=pulls)
            d, e = better_atoms(d, x, a), better_atoms(e, y, b)
            v, w = mapped(a, b, self.ridge), mapped(b, a, self.ridge)
            if tell:
                couples = misfit(b, v, a) + misfit(a, w, b)
                couples += 0.5 * self.ridge * float(np.sum(v**2) + np.sum(w**2))
                size = sum(
                    len(rows) ** 0.5 * float(np.linalg.norm(code[rows], axis=0).sum())
                    for code in (a, b)
                    for rows in groups
                )
                total = misfit(x, d, a) + misfit(y, e, b) + self.couple * couples
                tell(done + 1, self.rounds, (total + self.penalty * size) / len(x))
        zero = np.zeros(len(d), np.float32)
        code_x: tuple[Layer, ...] = (*before_x, SparseCode(d, self.penalty))
        code_y: tuple[Layer, ...] = (*before_y, SparseCode(e, self.penalty))
        heads: dict[tuple[Modality, Role], Head] = {
            (one, "gallery"): Head(x.shape[1], code_x),
            (other, "gallery"): Head(y.shape[1], code_y),
            (one, "query"): Head(x.shape[1], (*code_x, Linear(v, zero))),
            (other, "query"): Head(y.shape[1], (*code_y, Linear(w, zero))),
        }
        return heads
