"""Near-duplicates: how many altered copies are found, how many pairs are none, how fast.

Media come from the folder ``XMR_DATA`` where there is one (Flickr8k's pictures, animals'
sounds, furniture, clips), and from the demo library.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.signal import fftconvolve

from xmr_core.bench import altered
from xmr_core.bench.explain import wilson
from xmr_core.bench.report import Figure
from xmr_core.demo import make
from xmr_core.demo.library import media_dir
from xmr_core.duplicates import Pair, close, films, pictures, shapes, sounds, wide
from xmr_core.errors import MediaError
from xmr_core.media import Audio, Bytes, Floats, Image, Media, Mesh, Modality, Video
from xmr_core.profiles import load_profile
from xmr_core.readers import read

_COPIES = 500  # pictures and sounds that are altered
_MANY = 100_000
_FAR = 1 << 30  # what is added to the number of a thing for that of its copy
_DETAILED = 2000  # faces of a mesh that can lose half of them
_LONG = 2.0  # seconds of a sound that can lose one

_RECALL = {
    "with an opaque mark": 92.0,
    "under noise 20 dB below it": 90.0,
    "without a fifth at both ends": 85.0,
    "cut to 70% of both sides": 75.0,
    "half its faces": 80.0,
    "encoded again at half its size": 85.0,
}
_USUAL = 97.0


def bench_duplicates(copies: int = _COPIES, many: int = _MANY) -> Iterator[Figure]:
    """Recall by alteration, pairs among what should be distinct, and speed.

    Args:
        copies: pictures and sounds that are altered.
        many: prints of pictures that are compared for the time it takes.
    """
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        files = _files()
        raw: dict[int, list[bytes]] = {}
        yield from _pictures(files["pictures"], copies, raw)
        yield from _pieces(files["pictures"], raw, max(copies // 5, 1))
        yield from _sounds(files["sounds"], copies, place)
        yield from _meshes(files["meshes"], place)
        yield from _videos(files["videos"], place)
        yield from _crowd(raw, many)


def _files() -> dict[str, list[Path]]:
    make(media_dir())
    demo = sorted(p for p in media_dir().rglob("*") if p.is_file())
    data = Path(os.environ["XMR_DATA"]) if os.environ.get("XMR_DATA") else None

    def of(folder: str, suffixes: Sequence[str], both: bool = False) -> list[Path]:
        here = data / folder if data else None
        own = [p for p in demo if p.suffix in suffixes]
        if here is None or not here.is_dir():
            return own
        return sorted(p for p in here.rglob("*") if p.suffix in suffixes) + (own if both else [])

    return {
        "pictures": of("flickr8k/images", (".jpg", ".png", ".webp")),
        "sounds": of("animal_sounds", (".ogg", ".wav", ".flac")),
        "meshes": of("meshes", (".glb", ".obj", ".stl", ".ply")),
        "videos": of("videos", (".mp4", ".webm"), both=True),
    }


def _pictures(files: Sequence[Path], copies: int, raw: dict[int, list[bytes]]) -> Iterator[Figure]:
    """Fills ``raw`` with the prints."""
    rng = np.random.default_rng(0)
    started = time.perf_counter()
    for i, image in _read(files):
        if isinstance(image, Image):
            raw[i] = [pictures.print_of(image.pixels)]
    yield _speed("pictures", len(raw), started)
    yield from _distinct("pictures", len(raw), pictures.pairs(raw), most=10.0)
    chosen = rng.choice(list(raw), min(copies, len(raw)), replace=False).tolist()
    for name, alter in altered.PICTURES.items():
        made = {
            i: pictures.print_of(altered.pixels(alter(altered.opened(files[i]), rng)))
            for i in chosen
        }
        yield _recall("pictures", name, raw, made, pictures.pairs)


def _pieces(
    files: Sequence[Path], raw: Mapping[int, Sequence[bytes]], copies: int
) -> Iterator[Figure]:
    """What only vectors lead to: pieces of pictures, and pictures turned a little."""
    rng = np.random.default_rng(2)
    chosen = sorted(rng.choice(list(raw), min(copies, len(raw)), replace=False).tolist())
    space = load_profile("embedded")
    encoder = space.encoders[Modality.IMAGE]

    def placed(pictured: Sequence[Bytes]) -> Floats:
        told = [encoder.encode([Image(pixels)])[0].pooled for pixels in pictured]
        return space.embed(Modality.IMAGE, np.stack(told))

    opened = {i: altered.opened(files[i]) for i in chosen}
    whole = placed([altered.pixels(one) for one in opened.values()])
    for name, alter in altered.PIECES.items():
        made = {i: altered.pixels(alter(one, rng)) for i, one in opened.items()}
        vectors = np.concatenate([whole, placed(list(made.values()))])
        ids = np.array([*chosen, *(i + _FAR for i in chosen)])
        near = close(ids, vectors)

        def alike(
            prints: Mapping[int, Sequence[bytes]], near: list[tuple[int, int]] = near
        ) -> list[Pair]:
            return list({*pictures.pairs(prints), *wide.pairs(prints, near)})

        printed = {i: pictures.print_of(pixels) for i, pixels in made.items()}
        yield _recall("pictures", name, raw, printed, alike)


def _sounds(files: Sequence[Path], copies: int, place: Path) -> Iterator[Figure]:
    rng = np.random.default_rng(0)
    started = time.perf_counter()
    heard = {i: sound for i, sound in _read(files) if isinstance(sound, Audio)}
    raw = {i: [sounds.print_of(sound)] for i, sound in heard.items()}
    yield _speed("sounds", len(raw), started)
    found = sounds.pairs(raw)
    yield Figure(f"pairs among {len(raw):,} sounds", len(found), "pairs")
    same = [_waveforms_agree(heard[pair.first], heard[pair.second]) for pair in found]
    if same:
        share, interval = 100 * float(np.mean(same)), wilson(sum(same), len(same))
        name = "of those, the same recording by its waveform"
        yield Figure(name, share, "%", bar=85.0, interval=interval)
    chosen = rng.choice(list(raw), min(copies, len(raw)), replace=False).tolist()
    for name, alter in altered.SOUNDS.items():
        shortest = _LONG if "second" in name else 0.0
        made = {
            i: sounds.print_of(alter(heard[i], place))
            for i in chosen
            if heard[i].seconds >= shortest
        }
        yield _recall("sounds", name, raw, made, sounds.pairs)


def _meshes(files: Sequence[Path], place: Path) -> Iterator[Figure]:
    started = time.perf_counter()
    meshes = {i: mesh for i, mesh in _read(files) if isinstance(mesh, Mesh)}
    raw = {i: [shapes.print_of(mesh)] for i, mesh in meshes.items()}
    yield _speed("3D models", len(raw), started)
    yield Figure(f"pairs among {len(raw):,} 3D models", len(shapes.pairs(raw)), "pairs")
    alterations: dict[str, Callable[[Mesh], Mesh]] = {
        "turned and scaled": altered.turned,
        "turned freely": altered.tumbled,
        "as OBJ": lambda mesh: altered.converted(mesh, place),
        "half its faces": altered.decimated,
    }
    for name, alter in alterations.items():
        least = _DETAILED if "half" in name else 0
        made = {
            i: shapes.print_of(alter(mesh))
            for i, mesh in meshes.items()
            if len(mesh.faces) >= least
        }
        yield _recall("3D models", name, raw, made, shapes.pairs)


def _videos(files: Sequence[Path], place: Path) -> Iterator[Figure]:
    started = time.perf_counter()
    raw = {}
    for i, film in _read(files):
        if isinstance(film, Video):
            raw[i] = [films.print_of(*films.frames_of(files[i], film))]
    yield _speed("videos", len(raw), started)

    def alike(prints: Mapping[int, Sequence[bytes]]) -> list[Pair]:
        return films.pairs(prints, {})

    yield from _distinct("videos", len(raw), alike(raw), most=0.0)
    made = {}
    for i in raw:
        path = altered.half_video(files[i], place / "half.mp4")
        small = read(path)
        if isinstance(small, Video):
            made[i] = films.print_of(*films.frames_of(path, small))
    yield _recall("videos", "encoded again at half its size", raw, made, alike)


def _crowd(raw: Mapping[int, Sequence[bytes]], many: int) -> Iterator[Figure]:
    """Time of comparing very many prints, each a mixture of two real ones."""
    rng = np.random.default_rng(1)
    real = pictures.unpacked([one for found in raw.values() for one in found])
    mixed = {}
    for i in range(many):
        one, other = real[rng.integers(len(real), size=2)]
        share = rng.uniform(0.3, 0.7)
        other = other[::-1] if rng.random() < 0.5 else other.T
        mixed[i] = [(share * one + (1 - share) * other).astype(np.uint8).tobytes()]
    started = time.perf_counter()
    found = pictures.pairs(mixed)
    took = time.perf_counter() - started
    yield Figure(f"comparing {many:,} prints of pictures", took, "s", bar=600.0, better="less")
    yield Figure(f"pairs among {many:,} mixtures of pictures", len(found), "pairs")


def _read(files: Sequence[Path]) -> Iterator[tuple[int, Media]]:
    for number, path in enumerate(files):
        try:
            yield number, read(path)
        except MediaError:
            continue


def _speed(what: str, count: int, started: float) -> Figure:
    took = time.perf_counter() - started
    return Figure(f"reading and printing 1,000 {what}", 1000 * took / max(count, 1), "s")


def _distinct(what: str, count: int, found: Sequence[Pair], most: float) -> Iterator[Figure]:
    name = f"pairs among {count:,} {what} that should be distinct"
    yield Figure(name, len(found), "pairs", bar=most, better="less")


def _recall(
    what: str,
    name: str,
    raw: Mapping[int, Sequence[bytes]],
    made: Mapping[int, bytes],
    alike: Callable[[Mapping[int, Sequence[bytes]]], list[Pair]],
) -> Figure:
    """How many copies are found to be alike to what they were made of."""
    prints = {i: raw[i] for i in made} | {i + _FAR: [one] for i, one in made.items()}
    found = len({pair.first for pair in alike(prints) if pair.second == pair.first + _FAR})
    bar = _RECALL.get(name, _USUAL)
    share, interval = 100 * found / max(len(made), 1), wilson(found, len(made))
    return Figure(f"{what} found again: {name}", share, "%", bar, interval=interval)


def _waveforms_agree(one: Audio, other: Audio) -> bool:
    """Whether the waveforms of two sounds correlate by more than 0.6 at some delay."""
    a, b = one.samples[::4], other.samples[::4]
    told = np.abs(fftconvolve(a, b[::-1]))
    late = int(told.argmax()) - (len(b) - 1)
    start, end = max(0, late), min(len(a), len(b) + late)
    x, y = a[start:end], b[start - late : end - late]
    length = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return bool(abs(float((x * y).sum())) > 0.6 * max(length, 1e-9))
