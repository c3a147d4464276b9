"""Show a file in the file manager of this machine."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from xmr_core.errors import XMRError


def reveal(path: Path) -> None:
    """Open the folder of a file, with the file selected where the system can do that.

    Raises:
        XMRError: there is no file manager to open.
    """
    command = command_for(path, sys.platform)
    if shutil.which(command[0]) is None or not _has_desktop():
        raise XMRError(
            "This machine has no file manager that XMR could open.", f"The file is {path}."
        )
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name != "nt",
        )
    except OSError as error:
        raise XMRError(
            f"The file manager did not start ({error.strerror or error}).", f"The file is {path}."
        ) from error
    # an ended child stays in the table of processes until somebody has asked for it
    threading.Thread(target=process.wait, name="file-manager", daemon=True).start()


def command_for(path: Path, system: str) -> list[str]:
    """The command that shows a file.

    >>> command_for(Path("/a/b.png"), "linux")
    ['xdg-open', '/a']
    >>> command_for(Path("/a/b.png"), "darwin")
    ['open', '-R', '/a/b.png']
    """
    if system == "darwin":
        return ["open", "-R", str(path)]
    if system == "win32":
        return ["explorer", f"/select,{path}"]
    return ["xdg-open", str(path.parent)]


def _has_desktop() -> bool:
    """Whether there is a screen; only Unix systems do without."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
