"""Heads: what maps an encoder's features into the joint space."""

from xmr_core.heads.activations import Kernel, Relu, Sign, Tanh
from xmr_core.heads.codes import SparseCode
from xmr_core.heads.head import Head
from xmr_core.heads.layers import Gelu, Layer, Linear, Root, Slice, Softmax, Standardise, Unit
from xmr_core.heads.stacks import KINDS, Blend, Branches, Residual

__all__ = [
    "KINDS",
    "Blend",
    "Branches",
    "Gelu",
    "Head",
    "Kernel",
    "Layer",
    "Linear",
    "Relu",
    "Residual",
    "Root",
    "Sign",
    "Slice",
    "Softmax",
    "SparseCode",
    "Standardise",
    "Tanh",
    "Unit",
]
