"""Files that could not be read, as HTML."""

from collections.abc import Sequence

from xmr_core.catalogue import Failure
from xmr_core.ui.pieces import button, tool
from xmr_core.ui.words import count, esc, icon

SHOWN = 50


def section(failures: Sequence[Failure], read_only: bool) -> str:
    """All of it, with the first files; nothing where there are none."""
    if not failures:
        return ""
    retry = "" if read_only else button("retry-all", "Try all again", "retry")
    return (
        f'<section class="x-failed"><h3>Could not be read <small>{count(len(failures), "file")}'
        f'</small>{retry}</h3><ul class="x-fails">{rows(failures, 0, read_only)}</ul>'
        "</section>"
    )


def rows(failures: Sequence[Failure], offset: int, read_only: bool) -> str:
    """Some of the files that failed, and the way to more of them."""
    listed = "".join(
        f'<li data-key="{failure.id}">{icon(failure.modality or "warn")}'
        f'<div><b title="{esc(failure.file)}">{esc(failure.path)}</b>'
        f"<p>{esc(_sentence(failure.reason))} {esc(failure.hint)}</p></div>"
        + (
            ""
            if read_only
            else tool("retry", "retry", f"Try {failure.path} again", failure=failure.id)
        )
        + "</li>"
        for failure in failures[offset : offset + SHOWN]
    )
    left = len(failures) - offset - SHOWN
    if left > 0:
        more = button("more-failures", f"Show {min(left, SHOWN):,} of {left:,} more")
        listed += f'<li class="x-fails-more" data-offset="{offset + SHOWN}">{more}</li>'
    return listed


def _sentence(reason: str) -> str:
    """The end of a sentence as one that begins here.

    >>> _sentence("is empty (0 bytes)")
    'It is empty (0 bytes).'
    """
    return f"It {reason.rstrip('.')}." if reason[:1].islower() else reason
