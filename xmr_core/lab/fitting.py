"""A method fitted on a dataset, and all that is shown of it: how it learned and what it finds."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xmr_core.datasets import Dataset, Split
from xmr_core.lab.contract import SEED, Tell
from xmr_core.media import Floats, Modality
from xmr_core.projection import Plane
from xmr_core.report import By, Report, measure
from xmr_core.space import JointSpace, unit

_DRAWS = 300  # of the bootstrap: on a page, quick is better than a third digit


@dataclass(frozen=True, eq=False)
class Fit:
    """What a method made of a dataset.

    Attributes:
        method: its name in the registry.
        space: the joint space.
        reports: what it finds in the test split, by what counts as found: the dataset's own
            way first; by partners, too, where it goes by classes.
        curve: (step, objective) while it learned; one point or none for closed forms.
        seconds: that the fit took.
    """

    method: str
    space: JointSpace
    reports: Mapping[By, Report]
    curve: tuple[tuple[int, float], ...]
    seconds: float


def fit(dataset: Dataset, name: str, *, seed: int = SEED, tell: Tell | None = None) -> Fit:
    """Fit a method and measure it.

    Args:
        dataset: fitted on its training pairs, measured on its test split.
        name: of the method.
        seed: of whatever it draws.
        tell: told how far it is; whatever it raises ends the fit.

    Raises:
        LabError: no such method, or data that it cannot be fitted on.
    """
    from xmr_core.lab import method

    curve: list[tuple[int, float]] = []

    def told(step: int, steps: int, objective: float) -> None:
        curve.append((step, objective))
        if tell:
            tell(step, steps, objective)

    views, labels = dataset.train.pairs()
    started = time.perf_counter()
    space = method(name).fit(views, labels, seed=seed, tell=told)
    seconds = time.perf_counter() - started
    ways = dict.fromkeys((dataset.relevant, "pairs"))
    reports: dict[By, Report] = {by: measure(space, dataset.test, by, draws=_DRAWS) for by in ways}
    return Fit(name, space, reports, tuple(curve), seconds)


def before(split: Split, rows: dict[Modality, np.ndarray]) -> dict[Modality, Floats]:
    """Each view by itself on the plane of its own principal components, in its own spread.

    The views have no axes in common: that both are drawn on one plane is what people do when
    they compare numbers that are not comparable.

    Args:
        split: with the views.
        rows: i64 (k,), which rows of each.

    Returns:
        f32 (k, 2) by medium.
    """
    placed = {}
    for modality, chosen in rows.items():
        view = split.views[modality]
        points = Plane.fit(view).place(view[chosen])
        placed[modality] = (points / max(float(points.std()), 1e-9)).astype(np.float32)
    return placed


def after(
    space: JointSpace, split: Split, rows: dict[Modality, np.ndarray]
) -> dict[Modality, Floats]:
    """Both views in the joint space, on the one plane of their principal components.

    Returns:
        f32 (k, 2) by medium.
    """
    joint = {m: space.embed(m, split.views[m][chosen]) for m, chosen in rows.items()}
    plane = Plane.fit(np.concatenate(list(joint.values())))
    placed = {m: plane.place(vectors) for m, vectors in joint.items()}
    spread = max(float(np.concatenate(list(placed.values())).std()), 1e-9)
    return {m: (points / spread).astype(np.float32) for m, points in placed.items()}


def found(
    space: JointSpace, split: Split, source: Modality, row: int, target: Modality, most: int
) -> list[tuple[int, float]]:
    """The rows of a medium that answer one row of another, the best first.

    Returns:
        (row, cosine), ``most`` of them; what shows the same thing twice counts twice.
    """
    asked = unit(space.embed(source, split.views[source][row : row + 1], "query"))
    scores = (space.embed(target, split.views[target]) @ asked[0]).astype(float)
    return [(int(i), float(scores[i])) for i in np.argsort(-scores, kind="stable")[:most]]
