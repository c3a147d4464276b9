"""``xmr duplicates``: near-duplicates, as lines, a table or data. Nothing is deleted."""

import csv
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xmr_core.cli import typed
from xmr_core.cli.library import Json, Name
from xmr_core.cli.terminal import err, follow, print_json, say
from xmr_core.cli.typed import Names
from xmr_core.errors import QueryError

if TYPE_CHECKING:
    from xmr_core.library.duplicates import Copies


def duplicates(
    name: Name,
    to: Annotated[
        list[Names] | None,
        typer.Option(
            parser=typed.media, metavar="MEDIA", help="Only these media, such as image,audio."
        ),
    ] = None,
    least: Annotated[
        float,
        typer.Option("--least", metavar="SHARE", help="Similarity that counts: 0 to 1."),
    ] = 0.0,
    known: Annotated[
        bool, typer.Option("--known", help="Tell what is known already; look for nothing new.")
    ] = False,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for spreadsheets.")] = False,
) -> None:
    """Look for near-duplicates: the same pictures, sounds, videos, 3D models, texts again.

    The best copy of each group comes first. No file is changed or deleted.
    """
    from xmr_core.library import Library
    from xmr_core.ui.duplicates_words import as_rows, how
    from xmr_core.ui.words import count, size

    if not 0 <= least <= 1:
        raise QueryError(f"A similarity of {least:g} cannot be.", "Give a number from 0 to 1.")
    from xmr_core.media import Modality

    media = [Modality(medium) for names in to or () for medium in names]
    with Library.open(name) as library:
        if not known:
            last = follow(library.look_for_duplicates())
            if last is not None and last.failed:
                say(f"{count(last.failed, 'file')} could not be read.", err)
        groups, total = library.duplicates(media, least)
    if as_json:
        print_json([_plain(group) for group in groups])
    elif as_csv:
        csv.writer(sys.stdout).writerows(as_rows(groups))
    else:
        for group in groups:
            best, *others = group.copies
            say(f"{best.item.file} ({size(best.item.size)}; {group.reason})")
            for copy in others:
                say(f"  {copy.item.file} ({size(copy.item.size)}; {how(copy)})")
        spare = sum(group.spare for group in groups)
        say(f"{name}: {count(total, 'group')} of near-duplicates, {size(spare)} beside the best.")


def _plain(group: "Copies") -> dict[str, Any]:
    from xmr_core.ui.duplicates_words import as_plain

    return as_plain(group)
