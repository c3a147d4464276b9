"""``xmr eval`` and ``xmr bench``: how good and how fast."""

from pathlib import Path
from typing import Annotated

import typer

from xmr_core.cli.terminal import (
    bar_of_progress,
    err,
    out,
    print_json,
    say,
    teller,
    write_json,
)


def evaluate(
    manifest: Annotated[
        Path, typer.Argument(metavar="MANIFEST", help="CSV: path and caption…, label or path2.")
    ],
    root: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder that paths are relative to.")
    ] = None,
    profile: Annotated[
        str, typer.Option("--profile", "-p", metavar="PROFILE", help="Name of the joint space.")
    ] = "embedded",
    as_json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the numbers here.")
    ] = None,
) -> None:
    """Measure a profile on a table of media with captions, labels or partners."""
    from xmr_core.evaluation import evaluate as measure
    from xmr_core.manifest import read_manifest
    from xmr_core.profiles import load_profile
    from xmr_core.ui.words import count

    table = read_manifest(manifest, root)
    with bar_of_progress() as bar:
        space = load_profile(profile, teller(bar, "load"))
        measured = measure(table, space, teller(bar, "encode"))
    numbers = measured.as_json()
    if table.left_out:
        beside = {"captions": "caption", "labels": "label", "pairs": "second path"}[table.kind]
        were = "was" if table.left_out == 1 else "were"
        rows = f"{count(table.left_out, 'row')} without a path or a {beside} {were} left out"
        say(f"{manifest.name}: {rows}.", err)
    for path, reason in measured.failures:
        say(f"{path}: {reason}", err)
    print_json({name: value for name, value in numbers.items() if name != "failures"})
    if as_json:  # last, so that no number is lost where it cannot be written
        write_json(as_json, numbers)


def bench(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="towers, pipeline, reindex, search, start, explain, lab, duplicates … or all.",
        ),
    ],
    samples: Annotated[
        int | None,
        typer.Option(
            "--samples",
            "-n",
            metavar="N",
            min=1,
            help="Mosaics of a game in explain (100), things of a kind in translation (200).",
        ),
    ] = None,
    as_json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the numbers here.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against", metavar="FILE", help="Compare with the numbers that --json wrote there."
        ),
    ] = None,
) -> None:
    """Measure speed, memory and explanations here; exit status 1 when a bar is missed."""
    from xmr_core.bench import run
    from xmr_core.bench.record import Record

    former = Record.read(against) if against else None  # before anything is measured
    report = run(what, lambda line: err.print(line, markup=False, highlight=False), samples)
    out.print(report.table(), markup=False, highlight=False, soft_wrap=True)
    if former:
        out.print(f"\n{former.table(report)}", markup=False, highlight=False, soft_wrap=True)
    if as_json:
        write_json(as_json, report.as_json())
    if report.missed:
        raise typer.Exit(1)
