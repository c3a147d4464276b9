"""The pages of the application, in the order of the navigation."""

from collections.abc import Mapping

from xmr_core.ui import (
    compare_page,
    connections_page,
    lab_page,
    library_page,
    map_page,
    search_page,
    shell,
    why_page,
)
from xmr_core.ui.actions import joined
from xmr_core.ui.context import Action, Context
from xmr_core.ui.page import Page

PAGES: tuple[Page, ...] = (
    search_page.PAGE,
    compare_page.PAGE,
    why_page.PAGE,
    map_page.PAGE,
    connections_page.PAGE,
    lab_page.PAGE,
    library_page.PAGE,
)


def actions(context: Context) -> Mapping[str, Action]:
    """What all pages ask of the server, by name."""
    return joined(shell.actions(context), *(page.actions(context) for page in PAGES))
