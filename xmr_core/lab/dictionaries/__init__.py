"""Methods that write both views in words of learned dictionaries."""

from xmr_core.lab.base import named
from xmr_core.lab.dictionaries.scdl import SCDL
from xmr_core.lab.dictionaries.slim2 import SliM2

METHODS = named(SCDL, SliM2)
