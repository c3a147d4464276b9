"""Photographs, sounds, shapes and texts, and what people make of them."""

import io

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageEnhance
import skimage.data

from xmr_core.media import Audio, Mesh

PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "rocket")
RATE = 44_100


def photograph(name):
    return PIL.Image.fromarray(getattr(skimage.data, name)())


def jpeg(picture, quality=40):
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return PIL.Image.open(file).convert("RGB")


def framed(picture):
    wide = PIL.Image.new("RGB", (picture.width + 80, picture.height + 60), (250, 250, 250))
    wide.paste(picture, (40, 30))
    return wide


def marked(picture):
    """With a half transparent note over a tenth of its height."""
    copy, (w, h) = picture.copy(), picture.size
    box = [0.55 * w, 0.86 * h, 0.97 * w, 0.95 * h]
    PIL.ImageDraw.Draw(copy).rectangle(box, fill=(255, 255, 255))
    return PIL.Image.blend(picture, copy, 0.5)


def cut(picture, share=0.9):
    w, h = picture.size
    left, top = round(w * (1 - share) * 0.7), round(h * (1 - share) * 0.3)
    return picture.crop((left, top, left + round(w * share), top + round(h * share)))


def half(picture):
    return picture.resize((picture.width // 2, picture.height // 2))


def bright(picture):
    return PIL.ImageEnhance.Brightness(picture).enhance(1.3)


def mirrored(picture):
    return picture.transpose(PIL.Image.Transpose.FLIP_LEFT_RIGHT)


def song(seed, seconds=4.0):
    """Notes of a random tune over a little noise."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(0.25 * RATE)) / RATE
    notes = []
    for _ in range(int(seconds / 0.25)):
        pitch = rng.uniform(250, 2500)
        tones = sum(np.sin(2 * np.pi * pitch * k * t) / k for k in (1, 2, 3))
        notes.append(tones * np.exp(-5 * t) * rng.uniform(0.4, 1))
    samples = np.concatenate(notes) * 0.25
    samples += rng.normal(0, 0.004, len(samples))
    return Audio(samples.astype(np.float32), RATE)


def shape(seed, detail=24):
    """A body whose radius follows random waves about the upright axis."""
    rng = np.random.default_rng(seed)
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 2 * detail), np.linspace(0.05, 3.09, detail))
    waves = sum(
        rng.uniform(0, 0.25) * np.cos(m * u + rng.uniform(0, 6)) * np.sin(n * v)
        for m in range(1, 4)
        for n in range(1, 4)
    )
    radius = 1 + waves
    points = np.stack(
        [
            radius * np.sin(v) * np.cos(u) * rng.uniform(0.4, 1.5),
            radius * np.cos(v) * rng.uniform(0.6, 2),
            radius * np.sin(v) * np.sin(u),
        ],
        axis=-1,
    ).reshape(-1, 3)
    wide = 2 * detail
    faces = []
    for i in range(detail - 1):
        for j in range(wide - 1):
            at = i * wide + j
            faces += [[at, at + 1, at + wide], [at + 1, at + wide + 1, at + wide]]
    faces = np.array(faces, np.int32)
    colours = np.full((len(faces), 3), 128, np.uint8)
    return Mesh(points.astype(np.float32), faces, colours)


def turned(mesh, angle=0.7):
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]], np.float32)
    return Mesh((mesh.vertices @ turn.T * 3 + 5).astype(np.float32), mesh.faces, mesh.colours)


STORY = """The lighthouse keeper climbed the ninety steps every evening to light the lamp,
and every evening the gulls watched him from the rail. In the winter of the great storm the
lamp went out twice, and twice he carried the oil up in the dark while the sea came over the
wall. The ships that passed that night never knew how close they had been to the rocks."""
