"""A pair of media taken apart, and what joins their parts.

Letters of shapes, here and in the rest of the package: p_q and p_h parts of the query
and of the hit, p of either; m features, d joint dimensions, a axes of a medium.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

import numpy as np

from xmr_core.errors import ExplanationError
from xmr_core.media import Floats, Media, Modality, media_bytes, modality_of

CLOSE = "close"  # the variant of parts that are encoded by themselves, closer than the whole
VALUE = "value"  # the variant of parts by the value path of the last attention
_AGAIN = "Please report this with the file and the profile."


@dataclass(frozen=True, slots=True, eq=False)
class Erased:
    """A medium without some of its places, again and again: what is left says what they meant.

    Attributes:
        features: f32 (k, m), the whole without them, as near as the encoder was run again.
        gone: f32 (k, p), how much of each part was taken away, 0…1.
    """

    features: Floats
    gone: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One medium in its fine parts: words, cells, seconds and bands, frames, views.

    Attributes:
        media: what was taken apart.
        features: f32 (p, m), each part in the encoder's own feature space, as its head
            takes them.
        weights: f32 (p,), the share of each part in the whole, summing to 1 (of a video's
            frames and of its sounds apart, whose features lie in columns apart); where the
            encoder pools by a mean, ``weights @ features`` is ``pooled``.
        pooled: f32 (m,), the whole, as the encoder gives it.
        boxes: f32 (p, 2, a), low and high corners in the medium's own axes: characters of
            a text; (y, x) in 0…1 of a picture; (seconds, mel bands) of a sound; (seconds, y, x)
            of a video; (view, y, x) of a mesh.
        labels: one a part, for people: a word, ``0:12``, ``view 3``.
        grid: the shape of the lattice on which the first ``prod(grid)`` parts lie, in C
            order, such as (rows, columns); empty where there is none. Parts after those
            (the sound of a video, say) stand by themselves.
        variants: other readings of the same parts by name, f32 (p, m) each, for methods
            that know them: ``value`` of a ViT's patches, ``close`` of parts seen by themselves.
        levels: f32 (p,) in 0…1, how loud each part of a sound is beside the loudest; None of
            media that are not heard, and where nobody measured it.
        erased: the medium without some of its places, where the encoder is quick enough.

    Raises:
        ExplanationError: no parts, or arrays that do not fit each other.

    >>> dot = np.eye(2, dtype=np.float32)
    >>> box = np.array([[[0], [1]], [[1], [2]]], np.float32)
    >>> from xmr_core.media import Text
    >>> Side(Text("ab"), dot, np.full(2, 0.5, np.float32), dot.mean(0), box, ("a", "b")).count
    2
    """

    media: Media
    features: Floats
    weights: Floats
    pooled: Floats
    boxes: Floats
    labels: tuple[str, ...]
    grid: tuple[int, ...] = ()
    variants: Mapping[str, Floats] = field(default_factory=dict)
    levels: Floats | None = None
    erased: Erased | None = None

    def __post_init__(self) -> None:
        p = len(self.features)
        if p == 0:
            raise ExplanationError(
                f"This {self.modality} has no parts to point at.",
                "Choose an item with words, sound or something to see.",
            )
        for name in ("features", "weights", "pooled", "boxes"):
            object.__setattr__(self, name, _finite(getattr(self, name), name))
        m = self.features.shape[-1]
        _fit("features", self.features, (p, m))
        _fit("weights", self.weights, (p,))
        _fit("pooled", self.pooled, (m,))
        _fit("boxes", self.boxes, (p, 2, self.boxes.shape[-1]))
        for name, rows in self.variants.items():
            _fit(name, rows, (p, m))
        if self.levels is not None:
            _fit("levels", self.levels, (p,))
        if self.erased is not None:
            k = len(self.erased.features)
            _fit("features without places", self.erased.features, (k, m))
            _fit("places taken away", self.erased.gone, (k, p))
        if len(self.labels) != p:
            raise ExplanationError(f"{p} parts have {len(self.labels)} labels.", _AGAIN)
        if self.grid and prod(self.grid) > p:
            raise ExplanationError(f"{p} parts do not fill a grid of {self.grid}.", _AGAIN)

    @property
    def modality(self) -> Modality:
        """The medium."""
        return modality_of(self.media)

    @property
    def count(self) -> int:
        """P, the number of parts."""
        return len(self.features)

    @property
    def kinds(self) -> tuple[slice, ...]:
        """Runs of parts that can be compared with each other: those on the lattice, and the rest.

        What is heard of a video is not told on the scale of what is seen: each has a share of
        the whole of its own.
        """
        seen = prod(self.grid) if self.grid else self.count
        if not 0 < seen < self.count:
            return (slice(0, self.count),)
        return slice(0, seen), slice(seen, self.count)

    @property
    def nbytes(self) -> int:
        """Bytes that the medium and the arrays of its parts take, for a bounded cache."""
        arrays = [self.features, self.boxes, self.weights, self.pooled, *self.variants.values()]
        if self.levels is not None:
            arrays.append(self.levels)
        if self.erased is not None:
            arrays += [self.erased.features, self.erased.gone]
        return media_bytes(self.media) + sum(a.nbytes for a in arrays)


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a hit answers a query, by one method.

    Attributes:
        query, hit: the two media in their parts.
        alignment: f32 (p_q, p_h), how much each part of the query and each part of the hit
            say the same. By the method ``gradient`` on affine heads over mean-pooled parts
            it sums to ``score``; otherwise it is a comparison, with no unit of its own.
        query_heat, hit_heat: f32 (p_q,) and (p_h,), how much each part speaks for the match;
            negative ones speak against it.
        method: its key in :data:`xmr_core.explain.methods.METHODS`.
        score: the raw cosine of the two wholes, −1…1.
        faithfulness: what was measured of the heat maps, by name, such as the area under
            the deletion curve; empty until it has been measured.

    Raises:
        ExplanationError: arrays that do not fit the two sides.
    """

    query: Side
    hit: Side
    alignment: Floats
    query_heat: Floats
    hit_heat: Floats
    method: str
    score: float
    faithfulness: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("alignment", "query_heat", "hit_heat"):
            object.__setattr__(self, name, _finite(getattr(self, name), name))
        _fit("alignment", self.alignment, (self.query.count, self.hit.count))
        _fit("query_heat", self.query_heat, (self.query.count,))
        _fit("hit_heat", self.hit_heat, (self.hit.count,))

    def turned(self) -> "Explanation":
        """The same pair with query and hit in each other's place."""
        return Explanation(
            self.hit,
            self.query,
            self.alignment.T,
            self.hit_heat,
            self.query_heat,
            self.method,
            self.score,
            self.faithfulness,
        )


def _finite(values: Floats, name: str) -> Floats:
    made = np.ascontiguousarray(values, np.float32)
    if not np.isfinite(made).all():
        raise ExplanationError(f"The {name} of an explanation are not finite.", _AGAIN)
    return made


def _fit(name: str, values: Floats, shape: tuple[int, ...]) -> None:
    if values.shape != shape:
        raise ExplanationError(
            f"The {name} of an explanation are {values.shape}, not {shape}.", _AGAIN
        )
