"""Methods that know pairs alone and look for what two views share."""

from xmr_core.lab.base import named
from xmr_core.lab.unsupervised.blm import BLM
from xmr_core.lab.unsupervised.cca import CCA
from xmr_core.lab.unsupervised.corr_ae import CorrAE
from xmr_core.lab.unsupervised.dcca import DCCA
from xmr_core.lab.unsupervised.dccae import DCCAE
from xmr_core.lab.unsupervised.kcca import KCCA
from xmr_core.lab.unsupervised.msae import MSAE
from xmr_core.lab.unsupervised.pls import PLS
from xmr_core.lab.unsupervised.rcca import RCCA

METHODS = named(CCA, RCCA, KCCA, PLS, BLM, DCCA, DCCAE, CorrAE, MSAE)
