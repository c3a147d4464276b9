"""Hinges of a batch of pairs: how far each negative is from being a margin worse than the own.

Letters of shapes: b pairs of a batch. Row i of the scores is the first view's thing i, column
j the second view's thing j; own pairs are on the diagonal.
"""

from typing import Any

Hinges = tuple[Any, Any]
"""(b, b) and (b, b), a row for each query: of the first view, of the second."""


def hinges(scores: Any, same: Any, margin: float) -> Hinges:
    """max(0, margin − own + negative) for queries of both views.

    Args:
        scores: (b, b).
        same: bool (b, b), what is no negative; its hinges are 0.
        margin: α.
    """
    own = scores.diagonal()[:, None]
    forth = (margin - own + scores).clamp(min=0).masked_fill(same, 0)
    back = (margin - own + scores.T).clamp(min=0).masked_fill(same.T, 0)
    return forth, back
