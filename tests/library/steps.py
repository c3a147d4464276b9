"""What the tests of a library do again and again."""

import platform
import sqlite3
from pathlib import Path

from PIL import Image as Pictures

from xmr_core.library import Library

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}


def index(library, *folders, **options):
    """Run to the end; the last sign of life."""
    *_, last = library.index(*folders, **options)
    return last


def paint(folder: Path, count: int) -> Path:
    """A folder of small pictures, every one different."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        colour, rgb = list(COLOURS.items())[number % 3]
        picture = Pictures.new("RGB", (24, 24), rgb)
        picture.putpixel((0, 0), (number % 256, number // 256, 7))
        picture.save(folder / f"{colour}-{number:04}.png")
    return folder


def indexed(home: Path, folder: Path, profile: str = "colours") -> Library:
    library = Library.create("lib", profile, home)
    for _ in library.index(folder):
        pass
    return library


def first(library: Library, word: str) -> str:
    return library.search(word, k=1).hits[0].item.path


def damage(library: Path) -> Path:
    """Overwrite pages of a catalogue that a process of this machine seems to have died over."""
    catalogue = library / "catalogue.sqlite"
    with sqlite3.connect(catalogue) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray(catalogue.read_bytes())
    page = 4096
    for at in range(page * 4, len(data) - page * 4, page * 5):
        data[at : at + page] = b"\xff" * page
    catalogue.write_bytes(data)
    catalogue.with_name(f"{catalogue.name}.open-{platform.node()}-999999999-1-0").touch()
    return catalogue
