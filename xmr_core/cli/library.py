"""``xmr library list|show|failures|searches``: what there is."""

from collections.abc import Mapping
from typing import Annotated

import typer
from rich.table import Table

from xmr_core.cli import facts
from xmr_core.cli.terminal import amounts, cell, out, print_json, say

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the library.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def list_libraries(as_json: Json = False) -> None:
    """List the libraries: profile, items by medium, size on disk, folders."""
    from xmr_core.library import Library
    from xmr_core.ui.words import size

    known = [facts.facts_of(name) for name in Library.names()]
    if as_json:
        print_json(known)
        return
    if not known:
        say("There is no library yet. Make one: xmr index FOLDER, or xmr demo.")
        return
    table = Table("name", "profile", "items", "on disk", box=None, pad_edge=False)
    table.add_column("folders", overflow="fold")
    for one in known:
        if "problem" in one:
            continue
        table.add_row(
            cell(one["name"]),
            cell(one["profile"]),
            amounts(one["items"]) or "none",
            size(one["bytes"]),
            cell(*(folder["path"] for folder in one["folders"])),
        )
    if table.row_count:
        out.print(table)
    for one in known:
        if "problem" in one:
            say(f"{one['name']}: {one['problem']}")


def show(name: Name, as_json: Json = False) -> None:
    """Tell what a library holds, where, and how its last run ended."""
    from xmr_core.library import Library
    from xmr_core.ui.words import size

    with Library.open(name) as library:
        one = facts.facts(library)
    if as_json:
        print_json(one)
        return
    run, total = one["last_run"], sum(one["items"].values())
    rows = [
        ("name", one["name"]),
        ("profile", one["profile"]),
        ("store", one["store"]),
        ("items", f"{total:,}: {amounts(one['items'])}" if total else "none"),
        ("on disk", f"{size(one['bytes'])} in {one['path']}"),
        ("left out", ", ".join(one["ignore"]) or "nothing but hidden and system folders"),
        ("last run", _told(run, name) if run else "none"),
        ("failed", f"{one['failures']:,}"),
    ]
    rows += [
        (f"folder {folder['id']}", folder["path"] + ("" if folder["there"] else " (not there)"))
        for folder in one["folders"]
    ]
    for label, value in rows:
        say(f"{label:<10}{value}")


def _told(run: Mapping[str, str], name: str) -> str:
    told = f"{run['state']}, begun {run['began']}"
    if run["state"] == facts.BROKEN_OFF:
        told += f"; it goes on from there: xmr index --library '{name}'"
    return told


def failures(name: Name, as_json: Json = False) -> None:
    """List the files that could not be indexed, why, and what to do."""
    from xmr_core.library import Library

    with Library.open(name) as library:
        failed = library.failures()
    if as_json:
        print_json([facts.failure(one) for one in failed])
        return
    for one in failed:
        say(f"{one.file}: {one.reason}. {one.hint}")
    if not failed:
        say(f"{name}: everything could be indexed.")


def searches(name: Name, as_json: Json = False) -> None:
    """List the searches that were saved in the browser, and the latest ones there."""
    from xmr_core.library import Library

    with Library.open(name) as library:
        saved, latest = library.saved_searches(), library.history()
    if as_json:
        print_json(
            {
                "saved": [facts.search(one) for one in saved],
                "latest": [facts.search(one) for one in latest],
            }
        )
        return
    table = Table("when", "saved as", "query", box=None, pad_edge=False)
    for one in map(facts.search, [*saved, *latest]):
        table.add_row(
            one["when"][:16].replace("T", " "), cell(one["name"] or ""), cell(one["query"])
        )
    if table.row_count:
        out.print(table)
    else:
        say(f"{name}: no search was saved or made in the browser yet.")
