"""``xmr index``: libraries from folders, with an estimate first."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xmr_core.cli import facts, forecast
from xmr_core.cli.terminal import err, follow, print_json, say
from xmr_core.cli.typed import path_of
from xmr_core.errors import LibraryError, LibraryNotFound, RootMissing

if TYPE_CHECKING:
    from xmr_core.catalogue import Failure
    from xmr_core.indexing import Progress
    from xmr_core.library import Library

_FAILURES = 20  # shown after a run
_COUNTS = ("added", "changed", "skipped", "moved", "returned", "missing", "waiting", "failed")


def index(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FOLDER", help="Folders of media; the library's own if none."),
    ] = None,
    library: Annotated[
        str, typer.Option("--library", "-l", metavar="NAME", help="Name of the library.")
    ] = "default",
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", "-p", metavar="PROFILE", help="Joint space; embedded for a new library."
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore",
            metavar="PATTERN",
            help="What to leave out from now on, as in gitignore; may be repeated.",
        ),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            metavar="STORE",
            help="Where vectors are searched from now on: faiss, milvus:URI.",
        ),
    ] = None,
    workers: Annotated[
        str | None,
        typer.Option(
            "--workers",
            metavar="ADDRESS",
            help="A Ray cluster that reads and encodes: ray://HOST:PORT, local.",
        ),
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try failed files again.")] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Files of a folder that is empty are gone.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Only tell what would be found, and its cost.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Index FOLDERS into a library, made if it is not there; unchanged files are skipped."""
    from xmr_core import stores
    from xmr_core.indexing import check_address, check_idle
    from xmr_core.library import Library

    # before a library is made that could not be searched, or filled
    if store is not None:
        store = stores.parse(store) if dry_run else stores.check(store)
    if workers is not None:
        check_address(workers)
    where = [path_of(folder) for folder in folders or ()]
    known = Library.check_name(library) in Library.names()
    _check(where, library, known)
    with contextlib.ExitStack() as stack, _cancellable():
        opened = stack.enter_context(Library.open(library)) if known else None
        if opened and not dry_run:
            check_idle(opened.catalogue)  # before anything is changed
            if retry:
                opened.retry_failures()
        told = _of_profile(opened, profile)
        found = forecast.look(opened, where, ignore)
        told += forecast.lines(library, found)
        plain: dict[str, Any] = {"library": library, "estimate": forecast.as_json(found)}
        if dry_run:
            if as_json:
                print_json(plain)
                return
            for line in (*told, *(() if accept_loss else found.warnings)):
                say(line)
            if retry and opened and (failed := len(opened.failures())):
                say(f"Failed before, and tried again with --retry: {failed}.")
            return
        for line in told:
            say(line, err)
        if opened is None:  # of a profile that cannot be had, no empty library is left
            from xmr_core.ui.profile_words import check_can_be_had

            check_can_be_had(profile or "embedded")
        made = opened or stack.enter_context(Library.create(library, profile or "embedded"))
        if store is not None:
            made.use_store(store)
        last = _run(made, where, profile, ignore, accept_loss, workers)
        if as_json:
            print_json(plain | _as_json(last, made.failures()))
        else:
            _report(made.name, last, made.failures())


def _check(folders: Sequence[Path], name: str, known: bool) -> None:
    """Raise for what cannot be indexed, before a library is made for it."""
    if not folders and not known:
        raise LibraryNotFound(
            f"There is no library '{name}'.", "Give the folders that a new one is to hold."
        )
    for folder in folders:
        if folder.is_file():
            raise LibraryError(f"{folder} is a file.", "Give the folder that holds it.")
        if not known and not folder.is_dir():
            raise RootMissing(f"There is no folder {folder}.", "Check its path.")


@contextlib.contextmanager
def _cancellable() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        say("Cancelled. What was done is kept; the same command goes on from there.", err)
        raise typer.Exit(130) from None


def _of_profile(library: "Library | None", profile: str | None) -> list[str]:
    """What comes with a profile that the library is not in: downloads, and a change."""
    from xmr_core.profiles import describe_profile
    from xmr_core.ui.words import count, size

    name = profile or "embedded"
    if library is not None and profile in (None, library.profile):
        return []
    told = []
    if library is not None:
        items = count(sum(library.counts().values()), "item")
        told.append(
            f"Changing the profile from {library.profile} to {name}: {items}, "
            "encoded again where encoders differ."
        )
    missing = describe_profile(name).download_bytes
    if missing is None:
        told.append(f"Weights for {name} are downloaded first; their size cannot be told.")
    elif missing:  # of LAION-CLAP alone, for a checkpoint on this machine
        told.append(f"Weights for {name} are downloaded first: {size(missing)}.")
    return told


def _run(
    library: "Library",
    folders: Sequence[Path],
    profile: str | None,
    ignore: Sequence[str] | None,
    accept_loss: bool,
    workers: str | None,
) -> "Progress":
    """Bring a library up to date, into another profile first if one is asked for."""
    if profile and profile != library.profile:
        follow(library.set_profile(profile))
    run = library.index(*folders, ignore=ignore, accept_loss=accept_loss, workers=workers)
    last: Progress = follow(run)
    return last


def _report(name: str, last: "Progress", failures: "Sequence[Failure]") -> None:
    say(
        f"{name}: {last.added} added, {last.changed} changed, {last.skipped} unchanged, "
        f"{last.moved} moved, {last.returned} returned, {last.missing} missing, "
        f"{last.failed} failed."
    )
    for failure in failures[:_FAILURES]:
        say(f"  {failure.path}: {failure.reason}")
    if len(failures) > _FAILURES:
        say(f"  … and {len(failures) - _FAILURES} more: xmr library failures '{name}'")


def _as_json(last: "Progress", failures: "Sequence[Failure]") -> dict[str, Any]:
    return {
        **{name: getattr(last, name) for name in _COUNTS},
        "warnings": list(last.warnings),
        "failures": [facts.failure(one) for one in failures],
    }
