"""How likely each class is, by multinomial logistic regression, as the last layers of a head."""

import numpy as np

from xmr_core.heads import Layer, Linear, Softmax
from xmr_core.lab.linear import Doubles


def logistic(rows: Doubles, shared: Doubles, strength: float) -> tuple[Doubles, Doubles]:
    """Weights f64 (m, c) and bias (c,) of the likeliest classes.

    Args:
        rows: f64 (n, m).
        shared: f64 (n, c), see :func:`xmr_core.lab.supervised.classes.shares`. A pair of
            several classes counts as a part of a pair in each of them, a pair of none not
            at all.
        strength: C, the inverse of the penalty on the weights.
    """
    from sklearn.linear_model import LogisticRegression

    pairs, classes = np.nonzero(shared)
    model = LogisticRegression(C=strength, max_iter=1000)
    model.fit(rows[pairs], classes, sample_weight=shared[pairs, classes])
    weight, bias = model.coef_.T, model.intercept_
    if weight.shape[1] == 1:  # of two classes only the second has weights
        weight, bias = np.hstack([-weight, weight]) / 2, np.concatenate([-bias, bias]) / 2
    return weight, bias


def centred_posteriors(classes: int) -> tuple[Layer, ...]:
    """Scores of classes (n, c) → their posteriors less 1 / c each.

    The cosine of two such rows is the correlation of two posteriors ("centred correlation").
    Between two classes it could be 1 and −1 only, so that two are not centred.

    >>> _, centre = centred_posteriors(4)
    >>> centre(np.array([[1, 0, 0, 0]], np.float32)).tolist()
    [[0.75, -0.25, -0.25, -0.25]]
    """
    if classes == 2:
        return (Softmax(),)
    middle = np.full(classes, -1 / classes, np.float32)
    return Softmax(), Linear(np.eye(classes, dtype=np.float32), middle)
