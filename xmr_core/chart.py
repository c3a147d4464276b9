"""A library as a map: where each item lies, how the media lie, and where a query falls."""

import contextlib
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from xmr_core import clusters, modality_gap
from xmr_core.catalogue import Catalogue
from xmr_core.media import Floats, Item, Modality
from xmr_core.modality_gap import MEDIA, Centring, Codes, Gap
from xmr_core.projection import Plane, beside
from xmr_core.space import JointSpace, unit

Ids = npt.NDArray[np.int64]
Labels = npt.NDArray[np.int32]
Layout = tuple[Floats, Floats]
"""Points f32 (n, 2) of the space as it is, and of the centred one."""

MOST = 30_000  # items on a map; of a larger library, so many evenly spread ones
_FILE = "umap.npz"


class Pieces:
    """The items of a map and their vectors, as the catalogue has them.

    Attributes:
        generation: of the catalogue.
        ids: i64 (n,), ascending within a medium.
        codes: u8 (n,), their media.
        vectors: unit rows f32 (n, d).
    """

    def __init__(self, catalogue: Catalogue, dim: int, most: int = MOST) -> None:
        self.generation = catalogue.generation
        counts = catalogue.counts()
        share = min(1.0, most / max(sum(counts.values()), 1))
        ids: list[Ids] = [np.zeros(0, np.int64)]
        codes: list[Codes] = [np.zeros(0, np.uint8)]
        vectors: list[Floats] = [np.zeros((0, dim), np.float32)]
        for code, medium in enumerate(MEDIA):
            found, joint = catalogue.sample(medium, max(1, round(share * counts.get(medium, 0))))
            if len(found):
                order = np.argsort(found)
                ids.append(found[order])
                codes.append(np.full(len(found), code, np.uint8))
                vectors.append(joint[order])
        self.ids = np.concatenate(ids)
        self.codes = np.concatenate(codes)
        self.vectors = unit(np.concatenate(vectors))  # float16 left them not quite of length 1

    def only(self, ids: Sequence[int]) -> None:
        """Leave out all other items, such as those that are gone since."""
        there = np.isin(self.ids, np.asarray(ids, np.int64))
        self.ids, self.codes, self.vectors = self.ids[there], self.codes[there], self.vectors[there]


@dataclass(frozen=True, eq=False)
class Placed:
    """Where vectors fall: a point of each layout, of the space as it is and centred.

    Attributes:
        raw, centred: layout's name → f32 (q, 2).
    """

    raw: Mapping[str, Floats]
    centred: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Ranked:
    """An item in a ranking: its id, medium and cosine."""

    id: int
    medium: Modality
    cosine: float


class Chart:
    """A library laid out on a plane, from one state of its catalogue.

    Args:
        pieces: its items' vectors.
        items: the items, in the same order.
        space: the joint space; its bank names the clusters, and says where the middle of all
            texts is where the library has none.

    Attributes:
        centring: takes each medium's centroid away.
        centred: unit rows f32 (n, d), centred.
        planes: of the space as it is, and of the centred one turned onto it.
        layouts: by name: "pca" at once, "umap" once it is made.
        labels: i32 (n,), the cluster of each item; found in the centred space, since in the
            other one they would be the media again.
        names: some words for each cluster.
        gaps: the modality gap, as it is and centred.
        own: the share of an item's nearest ten that are of its medium: as it is, centred, and
            what it would be by chance.
    """

    def __init__(self, pieces: Pieces, items: Sequence[Item], space: JointSpace) -> None:
        self.pieces = pieces
        self.items = tuple(items)
        vectors, codes = pieces.vectors, pieces.codes
        self.fingerprint = space.fingerprint
        bank = space.bank()[: len(space.bank_texts)]  # sentences: they name what is near them
        middles = modality_gap.centroids(vectors, codes)
        if len(bank):
            middles.setdefault(Modality.TEXT, bank.mean(axis=0))
        self.centring = Centring(middles)
        self.centred = self.centring.apply(vectors, codes)
        self.layouts: dict[str, Layout] = {}
        self.behind = 0  # items that a layout of an earlier state did not know
        if len(vectors):
            plane = Plane.fit(vectors)
            raw = plane.place(vectors)
            flat = Plane.fit(self.centred).turned(self.centred, raw)
            self.planes = (plane, flat)
            self.layouts["pca"] = (raw, flat.place(self.centred))
        self.labels, centres = clusters.cluster(self.centred)
        told = unit(bank - bank.mean(axis=0)) if len(bank) else None
        self.names = clusters.names(
            self.labels, [item.title for item in items], centres, space.bank_texts, told
        )
        self.gaps: tuple[Gap, Gap] = (
            modality_gap.measure(vectors, codes),
            modality_gap.measure(self.centred, codes),
        )
        before, chance = modality_gap.own_share(vectors, codes)
        self.own = (before, modality_gap.own_share(self.centred, codes)[0], chance)

    def __len__(self) -> int:
        return len(self.pieces.ids)

    def centre(self, vectors: Floats, media: Sequence[Modality]) -> Floats:
        """Unit rows f32 (q, d) of media → centred."""
        return self.centring.apply(vectors, modality_gap.codes_of(media))

    def place(self, raw: Floats, centred: Floats) -> Placed:
        """Where something that is not on the map falls.

        On a plane exactly; in UMAP, whose layout is of these items alone, between its nearest
        neighbours.

        Args:
            raw: unit rows f32 (q, d).
            centred: the same, centred.
        """
        spaces = ((raw, self.pieces.vectors), (centred, self.centred))
        placed: tuple[dict[str, Floats], dict[str, Floats]] = ({}, {})
        for side, (asked, there) in enumerate(spaces):
            for name, layout in self.layouts.items():
                placed[side][name] = (
                    self.planes[side].place(asked)
                    if name == "pca"
                    else beside(asked, there, layout[side])
                )
        return Placed(*placed)

    def rank(
        self, raw: Floats, centred: Floats, k: int, hidden: Sequence[int] = ()
    ) -> tuple[list[Ranked], list[Ranked]]:
        """All media in one list by cosine alone: as they are, and centred.

        Args:
            raw, centred: the query's unit vector f32 (d,), as it is and centred.
            k: how many.
            hidden: ids of items to leave out.
        """
        keep = ~np.isin(self.pieces.ids, np.asarray(hidden, np.int64))
        return (
            self._best(self.pieces.vectors @ raw, keep, k),
            self._best(self.centred @ centred, keep, k),
        )

    def _best(self, cosines: Floats, keep: npt.NDArray[np.bool_], k: int) -> list[Ranked]:
        cosines = np.where(keep, cosines, -np.inf)
        best = np.argsort(-cosines, kind="stable")[: min(k, int(keep.sum()))]
        return [
            Ranked(int(self.pieces.ids[i]), MEDIA[self.pieces.codes[i]], float(cosines[i]))
            for i in best
        ]

    # -- a layout that is kept

    def keep(self, folder: Path, layout: Layout) -> None:
        """Show a UMAP layout from now on, and keep it in a folder for the next time."""
        self.layouts = {**self.layouts, "umap": layout}
        self.behind = 0
        temporary = folder / f"{_FILE}.{os.getpid()}-{threading.get_ident()}"
        with contextlib.suppress(OSError):  # a full or read-only disk costs the next start time
            folder.mkdir(exist_ok=True)
            try:
                with temporary.open("wb") as file:
                    np.savez(
                        file, fingerprint=np.array(self.fingerprint), ids=self.pieces.ids,
                        generation=np.array(self.pieces.generation), raw=layout[0],
                        centred=layout[1],
                    )  # fmt: skip
                temporary.replace(folder / _FILE)
            finally:
                temporary.unlink(missing_ok=True)

    def recall(self, folder: Path) -> bool:
        """Take up the UMAP layout that was kept, if it is of this joint space.

        Items that it does not know, having come later, are put between their neighbours
        (`behind` says how many).

        Returns:
            whether there is one and it knows every item as it is now.
        """
        try:
            # opened here: what is no archive would be left open by numpy
            with (folder / _FILE).open("rb") as file, np.load(file, allow_pickle=False) as kept:
                if str(kept["fingerprint"]) != self.fingerprint:
                    return False
                ids, sides = kept["ids"], (kept["raw"], kept["centred"])
                same = int(kept["generation"]) == self.pieces.generation
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):  # none, or damaged
            return False
        if not all(side.shape == (len(ids), 2) and np.isfinite(side).all() for side in sides):
            return False
        order = np.argsort(ids)
        at = np.searchsorted(ids, self.pieces.ids, sorter=order)
        rows = order[np.minimum(at, len(ids) - 1)] if len(ids) else at
        known = ids[rows] == self.pieces.ids if len(ids) else np.zeros(len(self), bool)
        if 2 * int(known.sum()) < len(self) or not known.any():
            return False  # too little of what there is now
        points: list[Floats] = []
        for side, there in zip(sides, (self.pieces.vectors, self.centred), strict=True):
            layout = side[rows].astype(np.float32)
            if not known.all():
                layout[~known] = beside(there[~known], there[known], layout[known])
            points.append(layout)
        self.layouts = {**self.layouts, "umap": (points[0], points[1])}
        self.behind = int((~known).sum())
        return same and self.behind == 0
