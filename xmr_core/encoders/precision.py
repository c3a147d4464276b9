"""Whether graphs run in floating point or, where the processor is made for it, in eight bits."""

import functools
import os
from pathlib import Path
from typing import Literal

Precision = Literal["float", "int8"]

_CPUINFO = Path("/proc/cpuinfo")
_INSTRUCTIONS = frozenset({"avx512_vnni", "avx_vnni"})


def precision() -> Precision:
    """``$XMR_PRECISION`` (``float`` or ``int8``), or what suits this processor.

    That is eight bits where Linux says that it multiplies them four at a time (VNNI): only there
    was it measured, and other processors of Intel and AMD would get sums wrong.
    """
    asked = os.environ.get("XMR_PRECISION", "")
    if asked == "int8":
        return "int8"
    return "int8" if not asked and made_for_eight_bits(_CPUINFO) else "float"


@functools.cache
def made_for_eight_bits(cpuinfo: Path) -> bool:
    """Whether each processor that a file like ``/proc/cpuinfo`` names has VNNI."""
    try:
        lines = cpuinfo.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return False
    flags = [set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")]
    return bool(flags) and all(_INSTRUCTIONS & some for some in flags)
