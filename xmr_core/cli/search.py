"""``xmr search``: a query on the command line."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from xmr_core.cli.terminal import cell, out, print_json, say
from xmr_core.errors import LibraryNotFound

if TYPE_CHECKING:
    from xmr_core.search import Results


def search(
    text: Annotated[list[str] | None, typer.Argument(help="Words to look for.")] = None,
    image: Annotated[list[Path] | None, typer.Option(help="A picture to look for.")] = None,
    audio: Annotated[list[Path] | None, typer.Option(help="A sound to look for.")] = None,
    video: Annotated[list[Path] | None, typer.Option(help="A video to look for.")] = None,
    mesh: Annotated[list[Path] | None, typer.Option(help="A 3D model to look for.")] = None,
    document: Annotated[list[Path] | None, typer.Option(help="A text file to look for.")] = None,
    minus: Annotated[list[str] | None, typer.Option(help="Words to subtract.")] = None,
    to: Annotated[str, typer.Option(help="Target media, such as image,audio.")] = "",
    k: Annotated[int, typer.Option("--k", "-k", min=1, help="How many hits.")] = 10,
    library: Annotated[
        list[str] | None, typer.Option("--library", "-l", help="A library; may be repeated.")
    ] = None,
    folder: Annotated[str | None, typer.Option(help="Only below this folder.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Without hubness correction.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Search by words, pictures, sounds, videos and 3D models, together or alone."""
    from xmr_core.filters import Filters
    from xmr_core.library import Library, make_query, search_libraries

    files = [*(image or ()), *(audio or ()), *(video or ()), *(mesh or ()), *(document or ())]
    what: list[str | Path] = [*([" ".join(text)] if text else []), *files]
    targets = [t.strip() for t in to.split(",") if t.strip()]
    query = make_query(
        what, list(minus or ()), targets, k, filters=Filters(folder=folder), corrected=not plain
    )
    with contextlib.ExitStack() as stack:
        names = dict.fromkeys(library or _default_libraries())
        libraries = [stack.enter_context(Library.open(name)) for name in names]
        results = search_libraries(libraries, query)
    if as_json:
        print_json(_results_json(results))
        return
    if not results.hits:
        say("Nothing to show. The library holds no such media, or --folder leaves all of them out.")
        return
    if results.probably_nothing:
        out.print("[yellow]Probably nothing here matches; these come nearest.[/yellow]")
    table = Table("", "match", "medium", "file", "where", box=None, pad_edge=False)
    for hit in results.hits:
        place = hit.part.label if hit.part else ""
        table.add_row(
            str(hit.rank),
            f"{hit.strength:.0%}",
            hit.item.modality,
            cell(hit.item.path),
            cell(place),
        )
    out.print(table)


def _default_libraries() -> list[str]:
    from xmr_core.library import Library

    names = Library.names()
    if not names:
        raise LibraryNotFound("There is no library yet.", "Run: xmr index FOLDER, or xmr demo.")
    return ["default"] if "default" in names else names


def _results_json(results: "Results") -> dict[str, Any]:
    return {
        "probably_nothing": results.probably_nothing,
        "presence": {str(m): round(v, 4) for m, v in results.presence.items()},
        "total": results.total,
        "hits": [
            {
                "rank": hit.rank,
                "library": hit.library,
                "id": hit.item.id,
                "modality": str(hit.item.modality),
                "path": str(hit.item.file),
                "part": hit.part.label if hit.part else None,
                "score": round(hit.score, 5),
                "cosine": round(hit.cosine, 5),
                "strength": round(hit.strength, 4),
            }
            for hit in results.hits
        ],
    }
