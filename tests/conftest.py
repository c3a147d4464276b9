"""What all tests share."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import children


@pytest.fixture(scope="session", autouse=True)
def _apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test touches the libraries of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XMR_HOME", str(tmp_path_factory.mktemp("xmr-home")))
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of libraries, empty and of this test alone."""
    monkeypatch.setenv("XMR_HOME", str(tmp_path / "xmr-home"))
    folder = tmp_path / "xmr-home" / "indexes"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache, empty and of this test alone: weights would have to be fetched again."""
    folder = tmp_path / "xmr-cache"
    folder.mkdir()
    monkeypatch.setenv("XMR_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def xmr_data() -> Path:
    """The folder of optional test data."""
    folder = os.environ.get("XMR_DATA")
    if not folder:
        pytest.skip("XMR_DATA is not set: there is no test data")
    if not Path(folder).is_dir():
        pytest.skip(f"XMR_DATA is {folder}, which is not a folder")
    return Path(folder)


@pytest.fixture
def common() -> Iterator[Path]:
    """A folder that an ordinary user may enter and write, even if the tests run as root.

    Pytest's own temporary folders are closed to all but their owner.
    """
    folder = Path(tempfile.mkdtemp(prefix="xmr-test-")).resolve()
    folder.chmod(0o755)
    children.hand_over(folder)
    yield folder
    for path, _, _ in os.walk(folder):
        Path(path).chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def small_disk(common: Path) -> Callable[..., Any]:
    """Call a function with a folder on a disk of its own of a few bytes, in a child process.

    The disk is a tmpfs in a namespace that ends with the child.
    """
    probe = _mount_and("1m", common)
    if shutil.which("unshare") is None or subprocess.run([*probe, "true"], check=False).returncode:
        pytest.skip("a small disk cannot be mounted here (no unshare, or not allowed)")

    def call(function: Callable[..., Any], size: str, *values: Any) -> Any:
        return children.call(function, str(common), *values, before=_mount_and(size, common))

    return call


def _mount_and(size: str, folder: Path) -> tuple[str, ...]:
    mount = f'mount -t tmpfs -o size={size} small "{folder}" && exec "$@"'
    return ("unshare", "--map-root-user", "--mount", "sh", "-c", mount, "sh")
