"""Taking media apart: one file a modality, in the registry ``SIDES``.

The first of a modality's sources that takes the space's encoder is used, so that an
encoder with local features of its own (patches of a ViT) is one more entry, put before
the general ones.
"""

from collections.abc import Mapping
from typing import Any

from xmr_core.encoders import Encoder
from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import Side
from xmr_core.explain.sides import audio, coarse, image, mesh, openclip, text, video
from xmr_core.explain.sides.source import Source
from xmr_core.media import Media, Modality, modality_of
from xmr_core.space import JointSpace

SIDES: Mapping[Modality, tuple[Source, ...]] = {
    Modality.TEXT: (openclip.TEXT, text.WORDED, text.ANY),
    Modality.IMAGE: (openclip.IMAGE, image.GRIDDED, image.ANY),
    Modality.AUDIO: (openclip.AUDIO, audio.MAPPED, coarse.AUDIO),
    Modality.VIDEO: (openclip.VIDEO, video.GRIDDED, coarse.VIDEO),
    Modality.MESH: (openclip.MESH, mesh.GRIDDED, coarse.MESH),
}


_NAMES: Mapping[Modality, str] = {
    Modality.TEXT: "text",
    Modality.IMAGE: "picture",
    Modality.AUDIO: "sound",
    Modality.VIDEO: "video",
    Modality.MESH: "3D model",
}


def side_of(media: Media, space: JointSpace) -> Side:
    """Take one medium apart.

    Raises:
        ExplanationError: nothing here knows the encoder, or the medium has no parts.
    """
    modality = modality_of(media)
    encoder = space.encoders.get(modality)
    source = None if encoder is None else source_of(encoder)
    if source is not None:
        return source.make(media, space)
    raise ExplanationError(
        f"The profile {space.name} cannot take a {_NAMES[modality]} apart.",
        space.unavailable.get(modality, "Choose a profile that covers this medium."),
    )


def source_of(encoder: Encoder[Any]) -> Source | None:
    """What takes the media of an encoder apart, if anything does."""
    return next((one for one in SIDES.get(encoder.modality, ()) if one.takes(encoder)), None)


__all__ = ["SIDES", "Source", "side_of", "source_of"]
