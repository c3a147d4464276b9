"""Any OpenCLIP model: texts and pictures as its own projected, unit-length embeddings.

Radford et al., Learning transferable visual models from natural language
supervision, 2021; Cherti et al., Reproducible scaling laws for contrastive
language-image learning, 2023 (the library open_clip).
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xmr_core.encoders.architectures import hub_names, model_config, parameters
from xmr_core.encoders.checkpoints import check_checkpoint, load_checkpoint, model_digest
from xmr_core.encoders.chunks import Pieces, chunks_of
from xmr_core.encoders.hub import ENDPOINT_SECONDS, hub_file
from xmr_core.encoders.passages import encode_passages
from xmr_core.errors import HubUnreachable, WeightsDamaged
from xmr_core.media import Bytes, Encoding, Floats, Image, Modality, Text
from xmr_core.models import Progress, hub_reachable

if TYPE_CHECKING:
    import torch

    from xmr_core.encoders.openclip_patches import LocalFeatures, Passage, Patches, Words

PREFIX = "openclip:"
INSTEAD = (
    "Use the embedded profile, or give a checkpoint that is on this machine: "
    "openclip:{architecture}//path/to/checkpoint.safetensors"
)
_WORD = re.compile(r"\w{1,24}|[^\w\s]{1,24}")  # no longer than fits a context, whatever the script
_BATCH = {"cpu": 16, "cuda": 128}


class OpenClip:
    """One model with its tokeniser and preprocessing, shared by its two encoders.

    Args:
        architecture: such as ``ViT-B-32``.
        tag: pretrained weights by open_clip's name; fetched from the hub if need be.
        checkpoint: or a file on this machine.
        progress: called with bytes done and bytes in all while weights are fetched.

    Raises:
        UnknownProfile: no such architecture or tag.
        HubUnreachable: the weights are not here and the hub does not answer.
        WeightsMissing: the checkpoint is not here.
        WeightsDamaged: it is not a checkpoint of this architecture, or not a safe one.
    """

    def __init__(
        self,
        architecture: str,
        *,
        tag: str | None = None,
        checkpoint: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        config = model_config(architecture, checkpoint)
        if checkpoint is None:
            checkpoint = self._fetch(architecture, tag or "", progress)
        check_checkpoint(checkpoint)
        self.architecture = architecture
        self.label = f"{architecture}/{tag or checkpoint.name}"
        self.dim = int(config["embed_dim"])
        preprocess = _preprocessing(architecture, tag, checkpoint)
        quick = _quick_gelu(architecture, tag)
        self.tokenizer = _tokenizer(architecture, config, checkpoint)
        self.context = int(getattr(self.tokenizer, "context_length", 0) or 77)
        self._model = load_checkpoint(architecture, checkpoint, preprocess, quick)
        self._transform = _transform(self._model)
        recipe = json.dumps(["openclip 1", config, quick, preprocess], sort_keys=True)
        self.fingerprint = model_digest(self._model, recipe)

    @staticmethod
    def _fetch(architecture: str, tag: str, progress: Progress | None) -> Path:
        repo, names = hub_names(architecture, tag)
        count = parameters(architecture)
        return hub_file(
            repo,
            names,
            what=f"openclip:{architecture}/{tag}",
            size=4 * count if count else None,
            instead=INSTEAD.format(architecture=architecture),
            progress=progress,
        )

    @property
    def device(self) -> str:
        """Where the model runs: ``cuda`` or ``cpu``."""
        return str(next(self._model.parameters()).device.type)

    @property
    def network(self) -> Any:
        """open_clip's own model, for what takes it apart."""
        return self._model

    @cached_property
    def local(self) -> "LocalFeatures":
        """What the model says of patches of pictures and of words."""
        from xmr_core.encoders.openclip_patches import LocalFeatures

        return LocalFeatures(self)

    def word_tokens(self, word: str) -> list[int]:
        """Tokens of a word, without those that mark the ends of a text."""
        inner = getattr(self.tokenizer, "tokenizer", None)  # the hub's, where it is one of those
        if inner is not None:
            return list(inner(word, add_special_tokens=False)["input_ids"])
        return list(self.tokenizer.encode(word))

    def texts(self, lines: Sequence[str]) -> Floats:
        """Embed short texts; what is beyond the context length is cut off.

        Returns:
            f32 (n, d), unit rows.
        """
        import torch

        rows: list[Floats] = []
        with torch.inference_mode():
            for batch in _batches(lines, 4 * _BATCH[self.device]):
                vectors = self._model.encode_text(self.tokens(batch), normalize=True)
                rows.append(vectors.float().cpu().numpy())
        return np.concatenate(rows) if rows else np.zeros((0, self.dim), np.float32)

    def tokens(self, lines: Sequence[str]) -> "torch.Tensor":
        """What the tower takes of short texts: i64 (n, context)."""
        ids: torch.Tensor = self.tokenizer(list(lines), context_length=self.context)
        return ids.to(self.device)

    def marked(self, line: Sequence[int]) -> tuple[Sequence[int], frozenset[int]]:
        """A line of tokens as far as it was written, and those that are marks, not words."""
        inner = getattr(self.tokenizer, "tokenizer", None)
        if inner is not None:
            return line, frozenset(inner.all_special_ids)
        end = line.index(self.tokenizer.eot_token_id)  # then come zeros, which are words too
        return line[:end], frozenset(self.tokenizer.all_special_ids)

    def pictures(self, pictures: Sequence[Bytes]) -> Floats:
        """Embed pictures u8 (H, W, 3), preprocessed as in the model's training.

        Returns:
            f32 (n, d), unit rows.
        """
        import torch

        rows: list[Floats] = []
        with torch.inference_mode():
            for batch in _batches(pictures, _BATCH[self.device]):
                vectors = self._model.encode_image(self.prepare(batch), normalize=True)
                rows.append(vectors.float().cpu().numpy())  # (b, d)
        return np.concatenate(rows) if rows else np.zeros((0, self.dim), np.float32)

    def prepare(self, pictures: Sequence[Bytes]) -> "torch.Tensor":
        """Pictures u8 (H, W, 3), n ≥ 1 → what the tower takes, f32 (n, 3, side, side)."""
        import torch
        from PIL import Image as Pillow

        stack = torch.stack([self._transform(Pillow.fromarray(p)) for p in pictures])
        return stack.to(self.device)


class OpenClipImage:
    """Pictures → CLIP's embeddings; no parts."""

    modality = Modality.IMAGE

    def __init__(self, model: OpenClip) -> None:
        self._model = model
        self.name = model.label
        self.dim = model.dim
        self.fingerprint = f"{model.fingerprint} image"

    def encode(self, batch: Sequence[Image]) -> list[Encoding]:
        """Encode pictures; pooled f32 (d,) of length one."""
        vectors = self._model.pictures([image.pixels for image in batch])  # (n, d)
        none, boxes = np.zeros((0, self.dim), np.float32), np.zeros((0, 2, 2), np.float32)
        return [Encoding(vector, none, boxes) for vector in vectors]

    @property
    def has_patches(self) -> bool:
        """Whether the model's picture tower is one that can be taken apart."""
        return self._model.local.has_patches

    def patches(self, batch: Sequence[Image]) -> "list[Patches]":
        """The cells of pictures in the joint space; see ``LocalFeatures.patches``."""
        return self._model.local.patches([image.pixels for image in batch])

    def patch_heat(self, batch: Sequence[Image], direction: Floats) -> list[Floats]:
        """How much each cell raises a score; see ``LocalFeatures.patch_heat``."""
        return self._model.local.patch_heat([image.pixels for image in batch], direction)


class OpenClipText:
    """Texts → CLIP's embeddings, one a chunk that fits its context, and their mean made unit."""

    modality = Modality.TEXT

    def __init__(self, model: OpenClip) -> None:
        self._model = model
        self.name = model.label
        self.dim = model.dim
        self.fingerprint = f"{model.fingerprint} text chunks-1"

    def encode(self, batch: Sequence[Text]) -> list[Encoding]:
        """Encode texts; parts f32 (p, d) and pooled f32 (d,) of length one."""
        limit = self._model.context - 2
        return encode_passages(batch, self._pieces, limit, self._model.texts)

    @property
    def has_words(self) -> bool:
        """Whether the model's text tower is one that can be taken apart."""
        return self._model.local.has_words

    def local_words(self, text: Text) -> "Words":
        """The words of a text in the joint space; see ``LocalFeatures.words``."""
        return self._model.local.words(self._passages(text))

    def word_heat(self, text: Text, direction: Floats) -> Floats:
        """How much each word raises a score; see ``LocalFeatures.word_heat``."""
        return self._model.local.word_heat(self._passages(text), direction)

    def _passages(self, text: Text) -> "list[Passage]":
        """The chunks of a text, each with its words and where they start."""
        from xmr_core.encoders.openclip_patches import Passage

        passages = []
        for chunk in chunks_of(text, self._pieces, self._model.context - 2):
            found = _WORD.finditer(text.text, chunk.start, chunk.end)
            line = text.text[chunk.start : chunk.end]
            passages.append(Passage(line, [word.span() for word in found], chunk.start))
        return passages

    def _pieces(self, text: str) -> Pieces:
        """The tokens of each word, all with the characters of their word.

        CLIP's tokenisers tell no characters; since their pieces never cross words,
        counting word by word gives chunks that fit.
        """
        ids: list[int] = []
        offsets: list[tuple[int, int]] = []
        words: list[int | None] = []
        for word, found in enumerate(_WORD.finditer(text)):
            tokens = self._model.word_tokens(found.group())
            ids += tokens
            offsets += [found.span()] * len(tokens)
            words += [word] * len(tokens)
        return Pieces(ids, offsets, words)


def _batches(rows: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [rows[i : i + size] for i in range(0, len(rows), size)]


def _quick_gelu(architecture: str, tag: str | None) -> bool:
    """Whether the weights were trained with OpenAI's approximate GELU: the tag knows, and
    open_clip only warns when the architecture's name says otherwise."""
    import open_clip

    return bool(tag and open_clip.get_pretrained_cfg(architecture, tag).get("quick_gelu", False))


def _preprocessing(architecture: str, tag: str | None, checkpoint: Path) -> dict[str, Any]:
    """Mean, deviation, interpolation and cropping: as the tag says, or a configuration
    beside the checkpoint, or what all tags of the architecture's family use."""
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


def _tokenizer(architecture: str, config: Mapping[str, Any], checkpoint: Path) -> Any:
    """open_clip's byte pairs need nothing; others come from beside the checkpoint or the hub."""
    import open_clip

    named = config["text_cfg"].get("hf_tokenizer_name")
    if not named:
        return open_clip.get_tokenizer(architecture)
    if checkpoint.with_name("tokenizer.json").is_file() or (
        checkpoint.with_name("tokenizer_config.json").is_file()
    ):
        from open_clip.tokenizer import HFTokenizer

        text = config["text_cfg"]
        return HFTokenizer(
            str(checkpoint.parent),
            context_length=text.get("context_length", 77),
            tokenizer_mode=text.get("tokenizer_mode"),
            **text.get("tokenizer_kwargs", {}),
        )
    try:
        here = {} if hub_reachable(ENDPOINT_SECONDS) else {"local_files_only": True}
        return open_clip.get_tokenizer(architecture, **here)
    except (OSError, ValueError) as error:
        raise HubUnreachable(
            f"{architecture} reads texts with the tokeniser {named}, "
            "which is on the model hub, and the hub cannot be reached.",
            f"Put its tokenizer.json beside {checkpoint.name}, or use the embedded profile.",
        ) from error


def _transform(model: Any) -> Any:
    from open_clip.transform import PreprocessCfg, image_transform_v2

    return image_transform_v2(PreprocessCfg(**model.visual.preprocess_cfg), is_train=False)
