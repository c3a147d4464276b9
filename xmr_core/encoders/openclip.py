"""Any OpenCLIP model: texts and pictures as its own projected, unit-length embeddings.

Radford et al., Learning transferable visual models from natural language
supervision, 2021; Cherti et al., Reproducible scaling laws for contrastive
language-image learning, 2023 (the library open_clip).

A checkpoint is data: ``.safetensors``, or a pickle that holds nothing but
tensors. What would have to run code to be read is refused.
"""

import difflib
import hashlib
import json
import pickle
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core.encoders.chunks import Pieces
from xmr_core.encoders.hub import ENDPOINT_SECONDS, hub_file, hub_size, in_hub_cache
from xmr_core.encoders.passages import encode_passages
from xmr_core.errors import (
    HubUnreachable,
    UnknownProfile,
    WeightsDamaged,
    WeightsMissing,
)
from xmr_core.media import Bytes, Encoding, Floats, Image, Modality, Text
from xmr_core.models import Progress, hub_reachable

PREFIX = "openclip:"
SUFFIXES = (".safetensors", ".pt", ".pth", ".bin")
INSTEAD = (
    "Use the embedded profile, or give a checkpoint that is on this machine: "
    "openclip:{architecture}//path/to/checkpoint.safetensors"
)
_WORD = re.compile(r"\w{1,24}|[^\w\s]{1,24}")  # no longer than fits a context, whatever the script
_BATCH = {"cpu": 16, "cuda": 128}


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
    """
    import open_clip

    config = open_clip.get_model_config(architecture)
    if config is None and checkpoint is not None:
        beside = checkpoint.with_name(f"{architecture}.json")
        if beside.is_file():
            open_clip.add_model_config(beside)
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
    repo, names = _hub_names(architecture, tag)
    if in_hub_cache(repo, names) is not None:
        return 0
    if size := hub_size(repo, names):
        return size
    count = parameters(architecture)
    return 4 * count if count else None


def _hub_names(architecture: str, tag: str) -> tuple[str, list[str]]:
    """The hub's repository of a tag, and the files that would do, safetensors first."""
    import open_clip

    config = open_clip.get_pretrained_cfg(architecture, tag)
    if not config:
        raise UnknownProfile(f"open_clip has no weights '{tag}' for '{architecture}'.")
    repo, _, name = config["hf_hub"].rpartition("/")
    name = name or "open_clip_pytorch_model.bin"
    safe = (
        "open_clip_model.safetensors"
        if name == "open_clip_pytorch_model.bin"
        else name.rpartition(".")[0] + ".safetensors"
    )
    return repo, [safe, name]


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
        _check(checkpoint)
        self.architecture = architecture
        self.label = f"{architecture}/{tag or checkpoint.name}"
        self.dim = int(config["embed_dim"])
        preprocess = _preprocessing(architecture, tag, checkpoint)
        quick = _quick_gelu(architecture, tag)
        self.tokenizer = _tokenizer(architecture, config, checkpoint)
        self.context = int(getattr(self.tokenizer, "context_length", 0) or 77)
        self._model = _load(architecture, checkpoint, preprocess, quick)
        self._transform = _transform(self._model)
        recipe = json.dumps(["openclip 1", config, quick, preprocess], sort_keys=True)
        self.fingerprint = _digest(self._model, recipe)

    @staticmethod
    def _fetch(architecture: str, tag: str, progress: Progress | None) -> Path:
        repo, names = _hub_names(architecture, tag)
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
                tokens = self.tokenizer(list(batch), context_length=self.context).to(self.device)
                rows.append(self._model.encode_text(tokens, normalize=True).float().cpu().numpy())
        return np.concatenate(rows) if rows else np.zeros((0, self.dim), np.float32)

    def pictures(self, pictures: Sequence[Bytes]) -> Floats:
        """Embed pictures u8 (H, W, 3), preprocessed as in the model's training.

        Returns:
            f32 (n, d), unit rows.
        """
        import torch
        from PIL import Image as Pillow

        rows: list[Floats] = []
        with torch.inference_mode():
            for batch in _batches(pictures, _BATCH[self.device]):
                stack = torch.stack([self._transform(Pillow.fromarray(p)) for p in batch])
                vectors = self._model.encode_image(stack.to(self.device), normalize=True)
                rows.append(vectors.float().cpu().numpy())  # (b, d)
        return np.concatenate(rows) if rows else np.zeros((0, self.dim), np.float32)


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


def _check(checkpoint: Path) -> None:
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


def _load(architecture: str, checkpoint: Path, preprocess: dict[str, Any], quick: bool) -> Any:
    """The model with its weights, in evaluation mode, on the accelerator if there is one."""
    import open_clip
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        model = open_clip.create_model(
            architecture,
            pretrained=str(checkpoint),
            device=device,
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
            f"Name the architecture it was trained with: {PREFIX}ARCHITECTURE//path/to/checkpoint.",
        ) from error
    return model.eval()


def _digest(model: Any, recipe: str) -> str:
    """Of all weights as they are used, whatever kind of file they came from."""
    digest = hashlib.sha256(recipe.encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]


def _transform(model: Any) -> Any:
    from open_clip.transform import PreprocessCfg, image_transform_v2

    return image_transform_v2(PreprocessCfg(**model.visual.preprocess_cfg), is_train=False)
