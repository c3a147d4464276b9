"""A medium in small pieces, over which a heat map is spread and which can be taken away.

Parts are as coarse as an encoder sees; the pieces of a canvas are as fine as a heat map is
shown: squares of a picture, words, tenths of a band of sound, squares of frames, faces.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import PIL.Image

from xmr_core.encoders.audio import BANDS
from xmr_core.encoders.video import shots
from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import Side
from xmr_core.explain.muting import mute
from xmr_core.explain.occlusion import Bools, Fill, drop, occluder, remove_faces
from xmr_core.explain.spreading import spread
from xmr_core.explain.views import faces_heat
from xmr_core.media import Audio, Floats, Image, Media, Mesh, Modality, Text, Video, modality_of

_PICTURE = 448  # pixels: longer pictures are taken apart at this size, as encoders see them
_SQUARES = 32  # along each side of a picture
_FRAME_SQUARES = 12  # along each side of a frame
_SECONDS = 0.25  # of a piece of sound, but for long ones
_STRETCHES = 240  # of a sound at most
_BAND_GROUPS = 12  # pieces of sound from low to high


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A medium in c pieces.

    Attributes:
        media: what is taken apart.
        places: f32 (c, a), the pieces' middles, in 0…1 along each axis.
        sizes: f32 (c,), their shares of the medium; they sum to 1.
        without: ``gone`` (c,) of bools → the medium without those pieces.
        spread: (side, heat f32 (p,)) → f32 (c,), the heat of its parts on the pieces.
    """

    media: Media
    places: Floats
    sizes: Floats
    without: Callable[[Bools], Media]
    spread: Callable[[Side, Floats], Floats]


def canvas_of(media: Media, fill: Fill = "blur") -> Canvas:
    """Put a medium on its canvas.

    Raises:
        ExplanationError: it has no pieces: no words, no samples.
    """
    canvas = _CANVASES[modality_of(media)](media, fill)
    if len(canvas.places) == 0:
        raise ExplanationError(
            f"This {modality_of(media)} has nothing that could be taken away.",
            "Choose an item with words, sound or something to see.",
        )
    return canvas


def peak(canvas: Canvas, heat: Floats) -> Floats:
    """Where a heat map f32 (c,) is highest: f32 (a,), in 0…1 along each axis.

    Of several highest pieces the first one counts.
    """
    return np.asarray(canvas.places[int(np.argmax(heat))], np.float32)


def _text(text: Text, _: Fill) -> Canvas:
    import re

    spans = np.array([m.span() for m in re.finditer(r"\S+", text.text)], np.float32)
    boxes = spans.reshape(-1, 2, 1)  # (c, 2, 1)

    def heats(side: Side, heat: Floats) -> Floats:
        """The mean of what lies in each word; words of which no part tells have the least."""
        low = np.maximum(boxes[:, 0], side.boxes[:, 0, 0])
        high = np.minimum(boxes[:, 1], side.boxes[:, 1, 0])
        overlap = np.maximum(high - low, 0)  # (c, p)
        total = overlap.sum(axis=1)
        means = overlap @ heat / np.maximum(total, 1e-6)
        return np.asarray(np.where(total > 0, means, heat.min()), np.float32)

    middles = boxes.mean(axis=1) / max(len(text.text), 1)
    return Canvas(text, middles, _even(len(boxes)), lambda gone: drop(text, boxes[gone]), heats)


def _image(image: Image, fill: Fill) -> Canvas:
    image = replace(image, pixels=smaller(image.pixels))
    boxes = _lattice(_SQUARES, _SQUARES)
    places = boxes.mean(axis=1)
    erase = occluder(image, fill)
    return Canvas(
        image,
        places,
        _even(len(boxes)),
        lambda gone: erase(boxes[gone]),
        lambda side, heat: spread(side.boxes, heat, places),
    )


def _audio(audio: Audio, _: Fill) -> Canvas:
    stretches = int(np.clip(np.ceil(audio.seconds / _SECONDS), 1, _STRETCHES))
    scale = np.array([audio.seconds, BANDS], np.float32)
    unit = _lattice(stretches if len(audio.samples) else 0, _BAND_GROUPS)
    boxes = unit * scale
    places = unit.mean(axis=1)
    return Canvas(
        audio,
        places,
        _even(len(boxes)),
        lambda gone: mute(audio, boxes[gone]),
        lambda side, heat: spread(side.boxes, heat, places * scale),
    )


def _video(video: Video, fill: Fill) -> Canvas:
    """Squares of the key frames; the sound stays, for it is no part of what is seen."""
    video = replace(video, frames=np.stack([smaller(frame) for frame in video.frames]))
    squares = _lattice(_FRAME_SQUARES, _FRAME_SQUARES)  # (s, 2, 2)
    shot = shots(video)  # (t, 2)
    times = np.repeat(shot, len(squares), axis=0)[:, :, None]  # (t · s, 2, 1)
    boxes = np.concatenate([times, np.tile(squares, (len(shot), 1, 1))], axis=2)
    scale = np.array([max(float(shot[-1, 1]), 1e-6), 1, 1], np.float32)
    erase = occluder(video, fill)
    places = boxes.mean(axis=1)

    def heats(side: Side, heat: Floats) -> Floats:
        seen = int(np.prod(side.grid)) if side.grid else len(heat)
        return spread(side.boxes[:seen], heat[:seen], places)

    return Canvas(video, places / scale, _even(len(boxes)), lambda gone: erase(boxes[gone]), heats)


def _mesh(mesh: Mesh, _: Fill) -> Canvas:
    corners = mesh.vertices[mesh.faces].astype(np.float64)  # (f, 3, 3)
    areas = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    places = (corners.mean(axis=1) - low) / max(float((high - low).max()), 1e-12)
    return Canvas(
        mesh,
        places.astype(np.float32),
        (areas / max(areas.sum(), 1e-12)).astype(np.float32),
        lambda gone: remove_faces(mesh, gone),
        faces_heat,
    )


_CANVASES: Mapping[Modality, Callable[[Any, Fill], Canvas]] = {
    Modality.TEXT: _text,
    Modality.IMAGE: _image,
    Modality.AUDIO: _audio,
    Modality.VIDEO: _video,
    Modality.MESH: _mesh,
}


def _lattice(rows: int, columns: int) -> Floats:
    """Boxes f32 (rows · columns, 2, 2) that tile the unit square, row by row."""
    y, x = (np.arange(n + 1) / max(n, 1) for n in (rows, columns))
    low = np.stack(np.meshgrid(y[:-1], x[:-1], indexing="ij"), axis=-1)
    high = np.stack(np.meshgrid(y[1:], x[1:], indexing="ij"), axis=-1)
    return np.stack([low, high], axis=2).reshape(-1, 2, 2).astype(np.float32)


def _even(count: int) -> Floats:
    return np.full(count, 1 / max(count, 1), np.float32)


def smaller(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Pixels u8 (H, W, 3) whose longer side is at most 448."""
    height, width = pixels.shape[:2]
    scale = _PICTURE / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    picture = PIL.Image.fromarray(pixels).resize(size, PIL.Image.Resampling.BOX)
    return np.asarray(picture)
