"""The profiles that need nothing but the Python package index."""

from typing import Any

from xmr_core.calibration import Scales
from xmr_core.encoders import Encoder
from xmr_core.encoders.audio import AudioEncoder
from xmr_core.encoders.image import TOWERS, ImageEncoder
from xmr_core.encoders.mesh import MeshEncoder
from xmr_core.encoders.multilingual import PIECES, WEIGHTS, MultilingualEncoder
from xmr_core.encoders.text import TextEncoder
from xmr_core.encoders.tuning import Tuning
from xmr_core.encoders.video import VideoEncoder
from xmr_core.errors import ModelError
from xmr_core.heads import Head
from xmr_core.media import Modality
from xmr_core.models import Progress, artefact, fetch, locate
from xmr_core.profiles.bank import bank_centres, bank_texts, heads_mark, heard_texts
from xmr_core.profiles.blocks import BLOCKS, widened, with_tuned
from xmr_core.profiles.info import (
    Missing,
    ProfileInfo,
    Silent,
    fetch_unless_failed,
    heads_dir,
)
from xmr_core.space import HalvesHead, JointSpace, Projection, Role

_MINILM = ("minilm-l6-v2", "minilm-l6-v2-tokenizer", "minilm-l6-v2-config")
_SOUND = "aisfx"


class Embedded:
    """MiniLM, EfficientNet-Lite and aiSFX, with the heads that come with XMR.

    The heads say which towers they were trained on. Towers tuned on captions see
    pictures and key frames, no drawings of meshes. Where there is no head for meshes their
    views go through the head of pictures, and where there is no table of match strengths,
    scores are worth what they are worth in general.
    """

    def __init__(self, multilingual: bool = False) -> None:
        self.name = "embedded-multilingual" if multilingual else "embedded"
        self._multilingual = multilingual
        self._text = Head.load(heads_dir() / "text.safetensors")
        self._image = Head.load(heads_dir() / "image.safetensors")
        self._towers = tuple(self._image.about.get("towers", "lite2").split("+"))
        tuned = BLOCKS in self._text.about
        self._tuning = Tuning(heads_dir() / "tuning.safetensors") if tuned else None
        if self._tuning:
            self._image = with_tuned(self._image, self._text, self._tuning)

    def describe(self) -> ProfileInfo:
        """What it is, without loading it."""
        records = [artefact(name) for name in (*self._needed(), _SOUND)]
        return ProfileInfo(
            name=self.name,
            about=f"Texts in {'sixteen languages' if self._multilingual else 'English'}, "
            "pictures, sounds, videos and 3D models; works without the model hub.",
            dim=self._text.dim,
            modalities=tuple(Modality),
            licence=", ".join(dict.fromkeys(record.licence for record in records)),
            download_bytes=sum(r.size for r in records if locate(r.name) is None),
            needs_hub=False,
        )

    def load(self, progress: Progress | None) -> JointSpace:
        """The joint space; without sounds where their weights or head cannot be had."""
        for name in self._needed():
            if locate(name) is None:
                fetch(name, progress)
        image = views = ImageEncoder(self._towers, self._tuning)
        audio: Encoder[Any] = AudioEncoder()
        sound: Encoder[Any] = audio
        audio_head: Head | None = None
        unavailable: dict[Modality, str] = {}
        try:
            audio_head = widened(Head.load(heads_dir() / "audio.safetensors"), self._text.dim)
            fetch_unless_failed(_SOUND, progress)
        except ModelError as error:
            unavailable[Modality.AUDIO] = str(error)
            sound = Silent(audio.name, audio.dim, audio.fingerprint)
            audio = Missing(audio, error)
        text: Encoder[Any] = TextEncoder()
        if self._multilingual:
            text = MultilingualEncoder(text, Head.load(heads_dir() / "multilingual.safetensors"))
        mesh = heads_dir() / "mesh.safetensors"
        strengths = heads_dir() / "strengths.json"
        heads: dict[tuple[Modality, Role], Projection] = {
            (Modality.TEXT, "gallery"): self._text,
            (Modality.IMAGE, "gallery"): self._image,
            (Modality.VIDEO, "gallery"): HalvesHead(self._image, audio_head, image.dim),
            (Modality.MESH, "gallery"): self._image,
        }
        if mesh.is_file():
            views = ImageEncoder(self._towers)
            heads[Modality.MESH, "gallery"] = widened(Head.load(mesh), self._text.dim)
        if audio_head is not None:
            heads[Modality.AUDIO, "gallery"] = audio_head
        return JointSpace(
            name=self.name,
            dim=self._text.dim,
            encoders={
                Modality.TEXT: text,
                Modality.IMAGE: image,
                Modality.AUDIO: audio,
                Modality.VIDEO: VideoEncoder(image, sound),
                Modality.MESH: MeshEncoder(views),
            },
            heads=heads,
            bank_texts=bank_texts(),
            centres=bank_centres(heads_mark(self._image, self._text)),
            heard_texts=heard_texts(),
            unavailable=unavailable,
            scales=Scales.load(strengths) if strengths.is_file() else Scales(),
        )

    def _needed(self) -> list[str]:
        """Weights without which there is no space."""
        words = (*_MINILM, WEIGHTS, PIECES) if self._multilingual else _MINILM
        return [*words, *(TOWERS[tower].weights for tower in self._towers)]
