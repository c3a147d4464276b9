"""``xmr search``: a query on the command line."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xmr_core.cli import concepts, hits, typed
from xmr_core.cli.terminal import err, print_json, say, writing
from xmr_core.cli.typed import Names, Typed
from xmr_core.errors import LibraryNotFound

if TYPE_CHECKING:
    from xmr_core.library import Library
    from xmr_core.query import Query, Term
    from xmr_core.results import Results

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
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="COLLECTION",
            help="More like this collection.",
            rich_help_panel="What to look for",
        ),
    ] = None,
    minus: Annotated[list[Typed] | None, _term("Words to subtract.", typed.words)] = None,
    then: Annotated[
        list[Typed] | None,
        _term("Words for what comes after that, in the same file.", typed.words, "--then"),
    ] = None,
    concept: Annotated[
        list[Typed] | None,
        _term("A concept that was saved in the browser.", typed.words, "--concept"),
    ] = None,
    minus_concept: Annotated[
        list[Typed] | None, _term("A concept to subtract.", typed.words, "--minus-concept")
    ] = None,
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
    collection: Annotated[
        str | None, _filter("Only items of this collection.", "COLLECTION")
    ] = None,
    tag: Annotated[list[str] | None, _filter("Only with this tag; may be repeated.", "TAG")] = None,
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
    spread: Annotated[
        bool,
        typer.Option("--spread", help="Let hits lift what they are linked with (xmr graph build)."),
    ] = False,
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
    from xmr_core.library import Library, make_query
    from xmr_core.library.keepsakes import check_kept

    filters = Filters(
        folder=folder,
        after=after,
        before=before,
        min_bytes=min_size,
        max_bytes=max_size,
        min_seconds=min_length,
        max_seconds=max_length,
        text=contains,
        collection=collection,
        outside=frozenset({like} if like else ()),
        tags=frozenset(tag or ()),
    )
    given = [typed.words(" ".join(text))] if text else []
    for terms in (more, image, audio, video, mesh, document):
        given += terms or ()
    query = make_query(
        terms_of(given),
        terms_of([*(minus or ()), *(minus_file or ())]),
        [name for names in to or () for name in names],
        k,
        offset,
        filters=filters,
        corrected=not plain,
    )
    query = replace(query, spread=spread)
    _hint(query)
    with contextlib.ExitStack() as stack:
        names = dict.fromkeys(library or _default_libraries())
        libraries = [stack.enter_context(Library.open(name)) for name in names]
        named = concepts.terms(libraries, concept or (), minus_concept or ())
        query = replace(query, terms=(*query.terms, *named))
        check_kept(libraries, filters)
        results = _in_order(libraries, query, then) if then else _answered(libraries, query, like)
        if export:
            _write(export, results, query, libraries)
    if as_json:
        print_json(as_plain(results))
    else:
        hits.show(results, offset, several=len(libraries) > 1)


def _hint(query: "Query") -> None:
    """Say so where something looks like a field and is none."""
    from xmr_core.wording import FIELDS

    unknown = {name for term in query.terms if term.wording for name in term.wording.unknown}
    for name in sorted(unknown):
        say(f"There is no field '{name}'; it is looked for as a word.", err)
        say(f"Fields are {', '.join(FIELDS)}.", err)


def _answered(libraries: "Sequence[Library]", query: "Query", like: str | None) -> "Results":
    """The answer of libraries, with what is like a collection of one of them."""
    from xmr_core.library import search_libraries

    owner = next((one for one in libraries if like and one.catalogue.collection(like)), None)
    if like and owner:
        query = replace(query, terms=(*owner.collection_terms(like), *query.terms))
    return search_libraries(libraries, query)


def _in_order(libraries: "Sequence[Library]", query: "Query", then: Sequence[Typed]) -> "Results":
    """Files in which one thing comes after the other."""
    from xmr_core.results import fuse

    steps = [query, *(replace(query, terms=(term,)) for term in terms_of(then))]
    return fuse([library.in_order(steps) for library in libraries], query.k, query.offset)


def _write(
    target: Path, results: "Results", query: "Query", libraries: "Sequence[Library]"
) -> None:
    """Write an answer to a file, and say what of it could not be taken along."""
    from xmr_core.export import files_of, write

    label = " ".join(f"{'− ' * (term.weight < 0)}{term.label}" for term in query.terms)
    with writing(target):
        left_out = write(target, results, label, files_of(libraries))
    for reason in left_out:
        say(f"Left out of {target.name}: {reason}")


def terms_of(given: Sequence[Typed]) -> "list[Term]":
    """Words and files as the engine takes them."""
    from xmr_core.library import make_query

    return [replace(make_query([one.what]).terms[0], weight=one.weight) for one in given]


def _default_libraries() -> list[str]:
    from xmr_core.library import Library

    names = Library.names()
    if not names:
        raise LibraryNotFound("There is no library yet.", "Run: xmr index FOLDER, or xmr demo.")
    return ["default"] if "default" in names else names
