"""Where towers run: on the processors, or on a graphics card.

``XMR_DEVICE`` says ``cpu`` or ``cuda``; without it a card is used where there is one. Whether there
is one is first asked of the system, for asking torch means importing it: a machine without a
card's driver starts as quickly as ever.
"""

import functools
import logging
import os
import sys
from pathlib import Path

from xmr_core.errors import ModelError

_LOG = logging.getLogger(__name__)
_DEV = Path("/dev")
_CHOICES = ("auto", "cpu", "cuda")


def device() -> str:
    """``cuda`` or ``cpu``, by torch's names.

    Raises:
        ModelError: ``XMR_DEVICE`` asks for a card that is not there, or for something else.
    """
    return _device(_asked())


def missing() -> str:
    """Why there is no card for torch to run towers on, as the end of a sentence; or nothing.

    Raises:
        ModelError: as `device`.
    """
    if device() == "cuda":
        return ""
    return "XMR_DEVICE is cpu" if _asked() == "cpu" else _card_of_torch()


def execution_providers() -> list[str]:
    """What onnxruntime is to run on: the card, where it was built for one and torch was not.

    Raises:
        ModelError: as `device`.
    """
    asked = _asked()
    if asked != "cpu" and driver() and _card_of_torch() and _card_of_onnxruntime():
        return ["CUDAExecutionProvider", "CPUExecutionProvider"]
    return ["CPUExecutionProvider"]


def driver() -> bool:
    """Whether the system has a card of NVIDIA's, found out without torch."""
    if os.environ.get("CUDA_VISIBLE_DEVICES", "all").strip() in ("", "-1"):
        return False
    if sys.platform == "win32":
        root = os.environ.get("SYSTEMROOT", "C:/Windows")
        return (Path(root) / "System32" / "nvcuda.dll").is_file()
    return any(_DEV.glob("nvidia[0-9]*")) or (_DEV / "dxg").exists()  # the second is WSL's


def _asked() -> str:
    asked = os.environ.get("XMR_DEVICE", "").strip().lower() or "auto"
    if asked not in _CHOICES:
        raise ModelError(
            f"XMR_DEVICE is '{asked}', which is no device.",
            f"Set it to one of {', '.join(_CHOICES)}, or leave it out.",
        )
    return asked


@functools.cache
def _device(asked: str) -> str:
    if asked == "cpu":
        return "cpu"
    why = _card_of_torch()
    if not why:
        return "cuda"
    if asked == "cuda" and not _card_of_onnxruntime():
        raise ModelError(
            f"XMR_DEVICE asks for a graphics card, but {why}.",
            "Leave XMR_DEVICE out to run on the processors, or install NVIDIA's driver and "
            "a torch that is built for CUDA.",
        )
    if asked == "auto":
        _LOG.info("The graphics card is not used: %s.", why)
    return "cpu"


@functools.cache
def _card_of_torch() -> str:
    """Why torch has no card, as the end of a sentence; empty where it has one."""
    if not driver():
        return "no driver of one is on this machine"
    import torch

    if torch.version.cuda is None:
        return f"torch {torch.__version__} is built for processors alone"
    if not torch.cuda.is_available():
        return f"torch {torch.__version__} finds none that it can use"
    return ""


def _card_of_onnxruntime() -> bool:
    if not driver():
        return False
    import onnxruntime

    return "CUDAExecutionProvider" in onnxruntime.get_available_providers()
