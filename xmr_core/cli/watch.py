"""``xmr watch``: libraries kept up to date while it runs."""

import queue
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from xmr_core.cli.terminal import err, follow, say
from xmr_core.errors import LibraryBusy, LibraryNotFound, RootMissing

if TYPE_CHECKING:
    from xmr_core.library import Library
    from xmr_core.watching import Noticed, Watcher

_Event = tuple["Library", "Watcher", "Noticed"]


def watch(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Libraries; all if none is given.")
    ] = None,
) -> None:
    """Watch the folders of libraries and index what changes, until Ctrl+C.

    The application does the same for libraries whose switch on the page Library is on.
    """
    from xmr_core.library import Library

    names = list(dict.fromkeys(names or Library.names()))
    if not names:
        raise LibraryNotFound("There is no library yet.", "Run: xmr index FOLDER, or xmr demo.")
    stop = threading.Event()
    noticed: queue.SimpleQueue[_Event] = queue.SimpleQueue()
    with ExitStack() as stack:
        libraries = [stack.enter_context(Library.open(name)) for name in names]
        threads = [
            threading.Thread(target=_notice, args=(one, stop, noticed), daemon=True)
            for one in libraries
        ]
        for thread in threads:
            thread.start()
        say(f"Watching {', '.join(names)}. Stop with Ctrl+C.", err)
        try:
            while True:
                _look(*noticed.get())
        except KeyboardInterrupt:
            say("Stopped watching. What was done is kept.", err)
            raise typer.Exit(130) from None
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def _notice(
    library: "Library", stop: threading.Event, noticed: "queue.SimpleQueue[_Event]"
) -> None:
    watcher = library.watcher(stop)
    for one in watcher:
        noticed.put((library, watcher, one))


def _look(library: "Library", watcher: "Watcher", noticed: "Noticed") -> None:
    """Index what changed, and say what came of it where anything did."""
    clock = time.strftime("%H:%M")
    if noticed.message:
        say(f"{clock} {library.name}: {noticed.message}", err)
    for root in noticed.away:
        say(f"{clock} {library.name}: {root} is away; what is known of it is kept.", err)
    if not noticed.folders:
        return
    try:
        last = follow(library.index(*noticed.folders))
    except LibraryBusy:  # another process is at it
        watcher.again(noticed.folders)
        return
    except RootMissing:  # gone since; it is told when it is back
        return
    named = ("added", "changed", "moved", "returned", "missing", "failed")
    told = [f"{n} {name}" for name in named if (n := getattr(last, name))]
    if told:
        say(f"{clock} {library.name}: {', '.join(told)}.")
    for warning in last.warnings:
        say(f"{clock} {library.name}: {warning}", err)
