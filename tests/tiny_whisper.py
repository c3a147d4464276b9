"""A tiny Whisper with random weights and a tokeniser of bytes, made and saved here."""

import json
from pathlib import Path

LANGUAGES = ("en", "de", "fr")
BEGIN, END, TIMES = 257, 256, 256 + 8
"""The tokens that begin and end a transcript, and the first timestamp."""


def tiny_whisper(folder: Path, seed: int = 0, multilingual: bool = True) -> Path:
    """Two layers of 16 numbers; the 256 bytes are its words."""
    import torch
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import (
        GenerationConfig,
        WhisperConfig,
        WhisperFeatureExtractor,
        WhisperForConditionalGeneration,
    )
    from transformers.utils import logging as talk

    talk.disable_progress_bar()
    torch.manual_seed(seed)
    folder.mkdir(parents=True, exist_ok=True)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = Tokenizer(models.BPE({letter: n for n, letter in enumerate(letters)}, []))
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    marks = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{n}|>" for n in LANGUAGES)]
    marks += ["<|transcribe|>", "<|nospeech|>", "<|notimestamps|>"]
    marks += [f"<|{n * 0.02:.2f}|>" for n in range(1501)]
    words.add_special_tokens([AddedToken(mark, special=True) for mark in marks])
    words.save(str(folder / "tokenizer.json"))
    config = WhisperConfig(
        vocab_size=words.get_vocab_size(), num_mel_bins=16, d_model=16,
        encoder_layers=2, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=2,
        encoder_ffn_dim=32, decoder_ffn_dim=32, max_source_positions=1500,
        max_target_positions=64, init_std=0.4,
        pad_token_id=END, bos_token_id=END, eos_token_id=END, decoder_start_token_id=BEGIN,
    )  # fmt: skip
    model = WhisperForConditionalGeneration(config).eval()
    about = {
        "pad_token_id": END, "bos_token_id": END, "eos_token_id": END,
        "decoder_start_token_id": BEGIN, "no_timestamps_token_id": TIMES - 1,
        "max_initial_timestamp_index": 50, "suppress_tokens": [0, 1, BEGIN],
        "begin_suppress_tokens": [2, END], "is_multilingual": multilingual, "max_length": 64,
    }  # fmt: skip
    if multilingual:
        about["lang_to_id"] = {f"<|{n}|>": BEGIN + 1 + i for i, n in enumerate(LANGUAGES)}
        about["task_to_id"] = {"transcribe": BEGIN + 4}
    model.generation_config = GenerationConfig(**about)
    model.save_pretrained(folder)
    WhisperFeatureExtractor(feature_size=16).save_pretrained(folder)
    assert json.loads((folder / "generation_config.json").read_text())["begin_suppress_tokens"]
    return folder
