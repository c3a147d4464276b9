"""The mosaic game: four media in one file, one of them is asked for; where does the heat map point?

After Arias-Duart, Parés, Garcia-Gasulla and Giménez-Ábalos, "Focus! Rating XAI methods and
finding biases", FUZZ-IEEE 2022. Nobody has to mark anything, and chance is 25%.
"""

import contextlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xmr_core.bench.mosaics import JOINERS, PARTS
from xmr_core.bench.stock import Stock, Thing
from xmr_core.errors import ExplanationError
from xmr_core.explain.canvas import canvas_of, peak
from xmr_core.explain.explanation import Explanation, Side
from xmr_core.explain.methods import Method, default_method
from xmr_core.explain.sides import side_of
from xmr_core.media import Image, Media, Modality, Text, Video
from xmr_core.readers import read
from xmr_core.space import JointSpace

Rng = np.random.Generator
Ask = Callable[[Thing, Stock, Rng], Media]
Choice = Callable[[Side, Side], str]
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Game:
    """One pair of media to play with.

    Attributes:
        name: what is found by what.
        things: of the stock, what mosaics are made of.
        modality: of the mosaic.
        ask: (thing, stock, random numbers) → the query that asks for it.
        bar: per cent of mosaics in which it must be found, or None.
        partners: kind of the stock that the things must have partners in, or "".
        whole: faithfulness is measured on one single thing for so many mosaics, never if 0.
        faithful: per cent of single things in which deletion must fall faster, or None.
    """

    name: str
    things: str
    modality: Modality
    ask: Ask
    bar: float | None = None
    partners: str = ""
    whole: int = 0
    faithful: float | None = 75.0

    def choices(self, stock: Stock) -> Sequence[Thing]:
        """What may be shown."""
        if self.partners:
            return stock.shared(self.things, self.partners)
        return stock.things[self.things]


def by_words(thing: Thing, _: Stock, rng: Rng) -> Media:
    """A caption or name of the thing."""
    return Text(thing.words[rng.integers(len(thing.words))])


def by_other_words(thing: Thing, _: Stock, rng: Rng) -> Media:
    """A caption that is not the first, where there are several."""
    return Text(
        thing.words[rng.integers(1, len(thing.words))] if thing.words[1:] else thing.words[0]
    )


def by_itself(thing: Thing, _: Stock, __: Rng) -> Media:
    """The thing's own file."""
    return read(thing.path)


def by_frame(thing: Thing, _: Stock, rng: Rng) -> Media:
    """A key frame of a clip, as a picture."""
    clip = read(thing.path)
    assert isinstance(clip, Video)  # noqa: S101 - our own stock
    return Image(clip.frames[rng.integers(len(clip.frames))])


def by_a(kind: str) -> Ask:
    """A thing of another kind and the same group."""

    def ask(thing: Thing, stock: Stock, rng: Rng) -> Media:
        alike = [t for t in stock.things[kind] if t.group == thing.group and t.path != thing.path]
        return read(alike[rng.integers(len(alike))].path if alike else thing.path)

    return ask


GAMES: tuple[Game, ...] = (
    Game("image by caption", "photographs", Modality.IMAGE, by_words, 80.0, whole=2),
    Game("image by class name", "classes", Modality.IMAGE, by_words, 85.0, whole=2),
    Game("image by noun", "nouns", Modality.IMAGE, by_words, whole=4),
    Game("image by name", "pictures", Modality.IMAGE, by_words),
    Game("image by image", "photographs", Modality.IMAGE, by_itself, 95.0),
    Game("image by sound", "pictures", Modality.IMAGE, by_a("sounds"), partners="sounds"),
    Game("sound by label", "sounds", Modality.AUDIO, by_words, 85.0, whole=4),
    Game("sound by sound", "sounds", Modality.AUDIO, by_a("sounds")),
    Game("sound by image", "sounds", Modality.AUDIO, by_a("pictures"), partners="pictures"),
    Game("text by image", "photographs", Modality.TEXT, by_itself, 75.0, whole=2),
    Game("text by text", "photographs", Modality.TEXT, by_other_words),
    Game("text by sound", "sounds", Modality.TEXT, by_itself),
    Game("text by mesh", "models", Modality.TEXT, by_itself),
    Game("video by caption", "clips", Modality.VIDEO, by_words, whole=8),
    Game("video by image", "clips", Modality.VIDEO, by_frame),
    # What is taken from a model leaves a hole, no blur: which map falls faster says little of it
    Game("mesh by name", "models", Modality.MESH, by_words, whole=16, faithful=None),
    Game("mesh by mesh", "models", Modality.MESH, by_itself),
)


def play(
    game: Game,
    stock: Stock,
    space: JointSpace,
    methods: Mapping[str, Method],
    rounds: int,
    best: Choice = default_method,
    seed: int = 0,
) -> dict[str, list[bool]]:
    """Whether each method, and ``DEFAULT``, found what was asked for, mosaic by mosaic.

    Args:
        game: the pair of media.
        stock: what mosaics are made of.
        space: in which they are explained.
        methods: those that know no pair of these media are left out.
        rounds: mosaics.
        best: says which method is shown when nobody asks for another.
        seed: of what is shown and asked for.
    """
    rng = np.random.default_rng(seed)
    found: dict[str, dict[int, bool]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for i in range(rounds):
            shown = some(game.choices(stock), PARTS, rng)
            wanted = int(rng.integers(PARTS))
            asked = game.ask(shown[wanted], stock, rng)
            mosaic = JOINERS[game.modality](_tiles(game, shown), Path(folder) / str(i))
            canvas = canvas_of(read(mosaic.path))
            mosaic.path.unlink()
            for name, made in explained(asked, canvas.media, space, methods, best).items():
                place = peak(canvas, canvas.spread(made.hit, made.hit_heat))
                found.setdefault(name, {})[i] = mosaic.part(place) == wanted
    # a method that knows these media and fails at some of them has not found what was asked for
    return {name: [hits.get(i, False) for i in range(rounds)] for name, hits in found.items()}


def explained(
    asked: Media, shown: Media, space: JointSpace, methods: Mapping[str, Method], best: Choice
) -> dict[str, Explanation]:
    """Explanations by each method that knows this pair of media, and by the best as ``DEFAULT``.

    None where nothing takes such media apart.
    """
    try:
        query, hit = side_of(asked, space), side_of(shown, space)
    except ExplanationError:
        return {}
    made: dict[str, Explanation] = {}
    for name, method in methods.items():
        with contextlib.suppress(ExplanationError):  # it is for other encoders
            made[name] = method(query, hit, space)
    if (chosen := best(query, hit)) in made:
        made[DEFAULT] = made[chosen]
    return made


def _tiles(game: Game, shown: Sequence[Thing]) -> list[str] | list[Path]:
    """What is joined: files, or sentences."""
    if game.modality is Modality.TEXT:
        return [thing.words[0] for thing in shown]
    return [thing.path for thing in shown]


def some(things: Sequence[Thing], count: int, rng: Rng) -> list[Thing]:
    """Things of as many different groups, each group as likely as any other."""
    groups: dict[str, list[Thing]] = {}
    for thing in things:
        groups.setdefault(thing.group, []).append(thing)
    names = list(groups)
    chosen = rng.choice(len(names), count, replace=False)
    return [groups[names[i]][rng.integers(len(groups[names[i]]))] for i in chosen]
