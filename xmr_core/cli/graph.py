"""``xmr graph build|show``: the links between items of all media."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from xmr_core.cli.keep import items_of
from xmr_core.cli.library import Json, Name
from xmr_core.cli.terminal import cell, follow, out, print_json, say

if TYPE_CHECKING:
    from xmr_core.catalogue import Link
    from xmr_core.library import Library

WHICH = typer.Argument(metavar="FILE", help="A file of the library, or an item's number.")


def build(name: Name) -> None:
    """Link the items of a library: only what is new since the last time is compared."""
    from xmr_core.library import Library

    with Library.open(name) as library:
        last = follow(library.link())
        if last.stage == "cancelled":
            say("Cancelled; the links are as they were.")
            raise typer.Exit(1)
        say(_told(library.links()))


def show(name: Name, item: Annotated[str | None, WHICH] = None, as_json: Json = False) -> None:
    """Show what an item is linked with and why, or how many links there are of each kind."""
    from xmr_core.library import Library

    with Library.open(name) as library:
        (id,) = items_of(library, [item]) if item else (None,)
        links = library.links(id)
        if as_json:
            print_json([link._asdict() for link in links])
        elif id is None:
            say(_told(links))
            if not library.linked:
                say(f"The library has changed since; now run: xmr graph build {name}")
        else:
            _show(library, id, links)


def _show(library: "Library", id: int, links: "list[Link]") -> None:
    from xmr_core.library.graph import REASONS, by_other

    others = by_other(id, links)
    items = {item.id: item for item in library.catalogue.items(list(others))}
    if not items:
        say("It is linked with nothing.")
        return
    table = Table("number", "medium", box=None, pad_edge=False)
    table.add_column("file", overflow="fold")
    table.add_column("why")
    for other, kinds in others.items():
        if other in items:
            why = ", ".join(
                f"{REASONS[link.kind]} {link.weight:.0%}"
                if link.kind == "near"
                else REASONS[link.kind]
                for link in kinds
            )
            table.add_row(str(other), items[other].modality, cell(items[other].path), cell(why))
    out.print(table)


def _told(links: "list[Link]") -> str:
    """Links by kind in words."""
    from xmr_core.library.graph import REASONS

    counts = Counter(link.kind for link in links)
    kinds = ", ".join(f"{counts[kind]:,} {REASONS[kind]}" for kind in REASONS if counts[kind])
    return f"{len(links):,} links: {kinds}." if links else "There are no links."
