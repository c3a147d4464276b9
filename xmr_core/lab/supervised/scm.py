r"""Semantic correlation matching: semantic matching on canonical correlations.

.. math:: x \mapsto U^\top x, \quad y \mapsto V^\top y \quad\text{of regularised CCA, then}\quad
    p(k \mid x) = \frac{\exp(w_k^\top U^\top x + b_k)}{\sum_l \exp(w_l^\top U^\top x + b_l)}

with logistic regression fitted on what both views share (see
:mod:`xmr_core.lab.supervised.sm`): correlation first, then classes. Rasiwasia et al., "A new
approach to cross-modal multimedia retrieval", ACM MM 2010. The ridge of the correlation is
ours: chosen on Wikipedia's training pairs.
"""

from dataclasses import dataclass
from typing import ClassVar

from xmr_core.lab.base import FromClasses, Heads
from xmr_core.lab.contract import About, Labels, Tell, Views
from xmr_core.lab.supervised.classes import shares
from xmr_core.lab.supervised.correlation import canonical
from xmr_core.lab.supervised.posteriors import centred_posteriors, logistic
from xmr_core.lab.supervised.prepared import Prepared


@dataclass(frozen=True)
class SemanticCorrelationMatching(FromClasses):
    """A joint space of classes, one dimension each, seen through canonical correlations.

    Attributes:
        dim: correlations kept; no more than the narrower view has features.
        ridge: r, as a share of each view's mean variance.
        strength: C of the logistic regression.
    """

    about: ClassVar[About] = About(
        "Semantic correlation matching (SCM)",
        "supervised",
        "Rasiwasia et al., A new approach to cross-modal multimedia retrieval, ACM MM 2010",
        labelled=True,
    )
    name: ClassVar[str] = "scm"
    dim: int = 128
    ridge: float = 0.5
    strength: float = 0.3

    def learn(self, views: Views, labels: Labels, *, seed: int, tell: Tell | None) -> Heads:
        """See :class:`xmr_core.lab.base.FromClasses`."""
        shared = shares(labels)
        one, other = (Prepared.of(view) for view in views.values())
        x, y, n = one.rows, other.rows, len(labels)
        u, v, _ = canonical(x.T @ x / n, x.T @ y / n, y.T @ y / n, self.dim, self.ridge)
        heads = {}
        for modality, ready, into in zip(views, (one, other), (u, v), strict=True):
            weight, bias = logistic(ready.rows @ into, shared, self.strength)
            heads[modality] = ready.head(into @ weight, bias, *centred_posteriors(len(bias)))
        return heads
