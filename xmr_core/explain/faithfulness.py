"""Is a heat map true? Take away what it points at, and see whether the match goes.

Deletion: the hottest pieces go first, a sixteenth at a time, and the score of the match is
measured anew each time; the smaller the area under the curve, the better the map. Insertion:
they are what comes first into a medium of which nothing is left; the larger, the better
(Petsiuk, Das and Saenko, "RISE", BMVC 2018). Neither needs anybody to have marked anything.

A curve means little by itself: a map that just points at the middle does well on
photographs, and any smooth map does better than scattered pieces. So maps are measured
beside a centred Gaussian and a smooth random map.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from xmr_core.errors import ExplanationError
from xmr_core.explain.canvas import Canvas, canvas_of
from xmr_core.explain.explanation import Explanation
from xmr_core.explain.occlusion import Bools, Fill
from xmr_core.media import Floats
from xmr_core.space import JointSpace, Role

Kind = Literal["deletion", "insertion"]
KINDS: tuple[Kind, ...] = ("deletion", "insertion")
STEPS = 16
_AT_ONCE = 16  # media that are encoded together: enough for a tower, little memory
_WAVES = 12  # of a smooth random map
_WAVELENGTH = 0.6  # of its shortest wave, in sides of the medium
_SPREAD = 0.25  # deviation of the centred Gaussian, in sides of the medium


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Scores while pieces go or come.

    Attributes:
        shares: f32 (s + 1,), how much has gone or come, 0…1.
        scores: f32 (s + 1,), raw cosines.
    """

    shares: Floats
    scores: Floats

    @property
    def area(self) -> float:
        """The mean score along the curve.

        >>> Curve(np.array([0, 1], np.float32), np.array([1, 0], np.float32)).area
        0.5
        """
        return float(np.trapezoid(self.scores, self.shares))


Curves = Mapping[Kind, Curve]
"""The curves of one heat map."""


def faithfulness(
    explanation: Explanation,
    space: JointSpace,
    side: Role = "gallery",
    *,
    fill: Fill = "blur",
    steps: int = STEPS,
    seed: int = 0,
) -> dict[str, Curves]:
    """Measure a heat map of an explanation, beside a centred and a smooth random one.

    Args:
        explanation: of a pair of media.
        space: that they were explained in.
        side: whose heat map, the query's or the hit's (``gallery``).
        fill: what takes the place of regions of pictures.
        steps: of the curves.
        seed: of the random map.

    Returns:
        ``map``, ``centre`` and ``random``.
    """
    one, other, heat = explanation.hit, explanation.query, explanation.hit_heat
    opposite: Role = "query"
    if side == "query":
        one, other, heat = other, one, explanation.query_heat
        opposite = "gallery"
    target = space.embed(other.modality, other.pooled[None], opposite)[0]  # (d,)
    canvas = canvas_of(one.media, fill)
    maps = {"map": canvas.spread(one, heat), **baselines(canvas, seed)}
    return curves(canvas, maps, target, space, side, steps=steps)


def baselines(canvas: Canvas, seed: int = 0) -> dict[str, Floats]:
    """The maps that every other one has to beat: ``centre`` and ``random``, f32 (c,)."""
    return {"centre": centred(canvas.places), "random": smooth_random(canvas.places, seed)}


def curves(
    canvas: Canvas,
    maps: Mapping[str, Floats],
    target: Floats,
    space: JointSpace,
    role: Role = "gallery",
    *,
    kinds: Sequence[Kind] = KINDS,
    steps: int = STEPS,
) -> dict[str, Curves]:
    """Curves of several heat maps of one medium, whose media are encoded together.

    Args:
        canvas: the medium in c pieces.
        maps: f32 (c,) each.
        target: unit f32 (d,), the other side of the match.
        space: that both are compared in.
        role: of the medium.
        kinds: which curves.
        steps: s.

    Raises:
        ExplanationError: a map that does not fit the canvas.
    """
    goes = {name: order(heat, canvas.sizes, steps) for name, heat in maps.items()}  # (c,) each
    nothing = np.ones(len(canvas.sizes), bool)
    gone: list[Bools] = [~nothing, nothing]
    for when in goes.values():
        for kind in kinds:
            first = [when < step for step in range(1, steps)]
            gone += first if kind == "deletion" else [~some for some in first]
    scores = _scores(canvas, gone, target, space, role)
    ends = {"deletion": (scores[0], scores[1]), "insertion": (scores[1], scores[0])}
    between = scores[2:].reshape(len(goes), len(kinds), steps - 1)
    measured: dict[str, Curves] = {}
    for (name, when), rows in zip(goes.items(), between, strict=True):
        shares = np.array([canvas.sizes[when < s].sum() for s in range(steps + 1)], np.float32)
        measured[name] = {
            kind: Curve(shares, np.array([ends[kind][0], *row, ends[kind][1]], np.float32))
            for kind, row in zip(kinds, rows, strict=True)
        }
    return measured


def order(heat: Floats, sizes: Floats, steps: int = STEPS) -> npt.NDArray[np.intp]:
    """In which step, 0 … steps − 1, each piece goes: the hottest first, equal shares a step.

    Args:
        heat: f32 (c,).
        sizes: f32 (c,), shares of the medium.
        steps: s.

    Raises:
        ExplanationError: the two do not fit.

    >>> order(np.array([0, 3, 1, 2], np.float32), np.full(4, 0.25, np.float32), 2).tolist()
    [1, 0, 1, 0]
    """
    if heat.shape != sizes.shape or not np.isfinite(heat).all():
        raise ExplanationError(
            f"A heat map of {heat.shape} is not one number for each of {sizes.shape} pieces.",
            "Please report this with the file and the profile.",
        )
    hottest = np.argsort(-heat, kind="stable")
    share = np.cumsum(sizes[hottest], dtype=np.float64) - sizes[hottest] / 2
    steps_in = np.empty(len(heat), np.intp)
    steps_in[hottest] = np.minimum((share * steps).astype(np.intp), steps - 1)
    return steps_in


def centred(places: Floats) -> Floats:
    """A Gaussian around the middle of the pieces' places f32 (c, a): f32 (c,).

    >>> [round(float(v), 3) for v in centred(np.array([[0.5], [0.0], [1.0]], np.float32))]
    [1.0, 0.135, 0.135]
    """
    middle = (places.min(axis=0) + places.max(axis=0)) / 2
    far = (((places - middle) / _SPREAD) ** 2).sum(axis=1)
    return np.asarray(np.exp(-far / 2), np.float32)


def smooth_random(places: Floats, seed: int = 0) -> Floats:
    """A sum of random waves at pieces f32 (c, a): f32 (c,), smooth and the same for a seed."""
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(_WAVES, places.shape[1]))
    directions *= rng.uniform(0.3, 1, (_WAVES, 1)) / np.linalg.norm(
        directions, axis=1, keepdims=True
    )
    phases = rng.uniform(0, 2 * np.pi, _WAVES)
    waves = np.sin(2 * np.pi / _WAVELENGTH * places @ directions.T + phases)  # (c, waves)
    return np.asarray(waves.sum(axis=1), np.float32)


def _scores(
    canvas: Canvas, gone: Sequence[Bools], target: Floats, space: JointSpace, role: Role
) -> Floats:
    """The score (n,) of the medium without each set of pieces."""
    scores: list[Floats] = []
    for start in range(0, len(gone), _AT_ONCE):
        some = [canvas.without(away) for away in gone[start : start + _AT_ONCE]]
        scores.append(space.encode(some, role) @ target)
    return np.concatenate(scores)
