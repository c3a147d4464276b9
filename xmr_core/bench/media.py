"""Media to measure with: made on the spot, the same each time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image

from xmr_core.media import Audio, Bytes

WIDTH, HEIGHT = 640, 480
RATE = 44_100
SENTENCES = (
    "a dog runs over a wet lawn after a red ball",
    "rain falls on the roof of a parked car",
    "an old clock strikes nine in an empty hall",
    "two children build a castle of sand near the sea",
    "a wooden chair beside a round table",
    "the rocket leaves the launch pad in a cloud of smoke",
    "coffee steams in a white cup on a saucer",
    "a crowd claps after the last piece of the concert",
)
_PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "rocket")  # in scikit-image's wheel, CC0 or PD


def photographs(n: int, seed: int = 0) -> list[Bytes]:
    """n different pictures u8 (480, 640, 3): crops of real photographs, some mirrored."""
    return list(_photographs(n, seed))


def _photographs(n: int, seed: int = 0) -> Iterator[Bytes]:
    """The same, one after the other: a thousand of them take a gigabyte."""
    import skimage.data

    rng = np.random.default_rng(seed)
    sources = [PIL.Image.fromarray(getattr(skimage.data, name)()) for name in _PHOTOGRAPHS]
    for i in range(n):
        source = sources[i % len(sources)]
        share = rng.uniform(0.5, 1.0)
        width = min(source.width, source.height * WIDTH / HEIGHT) * share
        height = width * HEIGHT / WIDTH
        left, top = rng.uniform(0, source.width - width), rng.uniform(0, source.height - height)
        box = (left, top, left + width, top + height)
        picture = source.resize((WIDTH, HEIGHT), PIL.Image.Resampling.BICUBIC, box)
        pixels = np.asarray(picture)
        yield pixels[:, ::-1] if rng.random() < 0.5 else pixels


def write_jpegs(folder: Path, n: int) -> list[Path]:
    """n JPEGs of 640 × 480 at quality 90."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for i, pixels in enumerate(_photographs(n)):
        paths.append(folder / f"{i:05d}.jpg")
        PIL.Image.fromarray(pixels).save(paths[-1], quality=90)
    return paths


def sound(seconds: float, seed: int = 0) -> Audio:
    """A chirp over noise that swells and fades, at 44.1 kHz."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * RATE)) / RATE
    chirp = np.sin(2 * np.pi * (300 + 80 * seed + 200 * np.sin(2 * np.pi * 0.7 * t)) * t)
    noise = rng.normal(0, 0.2, len(t)) * np.sin(np.pi * t / seconds) ** 2
    return Audio((0.5 * chirp + noise).astype(np.float32) / 2, RATE)


def write_sounds(folder: Path, n: int, seconds: float = 5.0) -> list[Path]:
    """n WAV files, 16 bit."""
    import soundfile

    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for i in range(n):
        paths.append(folder / f"{i:05d}.wav")
        soundfile.write(paths[-1], sound(seconds, i).samples, RATE, subtype="PCM_16")
    return paths


def write_videos(folder: Path, n: int, seconds: float = 4.0) -> list[Path]:
    """n silent H.264 clips of 320 × 240 at 12 frames a second, two shots each."""
    import av

    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for i in range(n):
        paths.append(folder / f"{i:05d}.mp4")
        shots = photographs(2, seed=i)
        with av.open(str(paths[-1]), "w") as container:
            stream = container.add_stream("libx264", rate=12)
            stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
            frames = int(seconds * 12)
            for f in range(frames):
                pixels = np.ascontiguousarray(np.roll(shots[2 * f // frames], 4 * f, 1)[::2, ::2])
                container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            container.mux(stream.encode())
    return paths


def write_meshes(folder: Path, n: int) -> list[Path]:
    """n GLB files: a capsule on a box, of changing proportions, about 2,000 faces."""
    import trimesh

    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    paths = []
    for i in range(n):
        width, depth, height = rng.uniform(0.5, 2.0, 3)
        box = trimesh.creation.box((width, depth, height))
        capsule = trimesh.creation.capsule(height=1.0, radius=0.3, count=(32, 32))
        capsule.apply_translation((0, 0, height))
        paths.append(folder / f"{i:05d}.glb")
        whole: Any = trimesh.util.concatenate([box, capsule])
        whole.export(paths[-1])
    return paths


def write_texts(folder: Path, n: int) -> list[Path]:
    """n different plain texts of about 60 words."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for i in range(n):
        words = " ".join(SENTENCES[(i + j) % len(SENTENCES)] for j in range(6))
        paths.append(folder / f"{i:05d}.txt")
        paths[-1].write_text(f"Note {i}. {words}.\n", "utf-8")
    return paths
