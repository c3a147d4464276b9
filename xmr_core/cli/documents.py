"""``xmr documents list|show|search|join|split``: items of all media that are one thing."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from xmr_core.cli import typed
from xmr_core.cli.graph import WHICH
from xmr_core.cli.keep import items_of
from xmr_core.cli.library import Json, Name
from xmr_core.cli.search import terms_of
from xmr_core.cli.terminal import cell, out, print_json, say
from xmr_core.cli.typed import Typed

if TYPE_CHECKING:
    from xmr_core.library.documents import Document, DocumentHit

_FAR = 10_000

Which = Annotated[str, WHICH]


def list_documents(
    name: Name,
    k: Annotated[int, typer.Option("--k", "-k", min=1, max=_FAR, metavar="NUMBER")] = 50,
    offset: Annotated[int, typer.Option(min=0, max=_FAR, metavar="NUMBER")] = 0,
    as_json: Json = False,
) -> None:
    """List the documents: pages with their pictures, files of one name, small folders."""
    from xmr_core.library import Library

    with Library.open(name) as library:
        documents = library.documents(offset, k)
        if as_json:
            print_json([as_plain(one) for one in documents])
            return
        if not documents:
            say(f"There are no documents. Link the items first: xmr graph build {name}")
            return
        table = Table("number", "title", "media", "why", box=None, pad_edge=False)
        for one in documents:
            table.add_row(str(one.id), cell(one.title), _media(one), ", ".join(one.why))
        out.print(table)
        last, total = offset + len(documents), library.count_documents()
        if last < total:
            say(f"{last} of {total}; more with --offset {last}")


def show(name: Name, item: Which, as_json: Json = False) -> None:
    """Show the document that an item belongs to, and why."""
    from xmr_core.library import Library

    with Library.open(name) as library:
        _show(library.document(items_of(library, [item])[0]), as_json)


def search(
    name: Name,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="Words to look for, as one term.")
    ] = None,
    example: Annotated[
        list[Typed] | None,
        typer.Option(
            "--example", "-e", parser=typed.file, metavar="FILE", help="A file of any medium."
        ),
    ] = None,
    k: Annotated[int, typer.Option("--k", "-k", min=1, max=_FAR, metavar="NUMBER")] = 10,
    as_json: Json = False,
) -> None:
    """Search documents by keyword, by example, or both, each answered by the best members."""
    from xmr_core.library import Library, make_query

    given = [typed.words(" ".join(text))] if text else []
    query = make_query(terms_of([*given, *(example or ())]), k=k)
    with Library.open(name) as library:
        found = library.answer_documents(query)
    if as_json:
        print_json([_hit(hit) for hit in found.hits])
        return
    if found.probably_nothing:
        out.print("[yellow]Probably nothing here matches; these come nearest.[/yellow]")
    table = Table("", "match", "title", "media", box=None, pad_edge=False)
    table.add_column("matched by", overflow="fold")
    for hit in found.hits:
        members = dict.fromkeys(one.item.path for one in hit.matched)
        title = cell(hit.document.title)
        table.add_row(
            str(hit.rank), f"{hit.strength:.0%}", title, _media(hit.document), cell(*members)
        )
    out.print(table)


def join(
    name: Name,
    items: Annotated[list[str], typer.Argument(metavar="FILE", help="Items, by file or number.")],
) -> None:
    """Say that items belong together, with all that belongs to them already."""
    from xmr_core.library import Library

    with Library.open(name) as library:
        _show(library.join(items_of(library, items)))


def split(name: Name, item: Which) -> None:
    """Take an item out of its document, for good."""
    from xmr_core.library import Library

    with Library.open(name) as library:
        _show(library.split(items_of(library, [item])[0]))


def as_plain(document: "Document") -> dict[str, Any]:
    """A document as plain data."""
    return {
        "id": document.id,
        "title": document.title,
        "why": list(document.why),
        "lead": document.lead,
        "members": [
            {"id": item.id, "path": item.path, "modality": str(item.modality)}
            for item in document.members
        ],
    }


def _hit(hit: "DocumentHit") -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "strength": round(hit.strength, 4),
        "matched": [one.item.id for one in hit.matched],
        **as_plain(hit.document),
    }


def _show(document: "Document", as_json: bool = False) -> None:
    if as_json:
        print_json(as_plain(document))
        return
    say(f"{document.title}: {', '.join(document.why) or 'an item by itself'}")
    for item in document.members:
        say(f"{item.id:>8}  {item.modality:<6} {item.path}")
    if document.lead:
        say(document.lead)


def _media(document: "Document") -> str:
    counts: dict[str, int] = {}
    for item in document.members:
        counts[item.modality] = counts.get(item.modality, 0) + 1
    return ", ".join(f"{count} {medium}" for medium, count in counts.items())
