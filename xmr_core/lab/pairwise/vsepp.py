r"""VSE++: the hinge of the hardest negative alone.

.. math:: \min \sum_i \max_{j \ne i} [\alpha - s(x_i, y_i) + s(x_i, y_j)]_+
    + \max_{j \ne i} [\alpha - s(x_i, y_i) + s(x_j, y_i)]_+

Faghri, Fleet, Kiros and Fidler, "VSE++: improving visual-semantic embeddings with hard
negatives", BMVC 2018. Many easy negatives no longer outweigh the one that stands before the
own pair in the list, which is what recall at 1 counts. As :mod:`xmr_core.lab.pairwise.vse`
otherwise; the hardest negative is that of the batch.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from xmr_core.lab.contract import About
from xmr_core.lab.pairwise.vse import VSE


@dataclass(frozen=True)
class VSEpp(VSE):
    """Every own pair is to be a margin better than the best other of its batch."""

    about: ClassVar[About] = About(
        "VSE++ (hardest negatives)",
        "pairwise",
        "Faghri, Fleet, Kiros and Fidler, VSE++: improving visual-semantic embeddings with hard "
        "negatives, BMVC 2018",
    )
    name: ClassVar[str] = "vse++"

    def of_negatives(self, table: Any) -> Any:
        """Hinges (b, b), a query a row → (b,)."""
        return table.amax(dim=1)
