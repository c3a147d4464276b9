"""Methods that learn from which two belong together, by a loss over pairs."""

from xmr_core.lab.base import named
from xmr_core.lab.pairwise.cmpm import CMPM
from xmr_core.lab.pairwise.infonce import InfoNCE
from xmr_core.lab.pairwise.knn_margin import KNNMargin
from xmr_core.lab.pairwise.vse import VSE
from xmr_core.lab.pairwise.vsepp import VSEpp

METHODS = named(VSE, VSEpp, CMPM, InfoNCE, KNNMargin)
