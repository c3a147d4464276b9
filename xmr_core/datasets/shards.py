"""Features of media in the cache: encoded once, so many things to a file.

Letters of shapes: n things, m features.
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

from xmr_core.encoders import Encoder
from xmr_core.errors import MediaError
from xmr_core.media import Floats, Media, Modality, Text, modality_of
from xmr_core.paths import cache_dir
from xmr_core.readers import read

Tell = Callable[[int, int], None]
"""Told (work done, work in all), a sentence being one piece of work; what is in the cache already
is told first. Whatever it raises ends the reading, and what was encoded is kept."""

SHARD = 1024  # things that are kept in one file: what a crash costs at most
_BATCH = 16  # a cancel waits for one of them
# What an encoder takes beside a sentence, roughly; from the embedded profile on two cores
_WORK = {Modality.IMAGE: 8, Modality.AUDIO: 30, Modality.VIDEO: 200, Modality.MESH: 100}


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


@dataclass(frozen=True)
class Shard:
    """Things whose features are kept in one file of the cache.

    Attributes:
        file: where they are, or will be.
        media: files or sentences.
    """

    file: Path
    media: Sequence[Path | str]

    @property
    def begun(self) -> Path:
        """Where the first of them are while the others are not encoded yet."""
        return self.file.with_suffix(".part.npy")

    def before(self) -> npt.NDArray[np.float16]:
        """Features f16 (k, m) of the first k, which an interrupted encoding left; k may be 0."""
        with contextlib.suppress(OSError, ValueError):  # not there, or damaged
            rows: npt.NDArray[np.float16] = np.load(self.begun, allow_pickle=False)
            if rows.ndim == 2 and len(rows) < len(self.media):
                return rows
        return np.zeros((0, 1), np.float16)

    def known(self) -> int:
        """How many of them are in the cache."""
        return len(self.media) if self.file.is_file() else len(self.before())


@dataclass
class Work:
    """How far the encoding of a dataset is, in the work of one sentence."""

    tell: Tell | None
    total: int
    done: int

    @classmethod
    def of(cls, shards: Mapping[Modality, Sequence[Shard]], tell: Tell | None) -> "Work":
        """Told at once what is in the cache already."""
        each = {m: _WORK.get(m, 1) for m in shards}
        total = sum(each[m] * len(one.media) for m, some in shards.items() for one in some)
        known = sum(each[m] * one.known() for m, some in shards.items() for one in some)
        work = cls(tell, total, 0)
        work.add(1, known)
        return work

    def more(self, modality: Modality) -> Callable[[int], None]:
        """What to tell of how many more of a medium are encoded."""
        return partial(self.add, _WORK.get(modality, 1))

    def add(self, each: int, count: int) -> None:
        """So many more, at so much work each."""
        self.done += each * count
        if self.tell:
            self.tell(self.done, self.total)


def shards_of(name: str, media: Sequence[Path | str], encoder: Encoder[Any]) -> list[Shard]:
    """Media in the lots that their features are kept in.

    Args:
        name: of the files in the cache.
        media: files or sentences.
        encoder: of their medium.
    """
    lots = [media[start : start + SHARD] for start in range(0, len(media), SHARD)]
    return [Shard(_file(name, some, encoder), some) for some in lots]


def features_of(
    shards: Sequence[Shard], encoder: Encoder[Any], more: Callable[[int], None] = lambda _: None
) -> Features:
    """Features of files or sentences, from the cache where they are.

    Args:
        shards: of them all, in order.
        encoder: of their medium.
        more: told how many have been encoded since it was told last; what it raises ends the
            encoding, and the next one goes on from there.
    """
    made = Features()
    for shard in shards:
        file = shard.file
        if not file.is_file():
            _write(file, *_encode(shard, encoder, more))
            for rest in (shard.begun, shard.begun.with_suffix(".txt")):
                rest.unlink(missing_ok=True)
        made.files.append(file.name)
        made.shards.append(np.load(file, mmap_mode="r", allow_pickle=False))
        made.failures += [
            (path, reason) for path, _, reason in (x.partition("\t") for x in _reasons(file))
        ]
    return made


def _encode(
    shard: Shard, encoder: Encoder[Any], more: Callable[[int], None]
) -> tuple[npt.NDArray[np.float16], list[str]]:
    """Features f16 (n, m), and a line for each file that could not be read."""
    media = shard.media
    rows = np.full((len(media), encoder.dim), np.nan, np.float16)
    before = shard.before()
    done = len(before)
    rows[:done] = before
    wrong = _reasons(shard.begun) if done else []
    try:
        for start, batch in _batches(media, done):
            fine, bad = [], []
            for i, medium in enumerate(batch, start):
                if isinstance(medium, MediaError):
                    bad.append(f"{media[i]}\t{medium}")
                elif (other := modality_of(medium)) != encoder.modality:
                    bad.append(f"{media[i]}\tThis is {other}, not {encoder.modality}.")
                else:
                    fine.append((i, medium))
            for (i, _), encoding in zip(fine, encoder.encode([m for _, m in fine]), strict=True):
                rows[i] = encoding.pooled
            wrong += bad
            done = start + len(batch)
            more(len(batch))
    except BaseException:
        if done > len(before):
            _write(shard.begun, rows[:done], wrong)
        raise
    return rows, wrong


def _reasons(file: Path) -> list[str]:
    """What :func:`_write` kept of files that could not be read."""
    reasons = file.with_suffix(".txt")
    return reasons.read_text("utf-8").splitlines() if reasons.is_file() else []


def _batches(
    media: Sequence[Path | str], first: int
) -> Iterator[tuple[int, list[Media | MediaError]]]:
    """Media from the first one wanted on, read a batch at a time, two files at once."""

    def one(medium: Path | str) -> Media | MediaError:
        if isinstance(medium, str):
            return Text(medium)
        try:
            return read(medium)
        except MediaError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        for start in range(first, len(media), _BATCH):
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
    """Keep features f16 (n, m), and why some could not be read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if wrong:
        file.with_suffix(".txt").write_text("\n".join(wrong), "utf-8")
    temporary = file.with_suffix(f".{os.getpid()}.npy")
    np.save(temporary, rows, allow_pickle=False)
    temporary.replace(file)
