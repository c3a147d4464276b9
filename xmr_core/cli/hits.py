"""The answer to a query as a table in the terminal."""

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from xmr_core.cli.terminal import cell, out, say
from xmr_core.cli.words import marked, place

if TYPE_CHECKING:
    from xmr_core.results import Results


def show(results: "Results", offset: int, *, several: bool = False) -> None:
    """Print the hits, and how to see those that follow.

    Args:
        results: of the query.
        offset: how many hits were left out.
        several: libraries answered, and each hit names its own.
    """
    if not results.hits:
        if offset and results.total:
            say(f"Nothing after {offset} hits: {results.total} items can answer.")
        else:
            say(
                "Nothing to show. The library holds no such media, or the filters leave all of "
                "them out."
            )
        return
    if results.probably_nothing:
        out.print("[yellow]Probably nothing here matches; these come nearest.[/yellow]")
    table = Table("", "match", "medium", box=None, pad_edge=False)
    if several:
        table.add_column("library")
    table.add_column("file", overflow="fold")
    table.add_column("where")
    for hit in results.hits:
        table.add_row(
            str(hit.rank),
            f"{hit.strength:.0%}",
            hit.item.modality,
            *([cell(hit.library)] if several else ()),
            cell(hit.item.path),
            cell(hit.part.label if hit.part else ""),
        )
        if hit.matched is not None:
            how = place(hit.matched, hit.item.modality)
            empty = [""] * (len(table.columns) - 2)
            words = Text(f"  {how}: ").append_text(marked(hit.matched))
            table.add_row(*empty, words, "")
    out.print(table)
    last = results.hits[-1].rank
    if last < results.total:
        say(f"{results.hits[0].rank} to {last} of {results.total}; more with --offset {last}")
