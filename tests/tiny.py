"""Tiny networks with random weights, made and saved here: the real code, nothing fetched."""

import json
import logging
from pathlib import Path
from typing import Any

ARCHITECTURE = "tiny-vit"
WORDS = ["a", "dog", "cat", "barks", "rain", "on", "the", "roof", "bell", "rings", "loud"]


def tiny_tower(folder: Path, name: str, vision: dict[str, Any], dim: int = 32, **text: Any) -> Path:
    """A checkpoint of open_clip with any picture tower, and a text tower of 32 numbers."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    text = {"context_length": 32, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2} | text
    config = {"embed_dim": dim, "vision_cfg": vision, "text_cfg": text}
    (folder / f"{name}.json").write_text(json.dumps(config))
    open_clip.add_model_config(folder / f"{name}.json")
    torch.manual_seed(0)
    logging.disable(logging.WARNING)  # open_clip remarks that the weights are random
    try:
        model = open_clip.create_model(name)
    finally:
        logging.disable(logging.NOTSET)
    tensors = {key: value.contiguous().clone() for key, value in model.state_dict().items()}
    save_file(tensors, folder / f"{name}.safetensors")
    return folder / f"{name}.safetensors"


def tiny_openclip(folder: Path, seed: int = 0) -> Path:
    """A CLIP of 32 dimensions over 32-pixel pictures, as ``tiny.safetensors`` and ``tiny.pt``."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    config = {
        "embed_dim": 32,
        "vision_cfg": {
            "image_size": 32,
            "layers": 2,
            "width": 64,
            "head_width": 32,
            "patch_size": 8,
        },
        "text_cfg": {
            "context_length": 32,
            "vocab_size": 49408,
            "width": 32,
            "heads": 2,
            "layers": 2,
        },
    }
    (folder / f"{ARCHITECTURE}.json").write_text(json.dumps(config))
    open_clip.add_model_config(folder / f"{ARCHITECTURE}.json")
    torch.manual_seed(seed)
    logging.disable(logging.WARNING)  # open_clip remarks that the weights are random
    try:
        model = open_clip.create_model(ARCHITECTURE)
    finally:
        logging.disable(logging.NOTSET)
    save_file(model.state_dict(), folder / "tiny.safetensors")
    torch.save(model.state_dict(), folder / "tiny.pt")
    return folder


def by_hand(folder: Path) -> tuple[Any, Any, Any]:
    """The saved model, its preprocessing and its tokeniser, as open_clip alone gives them."""
    import open_clip

    model, _, transform = open_clip.create_model_and_transforms(
        ARCHITECTURE, pretrained=str(folder / "tiny.safetensors")
    )
    return model.eval(), transform, open_clip.get_tokenizer(ARCHITECTURE)


def tiny_clap(folder: Path) -> Path:
    """A CLAP of 16 dimensions, with its front end and a tokeniser of a few words."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel, PreTrainedTokenizerFast
    from transformers.utils import logging as talk

    talk.disable_progress_bar()
    torch.manual_seed(0)
    text = {
        "vocab_size": 40,
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 16,
        "max_position_embeddings": 66,
        "pad_token_id": 1,
    }
    audio = {
        "spec_size": 128,
        "num_mel_bins": 16,
        "depths": [1, 1],
        "num_attention_heads": [2, 2],
        "patch_embeds_hidden_size": 8,
        "hidden_size": 16,
        "window_size": 4,
        "num_hidden_layers": 2,
    }
    config = ClapConfig(projection_dim=16, text_config=text, audio_config=audio)
    ClapModel(config).eval().save_pretrained(folder)
    ClapFeatureExtractor(feature_size=16, truncation="rand_trunc").save_pretrained(folder)
    vocabulary = {word: i for i, word in enumerate(["<s>", "<pad>", "</s>", "<unk>", *WORDS])}
    words = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", unk_token="<unk>"
    ).save_pretrained(folder)
    return folder
