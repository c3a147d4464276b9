"""``xmr``: the command line over the façade."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from xmr_core import __version__
from xmr_core.errors import LibraryNotFound, RootMissing, XMRError

if TYPE_CHECKING:
    from xmr_core.library import Library

# Onnxruntime and tokenizers are imported by the commands that need them: --help stays quick.
app = typer.Typer(
    help="Cross-media retrieval on your own folders.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="The weights: list, pull, verify.", no_args_is_help=True)
app.add_typer(models_app, name="models")

out = Console()
err = Console(stderr=True)
_FAILURES = 20  # shown after a run

LibraryName = Annotated[str, typer.Option("--library", "-l", help="Name of the library.")]
ProfileName = Annotated[str, typer.Option("--profile", "-p", help="Name of the joint space.")]


def main() -> None:
    """Run the command line; errors that XMR knows become one sentence and exit status 1."""
    try:
        app()
    except XMRError as error:
        err.print(f"[red]{type(error).__name__}:[/red]", end=" ")
        _say(str(error), err)
        sys.exit(1)


def _shown(text: str) -> str:
    """Text that does no harm on a terminal, whatever bytes a file's name is made of.

    >>> _shown("two\\nlines \\x1b[2J \\udcff 🐦")
    'two\\\\nlines \\\\x1b[2J \\\\udcff 🐦'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _say(line: str, where: Console = out) -> None:
    """A line of plain words."""
    where.print(_shown(line), markup=False, highlight=False, soft_wrap=True)


def _print_json(data: Any) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # names that are no text, or an old terminal
        text = json.dumps(data, indent=1)
    print(text)


def _write_json(file: Path, data: Any) -> None:
    try:
        file.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise XMRError(
            f"{file} cannot be written ({error.strerror or error}).", "Choose another place."
        ) from error


def _version(value: bool) -> None:
    if value:
        out.print(f"xmr {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print and exit.")
    ] = False,
) -> None:
    pass


def _bar() -> Bar:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    return Bar(*columns, console=err, transient=True)


@app.command()
def index(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders of media; the library's own if none.")
    ] = None,
    library: LibraryName = "default",
    profile: Annotated[
        str | None, typer.Option("--profile", "-p", help="Joint space; embedded for a new library.")
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", help="Pattern to leave out, from now on; may be repeated."),
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try failed files again.")] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Files of a folder that is empty are gone.")
    ] = False,
) -> None:
    """Index FOLDERS into a library, made if it is not there; unchanged files are skipped."""
    with _made_or_opened(library, folders or (), profile) as opened:
        if profile and profile != opened.profile:
            _say(f"Changing the profile from {opened.profile} to {profile}.", err)
            _follow(opened.set_profile(profile))
        if retry:
            opened.retry_failures()
        patterns = None if ignore is None else tuple(ignore)
        run = opened.index(*(folders or ()), ignore=patterns, accept_loss=accept_loss)
        try:
            with contextlib.closing(run):
                last = _follow(run)
        except KeyboardInterrupt:
            _say("Cancelled. What was done is kept; the same command goes on from there.", err)
            raise typer.Exit(130) from None
        failures = opened.failures()
        _say(
            f"{opened.name}: {last.added} added, {last.changed} changed, {last.skipped} unchanged, "
            f"{last.moved} moved, {last.returned} returned, {last.missing} missing, "
            f"{last.failed} failed."
        )
        for failure in failures[:_FAILURES]:
            _say(f"  {failure.path}: {failure.reason}")
        if len(failures) > _FAILURES:
            _say(f"  … and {len(failures) - _FAILURES} more.")


def _made_or_opened(name: str, folders: Sequence[Path], profile: str | None) -> "Library":
    """The library of that name; a new one only where it has something to hold."""
    from xmr_core.library import Library

    if Library.check_name(name) in Library.names():
        return Library.open(name)
    if not folders:
        raise LibraryNotFound(
            f"There is no library '{name}'.", "Give the folders that a new one is to hold."
        )
    for folder in folders:
        if not folder.expanduser().is_dir():
            raise RootMissing(f"There is no folder {folder}.", "Check its path.")
    return Library.create(name, profile or "embedded")


@app.command()
def salvage(
    library: Annotated[str, typer.Argument(help="Name of the damaged library.")],
) -> None:
    """Save what can be read of a damaged library; indexing it then makes up for the rest."""
    from xmr_core.library import Library

    kept = Library.salvage(library)
    _say(f"{library}: {kept['items']} items were saved. Now run: xmr index --library '{library}'")


def _follow(run: Iterable[Any]) -> Any:
    """Show a run's progress; its last event."""
    last = None
    with _bar() as bar:
        task = bar.add_task("looking", total=None)
        for last in run:
            bar.update(task, description=last.stage, completed=last.done, total=last.total or None)
            if last.message:
                _say(last.message, bar.console)
    return last


@app.command()
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
        _print_json(_results_json(results))
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
            _plain(hit.item.path),
            _plain(place),
        )
    out.print(table)


def _plain(text: str) -> Any:
    from rich.text import Text

    return Text(_shown(text))  # file names are not markup


def _default_libraries() -> list[str]:
    from xmr_core.library import Library

    names = Library.names()
    if not names:
        raise LibraryNotFound("There is no library yet.", "Run: xmr index FOLDER, or xmr demo.")
    return ["default"] if "default" in names else names


def _results_json(results: Any) -> dict[str, Any]:
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


@app.command(name="app")
def run_app(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; the next free one if taken.")] = 7860,
    library: Annotated[str | None, typer.Option("--library", "-l", help="Open this one.")] = None,
) -> None:
    """Start the application in the browser."""
    from xmr_core.ui.app import serve

    serve(host=host, port=port, library=library)


@app.command()
def demo(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; the next free one if taken.")] = 7860,
    build_only: Annotated[
        bool, typer.Option("--build-only", help="Build the library, start nothing.")
    ] = False,
) -> None:
    """Build the demo library and start the application on it."""
    from xmr_core.demo.library import build_demo

    with _bar() as bar:
        task = bar.add_task("demo", total=None)
        build_demo(
            lambda stage, done, total: bar.update(
                task, description=stage, completed=done, total=total or None
            )
        )
    out.print("The demo library is ready.")
    if not build_only:
        run_app(host=host, port=port, library="demo")


@app.command(name="eval")
def evaluate(
    manifest: Annotated[Path, typer.Argument(help="CSV: path and caption…, label or path2.")],
    root: Annotated[Path | None, typer.Option(help="Folder that paths are relative to.")] = None,
    profile: ProfileName = "embedded",
    as_json: Annotated[Path | None, typer.Option("--json", help="Write the numbers here.")] = None,
) -> None:
    """Measure a profile on a table of media with captions, labels or partners."""
    from xmr_core.evaluation import evaluate as measure
    from xmr_core.manifest import read_manifest
    from xmr_core.profiles import load_profile

    table = read_manifest(manifest, root)
    with _bar() as bar:
        space = load_profile(profile, _teller(bar, "load"))
        measured = measure(table, space, _teller(bar, "encode"))
    numbers = measured.as_json()
    if as_json:
        _write_json(as_json, numbers)
    for path, reason in measured.failures:
        _say(f"{path}: {reason}", err)
    numbers.pop("failures")
    _print_json(numbers)


@models_app.command("list")
def models_list() -> None:
    """Show every artefact, its size, licence and whether it is here."""
    from xmr_core import models

    table = Table("name", "MB", "licence", "here", "about", box=None, pad_edge=False)
    for name, artefact in models.ARTEFACTS.items():
        here = "yes" if models.locate(name) else "no"
        table.add_row(name, f"{artefact.size / 1e6:.1f}", artefact.licence, here, artefact.about)
    out.print(table)


@models_app.command("pull")
def models_pull(
    names: Annotated[list[str] | None, typer.Argument(help="Artefacts; all if none.")] = None,
) -> None:
    """Fetch artefacts into the cache and verify them."""
    from xmr_core import models

    with _bar() as bar:
        for name in _artefacts(names or []):
            path = models.fetch(name, _teller(bar, name))
            _say(f"{name}: {path}")


def _teller(bar: Bar, what: str) -> Callable[[int, int], None]:
    """What is told (done, total) of a new line of progress."""
    task = bar.add_task(what, total=None)
    return lambda done, total: bar.update(task, completed=done, total=total or None)


@models_app.command("verify")
def models_verify(
    names: Annotated[list[str] | None, typer.Argument(help="Artefacts; all if none.")] = None,
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


@app.command()
def bench(
    what: Annotated[str, typer.Argument(help="towers, pipeline, reindex, search, start or all.")],
    as_json: Annotated[Path | None, typer.Option("--json", help="Write the numbers here.")] = None,
) -> None:
    """Measure speed and memory on this machine; exit status 1 when a bar is missed."""
    from xmr_core.bench import run

    report = run(what, lambda line: err.print(line, markup=False, highlight=False))
    if as_json:
        _write_json(as_json, report.as_json())
    out.print(report.table(), markup=False, highlight=False)
    if report.missed:
        raise typer.Exit(1)


if os.environ.get("XMR_THREADS"):
    # FAISS and BLAS take their own environment variables; one setting rules all.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, os.environ["XMR_THREADS"])

if __name__ == "__main__":
    main()
