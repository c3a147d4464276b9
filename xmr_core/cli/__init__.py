"""``xmr``: the command line over the façade; one file for each kind of command.

Onnxruntime and tokenizers are imported by the commands that need them: --help stays quick.
"""

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from xmr_core import __version__
from xmr_core.cli import (
    assistant,
    concepts,
    documents,
    duplicates,
    graph,
    index,
    keep,
    keep_items,
    keeping,
    lab,
    library,
    measure,
    search,
    serve,
    watch,
    weights,
    words,
)
from xmr_core.cli import say as say_command
from xmr_core.cli.terminal import err, out, say
from xmr_core.errors import XMRError

COMMANDS: dict[str, Callable[..., None]] = {
    "index": index.index,
    "search": search.search,
    "say": say_command.say_files,
    "watch": watch.watch,
    "duplicates": duplicates.duplicates,
    "words": words.words,
    "app": serve.run_app,
    "demo": serve.demo,
    "mcp": assistant.mcp,
    "eval": measure.evaluate,
    "bench": measure.bench,
}
LIBRARY: dict[str, Callable[..., None]] = {
    "list": library.list_libraries,
    "show": library.show,
    "failures": library.failures,
    "searches": library.searches,
    "concepts": concepts.concepts,
    "rename": keeping.rename,
    "delete": keeping.delete,
    "add-folder": keeping.add_folder,
    "move-folder": keeping.move_folder,
    "remove-folder": keeping.remove_folder,
    "salvage": keeping.salvage,
}
LAB: dict[str, Callable[..., None]] = {
    "list": lab.list_lab,
    "run": lab.run,
    "keep": lab.keep,
    "show": lab.show,
}
KEEP: dict[str, Callable[..., None]] = {
    "list": keep.list_kept,
    "show": keep.show,
    "new": keep.new,
    "add": keep.add,
    "remove": keep.remove,
    "rename": keep.rename,
    "delete": keep.delete,
    "export": keep.export,
    "note": keep_items.note,
    "tag": keep_items.tag,
}
DOCUMENTS: dict[str, Callable[..., None]] = {
    "list": documents.list_documents,
    "show": documents.show,
    "search": documents.search,
    "join": documents.join,
    "split": documents.split,
}
GRAPH: dict[str, Callable[..., None]] = {
    "build": graph.build,
    "show": graph.show,
}
MODELS: dict[str, Callable[..., None]] = {
    "list": weights.models_list,
    "pull": weights.models_pull,
    "verify": weights.models_verify,
}

app = typer.Typer(
    help="Cross-media retrieval on your own folders.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
GROUPS: dict[str, tuple[str, dict[str, Callable[..., None]]]] = {
    "library": ("Libraries: what they hold, renamed, moved, deleted.", LIBRARY),
    "keep": ("What you keep: collections, notes, tags.", KEEP),
    "lab": ("The field's methods, compared on the same data.", LAB),
    "documents": ("Items of all media that are one thing, searched as one.", DOCUMENTS),
    "graph": ("Links between items of all media.", GRAPH),
    "models": ("The weights: list, pull, verify.", MODELS),
}
for _name, _command in COMMANDS.items():
    app.command(_name)(_command)
for _name, (_help, _commands) in GROUPS.items():
    _group = typer.Typer(help=_help, no_args_is_help=True)
    for _inner, _command in _commands.items():
        _group.command(_inner)(_command)
    app.add_typer(_group, name=_name)


def main() -> None:
    """Run the command line; errors that XMR knows become one sentence and exit status 1."""
    try:
        app()
    except XMRError as error:
        err.print(f"[red]{type(error).__name__}:[/red]", end=" ")
        say(str(error), err)
        sys.exit(1)


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


if os.environ.get("XMR_THREADS"):
    # FAISS and BLAS take their own environment variables; one setting rules all.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, os.environ["XMR_THREADS"])
