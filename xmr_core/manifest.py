"""Tables of test data: a CSV with a column ``path`` and captions, a label or a second path."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from xmr_core.errors import ManifestError

Kind = Literal["captions", "labels", "pairs"]
_HINT = "Give a CSV with a column path and caption… columns, a column label, or a column path2."


@dataclass(frozen=True)
class Manifest:
    """Rows of test data.

    Attributes:
        kind: what stands beside the paths.
        paths: n files.
        captions: n tuples of at least one sentence (kind captions).
        labels: n names (kind labels).
        paths2: n files (kind pairs).
        left_out: rows of the table that say something, but lack a path or what stands beside it.
    """

    kind: Kind
    paths: tuple[Path, ...]
    captions: tuple[tuple[str, ...], ...] = ()
    labels: tuple[str, ...] = ()
    paths2: tuple[Path, ...] = ()
    left_out: int = 0

    def keep(self, rows: list[int]) -> "Manifest":
        """The manifest with only these rows."""
        return Manifest(
            self.kind,
            tuple(self.paths[i] for i in rows),
            tuple(self.captions[i] for i in rows) if self.captions else (),
            tuple(self.labels[i] for i in rows) if self.labels else (),
            tuple(self.paths2[i] for i in rows) if self.paths2 else (),
            self.left_out,
        )


def read_manifest(file: Path, root: Path | None = None) -> Manifest:
    """Read a manifest; paths are relative to ``root``, or to the manifest's folder.

    Raises:
        ManifestError: no such file, no usable columns, or no rows.
    """
    root = root or file.parent
    columns, rows = _table(file)
    if "path" not in columns:
        if any(mark in "".join(columns) for mark in ";\t"):
            raise ManifestError(
                f"The columns of the manifest {file.name} are not parted by commas.",
                "Save it as a CSV with commas between its columns.",
            )
        raise ManifestError(f"The manifest {file.name} has no column path.", _HINT)
    written = sum(any(row.values()) for row in rows)
    rows = [row for row in rows if row["path"]]
    captions = [c for c in columns if c.startswith("caption")]
    if captions:
        rows = [row for row in rows if any(row[c] for c in captions)]
    elif "label" in columns:
        rows = [row for row in rows if row["label"]]
    elif "path2" in columns:
        rows = [row for row in rows if row["path2"]]
    else:
        raise ManifestError(
            f"The manifest {file.name} has neither captions nor label nor path2.", _HINT
        )
    if not rows:
        raise ManifestError(f"The manifest {file.name} has no complete rows.", _HINT)
    paths = tuple(root / row["path"] for row in rows)
    left_out = written - len(rows)
    if captions:
        sentences = tuple(tuple(row[c] for c in captions if row[c]) for row in rows)
        return Manifest("captions", paths, captions=sentences, left_out=left_out)
    if "label" in columns:
        labels = tuple(row["label"] for row in rows)
        return Manifest("labels", paths, labels=labels, left_out=left_out)
    others = tuple(root / row["path2"] for row in rows)
    return Manifest("pairs", paths, paths2=others, left_out=left_out)


def _table(file: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The names of a table's columns, and its rows by them."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            columns = list(reader.fieldnames or [])
            return columns, [{k: (v or "").strip() for k, v in row.items() if k} for row in reader]
    except FileNotFoundError as error:
        raise ManifestError(f"There is no manifest {file}.", "Check its path.") from error
    except IsADirectoryError as error:
        raise ManifestError(f"{file} is a folder.", "Give the CSV file inside it.") from error
    except OSError as error:
        raise ManifestError(
            f"The manifest {file} cannot be read ({error.strerror}).",
            "Check its permissions and its disk.",
        ) from error
    except UnicodeDecodeError as error:
        raise ManifestError(
            f"The manifest {file.name} is no text in UTF-8.", "Save it as a CSV in UTF-8."
        ) from error
    except csv.Error as error:
        raise ManifestError(
            f"The manifest {file.name} is no table ({error}).",
            "Save it as a CSV, with quotes around what holds commas or line breaks.",
        ) from error
