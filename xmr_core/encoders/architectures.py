"""What open_clip knows of: architectures, tags, their sizes and where their weights are."""

import difflib
from functools import cache
from pathlib import Path
from typing import Any

from xmr_core.encoders.hub import hub_size, in_hub_cache
from xmr_core.errors import UnknownProfile, WeightsDamaged


def architectures() -> list[str]:
    """The names that open_clip knows."""
    import open_clip

    return list(open_clip.list_models())


def pretrained() -> list[tuple[str, str]]:
    """The (architecture, tag) pairs whose weights are on the hub."""
    import open_clip

    return [(str(a), str(t)) for a, t in open_clip.list_pretrained()]


def model_config(architecture: str, checkpoint: Path | None = None) -> dict[str, Any]:
    """The layers of an architecture, from open_clip or a ``<architecture>.json`` by the checkpoint.

    Raises:
        UnknownProfile: there is neither.
        WeightsDamaged: the file beside the checkpoint is malformed.
    """
    import open_clip

    config = open_clip.get_model_config(architecture)
    if config is None and checkpoint is not None:
        beside = checkpoint.with_name(f"{architecture}.json")
        if beside.is_file():
            try:
                open_clip.add_model_config(beside)
            except ValueError as error:
                said = f"{beside} cannot be read: {error}."
                raise WeightsDamaged(said, "Mend it, as open_clip writes them.") from error
            config = open_clip.get_model_config(architecture)
    if config is None:
        near = difflib.get_close_matches(architecture, architectures(), n=3)
        raise UnknownProfile(
            f"open_clip has no architecture '{architecture}'.",
            (f"Did you mean {' or '.join(near)}? " if near else "")
            + f"For one of your own, put {architecture}.json beside the checkpoint.",
        )
    return dict(config)


@cache
def parameters(architecture: str) -> int | None:
    """How many numbers an architecture has, without making any; None if it cannot be told."""
    import torch
    from open_clip.coca_model import CoCa
    from open_clip.model import CLIP, CustomTextCLIP

    config = model_config(architecture)
    if config["text_cfg"].get("hf_model_name"):
        return None  # its layers are described on the hub
    custom = config.pop("custom_text", False)
    kind = (CoCa if "multimodal_cfg" in config else CustomTextCLIP) if custom else CLIP
    with torch.device("meta"):
        return int(sum(p.numel() for p in kind(**config).parameters()))


def download_bytes(architecture: str, tag: str) -> int | None:
    """Bytes that the weights will take to fetch: 0 when they are here, as the hub says,
    or four for each number where the hub cannot be asked."""
    repo, names = hub_names(architecture, tag)
    if in_hub_cache(repo, names) is not None:
        return 0
    if size := hub_size(repo, names):
        return size
    count = parameters(architecture)
    return 4 * count if count else None


def hub_names(architecture: str, tag: str) -> tuple[str, list[str]]:
    """The hub's repository of a tag, and the files that would do, safetensors first."""
    import open_clip
    from open_clip.constants import HF_SAFE_WEIGHTS_NAME, HF_WEIGHTS_NAME

    config = open_clip.get_pretrained_cfg(architecture, tag)
    if not config:
        raise UnknownProfile(f"open_clip has no weights '{tag}' for '{architecture}'.")
    repo, _, name = config["hf_hub"].rpartition("/")
    if not name:
        return repo, [HF_SAFE_WEIGHTS_NAME, HF_WEIGHTS_NAME]
    return repo, [name.rpartition(".")[0] + ".safetensors", name]
