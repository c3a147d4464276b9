"""Models of the library transformers, read from a folder: quietly, whole, on the accelerator."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xmr_core.encoders.device import device
from xmr_core.errors import WeightsDamaged


def hush() -> None:
    """Keep its progress bars from the terminal of whoever uses the engine."""
    from transformers.utils import logging

    talk: Any = logging  # its types are incomplete
    talk.disable_progress_bar()


def ready(model: Any, about: Mapping[str, Any], folder: Path) -> Any:
    """A model in evaluation mode, on the accelerator if there is one.

    Args:
        model: as it was loaded.
        about: what ``output_loading_info`` told of that.
        folder: that it was loaded from.

    Raises:
        WeightsDamaged: tensors are missing, or of other shapes.
    """
    if about["missing_keys"] or about.get("mismatched_keys"):
        raise WeightsDamaged(
            f"The weights in {folder} are not those of its config.json: "
            f"{len(about['missing_keys'])} tensors are missing.",
            "Fetch all files of the model from one place.",
        )
    return model.eval().to(device())
