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

from xmr_core.lab.contract import SEED, About, Labels, Tell, Views, space_of
from xmr_core.lab.supervised.classes import shares, with_labels
from xmr_core.lab.supervised.posteriors import centred_posteriors, logistic
from xmr_core.lab.supervised.prepared import Prepared
from xmr_core.space import JointSpace


@dataclass(frozen=True)
class SemanticMatching:
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
    strength: float = 0.01

    def fit(
        self,
        views: Views,
        labels: Labels | None = None,
        *,
        seed: int = SEED,
        tell: Tell | None = None,
    ) -> JointSpace:
        """See :class:`xmr_core.lab.contract.Method`."""
        made, known = with_labels(self.about, views, labels)
        shared = shares(known)
        heads = {}
        for modality, view in made.items():
            ready = Prepared.of(view)
            weight, bias = logistic(ready.rows, shared, self.strength)
            heads[modality] = ready.head(weight, bias, *centred_posteriors(shared.shape[1]))
        return space_of("sm", heads)
