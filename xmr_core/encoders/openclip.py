"""Any OpenCLIP model: texts and pictures as its own projected, unit-length embeddings.

Radford et al., Learning transferable visual models from natural language
supervision, 2021; Cherti et al., Reproducible scaling laws for contrastive
language-image learning, 2023 (the library open_clip).
"""

import contextlib
import itertools
import json
import threading
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xmr_core.encoders import openclip_graphs as graphs
from xmr_core.encoders import openclip_inputs as inputs
from xmr_core.encoders import openclip_notes as notes
from xmr_core.encoders.architectures import hub_names, model_config, parameters
from xmr_core.encoders.byte_pairs import byte_pairs
from xmr_core.encoders.checkpoints import SUFFIXES, check_checkpoint, load_checkpoint, model_digest
from xmr_core.encoders.device import device
from xmr_core.encoders.hub import hub_file
from xmr_core.encoders.onnx import Network, graph, is_made, threads
from xmr_core.encoders.openclip_lone import MOST, heads_of, lone_text
from xmr_core.encoders.openclip_looks import Look, look_of, squares
from xmr_core.encoders.openclip_notes import Note
from xmr_core.media import Bytes, Floats
from xmr_core.models import Progress

if TYPE_CHECKING:
    import torch

    from xmr_core.encoders.openclip_patches import LocalFeatures

PREFIX = "openclip:"
INSTEAD = (
    "Use the embedded profile, or give a checkpoint that is on this machine: "
    "openclip:{architecture}//path/to/checkpoint.safetensors"
)
_BATCH = {"cpu": 16, "cuda": 128}
_APART = 8  # pictures at most in one run of a graph, each run on a core of its own
_LINES = 16  # texts in one run of a graph, of about the same length
_SEVERAL = 3  # lone texts, after which more are expected


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
        self.architecture = architecture
        self._tag, self._named = tag, checkpoint
        self._loading = threading.Lock()
        self._loaded: Any = None
        self._texts: Network | None = None  # once it has been opened
        self._lone_texts = itertools.count(1)  # of which the next one is to be embedded
        note = None if _accelerated() else notes.find(architecture, tag, checkpoint)
        if note is not None:
            self._file = Path(note.file)
            self.dim, self.context, self.fingerprint = note.dim, note.context, note.fingerprint
            self._look: Look | None = note.look
            self._lines_by_graph, self._lone = True, note.lone
        else:
            self._begin(progress)
        self.label = f"{architecture}/{tag or self._file.name}"

    def _begin(self, progress: Progress | None) -> None:
        """Load the model, and note what it takes to do without."""
        config = model_config(self.architecture, self._named)
        file = self._named or self._fetch(self.architecture, self._tag or "", progress)
        check_checkpoint(file)
        self._file, self.dim = file, int(config["embed_dim"])
        self.context = int(getattr(self.tokenizer, "context_length", 0) or 77)
        network = self.network
        preprocess = inputs.preprocessing(self.architecture, self._tag, file)
        quick = inputs.quick_gelu(self.architecture, self._tag)
        recipe = json.dumps(["openclip 1", config, quick, preprocess], sort_keys=True)
        self.fingerprint = model_digest(network, recipe)
        text = config["text_cfg"]
        own = not (text.get("hf_tokenizer_name") or text.get("tokenizer_kwargs"))
        self._lines_by_graph = own and graphs.text_graph(network)
        self._lone = heads_of(network, file) if self._lines_by_graph else None
        self._look = look_of(network.visual) if graphs.picture_graph(network) else None
        if self._look is not None and self._lines_by_graph:
            about = self.fingerprint, self.dim, self.context
            note = Note(str(file.absolute()), *about, self._look, self._lone)
            notes.keep(self.architecture, self._tag, self._named, note)

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
        return str(next(self.network.parameters()).device.type)

    @property
    def network(self) -> Any:
        """open_clip's own model, for what takes it apart; loaded when it is first asked for."""
        with self._loading:
            if self._loaded is None:
                model_config(self.architecture, self._named)  # makes open_clip know one of our own
                preprocess = inputs.preprocessing(self.architecture, self._tag, self._file)
                quick = inputs.quick_gelu(self.architecture, self._tag)
                self._loaded = load_checkpoint(self.architecture, self._file, preprocess, quick)
            return self._loaded

    @cached_property
    def tokenizer(self) -> Any:
        """open_clip's own."""
        config = model_config(self.architecture, self._named)
        return inputs.tokenizer(self.architecture, config, self._file)

    @cached_property
    def local(self) -> "LocalFeatures":
        """What the model says of patches of pictures and of words."""
        from xmr_core.encoders.openclip_patches import LocalFeatures

        return LocalFeatures(self)

    def word_tokens(self, word: str) -> list[int]:
        """Tokens of a word, without those that mark the ends of a text."""
        if self._lines_by_graph:
            return byte_pairs().encode(word)
        inner = getattr(self.tokenizer, "tokenizer", None)  # the hub's, where it is one of those
        if inner is not None:
            return list(inner(word, add_special_tokens=False)["input_ids"])
        return list(self.tokenizer.encode(word))

    def texts(self, lines: Sequence[str]) -> Floats:
        """Embed short texts; what is beyond the context length is cut off.

        Returns:
            f32 (n, d), unit rows.
        """
        if self._lines_by_graph:
            return self._lines(lines)
        import torch

        rows: list[Floats] = []
        with torch.inference_mode(), self._halved():
            for batch in _batches(lines, 4 * _BATCH[self.device]):
                vectors = self.network.encode_text(self.tokens(batch), normalize=True)
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
        if self._look is not None:
            size = min(_APART, max(1, -(-len(pictures) // threads())))
            some = [partial(squares, b, self._look) for b in _batches(pictures, size)]
            found = list(self._picture_graph(self._look).each("vectors", some)) if some else []
            return np.concatenate(found) if found else np.zeros((0, self.dim), np.float32)
        import torch

        rows: list[Floats] = []
        with torch.inference_mode(), self._halved():
            for batch in _batches(pictures, _BATCH[self.device]):
                vectors = self.network.encode_image(self.prepare(batch), normalize=True)
                rows.append(vectors.float().cpu().numpy())  # (b, d)
        return np.concatenate(rows) if rows else np.zeros((0, self.dim), np.float32)

    def prepare(self, pictures: Sequence[Bytes]) -> "torch.Tensor":
        """Pictures u8 (H, W, 3), n ≥ 1 → what the tower takes, f32 (n, 3, side, side)."""
        import torch
        from PIL import Image as Pillow

        transform = inputs.transform(self.network)
        stack = torch.stack([transform(Pillow.fromarray(p)) for p in pictures])
        return stack.to(self.device)

    def _halved(self) -> Any:
        """Half precision on an accelerator, for what bears it."""
        import torch

        half = self.device == "cuda"
        return torch.autocast("cuda", torch.float16) if half else contextlib.nullcontext()

    def _lines(self, lines: Sequence[str]) -> Floats:
        """Texts through the graph, those of about the same length together."""
        rows = np.zeros((len(lines), self.dim), np.float32)
        if not lines:
            return rows
        ids = byte_pairs().rows(lines, self.context)  # (n, l)
        if self._lone is not None and self._texts is None and len(lines) <= MOST:
            if next(self._lone_texts) == _SEVERAL and is_made(*self._text_graph):
                # No daemon: the end of the process would pull the library from under its feet.
                threading.Thread(target=self._open_texts, name="xmr-texts").start()
            return lone_text(self._file, *self._lone).embed(ids)
        network = self._open_texts()
        lengths = ids.argmax(axis=1) + 1
        for some in _batches(np.argsort(lengths, kind="stable"), _LINES):
            longest = int(lengths[some].max())
            rows[some] = network.run(["vectors"], tokens=ids[some, :longest])[0]
        return rows

    @property
    def _text_graph(self) -> tuple[str, list[str], int]:
        """Its name, weights and version."""
        return f"openclip-{self.architecture.lower()}-text", [self.fingerprint], graphs.TEXTS

    def _open_texts(self) -> Network:
        """The text tower's graph, which takes longer to open than a text, and then is quicker."""
        self._texts = graph(*self._text_graph, lambda: graphs.text_export(self.network))
        return self._texts

    def _picture_graph(self, look: Look) -> Network:
        return graph(
            f"openclip-{self.architecture.lower()}-pictures",
            [self.fingerprint],
            graphs.PICTURES,
            lambda: graphs.picture_export(self.network, look.mean, look.std),
            apart=True,
        )


def split_name(profile: str) -> tuple[str, str | None, Path | None, Path | None]:
    """A profile's name as architecture, tag or else checkpoint, and the folder of CLAP.

    >>> split_name("openclip:ViT-B-32/openai+clap:/a")[:2]
    ('ViT-B-32', 'openai')
    >>> split_name("openclip:ViT-B-32/mine.pt")[1] is None
    True
    """
    model, _, sounds = profile.removeprefix(PREFIX).partition("+clap:")
    architecture, _, rest = model.partition("/")
    file = rest.lower().endswith(SUFFIXES) or rest.startswith(("/", "~"))
    checkpoint = Path(rest).expanduser() if file else None
    return architecture, None if file else rest, checkpoint, Path(sounds) if sounds else None


def _accelerated() -> bool:
    """Whether models run on an accelerator."""
    return device() == "cuda"


def _batches(rows: Any, size: int) -> list[Any]:
    return [rows[i : i + size] for i in range(0, len(rows), size)]
