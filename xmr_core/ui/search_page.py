"""The Search page: its first markup and its actions."""

from collections.abc import Mapping

from xmr_core.ui.context import Action, Context


def markup(context: Context) -> str:
    """The page before the first query."""
    return '<main class="x x-wrap x-search"><h2>Search</h2></main>'


def actions(context: Context) -> Mapping[str, Action]:
    """What the page asks of the server."""
    return {}
