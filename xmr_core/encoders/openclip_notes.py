"""What was found out about an OpenCLIP model, so that it need not be loaded to be used.

A fingerprint is a digest of all weights, and reading those takes torch and half a minute's
patience of a person who wants one search. Once both towers are graphs, a note in the cache
says what is needed beside them. It holds for the very file that it was made from: path,
size, times and inode, the descriptions beside it, and the versions that made it.
"""

import contextlib
import hashlib
import importlib.metadata
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from xmr_core.encoders.openclip_looks import Look
from xmr_core.paths import cache_dir

_VERSION = 2  # raise when notes change
_BESIDE = ("open_clip_config.json",)


@dataclass(frozen=True, slots=True)
class Note:
    """A model whose two towers are graphs.

    Attributes:
        file: the checkpoint.
        fingerprint: of weights and recipe.
        dim: of its space.
        context: tokens of a text.
        look: how it sees pictures.
        lone: heads of its text tower and whether its GELU is quick, where that can be run over
            the file as it is.
    """

    file: str
    fingerprint: str
    dim: int
    context: int
    look: Look
    lone: tuple[int, bool] | None = None


def find(architecture: str, tag: str | None, checkpoint: Path | None) -> Note | None:
    """The note of a model, if there is one and all is as it was."""
    try:
        kept = json.loads(_place(architecture, tag, checkpoint).read_text("utf-8"))
        look = Look(**kept["note"].pop("look"))
        lone = kept["note"].pop("lone")
        note = Note(**kept["note"], look=look, lone=tuple(lone) if lone else None)
        same: bool = kept["state"] == _state(architecture, Path(note.file))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return note if same else None


def keep(architecture: str, tag: str | None, checkpoint: Path | None, note: Note) -> None:
    """Write a note; a cache that cannot be written costs time, nothing else."""
    with contextlib.suppress(OSError):
        place = _place(architecture, tag, checkpoint)
        place.parent.mkdir(parents=True, exist_ok=True)
        state = _state(architecture, Path(note.file))
        temporary = place.with_suffix(f".{os.getpid()}.part")
        temporary.write_text(json.dumps({"state": state, "note": asdict(note)}), "utf-8")
        temporary.replace(place)


def _place(architecture: str, tag: str | None, checkpoint: Path | None) -> Path:
    named = tag if checkpoint is None else str(checkpoint.expanduser().resolve())
    key = hashlib.sha256(json.dumps([architecture, named]).encode()).hexdigest()[:16]
    return cache_dir() / "openclip" / f"{key}.json"


def _state(architecture: str, file: Path) -> list[object]:
    """All that a note depends on, as JSON gives it back."""
    status = file.stat()
    beside: list[object] = []
    for name in (*_BESIDE, f"{architecture}.json"):
        path = file.with_name(name)
        there = path.is_file()
        beside.append(hashlib.sha256(path.read_bytes()).hexdigest() if there else None)
    versions = [importlib.metadata.version(p) for p in ("open_clip_torch", "torch")]
    times = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    return [_VERSION, *times, *beside, *versions]
