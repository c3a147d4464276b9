"""Profiles for tests, to be put into the registry: the space of three colours under names.

``colours``
    the space itself.
``colours-turned``
    the same encoders, another space: nothing needs to be read again.
``colours-again``
    other encoders: every file has to be read again.
``colours-slow``
    takes a tenth of a second for each picture, so that a run can be watched.
``colours-far``
    needs a hub that does not answer.
``colours-large``
    takes its time to be fetched and says so.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from tests.fakes import DIM, PictureEncoder, fake_space
from xmr_core import profiles
from xmr_core.errors import HubUnreachable
from xmr_core.media import Encoding, Image, Modality
from xmr_core.models import Progress
from xmr_core.profiles import ProfileInfo
from xmr_core.space import JointSpace

LARGE = 5_000_000  # bytes


class SlowPictureEncoder(PictureEncoder):
    """A tenth of a second for each picture."""

    def encode(self, batch: Sequence[Image]) -> list[Encoding]:
        time.sleep(0.1 * len(batch))
        return super().encode(batch)


class OtherPictureEncoder(PictureEncoder):
    """Features of another encoder, as far as anybody can tell."""

    name = "fake-other-pictures"
    fingerprint = "fake-pictures-2"


class Colours:
    """A profile over the space of three colours."""

    def __init__(self, name: str) -> None:
        self.name = name

    def describe(self) -> ProfileInfo:
        return ProfileInfo(
            name=self.name,
            about="Tells things by their colours.",
            dim=DIM,
            modalities=tuple(Modality),
            licence="MIT",
            download_bytes={"colours-far": 90_000_000, "colours-large": LARGE}.get(self.name, 0),
            needs_hub=self.name == "colours-far",
        )

    def load(self, progress: Progress | None) -> JointSpace:
        match self.name:
            case "colours-far":
                raise HubUnreachable(
                    "colours-far needs 90 MB from the model hub, which cannot be reached.",
                    "Use colours.",
                )
            case "colours-large":
                for done in range(0, LARGE + 1, LARGE // 50):
                    time.sleep(0.05)
                    if progress is not None:
                        progress(done, LARGE)
                return fake_space(turn=2)
            case "colours-turned":
                return fake_space(turn=1)
            case "colours-again":
                return fake_space(image=OtherPictureEncoder())
            case "colours-slow":
                return fake_space(image=SlowPictureEncoder())
        return fake_space()


NAMES = (
    "colours",
    "colours-turned",
    "colours-again",
    "colours-slow",
    "colours-far",
    "colours-large",
)


@contextmanager
def registered() -> Iterator[None]:
    """While this lasts, the profiles can be loaded by name."""
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            patch.setitem(profiles.PROFILES, name, lambda name=name: Colours(name))
        yield
