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

from xmr_core.lab.contract import SEED, About, Labels, Tell, Views, space_of
from xmr_core.lab.supervised.classes import shares, with_labels
from xmr_core.lab.supervised.correlation import canonical
from xmr_core.lab.supervised.posteriors import centred_posteriors, logistic
from xmr_core.lab.supervised.prepared import Prepared
from xmr_core.space import JointSpace


@dataclass(frozen=True)
class SemanticCorrelationMatching:
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
    dim: int = 128
    ridge: float = 0.5
    strength: float = 0.3

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
        one, other = (Prepared.of(view) for view in made.values())
        x, y, n = one.rows, other.rows, len(known)
        u, v, _ = canonical(x.T @ x / n, x.T @ y / n, y.T @ y / n, self.dim, self.ridge)
        heads = {}
        for modality, ready, into in zip(made, (one, other), (u, v), strict=True):
            weight, bias = logistic(ready.rows @ into, shared, self.strength)
            heads[modality] = ready.head(into @ weight, bias, *centred_posteriors(len(bias)))
        return space_of("scm", heads)
