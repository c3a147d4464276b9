"""``xmr models``: the weights, listed, fetched, verified."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from xmr_core.cli.terminal import bar_of_progress, err, out, print_json, say, teller

if TYPE_CHECKING:
    from xmr_core.models import Artefact


def models_list(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show every artefact, its size, licence and whether it is here."""
    from xmr_core import models

    if as_json:
        print_json([_facts(artefact) for artefact in models.ARTEFACTS.values()])
        return
    table = Table("name", "MB", "licence", "here", "about", box=None, pad_edge=False)
    for name, artefact in models.ARTEFACTS.items():
        here = "yes" if models.locate(name) else "no"
        table.add_row(name, f"{artefact.size / 1e6:.1f}", artefact.licence, here, artefact.about)
    out.print(table)


def _facts(artefact: "Artefact") -> dict[str, Any]:
    from xmr_core import models

    path = models.locate(artefact.name)
    return {
        "name": artefact.name,
        "bytes": artefact.size,
        "licence": artefact.licence,
        "about": artefact.about,
        "path": str(path) if path else None,
    }


def models_pull(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Artefacts; all if none.")
    ] = None,
) -> None:
    """Fetch artefacts into the cache and verify them."""
    from xmr_core import models

    with bar_of_progress() as bar:
        for name in _artefacts(names or []):
            path = models.fetch(name, teller(bar, name))
            say(f"{name}: {path}")


def models_verify(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Artefacts; all if none.")
    ] = None,
) -> None:
    """Read artefacts again and compare their checksums."""
    from xmr_core import models

    bad = False
    for name in _artefacts(names or []):
        if models.locate(name) is None:
            out.print(f"{name}: not here")
            continue
        good = models.verify(name)
        bad |= not good
        out.print(f"{name}: {'good' if good else 'DAMAGED'}")
    if bad:
        err.print("Fetch what is damaged again: xmr models pull NAME")
        raise typer.Exit(1)


def _artefacts(names: Sequence[str]) -> Sequence[str]:
    from xmr_core import models
    from xmr_core.errors import ModelError

    for name in names:
        if name not in models.ARTEFACTS:
            raise ModelError(
                f"There is no artefact '{name}'.", f"There are: {', '.join(models.ARTEFACTS)}."
            )
    return names or list(models.ARTEFACTS)
