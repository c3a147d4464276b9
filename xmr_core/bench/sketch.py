"""How well does a drawing find? Pictures reduced to patches and lines, and simple things drawn.

Nobody draws as a filter reduces a photograph: the first figures say what of a picture carries a
search, colour or outline, and are more than a hand reaches. The things drawn of a few circles and
triangles are less than most hands do.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFilter

from xmr_core.bench.report import Figure
from xmr_core.library import Library
from xmr_core.media import Image
from xmr_core.space import JointSpace

Picture = Pictures.Image
FIRST = 10
_SIDE = 480  # pixels of the longer side
_EDGES = 0.07  # of the pixels become lines
_WIDE, _HIGH = 640, 480
_SUFFIXES = frozenset({".jpg", ".png", ".webp"})


@dataclass(frozen=True, slots=True)
class Drawing:
    """A thing of a few shapes.

    Attributes:
        right: paths of the pictures that show it.
        ground: colour of the background.
        shapes: ("ellipse", left, top, right, bottom, colour) or ("polygon", x, y, …, colour), in
            hundredths of the picture's width and height.
    """

    right: tuple[str, ...]
    ground: str
    shapes: tuple[tuple[object, ...], ...]


_SKY, _GRASS, _SEA, _NIGHT, _SNOW = "#8cc6ee", "#3f9a43", "#2a5fc4", "#101830", "#f2f6fa"
_LAND = ("polygon", 0, 75, 100, 75, 100, 100, 0, 100)

DRAWINGS: Mapping[str, Drawing] = {
    "tree": Drawing(("forest/lone-tree.jpg",), _SKY, (
        (*_LAND, _GRASS), ("polygon", 47, 80, 53, 80, 53, 50, 47, 50, "#7a4a24"),
        ("ellipse", 32, 15, 68, 58, "#1f5a33"))),
    "house": Drawing(("home/house-with-a-garden.jpg",), _SKY, (
        (*_LAND, _GRASS), ("polygon", 30, 80, 70, 80, 70, 45, 30, 45, "#e8dcc0"),
        ("polygon", 25, 45, 75, 45, 50, 20, "#a83c2a"),
        ("polygon", 46, 80, 54, 80, 54, 60, 46, 60, "#7a4a24"),
        ("polygon", 35, 62, 43, 62, 43, 52, 35, 52, _SKY))),
    "ball": Drawing(("sport/basketball.jpg", "sport/football-on-the-pitch.jpg"), "#e8e2d8", (
        ("ellipse", 29, 14, 71, 86, "#d9691e"),
        ("polygon", 49, 14, 51, 14, 51, 86, 49, 86, "#161616"),
        ("polygon", 29, 49, 71, 49, 71, 51, 29, 51, "#161616"))),
    "sun over the sea": Drawing((
        "sea/beach.jpg", "sea/sailing-away.jpg", "sea/harbour.jpg", "sea/lighthouse-at-dusk.jpg",
        "birds/geese-at-sunset.jpg"), "#f2a25c", (
        ("ellipse", 40, 35, 60, 65, "#f6cf31"),
        ("polygon", 0, 55, 100, 55, 100, 100, 0, 100, _SEA))),
    "moon": Drawing(("night/full-moon.jpg", "space/moon-surface.png"), _NIGHT, (
        ("ellipse", 36, 28, 64, 66, "#e8e6d8"), ("ellipse", 42, 36, 49, 45, "#b9b6a6"),
        ("ellipse", 52, 46, 59, 55, "#b9b6a6"))),
    "snowman": Drawing(("winter/snowman.jpg",), _SKY, (
        (*_LAND, _SNOW), ("ellipse", 34, 50, 66, 92, _SNOW), ("ellipse", 39, 25, 61, 55, _SNOW),
        ("ellipse", 44, 34, 47, 38, "#161616"), ("ellipse", 53, 34, 56, 38, "#161616"),
        ("polygon", 50, 41, 60, 43, 50, 45, "#ee8a1d"))),
    "sailing boat": Drawing(("sea/sailing-away.jpg", "sea/harbour.jpg"), _SKY, (
        ("polygon", 0, 65, 100, 65, 100, 100, 0, 100, _SEA),
        ("polygon", 30, 66, 70, 66, 62, 78, 38, 78, "#7a4a24"),
        ("polygon", 50, 62, 50, 18, 72, 62, _SNOW), ("polygon", 48, 62, 48, 24, 34, 62, _SNOW))),
    "traffic light": Drawing(("cars/traffic-light.jpg",), _SKY, (
        ("polygon", 40, 10, 60, 10, 60, 78, 40, 78, "#161616"),
        ("polygon", 48, 78, 52, 78, 52, 100, 48, 100, "#161616"),
        ("ellipse", 43, 13, 57, 32, "#d6302a"), ("ellipse", 43, 35, 57, 54, "#f6cf31"),
        ("ellipse", 43, 57, 57, 76, "#3f9a43"))),
    "hot-air balloon": Drawing(("flight/hot-air-balloons.jpg",), _SKY, (
        ("ellipse", 32, 10, 68, 62, "#d6302a"),
        ("polygon", 45, 10, 55, 10, 55, 62, 45, 62, "#f6cf31"),
        ("polygon", 46, 72, 54, 72, 54, 82, 46, 82, "#7a4a24"))),
    "umbrella": Drawing(("rain/umbrella-on-a-wet-street.jpg",), "#8b8f92", (
        ("polygon", 20, 50, 26, 32, 38, 22, 50, 18, 62, 22, 74, 32, 80, 50, "#d6302a"),
        ("polygon", 49, 50, 51, 50, 51, 85, 49, 85, "#161616"))),
}  # fmt: skip


def bench_sketch(folder: Path | None = None, space: JointSpace | None = None) -> Iterator[Figure]:
    """Recall in the first ten pictures, by patches, by lines, and by drawn things.

    Args:
        folder: of pictures; those of the demo if None.
        space: the profile ``embedded`` if None.
    """
    with tempfile.TemporaryDirectory(prefix="xmr-sketch-") as place:
        media = folder or _demo(Path(place) / "media")
        with Library.create("sketch", home=Path(place) / "home", space=space) as library:
            for _ in library.index(media):
                pass
            items = library.items(limit=1000)
            title, chance = "pictures by what is left of them, recall in the first ten", 100 * FIRST
            for name, reduce, bar in REDUCED:
                found = [
                    _rank(library, reduce(_opened(item.file)), {item.path}) <= FIRST
                    for item in items
                ]
                cell = (title, f"{len(items)} pictures", name)
                yield Figure(f"{title}, {name}", 100 * float(np.mean(found)), "%", bar, cell=cell)
            yield Figure(f"{title}, by chance", min(100.0, chance / max(1, len(items))), "%")
            yield from _things(library, {item.path for item in items})


def _things(library: Library, there: set[str]) -> Iterator[Figure]:
    known = {name: one for name, one in DRAWINGS.items() if there.issuperset(one.right)}
    if not known:
        return
    for how, lines in (("in colour", False), ("in lines", True)):
        ranks = [_rank(library, drawn(one, lines=lines), set(one.right)) for one in known.values()]
        share = 100 * float(np.mean(np.array(ranks) <= FIRST))
        yield Figure(f"{len(known)} things drawn {how}, right in the first ten", share, "%")
    chances = [1 - (1 - FIRST / len(there)) ** len(one.right) for one in known.values()]
    yield Figure("things drawn, by chance", 100 * float(np.mean(chances)), "%")


def drawn(one: Drawing, *, lines: bool = False) -> Picture:
    """A thing in its colours, or its outlines in black on white."""
    picture = Pictures.new("RGB", (_WIDE, _HIGH), "white" if lines else one.ground)
    pen = ImageDraw.Draw(picture)
    for kind, *numbers, colour in one.shapes:
        at = [float(str(n)) * (_HIGH if i % 2 else _WIDE) / 100 for i, n in enumerate(numbers)]
        look = {"outline": "black", "width": 5} if lines else {"fill": str(colour)}
        (pen.ellipse if kind == "ellipse" else pen.polygon)(at, **look)
    return picture


def patches(picture: Picture, colours: int) -> Picture:
    """A picture as flat patches of a few colours."""
    calm = picture.filter(ImageFilter.MedianFilter(9)).filter(ImageFilter.ModeFilter(9))
    return calm.quantize(
        colours, method=Pictures.Quantize.MEDIANCUT, dither=Pictures.Dither.NONE
    ).convert("RGB")


def outlines(picture: Picture) -> Picture:
    """The steepest edges of a picture as black lines on white."""
    grey = np.asarray(picture.convert("L").filter(ImageFilter.GaussianBlur(2)), np.float32)
    steep = np.hypot(*np.gradient(grey))  # (h, w)
    edge = steep > max(2.0, float(np.quantile(steep, 1 - _EDGES)))
    return Pictures.fromarray(np.where(edge, 0, 255).astype(np.uint8)).convert("RGB")


REDUCED: tuple[tuple[str, Callable[[Picture], Picture], float | None], ...] = (
    ("eight colours", lambda picture: patches(picture, 8), 85.0),
    ("four colours", lambda picture: patches(picture, 4), None),
    ("lines", outlines, 30.0),
)


def _rank(library: Library, picture: Picture, right: set[str]) -> int:
    """Of the first right picture among all."""
    hits = library.search(Image(np.asarray(picture)), to=["image"], k=1000).hits
    return next((hit.rank for hit in hits if hit.item.path in right), len(hits) + 1)


def _opened(path: Path) -> Picture:
    with Pictures.open(path) as file:
        picture = file.convert("RGB")
    picture.thumbnail((_SIDE, _SIDE))
    return picture


def _demo(folder: Path) -> Path:
    """The pictures of the demo, in a folder."""
    from xmr_core.demo import WORKS

    for work in WORKS:
        if Path(work.path).suffix in _SUFFIXES:
            path = folder / work.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(work.bytes())
    return folder
