"""Buttons and notices, the small pieces of every page, every word escaped."""

from collections.abc import Mapping

from xmr_core.ui.words import esc, icon


def tool(do: str, drawing: str, label: str, **data: object) -> str:
    """A small button with a drawing; its label is read out and shown on hover."""
    return (
        f'<button type="button" class="x-tool" data-do="{do}" aria-label="{esc(label)}" '
        f'title="{esc(label)}"{_data(data)}>{icon(drawing)}</button>'
    )


def button(do: str, label: str, drawing: str = "", kind: str = "", **data: object) -> str:
    """A button with words."""
    return (
        f'<button type="button" class="x-btn {kind}" data-do="{do}"{_data(data)}>'
        f"{icon(drawing) if drawing else ''}{esc(label)}</button>"
    )


def note(message: str, hint: str = "", kind: str = "warn", extra: str = "") -> str:
    """A coloured box that tells something."""
    drawing = "info" if kind == "info" else "warn"
    return (
        f'<div class="x-note" data-kind="{kind}">{icon(drawing)}<div><strong>{esc(message)}'
        f"</strong>{f'<p>{esc(hint)}</p>' if hint else ''}{extra}</div></div>"
    )


def _data(data: Mapping[str, object]) -> str:
    return "".join(f' data-{name}="{esc(value)}"' for name, value in data.items())
