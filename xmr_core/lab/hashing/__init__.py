"""Methods whose vectors are short codes of bits."""

from collections.abc import Callable, Mapping

from xmr_core.lab.contract import Method
from xmr_core.lab.hashing.cmssh import CMSSH
from xmr_core.lab.hashing.cvh import CVH
from xmr_core.lab.hashing.dcmh import DCMH
from xmr_core.lab.hashing.itq import ITQ
from xmr_core.lab.hashing.lsh import LSH
from xmr_core.lab.hashing.sm2h import SM2H

METHODS: Mapping[str, Callable[[], Method]] = {
    "lsh": LSH,
    "cvh": CVH,
    "cmssh": CMSSH,
    "cca-itq": ITQ,
    "sm2h": SM2H,
    "dcmh": DCMH,
}
