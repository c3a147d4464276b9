"""Profiles of OpenCLIP models: ``openclip:ARCHITECTURE/TAG`` or ``…//path/to/checkpoint``."""

import difflib
from pathlib import Path
from typing import Any

from xmr_core.encoders import Encoder
from xmr_core.encoders import openclip as clip
from xmr_core.encoders.mesh import MeshEncoder
from xmr_core.encoders.video import VideoEncoder
from xmr_core.errors import UnknownProfile
from xmr_core.heads import Head
from xmr_core.media import Modality
from xmr_core.models import Progress
from xmr_core.profiles.info import ProfileInfo, Silent, bank_texts
from xmr_core.space import HalvesHead, JointSpace, Projection, Role

PREFIX = "openclip:"


class OpenClipProfile:
    """Texts, pictures, views of meshes and frames of videos in CLIP's own space.

    Args:
        name: ``openclip:ARCHITECTURE/TAG``, or ``openclip:ARCHITECTURE/FILE`` with a
            file name that ends as checkpoints do; a path from the root gives two slashes.

    Raises:
        UnknownProfile: no such architecture or tag.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.architecture, _, rest = name.removeprefix(PREFIX).partition("/")
        file = rest.lower().endswith(clip.SUFFIXES) or rest.startswith(("/", "~"))
        self.checkpoint = Path(rest).expanduser() if file else None
        self.tag = None if file else rest
        if self.checkpoint is None and (self.architecture, rest) not in clip.pretrained():
            raise UnknownProfile(f"There is no profile '{name}'.", self._near(rest))

    def _near(self, tag: str) -> str:
        """What may have been meant, and how to find out."""
        pairs = clip.pretrained()
        names = {f"{a}/{t}": a for a, t in pairs}
        tags = [pair for pair, architecture in names.items() if architecture == self.architecture]
        wanted = f"{self.architecture}/{tag}"
        near = difflib.get_close_matches(wanted, tags or names, n=3, cutoff=0.3 if tags else 0.5)
        if near:
            return f"Did you mean {' or '.join(PREFIX + pair for pair in near)}?"
        return f"Such as {PREFIX}ViT-B-32/laion2b_s34b_b79k."

    def describe(self) -> ProfileInfo:
        """What it is; weights are neither read nor fetched."""
        config = clip.model_config(self.architecture, self.checkpoint)
        size = clip.download_bytes(self.architecture, self.tag) if self.tag else 0
        return ProfileInfo(
            name=self.name,
            about=f"OpenCLIP's {self.architecture}"
            + (f" with the weights {self.tag}." if self.tag else f" from {self.checkpoint}."),
            dim=int(config["embed_dim"]),
            modalities=tuple(m for m in Modality if m is not Modality.AUDIO),
            licence="as its authors state on the model hub" if self.tag else "the file's own",
            download_bytes=size,
            needs_hub=size != 0,
        )

    def load(self, progress: Progress | None) -> JointSpace:
        """The joint space; the model itself is read at once, so that errors come early."""
        model = clip.OpenClip(
            self.architecture, tag=self.tag, checkpoint=self.checkpoint, progress=progress
        )
        image = clip.OpenClipImage(model)
        sound: Encoder[Any] = Silent()
        same = Head.identity(model.dim)
        heads: dict[tuple[Modality, Role], Projection] = {
            (Modality.TEXT, "gallery"): same,
            (Modality.IMAGE, "gallery"): same,
            (Modality.VIDEO, "gallery"): HalvesHead(same, None, image.dim),
            (Modality.MESH, "gallery"): same,
        }
        return JointSpace(
            name=self.name,
            dim=model.dim,
            encoders={
                Modality.TEXT: clip.OpenClipText(model),
                Modality.IMAGE: image,
                Modality.VIDEO: VideoEncoder(image, sound),
                Modality.MESH: MeshEncoder(image),
            },
            heads=heads,
            bank_texts=bank_texts(),
            unavailable={Modality.AUDIO: "Sounds need LAION-CLAP."},
        )
