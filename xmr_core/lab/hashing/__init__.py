"""Methods whose vectors are short codes of bits."""

from xmr_core.lab.base import named
from xmr_core.lab.hashing.cmssh import CMSSH
from xmr_core.lab.hashing.cvh import CVH
from xmr_core.lab.hashing.dcmh import DCMH
from xmr_core.lab.hashing.itq import ITQ
from xmr_core.lab.hashing.lsh import LSH
from xmr_core.lab.hashing.sm2h import SM2H

METHODS = named(LSH, CVH, CMSSH, ITQ, SM2H, DCMH)
