"""Views and labels looked at once, before a method trusts them."""

import numpy as np

from xmr_core.errors import LabError
from xmr_core.lab.contract import About, Labels, Views
from xmr_core.media import Floats, Modality

FEWEST = 10
"""Pairs: fewer say nothing of how two media go together."""


def checked(
    about: About, views: Views, labels: Labels | None
) -> tuple[dict[Modality, Floats], Labels | None]:
    """The views as finite f32, and the labels where the method learns from them, else None.

    Raises:
        LabError: fewer or more views than the method takes, other shapes than (n, m), rows
            that do not pair up, too few, numbers that are not finite, or no labels.
    """
    title = about.title
    if not 2 <= len(views) <= about.most_views:
        takes = "two views" if about.most_views == 2 else f"2 to {about.most_views} views"
        raise LabError(f"{title} takes {takes}, not {len(views)}.", "Choose two media.")
    made = {modality: np.asarray(view, np.float32) for modality, view in views.items()}
    for modality, view in made.items():
        if view.ndim != 2 or 0 in view.shape:
            raise LabError(
                f"The {modality} view is {view.shape}, not (pairs, features).",
                "Give one row of features for each pair.",
            )
        if not np.isfinite(view).all():
            raise LabError(
                f"The {modality} view holds numbers that are not finite.",
                "Leave out the rows that could not be encoded.",
            )
    counts = {len(view) for view in made.values()}
    if len(counts) > 1:
        shapes = ", ".join(f"{m} {len(view)}" for m, view in made.items())
        raise LabError(f"The views have different numbers of rows: {shapes}.", "Pair them up.")
    (n,) = counts
    if n < FEWEST:
        raise LabError(
            f"{title} cannot be fitted on {n} pairs.", f"Give {FEWEST} or more, better hundreds."
        )
    if not about.labelled:
        return made, None
    if labels is None:
        raise LabError(f"{title} learns from classes, and there are none.", "Give labels.")
    labels = np.asarray(labels)
    single = labels.ndim == 1 and np.issubdtype(labels.dtype, np.integer)
    several = labels.ndim == 2 and labels.dtype == bool
    if len(labels) != n or not (single or several):
        raise LabError(
            f"The labels are {labels.dtype} {labels.shape} for {n} pairs.",
            "Give one whole number for each pair, or a table of true and false.",
        )
    if single and labels.min() < 0:
        raise LabError(f"There is a class {labels.min()}.", "Number the classes from 0.")
    if len(np.unique(labels, axis=0)) < 2:
        raise LabError(f"{title} needs two classes or more.", "Give labels that differ.")
    return made, labels
