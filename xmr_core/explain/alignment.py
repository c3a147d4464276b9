"""Vectors of parts in the joint space, and their alignment: parts against parts."""

from math import prod

import numpy as np

from xmr_core.explain.explanation import Explanation, Side
from xmr_core.media import Floats
from xmr_core.space import JointSpace, Role, along, unit

_NOTHING = 1e-6  # of a weight: less is left of a whole that had one part


def whole(side: Side, space: JointSpace, role: Role) -> Floats:
    """The unit vector f32 (d,) of a medium, as search compares it."""
    vector: Floats = space.embed(side.modality, side.pooled[None], role)[0]
    return vector


def parts(side: Side, space: JointSpace, role: Role, variant: str = "") -> Floats:
    """Unit vectors f32 (p, d): each part through the head as if it were a whole.

    Args:
        side: whose parts.
        space: its joint space.
        role: of the head.
        variant: another reading of the parts, taken where the side has it.
    """
    return space.embed(side.modality, side.variants.get(variant, side.features), role)


def shares(side: Side, space: JointSpace, role: Role) -> Floats:
    """What each part adds to the whole's unit vector, f32 (p, d).

    The head is replaced by its tangent at the mean of the parts; of an affine head that is
    the head itself. Part i adds its weight times the derivative along its features, and
    its share of what the tangent has at zero (the bias of an affine head), all over the
    length of the head at the mean. The shares sum to the mean's unit vector, whatever the
    head.
    """
    mean = side.weights @ side.features  # (m,)
    head = space.head(side.modality, role)
    row, grown = along(head, mean[None], side.features)  # (1, d), (p, d)
    grown = side.weights[:, None] * grown
    at_zero = row - grown.sum(axis=0)  # (1, d)
    even = side.weights[:, None] / side.weights.sum()
    length = float(np.linalg.norm(row)) or 1.0
    return np.asarray((grown + even * at_zero) / length, np.float32)


def losses(side: Side, space: JointSpace, role: Role) -> Floats:
    """What the whole's unit vector loses without each part, f32 (p, d).

    The part is left out of the mean of the parts; without its only part nothing is left.
    """
    mean = side.weights @ side.features
    rest = mean - side.weights[:, None] * side.features  # (p, m)
    on_grid = prod(side.grid) if side.grid else side.count
    for some in (slice(on_grid), slice(on_grid, None)):  # frames and sounds have means apart
        columns = side.features[some].any(axis=0)  # (m,)
        left = 1 - side.weights[some, None]  # (p, 1)
        scaled = np.where(left > _NOTHING, rest[some] / np.maximum(left, _NOTHING), 0)
        rest[some] = np.where(columns, scaled, rest[some])
    kept = space.embed(side.modality, rest, role) * np.any(rest, axis=1, keepdims=True)
    full = space.embed(side.modality, mean[None], role)
    return np.asarray(full - kept, np.float32)


def explained(
    query: Side,
    hit: Side,
    space: JointSpace,
    vectors: tuple[Floats, Floats],
    method: str,
) -> Explanation:
    """An explanation by vectors of parts: their products, and those with the other's whole.

    Args:
        query, hit: the two sides.
        space: their joint space.
        vectors: f32 (p_q, d) and (p_h, d).
        method: its name.
    """
    of_query, of_hit = vectors
    whole_query, whole_hit = whole(query, space, "query"), whole(hit, space, "gallery")
    return Explanation(
        query,
        hit,
        of_query @ of_hit.T,
        of_query @ whole_hit,
        of_hit @ whole_query,
        method,
        float(whole_query @ whole_hit),
    )


def attended(vectors: Floats, others: Floats, sharpness: float) -> tuple[Floats, Floats]:
    """Stacked cross-attention, one way: what each part attends to among the other's parts.

    Cosines below zero count as zero; they are scaled to length one over ``vectors`` for each
    of the ``others``, so that a part that is near to everything is not attended to by all.

    Args:
        vectors: unit rows f32 (…, p, d).
        others: unit rows f32 (…, o, d); rows of zeros stand for none.
        sharpness: of the softmax over the others.

    Returns:
        attention f32 (…, p, o), rows summing to 1; and the cosine f32 (…, p) of each part
        with the mean of the others that it attends to.
    """
    near = np.maximum(vectors @ np.swapaxes(others, -1, -2), 0)  # (…, p, o)
    near = near / np.maximum(np.linalg.norm(near, axis=-2, keepdims=True), 1e-8)
    raised = np.exp(sharpness * (near - near.max(axis=-1, keepdims=True)))
    attention = (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)
    cosines = np.einsum("...pd,...pd->...p", unit(attention @ others), vectors)
    return attention, np.asarray(cosines, np.float32)
