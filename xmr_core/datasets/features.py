"""Media through encoders, once: their features are kept in the cache, thousands at a time.

Letters of shapes: n things, m features, d dimensions of a view.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.datasets.gathered import Gathered, Part
from xmr_core.datasets.reduction import reduction
from xmr_core.datasets.split import Dataset, Split
from xmr_core.encoders import Encoder
from xmr_core.errors import LabError, MediaError, ModelError
from xmr_core.heads import Head, Layer, Slice
from xmr_core.media import Floats, Media, Modality, Text, modality_of
from xmr_core.paths import cache_dir
from xmr_core.readers import read

Encoders = Mapping[Modality, Encoder[Any]]

Tell = Callable[[int, int], None]
"""Told (media encoded, media in all)."""

SHARD = 1024  # things that are kept in one file: what an interruption costs at most
_BATCH = 32
_VIEWS = "views-1"  # raise when views are made in another way
_ROWS = 8000  # the most that principal components are found from


@dataclass
class Features:
    """Features of things, read from the cache as they are asked for.

    Attributes:
        shards: f16 (1024, m) each, the last may be shorter; rows of NaN could not be read.
        files: of the shards; their names tell encoder and media.
        failures: (path, reason) of those.
    """

    shards: list[npt.NDArray[np.float16]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def rows(self, places: npt.NDArray[np.int64]) -> Floats:
        """Features f32 (n, m) of things by number."""
        made = np.empty((len(places), self.shards[0].shape[1]), np.float32)
        for number, shard in enumerate(self.shards):
            here = places // SHARD == number
            made[here] = shard[places[here] % SHARD]
        return made

    def readable(self) -> npt.NDArray[np.bool_]:
        """Which things could be read, bool (n,)."""
        return np.concatenate([~np.isnan(shard[:, 0]) for shard in self.shards])


def encoded(gathered: Gathered, encoders: Encoders, tell: Tell | None = None) -> Dataset:
    """A dataset of gathered media: features by the encoders, on their principal components.

    Files that cannot be read are left out, and named in ``failures``. What a picture's towers
    learned from captions (see :mod:`xmr_core.encoders.tuning`) is left out of its features:
    methods are to be compared on features that know nothing of the data.

    Args:
        gathered: files and sentences.
        encoders: of a profile.
        tell: told how many are encoded.

    Raises:
        LabError: the profile has no encoder for one of the media, or nothing could be read.
    """
    media = list(gathered.parts["train"])
    total = sum(len(things.media) for part in gathered.parts.values() for things in part.values())
    done = 0
    features: dict[Modality, Features] = {}
    for modality in media:
        if modality not in encoders:
            raise LabError(f"The profile has no encoder for {modality}.", "Choose another profile.")
        lines = [line for part in gathered.parts.values() for line in part[modality].media]
        features[modality] = features_of(
            gathered.name, lines, encoders[modality], partial(_told, tell, done, total)
        )
        done += len(lines)
    offsets = _offsets(gathered)
    fine = {modality: features[modality].readable() for modality in media}
    kept: dict[Part, dict[Modality, npt.NDArray[np.int64]]] = {
        part: {
            modality: np.flatnonzero(fine[modality][start : start + len(things[modality].media)])
            for modality, start in offsets[part].items()
        }
        for part, things in gathered.parts.items()
    }
    failures = tuple(failure for made in features.values() for failure in made.failures)
    if any(not len(rows) for part in kept.values() for rows in part.values()):
        reason = failures[0][1] if failures else "There is nothing in it."
        raise LabError(f"Nothing of a part of {gathered.name} could be read.", reason)
    before: dict[Modality, tuple[Layer, ...]] = {}
    for modality in media:
        places = offsets["train"][modality] + kept["train"][modality]
        picked = places[:: max(1, -(-len(places) // _ROWS))]
        before[modality] = _reduced(features[modality], picked, frozen(encoders[modality]))
    splits = {
        part: Split(
            {
                modality: _viewed(
                    before[modality], features[modality], offsets[part][modality] + rows
                )
                for modality, rows in kept[part].items()
            },
            {m: gathered.parts[part][m].owners[rows] for m, rows in kept[part].items()},
            {
                m: labels[rows]
                for m, rows in kept[part].items()
                if (labels := gathered.parts[part][m].labels) is not None
            },
            {
                m: [str(gathered.parts[part][m].media[i]) for i in rows]
                for m, rows in kept[part].items()
            },
        )
        for part in gathered.parts
    }
    train = splits["train"]

    def raw(count: int) -> dict[Modality, Floats]:
        rows = train.rows()
        most = len(next(iter(rows.values())))
        picked = np.unique(np.linspace(0, most - 1, min(count, most)).astype(np.int64))
        return {
            modality: features[modality].rows(
                offsets["train"][modality] + kept["train"][modality][rows[modality][picked]]
            )
            for modality in media
        }

    return Dataset(
        name=gathered.name,
        train=train,
        val=splits.get("val"),
        test=splits["test"],
        classes=gathered.classes,
        checksum=_checksum(features, splits),
        relevant=gathered.relevant,
        source=gathered.source,
        before=before,
        encoders={modality: encoders[modality].fingerprint for modality in media},
        known=gathered.known,
        failures=failures,
        raw=raw,
    )


def _checksum(features: Mapping[Modality, Features], splits: Mapping[Part, Split]) -> str:
    """Of encoders, media and who owns what, not of vectors: they are rounded by the machine."""
    key = hashlib.sha256()
    for modality, made in sorted(features.items()):
        key.update("\0".join([modality, *made.files]).encode())
    for part, split in sorted(splits.items()):
        for modality, own in sorted(split.owners.items()):
            key.update(f"\0{part} {modality}".encode())
            key.update(np.ascontiguousarray(own, "<i8").data)
    return key.hexdigest()[:16]


def features_of(
    name: str,
    media: Sequence[Path | str],
    encoder: Encoder[Any],
    step: Callable[[int], None] = lambda _: None,
) -> Features:
    """Features of files or sentences, from the cache where they are.

    Args:
        name: of the files in the cache.
        media: n of them.
        encoder: of their medium.
        step: told how many are done.
    """
    made = Features()
    for start in range(0, len(media), SHARD):
        some = media[start : start + SHARD]
        file = _file(name, some, encoder)
        if not file.is_file():
            _write(file, *_encode(some, encoder, partial(_onwards, step, start)))
        made.files.append(file.name)
        made.shards.append(np.load(file, mmap_mode="r", allow_pickle=False))
        reasons = file.with_suffix(".txt")
        if reasons.is_file():
            lines = reasons.read_text("utf-8").splitlines()
            made.failures += [
                (path, reason) for path, _, reason in (x.partition("\t") for x in lines)
            ]
        step(start + len(some))
    return made


def _reduced(
    features: Features, picked: npt.NDArray[np.int64], cut: tuple[Layer, ...]
) -> tuple[Layer, ...]:
    """What makes views of features: found on the picked things, and kept in the cache, too."""
    key = hashlib.sha256("\0".join([_VIEWS, *features.files]).encode())
    key.update(picked.astype("<i8").data)
    file = cache_dir() / "lab" / f"views-{key.hexdigest()[:16]}.safetensors"
    with contextlib.suppress(ModelError):  # not there, or damaged: found again
        return Head.load(file).layers
    layers = (*cut, *reduction(through(cut, features.rows(picked))))
    temporary = file.with_suffix(f".{os.getpid()}.safetensors")
    Head(features.shards[0].shape[1], layers).save(temporary)
    temporary.replace(file)
    return layers


def _told(tell: Tell | None, start: int, total: int, count: int) -> None:
    if tell:
        tell(start + count, total)


def _onwards(step: Callable[[int], None], start: int, count: int) -> None:
    step(start + count)


def _encode(
    media: Sequence[Path | str], encoder: Encoder[Any], step: Callable[[int], None]
) -> tuple[npt.NDArray[np.float16], list[str]]:
    """Features f16 (n, m), and a line for each file that could not be read."""
    rows = np.full((len(media), encoder.dim), np.nan, np.float16)
    wrong = []
    for start, batch in _batches(media):
        fine = []
        for i, medium in enumerate(batch, start):
            if isinstance(medium, MediaError):
                wrong.append(f"{media[i]}\t{medium}")
            elif modality_of(medium) != encoder.modality:
                wrong.append(f"{media[i]}\tThis is {modality_of(medium)}, not {encoder.modality}.")
            else:
                fine.append((i, medium))
        for (i, _), encoding in zip(fine, encoder.encode([m for _, m in fine]), strict=True):
            rows[i] = encoding.pooled
        step(start + len(batch))
    return rows, wrong


def _batches(media: Sequence[Path | str]) -> Iterator[tuple[int, list[Media | MediaError]]]:
    """Media read a batch at a time, two files at once."""

    def one(medium: Path | str) -> Media | MediaError:
        if isinstance(medium, str):
            return Text(medium)
        try:
            return read(medium)
        except MediaError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        for start in range(0, len(media), _BATCH):
            yield start, list(pool.map(one, media[start : start + _BATCH]))


def _file(name: str, media: Sequence[Path | str], encoder: Encoder[Any]) -> Path:
    """Where features are kept: by the encoder, the sentences, the files' names and sizes."""
    key = hashlib.sha256(encoder.fingerprint.encode())
    for medium in media:
        if isinstance(medium, str):
            key.update(f"\0{medium}".encode())
        else:
            size = medium.stat().st_size if medium.is_file() else -1
            key.update(f"\0{medium.parent.name}/{medium.name} {size}".encode())
    return cache_dir() / "lab" / f"{name}-{encoder.modality}-{key.hexdigest()[:16]}.npy"


def _write(file: Path, rows: npt.NDArray[np.float16], wrong: Sequence[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if wrong:
        file.with_suffix(".txt").write_text("\n".join(wrong), "utf-8")
    temporary = file.with_suffix(f".{os.getpid()}.npy")
    np.save(temporary, rows, allow_pickle=False)
    temporary.replace(file)


def _offsets(gathered: Gathered) -> dict[Part, dict[Modality, int]]:
    """Where each part's things begin among all of a medium."""
    made: dict[Part, dict[Modality, int]] = {}
    ends: dict[Modality, int] = {}
    for part, things in gathered.parts.items():
        made[part] = {modality: ends.get(modality, 0) for modality in things}
        for modality, some in things.items():
            ends[modality] = made[part][modality] + len(some.media)
    return made


def frozen(encoder: Encoder[Any]) -> tuple[Layer, ...]:
    """What cuts off the numbers of towers that were tuned on captions, if there are any."""
    tuning = getattr(encoder, "tuning", None)
    return (Slice(0, encoder.dim - tuning.dim),) if tuning else ()


def through(layers: Sequence[Layer], features: Floats) -> Floats:
    """Features f32 (n, m) through layers, f32 (n, d)."""
    for layer in layers:
        features = layer(features)
    return np.asarray(features, np.float32)


def _viewed(layers: tuple[Layer, ...], features: Features, places: npt.NDArray[np.int64]) -> Floats:
    """The view f32 (n, d) of things by number, a shard's worth at a time."""
    made = [
        through(layers, features.rows(places[start : start + SHARD]))
        for start in range(0, len(places), SHARD)
    ]
    return np.concatenate(made).astype(np.float32)
