"""Somebody's own pairs: files of different media that share a name, in features they have already.

``robin.jpg`` and ``robin.wav`` show the same thing, wherever they lie; where a name stands in
several folders (``001.jpg``), only files of one folder do.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import numpy as np

from xmr_core.datasets.features import Encoders, frozen, through
from xmr_core.datasets.gathered import shares
from xmr_core.datasets.reduction import reduction
from xmr_core.datasets.split import Dataset, Split, checksum_of
from xmr_core.errors import LabError
from xmr_core.media import Floats, Modality

FEWEST = 20
"""Things that both media show: fewer cannot be learned from and measured on."""

_SEED = 0

Row = tuple[str, Modality, Floats]
"""(path with ``/``, its medium, its pooled features (m,))."""


def own_pairs(
    rows: Iterable[Row],
    encoders: Encoders,
    media: tuple[Modality, Modality] | None = None,
    name: str = "library",
) -> Dataset:
    """A dataset of files that share their names; one thing in five is kept apart to test.

    Args:
        rows: of all files of a library.
        encoders: that the features are from.
        media: two of them; those that share most names if None.
        name: of the dataset.

    Raises:
        LabError: fewer than ``FEWEST`` things are shown by two media.
    """
    known = list(rows)
    things = _things([(PurePosixPath(path), modality) for path, modality, _ in known])
    media = media or _closest(things)
    shared = [of for _, of in sorted(things.items()) if media and all(m in of for m in media)]
    if media is None or len(shared) < FEWEST:
        between = f"{media[0]} and {media[1]}" if media else "two media"
        raise LabError(
            f"Of {between}, {len(shared)} things share a name.",
            f"Give files of two media the same name, as robin.jpg and robin.wav: {FEWEST} or more.",
        )
    parts = shares(len(shared), _SEED)
    places = {
        part: {m: np.array([i for thing in some for i in shared[thing][m]]) for m in media}
        for part, some in parts.items()
    }
    owners = {
        part: {m: np.array([thing for thing in some for _ in shared[thing][m]]) for m in media}
        for part, some in parts.items()
    }

    def features(rows_of: Mapping[Modality, np.ndarray]) -> dict[Modality, Floats]:
        return {
            m: np.stack([known[i][2] for i in some]).astype(np.float32)
            for m, some in rows_of.items()
        }

    learned = features(places["train"])
    before = {}
    for m, rows_of in learned.items():
        cut = frozen(encoders[m])
        before[m] = (*cut, *reduction(through(cut, rows_of)))
    splits = {
        part: Split(
            {m: through(before[m], x) for m, x in features(places[part]).items()},
            owners[part],
            {},
            {m: [known[i][0] for i in some] for m, some in places[part].items()},
        )
        for part in ("train", "test")
    }
    train = splits["train"]

    def raw(count: int) -> dict[Modality, Floats]:
        return {m: learned[m][some[:count]] for m, some in train.rows().items()}

    return Dataset(
        name=name,
        train=train,
        val=None,
        test=splits["test"],
        classes=(),
        checksum=checksum_of(train, splits["test"]),
        relevant="pairs",
        source=f"{len(shared):,} things of {name} that {media[0]} and {media[1]} show",
        before=before,
        encoders={m: encoders[m].fingerprint for m in media},
        raw=raw,
    )


def _things(files: list[tuple[PurePosixPath, Modality]]) -> dict[str, dict[Modality, list[int]]]:
    """Numbers of the files that show each thing, by medium."""
    folders: dict[str, set[str]] = defaultdict(set)
    for path, modality in files:
        folders[f"{path.stem.lower()}\0{modality}"].add(str(path.parent))
    spread = {key.partition("\0")[0] for key, places in folders.items() if len(places) > 1}
    things: dict[str, dict[Modality, list[int]]] = defaultdict(dict)
    for i, (path, modality) in enumerate(files):
        stem = path.stem.lower()
        thing = f"{path.parent}/{stem}" if stem in spread else stem
        things[thing].setdefault(modality, []).append(i)
    return things


def _closest(
    things: Mapping[str, Mapping[Modality, list[int]]],
) -> tuple[Modality, Modality] | None:
    """The two media that show most things together."""
    counts: dict[tuple[Modality, Modality], int] = defaultdict(int)
    for of in things.values():
        media = sorted(of)
        for i, one in enumerate(media):
            for other in media[i + 1 :]:
                counts[one, other] += 1
    return max(counts, key=lambda pair: (counts[pair], pair)) if counts else None
