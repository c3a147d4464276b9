"""Write ``docs/commands.md``: every command with its arguments and options, as --help tells them.

python tools/write_commands.py
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from xmr_core.cli import app

FILE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
_HEAD = """# Commands

What `xmr COMMAND --help` tells, on one page: written by `tools/write_commands.py`, held by a test.
"""


def document() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_commands("xmr", typer.main.get_command(app))])


def _commands(name: str, command: Any) -> Iterator[str]:
    """The sections of a command and of those below it."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield _section(name, command)
        return
    for word, below in inner.items():
        yield from _commands(f"{name} {word}", below)


def _section(name: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    usage = " ".join([name, "[OPTIONS]", *map(_argument, arguments)])
    paragraphs = [" ".join(part.split()) for part in command.help.split("\n\n")]
    rows = [f"| {_names(p)} | {p.help}{_default(p)} |" for p in command.params]
    lines = [f"## {name}", "", f"`{usage}`", "", "\n\n".join(paragraphs), ""]
    if rows:
        lines += ["| | |", "| --- | --- |", *rows, ""]
    return "\n".join(lines)


def _argument(argument: Any) -> str:
    name = argument.metavar + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _names(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.metavar}`"
    value = "" if param.is_flag else f" {param.metavar}"
    return ", ".join(f"`{name}{value}`" for name in param.opts)


def _default(param: Any) -> str:
    if param.param_type_name == "argument" or param.is_flag or param.default is None:
        return ""
    return f" Without it: `{param.default}`."


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
    print(FILE)
