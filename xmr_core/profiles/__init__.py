"""Profiles: joint spaces by name.

``embedded``
    works with nothing but the Python package index.
``embedded-multilingual``
    the same pictures, sounds and models; texts in sixteen languages.
``openclip:ARCHITECTURE/TAG`` and ``openclip:ARCHITECTURE//path/to/checkpoint.safetensors``
    any OpenCLIP model, with LAION-CLAP for sounds where it can be had.
``lab:NAME``
    fitted in the lab on the features of another profile.

Loading one reads small heads; the encoders of the embedded profiles read their
weights when they first encode, so that a search by words needs the text encoder
alone. Weights that are not on this machine are fetched when the profile is
loaded. A medium whose weights cannot be had is named in
``JointSpace.unavailable``; its encoder keeps its place and its fingerprint, and
says why when it is used.
"""

import difflib
from collections.abc import Callable

from xmr_core.errors import UnknownProfile
from xmr_core.models import Progress
from xmr_core.profiles import fitted
from xmr_core.profiles.embedded import Embedded
from xmr_core.profiles.info import Profile, ProfileInfo
from xmr_core.profiles.openclip import PREFIX, OpenClipProfile
from xmr_core.space import JointSpace

PROFILES: dict[str, Callable[[], Profile]] = {
    "embedded": Embedded,
    "embedded-multilingual": lambda: Embedded(multilingual=True),
}
"""The profiles with a fixed name."""


def load_profile(name: str, progress: Progress | None = None) -> JointSpace:
    """The joint space of that name.

    Args:
        name: see the module.
        progress: called with bytes done and bytes in all while weights are fetched.

    Raises:
        UnknownProfile: no such profile, architecture or tag; its hint names near ones.
        HubUnreachable: weights are on the model hub, which does not answer.
        WeightsMissing, WeightsDamaged: a file that is not there or not sound.
    """
    return profile(name).load(progress)


def describe_profile(name: str) -> ProfileInfo:
    """What a profile is, covers and costs, without loading it.

    Raises:
        UnknownProfile: no such profile.
    """
    return profile(name).describe()


def profile(name: str) -> Profile:
    """The profile of that name, not loaded yet.

    Raises:
        UnknownProfile: see `load_profile`.
    """
    if (build := PROFILES.get(name)) is not None:
        return build()
    if name.startswith(PREFIX):
        return OpenClipProfile(name)
    if name.startswith(fitted.PREFIX):
        return fitted.Fitted(name)
    kinds = f"There are: {', '.join(PROFILES)}, {PREFIX}ARCHITECTURE/TAG."
    near = difflib.get_close_matches(name, PROFILES, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}? {kinds}" if near else kinds
    raise UnknownProfile(f"There is no profile '{name}'.", hint)


__all__ = ["PROFILES", "ProfileInfo", "describe_profile", "load_profile", "profile"]
