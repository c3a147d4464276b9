"""What the page Why shows of a medium besides its file: spectrogram, key frames, views, model."""

import base64
import io
from typing import Any

import numpy as np
import numpy.typing as npt
import PIL.Image

from xmr_core.encoders.audio import HOP, RATE, log_mel, prepare
from xmr_core.encoders.video import shots
from xmr_core.explain import Side
from xmr_core.explain.painting import finer
from xmr_core.glb import of_mesh
from xmr_core.media import Audio, Bytes, Floats, Mesh, Video
from xmr_core.render import faces_seen, render_views, view_angles
from xmr_core.ui.context import Plain
from xmr_core.ui.map_points import packed

_COLUMNS = 1200  # of a spectrogram; longer sounds have the loudest of each column
_FRAME = 360  # pixels of a key frame's longer side
_VIEW = 224
_LOOKS = 112  # pixels of a view in which it is looked which parts a face is of
_PARTS = 6  # that a face has at most: those that show most of it
_AROUND = 8  # faces that share what is seen of them
_REACH = 0.05  # of the model's longest side, between their middles
_QUALITY = 82
_AT_ONCE = 4000  # log-mel frames that are made together


def pictures(side: Side) -> Plain:
    """By medium: ``mel`` and ``seconds``; ``frames`` and ``shots``; ``views`` and ``model``."""
    media = side.media
    if isinstance(media, Audio):
        return {"mel": data_url(spectrogram(media), "PNG"), "seconds": round(media.seconds, 3)}
    if isinstance(media, Video):
        sound = media.sound
        return {
            "frames": [data_url(_smaller(frame)) for frame in media.frames],
            "shots": shots(media).round(3).tolist(),
            "seconds": round(float(shots(media)[-1, 1]), 3),
            "mel": None if sound is None else data_url(spectrogram(sound), "PNG"),
        }
    if isinstance(media, Mesh):
        return {
            "views": [data_url(view) for view in render_views(media, _VIEW)],
            "model": model(side),
        }
    return {}


def spectrogram(audio: Audio) -> Bytes:
    """The log-mel map that the encoder hears, low bands below: u8 (96, t)."""
    samples = prepare(audio)
    most = max(1, round(audio.seconds * RATE / HOP))  # short sounds are repeated to fill a window
    blocks = []
    for first in range(0, max(1, len(samples) // HOP - 1), _AT_ONCE):
        some = samples[first * HOP : (first + _AT_ONCE + 1) * HOP]
        if len(some) >= 2 * HOP:
            blocks.append(log_mel(some))
    rows: Floats = np.concatenate(blocks)[:most]  # (t, 96)
    if len(rows) > _COLUMNS:
        edges = np.linspace(0, len(rows), _COLUMNS + 1).astype(int)[:-1]
        rows = np.maximum.reduceat(rows, edges, axis=0)
    scaled = np.clip(rows / max(float(rows.max()), 1e-6), 0, 1) ** 0.8
    return np.ascontiguousarray((255 * scaled).astype(np.uint8).T[::-1])


def model(side: Side) -> Plain:
    """The model in fine faces, and which parts each is of: ``glb``, ``parts``, ``shares``.

    Heat is painted in the page, so that another method or a word that is pointed at costs no
    other model.
    """
    mesh = side.media
    assert isinstance(mesh, Mesh)  # noqa: S101 - the caller looked
    fine = finer(mesh)
    parts, shares = of_faces(fine, side)
    grey = np.rint(fine.colours @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)  # (f,)
    return {
        "glb": base64.b64encode(of_mesh(fine)).decode("ascii"),
        "faces": len(fine.faces),
        "parts": packed(parts),
        "shares": packed(shares),
        "grey": packed(grey),
        "most": _PARTS,
    }


def of_faces(mesh: Mesh, side: Side) -> tuple[npt.NDArray[np.int16], Bytes]:
    """Which parts each face is seen in, and how much of it: i16 and u8 (f, 6).

    Between the middles of cells a pixel belongs to all four around it. A face that few pixels
    fall on would be of what they happen to show, so faces that are near share their pixels; one
    that is seen nowhere has those of the nearest that is. Part -1 stands for none.
    """
    from scipy.sparse import csr_matrix

    seen = faces_seen(mesh, view_angles(), _LOOKS)  # (v, side, side)
    views, rows, columns = side.grid
    view, y, x = np.nonzero(seen >= 0)
    face = seen[view, y, x].astype(np.int64)
    keys, weights = [], []
    for corner_y, corner_x in ((0, 0), (0, 1), (1, 0), (1, 1)):
        row, share_y = _between(y, rows, corner_y)
        column, share_x = _between(x, columns, corner_x)
        part = (np.minimum(view, views - 1) * rows + row) * columns + column
        keys.append(face * side.count + part)
        weights.append(share_y * share_x)
    owner, part = np.divmod(np.concatenate(keys), side.count)
    size = (len(mesh.faces), side.count)
    shown = csr_matrix((np.concatenate(weights), (owner, part)), shape=size)
    total = (_around(mesh, np.bincount(face, minlength=size[0]) > 0) @ shown).tocoo()
    order = np.lexsort((-total.data, total.row))
    owner, part, total = total.row[order], total.col[order], total.data[order]
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)  # among those of its face
    kept = place < _PARTS
    parts = np.full((len(mesh.faces), _PARTS), -1, np.int16)
    shares = np.zeros((len(mesh.faces), _PARTS), np.float64)
    parts[owner[kept], place[kept]] = part[kept]
    shares[owner[kept], place[kept]] = total[kept]
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    return parts, np.rint(255 * shares).astype(np.uint8)


def _around(mesh: Mesh, seen: npt.NDArray[np.bool_]) -> Any:
    """Which seen faces each face shares pixels with, as a sparse table of ones (f, f)."""
    from scipy.sparse import csr_matrix
    from scipy.spatial import cKDTree

    count = len(seen)
    if not seen.any():
        return csr_matrix((count, count))
    middles = mesh.vertices[mesh.faces].mean(axis=1)  # (f, 3)
    most = min(_AROUND, int(seen.sum()))
    far, place = cKDTree(middles[seen]).query(middles, k=np.arange(1, most + 1))  # (f, most)
    near = far <= _REACH * float(np.ptp(mesh.vertices, axis=0).max())
    near[:, 0] = True  # the face itself, or the nearest that is seen
    rows = np.repeat(np.arange(count), near.sum(axis=1))
    columns = np.flatnonzero(seen)[place[near]]
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(count, count))


def _between(pixel: npt.NDArray[np.intp], cells: int, corner: int) -> tuple[Any, Any]:
    """The cell before (0) or after (1) each pixel, and its share by nearness."""
    at = (pixel + 0.5) / _LOOKS * cells - 0.5
    low = np.floor(at)
    share = at - low if corner else 1 - (at - low)
    return np.clip(low + corner, 0, cells - 1).astype(np.int64), share


def data_url(pixels: Bytes, kind: str = "JPEG") -> str:
    """A picture u8 (H, W) or (H, W, 3) that needs no address.

    >>> data_url(np.zeros((2, 2), np.uint8), "PNG")[:22]
    'data:image/png;base64,'
    """
    place = io.BytesIO()
    PIL.Image.fromarray(pixels).save(place, kind, quality=_QUALITY)
    text = base64.b64encode(place.getvalue()).decode("ascii")
    return f"data:image/{kind.lower()};base64,{text}"


def _smaller(pixels: Bytes) -> Bytes:
    picture = PIL.Image.fromarray(pixels)
    picture.thumbnail((_FRAME, _FRAME))
    return np.asarray(picture)
