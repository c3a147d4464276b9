"""One file of a run, and what comes of it: a job, its outcome, its encoding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xmr_core.catalogue import Known
from xmr_core.media import Floats, Media, Modality, Part, media_bytes


@dataclass(frozen=True, slots=True)
class Job:
    """A file to look into.

    Attributes:
        root_id, root, path: where; the path relative to the root, with ``/``.
        guess: its modality, going by its suffix.
        known: what the catalogue has at that path.
        size: in bytes, when it was seen.
        alone: read it even though an item with the same content seems to be there.
    """

    root_id: int
    root: Path
    path: str
    guess: Modality
    known: Known | None = None
    size: int = 0
    alone: bool = False

    @property
    def file(self) -> Path:
        """The absolute path."""
        return self.root / self.path


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a file cannot be indexed; see `xmr_core.catalogue.Failure`."""

    kind: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job; exactly one of ``same`` to ``media`` says so.

    Attributes:
        job: it.
        size, mtime_ns, hash: of the file as it was read.
        same: the content is what is known already.
        twin: another item seems to have this content.
        waiting: the file is still being written, or is no file any more.
        trouble: it cannot be indexed.
        media: it was read, with ``thumbs`` (webp, by the end of their names).
        seconds: of work: the reader's share of those that passed.
    """

    job: Job
    size: int = -1
    mtime_ns: int = -1
    hash: str = ""
    same: bool = False
    twin: bool = False
    waiting: bool = False
    trouble: Trouble | None = None
    modality: Modality | None = None
    media: Media | None = None
    thumbs: Mapping[str, bytes] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def nbytes(self) -> int:
        """The memory that its medium takes, about."""
        return 0 if self.media is None else media_bytes(self.media)


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A file read and encoded.

    Attributes:
        outcome: of its reading, without the medium, which takes too much room.
        features: f32 (1 + p, m), the whole first.
        joint: f32 (1 + p, d).
        parts: p of them, numbered from 1.
        facts: of the medium.
        seconds: of work on reading and on encoding, there its share of the batch.
        first: it was in the first batch of its modality, for which the encoder is loaded.
    """

    outcome: Outcome
    features: Floats
    joint: Floats
    parts: Sequence[Part]
    facts: Mapping[str, float]
    seconds: float
    first: bool = False

    @property
    def job(self) -> Job:
        """What it came of."""
        return self.outcome.job


Result = Outcome | Encoded
