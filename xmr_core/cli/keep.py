"""``xmr keep list|show|new|add|remove|rename|delete|export``: collections of items.

Nothing here touches the user's own files.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from xmr_core.cli.library import Json
from xmr_core.cli.terminal import cell, out, print_json, say, shown, writing
from xmr_core.cli.typed import path_of
from xmr_core.errors import KeepingError, LibraryError, LibraryNotFound

if TYPE_CHECKING:
    from xmr_core.library import Library

_FAR = 100_000

In = Annotated[
    str | None,
    typer.Option(
        "--library", "-l", metavar="NAME", help="The library; needed where there are several."
    ),
]
Named = Annotated[str, typer.Argument(metavar="COLLECTION", help="Its name.")]
Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE", help="Files of the library, or numbers of its items."),
]
File = Annotated[
    str, typer.Argument(metavar="FILE", help="A file of the library, or an item's number.")
]


def list_kept(library: In = None, as_json: Json = False) -> None:
    """List the collections of a library with the number of their items, and its tags."""
    with opened(library) as one:
        collections, tags = one.collections(), one.all_tags()
        name = one.name
    if as_json:
        told = [{"name": c.name, "items": c.items, "missing": c.missing} for c in collections]
        print_json({"collections": told, "tags": [{"name": t, "items": n} for t, n in tags]})
        return
    if not collections and not tags:
        say(f"{name}: nothing is kept yet. Begin: xmr keep add COLLECTION FILE.")
        return
    table = Table("collection", "items", box=None, pad_edge=False)
    for collection in collections:
        away = f" and {collection.missing:,} missing" if collection.missing else ""
        table.add_row(cell(collection.name), f"{collection.items:,}{away}")
    if collections:
        out.print(table)
    if tags:
        say("tags: " + ", ".join(f"{tag} ({count:,})" for tag, count in tags))


def show(collection: Named, library: In = None, as_json: Json = False) -> None:
    """List the items of a collection, with their tags and notes."""
    from xmr_core.export import kept, kept_as_plain

    with opened(library) as one:
        found = one.collection(collection)
        items = kept(one, one.collected(collection, 0, _FAR))
    if as_json:
        print_json(kept_as_plain(found.name, items))
        return
    for item in items:
        tags = f" [{', '.join(item.tags)}]" if item.tags else ""
        say(f"{item.item.id:<8}{item.item.file}{tags}")
        if item.note:
            say(f"{'':<8}{item.note}")
    if not items:
        say(f"{found.name} is empty.")


def new(collection: Named, library: In = None) -> None:
    """Make an empty collection."""
    with opened(library) as one:
        made = one.make_collection(collection)
        say(f"{one.name} has a collection {made.name}.")


def add(collection: Named, files: Files, library: In = None) -> None:
    """Put files into a collection, which is made if it is not there."""
    with opened(library) as one:
        added = one.collect(collection, items_of(one, files), make=True)
        found = one.collection(collection)
    say(f"{found.name} has {added:,} more, {found.items + found.missing:,} in all.")


def remove(collection: Named, files: Files, library: In = None) -> None:
    """Take files out of a collection; they stay where they are."""
    with opened(library) as one:
        gone = one.uncollect(collection, items_of(one, files))
        found = one.collection(collection)
    say(f"{found.name} has {gone:,} fewer, {found.items + found.missing:,} in all.")


def rename(
    collection: Named,
    name: Annotated[str, typer.Argument(metavar="NEW", help="Its new name.")],
    library: In = None,
) -> None:
    """Give a collection another name."""
    with opened(library) as one:
        say(f"{collection} is now {one.rename_collection(collection, name).name}.")


def delete(
    collection: Named,
    library: In = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Forget a collection; its items and files stay."""
    with opened(library) as one:
        found = one.collection(collection)
        if not yes:
            question = f"Forget the collection {found.name} of {found.items:,} items? They stay."
            typer.confirm(shown(question), abort=True, err=True)
        one.delete_collection(found.name)
    say(f"{found.name} is forgotten.")


def export(
    collection: Named,
    target: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=".csv, .json, or .zip with the files and a page."),
    ],
    library: In = None,
) -> None:
    """Write a collection to a file: a table, data, or a page with its files."""
    from xmr_core.export import files_of, kept, write

    with opened(library) as one:
        found = one.collection(collection)
        items = kept(one, one.collected(collection, 0, _FAR))
        if not items:
            raise KeepingError(f"{found.name} is empty.", "Put some items into it.")
        with writing(target):
            left_out = write(path_of(target), items, found.name, files_of([one]))
    for reason in left_out:
        say(f"Left out: {reason}")
    say(f"{target} holds {len(items) - len(left_out):,} items.")


@contextmanager
def opened(name: str | None) -> "Iterator[Library]":
    """The library that is meant: the one named, the only one, or ``default``."""
    from xmr_core.library import Library

    if name is None:
        names = Library.names()
        if not names:
            raise LibraryNotFound("There is no library yet.", "Run: xmr index FOLDER, or xmr demo.")
        if len(names) > 1 and "default" not in names:
            raise LibraryError(
                "There are several libraries.", f"Say which: --library {' or '.join(names[:5])}."
            )
        name = "default" if "default" in names else names[0]
    with Library.open(name) as library:
        yield library


def items_of(library: "Library", given: Sequence[str]) -> list[int]:
    """The ids of items that are given by number or path.

    A path may be absolute, from where one is, or from a folder of the library.

    Raises:
        LibraryError: the library has no such item.
    """
    roots = library.roots()
    known = {root.id: library.catalogue.known(root.id, "", "") for root in roots}
    ids = []
    for one in given:
        if one.isdecimal():
            ids.append(library.item(int(one)).id)
            continue
        path = path_of(one)
        found = None
        for root in roots:
            for place in (path.absolute(), path.resolve(), root.path / path):
                inside = Path(os.path.normpath(place))
                if found is None and inside.is_relative_to(root.path):
                    found = known[root.id].get(inside.relative_to(root.path).as_posix())
        if found is None:
            raise LibraryError(
                f"{library.name} has no item {shown(one)}.", "Index its folder, or check the path."
            )
        ids.append(found.id)
    return ids
