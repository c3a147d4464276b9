"""Layers for graphics cards that go once over memory where torch goes several times.

Maps lie with their channels together (n, h, w, c), in half precision; sums are in single precision.
What follows a layer, a bias and bounds, is done before its result is written. Written in Triton,
which comes with torch for CUDA on Linux; where it is missing, or finds no C compiler, torch's own
layers do the same (`fused`). Sizes are no constants of the kernels: a network has dozens, and to
compile each would take a second.
"""

import functools
import logging
from importlib.util import find_spec

import torch

from xmr_core.encoders.kernels.attention import LONGEST, added, attend
from xmr_core.encoders.kernels.channels import alone, pooled
from xmr_core.encoders.kernels.layer import Layer
from xmr_core.encoders.kernels.pixels import first
from xmr_core.encoders.kernels.pointwise import pointwise

__all__ = ["LONGEST", "Layer", "added", "alone", "attend", "first", "pointwise", "pooled", "ready"]

_LOG = logging.getLogger(__name__)


@functools.cache
def ready() -> bool:
    """Whether Triton is there and makes kernels on this machine."""
    if find_spec("triton") is None:
        return False
    try:
        x = torch.zeros(1, 8, 2, 2, dtype=torch.float16, device="cuda")
        pooled(x)
        torch.cuda.synchronize()
    except Exception as error:  # whatever is wrong with a compiler
        _LOG.info("Kernels for the graphics card cannot be made here: %s", error)
        return False
    return True
