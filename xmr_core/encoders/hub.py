"""Files of the model hub: from its own cache when they are there, else fetched with progress.

The hub's library retries for most of a minute before it gives up, so nothing
is asked of it before one quick probe has been answered.
"""

import hashlib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from xmr_core.errors import HubUnreachable, WeightsMissing
from xmr_core.models import Progress, hub_endpoint, hub_reachable
from xmr_core.models.hub import bar

ENDPOINT_SECONDS = 5.0
"""How long the probe and each question about a file may take."""


def in_hub_cache(repo: str, names: Sequence[str]) -> Path | None:
    """The first of these files that is in the hub's cache on this machine; no network.

    >>> in_hub_cache("nobody/nothing", ["model.safetensors"]) is None
    True
    """
    if "huggingface_hub" not in sys.modules and not _ever_fetched(repo):
        return None  # without importing it to hear so
    from huggingface_hub import try_to_load_from_cache

    for name in names:
        found = try_to_load_from_cache(repo, name)
        if isinstance(found, str):
            return Path(found)
    return None


def _ever_fetched(repo: str) -> bool:
    """Whether the hub's cache has a folder of this repository, where the hub's library has it."""
    told = os.environ.get
    home = told("HF_HOME") or f"{told('XDG_CACHE_HOME') or '~/.cache'}/huggingface"
    named = told("HF_HUB_CACHE") or told("HUGGINGFACE_HUB_CACHE") or f"{home}/hub"
    cache = Path(os.path.expandvars(named)).expanduser()
    return (cache / f"models--{repo.replace('/', '--')}").is_dir()


def hub_size(repo: str, names: Sequence[str]) -> int | None:
    """Bytes of the first of these files that the hub has; None when it cannot be asked."""
    if not hub_reachable(ENDPOINT_SECONDS):
        return None
    found = _first_on_hub(repo, names)
    return found[1] if found else None


def hub_file(
    repo: str,
    names: Sequence[str],
    *,
    what: str,
    size: int | None,
    instead: str,
    progress: Progress | None = None,
) -> Path:
    """The first of these files that the hub has, fetched unless it is in the cache.

    Args:
        repo: such as ``laion/clap-htsat-unfused``.
        names: files that would do, the best first.
        what: to say in errors what is missing.
        size: bytes, if known, to say in errors.
        instead: what to do when the hub cannot be reached.
        progress: called with bytes done and bytes in all.

    Raises:
        HubUnreachable: within ten seconds, when the hub does not answer or breaks off.
        WeightsMissing: it answers, but does not give the file.
    """
    if (here := in_hub_cache(repo, names)) is not None:
        return here
    needs = f"{what} needs {size / 1e6:,.0f} MB" if size else f"{what} needs files"
    if not hub_reachable(ENDPOINT_SECONDS):
        raise HubUnreachable(f"{needs} from the model hub, which cannot be reached.", instead)
    found = _first_on_hub(repo, names)
    if found is None:
        raise WeightsMissing(
            f"The model hub does not give {repo}/{names[0]}.",
            "It may have moved or need a login (hf auth login).",
        )
    import huggingface_hub
    from huggingface_hub.errors import HfHubHTTPError

    name, total = found
    try:
        path = huggingface_hub.hf_hub_download(
            repo, name, endpoint=hub_endpoint(), tqdm_class=bar(progress, total)
        )
    except HfHubHTTPError as error:
        raise WeightsMissing(f"The model hub does not give {repo}/{name}: {error}") from error
    except (OSError, RuntimeError) as error:
        raise HubUnreachable(
            f"The fetch of {repo}/{name} broke off: {error}",
            "Try again: it continues where it stopped.",
        ) from error
    return Path(path)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file; the hub's cache names its blobs by it, which saves reading them again."""
    stored = path.resolve().name
    if re.fullmatch(r"[0-9a-f]{64}", stored):
        return stored
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _first_on_hub(repo: str, names: Sequence[str]) -> tuple[str, int] | None:
    """Name and bytes of the first of these files that the hub has."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError

    for name in names:
        try:
            url = hf_hub_url(repo, name, endpoint=hub_endpoint())
            about = get_hf_file_metadata(url, timeout=ENDPOINT_SECONDS)
        except (HfHubHTTPError, OSError, RuntimeError):
            continue
        return name, about.size or 0
    return None
