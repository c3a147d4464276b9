"""Small media, and all of a library's content in a form to compare."""

import hashlib
import wave
from pathlib import Path

import numpy as np
import PIL.Image

from tests.fakes import fake_space
from xmr_core.catalogue import Catalogue
from xmr_core.indexing import index_run
from xmr_core.media import Modality

_COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}
_PITCHES = {"red": 200, "green": 1000, "blue": 3000}


def write_text(path, text="red"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def write_picture(path, colour="red", side=8):
    path.parent.mkdir(parents=True, exist_ok=True)
    PIL.Image.new("RGB", (side, side), _COLOURS[colour]).save(path)
    return path


def write_sound(path, colour="red", seconds=0.5):
    path.parent.mkdir(parents=True, exist_ok=True)
    t = np.arange(int(44_100 * seconds)) / 44_100
    samples = np.sin(2 * np.pi * _PITCHES[colour] * t) * 16_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def write_film(path, colour="red"):
    """An animated gif, which is a video."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = [PIL.Image.new("RGB", (16, 16), _COLOURS[colour]) for _ in range(4)]
    for i, frame in enumerate(frames):
        frame.putpixel((i, i), (0, 0, 0))
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=200, loop=0)
    return path


def write_solid(path, colour="red"):
    """A tetrahedron in ASCII PLY, with coloured corners."""
    path.parent.mkdir(parents=True, exist_ok=True)
    r, g, b = _COLOURS[colour]
    corners = ["0 0 0", "1 0 0", "0 1 0", "0 0 1"]
    faces = ["3 0 2 1", "3 0 1 3", "3 0 3 2", "3 1 2 3"]
    properties = [f"property float {axis}" for axis in "xyz"]
    properties += [f"property uchar {colour}" for colour in ("red", "green", "blue")]
    head = ["ply", "format ascii 1.0", "element vertex 4", *properties]
    head += ["element face 4", "property list uchar int vertex_indices", "end_header"]
    lines = [*head, *(f"{corner} {r} {g} {b}" for corner in corners), *faces]
    path.write_text("\n".join(lines) + "\n")
    return path


def fill(folder, n=12):
    """n texts, and pictures and sounds, in two folders; every content is different."""
    colours = sorted(_COLOURS)
    for i in range(n):
        write_text(folder / f"texts/{i:03}.txt", f"{colours[i % 3]} number {i}\n\nsecond part")
        write_picture(folder / f"pictures/{i:03}.png", colours[i % 3], side=8 + i)
    for i in range(max(1, n // 4)):
        write_sound(folder / f"pictures/{i:03}.wav", colours[i % 3], 0.3 + 0.1 * i)
    return folder


def run(catalogue, folder, space=None, **options):
    """An index run to its end; its last sign of life."""
    folders = [folder] if isinstance(folder, Path) else folder
    space = space or fake_space()
    thumbs = catalogue.path.parent / "thumbs"
    *_, last = index_run(catalogue, space, folders, thumbs=thumbs, **options)
    return last


def found(catalogue):
    """The paths of present items."""
    from xmr_core.filters import Filters

    return [item.path for item in catalogue.find(Filters(), limit=100_000)]


def content(catalogue: Catalogue):
    """All that a library knows, but for ids and times, in which two may differ."""
    items = {}
    for root in catalogue.roots():
        for path, known in catalogue.known(root.id, "", catalogue.meta("fingerprint")).items():
            item = catalogue.item(known.id)
            nos, joint = catalogue.item_vectors(known.id)
            thumb = catalogue.path.parent / "thumbs" / f"{known.id}.webp"
            items[path] = (
                (item.modality, item.size, item.hash, item.title, dict(item.facts)),
                (known.missing, known.current),
                (nos.tolist(), joint.tolist()),
                [(p.no, p.label, p.low, p.high, p.text) for p in catalogue.parts(known.id)],
                hashlib.sha256(thumb.read_bytes()).hexdigest(),
            )
    failures = {f.path: (f.kind, f.modality, f.reason, f.hint) for f in catalogue.failures()}
    rows = {m: len(catalogue.rows(m)) for m in Modality}
    return {"items": items, "failures": failures, "counts": catalogue.counts(), "rows": rows}
