"""The Library page: its first markup and its actions."""

from collections.abc import Mapping

from xmr_core.ui.context import Action, Context


def markup(context: Context) -> str:
    """The page before anything is known."""
    return '<main class="x x-wrap x-lib"><h2>Library</h2></main>'


def actions(context: Context) -> Mapping[str, Action]:
    """What the page asks of the server."""
    return {}
