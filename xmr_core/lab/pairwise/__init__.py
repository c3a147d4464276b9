"""Methods that learn from which two belong together, by a loss over pairs."""

from collections.abc import Callable, Mapping

from xmr_core.lab.contract import Method
from xmr_core.lab.pairwise.cmpm import CMPM
from xmr_core.lab.pairwise.infonce import InfoNCE
from xmr_core.lab.pairwise.knn_margin import KNNMargin
from xmr_core.lab.pairwise.vse import VSE
from xmr_core.lab.pairwise.vsepp import VSEpp

METHODS: Mapping[str, Callable[[], Method]] = {
    "vse": VSE,
    "vse++": VSEpp,
    "cmpm": CMPM,
    "infonce": InfoNCE,
    "knn-margin": KNNMargin,
}
