"""``xmr say``: what files show, in words."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xmr_core.cli.terminal import print_json, say
from xmr_core.errors import LibraryNotFound

if TYPE_CHECKING:
    from xmr_core.library import Library
    from xmr_core.library.translation import InWords


def say_files(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Pictures, sounds, videos, 3D models."),
    ],
    library: Annotated[
        str | None,
        typer.Option("--library", "-l", metavar="NAME", help="Whose captions may be said."),
    ] = None,
    most: Annotated[
        int, typer.Option("--tags", min=1, max=20, metavar="NUMBER", help="Tags of a file.")
    ] = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say in words what pictures, sounds, videos and 3D models show."""
    from xmr_core.library import Library

    name = library or _default()
    with Library.open(name) as opened:
        told = [(file, opened.say(file, most)) for file in files]
        if as_json:
            print_json([_plain(file, words, opened) for file, words in told])
            return
        for file, words in told:
            _show(file, words, opened)


def _show(file: Path, words: "InWords", library: "Library") -> None:
    say(str(file))
    if not words.sure:
        say("  Nothing sure can be said.")
        return
    if words.tags:
        say("  " + ", ".join(f"{tag.name} {tag.strength:.0%}" for tag in words.tags))
    caption = words.caption
    if caption is not None and caption.sure:
        say(f"  {caption.text} {caption.strength:.0%}")
        for voice in caption.voices:
            item = voice.sentence.item
            whose = "XMR's own" if item is None else library.item(item).path
            say(f"    from: {voice.sentence.text} ({whose})")


def _plain(file: Path, words: "InWords", library: "Library") -> dict[str, Any]:
    caption = words.caption
    return {
        "file": str(file),
        "medium": words.modality.value,
        "sure": words.sure,
        "tags": [{"name": t.name, "strength": round(t.strength, 3)} for t in words.tags],
        "caption": None
        if caption is None
        else {
            "text": caption.text,
            "strength": round(caption.strength, 3),
            "sure": caption.sure,
            "from": [
                {
                    "text": voice.sentence.text,
                    "share": round(voice.share, 3),
                    "file": None
                    if voice.sentence.item is None
                    else library.item(voice.sentence.item).path,
                }
                for voice in caption.voices
            ],
        },
    }


def _default() -> str:
    from xmr_core.library import Library

    names = Library.names()
    if not names:
        raise LibraryNotFound("There is no library yet.", "Run: xmr index FOLDER, or xmr demo.")
    return "default" if "default" in names else names[0]
