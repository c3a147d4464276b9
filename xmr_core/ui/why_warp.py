"""Which moment of one sequence goes with which of another, for the page Why."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xmr_core.errors import ExplanationError
from xmr_core.explain import Side
from xmr_core.explain.warping import canonical_warp, cosine_distances, warp
from xmr_core.media import Floats, Ints, Modality
from xmr_core.space import JointSpace, Role
from xmr_core.ui.context import Plain
from xmr_core.ui.map_points import packed
from xmr_core.ui.why_parts import by_first_axis

VARIANTS = ("joint", "canonical")
_MOST = 600  # moments; of more, neighbours are joined
_IN_TIME = frozenset({Modality.AUDIO, Modality.VIDEO})


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A medium as moments in order.

    Attributes:
        features: f32 (n, m), as its encoder has them.
        joint: unit rows f32 (n, d) in the joint space.
        spans: f32 (n, 2): seconds, or characters of a text.
    """

    features: Floats
    joint: Floats
    spans: Floats


def may_warp(query: Side, hit: Side) -> bool:
    """Whether both run in time, or one does and the other is words in order; and neither is one
    moment alone, for there is no path through that."""
    several = all(
        len(np.unique(_moments(side, other.modality)[1])) > 1
        for side, other in ((query, hit), (hit, query))
    )
    return _in_time(query, hit) and several


def _in_time(query: Side, hit: Side) -> bool:
    media = {query.modality, hit.modality}
    return bool(media & _IN_TIME) and media <= _IN_TIME | {Modality.TEXT}


def warped(query: Side, hit: Side, space: JointSpace, variant: str) -> Plain:
    """The table of distances and the path of least cost through it.

    Args:
        query, hit: two sequences.
        space: that both are in.
        variant: ``joint`` compares moments in the joint space, ``canonical`` looks for the
            space in which the two go together best.

    Raises:
        ExplanationError: one of them is no sequence, or too short.
    """
    if not _in_time(query, hit):
        raise ExplanationError(
            "Only sounds, videos and texts run in time.", "Choose such a query and such a hit."
        )
    first = sequence(query, space, "query", hit.modality)
    second = sequence(hit, space, "gallery", query.modality)
    if len(first.joint) < 2 or len(second.joint) < 2:
        raise ExplanationError(
            "One of the two has a single moment, so there is no path to draw.",
            "Choose a longer sound, video or text.",
        )
    correlations: list[float] = []
    if variant == "canonical":
        try:
            found = canonical_warp(first.features, second.features)
        except ValueError as error:
            raise ExplanationError(
                "All moments of one of the two are alike, so no common space can be found.",
                "Look at the path in the joint space.",
            ) from error
        path = found.warp
        table = ((found.first[:, None] - found.second[None]) ** 2).sum(axis=2)
        correlations = [round(float(c), 4) for c in found.correlations]
    else:
        table = cosine_distances(first.joint, second.joint)
        path = warp(table)
    low, high = float(table.min()), float(table.max())
    levels = np.rint((table - low) * (255 / max(high - low, 1e-12))).astype(np.uint8)
    return {
        "rows": len(table),
        "columns": table.shape[1],
        "levels": packed(levels),
        "low": low,
        "high": high,
        "pairs": path.pairs.tolist(),
        "cost": round(path.cost, 5),
        "correlations": correlations,
        "query_spans": first.spans.round(3).tolist(),
        "hit_spans": second.spans.round(3).tolist(),
    }


def sequence(side: Side, space: JointSpace, role: Role, other: Modality) -> Sequence:
    """The moments of one side: of a video its frames, or its sound where the other is a sound."""
    chosen, groups = _moments(side, other)
    _, at = np.unique(groups, return_inverse=True)  # in order
    at = at * min(_MOST, int(at.max()) + 1) // (int(at.max()) + 1)
    counts = np.bincount(at).astype(np.float32)[:, None]
    features = np.zeros((len(counts), side.features.shape[1]), np.float32)
    np.add.at(features, at, side.features[chosen])
    features /= counts
    spans = np.stack([np.full(len(counts), np.inf), np.full(len(counts), -np.inf)], axis=1)
    np.minimum.at(spans[:, 0], at, side.boxes[chosen, 0, 0])
    np.maximum.at(spans[:, 1], at, side.boxes[chosen, 1, 0])
    joint = space.embed(side.modality, features, role)
    return Sequence(features, joint, spans.astype(np.float32))


def _moments(side: Side, other: Modality) -> tuple[npt.NDArray[np.bool_], Ints]:
    """Which parts (p,) a sequence is made of, and the moment of each of those."""
    groups = by_first_axis(side)
    chosen = np.ones(len(groups), bool)
    if side.modality is Modality.VIDEO:
        heard = groups >= (side.grid[0] if side.grid else 0)
        chosen = heard if other is Modality.AUDIO and heard.sum() > 1 else ~heard
    return chosen, groups[chosen]
