"""Sounds and sentences as LAION-CLAP's embeddings.

Wu et al., Large-scale contrastive language-audio pretraining with feature
fusion and keyword-to-caption augmentation, 2023 (CC0 weights, by way of the
library transformers). A sound is cut into windows of ten seconds, the length
that the model was trained on.
"""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xmr_core.encoders.hub import file_sha256, hub_file, in_hub_cache
from xmr_core.encoders.pretrained import hush, ready
from xmr_core.errors import WeightsDamaged, WeightsMissing
from xmr_core.media import Audio, Encoding, Floats, Modality
from xmr_core.models import Progress

if TYPE_CHECKING:
    import torch

REPO = "laion/clap-htsat-unfused"
BYTES = 615_000_000
VARIABLE = "XMR_CLAP"
MOST_PARTS = 512
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_FILES = ("config.json", "preprocessor_config.json", "tokenizer_config.json", "tokenizer.json")
SECONDS = 10.0  # of a window
_LEFTOVER = 1.0  # seconds after the last whole window that are worth a window of their own
_BATCH = 8
_LINES = 32


def clap_folder(named: Path | None = None, progress: Progress | None = None) -> Path:
    """The folder of CLAP's files: the one named, ``$XMR_CLAP``, the hub's cache, or fetched.

    Raises:
        WeightsMissing: the folder named holds no model.
        HubUnreachable: it is nowhere here, and the hub does not answer.
    """
    if named is None and (variable := os.environ.get(VARIABLE)):
        named = Path(variable)
    if named is not None:
        named = named.expanduser()
        if not (named / "config.json").is_file() or _weights(named) is None:
            raise WeightsMissing(
                f"There is no CLAP model in {named}.",
                f"It needs {', '.join(_FILES)} and {_WEIGHTS[0]}, as on the hub in {REPO}.",
            )
        return named
    instead = f"Put a copy of {REPO} in a folder and set {VARIABLE} to it."
    weights = hub_file(
        REPO,
        _WEIGHTS,
        what="LAION-CLAP, for sounds,",
        size=BYTES,
        instead=instead,
        progress=progress,
    )
    for name in _FILES:
        hub_file(REPO, [name], what="LAION-CLAP, for sounds,", size=None, instead=instead)
    return weights.parent


def clap_bytes(named: Path | None = None) -> int:
    """Bytes that are still to be fetched for CLAP."""
    here = named or os.environ.get(VARIABLE) or in_hub_cache(REPO, _WEIGHTS)
    return 0 if here else BYTES


def _weights(folder: Path) -> Path | None:
    return next((folder / name for name in _WEIGHTS if (folder / name).is_file()), None)


class ClapEncoder:
    """Sounds to f32 (m,), the mean over windows of CLAP's unit vectors; a part is a window.

    Args:
        folder: with the files of the model as transformers keeps them.

    Raises:
        WeightsMissing: no weights in it.
        WeightsDamaged: it is not a CLAP model.
    """

    modality = Modality.AUDIO

    def __init__(self, folder: Path) -> None:
        from transformers import ClapConfig, ClapFeatureExtractor

        weights = _weights(folder)
        if weights is None:
            raise WeightsMissing(f"There is no CLAP model in {folder}.")
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None
        try:
            config = ClapConfig.from_pretrained(folder, local_files_only=True)
            self._front = ClapFeatureExtractor.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, TypeError) as error:
            raise WeightsDamaged(
                f"{folder} is not a CLAP model: {error}", "Fetch it again."
            ) from error
        self.dim = int(config.projection_dim)
        self.name = "clap"
        self.rate = int(self._front.sampling_rate)
        self.fingerprint = f"clap-1:{file_sha256(weights)[:16]}"

    def encode(self, batch: Sequence[Audio]) -> list[Encoding]:
        """One vector a window and their mean; boxes are in seconds."""
        return [self._encode(audio) for audio in batch]

    def texts(self, lines: Sequence[str]) -> Floats:
        """Embed sentences, f32 (n, m), unit rows."""
        import torch

        model, tokenizer = self._model()
        rows: list[Floats] = []
        longest = int(model.config.text_config.max_position_embeddings) - 2
        with torch.inference_mode():
            for start in range(0, len(lines), _LINES):
                some = tokenizer(
                    list(lines[start : start + _LINES]),
                    padding=True,
                    truncation=True,
                    max_length=longest,
                    return_tensors="pt",
                )
                some = {key: some[key].to(model.device) for key in ("input_ids", "attention_mask")}
                rows.append(_vectors(model.get_text_features(**some)))
        return np.concatenate(rows) if rows else np.zeros((0, self.dim), np.float32)

    def prepare(self, audio: Audio) -> Floats:
        """Samples at the model's rate, one at least, all of them finite."""
        samples = np.nan_to_num(audio.samples.astype(np.float32), posinf=0.0, neginf=0.0)
        if not len(samples):
            samples = np.zeros(1, np.float32)
        if audio.rate != self.rate:
            import soxr

            samples = np.asarray(soxr.resample(samples, audio.rate, self.rate), np.float32)
        return samples

    def _encode(self, audio: Audio) -> Encoding:
        samples = self.prepare(audio)
        starts = window_starts(len(samples) / self.rate)  # seconds
        vectors = np.concatenate(
            [self._windows(samples, starts[i : i + _BATCH]) for i in range(0, len(starts), _BATCH)]
        )  # (w, m)
        lows = np.array(starts, np.float32)
        highs = np.minimum(lows + SECONDS, max(audio.seconds, 1e-3)).astype(np.float32)
        groups = np.array_split(np.arange(len(starts)), min(len(starts), MOST_PARTS))
        parts = np.stack([vectors[g].mean(axis=0) for g in groups])  # (p, m)
        boxes = np.array([[[lows[g[0]]], [highs[g[-1]]]] for g in groups], np.float32)  # (p, 2, 1)
        return Encoding(vectors.mean(axis=0), parts, boxes)

    def _windows(self, samples: Floats, starts: Sequence[float]) -> Floats:
        """Unit vectors f32 (w, m) of the windows that start at these seconds."""
        import torch

        model, _ = self._model()
        with torch.inference_mode():
            return _vectors(model.get_audio_features(**self.inputs(samples, starts)))

    @property
    def network(self) -> Any:
        """The model of transformers, for what takes it apart."""
        return self._model()[0]

    def band_edges(self, bands: int) -> Floats:
        """Hertz f32 (bands + 1,) between so many even groups of the model's mel bands."""
        from transformers.audio_utils import hertz_to_mel, mel_to_hertz

        scale = "htk" if self._front.truncation == "fusion" else "slaney"
        ends = (self._front.frequency_min, self._front.frequency_max)
        low, high = (float(hertz_to_mel(float(end), scale)) for end in ends)
        mel = np.linspace(low, high, bands + 1)
        return np.asarray(mel_to_hertz(mel, scale), np.float32)

    def inputs(self, samples: Floats, starts: Sequence[float]) -> "dict[str, torch.Tensor]":
        """What the model takes of the windows that start at these seconds."""
        import torch

        model, _ = self._model()
        cut = [samples[round(s * self.rate) : round((s + SECONDS) * self.rate)] for s in starts]
        front = self._front(cut, sampling_rate=self.rate, return_tensors="pt")
        # No window is longer than the model's own: the front end marks one at random otherwise.
        longer = torch.zeros((len(cut), 1), dtype=torch.bool, device=model.device)
        return {"input_features": front["input_features"].to(model.device), "is_longer": longer}

    def _model(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._folder)
            return self._loaded


def window_starts(seconds: float) -> list[float]:
    """Where windows start: back to back, and a last one that ends at the end.

    >>> window_starts(4.0), window_starts(20.5), window_starts(25.0)
    ([0.0], [0.0, 10.0], [0.0, 10.0, 15.0])
    """
    starts = [i * SECONDS for i in range(max(1, int(seconds / SECONDS)))]
    if seconds - (starts[-1] + SECONDS) >= _LEFTOVER:
        starts.append(seconds - SECONDS)
    return starts


def _load(folder: Path) -> tuple[Any, Any]:
    """Model and tokeniser, in evaluation mode, on the accelerator if there is one."""
    import pickle

    from safetensors import SafetensorError
    from transformers import AutoTokenizer, ClapModel

    hush()
    load: Any = ClapModel.from_pretrained  # its types do not know output_loading_info
    try:
        model, about = load(
            folder, local_files_only=True, weights_only=True, output_loading_info=True
        )
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, RuntimeError, SafetensorError, pickle.UnpicklingError) as error:
        raise WeightsDamaged(
            f"The CLAP model in {folder} cannot be read: {error}", "Fetch it again."
        ) from error
    return ready(model, about, folder), tokenizer


def _vectors(output: Any) -> Floats:
    """Unit rows from what transformers gives: a tensor, or since version 5 an object with one."""
    import torch

    rows = output if isinstance(output, torch.Tensor) else output.pooler_output
    return np.asarray(torch.nn.functional.normalize(rows.float(), dim=-1).cpu().numpy(), np.float32)
