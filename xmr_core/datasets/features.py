"""Media through encoders, once: their features are kept in the cache, thousands at a time.

Letters of shapes: n things, m features, d dimensions of a view.
"""

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from xmr_core.datasets.gathered import Gathered, Part
from xmr_core.datasets.reduction import reduction
from xmr_core.datasets.shards import (
    SHARD,
    Features,
    Shard,
    Tell,
    Work,
    features_of,
    shards_of,
)
from xmr_core.datasets.split import Dataset, Split
from xmr_core.encoders import Encoder
from xmr_core.errors import LabError, ModelError
from xmr_core.heads import Head, Layer, Slice
from xmr_core.media import Floats, Modality
from xmr_core.paths import cache_dir

Encoders = Mapping[Modality, Encoder[Any]]

_VIEWS = "views-1"  # raise when views are made in another way
_ROWS = 8000  # the most that principal components are found from


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
    shards: dict[Modality, list[Shard]] = {}
    for modality in media:
        if modality not in encoders:
            raise LabError(f"The profile has no encoder for {modality}.", "Choose another profile.")
        lines = [line for part in gathered.parts.values() for line in part[modality].media]
        shards[modality] = shards_of(gathered.name, lines, encoders[modality])
    work = Work.of(shards, tell)
    features = {m: features_of(shards[m], encoders[m], work.more(m)) for m in media}
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
