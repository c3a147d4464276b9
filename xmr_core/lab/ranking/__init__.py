"""Methods that learn from which of two should rank higher."""

from collections.abc import Callable, Mapping

from xmr_core.lab.contract import Method
from xmr_core.lab.ranking.bi_cmsrm import BiCMSRM
from xmr_core.lab.ranking.devise import DeViSE
from xmr_core.lab.ranking.pamir import PAMIR
from xmr_core.lab.ranking.uni_cmsrm import UniCMSRM
from xmr_core.lab.ranking.wsabie import WSABIE

METHODS: Mapping[str, Callable[[], Method]] = {
    "devise": DeViSE,
    "wsabie": WSABIE,
    "pamir": PAMIR,
    "uni-cmsrm": UniCMSRM,
    "bi-cmsrm": BiCMSRM,
}
