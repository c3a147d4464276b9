"""Profiles in plain words: what one covers, what it costs, and whether it can be had now."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from xmr_core.encoders.checkpoints import SUFFIXES, check_checkpoint
from xmr_core.errors import HubUnreachable, ModelError
from xmr_core.models import hub_reachable
from xmr_core.profiles import PROFILES, ProfileInfo, describe_profile, fitted
from xmr_core.ui.strangers import no_stranger
from xmr_core.ui.words import NAMES, size

if TYPE_CHECKING:  # it brings the server along
    from xmr_core.ui.context import Plain

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


def described(name: str) -> "Plain":
    """A profile as the page shows it; raises as `look_up`."""
    info = look_up(name)
    away = problem(info)
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


def fixed() -> "list[Plain]":
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
    if _file(name) or "+clap:" in name:
        no_stranger("Weights in a file of this machine cannot be chosen")
    # OpenCLIP itself takes some seconds to be imported: not for an answer that is known
    far = name.startswith(OPENCLIP) and not _file(name)
    if far and not hub_reachable(_PROBE) and not _anything_from_hub():
        raise HubUnreachable(
            f"{title(name)} needs its weights from the model hub, which cannot be reached.",
            _INSTEAD,
        )
    return describe_profile(name)


def check_can_be_had(name: str) -> None:
    """Raise, within seconds, what stands against a profile.

    Raises:
        HubUnreachable: it needs the hub, which is away.
        WeightsMissing, WeightsDamaged: its file is not there, or is none.
        UnknownProfile, ModelError: as `look_up`.
    """
    if (error := problem(look_up(name))) is not None:
        raise error


def _file(name: str) -> Path | None:
    """The checkpoint on this machine that an OpenCLIP profile names."""
    if not name.startswith(OPENCLIP):
        return None
    weights = name.removeprefix(OPENCLIP).partition("+clap:")[0].partition("/")[2]
    file = weights.lower().endswith(SUFFIXES) or weights.startswith(("/", "~"))
    return Path(weights).expanduser() if file else None


def _anything_from_hub() -> bool:
    """Whether any model was ever fetched from the hub on this machine."""
    from huggingface_hub.constants import HF_HUB_CACHE

    return next(Path(HF_HUB_CACHE).glob("models--*"), None) is not None


def problem(info: ProfileInfo) -> ModelError | None:
    """Why a profile cannot be had now, and what to do; None where it can."""
    if (checkpoint := _file(info.name)) is not None:
        try:
            check_checkpoint(checkpoint)
        except ModelError as error:
            return error
    if not info.needs_hub or hub_reachable(_PROBE):
        return None
    needs = f"needs {size(info.download_bytes)}" if info.download_bytes else "needs its weights"
    return HubUnreachable(
        f"{title(info.name)} {needs} from the model hub, which cannot be reached.",
        _INSTEAD,
    )
