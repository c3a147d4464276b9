"""What every method of the lab is: two views of the same things in, a joint space out.

Letters of shapes: n pairs, m features of a view, d dimensions of the joint space, c classes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
import numpy.typing as npt

from xmr_core.heads import Head
from xmr_core.media import Floats, Modality
from xmr_core.space import JointSpace, Role

Views = Mapping[Modality, Floats]
"""f32 (n, m) by modality; row i of each view shows the same thing."""

Labels = npt.NDArray[Any]
"""i64 (n,), one class a pair, or bool (n, c), any number of them."""

Tell = Callable[[int, int, float], None]
"""Told (steps done, steps in all, the objective now); whatever it raises ends the fitting."""

Family = Literal[
    "unsupervised",
    "supervised",
    "pairwise",
    "rank-based",
    "dictionary",
    "hashing",
    "interaction",
    "translation",
]

SEED = 0


@dataclass(frozen=True)
class About:
    """What a person may want to know of a method.

    Attributes:
        title: its name in the field.
        family: where the surveys put it.
        paper: authors, title, place and year.
        labelled: whether it learns from classes, too.
        most_views: how many media it takes.
        by_direction: whether queries of each medium get heads of their own.
        bits: whether its vectors are codes of −1 and 1, which compare by Hamming distance.
    """

    title: str
    family: Family
    paper: str
    labelled: bool = False
    most_views: int = 2
    by_direction: bool = False
    bits: bool = False


class Method(Protocol):
    """A way to learn a joint space from paired features.

    A dataclass whose fields are the hyper-parameters, all with defaults: the same method on
    the same data under the same seed gives the same space.

    Attributes:
        about: its title, its paper.
        name: in the registry, and of the spaces it gives.
    """

    about: ClassVar[About]
    name: ClassVar[str]

    def fit(
        self,
        views: Views,
        labels: Labels | None = None,
        *,
        seed: int = SEED,
        tell: Tell | None = None,
    ) -> JointSpace:
        """Learn heads for the views, in numpy alone.

        Args:
            views: f32 (n, m) by modality.
            labels: of the pairs; methods that do not learn from classes leave them aside.
            seed: of whatever is drawn.
            tell: told how far it is.

        Raises:
            LabError: views or labels that the method cannot be fitted on.
        """
        ...


def space_of(
    method: str, heads: Mapping[Modality, Head] | Mapping[tuple[Modality, Role], Head]
) -> JointSpace:
    """A joint space made of heads alone, by modality or by (modality, role).

    Args:
        method: its name in the registry.
        heads: all of one dimension.
    """
    by_role = {key if isinstance(key, tuple) else (key, "gallery"): h for key, h in heads.items()}
    (dim,) = {head.dim for head in by_role.values()}
    return JointSpace(name=method, dim=dim, encoders={}, heads=by_role)


def onehot(labels: Labels) -> Floats:
    """Classes as indicators f32 (n, c), whichever way labels are given.

    >>> onehot(np.array([0, 2])).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    if labels.ndim == 2:
        return labels.astype(np.float32)
    return np.eye(int(labels.max()) + 1, dtype=np.float32)[labels]
