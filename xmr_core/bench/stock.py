"""What the benchmark of explanations is played with: pictures, sounds, clips and models by name.

From the folder ``XMR_DATA`` where there is one, else from the demo library's own media,
which are fewer and were made for this program.
"""

import csv
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xmr_core.bench.nouns import noun_of
from xmr_core.demo import WORKS, make
from xmr_core.demo.library import media_dir
from xmr_core.media import Modality

_HEADS_SEED = 2026  # of the split that the embedded profile's heads were trained by
_APART = 1000  # of Flickr8k's pictures were not trained on: those are shown here
_LONGEST = 4  # words of a stamp's name; longer captions tell stories
_ARTICLES = ("a ", "an ", "the ", "some ")
# Folders of stamps that hold one class of things, and what one of it is called.
CLASSES = {
    "amphibians": "frog",
    "auto": "car",
    "bears": "bear",
    "birds": "bird",
    "bovines": "cattle",
    "camel": "camel",
    "cats": "big cat",
    "deer": "deer",
    "dishes": "dish",
    "dogs": "dog",
    "equines": "horse",
    "fish": "fish",
    "flags": "flag",
    "flowers": "flower",
    "fruit": "fruit",
    "hats": "hat",
    "houses": "house",
    "insects": "insect",
    "locomotive": "train",
    "masstransit": "bus",
    "moon": "moon",
    "mushrooms": "mushroom",
    "nuts": "nut",
    "percussion": "drum",
    "planes": "airplane",
    "planets": "planet",
    "roadsigns": "road sign",
    "rodents": "rodent",
    "ship": "ship",
    "string": "string instrument",
    "tools": "tool",
    "trees": "tree",
    "vegetables": "vegetable",
}
# Classes whose names fit things of another one too: a tomato is a fruit, a moon a kind of planet.
_KIN = {"moon": "planet", "mushroom": "fruit", "nut": "fruit", "vegetable": "fruit"}


@dataclass(frozen=True, slots=True)
class Thing:
    """One file, what people would call it, and its kind.

    Attributes:
        path: of the file.
        words: captions or names, any of which ask for it.
        group: things of one group are too alike to be told apart.
    """

    path: Path
    words: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class Stock:
    """All things, by what they are.

    Attributes:
        things: ``photographs`` and ``clips`` with captions; ``pictures``, ``sounds`` and
            ``models`` with names; ``classes``, pictures with the names of their classes;
            ``nouns``, photographs of one thing each with its name.
        demo: which of these are the demo's own media.
    """

    things: Mapping[str, Sequence[Thing]]
    demo: frozenset[str] = frozenset()

    def beside(self, kind: str) -> str:
        """What has to be said of figures that were measured on a kind of things.

        >>> Stock({}, frozenset({"clips"})).beside("clips")
        " (the demo's)"
        """
        return " (the demo's)" if kind in self.demo else ""

    def shared(self, one: str, other: str) -> list[Thing]:
        """Things of one kind whose group the other kind has too."""
        groups = {thing.group for thing in self.things[other]}
        return [thing for thing in self.things[one] if thing.group in groups]


def stock(folder: Path | None = None) -> Stock:
    """The things in ``folder``, ``$XMR_DATA`` if None; the demo's for what is not there."""
    asked = folder or Path(os.environ.get("XMR_DATA") or "/nowhere")
    here = {kind: load(asked) for kind, load in _LOADERS.items()}
    missing = frozenset(kind for kind, things in here.items() if not things)
    demo = _demo() if missing else {}
    return Stock({kind: things or demo[kind] for kind, things in here.items()}, missing)


def thing_name(caption: str) -> str:
    """What a caption names: no article, no full stop, lower case.

    >>> thing_name("A monarch butterfly.")
    'monarch butterfly'
    """
    name = caption.strip().rstrip(".!").lower()
    for article in _ARTICLES:
        name = name.removeprefix(article)
    return name


def _photographs(folder: Path) -> list[Thing]:
    rows = _rows(folder / "flickr8k" / "captions.csv")
    apart = np.random.default_rng(_HEADS_SEED).permutation(len(rows))[:_APART]
    return [
        Thing(
            folder / "flickr8k" / row["path"],
            tuple(row[f"caption{n}"].rstrip(" .") for n in range(1, 6)),
            row["path"],
        )
        for row in (rows[i] for i in np.sort(apart))
    ]


def _cutouts(folder: Path) -> list[tuple[Path, dict[str, str]]]:
    rows = _rows(folder / "stamps" / "manifest.csv")
    return [(folder / "stamps" / row["image"], row) for row in rows]


def _pictures(folder: Path) -> list[Thing]:
    """Cut-outs by their own names, such as "monarch butterfly"."""
    return [
        _named(path, thing_name(row["caption"]))
        for path, row in _cutouts(folder)
        if row["caption"].lower().startswith(_ARTICLES) and len(row["caption"].split()) <= _LONGEST
    ]


def _classes(folder: Path) -> list[Thing]:
    """Cut-outs by the names of their classes, such as "insect"."""
    return [
        Thing(path, (called,), _KIN.get(called, called))
        for path, row in _cutouts(folder)
        if (called := CLASSES.get(row["category"].removesuffix("/cartoon").split("/")[-1]))
    ]


def _nouns(folder: Path) -> list[Thing]:
    """Photographs by the name of the one thing that their captions agree on."""
    return [
        Thing(thing.path, (noun,), noun)
        for thing in _photographs(folder)
        if (noun := noun_of(thing.words))
    ]


def _sounds(folder: Path) -> list[Thing]:
    return [
        _named(folder / "animal_sounds" / row["path"], row["label"])
        for row in _rows(folder / "animal_sounds" / "manifest.csv")
    ]


def _models(folder: Path) -> list[Thing]:
    return [
        _named(folder / "meshes" / row["path"], row["label"].lower())
        for row in _rows(folder / "meshes" / "manifest.csv")
    ]


def _clips(folder: Path) -> list[Thing]:
    return [
        Thing(folder / "videos" / row["path"], (row["caption"].rstrip(" ."),), row["path"])
        for row in _rows(folder / "videos" / "manifest.csv")
    ]


_LOADERS: Mapping[str, Callable[[Path], list[Thing]]] = {
    "photographs": _photographs,
    "pictures": _pictures,
    "classes": _classes,
    "nouns": _nouns,
    "sounds": _sounds,
    "models": _models,
    "clips": _clips,
}


def _demo() -> dict[str, list[Thing]]:
    """The demo's media: named by their files, and pictures by what they are about."""
    folder = media_dir()
    make(folder)

    def of(modality: Modality, *, theme: bool = False) -> list[Thing]:
        return [
            Thing(
                folder / work.path,
                (work.themes[0] if theme else Path(work.path).stem.replace("-", " "),),
                work.themes[0],
            )
            for work in WORKS
            if work.modality is modality
        ]

    return {
        "photographs": of(Modality.IMAGE),
        "pictures": of(Modality.IMAGE),
        "classes": of(Modality.IMAGE, theme=True),
        "nouns": of(Modality.IMAGE, theme=True),
        "sounds": of(Modality.AUDIO),
        "models": of(Modality.MESH),
        "clips": of(Modality.VIDEO),
    }


def _named(path: Path, name: str) -> Thing:
    """A thing whose kind is the last word of its name."""
    return Thing(path, (name,), name.split()[-1])


def _rows(file: Path) -> list[dict[str, str]]:
    """The rows of a table; none where it is not there."""
    if not file.is_file():
        return []
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
