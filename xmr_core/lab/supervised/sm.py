r"""Semantic matching: both media as how likely each class is.

.. math:: \min_{W, b} \sum_i -\log p(y_i \mid x_i) + \frac{1}{2 C} \lVert W \rVert_F^2, \qquad
    p(k \mid x) = \frac{\exp(w_k^\top x + b_k)}{\sum_l \exp(w_l^\top x + b_l)}

for each view on its own; a picture and a text are alike as their posteriors correlate.
Rasiwasia et al., "A new approach to cross-modal multimedia retrieval", ACM MM 2010.

Pairs need not be known, only classes: things of one class are told apart by what else they
might be, which is little. A pair of several classes counts in parts (the paper knows one).
"""

from dataclasses import dataclass
from typing import ClassVar

from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.lab.supervised.classes import shares
from xmr_core.lab.supervised.posteriors import centred_posteriors, logistic
from xmr_core.lab.supervised.prepared import Prepared


@dataclass(frozen=True)
class SemanticMatching(FromClasses):
    """A joint space of classes, one dimension each.

    Attributes:
        strength: C; less trusts the pairs less.
    """

    about: ClassVar[About] = About(
        "Semantic matching (SM)",
        "supervised",
        "Rasiwasia et al., A new approach to cross-modal multimedia retrieval, ACM MM 2010",
        labelled=True,
        most_views=5,
    )
    name: ClassVar[str] = "sm"
    strength: float = 0.01

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        shared = shares(labels)
        heads = {}
        for modality, view in views.items():
            ready = Prepared.of(view)
            weight, bias = logistic(ready.rows, shared, self.strength)
            heads[modality] = ready.head(weight, bias, *centred_posteriors(shared.shape[1]))
        return heads
