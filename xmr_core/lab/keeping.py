"""A space that was fitted in the lab, kept as a profile for libraries to use."""

from xmr_core.datasets import Dataset
from xmr_core.errors import LabError
from xmr_core.lab import method
from xmr_core.profiles import load_profile
from xmr_core.profiles.fitted import free, save_fitted
from xmr_core.space import JointSpace

_PAIRS = 2000  # by which media that the space does not know are carried over


def keep(
    name: str, space: JointSpace, dataset: Dataset, title: str, profile: str = "embedded"
) -> str:
    """Keep a space as the profile ``lab:NAME``.

    Args:
        name: for people.
        space: fitted on the dataset by the method that it is called after.
        dataset: whose media a profile's encoders have read.
        title: of the dataset, for people.
        profile: whose encoders these were.

    Returns:
        the name of the profile.

    Raises:
        LabError: features that no file of a library has, or a name that cannot be one.
    """
    if dataset.raw is None or not dataset.encoders:
        raise _own_features(title)
    about = f"{method(space.name).about.title}, fitted on {title}."
    base = load_profile(profile)
    return save_fitted(name, base, dataset.whole(space), dataset.raw(_PAIRS), about)


def may_keep(name: str, title: str, *, encoded: bool) -> None:
    """Look whether a space can be kept, before anything is fitted for it.

    Args:
        name: of the space.
        title: of the dataset that it is fitted on.
        encoded: whether a profile's encoders have read the dataset.

    Raises:
        LabError: it cannot.
    """
    if not encoded:
        raise _own_features(title)
    free(name)


def _own_features(title: str) -> LabError:
    return LabError(
        f"{title} came with features of its own, which no file of yours has.",
        "Fit the method on a dataset that a profile's encoders have read.",
    )
