"""Datasets as the lab uses them: media go through the encoders of a profile first."""

from pathlib import Path

from xmr_core.datasets import LOADERS, Dataset, Encoders, Tell, load
from xmr_core.errors import LabError
from xmr_core.profiles import load_profile


def loaded(
    name: str, folder: Path | None = None, profile: str = "embedded", tell: Tell | None = None
) -> Dataset:
    """A dataset, encoded by a profile where it has no features of its own.

    Args:
        name: of a loader.
        folder: of its files; the one of its name in ``XMR_DATA`` if None.
        profile: whose encoders read its media.
        tell: told (work done, work in all) of encoding; what it raises ends the reading.

    Raises:
        LabError: there is no such dataset, or its files are missing.
    """
    if name not in LOADERS:
        raise LabError(f"There is no dataset '{name}'.", f"There are: {', '.join(LOADERS)}.")
    if not LOADERS[name].encoded:
        return load(name, folder)
    return load(name, folder, encoders_of(profile), tell)


def encoders_of(profile: str = "embedded") -> Encoders:
    """The encoders of a profile, by medium."""
    return load_profile(profile).encoders
