"""What a run has to do: the files on disk against the files in the catalogue."""

import os
from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xmr_core.catalogue import Catalogue, Known, KnownFailure, Root
from xmr_core.errors import RootMissing
from xmr_core.indexing.jobs import Job, Trouble
from xmr_core.indexing.progress import Control
from xmr_core.media import Modality
from xmr_core.walk import Closed, Found, walk

# Failures that may be over although the file has not changed.
MODEL_TROUBLE = frozenset(
    {"ModelError", "WeightsMissing", "WeightsDamaged", "HubUnreachable", "UnknownProfile"}
)
_PASSING = MODEL_TROUBLE | {"UnreadableFile"}
_NO_ROOT = -1  # the number of a folder that is looked at, but is no root
_FEW = 20  # files that may vanish without a question
_OFTEN = 256  # files between two signs of life


@dataclass(frozen=True, slots=True)
class Scope:
    """A root, or the part of it below a relative folder."""

    root: Root
    folder: str = ""

    @property
    def path(self) -> Path:
        """The absolute folder."""
        return self.root.path / self.folder


@dataclass(slots=True)
class Plan:
    """What is to be done in some scopes.

    Attributes:
        jobs: new and changed files, in the order of the walk.
        new, changed: how many of each; ``new`` counts files that failed before, too.
        skipped: unchanged files.
        seen: files walked.
        bytes, by: of all files seen, and how many by modality, going by suffixes.
        missing, returned: ids of items whose files are gone, or back unchanged.
        forget: ids of failures that are over.
        troubles: folders that cannot be listed: (root id, path, trouble).
        warnings: roots in which nothing was marked as gone, and why.
        doubtful: files that seem gone from roots that are there, but were not marked so.
    """

    jobs: list[Job] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    skipped: int = 0
    seen: int = 0
    bytes: int = 0
    new_bytes: int = 0
    by: dict[Modality, int] = field(default_factory=dict)
    missing: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    forget: list[int] = field(default_factory=list)
    troubles: list[tuple[int, str, Trouble]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    doubtful: int = 0


def scopes(catalogue: Catalogue, folders: Sequence[Path], *, register: bool = True) -> list[Scope]:
    """The scopes of folders, of which new ones become roots; none inside another.

    Args:
        catalogue: of the library.
        folders: roots, folders inside them, or new ones.
        register: make new ones roots; otherwise they are only looked at.

    Raises:
        RootMissing: a folder that no root holds is not there.
    """
    resolved = [Path(folder).expanduser().resolve() for folder in folders]
    for folder in resolved:
        if not any(folder.is_relative_to(root.path) for root in catalogue.roots()):
            if not folder.is_dir():
                raise RootMissing(f"There is no folder {folder}.", "Check its path.")
            if register:
                catalogue.add_root(folder)
    roots = catalogue.roots()
    if not register:
        held = [root.path for root in roots]
        roots += [Root(_NO_ROOT, f) for f in resolved if not any(map(f.is_relative_to, held))]
    outermost = [f for f in resolved if not any(f != g and f.is_relative_to(g) for g in resolved)]
    found = []
    for folder in dict.fromkeys(outermost):
        for root in roots:
            if folder.is_relative_to(root.path):
                inside = folder.relative_to(root.path).as_posix()
                found.append(Scope(root, "" if inside == "." else inside))
    return found


def plan(
    catalogue: Catalogue,
    where: Sequence[Scope],
    space: str,
    modalities: Collection[Modality],
    suffixes: Mapping[str, Modality],
    *,
    ignore: Sequence[str] = (),
    accept_loss: bool = False,
    control: Control | None = None,
) -> Generator[tuple[Plan, str], None, Plan]:
    """Compare disk and catalogue, changing neither.

    Args:
        catalogue, where: what is compared.
        space: fingerprint of the joint space to be in; what lacks its vectors is changed.
        modalities: that the space covers.
        suffixes: lower-case, with the modality that each promises.
        ignore: patterns in the syntax of gitignore, relative to each root.
        accept_loss: also mark files as gone where a root is empty or has shrunk sharply.
        control: cancels.

    Yields:
        the plan so far and a path, now and then.

    Returns:
        the plan; incomplete if cancelled.
    """
    made = Plan()
    control = control or Control()
    for scope in where:
        known, failures = _memory(catalogue, scope, space)
        walked = walk(
            scope.root.path,
            scope.folder,
            suffixes=suffixes.keys(),
            ignore=ignore,
            library=catalogue.path.name,
        )
        seen: set[str] = set()
        closed: list[str] = []
        try:
            for found in walked:
                if isinstance(found, Closed):
                    closed.append(found.path + "/")
                    made.troubles.append((scope.root.id, found.path, _closed(found)))
                    continue
                seen.add(found.path)
                _compare(made, scope, found, known, failures, modalities, suffixes)
                if made.seen % _OFTEN == 0:
                    if control.cancelled:
                        return made
                    yield made, found.path
        except OSError as error:
            made.warnings.append(_away(scope, error))
            continue
        present = [path for path, item in known.items() if not item.missing]
        gone, over = (
            [path for path in paths if path not in seen and not path.startswith(tuple(closed))]
            for paths in (present, failures)
        )
        if not accept_loss and (why := _suspicious(scope, gone, over, len(present), seen)):
            made.warnings.append(why)
            made.doubtful += len(gone)
        else:
            made.missing += [known[path].id for path in gone]
            made.forget += [failures[path].id for path in over]
    return made


def _memory(
    catalogue: Catalogue, scope: Scope, space: str
) -> tuple[dict[str, Known], dict[str, KnownFailure]]:
    """What is known below a scope, by relative path; of a folder that is no root yet, what
    the roots inside it hold."""
    root = scope.root
    if root.id != _NO_ROOT:
        return (
            catalogue.known(root.id, scope.folder, space),
            catalogue.known_failures(root.id, scope.folder),
        )
    known: dict[str, Known] = {}
    failures: dict[str, KnownFailure] = {}
    for inside in catalogue.roots():
        if inside.path.is_relative_to(root.path):
            above = inside.path.relative_to(root.path).as_posix() + "/"
            known |= {above + k: v for k, v in catalogue.known(inside.id, "", space).items()}
            failed = catalogue.known_failures(inside.id, "")
            failures |= {above + k: v for k, v in failed.items()}
    return known, failures


def _compare(
    made: Plan,
    scope: Scope,
    found: Found,
    known: Mapping[str, Known],
    failures: Mapping[str, KnownFailure],
    modalities: Collection[Modality],
    suffixes: Mapping[str, Modality],
) -> None:
    """Decide about one file."""
    path = found.path
    guess = suffixes[path[path.rfind(".") :].lower()]
    made.seen += 1
    made.bytes += found.size
    made.by[guess] = made.by.get(guess, 0) + 1
    item, failure = known.get(path), failures.get(path)
    unchanged = item is not None and (item.size, item.mtime_ns) == (found.size, found.mtime_ns)
    if item is not None and unchanged and item.current:
        if failure is not None:
            made.forget.append(failure.id)
        if item.missing:
            made.returned.append(item.id)
        else:
            made.skipped += 1
        return
    if failure is not None and _still_failing(failure, found, modalities):
        made.skipped += 1
        return
    made.jobs.append(Job(scope.root.id, scope.root.path, path, guess, item, found.size))
    made.new_bytes += found.size
    if item is None:
        made.new += 1
    else:
        made.changed += 1


def _still_failing(failure: KnownFailure, found: Found, modalities: Collection[Modality]) -> bool:
    if (failure.size, failure.mtime_ns) != (found.size, found.mtime_ns):
        return False
    if failure.kind in MODEL_TROUBLE:
        return bool(failure.modality) and failure.modality not in modalities
    return failure.kind not in _PASSING


_CONNECT = "Connect its disk and run again, or remove the folder from the library."
_ACCEPT = "If the files are really gone, run again and accept the loss."


def _closed(found: Closed) -> Trouble:
    return Trouble(
        "UnreadableFile",
        f"is a folder that cannot be opened ({found.reason.lower()})",
        "Give yourself permission to read it.",
    )


def _away(scope: Scope, error: OSError) -> str:
    why = (error.strerror or str(error)).lower()
    return str(
        RootMissing(f"{scope.path} cannot be opened ({why}): nothing was marked as gone.", _CONNECT)
    )


def _suspicious(
    scope: Scope, gone: Sequence[str], over: Sequence[str], before: int, seen: Collection[str]
) -> str:
    """Why files that are gone should not be marked so: their disk is likely to be away.

    Args:
        scope: that they are gone from.
        gone, over: of items, and of failures.
        before: items that were there.
        seen: what is there.
    """
    # What patterns leave out is still there, and no sign of a lost disk.
    lost, failed = (
        sum(not os.path.lexists(scope.root.path / path) for path in paths) for paths in (gone, over)
    )
    if lost + failed and not seen:
        what = f"{scope.path} is empty, but {before + len(over)} files were known in it"
    elif lost > _FEW and 2 * len(seen) < before:
        what = f"{scope.path} holds {len(seen)} files, where {before} were known"
    else:
        return ""
    return str(RootMissing(f"{what}: nothing was marked as gone.", f"{_CONNECT} {_ACCEPT}"))
