"""Walk a folder for media files: sorted, cautious, and with nothing surprising in it.

Only names with a suffix that the readers know are looked at: names without one are, on
most disks, programs and databases. Left out are hidden files and folders, those that
systems and tools make for themselves, other libraries, and what the user's patterns or a
file ``.xmrignore`` (in the syntax of gitignore, for the folder it lies in) exclude.

Links are never followed. One that points inside the folder leads to a file that is found
at its own place anyhow; one that points outside would serve files that the user did not
choose, or go round in circles.
"""

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xmr_core.errors import LibraryError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = ".xmrignore"

# Compared in lower case.
_SYSTEM = frozenset(
    {
        "$recycle.bin",
        "@eadir",
        "#recycle",
        "#snapshot",
        "__macosx",
        "__pycache__",
        "lost+found",
        "node_modules",
        "site-packages",
        "system volume information",
        "thumbs.db",
        "desktop.ini",
    }
)
_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT
_OFFICE_LOCK = "~$"  # Office keeps one beside each open document


@dataclass(frozen=True, slots=True)
class Found:
    """A file: its path relative to the root, with ``/``, its size and its last change."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A folder that cannot be listed, and why; what lies in it is unknown, not gone."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Rules:
    """Patterns, and the folder (relative, "" or ending in ``/``) that they speak of."""

    base: str
    spec: "GitIgnoreSpec"

    def verdict(self, path: str) -> bool | None:
        """True to leave it out, False to keep it after all, None to say nothing."""
        return self.spec.check_file(path[len(self.base) :]).include


def walk(
    root: Path,
    folder: str = "",
    *,
    suffixes: Collection[str],
    ignore: Sequence[str] = (),
    library: str = "",
) -> Iterator[Found | Closed]:
    """Every media file below a folder, in the order of names, files before folders.

    Args:
        root: the registered folder.
        folder: the part of it to walk, relative, with ``/``; "" for all.
        suffixes: lower-case, with their dot.
        ignore: patterns in the syntax of gitignore, relative to the root.
        library: the name of a catalogue's file: folders that hold one are libraries.

    Raises:
        OSError: the folder itself cannot be listed.
        LibraryError: a pattern of ``ignore`` makes no sense.
    """
    rules = [_Rules("", _spec(ignore))] if ignore else []
    parts = folder.split("/") if folder else []
    for depth in range(len(parts)):  # what the folders above say holds here too
        above = "".join(f"{part}/" for part in parts[:depth])
        rules += _rules_in(root / above, above)
    stack = [(f"{folder}/" if folder else "", rules)]
    first = True
    while stack:
        base, rules = stack.pop()
        try:
            with os.scandir(root / base) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            if first:
                raise
            if not isinstance(error, FileNotFoundError):  # gone since its parent was listed
                yield Closed(base.rstrip("/"), error.strerror or str(error))
            continue
        if not first and library and any(entry.name == library for entry in entries):
            continue
        first = False
        if any(entry.name == IGNORE_FILE for entry in entries):
            rules = [*rules, *_rules_in(root / base, base)]
        folders = []
        for entry in entries:
            name = entry.name
            if passed_over(name):
                continue
            path = base + name
            try:
                if entry.is_dir(follow_symlinks=False):
                    if not (_is_special(entry) or _left_out(rules, path + "/")):
                        folders.append((path + "/", rules))
                elif name[name.rfind(".") :].lower() in suffixes and "." in name:
                    status = entry.stat(follow_symlinks=False)
                    if (
                        stat.S_ISREG(status.st_mode)
                        and not _is_special(entry)
                        and not (rules and _left_out(rules, path))
                    ):
                        yield Found(path, status.st_size, status.st_mtime_ns)
            except OSError:  # gone since it was listed
                continue
        stack += reversed(folders)


def passed_over(name: str) -> bool:
    """Whether a file or folder of this name is left out wherever it lies.

    >>> passed_over(".git"), passed_over("Thumbs.db"), passed_over("~$a.docx"), passed_over("a.jpg")
    (True, True, True, False)
    """
    return name.startswith((".", _OFFICE_LOCK)) or name.lower() in _SYSTEM


def _spec(patterns: Sequence[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        raise LibraryError(
            f"An ignore pattern is not understood ({error}).",
            "Write them as in a .gitignore: *.tmp, drafts/, !keep.txt.",
        ) from error


def _rules_in(folder: Path, base: str) -> list[_Rules]:
    from pathspec import GitIgnoreSpec

    try:
        lines = (folder / IGNORE_FILE).read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    kept = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:  # a slip in one line must not void the others
            continue
        kept.append(line)
    return [_Rules(base, GitIgnoreSpec.from_lines(kept))]


def _left_out(rules: Sequence[_Rules], path: str) -> bool:
    """The last rule that says something decides; those of deeper folders come later."""
    verdict = False
    for rule in rules:
        said = rule.verdict(path)
        verdict = verdict if said is None else said
    return verdict


def _is_special(entry: os.DirEntry[str]) -> bool:
    """Hidden, or a junction, as Windows marks them; nothing of the kind elsewhere."""
    status = entry.stat(follow_symlinks=False)
    attributes = getattr(status, "st_file_attributes", 0)
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN) or (
        getattr(status, "st_reparse_tag", 0) == _JUNCTION
    )
