"""What the commands say, and how: lines, tables, JSON, bars of progress."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from xmr_core.errors import XMRError

out = Console()
err = Console(stderr=True)


def shown(text: str) -> str:
    """Text that does no harm on a terminal, whatever bytes a file's name is made of.

    >>> shown("two\\nlines \\x1b[2J \\udcff 🐦")
    'two\\\\nlines \\\\x1b[2J \\\\udcff 🐦'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def say(line: str, where: Console = out) -> None:
    """A line of plain words."""
    where.print(shown(line), markup=False, highlight=False, soft_wrap=True)


def print_json(data: Any) -> None:
    """Data on standard output, in letters that it can carry."""
    text = json.dumps(data, indent=1, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # names that are no text, or an old terminal
        text = json.dumps(data, indent=1)
    print(text)


def write_json(file: Path, data: Any) -> None:
    """Data in a file; raises XMRError where it cannot be written."""
    try:
        file.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise XMRError(
            f"{file} cannot be written ({error.strerror or error}).", "Choose another place."
        ) from error


def cell(text: str) -> Text:
    """Words for a table, without markup."""
    return Text(shown(text))  # file names are not markup


def bar_of_progress() -> Bar:
    """A bar that goes when its block ends."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    return Bar(*columns, console=err, transient=True)


def teller(bar: Bar, what: str) -> Callable[[int, int], None]:
    """What is told (done, total) of a new line of progress."""
    task = bar.add_task(what, total=None)
    return lambda done, total: bar.update(task, completed=done, total=total or None)


def follow(run: Iterable[Any]) -> Any:
    """Show a run's progress; its last event."""
    last = None
    with bar_of_progress() as bar:
        task = bar.add_task("looking", total=None)
        for last in run:
            bar.update(task, description=last.stage, completed=last.done, total=last.total or None)
            if last.message:
                say(last.message, bar.console)
    return last
