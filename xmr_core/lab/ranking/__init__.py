"""Methods that learn from which of two should rank higher."""

from xmr_core.lab.base import named
from xmr_core.lab.ranking.bi_cmsrm import BiCMSRM
from xmr_core.lab.ranking.devise import DeViSE
from xmr_core.lab.ranking.pamir import PAMIR
from xmr_core.lab.ranking.uni_cmsrm import UniCMSRM
from xmr_core.lab.ranking.wsabie import WSABIE

METHODS = named(DeViSE, WSABIE, PAMIR, UniCMSRM, BiCMSRM)
