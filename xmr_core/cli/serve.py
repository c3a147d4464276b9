"""``xmr app`` and ``xmr demo``: the application in the browser."""

import os
from typing import Annotated

import typer

from xmr_core.cli.terminal import bar_of_progress, err, out, say, told_in_lines
from xmr_core.errors import XMRError

_SHORTEST = 8  # characters of a password


def run_app(
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="NUMBER", help="Port; the next free one if taken.")
    ] = 7860,
    library: Annotated[
        str | None, typer.Option("--library", "-l", metavar="NAME", help="Open this one.")
    ] = None,
    ask: Annotated[
        bool,
        typer.Option(
            "--password", help="Ask for a password that visitors have to give; see XMR_PASSWORD."
        ),
    ] = False,
) -> None:
    """Start the application in the browser.

    With --password, or the environment variable XMR_PASSWORD, visitors have to give a password:
    for a server that others in a network can reach, with --host 0.0.0.0.
    """
    from xmr_core.ui.app import serve

    serve(host=host, port=port, library=library, password=_password(ask))


def _password(ask: bool) -> str | None:
    """The password that visitors have to give, or None."""
    given = os.environ.get("XMR_PASSWORD", "")
    if ask and not given:
        given = typer.prompt("Password for visitors", hide_input=True, confirmation_prompt=True)
    if (ask or given) and len(given) < _SHORTEST:
        raise XMRError(
            f"That password is too short for a network: it has {len(given)} characters.",
            f"Take at least {_SHORTEST}; a few words do well.",
        )
    return given or None


def demo(
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="NUMBER", help="Port; the next free one if taken.")
    ] = 7860,
    build_only: Annotated[
        bool, typer.Option("--build-only", help="Build the library, start nothing.")
    ] = False,
) -> None:
    """Build the demo library and start the application on it."""
    from xmr_core.demo.library import build_demo

    if err.is_terminal:
        with bar_of_progress() as bar:
            task = bar.add_task("demo", total=None)
            build_demo(
                lambda stage, done, total: bar.update(
                    task, description=stage, completed=done, total=total or None
                )
            )
    else:
        build_demo(told_in_lines(lambda line: say(line, err)))
    out.print("The demo library is ready.")
    if not build_only:
        run_app(host=host, port=port, library="demo")
