"""Weights from the model hub, through its own library."""

import shutil
from pathlib import Path
from typing import Any

from xmr_core.errors import HubUnreachable, WeightsMissing
from xmr_core.models.probe import hub_endpoint, hub_reachable
from xmr_core.models.sources import Artefact, HubFile
from xmr_core.models.store import Progress, is_disk_error, place, weights_dir


def from_hub(source: HubFile, record: Artefact, report: Progress) -> Path:
    """Fetch a file into the cache; a part already here is continued, not fetched again.

    Raises:
        HubUnreachable: it does not answer, or the fetch broke off.
        WeightsMissing: it does not give that file.
        WeightsDamaged: it gives another.
    """
    if not hub_reachable():
        raise HubUnreachable(
            f"'{record.name}' needs {record.size / 1e6:.0f} MB from {hub_endpoint()}, "
            "which cannot be reached.",
            f"Connect and try again, or put the file at {weights_dir() / record.filename}.",
        )
    import huggingface_hub
    from huggingface_hub.errors import HfHubHTTPError

    stopped: list[BaseException] = []
    folder = weights_dir() / ".hub" / record.name  # stays after a broken fetch, to be continued
    try:
        path = huggingface_hub.hf_hub_download(
            source.repo,
            source.filename,
            revision=source.revision,
            local_dir=folder,
            endpoint=hub_endpoint(),
            tqdm_class=bar(report, record.size, stopped),
        )
    except Exception as error:
        if error in stopped or is_disk_error(error):
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
    try:
        return place(Path(path), record)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def bar(report: Progress | None, size: int, stopped: list[BaseException] | None = None) -> Any:
    """A tqdm class for the hub's library that tells ``report`` instead of drawing.

    Args:
        report: called with bytes done and bytes in all.
        size: bytes in all.
        stopped: what ``report`` raises is added here, to tell it from the library's errors.
    """
    from tqdm import tqdm

    class Bytes(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **(kwargs | {"disable": True}))
            self.arrived = int(kwargs.get("initial") or 0)

        def update(self, n: float | None = 1) -> None:
            self.arrived += int(n or 0)
            if report is None:
                return
            try:
                report(min(self.arrived, size), size)
            except BaseException as error:
                if stopped is not None:
                    stopped.append(error)
                raise

    return Bytes
