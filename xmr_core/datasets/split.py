"""Paired data: what methods are fitted on and measured with.

Letters of shapes: n_v rows of a view, m_v features of it, n pairs, c classes.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from xmr_core.errors import LabError
from xmr_core.heads import Head, Layer
from xmr_core.media import Floats, Modality
from xmr_core.space import JointSpace, Projection, Role

Labels = npt.NDArray[Any]
"""i64 (n_v,), one class a row, or bool (n_v, c), any number of them."""

Owners = npt.NDArray[np.int64]
"""i64 (n_v,): rows of equal owner show the same thing."""


@dataclass(frozen=True, eq=False)
class Split:
    """The rows of each medium, and which of them show the same thing.

    Attributes:
        views: f32 (n_v, m_v) by medium; media may have different numbers of rows, as five
            captions of one picture.
        owners: i64 (n_v,) by medium. A picture and its captions have one owner.
        labels: i64 (n_v,) or bool (n_v, c) by medium, or nothing where there are no classes.
        names: what each row is, for people: a caption, a file's path; may be missing.
    """

    views: Mapping[Modality, Floats]
    owners: Mapping[Modality, Owners]
    labels: Mapping[Modality, Labels] = field(default_factory=dict)
    names: Mapping[Modality, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, columns in (("owners", self.owners), ("labels", self.labels)):
            for modality, column in columns.items():
                if len(column) != len(self.views[modality]):
                    raise LabError(
                        f"The {modality} view has {len(self.views[modality])} rows and "
                        f"{len(column)} {kind}.",
                        "Give one for each row.",
                    )

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """The media, in the order they were given."""
        return tuple(self.views)

    def keys(self, by: Literal["labels", "pairs"]) -> Mapping[Modality, Labels]:
        """What rows must share for one to answer the other: a class, or their owner."""
        return self.labels if by == "labels" else self.owners

    def rows(self) -> dict[Modality, Owners]:
        """Which row of each view stands in each pair, i64 (n,) by medium.

        Every row is in a pair at least once: a picture of five captions is in five. Things
        that a medium does not show are left out.

        >>> text, image = np.array([7, 7, 8]), np.array([8, 7])
        >>> views = {Modality.IMAGE: np.zeros((2, 1)), Modality.TEXT: np.zeros((3, 1))}
        >>> owners = {Modality.IMAGE: image, Modality.TEXT: text}
        >>> {str(m): rows.tolist() for m, rows in Split(views, owners).rows().items()}
        {'image': [1, 1, 0], 'text': [0, 1, 2]}
        """
        things = np.unique(np.concatenate(list(self.owners.values())))
        orders = {m: np.argsort(own, kind="stable") for m, own in self.owners.items()}
        starts, counts = {}, {}
        for modality, own in self.owners.items():
            ranked = own[orders[modality]]
            starts[modality] = np.searchsorted(ranked, things, "left")
            counts[modality] = np.searchsorted(ranked, things, "right") - starts[modality]
        stack = np.stack(list(counts.values()))  # (media, things)
        most = np.where(stack.min(axis=0) > 0, stack.max(axis=0), 0)  # (things,)
        nth = np.arange(most.sum()) - np.repeat(np.cumsum(most) - most, most)  # (n,)
        return {
            modality: orders[modality][
                np.repeat(starts[modality], most)
                + nth % np.repeat(np.maximum(counts[modality], 1), most)
            ]
            for modality in self.owners
        }

    def pairs(self) -> tuple[dict[Modality, Floats], Labels | None]:
        """What a method is fitted on: the views aligned row by row, and the pairs' classes.

        Returns:
            f32 (n, m_v) by medium, see :meth:`rows`; and i64 (n,) or bool (n, c), as the
            first medium that has classes says, or None.
        """
        rows = self.rows()
        views = {modality: view[rows[modality]] for modality, view in self.views.items()}
        for modality, labels in self.labels.items():
            return views, labels[rows[modality]]
        return views, None


@dataclass(frozen=True, eq=False)
class Dataset:
    """A benchmark, or somebody's own pairs, in fixed splits.

    Attributes:
        name: of its loader.
        train: to fit methods on.
        val: to choose settings on, where there is such a split.
        test: to measure on, once.
        classes: names of the classes, as labels number them; none where there are none.
        checksum: of all numbers in it, see :func:`checksum_of`; where encoders made them, of
            the encoders, the media and who owns what.
        relevant: what a query is to find: whatever shares a class, or its own partner.
        source: where it is from, in words.
        before: what made the views of the encoders' features: layers by medium. A head that
            was fitted on the views takes features when they run first.
        encoders: fingerprints of the encoders whose features the views are made of, by medium;
            none where a benchmark came with features of its own.
        known: whether the files are, byte for byte, those that published figures are for.
        failures: (file, reason) of what could not be read and was left out.
        raw: ``raw(n)`` gives the encoders' features, before ``before``, of n of the training
            pairs, f32 (n, m) by medium; None where there were no encoders.
    """

    name: str
    train: Split
    val: Split | None
    test: Split
    classes: tuple[str, ...]
    checksum: str
    relevant: Literal["labels", "pairs"]
    source: str
    before: Mapping[Modality, tuple[Layer, ...]] = field(default_factory=dict)
    encoders: Mapping[Modality, str] = field(default_factory=dict)
    known: bool = False
    failures: tuple[tuple[str, str], ...] = ()
    raw: Callable[[int], Mapping[Modality, Floats]] | None = field(default=None, repr=False)

    def whole(self, space: JointSpace) -> JointSpace:
        """A space that was fitted on the views, as one that takes the encoders' features.

        Raises:
            LabError: a head that takes no layers before its own.
        """
        if self.raw is None:
            return space
        features = self.raw(1)
        heads: dict[tuple[Modality, Role], Projection] = {}
        for (modality, role), head in space.heads.items():
            if not isinstance(head, Head):
                raise LabError(
                    f"The {modality} head of {space.name} takes no layers before its own.",
                    "Fit a method of the lab.",
                )
            layers = (*self.before.get(modality, ()), *head.layers)
            heads[modality, role] = Head(features[modality].shape[1], layers, head.about)
        return JointSpace(name=space.name, dim=space.dim, encoders={}, heads=heads)


def checksum_of(*splits: Split | None) -> str:
    """A digest of the numbers of splits: views, owners and labels, in hexadecimal.

    Numbers are taken as little-endian f32 and i64, so that it is the same on every machine.

    >>> a = Split({Modality.TEXT: np.ones((1, 2), np.float32)}, {Modality.TEXT: np.array([0])})
    >>> checksum_of(a) == checksum_of(a), checksum_of(a) == checksum_of(a, a)
    (True, False)
    """
    digest = hashlib.sha256()
    for split in splits:
        digest.update(b"split")
        if split is None:
            continue
        for modality in sorted(split.views):
            view = split.views[modality]
            digest.update(f"{modality} {view.shape}".encode())
            digest.update(np.ascontiguousarray(view, "<f4").data)
            digest.update(np.ascontiguousarray(split.owners[modality], "<i8").data)
            if modality in split.labels:
                digest.update(np.ascontiguousarray(split.labels[modality], "<i8").data)
    return digest.hexdigest()[:16]
