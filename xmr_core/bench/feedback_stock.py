"""Items by class, for the benchmark of feedback: features that were computed once are kept."""

import csv
import hashlib
import os
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.bench.nouns import noun_of
from xmr_core.demo import WORKS, make
from xmr_core.demo.library import media_dir
from xmr_core.encoders import Encoder
from xmr_core.encoders.image import ImageEncoder
from xmr_core.media import Floats, Modality
from xmr_core.paths import cache_dir
from xmr_core.readers import read
from xmr_core.space import JointSpace

Members = npt.NDArray[np.bool_]

LEAST = 40  # items of a class
_LEAST_OF_DEMO = 5
_AT_ONCE = 64
_TOPICS = {
    "animals": "animal", "animals/mammals": "mammal", "animals/birds": "bird", "food": "food",
    "food/fruit": "fruit", "plants": "plant", "seasonal": "holiday", "town": "town",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Classes:
    """Items of one medium, and their classes.

    Attributes:
        title: of the set.
        modality: of its items.
        features: what the profile's encoder says of them, f32 (n, m).
        members: which item is of which class, (n, c).
        names: of the c classes, as words ask for them, sorted.
    """

    title: str
    modality: Modality
    features: Floats
    members: Members
    names: tuple[str, ...]


def classes(data: Path, space: JointSpace) -> list[Classes]:
    """The sets under ``XMR_DATA``; the demo's pictures where there is no such folder."""
    if not data.is_dir():
        return [_demo(space)]
    return [_photographs(data, space), _topics(data, space), _sounds(data, space)]


def members(called: Sequence[Set[str]], least: int) -> tuple[Members, tuple[str, ...]]:
    """Names of items → which item is of which class, of classes that are large enough.

    >>> inside, names = members([{"b"}, {"a", "c"}, set(), {"a", "b"}], 2)
    >>> inside.astype(int).tolist(), names
    ([[0, 1], [1, 0], [0, 0], [1, 1]], ('a', 'b'))
    """
    counts = Counter(name for names in called for name in names)
    names = tuple(sorted(name for name, count in counts.items() if count >= least))
    return np.array([[name in own for name in names] for own in called], bool), names


def _photographs(data: Path, space: JointSpace) -> Classes:
    rows = _rows(data / "flickr8k" / "captions.csv")
    called = [noun_of([row[f"caption{n}"] for n in range(1, 6)]) for row in rows]
    features = _pictures("flickr", [data / "flickr8k" / row["path"] for row in rows], space)
    some = np.array([name is not None for name in called])
    inside, names = members([{name} for name in called if name], LEAST)
    return Classes("photographs of one thing", Modality.IMAGE, features[some], inside, names)


def _topics(data: Path, space: JointSpace) -> Classes:
    rows = _rows(data / "stamps" / "manifest.csv")
    features = _pictures("stamps", [data / "stamps" / row["image"] for row in rows], space)
    called = [
        {name for at, name in _TOPICS.items() if f"{row['category']}/".startswith(f"{at}/")}
        for row in rows
    ]
    inside, names = members(called, LEAST)
    return Classes("cut-outs by topic", Modality.IMAGE, features, inside, names)


def _sounds(data: Path, space: JointSpace) -> Classes:
    rows = _rows(data / "animal_sounds" / "manifest.csv")
    paths = [data / "animal_sounds" / row["path"] for row in rows]
    features = _features("animal sounds", space.encoders[Modality.AUDIO], paths)
    inside, names = members([{row["label"]} for row in rows], LEAST)
    return Classes("sounds of animals", Modality.AUDIO, features, inside, names)


def _demo(space: JointSpace) -> Classes:
    folder = media_dir()
    make(folder)
    works = [work for work in WORKS if work.modality is Modality.IMAGE]
    encoder = space.encoders[Modality.IMAGE]
    media = [read(folder / work.path) for work in works]
    features = np.stack([encoding.pooled for encoding in encoder.encode(media)])
    inside, names = members([set(work.themes) for work in works], _LEAST_OF_DEMO)
    return Classes("the demo's pictures", Modality.IMAGE, features, inside, names)


def _pictures(name: str, paths: Sequence[Path], space: JointSpace) -> Floats:
    """What all towers say, f32 (n, m), each tower kept apart."""
    whole: Any = space.encoders[Modality.IMAGE]
    columns = [_features(f"{name}-{t}", ImageEncoder((t,)), paths) for t in whole.towers]
    if whole.tuning:
        last = slice(-whole.tuning.dim, None)
        columns.append(_features(f"{name}-tuned", whole, paths, "tuned", last))
    return np.concatenate(columns, axis=1)


def _features(
    name: str,
    encoder: Encoder[Any],
    paths: Sequence[Path],
    label: str = "",
    columns: slice = slice(None),
) -> Floats:
    """Pooled features f32 (n, m) of files, computed once."""
    names = [f"{path.parent.name}/{path.name}" for path in paths]
    key = "\0".join([encoder.fingerprint, label, *names]).encode()
    file = cache_dir() / "training" / f"{name}-{hashlib.sha256(key).hexdigest()[:16]}.npy"
    if file.is_file():
        kept: Floats = np.load(file, allow_pickle=False)
        return kept
    rows: list[Floats] = []
    for start in range(0, len(paths), _AT_ONCE):
        batch = [read(path) for path in paths[start : start + _AT_ONCE]]
        rows += [encoding.pooled[columns] for encoding in encoder.encode(batch)]
    made = np.stack(rows)
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}.npy")
    np.save(temporary, made, allow_pickle=False)
    temporary.replace(file)
    return made


def _rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
