"""``xmr library rename|delete|salvage|add-folder|move-folder|remove-folder``: changing them.

Nothing here ever touches the user's own files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xmr_core.cli.library import Name
from xmr_core.cli.terminal import err, say, shown
from xmr_core.cli.typed import path_of
from xmr_core.errors import (
    LibraryDamaged,
    LibraryError,
    LibraryTooNew,
)

if TYPE_CHECKING:
    from xmr_core.catalogue import Root
    from xmr_core.library import Library

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Held = Annotated[
    str, typer.Argument(metavar="FOLDER", help="Folder of the library, or its number.")
]


def rename(
    name: Name, new: Annotated[str, typer.Argument(metavar="NEW", help="Its new name.")]
) -> None:
    """Give a library another name."""
    from xmr_core.library import Library

    with Library.open(name) as library:
        library.rename(new)
        say(f"{name} is now {library.name}.")


def delete(name: Name, yes: Yes = False) -> None:
    """Delete a library, damaged or not; your own files are not touched."""
    from xmr_core.library import Library
    from xmr_core.ui.words import count, size

    what = f"the library {name}"
    try:
        with Library.open(name) as library:
            items, weight = sum(library.counts().values()), library.size_on_disk()
            what += f" with {count(items, 'item')}, {size(weight)}"
    except (LibraryDamaged, LibraryTooNew) as error:
        say(str(error), err)
    _ask(f"Delete {what}? Your own files stay.", yes)
    Library.discard(name)
    say(f"{name} is deleted.")


def salvage(name: Name) -> None:
    """Save what can be read of a damaged library; indexing it then makes up for the rest."""
    from xmr_core.library import Library

    kept = Library.salvage(name)
    say(f"{name}: {kept['items']} items were saved. {_then(name)}")


def add_folder(
    name: Name,
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER", help="Folders of media.")],
) -> None:
    """Let a library hold more folders; the next run reads them."""
    with _changing(name) as library:
        for folder in folders:
            root = library.add_root(folder)
            say(f"{name} holds {root.path}.")
    say(_then(name))


def move_folder(
    name: Name,
    old: Held,
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Where it is now.")],
) -> None:
    """Say where a folder is now that was moved or renamed; nothing is read again."""
    with _changing(name) as library:
        library.move_root(_root(library, old).id, new)
    say(f"{name} looks for it in {new} from now on. {_then(name)}")


def remove_folder(name: Name, folder: Held, yes: Yes = False) -> None:
    """Forget a folder and what was found in it; its files stay where they are."""
    with _changing(name) as library:
        root = _root(library, folder)
        _ask(f"Forget {root.path} and what was found in it? Its files stay.", yes)
        library.remove_root(root.id)
    say(f"{name} does not hold {root.path} any more.")


@contextmanager
def _changing(name: str) -> "Iterator[Library]":
    """A library on which no run goes on."""
    from xmr_core.indexing import check_idle
    from xmr_core.library import Library

    with Library.open(name) as library:
        check_idle(library.catalogue)
        yield library


def _root(library: "Library", given: str) -> "Root":
    """The folder that is meant by a number or a path, also where it is gone."""
    roots = library.roots()
    path = path_of(given)
    for root in roots:
        if given == str(root.id) or root.path in (path.absolute(), path.resolve()):
            return root
    held = ", ".join(f"{root.id} {root.path}" for root in roots) or "none"
    raise LibraryError(f"{library.name} holds no folder {given}.", f"Its folders are: {held}.")


def _ask(question: str, yes: bool) -> None:
    """Go on only if the user agrees."""
    if not yes:
        typer.confirm(shown(question), abort=True, err=True)


def _then(name: str) -> str:
    return f"Now run: xmr index --library '{name}'"
