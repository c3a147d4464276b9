"""Real photographs, read from packages that are installed anyway, whole and in views.

Nothing is downloaded and nothing is copied into this project: the pictures are
cut on the user's machine, and ``CREDITS.md`` in the demo folder names them all.
"""

import importlib.util
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from xmr_core.demo.work import Work
from xmr_core.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class Source:
    """A photograph inside an installed package.

    Attributes:
        package: name to import.
        file: below the package.
        shows: what is to be seen.
        credit: who made it and where it comes from.
        licence: as its package states it.
    """

    package: str
    file: str
    shows: str
    credit: str
    licence: str


SOURCES: dict[str, Source] = {
    "astronaut": Source(
        "skimage",
        "data/astronaut.png",
        "the astronaut Eileen Collins",
        "NASA Great Images, https://flic.kr/p/r9qvLn",
        "public domain",
    ),
    "cat": Source("skimage", "data/chelsea.png", "the cat Chelsea", "Stéfan van der Walt", "CC0"),
    "coffee": Source(
        "skimage",
        "data/coffee.png",
        "a cup of espresso",
        "Rachel Michetti, courtesy of Pikolo Espresso Bar",
        "CC0",
    ),
    "coins": Source(
        "skimage",
        "data/coins.png",
        "Greek coins from Pompeii",
        "Brooklyn Museum, https://www.brooklynmuseum.org/opencollection/archives/image/51611",
        "no known copyright restrictions",
    ),
    "hubble": Source(
        "skimage",
        "data/hubble_deep_field.jpg",
        "the Hubble eXtreme Deep Field",
        "NASA, http://hubblesite.org/newscenter/archive/releases/2012/37/image/a/",
        "public domain",
    ),
    "moon": Source(
        "skimage",
        "data/moon.png",
        "the surface of the Moon",
        "carried by scikit-image",
        "as scikit-image (BSD-3-Clause); nothing else is stated",
    ),
    "motorcycle": Source(
        "skimage",
        "data/motorcycle_left.png",
        "a motorcycle in a garage",
        "Middlebury 2014 stereo benchmark (Scharstein et al., GCPR 2014), "
        "http://vision.middlebury.edu/stereo/data/scenes2014/",
        "as scikit-image (BSD-3-Clause); nothing else is stated",
    ),
    "photographer": Source(
        "skimage", "data/camera.png", "a man with a camera on a tripod", "Lav Varshney", "CC0"
    ),
    "horse": Source(
        "skimage",
        "data/horse.png",
        "the outline of a horse",
        "Andreas Preuss (marauder), http://openclipart.org/detail/158377/horse-by-marauder",
        "CC0",
    ),
    "retina": Source(
        "skimage",
        "data/retina.jpg",
        "the back of a human eye",
        "Mikael Häggström, WikiJournal of Medicine 1 (2), doi:10.15347/wjm/2014.008",
        "CC0",
    ),
    "rocket": Source(
        "skimage",
        "data/rocket.jpg",
        "a Falcon 9 before its launch with DSCOVR",
        "SpaceX, https://www.flickr.com/photos/spacexphotos/16511594820/",
        "public domain",
    ),
    "page": Source(
        "skimage",
        "data/page.png",
        "a printed page",
        "carried by scikit-image",
        "as scikit-image (BSD-3-Clause); nothing else is stated",
    ),
    "china": Source(
        "sklearn",
        "datasets/images/china.jpg",
        "a pavilion of the Summer Palace in Beijing",
        "danielbuechele, https://www.flickr.com/photos/danielbuechele/6061409035/",
        "CC BY 2.0",
    ),
    "flower": Source(
        "sklearn",
        "datasets/images/flower.jpg",
        "an orange dahlia",
        "vultilion, https://www.flickr.com/photos/vultilion/6056698931/",
        "CC BY 2.0",
    ),
}


def photograph(name: str) -> Image.Image:
    """A photograph in RGB, transparent parts over white.

    Raises:
        UnreadableFile: its package is not installed, or does not carry it.
    """
    source = SOURCES[name]
    spec = importlib.util.find_spec(source.package)
    folder = Path(spec.origin).parent if spec and spec.origin else Path(source.package)
    file = folder / source.file
    if not file.is_file():
        raise UnreadableFile(
            file,
            f"is not in the package {source.package}",
            "Install scikit-image and scikit-learn.",
        )
    with Image.open(file) as picture:
        rgba = picture.convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    return Image.alpha_composite(white, rgba).convert("RGB")


def view(
    name: str, box: tuple[float, float, float, float] = (0, 0, 1, 1), mirror: bool = False
) -> Image.Image:
    """A piece of a photograph, its box (left, top, right, bottom) in 0…1."""
    picture = photograph(name)
    w, h = picture.size
    left, top, right, bottom = box
    picture = picture.crop((round(left * w), round(top * h), round(right * w), round(bottom * h)))
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirror else picture


def save(picture: Image.Image, suffix: str) -> bytes:
    """The picture as a file."""
    target = io.BytesIO()
    if suffix == ".png":
        picture.save(target, "PNG", optimize=True)
    elif suffix == ".webp":
        picture.save(target, "WEBP", quality=88)
    else:
        picture.save(target, "JPEG", quality=90)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class _View:
    """What of which photograph becomes a picture of the demo library."""

    path: str
    name: str
    themes: tuple[str, ...]
    box: tuple[float, float, float, float] = (0, 0, 1, 1)
    mirror: bool = False

    def work(self) -> Work:
        suffix = self.path[self.path.rindex(".") :]

        def make(rng: np.random.Generator) -> bytes:
            return save(view(self.name, self.box, self.mirror), suffix)

        return Work(self.path, self.themes, make)


_VIEWS = (
    _View("cats/chelsea-the-cat.jpg", "cat", ("cats",)),
    _View("cats/cat-face.jpg", "cat", ("cats",), box=(0.2, 0.0, 0.85, 1)),
    _View("cats/cat-looking-left.webp", "cat", ("cats",), box=(0.0, 0.02, 1, 0.92), mirror=True),
    _View("space/astronaut.jpg", "astronaut", ("space",)),
    _View("space/astronaut-portrait.jpg", "astronaut", ("space",), box=(0.18, 0, 0.72, 0.62)),
    _View("space/rocket-on-the-pad.jpg", "rocket", ("space",)),
    _View("space/rocket-close.jpg", "rocket", ("space",), box=(0.3, 0.25, 0.75, 1)),
    _View(
        "space/deep-field.jpg",
        "hubble",
        (
            "space",
            "night",
        ),
    ),
    _View(
        "space/moon-surface.png",
        "moon",
        (
            "space",
            "night",
        ),
    ),
    _View("coffee/espresso.jpg", "coffee", ("coffee",)),
    _View("coffee/espresso-from-above.webp", "coffee", ("coffee",), box=(0.1, 0.0, 0.85, 1)),
    _View("coins/greek-coins.png", "coins", ("coins",)),
    _View("coins/row-of-coins.jpg", "coins", ("coins",), box=(0.02, 0.0, 0.98, 0.5)),
    _View("horses/horse-outline.png", "horse", ("horses",)),
    _View("cars/motorcycle.jpg", "motorcycle", ("cars",)),
    _View("cars/motorcycle-front.jpg", "motorcycle", ("cars",), box=(0.42, 0.2, 1, 1)),
    _View("china/summer-palace.jpg", "china", ("china",)),
    _View("china/temple-roof.jpg", "china", ("china",), box=(0.1, 0.02, 0.62, 0.6)),
    _View("china/pavilion.webp", "china", ("china",), box=(0.08, 0.3, 0.66, 0.98)),
    _View("flowers/dahlia.jpg", "flower", ("flowers",)),
    _View("flowers/dahlia-close.jpg", "flower", ("flowers",), box=(0.28, 0.15, 0.72, 0.82)),
    _View("camera/photographer.jpg", "photographer", ("camera",)),
    _View("office/printed-page.png", "page", ("office",)),
    _View("doctor/retina.jpg", "retina", ("doctor",)),
)

WORKS: tuple[Work, ...] = tuple(shown.work() for shown in _VIEWS)


def credits() -> str:
    """A table of the photographs in Markdown: what is made of each, who made it, its licence."""
    rows = ["| Pictures | Show | By and from | Licence |", "| --- | --- | --- | --- |"]
    for name, source in SOURCES.items():
        paths = ", ".join(shown.path for shown in _VIEWS if shown.name == name)
        rows.append(f"| {paths} | {source.shows} | {source.credit} | {source.licence} |")
    return "\n".join(rows)
