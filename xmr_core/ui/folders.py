"""The folder picker's view of this machine: directories only, hidden ones left out.

Nothing of it is for strangers, from the name of the home folder to whether a folder is there.
"""

import os
import string
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import unquote

from xmr_core import readers
from xmr_core.errors import XMRError
from xmr_core.ui.strangers import no_stranger

_SHOWN = 2000
_USUAL = ("Desktop", "Documents", "Pictures", "Music", "Videos", "Movies", "Downloads")
_WHAT = "Folders of this machine cannot be looked through or chosen"
_MOUNTS = ("/media", "/mnt", "/run/media", "/Volumes")


@dataclass(frozen=True, slots=True)
class Listing:
    """One folder, for the picker.

    Attributes:
        path: where we are, absolute.
        parent: the folder that holds it, or "" at the top.
        crumbs: (name, path) from the top down to here.
        folders: (name, path) of the folders in it, by name.
        files: how many files lie in it.
        media: how many of them look like media.
        left_out: how many more folders there are than are listed.
    """

    path: str
    parent: str
    crumbs: tuple[tuple[str, str], ...]
    folders: tuple[tuple[str, str], ...]
    files: int
    media: int
    left_out: int = 0


def home() -> Path:
    """Where the picker begins."""
    try:
        return Path.home()
    except RuntimeError:  # no HOME and no entry in the user database
        return Path(Path.cwd().anchor)


def given(text: str) -> Path:
    """A typed or pasted path → an existing directory, resolved; raises XMRError otherwise."""
    no_stranger(_WHAT)
    cleaned = text.strip().strip("\"'")
    if cleaned.startswith("file://"):  # as file managers copy it
        cleaned = unquote(cleaned.removeprefix("file://"))
    if not cleaned or "\0" in cleaned:
        raise XMRError("No folder was given.", "Pick one in the list, or paste its path.")
    try:
        path = Path(cleaned).expanduser()
        if not path.is_absolute():
            raise XMRError(
                f"'{cleaned}' is not a full path.", f"Write it from the top, such as {home()}."
            )
        found = path.resolve(strict=True)
        if not found.is_dir():
            raise XMRError(f"'{cleaned}' is a file.", "Choose the folder that holds it.")
        with os.scandir(found) as entries:
            next(iter(entries), None)
    except FileNotFoundError as error:
        raise XMRError(
            f"There is no folder '{cleaned}'.", "Check the spelling, or pick it in the list."
        ) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise XMRError(
            f"The folder '{cleaned}' cannot be opened.",
            "Check its permissions, or choose another one.",
        ) from error
    return found


def listing(text: str = "") -> Listing:
    """What the picker shows for a path; the home folder for an empty one."""
    path = given(text) if text else given(str(home()))
    names, files, media = within(path)
    chain = [path, *path.parents][::-1]
    crumbs = tuple((step.name or str(step), str(step)) for step in chain)
    parent = str(path.parent) if path.parent != path else ""
    left_out = max(0, len(names) - _SHOWN)
    return Listing(str(path), parent, crumbs, tuple(names[:_SHOWN]), files, media, left_out)


def within(path: Path) -> tuple[list[tuple[str, str]], int, int]:
    """What lies in a folder that is known already.

    Returns:
        (name, path) of the folders in it, by name; how many files; how many look like media.

    Raises:
        OSError: it cannot be looked through.
    """
    names: list[tuple[str, str]] = []
    files = media = 0
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name.startswith((".", "$")):
                continue
            try:
                if entry.is_dir():
                    names.append((entry.name, entry.path))
                else:
                    files += 1
                    media += PurePath(entry.name).suffix.lower() in readers.SUFFIXES
            except OSError:  # vanished, or a broken link
                continue
    names.sort(key=lambda pair: pair[0].casefold())
    return names, files, media


def places() -> list[tuple[str, str]]:
    """(name, path) of where people keep their files: home, the usual folders in it, other disks."""
    no_stranger(_WHAT)
    top = home()
    found = [("Home", str(top))]
    found += [(name, str(top / name)) for name in _USUAL if (top / name).is_dir()]
    found += [(drive, drive) for drive in drives()]
    for mount in map(Path, _MOUNTS):
        try:
            disks = sorted(path for path in mount.iterdir() if path.is_dir())
        except OSError:  # not on this system, or not for us
            continue
        found += [(disk.name, str(disk)) for disk in disks if not disk.name.startswith(".")]
    return found


def drives() -> list[str]:
    """The drives of a Windows machine; nothing elsewhere."""
    if os.name != "nt":  # pragma: no cover - depends on the system
        return []
    return [f"{c}:\\" for c in string.ascii_uppercase if Path(f"{c}:\\").exists()]
