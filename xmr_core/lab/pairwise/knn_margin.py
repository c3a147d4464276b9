r"""kNN-margin: the hinges of the k hardest negatives, between VSE's all and VSE++'s one.

.. math:: \min \sum_i \sum_{j \in K(x_i)} [\alpha - s(x_i, y_i) + s(x_i, y_j)]_+
    + \sum_{j \in K(y_i)} [\alpha - s(x_i, y_i) + s(x_j, y_i)]_+

with K(q) the k nearest negatives of q in the batch. Liu and Ye, "A strong and robust baseline
for text-image matching", ACL 2019 student research workshop: one hardest negative is often a
thing that is wrongly labelled or would do as well; k of them are more robust. With k = 1 it is
VSE++, with k = b it is VSE. What the paper does to rankings afterwards (inverted softmax, CSLS)
is no part of it: the application corrects for hubs in all spaces.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from xmr_core.lab.contract import About
from xmr_core.lab.pairwise.vse import VSE


@dataclass(frozen=True)
class KNNMargin(VSE):
    """Every own pair is to be a margin better than the best k others of its batch.

    Attributes:
        k: negatives.
    """

    about: ClassVar[About] = About(
        "kNN-margin",
        "pairwise",
        "Liu and Ye, A strong and robust baseline for text-image matching, ACL student research "
        "workshop 2019",
    )
    name: ClassVar[str] = "knn-margin"
    k: int = 3

    def of_negatives(self, table: Any) -> Any:
        """Hinges (b, b), a query a row → (b,)."""
        return table.topk(min(self.k, table.shape[1]), dim=1).values.sum(dim=1)
