"""``xmr keep note|tag``: what is written beside items."""

from typing import Annotated

import typer

from xmr_core.cli.keep import File, Files, In, items_of, opened
from xmr_core.cli.terminal import say
from xmr_core.errors import KeepingError


def note(
    file: File,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What to write; the present one if absent.")
    ] = None,
    library: In = None,
) -> None:
    """Show the note of an item, or write another one; an empty TEXT takes it away."""
    with opened(library) as one:
        (item,) = items_of(one, [file])
        if text is not None:
            one.set_note(item, text)
        written = one.note(item)
    for line in written.splitlines() or ["There is no note."]:
        say(line)


def tag(
    files: Files,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", "-a", metavar="TAG", help="A tag to give; may be repeated."),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", "-r", metavar="TAG", help="A tag to take; may be repeated."),
    ] = None,
    library: In = None,
) -> None:
    """Give tags to items, take tags from them, and show the tags that they have."""
    both = {name.casefold() for name in add or ()} & {name.casefold() for name in remove or ()}
    if both:
        raise KeepingError(f"The tag '{min(both)}' is to come and to go.", "Say one of them.")
    with opened(library) as one:
        items = items_of(one, files)
        with one.catalogue.transaction():
            one.remove_tags(items, remove or ())
            one.add_tags(items, add or ())
        for item in one.catalogue.items(items):
            say(f"{item.path}: {', '.join(one.tags(item.id)) or 'no tags'}")
