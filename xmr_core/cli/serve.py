"""``xmr app`` and ``xmr demo``: the application in the browser."""

from typing import Annotated

import typer

from xmr_core.cli.terminal import bar_of_progress, err, out, say, told_in_lines


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
) -> None:
    """Start the application in the browser."""
    from xmr_core.ui.app import serve

    serve(host=host, port=port, library=library)


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
