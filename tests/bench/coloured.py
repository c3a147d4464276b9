"""Things of four colours, and sides that tell them by colour: a game with known answers."""

from pathlib import Path

import numpy as np
import PIL.Image

from tests.fakes import DIM, PitchEncoder, WordEncoder, mixture
from xmr_core.bench.stock import Stock, Thing
from xmr_core.encoders.audio import BANDS
from xmr_core.encoders.video import shots
from xmr_core.explain.explanation import Explanation, Side
from xmr_core.explain.sides import Source
from xmr_core.media import Audio, Modality
from xmr_core.render import render_views, view_angles
from xmr_core.space import unit

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "nothing": (0, 0, 0)}
HERTZ = {"red": 200.0, "green": 800.0, "blue": 5000.0, "nothing": 0.0}
RATE = 44_100
GRID = 8  # cells along each side of a picture


def coloured(folder: Path) -> Stock:
    """One thing of each colour in each medium."""
    kinds = {
        "photographs": _picture,
        "pictures": _picture,
        "classes": _picture,
        "nouns": _picture,
        "sounds": _sound,
        "clips": _clip,
        "models": _model,
    }
    things = {}
    for kind, write in kinds.items():
        (folder / kind).mkdir(parents=True)
        things[kind] = [
            Thing(write(folder / kind / colour, colour), (colour,), colour) for colour in COLOURS
        ]
    return Stock(things)


def _picture(file, colour):
    path = file.with_suffix(".png")
    PIL.Image.fromarray(np.full((40, 60, 3), COLOURS[colour], np.uint8)).save(path)
    return path


def _sound(file, colour):
    import soundfile

    path = file.with_suffix(".wav")
    seconds = 2.0 + len(colour)  # not all alike
    t = np.arange(int(seconds * RATE)) / RATE
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * HERTZ[colour] * t), RATE, subtype="PCM_16")
    return path


def _clip(file, colour):
    import av

    path = file.with_suffix(".mp4")
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        shown = COLOURS[colour] if any(COLOURS[colour]) else (128, 128, 128)  # black is no scene
        frame = np.full((48, 64, 3), shown, np.uint8)
        for _ in range(20):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return path


def _model(file, colour):
    import trimesh

    path = file.with_suffix(".glb")
    ball = trimesh.creation.icosphere(2)
    ball.visual.face_colors = (*COLOURS[colour], 255)
    ball.export(path)
    return path


def sides() -> dict[Modality, tuple[Source, ...]]:
    """What stands in for ``SIDES`` with the fake encoders."""
    makers = {
        Modality.TEXT: _words,
        Modality.IMAGE: _cells,
        Modality.AUDIO: _seconds,
        Modality.VIDEO: _frames,
        Modality.MESH: _views,
    }
    return {modality: (Source(lambda _: True, make),) for modality, make in makers.items()}


def true(query: Side, hit: Side, space) -> Explanation:
    """Heat of parts by their colour: what a perfect method would say."""
    asked = unit(query.pooled[None, :DIM])[0]
    return _explained(query, hit, unit(hit.features[:, :DIM]) @ asked, "true")


def guess(query: Side, hit: Side, space, rng=np.random.default_rng(0)) -> Explanation:  # noqa: B008
    """Heat that knows nothing."""
    return _explained(query, hit, rng.normal(size=hit.count), "guess")


def _explained(query, hit, heat, name):
    alignment = np.tile(heat, (query.count, 1))
    return Explanation(query, hit, alignment, np.ones(query.count), heat, name, 0.0)


def _side(media, space, features, boxes, grid=()):
    features = np.array(features, np.float32)
    (whole,) = space.encoders[_modality(media)].encode([media])
    pooled = whole.pooled
    if features.shape[1] != len(pooled):
        features = np.pad(features, ((0, 0), (0, len(pooled) - features.shape[1])))
    weights = np.full(len(features), 1 / len(features), np.float32)
    labels = tuple(str(i) for i in range(len(features)))
    return Side(media, features, weights, pooled, np.array(boxes, np.float32), labels, grid)


def _modality(media):
    return Modality(type(media).__name__.lower())


def _words(text, space):
    counter = WordEncoder()
    spans, at = [], 0
    for word in text.text.split():
        at = text.text.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    features = [counter._count(text.text[low:high]) for low, high in spans]
    return _side(text, space, features, [[[low], [high]] for low, high in spans])


def _of(pixels):
    """The colour of pixels, however pale; grey is none."""
    mean = pixels.reshape(-1, 3).mean(axis=0) / 255
    colour = mean - mean.min()
    return mixture(np.where(colour > 0.1, colour, 0))


def _cells(image, space):
    rows = [np.array_split(row, GRID, axis=1) for row in np.array_split(image.pixels, GRID)]
    boxes = [
        [[y / GRID, x / GRID], [(y + 1) / GRID, (x + 1) / GRID]]
        for y in range(GRID)
        for x in range(GRID)
    ]
    return _side(image, space, [_of(cell) for row in rows for cell in row], boxes, (GRID, GRID))


def _seconds(audio: Audio, space):
    pitch = PitchEncoder()
    starts = range(0, len(audio.samples), audio.rate // 2)
    features = [pitch._pitch(audio.samples[at : at + audio.rate // 2], audio.rate) for at in starts]
    boxes = [[[at / audio.rate, 0], [at / audio.rate + 0.5, BANDS]] for at in starts]
    return _side(audio, space, features, boxes, (len(boxes), 1))


def _frames(video, space):
    boxes = [[[low, 0, 0], [high, 1, 1]] for low, high in shots(video)]
    return _side(video, space, [_of(f) for f in video.frames], boxes, (len(boxes), 1, 1))


def _views(mesh, space):
    """Cells of views; what shows nothing but white has no colour of any one kind."""
    views = render_views(mesh, 96)
    features, boxes = [], []
    for v, view in enumerate(views):
        for y, row in enumerate(np.array_split(view, GRID)):
            for x, cell in enumerate(np.array_split(row, GRID, axis=1)):
                shown = cell[(cell != 255).any(axis=2)]
                features.append(_of(shown) if len(shown) else mixture([1, 1, 1]))
                low = [v, y / GRID, x / GRID]
                boxes.append([low, [v + 1, (y + 1) / GRID, (x + 1) / GRID]])
    return _side(mesh, space, features, boxes, (len(view_angles()), GRID, GRID))
