"""What heads are trained and judged on: the tables of ``XMR_DATA``, their splits and features.

Features are computed by the application's own readers and encoders, once, and kept in
``cache_dir()/training`` under a digest of the encoder and the files, so that a second
training takes minutes. Everything trains on ``train`` alone, is chosen on ``chosen``,
and judged once, at the end, on ``judged``.
"""

import csv
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from xmr_core.encoders import Encoder
from xmr_core.encoders.image import ImageEncoder
from xmr_core.encoders.text import TextEncoder
from xmr_core.encoders.tuning import Tuning
from xmr_core.media import Floats, Media, Text
from xmr_core.paths import cache_dir
from xmr_core.readers import read

SEED = 2026
JUDGED, CHOSEN = 1000, 1000
_AT_ONCE = 64

Row = dict[str, str]


@dataclass(frozen=True)
class Split:
    """Rows of a table, by number.

    Attributes:
        judged: for the numbers in the model card; nothing is trained or chosen on them.
        chosen: to choose settings on. The last training takes them in.
        train: the rest.
    """

    judged: tuple[int, ...]
    chosen: tuple[int, ...]
    train: tuple[int, ...]

    @property
    def learned(self) -> list[int]:
        """What the last training takes, ascending: all that is not judged."""
        return sorted((*self.chosen, *self.train))


def data_dir() -> Path:
    """The folder that ``XMR_DATA`` names.

    Raises:
        SystemExit: it names none.
    """
    folder = Path(os.environ.get("XMR_DATA", ""))
    if not os.environ.get("XMR_DATA") or not folder.is_dir():
        raise SystemExit("Set XMR_DATA to the folder with flickr8k/, stamps/, meshes/ …")
    return folder


def table(path: Path) -> list[Row]:
    """The rows of a CSV file."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def flickr(data: Path) -> tuple[list[Path], list[list[str]]]:
    """Flickr8k's pictures, and the five captions of each."""
    rows = table(data / "flickr8k" / "captions.csv")
    paths = [data / "flickr8k" / row["path"] for row in rows]
    return paths, [[row[f"caption{n}"] for n in range(1, 6)] for row in rows]


def flickr_split(n: int) -> Split:
    """Seeded split of Flickr8k's n pictures: 1,000 judged, 1,000 chosen, the rest to train on."""
    order = np.random.default_rng(SEED).permutation(n)
    cuts = np.split(order, [JUDGED, JUDGED + CHOSEN])
    judged, chosen, train = (tuple(int(i) for i in np.sort(cut)) for cut in cuts)
    return Split(judged, chosen, train)


def stamps(data: Path) -> tuple[list[Path], list[Row]]:
    """Cut-out pictures with a caption, a category, and some with a sound."""
    rows = table(data / "stamps" / "manifest.csv")
    return [data / "stamps" / row["image"] for row in rows], rows


def meshes(data: Path) -> tuple[list[Path], list[str]]:
    """Everyday objects and their names."""
    rows = table(data / "meshes" / "manifest.csv")
    return [data / "meshes" / row["path"] for row in rows], [row["label"] for row in rows]


def animal_sounds(data: Path) -> tuple[list[Path], list[str]]:
    """Clips and the animal that is heard."""
    rows = table(data / "animal_sounds" / "manifest.csv")
    return [data / "animal_sounds" / row["path"] for row in rows], [row["label"] for row in rows]


def cached(name: str, make: Callable[[], Floats], *keys: str) -> Floats:
    """An array kept in ``cache_dir()/training`` under its name and a digest of ``keys``."""
    digest = hashlib.sha256("\0".join(keys).encode()).hexdigest()[:16]
    file = cache_dir() / "training" / f"{name}-{digest}.npy"
    if file.is_file():
        kept: Floats = np.load(file, allow_pickle=False)
        return kept
    made = make()
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}.npy")
    np.save(temporary, made, allow_pickle=False)
    temporary.replace(file)
    return made


def features(
    name: str,
    encoder: Encoder[Any],
    paths: Sequence[Path],
    change: Callable[[Any], Media] | None = None,
    label: str = "",
    columns: slice = slice(None),
) -> Floats:
    """Pooled features f32 (n, m) of files, cached.

    Args:
        name: of the file in the cache.
        encoder: of their medium.
        paths: n files.
        change: applied to each medium after it was read, such as a mirror.
        label: says which change it is, or which columns.
        columns: of the features, that are kept.
    """

    def one(path: Path) -> Media:
        media = read(path)
        return change(media) if change else media

    def make() -> Floats:
        rows = []
        with ThreadPoolExecutor(2) as pool:
            for start in range(0, len(paths), _AT_ONCE):
                batch = list(pool.map(one, paths[start : start + _AT_ONCE]))
                rows += [encoding.pooled[columns] for encoding in encoder.encode(batch)]
                _tell(name, len(rows), len(paths))
        return np.stack(rows)

    names = [f"{path.parent.name}/{path.name}" for path in paths]
    return cached(name, make, encoder.fingerprint, label, *names)


def towers(name: str, which: Sequence[str], paths: Sequence[Path]) -> Floats:
    """Features f32 (n, m) of pictures by several towers, side by side; each tower's are cached."""
    columns = [features(f"{name}-{tower}", ImageEncoder((tower,)), paths) for tower in which]
    return np.concatenate(columns, axis=1)


def tuned(name: str, which: Sequence[str], tuning: Tuning, paths: Sequence[Path]) -> Floats:
    """What the tuned towers say of pictures, f32 (n, d), cached."""
    encoder = ImageEncoder(which, tuning)
    last = slice(-tuning.dim, None)
    return features(f"{name}-tuned", encoder, paths, label="tuned", columns=last)


def sentences(name: str, lines: Sequence[str]) -> Floats:
    """Vectors f32 (n, 768) of texts by the English text encoder, cached."""
    encoder = TextEncoder()

    def make() -> Floats:
        rows: list[Floats] = []
        for start in range(0, len(lines), 512):
            some = encoder.encode([Text(line) for line in lines[start : start + 512]])
            rows += [encoding.pooled for encoding in some]
            _tell(name, len(rows), len(lines))
        return np.stack(rows)

    return cached(name, make, encoder.fingerprint, *lines)


def write_manifests(folder: Path, data: Path) -> list[Path]:
    """Tables for ``xmr eval`` of what the heads are judged on; ``--root`` is ``XMR_DATA``.

    ``flickr8k-judged.csv`` (1,000 pictures, five captions), ``stamps-captions.csv`` and
    ``stamps-labels.csv`` (538 cut-outs), ``meshes-labels.csv``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths, captions = flickr(data)
    judged = flickr_split(len(paths)).judged
    stamp_paths, stamp_rows = stamps(data)
    mesh_paths, mesh_names = meshes(data)
    columns = ["path", *(f"caption{n}" for n in range(1, 6))]
    tables: dict[str, tuple[list[str], Iterable[list[str]]]] = {
        "flickr8k-judged": (columns, ([_inside(paths[i], data), *captions[i]] for i in judged)),
        "stamps-captions": (
            ["path", "caption1"],
            (
                [_inside(p, data), r["caption"]]
                for p, r in zip(stamp_paths, stamp_rows, strict=True)
            ),
        ),
        "stamps-labels": (
            ["path", "label"],
            (
                [_inside(p, data), thing(r["caption"])]
                for p, r in zip(stamp_paths, stamp_rows, strict=True)
            ),
        ),
        "meshes-labels": (
            ["path", "label"],
            ([_inside(p, data), name] for p, name in zip(mesh_paths, mesh_names, strict=True)),
        ),
    }
    written = []
    for name, (header, rows) in tables.items():
        file = folder / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(header)
            writer.writerows(rows)
        written.append(file)
    return written


def thing(caption: str) -> str:
    """What a stamp shows, from its caption: no article, no full stop, lower case.

    >>> thing("A monarch butterfly.")
    'monarch butterfly'
    """
    words = caption.strip().rstrip(".").lower().split()
    if len(words) > 1 and words[0] in ("a", "an", "the", "some"):
        words = words[1:]
    return " ".join(words)


def _inside(path: Path, data: Path) -> str:
    return path.relative_to(data).as_posix()


def _tell(name: str, done: int, total: int) -> None:
    end = "\n" if done == total else ""
    print(f"\r{name}: {done:,} of {total:,}", end=end, file=sys.stderr, flush=True)
