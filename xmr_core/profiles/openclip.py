"""Profiles of OpenCLIP models: ``openclip:ARCHITECTURE/TAG`` or ``…//path/to/checkpoint``.

Sounds come from LAION-CLAP, carried into CLIP's space by a bridge between the
two models' text towers. CLAP is on the model hub, in the folder that
``$XMR_CLAP`` names, or in one that ends the profile's name after ``+clap:``.
"""

import difflib
from typing import Any

from xmr_core.bridge import cached_bridge
from xmr_core.encoders import Encoder
from xmr_core.encoders import openclip as clip
from xmr_core.encoders import openclip_notes as notes
from xmr_core.encoders.architectures import download_bytes, model_config, pretrained
from xmr_core.encoders.clap import ClapEncoder, clap_bytes, clap_folder
from xmr_core.encoders.mesh import MeshEncoder
from xmr_core.encoders.openclip_encoders import OpenClipImage, OpenClipText
from xmr_core.encoders.video import VideoEncoder
from xmr_core.errors import ModelError, UnknownProfile
from xmr_core.heads import Head
from xmr_core.media import Modality
from xmr_core.models import Progress
from xmr_core.profiles.bank import bank_texts
from xmr_core.profiles.info import ProfileInfo, Silent
from xmr_core.space import HalvesHead, JointSpace, Projection, Role

PREFIX = clip.PREFIX
_SENTENCES = 2000  # for the bridge: CLIP reads about 30 a second without an accelerator
_BANK = 1000  # sentences that stand for queries, read by CLIP before the first search


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
        self.architecture, self.tag, self.checkpoint, self.clap = clip.split_name(name)
        rest = self.tag or ""
        known = self.tag is None or notes.find(self.architecture, rest, None) is not None
        if not known and (self.architecture, rest) not in pretrained():
            raise UnknownProfile(f"There is no profile '{name}'.", self._near(rest))

    def _near(self, tag: str) -> str:
        """What may have been meant, and how to find out."""
        pairs = pretrained()
        names = {f"{a}/{t}": a for a, t in pairs}
        tags = [pair for pair, architecture in names.items() if architecture == self.architecture]
        wanted = f"{self.architecture}/{tag}"
        near = difflib.get_close_matches(wanted, tags or names, n=3, cutoff=0.3 if tags else 0.5)
        if near:
            return f"Did you mean {' or '.join(PREFIX + pair for pair in near)}?"
        return f"Such as {PREFIX}ViT-B-32/laion2b_s34b_b79k."

    def describe(self) -> ProfileInfo:
        """What it is; weights are neither read nor fetched."""
        note = notes.find(self.architecture, self.tag, self.checkpoint)
        size: int | None
        if note is not None:  # it has been loaded here before, and open_clip need not be asked
            dim, size = note.dim, 0
        else:
            dim = int(model_config(self.architecture, self.checkpoint)["embed_dim"])
            size = download_bytes(self.architecture, self.tag) if self.tag else 0
        sounds = clap_bytes(self.clap)
        return ProfileInfo(
            name=self.name,
            about=f"OpenCLIP's {self.architecture}"
            + (f" with the weights {self.tag}" if self.tag else f" from {self.checkpoint}")
            + (f"; LAION-CLAP for sounds ({sounds / 1e6:.0f} MB)." if sounds else "."),
            dim=dim,
            modalities=tuple(Modality),
            licence="as its authors state on the model hub" if self.tag else "the file's own",
            download_bytes=None if size is None else size + sounds,
            needs_hub=size != 0,
        )

    def load(self, progress: Progress | None) -> JointSpace:
        """The joint space; the model itself is read at once, so that errors come early."""
        model = clip.OpenClip(
            self.architecture, tag=self.tag, checkpoint=self.checkpoint, progress=progress
        )
        text, image = OpenClipText(model), OpenClipImage(model)
        same = Head.identity(model.dim)
        encoders: dict[Modality, Encoder[Any]] = {
            Modality.TEXT: text,
            Modality.IMAGE: image,
            Modality.MESH: MeshEncoder(image),
        }
        heads: dict[tuple[Modality, Role], Projection] = {
            (Modality.TEXT, "gallery"): same,
            (Modality.IMAGE, "gallery"): same,
            (Modality.MESH, "gallery"): same,
        }
        sound: Encoder[Any] = Silent()
        carried: Head | None = None
        unavailable: dict[Modality, str] = {}
        try:
            sound, carried = self._sounds(model, progress)
            encoders[Modality.AUDIO] = sound
            heads[Modality.AUDIO, "gallery"] = carried
        except ModelError as error:
            unavailable[Modality.AUDIO] = str(error)
        encoders[Modality.VIDEO] = VideoEncoder(image, sound)
        heads[Modality.VIDEO, "gallery"] = HalvesHead(same, carried, image.dim)
        return JointSpace(
            name=self.name,
            dim=model.dim,
            encoders=encoders,
            heads=heads,
            bank_texts=_some(bank_texts(), _BANK),
            unavailable=unavailable,
        )

    def _sounds(self, model: clip.OpenClip, progress: Progress | None) -> tuple[Encoder[Any], Head]:
        """CLAP, and the bridge from its text space to CLIP's."""
        clap = ClapEncoder(clap_folder(self.clap, progress))
        bank = _some(bank_texts(), _SENTENCES)
        fingerprints = clap.fingerprint, model.fingerprint
        return clap, cached_bridge(fingerprints, bank, clap.texts, model.texts).head


def _some(lines: list[str], most: int) -> list[str]:
    """At most so many of the lines, at even distances."""
    return lines[:: -(-len(lines) // most)] if lines else []
