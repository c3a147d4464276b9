"""What the commands say, and how: lines, tables, JSON, bars of progress."""

import contextlib
import json
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.text import Text

from xmr_core.errors import XMRError

_AT_ONCE = 10.0  # seconds after which a run tells how far it is where no bar is shown

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


@contextlib.contextmanager
def writing(file: Path) -> Iterator[None]:
    """Raises XMRError where what is written inside cannot be."""
    try:
        yield
    except OSError as error:
        raise XMRError(
            f"{file} cannot be written ({error.strerror or error}).", "Choose another place."
        ) from error


def write_json(file: Path, data: Any) -> None:
    """Data in a file; raises XMRError where it cannot be written."""
    with writing(file):
        file.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")


def check_writable(file: Path) -> None:
    """Raise XMRError where a file cannot be written; what is in it stays."""
    there = file.exists()
    with writing(file):
        with file.open("a"):
            pass
        if not there:
            file.unlink()


def cell(*lines: str) -> Text:
    """Words for a table, without markup."""
    return Text("\n".join(map(shown, lines)))  # file names are not markup


def amounts(counts: Mapping[Any, int]) -> str:
    """Numbers of files by medium, in the words of the options.

    >>> amounts({"audio": 1_200, "text": 3, "mesh": 0})
    '3 text, 1,200 audio'
    """
    from xmr_core.media import Modality

    return ", ".join(f"{counts[medium]:,} {medium}" for medium in Modality if counts.get(medium))


def bar_of_progress() -> Bar:
    """A bar that goes when its block ends; none where nobody watches."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    return Bar(*columns, console=err, transient=True, disable=not err.is_terminal)


def teller(bar: Bar, what: str) -> Callable[[int, int], None]:
    """What is told (done, total) of a new line of progress."""
    task = bar.add_task(what, total=None)
    return lambda done, total: bar.update(task, completed=done, total=total or None)


def told_in_lines(say_line: Callable[[str], None]) -> Callable[[str, int, int], None]:
    """What is told (stage, done, total) where no bar is shown: a line a stage, and each quarter.

    >>> tell = told_in_lines(print)
    >>> for done in range(9):
    ...     tell("making", done, 8)
    Making …
    Making: 25% …
    Making: 50% …
    Making: 75% …
    """
    before = ("", 0)

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal before
        quarter = 4 * done // total if total and done < total else 0
        if stage != before[0] or quarter > before[1]:
            before = (stage, quarter)
            share = f": {25 * quarter}%" if quarter else ""
            say_line(f"{stage[:1].upper()}{stage[1:]}{share} …")

    return tell


def follow(run: Iterable[Any]) -> Any:
    """Show a run's progress; its last event. Interrupted, the run comes to its own end first.

    Where no bar can be shown a line tells each quarter of a run that is not over at once.
    """
    last, tell, begun = None, told_in_lines(partial(say, where=err)), time.monotonic()
    try:
        with bar_of_progress() as bar:
            task = bar.add_task("looking", total=None)
            for last in run:
                done, total = last.done, last.total or None
                bar.update(task, description=last.stage, completed=done, total=total)
                if not err.is_terminal and time.monotonic() - begun > _AT_ONCE:
                    tell(last.stage, done, total or 0)
                if last.message:
                    say(last.message, bar.console)
    finally:
        if isinstance(run, Generator):
            run.close()
    return last
