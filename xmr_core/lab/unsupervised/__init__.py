"""Methods that know pairs alone and look for what two views share."""

from collections.abc import Callable, Mapping

from xmr_core.lab.contract import Method
from xmr_core.lab.unsupervised.cca import CCA

METHODS: Mapping[str, Callable[[], Method]] = {
    "cca": CCA,
}
