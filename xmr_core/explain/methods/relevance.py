"""Heat by relevance: what in each part raised the score, followed through the network.

Through transformers the gradient of the score is followed from layer to layer along the
attention (Chefer, Gur and Wolf, "Generic attention-model explainability", ICCV 2021); in
networks of convolutions it weighs the channels of the last map (Selvaraju et al., "Grad-CAM",
ICCV 2017). It needs the media themselves and one pass forth and back for each side.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from xmr_core.encoders.areas import coarser
from xmr_core.errors import ExplanationError
from xmr_core.explain.alignment import parts, whole
from xmr_core.explain.explanation import VALUE, Explanation, Side
from xmr_core.explain.sides.openclip import VIEW, firsts
from xmr_core.media import Floats, Image, Modality
from xmr_core.render import render_views
from xmr_core.space import JointSpace, Role, along


def relevance(query: Side, hit: Side, space: JointSpace) -> Explanation:
    """Each part's relevance to the cosine; parts against parts as by the method ``value``.

    The heat of a side is ≥ 0 where its network could be followed. A side that has no such
    network (sounds) gets its parts' shares in the cosine, by the slope of its head.

    Raises:
        ExplanationError: neither side has a network that can be followed.
    """
    if _network(query, space) is None and _network(hit, space) is None:
        raise ExplanationError(
            f"The encoders of the profile {space.name} cannot be followed layer by layer.",
            "Choose another method.",
        )
    whole_q, whole_h = whole(query, space, "query"), whole(hit, space, "gallery")
    parts_q = parts(query, space, "query", VALUE)
    parts_h = parts(hit, space, "gallery", VALUE)
    return Explanation(
        query,
        hit,
        parts_q @ parts_h.T,
        _heat(query, space, whole_h, "query"),
        _heat(hit, space, whole_q, "gallery"),
        "relevance",
        float(whole_q @ whole_h),
    )


def slope(side: Side, space: JointSpace, target: Floats, role: Role) -> Floats:
    """How the cosine with ``target`` grows with each feature of a side's whole.

    Exact where the head knows its derivatives.

    Args:
        side: of m features.
        space: with its heads.
        target: unit, f32 (d,).
        role: of the side.

    Returns:
        f32 (m,).
    """
    every = np.eye(len(side.pooled), dtype=np.float32)
    row, grown = along(space.head(side.modality, role), side.pooled[None], every)  # (1, d), (m, d)
    length = float(np.linalg.norm(row)) or 1.0
    towards = target - row[0] * (float(row[0] @ target) / length**2)  # what turns the row
    return np.asarray(grown @ towards / length, np.float32)


def _network(side: Side, space: JointSpace) -> Any:
    """The encoder of a side, or of the pictures that it is made of, if it can be followed."""
    encoder = space.encoders[side.modality]
    encoder = getattr(encoder, "image", encoder)
    known = getattr(encoder, "has_words", False) or getattr(encoder, "has_patches", False)
    return encoder if known else None


def _heat(side: Side, space: JointSpace, target: Floats, role: Role) -> Floats:
    towards = slope(side, space, target, role)  # (m,)
    network = _network(side, space)
    if network is None:
        return (side.weights * (side.features @ towards)).astype(np.float32)
    return _HEATS[side.modality](side, network, towards)


def _text(side: Side, encoder: Any, towards: Floats) -> Floats:
    heat: Floats = encoder.word_heat(side.media, towards)
    return np.asarray(np.add.reduceat(heat, firsts(len(heat))), np.float32)


def _image(side: Side, encoder: Any, towards: Floats) -> Floats:
    return _pictures([side.media], side, encoder, towards)  # type: ignore[list-item]


def _mesh(side: Side, encoder: Any, towards: Floats) -> Floats:
    """Each view by itself, by its share in the whole."""
    views = [Image(view) for view in render_views(side.media, VIEW)]  # type: ignore[arg-type]
    return _pictures(views, side, encoder, towards) * side.weights * np.float32(side.count)


def _video(side: Side, encoder: Any, towards: Floats) -> Floats:
    """Each frame by itself; the sound by its windows' shares in the slope."""
    frames = [Image(frame) for frame in side.media.frames]  # type: ignore[union-attr]
    seen = _pictures(frames, side, encoder, towards[: encoder.dim])
    heard = slice(len(seen), None)
    sounds = side.weights[heard] * (side.features[heard] @ towards)
    return np.concatenate([seen, sounds]).astype(np.float32)


def _pictures(images: Sequence[Image], side: Side, encoder: Any, towards: Floats) -> Floats:
    """Heat of all cells, f32 (n · g · h,), on the lattice of the side."""
    cells = max(side.grid[-2:])
    heats = encoder.patch_heat(images, towards)
    return np.concatenate([coarser(h[None, :, :, None], cells).reshape(-1) for h in heats])


_HEATS: Mapping[Modality, Callable[[Side, Any, Floats], Floats]] = {
    Modality.TEXT: _text,
    Modality.IMAGE: _image,
    Modality.MESH: _mesh,
    Modality.VIDEO: _video,
}
