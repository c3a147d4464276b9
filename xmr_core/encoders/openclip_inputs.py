"""What OpenCLIP's models take: texts as tokens, pictures scaled, cropped and normalised."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xmr_core.encoders.hub import ENDPOINT_SECONDS
from xmr_core.errors import HubUnreachable, WeightsDamaged
from xmr_core.models import hub_reachable


def quick_gelu(architecture: str, tag: str | None) -> bool:
    """Whether the weights were trained with OpenAI's approximate GELU: the tag knows, and
    open_clip only warns when the architecture's name says otherwise."""
    import open_clip

    return bool(tag and open_clip.get_pretrained_cfg(architecture, tag).get("quick_gelu", False))


def preprocessing(architecture: str, tag: str | None, checkpoint: Path) -> dict[str, Any]:
    """Mean, deviation, interpolation and cropping: as the tag says, or a configuration
    beside the checkpoint, or what all tags of the architecture's family use.

    Raises:
        WeightsDamaged: that configuration cannot be read.
    """
    import open_clip

    if tag:
        found: Mapping[str, Any] = open_clip.get_pretrained_cfg(architecture, tag)
    elif (beside := checkpoint.with_name("open_clip_config.json")).is_file():
        try:
            found = json.loads(beside.read_text(encoding="utf-8")).get("preprocess_cfg", {})
        except (OSError, ValueError, AttributeError) as error:
            raise WeightsDamaged(
                f"{beside} cannot be read: {error}.", "Mend or remove it."
            ) from error
    else:
        tags = open_clip.list_pretrained_tags_by_model(architecture)
        found = open_clip.get_pretrained_cfg(architecture, tags[0]) if tags else {}
    wanted = ("mean", "std", "interpolation", "resize_mode", "fill_color")
    return {key: found[key] for key in wanted if found.get(key) is not None}


# what comes with a checkpoint may ask for the contrary
_NO_CODE = {"trust_remote_code": False}


def tokenizer(architecture: str, config: Mapping[str, Any], checkpoint: Path) -> Any:
    """open_clip's byte pairs need nothing; others come from beside the checkpoint or the hub.

    Raises:
        WeightsDamaged: the one beside the checkpoint cannot be read.
        HubUnreachable: it is on the hub, which does not answer.
    """
    import open_clip

    named = config["text_cfg"].get("hf_tokenizer_name")
    if not named:
        return open_clip.get_tokenizer(architecture)
    if checkpoint.with_name("tokenizer.json").is_file() or (
        checkpoint.with_name("tokenizer_config.json").is_file()
    ):
        from open_clip.tokenizer import HFTokenizer

        text = config["text_cfg"]
        try:
            return HFTokenizer(
                str(checkpoint.parent),
                context_length=text.get("context_length", 77),
                tokenizer_mode=text.get("tokenizer_mode"),
                **{**(text.get("tokenizer_kwargs") or {}), **_NO_CODE},
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            said = f"The tokeniser beside {checkpoint.name} cannot be read: {error}"
            raise WeightsDamaged(said, "Fetch the files of the model again.") from error
    try:
        here = {} if hub_reachable(ENDPOINT_SECONDS) else {"local_files_only": True}
        return open_clip.get_tokenizer(architecture, **here, **_NO_CODE)
    except (OSError, ValueError) as error:
        raise HubUnreachable(
            f"{architecture} reads texts with the tokeniser {named}, "
            "which is on the model hub, and the hub cannot be reached.",
            f"Put its tokenizer.json beside {checkpoint.name}, or use the embedded profile.",
        ) from error


def transform(model: Any) -> Any:
    """From a picture of Pillow's to what a model's picture tower takes, f32 (3, side, side)."""
    from open_clip.transform import PreprocessCfg, image_transform_v2

    return image_transform_v2(PreprocessCfg(**model.visual.preprocess_cfg), is_train=False)
