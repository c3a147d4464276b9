r"""Canonical correlation analysis, plain and regularised.

.. math:: \max_{W_x, W_y} \operatorname{tr}(W_x^\top C_{xy} W_y) \quad\text{s.t.}\quad
    W_x^\top ((1 - r) C_{xx} + r I) W_x = W_y^\top ((1 - r) C_{yy} + r I) W_y = I

with plain CCA where r → 0. Hotelling, "Relations between two sets of variates", Biometrika
1936; for retrieval between media Rasiwasia et al., "A new approach to cross-modal multimedia
retrieval", ACM MM 2010; regularised by Vinod, "Canonical ridge and econometrics of joint
production", 1976.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from xmr_core.lab.checks import checked
from xmr_core.lab.contract import SEED, About, Labels, Tell, Views, space_of
from xmr_core.lab.linear import affine_head, centred
from xmr_core.space import JointSpace


@dataclass(frozen=True)
class CCA:
    """Directions in which the two views correlate most.

    Attributes:
        dim: d; no more than the narrower view has features.
        ridge: r, 0…1: a little keeps the covariances of few pairs from being singular.
    """

    about: ClassVar[About] = About(
        "Canonical correlation analysis",
        "unsupervised",
        "Hotelling, Relations between two sets of variates, Biometrika 1936",
    )
    dim: int = 10
    ridge: float = 1e-4

    def fit(
        self,
        views: Views,
        labels: Labels | None = None,
        *,
        seed: int = SEED,
        tell: Tell | None = None,
    ) -> JointSpace:
        """See :class:`xmr_core.lab.contract.Method`."""
        from cca_zoo.linear import RidgeCCA

        made, _ = checked(self.about, views, labels)
        (one, x), (other, y) = made.items()
        moved = [centred(view) for view in (x, y)]
        # In units of each view's own spread, so that one ridge fits features of any size
        sizes = [max(float(view.std()), 1e-12) for view, _ in moved]
        few = min(self.dim, x.shape[1], y.shape[1], len(x) - 1)
        model = RidgeCCA(n_components=few, shrinkage=self.ridge, center=False)
        model.fit([view / size for (view, _), size in zip(moved, sizes, strict=True)])
        heads = {}
        for modality, weight, (_, mean), size in zip(
            (one, other), model.weights_, moved, sizes, strict=True
        ):
            heads[modality] = affine_head(np.asarray(weight) / size, mean)
        return space_of("cca", heads)
