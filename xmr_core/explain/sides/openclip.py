"""The media of OpenCLIP profiles in their parts: words, patches, patches of frames and views,
and sounds in the moments and bands of CLAP's map.

``features`` are the last layer's readings of the parts, unit vectors of CLIP's space; the
variant ``value`` holds those of the value path. CLIP's whole is no mean of its parts, so
that ``weights`` only say how much of the medium each part is. Models whose inside is not
known are left to the sources for any encoder, which show them parts by themselves.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from xmr_core.encoders import Encoder
from xmr_core.encoders.areas import coarser
from xmr_core.encoders.audio import BANDS
from xmr_core.encoders.clap import ClapEncoder
from xmr_core.encoders.mesh import MeshEncoder, view_weights
from xmr_core.encoders.openclip_encoders import OpenClipImage, OpenClipText
from xmr_core.encoders.video import VideoEncoder, shots
from xmr_core.errors import ExplanationError
from xmr_core.explain.explanation import VALUE, Side
from xmr_core.explain.sides.coarse import across
from xmr_core.explain.sides.image import places
from xmr_core.explain.sides.source import Source
from xmr_core.explain.sides.text import MOST, short
from xmr_core.indexing.labels import clock
from xmr_core.media import Audio, Floats, Image, Ints, Mesh, Modality, Text, Video
from xmr_core.render import render_views
from xmr_core.space import JointSpace, unit

VIEW = 224  # pixels of a mesh's view, as its encoder sees it
_MOST = 1600  # cells of all pictures of a medium together: more pictures have fewer each
_TOP = 22_050.0  # Hz, where the mel bands of boxes end
_BATCH = 8  # pictures whose full grids are held


def _text(text: Text, space: JointSpace) -> Side:
    encoder: Any = space.encoders[Modality.TEXT]
    words = encoder.local_words(text)
    if not len(words.tokens):
        raise ExplanationError(
            "This text has no words to point at.", "Type some words, or choose another item."
        )
    first = firsts(len(words.tokens))
    boxes = np.stack(
        [
            np.minimum.reduceat(words.boxes[:, 0], first),
            np.maximum.reduceat(words.boxes[:, 1], first),
        ],
        axis=1,
    )
    return Side(
        text,
        unit(np.add.reduceat(words.tokens, first)),
        _even(len(first)),
        encoder.encode([text])[0].pooled,
        boxes,
        tuple(short(text.text[int(low) : int(high)]) for low, high in boxes[:, :, 0]),
        (len(first),),
        {VALUE: unit(np.add.reduceat(words.values, first))},
    )


def firsts(words: int) -> Ints:
    """The first word of each part of a text: of long ones several words are one part.

    >>> firsts(3).tolist(), len(firsts(1000))
    ([0, 1, 2], 500)
    """
    return np.arange(0, words, max(1, -(-words // MOST)), dtype=np.int32)


def _image(image: Image, space: JointSpace) -> Side:
    encoder: Any = space.encoders[Modality.IMAGE]
    tokens, values, boxes = _cells([image], encoder)
    _, rows, columns, d = tokens.shape
    return Side(
        image,
        tokens.reshape(-1, d),
        _even(rows * columns),
        encoder.encode([image])[0].pooled,
        boxes[0],
        places(rows, columns),
        (rows, columns),
        {VALUE: values.reshape(-1, d)},
    )


def _mesh(mesh: Mesh, space: JointSpace) -> Side:
    encoder: Any = space.encoders[Modality.MESH]
    views = [Image(view) for view in render_views(mesh, VIEW)]
    tokens, values, boxes = _cells(views, encoder.image)
    count, rows, columns, d = tokens.shape
    cells = rows * columns
    whole = np.stack([view.pooled for view in encoder.image.encode(views)])  # (v, d)
    spans = np.arange(count, dtype=np.float32)[:, None] + np.array([0, 1], np.float32)
    return Side(
        mesh,
        tokens.reshape(-1, d),
        np.repeat(view_weights() / cells, cells).astype(np.float32),
        (view_weights() @ whole).astype(np.float32),
        _within(spans, boxes),
        tuple(f"view {i + 1}" for i in range(count) for _ in range(cells)),
        (count, rows, columns),
        {VALUE: values.reshape(-1, d)},
    )


def _audio(audio: Audio, space: JointSpace) -> Side:
    """Moments × bands of CLAP's map; nothing above the highest frequency that it hears."""
    from xmr_core.encoders.clapmap import clap_map

    encoder: Any = space.encoders[Modality.AUDIO]
    heard = clap_map(encoder, audio)
    moments, bands, m = heard.features.shape
    edges = band_of(heard.hertz)
    boxes = np.zeros((moments, bands, 2, 2), np.float32)
    boxes[..., 0] = heard.spans[:, None]
    boxes[..., 0, 1], boxes[..., 1, 1] = edges[:-1], edges[1:]
    names = [f"{a / 1000:.2g}–{b / 1000:.2g} kHz" for a, b in pairwise(heard.hertz)]
    return Side(
        audio,
        heard.features.reshape(-1, m),
        _even(moments * bands),
        encoder.encode([audio])[0].pooled,
        boxes.reshape(-1, 2, 2),
        tuple(f"{clock(low)}, {name}" for low in heard.spans[:, 0] for name in names),
        (moments, bands),
    )


def band_of(hertz: Floats) -> Floats:
    """Frequencies → places among the mel bands in which boxes of sounds are told.

    >>> band_of(np.array([0, 22_050, 30_000], np.float32)).tolist()
    [0.0, 96.0, 96.0]
    """
    mel = np.log1p(hertz / 700) / np.log1p(_TOP / 700)
    return np.asarray(BANDS * np.clip(mel, 0, 1), np.float32)


def _video(video: Video, space: JointSpace) -> Side:
    """Cells of the key frames, then the moments of the sound."""
    encoder: Any = space.encoders[Modality.VIDEO]
    heard, spans = _heard(video, encoder.audio)  # (s, m_audio), (s, 2)
    t = len(video.frames)
    tokens, values, boxes = _cells([Image(frame) for frame in video.frames], encoder.image)
    rows, columns, d = tokens.shape[1:]
    count = t * rows * columns

    def beside(seen: Floats) -> Floats:
        features = np.zeros((count + len(heard), encoder.dim), np.float32)
        features[:count, :d] = seen.reshape(count, d)
        features[count:, d:] = heard
        return features

    seconds = shots(video)  # (t, 2)
    labels = [clock(low) for low in seconds[:, 0] for _ in range(rows * columns)]
    labels += [f"sound {clock(low)}" for low in spans[:, 0]]
    return Side(
        video,
        beside(tokens),
        np.concatenate([_even(count), _even(len(heard))]),  # each half has a mean of its own
        encoder.encode([video])[0].pooled,
        np.concatenate([_within(seconds, boxes), across(spans[:, :, None], [1, 1])]),
        tuple(labels),
        (t, rows, columns),
        {VALUE: beside(values)},
    )


def _heard(video: Video, encoder: Encoder[Audio]) -> tuple[Floats, Floats]:
    """Moments of the sound of a video, all bands together: f32 (s, m) and seconds (s, 2)."""
    if video.sound is None or not isinstance(encoder, ClapEncoder):
        return np.zeros((0, encoder.dim), np.float32), np.zeros((0, 2), np.float32)
    from xmr_core.encoders.clapmap import clap_map

    heard = clap_map(encoder, video.sound)
    return unit(heard.features.mean(axis=1)), heard.spans


def _cells(images: Sequence[Image], encoder: OpenClipImage) -> tuple[Floats, Floats, Floats]:
    """Two readings f32 (n, g, h, d) of the cells of pictures of one size, and their boxes
    f32 (n, g · h, 2, 2)."""
    side = max(1, int(np.sqrt(_MOST / len(images))))
    tokens, values, boxes = [], [], []
    for start in range(0, len(images), _BATCH):
        for patches in encoder.patches(images[start : start + _BATCH]):
            tokens.append(coarser(patches.tokens[None], side))
            values.append(coarser(patches.values[None], side))
            boxes.append(_coarser_boxes(patches.boxes, patches.tokens.shape, tokens[-1].shape[1:]))
    return np.concatenate(tokens), np.concatenate(values), np.stack(boxes)


def _coarser_boxes(boxes: Floats, old: Sequence[int], new: Sequence[int]) -> Floats:
    """Boxes (g · h, 2, 2) of a lattice of ``old`` rows and columns, redrawn on the ``new``.

    >>> from xmr_core.explain.sides.windows import lattice
    >>> _coarser_boxes(lattice(2, 4), (2, 4), (1, 2)).tolist() == lattice(1, 2).tolist()
    True
    """
    old_boxes = boxes.reshape(old[0], old[1], 2, 2)
    edges = []
    for axis, line in enumerate((old_boxes[:, 0], old_boxes[0])):  # a column, a row
        known = np.append(line[:, 0, axis], line[-1, 1, axis])
        at = np.linspace(0, old[axis], new[axis] + 1)
        edges.append(np.interp(at, np.arange(old[axis] + 1), known))
    low = np.stack(np.meshgrid(edges[0][:-1], edges[1][:-1], indexing="ij"), axis=-1)
    high = np.stack(np.meshgrid(edges[0][1:], edges[1][1:], indexing="ij"), axis=-1)
    return np.stack([low, high], axis=2).reshape(-1, 2, 2).astype(np.float32)


def _within(spans: Floats, boxes: Floats) -> Floats:
    """Boxes (n, p, 2, 2) of frames or views that stand for spans (n, 2): (n · p, 2, 3)."""
    made = np.empty((*boxes.shape[:3], 3), np.float32)
    made[..., 0] = spans[:, None]
    made[..., 1:] = boxes
    return made.reshape(-1, 2, 3)


def _even(count: int) -> Floats:
    return np.full(count, 1 / max(count, 1), np.float32)


def _looks(encoder: Encoder[Any]) -> bool:
    """Whether a mesh's views or a video's frames go through a model whose patches are known."""
    if not isinstance(encoder, MeshEncoder | VideoEncoder):
        return False
    return isinstance(encoder.image, OpenClipImage) and encoder.image.has_patches


TEXT = Source(lambda encoder: isinstance(encoder, OpenClipText) and encoder.has_words, _text)
IMAGE = Source(lambda encoder: isinstance(encoder, OpenClipImage) and encoder.has_patches, _image)
AUDIO = Source(lambda encoder: isinstance(encoder, ClapEncoder), _audio)
VIDEO = Source(_looks, _video)
MESH = Source(_looks, _mesh)
