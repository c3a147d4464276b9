"""Words inside media: how well writing is read, how well words are found, and how fast.

The pictures are drawn here with Pillow's own font; speech is made by espeak-ng where it is
installed, whose voice PocketSphinx knows less well than a person's.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from xmr_core.bench import media
from xmr_core.bench.report import Figure
from xmr_core.bench.search import fill
from xmr_core.catalogue import Line
from xmr_core.library import Library
from xmr_core.media import Bytes, Image, Modality
from xmr_core.profiles import load_profile
from xmr_core.space import JointSpace
from xmr_core.wording import tokens
from xmr_core.words.writing import read

_PHRASES = (
    "No smoking in the library", "Platform four to Lisbon", "Fresh bread every morning",
    "Beware of the sleeping dog", "Closed on public holidays", "Lost umbrella, small reward",
    "Tickets at the second counter", "Please ring the brass bell", "Mind the wet paint",
    "Honey from our own hives", "Swimming is not allowed here", "Repairs while you wait",
    "Museum of forgotten clocks", "Turn left at the windmill", "Departure 7:45 from pier 12",
    "Handle with great care", "Silence during rehearsals", "Welcome to Market Street",
    "Danger: falling rocks ahead", "Cash only after midnight",
)  # fmt: skip
_SIZES = (14, 20, 32, 56)  # pixels of the letters
_TURNS = (0, 10, 90, 180)  # degrees
_CONTRASTS = {"black on white": (0, 255), "grey on grey": (120, 170), "white on dark": (240, 40)}
_ITEMS, _QUERIES = 100_000, 60
_BAR_MS = 10.0


def bench_words(
    items: int = _ITEMS, phrases: Sequence[str] = _PHRASES, space: JointSpace | None = None
) -> Iterator[Figure]:
    """Characters and words that are read, phrases that are found first, time of a search."""
    space = space or load_profile("embedded")
    yield from _read(phrases)
    yield from _found(phrases, space)
    yield from _fast(items, space)


def drawn(words: str, size: int, turn: float = 0, ink: int = 0, paper: int = 255) -> Bytes:
    """A picture of a line of writing, u8 (H, W, 3)."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = ImageDraw.Draw(Pictures.new("L", (1, 1))).textbbox(
        (0, 0), words, font=font
    )
    wide, high = int(right - left) + 80, max(int(bottom - top) + 120, 240)
    picture = Pictures.new("RGB", (wide, high), (paper,) * 3)
    ImageDraw.Draw(picture).text((40, high // 2 - size), words, font=font, fill=(ink,) * 3)
    return np.asarray(picture.rotate(turn, expand=True, fillcolor=(paper,) * 3), np.uint8)


def distance(one: str, other: str) -> int:
    """Letters to change, add and leave out from one text to another (Levenshtein, 1966).

    >>> distance("smoking", "smokin'")
    1
    """
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, row[0] = row[0], at
        for to, wanted in enumerate(other, start=1):
            before, row[to] = row[to], min(
                row[to] + 1, row[to - 1] + 1, before + (letter != wanted)
            )  # fmt: skip
    return row[-1]


def _read(phrases: Sequence[str]) -> Iterator[Figure]:
    """Accuracy of characters and recall of words, by size, turn and contrast."""
    ways: dict[str, dict[str, int]] = {
        f"letters of {size} pixels": {"size": size} for size in _SIZES
    }
    ways |= {f"turned by {turn}°": {"size": 32, "turn": turn} for turn in _TURNS[1:]}
    ways |= {
        name: {"size": 32, "ink": ink, "paper": paper}
        for name, (ink, paper) in list(_CONTRASTS.items())[1:]
    }
    for name, way in ways.items():
        wrong = letters = words = held = 0
        for phrase in phrases:
            text = " ".join(line.text for line in read(drawn(phrase, **way)))
            wrong += min(distance(phrase, text), len(phrase))
            letters += len(phrase)
            wanted = tokens(phrase)
            words += len(wanted)
            held += len(set(wanted) & set(tokens(text)))
        of = f"of {len(phrases)} drawn lines, {name}"
        yield Figure(f"characters read right {of}", 100 * (1 - wrong / letters), "%", 95.0)
        yield Figure(f"words read {of}", 100 * held / words, "%", 90.0)


def _found(phrases: Sequence[str], space: JointSpace) -> Iterator[Figure]:
    """How often a phrase, typed as it is, finds first the file that holds it."""
    half = len(phrases) // 2
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "media"
        folder.mkdir()
        holds: dict[str, tuple[str, str]] = {}
        for number, phrase in enumerate(phrases[:half]):
            Pictures.fromarray(drawn(phrase, 28, ink=40)).save(folder / f"a{number}.png")
            holds[phrase] = "written", f"a{number}.png"
        for number, phrase in enumerate(phrases[half:]):
            about = media.SENTENCES[number % len(media.SENTENCES)]
            text = f"{about}\n\nAnd there it said: {phrase}, which nobody had expected.\n"
            (folder / f"b{number}.txt").write_text(text, "utf-8")
            holds[phrase] = "embedded in texts", f"b{number}.txt"
        for number, pixels in enumerate(media.photographs(24)):
            Pictures.fromarray(pixels).save(folder / f"p{number}.jpg")
        with Library.create("bench", home=Path(home) / "lib", space=space) as library:
            for _ in library.index(folder):
                pass
            for _ in library.look(["writing"]):
                pass
            for kind in dict.fromkeys(kind for kind, _ in holds.values()):
                asked = [phrase for phrase, (k, _) in holds.items() if k == kind]
                first = sum(
                    library.search(phrase, k=1).hits[0].item.path == holds[phrase][1]
                    for phrase in asked
                )
                name = f"phrases {kind} found first, {len(asked)} of them"
                yield Figure(name, 100 * first / len(asked), "%", 90.0)
    yield from _heard(phrases)


def _heard(phrases: Sequence[str]) -> Iterator[Figure]:
    """What of a machine's speech is heard, where there is one to make it."""
    from xmr_core import readers
    from xmr_core.media import Audio
    from xmr_core.words.sphinx import lines

    espeak = shutil.which("espeak-ng")
    if espeak is None:
        return
    words = held = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, phrase in enumerate(phrases):
            path = Path(folder) / f"{number}.wav"
            command = [espeak, "-v", "en-us", "-s", "140", "-w", str(path), phrase]
            subprocess.run(command, check=True)
            sound = readers.read(path)
            if isinstance(sound, Audio):
                heard = {word for line in lines(sound) for word in tokens(line.text)}
                words += len(tokens(phrase))
                held += len(set(tokens(phrase)) & heard)
    yield Figure(
        f"words heard of {len(phrases)} phrases said by a machine", 100 * held / words, "%"
    )


def _fast(items: int, space: JointSpace) -> Iterator[Figure]:
    """What the words add to a search over pictures, of which each has a line of writing."""
    real = space.encode([Image(p) for p in media.photographs(64)], "gallery")
    rng = np.random.default_rng(0)
    names = [f"w{number}" for number in range(20_000)]
    chance = 1 / np.arange(1, len(names) + 1)
    picks = rng.choice(len(names), size=(items, 6), p=chance / chance.sum())
    with (
        tempfile.TemporaryDirectory() as home,
        Library.create("bench", home=Path(home), space=space) as library,
    ):
        catalogue = library.catalogue
        fill(catalogue, Path(home), space, real, items)
        with catalogue.transaction():
            for item, row in enumerate(picks.tolist(), start=1):
                line = Line("written", " ".join(names[w] for w in row))
                catalogue.keep_found(item, f"{item - 1:032x}", "writing", "1", [line])
        library.searcher.shelves()
        added: dict[str, list[float]] = {"a frequent word": [], "a rare word": [], "four words": []}
        for number in range(_QUERIES):
            typed = {
                "a frequent word": names[number % 5],
                "a rare word": names[5_000 + number],
                "four words": " ".join(names[w] for w in picks[number * 7, :4]),
            }
            for kind, words in typed.items():
                plain = library.search(f"zq{number} zx{kind[2]}", to=["image"]).seconds
                with_words = library.search(words, to=[Modality.IMAGE]).seconds
                beyond = [sum(s[k] for k in ("search", "fetch")) for s in (with_words, plain)]
                added[kind].append(1000 * (beyond[0] - beyond[1]))
        for kind, times in added.items():
            name = f"what {kind} adds to a search over {items:,}, median"
            yield Figure(name, float(np.median(times)), "ms", _BAR_MS, "less")
