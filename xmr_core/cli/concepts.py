"""Named concepts: those of a library, and as terms of a search."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from xmr_core.cli.library import Json, Name
from xmr_core.cli.terminal import cell, out, print_json, say
from xmr_core.errors import LibraryError

if TYPE_CHECKING:
    from xmr_core.cli.typed import Typed
    from xmr_core.library import Library
    from xmr_core.query import Term


def concepts(
    name: Name,
    forget: Annotated[
        str | None, typer.Option(metavar="CONCEPT", help="Drop this one; its items stay.")
    ] = None,
    rename: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="CONCEPT NEW", help="Give this one a new name."),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the concepts saved in the browser: queries with what was liked and disliked."""
    from xmr_core.library import Library

    with Library.open(name) as library:
        if forget:
            library.forget_concept(forget)
        if rename:
            library.rename_concept(*rename)
        known = library.concepts()
    if as_json:
        print_json(
            [
                {
                    "name": one.name,
                    "words": dict(one.words),
                    "items": {str(item): weight for item, weight in one.items.items()},
                    "liked": list(one.liked),
                    "disliked": list(one.disliked),
                    "gone": list(one.gone),
                }
                for one in known
            ]
        )
        return
    if not known:
        say(f"{name} has no concepts. Like and dislike results in the browser, and save them.")
        return
    table = Table("concept", "asked with", "liked", "disliked", "gone", box=None, pad_edge=False)
    for one in known:
        asked = [*one.words, *(f"item {item}" for item in one.items)]
        counts = (len(one.liked), len(one.disliked), len(one.gone))
        table.add_row(cell(one.name), cell(*asked), *map(str, counts))
    out.print(table)


def terms(
    libraries: "Sequence[Library]", added: "Sequence[Typed]", subtracted: "Sequence[Typed]"
) -> "list[Term]":
    """Concepts as terms, each of the first library that has one of that name."""
    signed = [(one, one.weight) for one in added] + [(one, -abs(one.weight)) for one in subtracted]
    return [_term(libraries, str(one.what), weight) for one, weight in signed]


def _term(libraries: "Sequence[Library]", name: str, weight: float) -> "Term":
    for number, library in enumerate(libraries, start=1):
        try:
            library.concept(name)
        except LibraryError:
            if number == len(libraries):
                raise
            continue
        return library.concept_term(name, weight)
    raise AssertionError("a search has a library")
