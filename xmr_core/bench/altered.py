"""What people do to copies of their media: smaller, cut, mirrored, in another format."""

import io
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageEnhance

from xmr_core.media import Audio, Bytes, Mesh
from xmr_core.readers import read

Picture = PIL.Image.Image


def _jpeg(picture: Picture, _: np.random.Generator) -> Picture:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=40)
    return PIL.Image.open(file).convert("RGB")


def _half(picture: Picture, _: np.random.Generator) -> Picture:
    return picture.resize((picture.width // 2, picture.height // 2))


def _cut(picture: Picture, rng: np.random.Generator) -> Picture:
    width, height = int(0.9 * picture.width), int(0.9 * picture.height)
    left = int(rng.integers(picture.width - width + 1))
    top = int(rng.integers(picture.height - height + 1))
    return picture.crop((left, top, left + width, top + height))


def _brighter(picture: Picture, _: np.random.Generator) -> Picture:
    return PIL.ImageEnhance.Brightness(picture).enhance(1.4)


def _darker(picture: Picture, _: np.random.Generator) -> Picture:
    return PIL.ImageEnhance.Brightness(picture).enhance(0.6)


def _mirrored(picture: Picture, _: np.random.Generator) -> Picture:
    return picture.transpose(PIL.Image.Transpose.FLIP_LEFT_RIGHT)


def _framed(picture: Picture, _: np.random.Generator) -> Picture:
    width, height = int(1.16 * picture.width), int(1.16 * picture.height)
    wide = PIL.Image.new("RGB", (width, height), (255, 255, 255))
    wide.paste(picture, (int(0.08 * picture.width), int(0.08 * picture.height)))
    return wide


def _marked(picture: Picture, _: np.random.Generator) -> Picture:
    copy, (w, h) = picture.copy(), picture.size
    draw = PIL.ImageDraw.Draw(copy)
    draw.rectangle([0.55 * w, 0.85 * h, 0.97 * w, 0.95 * h], fill=(255, 255, 255))
    draw.text((0.57 * w, 0.87 * h), "(c) somebody", fill=(0, 0, 0))
    return copy


PICTURES: Mapping[str, Callable[[Picture, np.random.Generator], Picture]] = {
    "JPEG at quality 40": _jpeg,
    "half as large": _half,
    "a tenth of both sides cut off": _cut,
    "brighter by 40%": _brighter,
    "darker by 40%": _darker,
    "mirrored": _mirrored,
    "with a border": _framed,
    "with an opaque mark": _marked,
}


def _piece(picture: Picture, rng: np.random.Generator) -> Picture:
    width, height = int(0.7 * picture.width), int(0.7 * picture.height)
    left = int(rng.integers(picture.width - width + 1))
    top = int(rng.integers(picture.height - height + 1))
    return picture.crop((left, top, left + width, top + height))


def _straightened(degrees: float) -> Callable[[Picture, np.random.Generator], Picture]:
    """Turned either way, and cut to the largest piece of the same form that lies inside."""

    def turn(picture: Picture, rng: np.random.Generator) -> Picture:
        way = 1 if rng.random() < 0.5 else -1
        turned = picture.rotate(way * degrees, PIL.Image.Resampling.BICUBIC)
        c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
        w, h = picture.size
        scale = 1 / max(c + h / w * s, c + w / h * s)
        x, y = w * (1 - scale) / 2, h * (1 - scale) / 2
        return turned.crop((round(x), round(y), round(w - x), round(h - y)))

    return turn


PIECES: Mapping[str, Callable[[Picture, np.random.Generator], Picture]] = {
    "cut to 70% of both sides": _piece,
    "turned by 5° and cut": _straightened(5),
    "turned by 10° and cut": _straightened(10),
}


def noisy(audio: Audio, _: Path) -> Audio:
    """Under white noise 20 dB below it."""
    noise = np.random.default_rng(0).normal(0, 0.1, len(audio.samples))
    loud = float(np.sqrt((audio.samples**2).mean()))
    return Audio((audio.samples + loud * noise).astype(np.float32), audio.rate)


def _middle(audio: Audio, _: Path) -> Audio:
    fifth = len(audio.samples) // 5
    return Audio(audio.samples[fifth:-fifth], audio.rate)


def mp3(audio: Audio, scratch: Path) -> Audio:
    """At 64 kbit a second."""
    import av

    path = scratch / "copy.mp3"
    with av.open(str(path), "w") as box:
        stream = box.add_stream("libmp3lame", rate=audio.rate, layout="mono")
        stream.bit_rate = 64_000
        frame = av.AudioFrame.from_ndarray(audio.samples[None], format="fltp", layout="mono")
        frame.sample_rate = audio.rate
        codec = stream.codec_context
        codec.open(strict=False)
        ready = av.AudioResampler(
            format=codec.format, layout="mono", rate=audio.rate, frame_size=codec.frame_size
        )
        for piece in (*ready.resample(frame), *ready.resample(None)):
            box.mux(stream.encode(piece))
        box.mux(stream.encode(None))
    return _heard(path)


def ogg(audio: Audio, scratch: Path) -> Audio:
    """As Vorbis of low quality, some 60 kbit a second."""
    import soundfile

    path = scratch / "copy.ogg"
    with soundfile.SoundFile(
        path, "w", audio.rate, 1, format="OGG", subtype="VORBIS", compression_level=0.8
    ) as file:
        for at in range(0, len(audio.samples), 4096):  # long pieces overflow its encoder's stack
            file.write(audio.samples[at : at + 4096])
    return _heard(path)


def _heard(path: Path) -> Audio:
    heard = read(path)
    if not isinstance(heard, Audio):
        raise TypeError(f"{path} is no sound")
    return heard


SOUNDS: Mapping[str, Callable[[Audio, Path], Audio]] = {
    "MP3 of 64 kbit/s": mp3,
    "Vorbis of some 60 kbit/s": ogg,
    "at a third of its loudness": lambda audio, _: Audio(audio.samples * 0.3, audio.rate),
    "under noise 20 dB below it": noisy,
    "without a fifth at both ends": _middle,
    "without its first second": lambda audio, _: Audio(audio.samples[audio.rate :], audio.rate),
}


def half_video(path: Path, target: Path) -> Path:
    """A video encoded again at half its size, without its sound."""
    import av

    with av.open(str(path)) as source, av.open(str(target), "w") as box:
        moving = source.streams.video[0]
        rate = Fraction(moving.average_rate or 25)
        stream = box.add_stream("mpeg4", rate=rate)
        stream.width, stream.height = moving.width // 4 * 2, moving.height // 4 * 2
        stream.pix_fmt, stream.bit_rate = "yuv420p", 300_000
        for number, frame in enumerate(source.decode(moving)):
            small = frame.reformat(stream.width, stream.height, "yuv420p")
            small.pts, small.time_base = number, 1 / rate
            box.mux(stream.encode(small))
        box.mux(stream.encode(None))
    return target


def turned(mesh: Mesh) -> Mesh:
    """Turned about the upright axis, larger, elsewhere."""
    c, s = np.cos(0.7), np.sin(0.7)
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]], np.float32)
    return Mesh((mesh.vertices @ turn.T * 3.3 + 5).astype(np.float32), mesh.faces, mesh.colours)


def tumbled(mesh: Mesh) -> Mesh:
    """Turned about no axis in particular, and smaller."""
    turn, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))
    turn *= np.linalg.det(turn)
    return Mesh((mesh.vertices @ turn.T * 0.4).astype(np.float32), mesh.faces, mesh.colours)


def decimated(mesh: Mesh) -> Mesh:
    """At most half the faces: corners that lie in one cell of a grid become one."""
    corners = mesh.vertices.astype(np.float64)
    low, side = corners.min(axis=0), float(np.ptp(corners, axis=0).max())
    made = mesh
    for cells in (400, 300, 200, 150, 100, 80, 60, 45, 32, 24):
        grid = np.floor((corners - low) / side * cells).astype(np.int64)
        _, cell = np.unique(grid, axis=0, return_inverse=True)
        cell = cell.ravel()
        count = np.bincount(cell)
        middle = np.stack([np.bincount(cell, corners[:, a]) / count for a in range(3)], axis=1)
        faces = cell[mesh.faces]
        whole = (np.diff(np.sort(faces, axis=1), axis=1) > 0).all(axis=1)
        made = Mesh(middle.astype(np.float32), faces[whole].astype(np.int32), mesh.colours[whole])
        if len(made.faces) <= len(mesh.faces) / 2:
            break
    return made


def converted(mesh: Mesh, scratch: Path) -> Mesh:
    """Written as OBJ, which has no colours here, and read again."""
    import trimesh

    path = scratch / "copy.obj"
    trimesh.Trimesh(mesh.vertices, mesh.faces, process=False).export(path)
    made = read(path)
    if not isinstance(made, Mesh):
        raise TypeError(f"{path} is no mesh")
    return made


def opened(path: Path) -> Picture:
    """A picture for altering."""
    return PIL.Image.open(path).convert("RGB")


def pixels(picture: Picture) -> Bytes:
    """Its pixels u8 (H, W, 3)."""
    return np.asarray(picture, np.uint8)
