"""Methods that know pairs alone and look for what two views share."""

from collections.abc import Callable, Mapping

from xmr_core.lab.contract import Method
from xmr_core.lab.unsupervised.blm import BLM
from xmr_core.lab.unsupervised.cca import CCA
from xmr_core.lab.unsupervised.corr_ae import CorrAE
from xmr_core.lab.unsupervised.dcca import DCCA
from xmr_core.lab.unsupervised.dccae import DCCAE
from xmr_core.lab.unsupervised.kcca import KCCA
from xmr_core.lab.unsupervised.msae import MSAE
from xmr_core.lab.unsupervised.pls import PLS
from xmr_core.lab.unsupervised.rcca import RCCA

METHODS: Mapping[str, Callable[[], Method]] = {
    "cca": CCA,
    "rcca": RCCA,
    "kcca": KCCA,
    "pls": PLS,
    "blm": BLM,
    "dcca": DCCA,
    "dccae": DCCAE,
    "corr-ae": CorrAE,
    "msae": MSAE,
}
