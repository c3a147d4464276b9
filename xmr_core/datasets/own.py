"""Somebody's own pairs: files of different media that share a name, in features they have already.

``robin.jpg`` and ``robin.wav`` show the same thing, wherever they lie, and so do a picture and
``robin.txt``, which holds its caption; where a name stands in several folders (``001.jpg``), only
files of one folder do. What a video shows and its sound are a pair, too (:func:`halves`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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

Two = tuple[Modality, Modality]


def shared(files: Iterable[tuple[str, Modality]]) -> dict[Two, int]:
    """How many things each two media show, those that show most together first.

    Args:
        files: (path with ``/``, its medium).

    >>> image, text = Modality.IMAGE, Modality.TEXT
    >>> files = [("a/1.jpg", image), ("a/1.txt", text), ("b/1.jpg", image), ("2.md", text)]
    >>> {" ".join(two): count for two, count in shared(files).items()}
    {'image text': 1}
    """
    counts: dict[Two, int] = defaultdict(int)
    for of in _things([(PurePosixPath(path), modality) for path, modality in files]).values():
        media = sorted(of)
        for i, one in enumerate(media):
            for other in media[i + 1 :]:
                counts[one, other] += 1
    return dict(sorted(counts.items(), key=lambda two: (-two[1], two[0])))


def halves(videos: Iterable[Row], width: int) -> Iterator[Row]:
    """What videos show and their sound, as a picture and a sound of one name.

    Args:
        videos: features are [image | audio], see :class:`xmr_core.encoders.video.VideoEncoder`;
            those without sound, or without pictures, are left out.
        width: of the image half.
    """
    for path, _, features in videos:
        seen, heard = features[:width], features[width:]
        if seen.any() and heard.any():
            yield path, Modality.IMAGE, seen
            yield path, Modality.AUDIO, heard


def own_pairs(
    rows: Iterable[Row],
    encoders: Encoders,
    media: Two | None = None,
    name: str = "library",
    called: Mapping[str, str] | None = None,
) -> Dataset:
    """A dataset of files that share their names; one thing in five is kept apart to test.

    Args:
        rows: of all files of a library.
        encoders: that the features are from.
        media: two of them; those that share most names if None.
        name: of the dataset.
        called: by path what a row is called where it is not the path: the words of a text.

    Raises:
        LabError: fewer than ``FEWEST`` things are shown by two media.
    """
    known = list(rows)
    called = called or {}
    things = _things([(PurePosixPath(path), modality) for path, modality, _ in known])
    media = media or next(iter(shared((path, modality) for path, modality, _ in known)), None)
    pairs = [of for _, of in sorted(things.items()) if media and all(m in of for m in media)]
    if media is None or len(pairs) < FEWEST:
        between = f"{media[0]} and {media[1]}" if media else "two media"
        raise LabError(
            f"Of {between}, {len(pairs)} things share a name.",
            f"Give files of two media the same name, as robin.jpg and robin.wav: {FEWEST} or more.",
        )
    parts = shares(len(pairs), _SEED)
    places = {
        part: {m: np.array([i for thing in some for i in pairs[thing][m]]) for m in media}
        for part, some in parts.items()
    }
    owners = {
        part: {m: np.array([thing for thing in some for _ in pairs[thing][m]]) for m in media}
        for part, some in parts.items()
    }

    def names(some: np.ndarray) -> list[str]:
        return [called.get(known[i][0], known[i][0]) for i in some.tolist()]

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
            {
                m: [called.get(known[i][0], known[i][0]) for i in some]
                for m, some in places[part].items()
            },
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
        source=f"{len(pairs):,} things of {name} that {media[0]} and {media[1]} show",
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
