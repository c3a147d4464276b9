"""Methods that write both views in words of learned dictionaries."""

from collections.abc import Callable, Mapping

from xmr_core.lab.contract import Method
from xmr_core.lab.dictionaries.scdl import SCDL
from xmr_core.lab.dictionaries.slim2 import SliM2

METHODS: Mapping[str, Callable[[], Method]] = {
    "scdl": SCDL,
    "slim2": SliM2,
}
