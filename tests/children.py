"""Functions of tests in processes of their own: to be killed, or to run as an ordinary user.

A function is named by where it stands (``tests.some_file`` and its name) and takes and
gives plain data, as JSON.
"""

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

NOBODY = 65534
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files, names or signals")
_CHECKOUT = Path(__file__).resolve().parents[1]


def start(
    function: Callable[..., Any],
    *values: Any,
    unprivileged: bool = False,
    env: Mapping[str, str] | None = None,
    before: tuple[str, ...] = (),
) -> "subprocess.Popen[str]":
    """Call a function of a module in a new process, and do not wait.

    Args:
        function: of a module's top level.
        values: plain data.
        unprivileged: give up the rights of root, if the tests have them, before the call.
        env: variables to add.
        before: a command to run Python by, such as ``unshare -m``.
    """
    if unprivileged and not hasattr(os, "setuid"):
        pytest.skip("there are no rights to give up on this system")
    call = [function.__module__, function.__qualname__, str(int(unprivileged)), json.dumps(values)]
    return subprocess.Popen(
        [*before, sys.executable, "-m", "tests.children", *call],
        cwd=_CHECKOUT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(child: "subprocess.Popen[str]", timeout: float = 120) -> Any:
    """Wait for a child; what its function returned.

    Raises:
        AssertionError: it failed, with what it wrote.
    """
    try:
        out, err = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        child.kill()
        out, err = child.communicate()
        raise AssertionError(f"the child took longer than {timeout} s:\n{err}") from None
    assert child.returncode == 0, f"the child ended with {child.returncode}:\n{err}"
    return json.loads(out.splitlines()[-1])


def call(function: Callable[..., Any], *values: Any, timeout: float = 120, **options: Any) -> Any:
    """`start` and `finish`."""
    return finish(start(function, *values, **options), timeout)


def hand_over(*paths: Path) -> None:
    """Make files and folders those of the ordinary user that unprivileged children are."""
    if getattr(os, "geteuid", int)() == 0 and os.name != "nt":
        for path in paths:
            os.chown(path, NOBODY, NOBODY)


def _drop() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def _load() -> None:
    """What is otherwise imported on first use: Python may lie where others may not look."""
    import PIL.Image

    import xmr_core.readers

    for found in pkgutil.iter_modules(xmr_core.readers.__path__, "xmr_core.readers."):
        importlib.import_module(found.name)
    waiting = ("charset_normalizer", "filelock", "pathspec", "traceback", "xmr_core.words")
    for name in (*waiting, "xmr_core.library", "xmr_core.thumbnails"):
        importlib.import_module(name)
    for name in ("cp1252", "latin_1", "utf_16", "utf_32"):
        importlib.import_module(f"encodings.{name}")
    PIL.Image.init()


def _main(module: str, name: str, unprivileged: str, values: str) -> None:
    function = getattr(importlib.import_module(module), name)
    if unprivileged == "1":
        _load()
        _drop()
    sys.stdout.write(json.dumps(function(*json.loads(values))) + "\n")


if __name__ == "__main__":
    _main(*sys.argv[1:])
