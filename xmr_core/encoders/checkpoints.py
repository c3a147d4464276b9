"""Checkpoints of OpenCLIP models, read as data.

Either ``.safetensors``, or a pickle that holds nothing but tensors: what would
have to run code to be read is refused.
"""

import hashlib
import pickle
import zipfile
from pathlib import Path
from typing import Any

from xmr_core.encoders.device import device
from xmr_core.errors import WeightsDamaged, WeightsMissing

SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")


def check_checkpoint(checkpoint: Path) -> None:
    """Refuse what is no file of tensors, before anything tries to read it as one.

    Raises:
        WeightsMissing: no such file.
        WeightsDamaged: another kind of file, a program, or a file cut short.
    """
    if not checkpoint.is_file():
        raise WeightsMissing(f"There is no checkpoint at {checkpoint}.", "Check the path.")
    if checkpoint.suffix not in SUFFIXES:
        raise WeightsDamaged(
            f"{checkpoint.name} is not a checkpoint that can be read.",
            f"Give one that ends in {', '.join(SUFFIXES)}.",
        )
    if checkpoint.suffix == ".safetensors":
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(checkpoint, framework="np"):
                return
        except (SafetensorError, OSError) as error:
            raise _unreadable(checkpoint, error) from error
    with checkpoint.open("rb") as file:
        old = file.read(2) == b"\x80\x02"  # a bare pickle, as torch wrote before version 1.6
    if old:
        return
    try:
        with zipfile.ZipFile(checkpoint) as archive:
            program = any(name.endswith("constants.pkl") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError) as error:
        raise _unreadable(checkpoint, error) from error
    if program:
        raise WeightsDamaged(
            f"{checkpoint.name} is a TorchScript archive, a program and not only weights.",
            "Get a .safetensors file of the same weights.",
        )


def _unreadable(checkpoint: Path, error: Exception) -> WeightsDamaged:
    return WeightsDamaged(
        f"{checkpoint.name} cannot be read as weights ({error}).", "Copy or fetch it again."
    )


def load_checkpoint(
    architecture: str, checkpoint: Path, preprocess: dict[str, Any], quick: bool
) -> Any:
    """The model with its weights, in evaluation mode, on the accelerator if there is one."""
    import open_clip

    try:
        model = open_clip.create_model(
            architecture,
            pretrained=str(checkpoint),
            device=device(),
            force_quick_gelu=quick,
            force_preprocess_cfg=preprocess,
            weights_only=True,
        )
    except pickle.UnpicklingError as error:
        raise WeightsDamaged(
            f"{checkpoint.name} holds more than tensors and would have to run code to be read.",
            "It was not opened. Get a .safetensors file of the same weights, or save it again "
            "as one where you trust it.",
        ) from error
    except (OSError, EOFError) as error:
        raise _unreadable(checkpoint, error) from error
    except Exception as error:  # whatever open_clip trips over in tensors of another network
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        said = lines[1] if len(lines) > 1 else "".join(lines)
        raise WeightsDamaged(
            f"{checkpoint.name} is not a checkpoint of {architecture} ({said[:160]}).",
            "Name the architecture it was trained with: openclip:ARCHITECTURE//path/to/checkpoint.",
        ) from error
    return model.eval()


def model_digest(model: Any, recipe: str) -> str:
    """Of all weights as they are used, whatever kind of file they came from."""
    digest = hashlib.sha256(recipe.encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
