"""What can be fitted on: data that is made up, benchmarks, and the pairs of libraries."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from xmr_core.datasets import LOADERS, Dataset, Encoders, listed, load
from xmr_core.datasets.files import folder_of
from xmr_core.datasets.made_up import made_up
from xmr_core.errors import LabError, XMRError
from xmr_core.profiles import load_profile
from xmr_core.ui.context import Plain
from xmr_core.ui.lab_reading import Stage

MADE_UP = "made-up"
BASE = "embedded"  # the profile whose encoders read media for the lab

Tell = Callable[[Stage, int, int], None]
"""Told (what is done, how much of it, of how much); whatever it raises ends the reading."""


@dataclass(frozen=True, eq=False)
class Read:
    """Data as it was read.

    Attributes:
        dataset: to fit on and to measure with.
        encoders: that made its views; none where it came with features.
    """

    dataset: Dataset
    encoders: Encoders | None = None


@dataclass(frozen=True)
class Data:
    """Data that can be read.

    Attributes:
        name: on the page.
        key: tells it from all others, and from what it was before it changed.
        title: for people.
        read: slow the first time.
        profile: whose encoders read its media.
    """

    name: str
    key: str
    title: str
    read: Callable[[Tell], Read]
    profile: str = BASE


def of_name(name: str) -> Data:
    """The data of a name; its files may still be missing.

    Raises:
        LabError: there is none.
    """
    if name == MADE_UP:
        return Data(name, name, title_of(name), lambda tell: Read(made_up()))
    if name in LOADERS:
        return Data(name, f"{name} {_stamp(name)}", title_of(name), lambda tell: _read(name, tell))
    raise LabError(f"There is no dataset '{name}'.", "Choose one of the list.")


def described() -> list[Plain]:
    """All of them as the page offers them; what is missing is said with where to get it."""
    return [_described(name) for name in (MADE_UP, *LOADERS)]


def title_of(name: str) -> str:
    """For people."""
    if name == MADE_UP:
        return "Made up: 1,200 pairs of two media with eight hidden topics, 6 classes"
    return LOADERS[name].title


def _read(name: str, tell: Tell) -> Read:
    """A benchmark; its media are encoded by the default profile.

    Raises:
        LabError: its files are missing.
    """
    if not LOADERS[name].encoded:
        return Read(load(name))
    folder_of(name, None)  # before a model is fetched in vain
    encoders = load_profile(BASE, lambda done, total: tell("model", done, total)).encoders
    tell("media", 0, 0)
    return Read(
        load(name, None, encoders, lambda done, total: tell("media", done, total)), encoders
    )


def _stamp(name: str) -> str:
    """Tells a benchmark's folder from what it was before its files changed; "" where there is none.

    What lies in it is looked at, not what lies deeper: a folder there changes its time, too, when
    files come or go.
    """
    try:
        folder = folder_of(name, None)
        there = sorted((path.name, path.stat()) for path in folder.iterdir())
    except (XMRError, OSError):
        return ""
    told = "\0".join(f"{called} {of.st_size} {of.st_mtime_ns}" for called, of in there)
    return hashlib.sha256(f"{folder}\0{told}".encode()).hexdigest()[:16]


def _described(name: str) -> Plain:
    there, where = True, ""
    labelled, captioned = True, False
    if name != MADE_UP:
        loader = LOADERS[name]
        labelled, captioned = loader.labelled is not False, loader.captioned
        try:
            folder = folder_of(name, None)
            if loader.labelled is None:
                labelled, captioned = listed.tells(folder)
        except XMRError as error:
            there = False
            where = (
                f"{error.message} {loader.where} Call that folder {name}, and let XMR_DATA name "
                "the folder that it lies in when XMR is started."
            )
    return {
        "name": name,
        "title": title_of(name),
        "there": there,
        "where": where,
        "labelled": labelled,
        "captioned": captioned,
    }
