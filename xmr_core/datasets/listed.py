"""Any folder with a table of what belongs together: captions, labels or partners."""

from pathlib import Path

import numpy as np

from xmr_core.datasets.gathered import Gathered, Part, Things, shares
from xmr_core.errors import LabError
from xmr_core.manifest import Manifest, read_manifest
from xmr_core.media import Modality
from xmr_core.readers import PROMISES

WHERE = (
    "Put a table manifest.csv into a folder of your media: a column path, and columns caption…, a "
    "column label, or a column path2 with partners of another medium."
)
_FILE = "manifest.csv"
_SEED = 0


def read_listed(folder: Path) -> Gathered:
    """Gather a folder by its ``manifest.csv``; one thing in five is kept apart to test.

    Raises:
        LabError: the table holds several media, or too few.
        ManifestError: there is no such table.
    """
    return gathered_of(read_manifest(folder / _FILE), folder.name)


def tells(folder: Path) -> tuple[bool, bool]:
    """Whether a folder's ``manifest.csv`` gives classes, and whether it gives captions of pictures.

    Raises:
        ManifestError: there is no such table.
    """
    manifest = read_manifest(folder / _FILE)
    pictures = {PROMISES.get(path.suffix.lower()) for path in manifest.paths} == {Modality.IMAGE}
    return manifest.kind == "labels", manifest.kind == "captions" and pictures


def gathered_of(manifest: Manifest, name: str) -> Gathered:
    """Gather what a manifest lists.

    Labels are words beside the media: whatever has a query's label is relevant.

    Args:
        manifest: of one medium, with partners of another where it is one of pairs.
        name: of the dataset.

    Raises:
        LabError: several media in one column, partners of the same medium, too few rows.
    """
    one = _medium(manifest.paths, "path")
    if manifest.kind != "pairs" and one == Modality.TEXT:
        raise LabError("The table lists texts with words beside them.", WHERE)
    parts = shares(len(manifest.paths), _SEED)
    classes: tuple[str, ...] = ()
    if manifest.kind == "labels":
        classes = tuple(sorted(set(manifest.labels)))
    made: dict[Part, dict[Modality, Things]] = {}
    for part, rows in parts.items():
        owners = np.array(rows)
        files = [manifest.paths[i] for i in rows]
        if manifest.kind == "labels":
            own = np.array([classes.index(manifest.labels[i]) for i in rows])
            here = np.unique(own)
            made[part] = {
                one: Things(files, own, own),
                Modality.TEXT: Things([classes[n] for n in here], here, here),
            }
        elif manifest.kind == "captions":
            said = [manifest.captions[i] for i in rows]
            spread = np.repeat(owners, [len(lines) for lines in said])
            made[part] = {
                one: Things(files, owners),
                Modality.TEXT: Things([line for lines in said for line in lines], spread),
            }
        else:
            other = _medium(manifest.paths2, "path2")
            if other == one:
                raise LabError(f"Both columns of the table hold {one}.", WHERE)
            made[part] = {
                one: Things(files, owners),
                other: Things([manifest.paths2[i] for i in rows], owners),
            }
    return Gathered(
        name=name,
        parts=made,
        relevant="labels" if manifest.kind == "labels" else "pairs",
        source=f"{len(manifest.paths):,} files of {name}",
        classes=classes,
    )


def _medium(paths: tuple[Path, ...], column: str) -> Modality:
    """The medium that all files of a column promise by their endings."""
    found = {PROMISES.get(path.suffix.lower()) for path in paths}
    known = {medium for medium in found if medium is not None}
    if len(known) == len(found) == 1:
        return known.pop()
    each = {
        medium or "files of no known kind": next(
            path.name for path in paths if PROMISES.get(path.suffix.lower()) is medium
        )
        for medium in found
    }
    names = ", ".join(f"{medium} ({name})" for medium, name in sorted(each.items()))
    raise LabError(f"The column {column} holds {names}; a view is of one medium.", WHERE)
