"""``xmr lab list|run|keep|show``: the field's methods, compared on the same data."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress as Bar

from xmr_core.cli.terminal import bar_of_progress, check_writable, out, say, teller, write_json

_MOST = 3  # seeds where none are asked for
_SAID = 10  # files that could not be read


def list_lab() -> None:
    """List the datasets, where to get them, and what is compared on them, with papers."""
    from xmr_core.datasets import LOADERS
    from xmr_core.lab import METHODS, RERANKERS, TRANSLATORS

    say("Datasets")
    for name, loader in LOADERS.items():
        say(f"  {name:<14} {loader.title}")
        say(f"  {'':<14} {loader.where}")
    for heading, registry in (
        ("Methods", METHODS),
        ("Re-rankers, of pictures and sentences", RERANKERS),
        ("Translators, which say in words what is shown", TRANSLATORS),
    ):
        say("")
        say(heading)
        for name, made in registry.items():
            about = made().about
            say(f"  {name:<14} {about.title} ({about.family}). {about.paper}.")


def run(
    dataset: Annotated[
        str, typer.Argument(metavar="DATASET", help="wikipedia, flickr8k …; see xmr lab list.")
    ],
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", "-f", metavar="FOLDER", help="Of its files; else its own in $XMR_DATA."
        ),
    ] = None,
    methods: Annotated[
        str | None,
        typer.Option("--methods", "-m", metavar="A,B", help="These methods alone, by name."),
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds", metavar="N", min=1, help="Fits of a method: 3 if unset, 1 of encoded media."
        ),
    ] = None,
    profile: Annotated[
        str,
        typer.Option("--profile", "-p", metavar="PROFILE", help="Whose encoders read media."),
    ] = "embedded",
    as_json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the table here.")
    ] = None,
) -> None:
    """Fit the methods, print their table; exit status 1 when a published figure is missed."""
    from xmr_core.lab.bars import bars
    from xmr_core.lab.data import encoders_of, loaded
    from xmr_core.lab.tabulating import known, table_of
    from xmr_core.lab.written import measured

    # What cannot be is told before the hour is over, and before an older table is written over
    names = known(_names(methods)) if methods is not None else None
    if as_json:
        check_writable(as_json)
    with bar_of_progress() as bar:
        data = loaded(dataset, folder, profile, teller(bar, "encode"))
        count = seeds or (1 if data.encoders else _MOST)
        encoders = encoders_of(profile) if data.encoders else None

        def keep(made: tuple[Any, ...]) -> Any:
            table = table_of(data, made, range(count))
            if as_json:  # after every row: an interrupted table is kept as far as it came
                write_json(as_json, table.as_json())
            return table

        _left_out(data, bar)
        table = keep(_rows(data, names, range(count), encoders, bar, keep))
    held = bars(table, names)
    _print(table, held)
    if not measured(table) or not all(one.held for one in held):
        raise typer.Exit(1)


def keep(
    method: Annotated[str, typer.Argument(metavar="METHOD", help="cca, infonce …")],
    dataset: Annotated[
        str, typer.Argument(metavar="DATASET", help="Of media, which a profile's encoders read.")
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the space, for people.")],
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", "-f", metavar="FOLDER", help="Of its files; else its own in $XMR_DATA."
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", min=0, help="Of whatever the method draws.")
    ] = 0,
    profile: Annotated[
        str,
        typer.Option("--profile", "-p", metavar="PROFILE", help="Whose encoders read media."),
    ] = "embedded",
) -> None:
    """Fit a method and keep its space as a profile, lab:NAME, for libraries to use."""
    from xmr_core.datasets import LOADERS
    from xmr_core.lab import method as method_of
    from xmr_core.lab.data import loaded
    from xmr_core.lab.keeping import keep as kept
    from xmr_core.lab.keeping import may_keep

    fitted = method_of(method)
    if dataset in LOADERS:
        may_keep(name, LOADERS[dataset].title, encoded=LOADERS[dataset].encoded)
    with bar_of_progress() as bar:
        data = loaded(dataset, folder, profile, teller(bar, "encode"))
        _left_out(data, bar)
        space = fitted.fit(*data.train.pairs(), seed=seed, tell=_told(bar))
        made = kept(name, space, data, LOADERS[dataset].title, profile)
    say(f"Kept as the profile {made}.")
    say(f'Use it: xmr index --library NAME --profile "{made}"')


def _names(methods: str) -> list[str]:
    """The names of a list with commas.

    >>> _names("cca, sm,,")
    ['cca', 'sm']
    """
    return [name.strip() for name in methods.split(",") if name.strip()]


def _left_out(data: Any, bar: Bar) -> None:
    """Say which files of a dataset could not be read."""
    for file, reason in data.failures[:_SAID]:
        say(f"Left out: {file} ({reason})", bar.console)
    if (more := len(data.failures) - _SAID) > 0:
        say(f"… and {more:,} more", bar.console)


def _told(bar: Bar) -> Callable[[int, int, float], None]:
    """What a fit tells, on the bar."""
    task = bar.add_task("fit", total=None)

    def tell(step: int, steps: int, objective: float) -> None:
        bar.update(task, completed=step, total=steps or None)

    return tell


def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="That xmr lab run --json wrote.")],
) -> None:
    """Print a table again from its file."""
    from xmr_core.lab.bars import bars
    from xmr_core.lab.table import read_table

    table = read_table(file)
    _print(table, bars(table, [row.method for row in table.rows]))


def _rows(
    data: Any,
    names: list[str] | None,
    seeds: range,
    encoders: Any,
    bar: Bar,
    keep: Callable[[tuple[Any, ...]], Any],
) -> tuple[Any, ...]:
    """The table's rows; each is told as soon as it is there."""
    from xmr_core.lab.runs import Moment
    from xmr_core.lab.table import MAIN, SAID_BY, Said
    from xmr_core.lab.tabulating import rows

    task = bar.add_task("fit", total=None)

    def tell(moment: Moment) -> None:
        # A bar counts whole numbers; a method's steps are parts of it
        part = moment.step / moment.steps if moment.steps else 0.0
        done = moment.place + (moment.seed + part) / len(seeds)
        bar.update(task, description=moment.method, completed=done, total=moment.methods)

    made = []
    for row in rows(data, names, seeds, encoders=encoders, tell=tell):
        made.append(row)
        keep(tuple(made))
        if isinstance(row, Said):
            label, name = row.name, SAID_BY[row.kind]
            value = row.measured.get(name)
        else:
            label, name = row.method, MAIN[data.relevant][1]
            value = row.report.overall[name] if row.report else None
        if value is None:
            say(f"{label}: {row.problem}", bar.console)
        else:
            say(f"{label}: {name} {value.value:.4g}, {row.seconds:.1f} s", bar.console)
    return tuple(made)


def _print(table: Any, held: Any) -> None:
    """The table, its bars, its orders, and one line to sum up."""
    from xmr_core.lab.bars import orders
    from xmr_core.lab.written import markdown, summary

    out.print(markdown(table), markup=False, highlight=False, soft_wrap=True)
    for lines in ([str(one) for one in held], orders(table)):
        if lines:
            say("")
        for line in lines:
            say(f"- {line}")
    say("")
    say(summary(table, held))
