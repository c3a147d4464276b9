"""What a match becomes without a piece of the query or of the hit."""

import threading
from collections import OrderedDict
from collections.abc import Mapping

import numpy as np

from xmr_core.encoders.audio import BANDS
from xmr_core.encoders.video import shots
from xmr_core.errors import ExplanationError
from xmr_core.explain import Side
from xmr_core.explain.occlusion import (
    Change,
    change,
    drop_stretch,
    mute_video,
    occlude,
    remove_faces,
)
from xmr_core.explain.views import faces_in, seen_from
from xmr_core.library import Library
from xmr_core.media import Audio, Floats, Media, Mesh, Modality, Text, Video
from xmr_core.query import Features
from xmr_core.render import view_angles
from xmr_core.ui.why_pair import Pair

_NOTHING = ExplanationError(
    "Without that, nothing of it would be left.", "Put something back, and take less away."
)
_WHOLE = 0.999  # of a frame or a view
_FAINT = 1e-4  # of a sound's peak: 80 decibels below it nobody hears anything


class Rivals:
    """The vectors of the items that a hit is ranked with, of the libraries looked at last."""

    def __init__(self, most: int = 4) -> None:
        self._kept: OrderedDict[tuple[int, Modality], tuple[int, np.ndarray, Floats]] = (
            OrderedDict()
        )
        self._most = most
        self._lock = threading.Lock()

    def of(self, library: Library, modality: Modality, but: int) -> Floats:
        """Unit vectors f32 (n, d) of the other items of a medium, each as a whole."""
        key, generation = (library.identity, modality), library.catalogue.generation
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != generation:
                kept = (generation, *_wholes(library, modality))
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return np.asarray(kept[2][kept[1] != but], np.float32)


def _wholes(library: Library, modality: Modality) -> tuple[np.ndarray, Floats]:
    ids = [np.zeros(0, np.int64)]
    rows = [np.zeros((0, library.space.dim), np.float32)]
    for _, items, nos, joint in library.catalogue.vectors(modality):
        ids.append(items[nos == 0])
        rows.append(joint[nos == 0])
    return np.concatenate(ids), np.concatenate(rows)


def changed(
    pair: Pair, taken: Mapping[str, tuple[Floats, Floats]], rivals: Rivals
) -> tuple[Change, int]:
    """The change, and among how many items the ranks are.

    Args:
        pair: of query and hit.
        taken: by side, boxes (r, 2, a) and spans (r, 2) of a video's sound.
        rivals: of the hit.

    Raises:
        ExplanationError: nothing would be left.
    """
    space, library = pair.library.space, pair.library
    asked, found = pair.side("query"), pair.side("hit")
    whole = Features(asked.modality, asked.pooled, space.encoders[asked.modality].fingerprint)
    before = library.searcher.vector(pair.engine_terms(whole))[0]  # (d,)
    after = before
    if "query" in taken:
        after = library.searcher.vector(pair.engine_terms(without(asked, *taken["query"])))[0]
    hit = space.embed(found.modality, found.pooled[None], "gallery")[0]
    hit_after = hit
    if "hit" in taken:
        hit_after = space.encode([without(found, *taken["hit"])], "gallery")[0]
    others = rivals.of(library, found.modality, pair.item.id)
    return change((before, after), (hit, hit_after), others), len(others) + 1


def without(side: Side, boxes: Floats, sounds: Floats) -> Media:
    """A medium without what lies in boxes f32 (r, 2, a) and without stretches of its sound (s, 2).

    Whole frames of a video go with their moment, whole views of a mesh with all that is seen in
    them. What nobody hears or sees is nothing, though an encoder makes something of it.

    Raises:
        ExplanationError: nothing would be left.
    """
    media = side.media
    if isinstance(media, Video):
        return _video(media, boxes, sounds)
    if isinstance(media, Mesh):
        return _mesh(media, boxes)
    left = occlude(media, boxes)
    if isinstance(left, Text) and not any(c.isalnum() for c in left.text):
        raise _NOTHING
    if isinstance(media, Audio) and isinstance(left, Audio) and _is_silent(left, media):
        raise _NOTHING
    return left


def _is_silent(left: Audio, before: Audio) -> bool:
    """Whether nothing is heard any more of a sound of which something was taken away."""
    peak, former = (np.abs(sound.samples).max(initial=0) for sound in (left, before))
    return left is not before and bool(peak <= _FAINT * former)


def _video(video: Video, boxes: Floats, sounds: Floats) -> Video:
    whole = _whole(boxes)
    left: Media = occlude(video, boxes[~whole]) if (~whole).any() else video
    assert isinstance(left, Video)  # noqa: S101 - what goes in comes out
    if len(sounds):
        bands = np.zeros((len(sounds), 2, 2), np.float32)
        bands[:, :, 0] = sounds
        bands[:, 1, 1] = BANDS
        left = mute_video(left, bands)
    spans = boxes[whole][:, :, 0]  # (w, 2)
    inside = _inside(shots(video), spans)
    if inside.all():
        raise _NOTHING
    # from the end, so that the moments before stay where they are
    for start, end in sorted(spans.tolist(), reverse=True):
        left = drop_stretch(left, start, end)
    return left


def _inside(moments: Floats, spans: Floats) -> np.ndarray:
    middles = moments.mean(axis=1)[:, None]
    return np.asarray(((middles >= spans[:, 0]) & (middles <= spans[:, 1])).any(axis=1))


def _mesh(mesh: Mesh, boxes: Floats) -> Mesh:
    whole = _whole(boxes)
    gone = faces_in(mesh, boxes[~whole])
    # seen in the model as it is: what lay behind is not to go one layer after the other
    for view in sorted({int(box[0, 0]) for box in boxes[whole]}):
        gone |= seen_from(mesh, view)
    if gone.any():
        shown = np.logical_or.reduce([seen_from(mesh, view) for view in range(len(view_angles()))])
        if not (shown & ~gone).any():
            raise _NOTHING
    return remove_faces(mesh, gone)


def _whole(boxes: Floats) -> np.ndarray:
    """Which boxes f32 (r, 2, 3) reach over a whole picture: bool (r,)."""
    sides = boxes[:, 1, 1:] - boxes[:, 0, 1:]
    return np.asarray((sides >= _WHOLE).all(axis=1))
