"""``xmr search``: a query on the command line."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xmr_core.cli import hits, typed
from xmr_core.cli.terminal import print_json, say
from xmr_core.cli.typed import Names, Typed
from xmr_core.errors import LibraryNotFound, XMRError

if TYPE_CHECKING:
    from xmr_core.library import Library
    from xmr_core.search import Query, Results, Term

_FAR = 10_000  # hits that one query ranks at most


def _term(what: str, parser: Callable[[str], Typed], *names: str) -> Any:
    """An option that gives a term of the query."""
    metavar = "FILE" if parser is typed.file else "TEXT"
    panel = "What to look for"
    return typer.Option(*names, parser=parser, metavar=metavar, help=what, rich_help_panel=panel)


def _filter(what: str, metavar: str, parser: Callable[[str], Any] | None = None) -> Any:
    """An option that narrows the answer."""
    panel = "What may answer"
    return typer.Option(parser=parser, metavar=metavar, help=what, rich_help_panel=panel)


def search(
    text: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="Words to look for, as one term.")
    ] = None,
    more: Annotated[
        list[Typed] | None, _term("More words, as a term of their own.", typed.words, "--text")
    ] = None,
    image: Annotated[list[Typed] | None, _term("A picture.", typed.file)] = None,
    audio: Annotated[list[Typed] | None, _term("A sound.", typed.file)] = None,
    video: Annotated[list[Typed] | None, _term("A video.", typed.file)] = None,
    mesh: Annotated[list[Typed] | None, _term("A 3D model.", typed.file)] = None,
    document: Annotated[list[Typed] | None, _term("A text file.", typed.file)] = None,
    minus: Annotated[list[Typed] | None, _term("Words to subtract.", typed.words)] = None,
    minus_file: Annotated[
        list[Typed] | None, _term("A file of any medium to subtract.", typed.file)
    ] = None,
    library: Annotated[
        list[str] | None,
        typer.Option("--library", "-l", metavar="NAME", help="A library; may be repeated."),
    ] = None,
    to: Annotated[
        list[Names] | None,
        _filter("Only these media, such as image,audio.", "MEDIA", typed.media),
    ] = None,
    folder: Annotated[
        str | None,
        _filter("Only below this one, absolute or inside the library's.", "FOLDER", typed.folder),
    ] = None,
    after: Annotated[
        float | None,
        _filter("Changed on that day or later: 2024-01-31.", "DATE", typed.beginning),
    ] = None,
    before: Annotated[
        float | None, _filter("Changed on that day or earlier.", "DATE", typed.end)
    ] = None,
    min_size: Annotated[
        int | None, _filter("Files as large or larger: 500kB, 2MB.", "SIZE", typed.size)
    ] = None,
    max_size: Annotated[
        int | None, _filter("Files as large or smaller.", "SIZE", typed.size)
    ] = None,
    min_length: Annotated[
        float | None,
        _filter("Sounds and videos as long or longer: 90, 1:30.", "LENGTH", typed.length),
    ] = None,
    max_length: Annotated[
        float | None,
        _filter("Sounds and videos as long or shorter.", "LENGTH", typed.length),
    ] = None,
    contains: Annotated[
        str | None, _filter("Only with these words in the name or the text inside.", "TEXT")
    ] = None,
    k: Annotated[
        int, typer.Option("--k", "-k", min=1, max=_FAR, metavar="NUMBER", help="How many hits.")
    ] = 10,
    offset: Annotated[
        int,
        typer.Option(
            min=0, max=_FAR, metavar="NUMBER", help="Leave out so many of the first hits."
        ),
    ] = 0,
    plain: Annotated[bool, typer.Option("--plain", help="Without hubness correction.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    export: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the hits here, too: .csv, .json, or .zip with the files and a page.",
        ),
    ] = None,
) -> None:
    """Search by words, pictures, sounds, videos and 3D models, together or alone.

    Terms may be repeated. Each TEXT and FILE may end in its weight: beach::2, cat.jpg::0.5.
    """
    from xmr_core.export import as_plain
    from xmr_core.filters import Filters
    from xmr_core.library import Library, make_query, search_libraries

    filters = Filters(
        folder=folder,
        after=after,
        before=before,
        min_bytes=min_size,
        max_bytes=max_size,
        min_seconds=min_length,
        max_seconds=max_length,
        text=contains,
    )
    given = [typed.words(" ".join(text))] if text else []
    for terms in (more, image, audio, video, mesh, document):
        given += terms or ()
    query = make_query(
        _terms(given),
        _terms([*(minus or ()), *(minus_file or ())]),
        [name for names in to or () for name in names],
        k,
        offset,
        filters=filters,
        corrected=not plain,
    )
    with contextlib.ExitStack() as stack:
        names = dict.fromkeys(library or _default_libraries())
        libraries = [stack.enter_context(Library.open(name)) for name in names]
        results = search_libraries(libraries, query)
        if export:
            _write(export, results, query, libraries)
    if as_json:
        print_json(as_plain(results))
    else:
        hits.show(results, offset, several=len(libraries) > 1)


def _write(
    target: Path, results: "Results", query: "Query", libraries: "Sequence[Library]"
) -> None:
    """Write an answer to a file, and say what of it could not be taken along."""
    from xmr_core.export import files_of, write

    label = " ".join(f"{'− ' * (term.weight < 0)}{term.label}" for term in query.terms)
    try:
        left_out = write(target, results, label, files_of(libraries))
    except OSError as error:
        raise XMRError(
            f"{target} cannot be written ({error.strerror or error}).", "Choose another place."
        ) from error
    for reason in left_out:
        say(f"Left out of {target.name}: {reason}")


def _terms(given: Sequence[Typed]) -> "list[Term]":
    """Words and files as the engine takes them."""
    from xmr_core.library import make_query

    return [replace(make_query([one.what]).terms[0], weight=one.weight) for one in given]


def _default_libraries() -> list[str]:
    from xmr_core.library import Library

    names = Library.names()
    if not names:
        raise LibraryNotFound("There is no library yet.", "Run: xmr index FOLDER, or xmr demo.")
    return ["default"] if "default" in names else names
