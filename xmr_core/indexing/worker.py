"""What runs on the machines of a cluster: some files in, their vectors out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from xmr_core import readers
from xmr_core.indexing.intake import Intake
from xmr_core.indexing.jobs import Encoded, Job, Result
from xmr_core.indexing.progress import Control
from xmr_core.space import JointSpace

VERSION = version("xmr")
Known = frozenset[tuple[str, str]]
"""Hashes and suffixes of what the library has."""


class Worker:
    """What runs on the machines of the cluster.

    Args:
        load: gives the joint space.
        known: what the library has.
    """

    def __init__(self, load: Callable[[], JointSpace], known: Known) -> None:
        self._space = load()
        self._known = known
        self._begun = False

    def about(self, roots: Sequence[Path]) -> tuple[str, str, list[Path]]:
        """Its version, the fingerprint of its space, and the folders that it does not see."""
        unseen = [root for root in roots if not root.is_dir()]
        return VERSION, self._space.fingerprint, unseen

    def look(self, jobs: list[Job]) -> list[Result]:
        """Read and encode some files."""
        intake = Intake(
            jobs, self._space, Control(), readers.read, readers.detect, partial(_known, self._known)
        )
        results: list[Result] = []
        intake.start()
        try:
            while (some := intake.take(1.0)) is not None:
                results += some
        finally:
            intake.stop()
        begun, self._begun = self._begun, True
        # its encoders were loaded for the first files that it had, not for these
        return [
            replace(one, first=False) if begun and isinstance(one, Encoded) else one
            for one in results
        ]


def _known(known: Known, hash: str, job: Job) -> bool:
    return (hash, PurePosixPath(job.path).suffix.lower()) in known
