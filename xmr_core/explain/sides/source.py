"""A source of sides: one way to take media of one modality apart."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xmr_core.encoders import Encoder
from xmr_core.explain.explanation import Side
from xmr_core.space import JointSpace


@dataclass(frozen=True, slots=True)
class Source:
    """One way to take media of a modality apart.

    Attributes:
        takes: whether it knows an encoder of the modality.
        make: the side of one medium, in a space that has such an encoder.
    """

    takes: Callable[[Encoder[Any]], bool]
    make: Callable[[Any, JointSpace], Side]
