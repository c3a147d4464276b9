"""Taking something away from a medium: what would the match be without it?

Every function returns new media and leaves the old ones as they are. Boxes are those of
parts, low and high corners in the medium's own axes (see `Side`), so that whatever can be
pointed at can be taken away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import PIL.Image
import PIL.ImageFilter

from xmr_core.encoders.audio import BANDS
from xmr_core.encoders.video import shots
from xmr_core.errors import ExplanationError
from xmr_core.explain.muting import mute
from xmr_core.explain.views import faces_in, seen_from
from xmr_core.media import (
    Bytes,
    Floats,
    Image,
    Media,
    Mesh,
    Modality,
    Section,
    Text,
    Video,
    modality_of,
)

Fill = Literal["blur", "grey"]
Bools = npt.NDArray[np.bool_]

_BLUR = 1 / 12  # deviation of the blur, in longer sides of the picture: shapes are gone
_GREY = 127


@dataclass(frozen=True, slots=True)
class Change:
    """What taking something away did to a match.

    Attributes:
        score, score_after: raw cosines.
        rank, rank_after: of the hit among all items of its medium, 1 is the best.
    """

    score: float
    score_after: float
    rank: int
    rank_after: int

    @property
    def drop(self) -> float:
        """How much of the score went away; negative where the match became better.

        >>> round(Change(0.5, 0.2, 1, 4).drop, 6)
        0.3
        """
        return self.score - self.score_after


def change(query: tuple[Floats, Floats], hit: tuple[Floats, Floats], others: Floats) -> Change:
    """Compare a match before and after, among what else is in the library.

    Args:
        query: unit vectors f32 (d,) before and after; the same one twice if only the hit changed.
        hit: likewise.
        others: f32 (n, d), unit vectors of the other items that the hit is ranked with.

    >>> x, y = np.eye(2, dtype=np.float32)
    >>> change((x, y), (x, x), np.stack([y, y]))
    Change(score=1.0, score_after=0.0, rank=1, rank_after=3)
    """
    scores = [float(q @ h) for q, h in zip(query, hit, strict=True)]
    ranks = [
        1 + int(np.count_nonzero(others @ q > score))
        for q, score in zip(query, scores, strict=True)
    ]
    return Change(scores[0], scores[1], ranks[0], ranks[1])


def occlude(media: Media, boxes: Floats, fill: Fill = "blur") -> Media:
    """The medium without what lies in the boxes.

    Args:
        media: any.
        boxes: f32 (r, 2, a): characters of a text, (y, x) of a picture, (seconds, mel bands)
            of a sound, (seconds, y, x) of a video's frames, (view, y, x) of a mesh.
        fill: what takes the place of a region of a picture or a frame.

    Raises:
        ExplanationError: boxes of another medium, or not finite.
    """
    return occluder(media, fill)(boxes)


def occluder(media: Media, fill: Fill = "blur") -> Callable[[Floats], Media]:
    """The same for many sets of boxes: what all of them need is made once."""
    modality = modality_of(media)
    ready = _OCCLUDERS[modality](media, fill)
    axes = _AXES[modality]

    def without(boxes: Floats) -> Media:
        boxes = np.asarray(boxes, np.float32)
        if boxes.ndim != 3 or boxes.shape[1:] != (2, axes) or not np.isfinite(boxes).all():
            raise ExplanationError(
                f"Boxes of a {modality} have two corners of {axes} numbers.",
                "Choose a region of this item again.",
            )
        return ready(boxes)

    return without


def erase(image: Image, boxes: Floats, fill: Fill = "blur") -> Image:
    """A picture with boxes f32 (r, 2, 2) of (y, x) in 0…1 blurred or grey."""
    return _eraser(image, fill)(boxes)


def drop(text: Text, boxes: Floats) -> Text:
    """A text without the characters of boxes f32 (r, 2, 1); no gap of two spaces remains.

    >>> drop(Text("a red dog"), np.array([[[2], [5]]], np.float32)).text
    'a dog'
    """
    gone = np.zeros(len(text.text), bool)
    for low, high in boxes[:, :, 0]:
        start, end = max(round(float(low)), 0), max(round(float(high)), 0)
        gone[start:end] = True
    for i in np.flatnonzero(gone):
        after = i + 1
        if after < len(gone) and not gone[after] and text.text[after].isspace():
            before = np.flatnonzero(~gone[:after])
            if not len(before) or text.text[before[-1]].isspace():
                gone[after] = True
    moved = np.concatenate([[0], np.cumsum(~gone)])  # where each character is now
    sections = tuple(
        Section(int(moved[s.start]), int(moved[s.end]), s.label) for s in text.sections
    )
    left = "".join(c for c, away in zip(text.text, gone, strict=True) if not away)
    return replace(text, text=left, sections=sections)


def drop_stretch(video: Video, start: float, end: float) -> Video:
    """A video without the shots that lie for the greater part in start…end (seconds), muted there.

    Raises:
        ExplanationError: nothing to see would be left.
    """
    gone = _shots_in(video, np.array([[start, end]], np.float32))[0]
    if gone.all():
        raise ExplanationError(
            "Without this stretch nothing of the video would be left.", "Choose a shorter one."
        )
    whole = np.array([[[start, 0], [end, BANDS]]], np.float32)
    sound = mute(video.sound, whole) if video.sound is not None else None
    return replace(video, frames=video.frames[~gone], seconds=video.seconds[~gone], sound=sound)


def mute_video(video: Video, boxes: Floats) -> Video:
    """A video with boxes f32 (r, 2, 2) of (seconds, mel bands) of its sound muted."""
    return video if video.sound is None else replace(video, sound=mute(video.sound, boxes))


def remove_faces(mesh: Mesh, gone: Bools) -> Mesh:
    """A mesh without the faces of ``gone`` (f,); its size and place stay those of the whole.

    Where all go, one without any size stays: encoders take no empty mesh.
    """
    if gone.all():
        point = np.zeros((1, 3), mesh.faces.dtype)
        return replace(mesh, faces=point, colours=np.full((1, 3), 255, np.uint8))
    return replace(mesh, faces=mesh.faces[~gone], colours=mesh.colours[~gone])


def hide_view(mesh: Mesh, view: int) -> Mesh:
    """A mesh without the faces that are seen in one of the encoder's views.

    Raises:
        ExplanationError: there is no such view.
    """
    return remove_faces(mesh, seen_from(mesh, view))


def _eraser(image: Image, fill: Fill) -> Callable[[Floats], Image]:
    filled = _filled(image.pixels, fill)

    def without(boxes: Floats) -> Image:
        gone = _region(image.pixels.shape[:2], boxes)
        return replace(image, pixels=np.where(gone[:, :, None], filled, image.pixels))

    return without


def _frame_eraser(video: Video, fill: Fill) -> Callable[[Floats], Video]:
    filled = np.stack([_filled(frame, fill) for frame in video.frames])

    def without(boxes: Floats) -> Video:
        frames = video.frames.copy()
        inside = _shots_in(video, boxes[:, :, 0])  # (r, t)
        for t in np.flatnonzero(inside.any(axis=0)):
            gone = _region(frames.shape[1:3], boxes[inside[:, t], :, 1:])
            frames[t][gone] = filled[t][gone]
        return replace(video, frames=frames)

    return without


def _face_remover(mesh: Mesh, _fill: Fill) -> Callable[[Floats], Mesh]:
    return lambda boxes: remove_faces(mesh, faces_in(mesh, boxes))


_OCCLUDERS: Mapping[Modality, Callable[[Any, Fill], Callable[[Floats], Media]]] = {
    Modality.TEXT: lambda text, _: lambda boxes: drop(text, boxes),
    Modality.IMAGE: _eraser,
    Modality.AUDIO: lambda audio, _: lambda boxes: mute(audio, boxes),
    Modality.VIDEO: _frame_eraser,
    Modality.MESH: _face_remover,
}
_AXES = {
    Modality.TEXT: 1,
    Modality.IMAGE: 2,
    Modality.AUDIO: 2,
    Modality.VIDEO: 3,
    Modality.MESH: 3,
}


def _region(shape: tuple[int, ...], boxes: Floats) -> Bools:
    """Pixels (H, W) whose middles lie in boxes (r, 2, 2) of (y, x) in 0…1."""
    gone = np.zeros(shape, bool)
    sides = np.array(shape)
    for low, high in np.clip(np.rint(boxes * sides), 0, sides).astype(int):
        gone[low[0] : high[0], low[1] : high[1]] = True
    return gone


def _filled(pixels: Bytes, fill: Fill) -> Bytes:
    """What a picture u8 (H, W, 3) shows where it is erased."""
    if fill == "grey":
        return np.full_like(pixels, _GREY)
    blur = PIL.ImageFilter.GaussianBlur(_BLUR * max(pixels.shape[:2]))
    return np.asarray(PIL.Image.fromarray(pixels).filter(blur))


def _shots_in(video: Video, spans: Floats) -> Bools:
    """Which shots (t,) lie for the greater part in each of spans (r, 2) of seconds: (r, t)."""
    shot = shots(video).astype(np.float64)  # (t, 2)
    low = np.maximum(shot[:, 0], spans[:, 0, None])
    high = np.minimum(shot[:, 1], spans[:, 1, None])
    length = shot[:, 1] - shot[:, 0]
    # the last key frame of some videos is at their very end: it is in what holds its time
    instant = (length <= 0) & (spans[:, 0, None] <= shot[:, 0]) & (shot[:, 0] <= spans[:, 1, None])
    return np.asarray(((high - low > length / 2) & (length > 0)) | instant)
