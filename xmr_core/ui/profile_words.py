"""Profiles in plain words: what one covers, what it costs, and whether it can be had now."""

import contextlib
from pathlib import Path

from xmr_core.encoders.checkpoints import SUFFIXES
from xmr_core.errors import HubUnreachable, ModelError
from xmr_core.models import hub_reachable
from xmr_core.profiles import PROFILES, ProfileInfo, describe_profile, fitted
from xmr_core.ui.context import Plain
from xmr_core.ui.words import NAMES, size

OPENCLIP = "openclip:"
SUGGESTED: tuple[str, ...] = (
    "ViT-B-32/laion2b_s34b_b79k",
    "ViT-B-16/laion2b_s34b_b88k",
    "ViT-B-16-SigLIP/webli",
    "ViT-L-14/laion2b_s32b_b82k",
    "ViT-H-14/laion2b_s32b_b79k",
)
"""Models of OpenCLIP that are worth a try, the smallest first."""

_TITLES = {
    "embedded": "Built in",
    "embedded-multilingual": "Built in, texts in sixteen languages",
}
_PROBE = 5.0  # seconds
_INSTEAD = (
    "Connect to the internet and try again, name a checkpoint file on this machine, "
    "or use a profile that is built in."
)


def title(name: str) -> str:
    """What people call a profile.

    >>> title("embedded"), title("openclip:ViT-B-32/laion2b_s34b_b79k")
    ('Built in', 'OpenCLIP ViT-B-32')
    >>> title("openclip:ViT-B-32//models/mine.safetensors")
    'OpenCLIP ViT-B-32, mine.safetensors'
    >>> title("lab:birds")
    'From the lab: birds'
    """
    if name.startswith(fitted.PREFIX):
        return f"From the lab: {name.removeprefix(fitted.PREFIX)}"
    if name.startswith(OPENCLIP):
        architecture, _, weights = name.removeprefix(OPENCLIP).partition("/")
        file = weights.replace("\\", "/").rpartition("/")[2] if "." in weights else ""
        return f"OpenCLIP {architecture}" + (f", {file}" if file else "")
    return _TITLES.get(name, name)


def described(name: str) -> Plain:
    """A profile as the page shows it; raises as `look_up`."""
    info = look_up(name)
    away = None if _can_be_had(info) else problem(info)
    return {
        "name": info.name,
        "title": title(name),
        "about": info.about,
        "media": [{"m": str(m), "word": NAMES[m][1]} for m in info.modalities],
        "licence": info.licence,
        "download": download(info),
        "hub": info.needs_hub,
        "problem": away and {"message": away.message, "hint": away.hint},
    }


def fixed() -> list[Plain]:
    """The profiles with fixed names, and those fitted here; nothing of them is loaded.

    A fitted one that is damaged is left out.
    """
    told = [described(name) for name in PROFILES]
    for name in fitted.fitted_names():
        with contextlib.suppress(ModelError):
            told.append(described(name))
    return told


def download(info: ProfileInfo) -> str:
    """What is still to be fetched.

    >>> download(ProfileInfo("p", "", 4, (), "MIT", 0, False))
    'Nothing to download'
    >>> download(ProfileInfo("p", "", 4, (), "MIT", 605_000_000, True))
    'Downloads 605 MB from the model hub'
    """
    where = " from the model hub" if info.needs_hub else ""
    if info.download_bytes is None:
        return f"Downloads weights{where}, of a size that cannot be told"
    if not info.download_bytes:
        return "Nothing to download"
    return f"Downloads {size(info.download_bytes)}{where}"


def look_up(name: str) -> ProfileInfo:
    """What there is to know of a profile.

    Raises:
        UnknownProfile: there is none of that name.
        HubUnreachable: its weights can only be on the hub, which does not answer.
        ModelError: its file is not one.
    """
    # OpenCLIP itself takes some seconds to be imported: not for an answer that is known
    far = name.startswith(OPENCLIP) and not _file(name)
    if far and not hub_reachable(_PROBE) and not _anything_from_hub():
        raise HubUnreachable(
            f"{title(name)} needs its weights from the model hub, which cannot be reached.",
            _INSTEAD,
        )
    return describe_profile(name)


def check_can_be_had(name: str) -> None:
    """Raise HubUnreachable, within seconds, where a profile needs the hub and it is away."""
    info = look_up(name)
    if not _can_be_had(info):
        raise problem(info)


def _file(name: str) -> bool:
    """Whether an OpenCLIP profile names a checkpoint on this machine."""
    weights = name.removeprefix(OPENCLIP).partition("+clap:")[0].partition("/")[2]
    return weights.lower().endswith(SUFFIXES) or weights.startswith(("/", "~"))


def _anything_from_hub() -> bool:
    """Whether any model was ever fetched from the hub on this machine."""
    from huggingface_hub.constants import HF_HUB_CACHE

    return next(Path(HF_HUB_CACHE).glob("models--*"), None) is not None


def _can_be_had(info: ProfileInfo) -> bool:
    return not info.needs_hub or hub_reachable(_PROBE)


def problem(info: ProfileInfo) -> HubUnreachable:
    """One sentence on why a profile cannot be had now, and what to do."""
    needs = f"needs {size(info.download_bytes)}" if info.download_bytes else "needs its weights"
    return HubUnreachable(
        f"{title(info.name)} {needs} from the model hub, which cannot be reached.",
        _INSTEAD,
    )
