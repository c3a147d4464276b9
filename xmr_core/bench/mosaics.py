"""Four media of one kind joined into one file, of which a heat map has to find one.

Pictures are laid two by two, everything else comes in a row. The files are then read as any
other, so that the game is played with all that lies between a file and its heat map.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image

from xmr_core.media import Audio, Bytes, Floats, Image, Mesh, Modality
from xmr_core.readers import read

PARTS = 4
SIDE = 448  # pixels of a mosaic of pictures
RATE = 44_100
_SECONDS = 3.0  # of each clip
_FPS = 8
_FRAME = (320, 240)
_SLOT = 1.25  # of a model, in its own longest sides: they must not touch


@dataclass(frozen=True, slots=True)
class Mosaic:
    """A file of four parts.

    Attributes:
        path: of the file.
        bounds: where parts 1, 2 and 3 begin, in 0…1 of its length; empty for the two-by-two.
    """

    path: Path
    bounds: tuple[float, ...] = ()

    def part(self, place: Floats) -> int:
        """In which part a place f32 (a,), in 0…1 along each axis, lies.

        >>> Mosaic(Path("a.png")).part(np.array([0.7, 0.2]))
        2
        >>> Mosaic(Path("a.wav"), (0.1, 0.4, 0.8)).part(np.array([0.5, 0.9]))
        2
        """
        if not self.bounds:
            return 2 * int(place[0] >= 0.5) + int(place[1] >= 0.5)
        return int(np.searchsorted(self.bounds, place[0], side="right"))


def join_pictures(paths: Sequence[Path], file: Path) -> Mosaic:
    """Two by two, each squashed to a quarter of 448 × 448."""
    half = SIDE // 2
    whole = np.zeros((SIDE, SIDE, 3), np.uint8)
    for i, path in enumerate(paths):
        picture = read(path)
        assert isinstance(picture, Image)  # noqa: S101 - our own stock
        small = PIL.Image.fromarray(picture.pixels).resize(
            (half, half), PIL.Image.Resampling.BICUBIC
        )
        y, x = half * (i // 2), half * (i % 2)
        whole[y : y + half, x : x + half] = np.asarray(small)
    file = file.with_suffix(".png")
    PIL.Image.fromarray(whole).save(file)
    return Mosaic(file)


def join_sounds(paths: Sequence[Path], file: Path) -> Mosaic:
    """One after the other, as long and as loud as they are."""
    import soundfile
    import soxr

    parts = []
    for path in paths:
        sound = read(path)
        assert isinstance(sound, Audio)  # noqa: S101 - our own stock
        same = sound.rate == RATE
        parts.append(sound.samples if same else soxr.resample(sound.samples, sound.rate, RATE))
    file = file.with_suffix(".wav")
    soundfile.write(file, np.concatenate(parts), RATE, subtype="PCM_16")
    return Mosaic(file, _bounds([len(part) for part in parts]))


def join_sentences(sentences: Sequence[str], file: Path) -> Mosaic:
    """One after the other, each with a capital letter and a full stop."""
    said = [f"{s[:1].upper()}{s[1:].rstrip(' .')}. " for s in sentences]
    file = file.with_suffix(".txt")
    file.write_text("".join(said).rstrip(), encoding="utf-8")
    lengths = [len(s) for s in said]
    lengths[-1] -= 1  # the space at the end
    return Mosaic(file, _bounds(lengths))


def join_clips(paths: Sequence[Path], file: Path) -> Mosaic:
    """The first three seconds of each, 320 × 240, eight frames a second, silent."""
    import av

    parts = [_frames(path) for path in paths]
    file = file.with_suffix(".mp4")
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=_FPS)
        stream.width, stream.height = _FRAME
        stream.pix_fmt = "yuv420p"
        for frame in (frame for part in parts for frame in part):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return Mosaic(file, _bounds([len(part) for part in parts]))


def join_models(paths: Sequence[Path], file: Path) -> Mosaic:
    """Side by side along x, each with a longest side of one."""
    import trimesh

    placed = []
    for i, path in enumerate(paths):
        mesh = read(path)
        assert isinstance(mesh, Mesh)  # noqa: S101 - our own stock
        low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
        middle, size = (low + high) / 2, float((high - low).max())
        vertices = (mesh.vertices - middle) / size + np.array([_SLOT * i, 0, 0])
        placed.append(
            trimesh.Trimesh(vertices, mesh.faces, face_colors=mesh.colours, process=False)
        )
    whole: Any = trimesh.util.concatenate(placed)
    file = file.with_suffix(".glb")
    whole.export(file)
    low_x = float(whole.bounds[0, 0])
    longest = float((whole.bounds[1] - whole.bounds[0]).max())  # a canvas's unit
    cuts = (_SLOT * (np.arange(1, PARTS) - 0.5) - low_x) / longest
    return Mosaic(file, tuple(float(cut) for cut in cuts))


JOINERS: Mapping[Modality, Callable[[Sequence[Any], Path], Mosaic]] = {
    Modality.TEXT: join_sentences,
    Modality.IMAGE: join_pictures,
    Modality.AUDIO: join_sounds,
    Modality.VIDEO: join_clips,
    Modality.MESH: join_models,
}
"""Medium → (four files, or four sentences; a path without suffix) → the file made."""


def _bounds(lengths: Sequence[int]) -> tuple[float, ...]:
    """Where all parts but the first begin, in 0…1.

    >>> _bounds([1, 1, 2, 4])
    (0.125, 0.25, 0.5)
    """
    ends = np.cumsum(lengths) / sum(lengths)
    return tuple(float(end) for end in ends[:-1])


def _frames(path: Path) -> list[Bytes]:
    """The first frames u8 (240, 320, 3) of a clip, eight a second; a short one is repeated."""
    import av

    wanted = int(_SECONDS * _FPS)
    frames: list[Bytes] = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if (frame.time or 0.0) * _FPS >= len(frames):
                small = frame.to_ndarray(format="rgb24", width=_FRAME[0], height=_FRAME[1])
                frames.append(np.asarray(small, np.uint8))
            if len(frames) == wanted:
                break
    return (frames * wanted)[:wanted]
