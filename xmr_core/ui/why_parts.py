"""Explanations as a page draws them: parts, heat and alignment in columns of numbers."""

from math import prod

import numpy as np

from xmr_core.explain import Explanation, Side
from xmr_core.media import Floats, Ints, Text
from xmr_core.ui.context import Plain
from xmr_core.ui.map_points import packed

MOST_PAIRS = 1_000_000  # numbers of an alignment that travel; of more, parts are joined


def explanation(told: Explanation, bare: bool) -> Plain:
    """An explanation in plain form.

    Args:
        told: what is shown.
        bare: leave out what does not depend on the method: the parts.
    """
    of_query, of_hit, table = joined(told)
    levels = np.zeros(table.shape, np.uint8)
    lows: list[list[float]] = []
    highs: list[list[float]] = []
    for line in blocks(told, of_query, of_hit):
        limits = [(float(table[block].min()), float(table[block].max())) for block in line]
        for block, (low, high) in zip(line, limits, strict=True):
            levels[block] = np.rint((table[block] - low) * (255 / max(high - low, 1e-12)))
        lows.append([low for low, _ in limits])
        highs.append([high for _, high in limits])
    plain: Plain = {
        "method": told.method,
        "score": round(told.score, 5),
        "query_heat": packed(told.query_heat),
        "hit_heat": packed(told.hit_heat),
        "alignment": {
            "levels": packed(levels),
            "low": lows,
            "high": highs,
            "rows": len(table),
            "columns": table.shape[1],
        },
    }
    if not bare:
        plain["query"] = side(told.query, of_query)
        plain["hit"] = side(told.hit, of_hit)
    return plain


def side(one: Side, groups: Ints) -> Plain:
    """A medium's parts in plain form; ``groups`` i32 (p,) are the rows of the alignment."""
    return {
        "modality": one.modality.value,
        "count": one.count,
        "grid": list(one.grid),
        "axes": one.boxes.shape[2],
        "boxes": packed(one.boxes),
        "labels": list(one.labels),
        "groups": packed(groups),
        "text": one.media.text if isinstance(one.media, Text) else "",
        "read": round(read(one), 4),
    }


def read(side: Side) -> float:
    """The share of a text's letters that its parts hold: encoders read only places of whole books.

    Of other media all of it is looked at.
    """
    if not isinstance(side.media, Text):
        return 1.0
    letters = np.fromiter((c.isalnum() for c in side.media.text), bool, len(side.media.text))
    covered = np.zeros(len(letters) + 1, np.int32)
    np.add.at(covered, side.boxes[:, 0, 0].astype(int), 1)
    np.add.at(covered, side.boxes[:, 1, 0].astype(int), -1)
    inside = covered.cumsum()[:-1] > 0
    return float((letters & inside).sum() / max(letters.sum(), 1))


def joined(told: Explanation) -> tuple[Ints, Ints, Floats]:
    """The alignment, small enough to travel, and the row and column of each part.

    Where there are too many pairs, the parts of the side that has more are joined along all
    axes but the first: the bands of a moment, the cells of a frame or a view.
    """
    query, hit = one_by_one(told.query), one_by_one(told.hit)
    table = told.alignment
    if table.size > MOST_PAIRS:
        sides = [(told.query, 0), (told.hit, 1)]
        for one, axis in sorted(sides, key=lambda s: -s[0].count):
            groups = by_first_axis(one)
            table = _mean(table, groups, axis)
            query, hit = (groups, hit) if axis == 0 else (query, groups)
            if table.size <= MOST_PAIRS:
                break
    return query, hit, table


def blocks(told: Explanation, query: Ints, hit: Ints) -> list[list[tuple[slice, slice]]]:
    """Blocks of an alignment whose numbers can be compared with each other; see `Side.kinds`.

    Args:
        told: the explanation.
        query, hit: the row and the column of each part, as `joined` has them.

    Returns:
        by kinds of the query's parts, then by those of the hit's.
    """
    rows, columns = (
        [slice(int(groups[some][0]), int(groups[some][-1]) + 1) for some in side.kinds]
        for side, groups in ((told.query, query), (told.hit, hit))
    )
    return [[(row, column) for column in columns] for row in rows]


def one_by_one(side: Side) -> Ints:
    """Each part by itself: i32 (p,)."""
    return np.arange(side.count, dtype=np.int32)


def by_first_axis(side: Side) -> Ints:
    """Parts that share the first axis of their lattice as one group: i32 (p,).

    What lies beyond the lattice (the sounds of a video) stays by itself.
    """
    if len(side.grid) < 2:
        return one_by_one(side)
    within = prod(side.grid[1:])
    on_grid = side.grid[0] * within
    rest = side.count - on_grid
    return np.concatenate(
        [np.repeat(np.arange(side.grid[0]), within), side.grid[0] + np.arange(rest)]
    ).astype(np.int32)


def _mean(table: Floats, groups: Ints, axis: int) -> Floats:
    starts = np.flatnonzero(np.diff(groups, prepend=-1))  # groups are in order
    sizes = np.diff(np.append(starts, len(groups))).astype(np.float32)
    sums = np.add.reduceat(table, starts, axis=axis)
    return np.asarray(sums / (sizes[:, None] if axis == 0 else sizes), np.float32)
