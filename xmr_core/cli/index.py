"""``xmr index`` and ``xmr salvage``: libraries from folders."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xmr_core.cli.terminal import err, follow, say
from xmr_core.errors import LibraryError, LibraryNotFound, RootMissing

if TYPE_CHECKING:
    from xmr_core.library import Library

_FAILURES = 20  # shown after a run


def index(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders of media; the library's own if none.")
    ] = None,
    library: Annotated[
        str, typer.Option("--library", "-l", help="Name of the library.")
    ] = "default",
    profile: Annotated[
        str | None, typer.Option("--profile", "-p", help="Joint space; embedded for a new library.")
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", help="Pattern to leave out, from now on; may be repeated."),
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try failed files again.")] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Files of a folder that is empty are gone.")
    ] = False,
) -> None:
    """Index FOLDERS into a library, made if it is not there; unchanged files are skipped."""
    with _made_or_opened(library, folders or (), profile) as opened:
        if profile and profile != opened.profile:
            say(f"Changing the profile from {opened.profile} to {profile}.", err)
            follow(opened.set_profile(profile))
        if retry:
            opened.retry_failures()
        patterns = None if ignore is None else tuple(ignore)
        run = opened.index(*(folders or ()), ignore=patterns, accept_loss=accept_loss)
        try:
            with contextlib.closing(run):
                last = follow(run)
        except KeyboardInterrupt:
            say("Cancelled. What was done is kept; the same command goes on from there.", err)
            raise typer.Exit(130) from None
        failures = opened.failures()
        say(
            f"{opened.name}: {last.added} added, {last.changed} changed, {last.skipped} unchanged, "
            f"{last.moved} moved, {last.returned} returned, {last.missing} missing, "
            f"{last.failed} failed."
        )
        for failure in failures[:_FAILURES]:
            say(f"  {failure.path}: {failure.reason}")
        if len(failures) > _FAILURES:
            say(f"  … and {len(failures) - _FAILURES} more.")


def _made_or_opened(name: str, folders: Sequence[Path], profile: str | None) -> "Library":
    """The library of that name; a new one only where it has something to hold."""
    from xmr_core.library import Library

    if Library.check_name(name) in Library.names():
        return Library.open(name)
    if not folders:
        raise LibraryNotFound(
            f"There is no library '{name}'.", "Give the folders that a new one is to hold."
        )
    for folder in folders:
        if folder.expanduser().is_file():
            raise LibraryError(f"{folder} is a file.", "Give the folder that holds it.")
        if not folder.expanduser().is_dir():
            raise RootMissing(f"There is no folder {folder}.", "Check its path.")
    return Library.create(name, profile or "embedded")


def salvage(
    library: Annotated[str, typer.Argument(help="Name of the damaged library.")],
) -> None:
    """Save what can be read of a damaged library; indexing it then makes up for the rest."""
    from xmr_core.library import Library

    kept = Library.salvage(library)
    say(f"{library}: {kept['items']} items were saved. Now run: xmr index --library '{library}'")
