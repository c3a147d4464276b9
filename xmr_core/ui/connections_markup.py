"""The Links page as it is before a library is shown."""

from xmr_core.ui.context import Context
from xmr_core.ui.pieces import button, tool

_VIEWS = (
    ("graph", "Graph", "What an item is linked with, and what that is linked with"),
    ("documents", "Documents", "Items of several media that are one thing"),
    ("topics", "Topics", "What the library is about"),
)


def markup(context: Context) -> str:
    """The page's HTML."""
    return (
        '<div class="x x-wrap x-con" data-main tabindex="-1">'
        f'<div class="x-map-top">{_top()}</div>'
        '<div class="x-con-job" data-part="job" hidden><span class="x-spin" aria-hidden="true">'
        '</span><span data-part="job-text"></span>'
        + button("stop", "Cancel", kind="x-btn-bare")
        + '</div><div data-part="none" hidden></div>'
        f"{_graph()}{_list()}"
        '<section class="x-topics" data-view="topics" data-part="topics" aria-label="Topics" '
        'hidden></section><div class="x-sr" role="status" aria-live="polite" data-part="said">'
        "</div></div>"
    )


def _top() -> str:
    views = "".join(
        f'<button type="button" data-do="view" data-value="{value}" title="{title}" '
        f'aria-pressed="{str(value == "graph").lower()}">{text}</button>'
        for value, text, title in _VIEWS
    )
    return (
        '<h2>Links</h2><label class="x-map-library"><span class="x-sr">Library</span>'
        '<select data-part="library"></select></label>'
        '<span class="x-quiet x-num" data-part="count"></span><span class="x-map-tools">'
        f'<span class="x-seg" role="group" aria-label="View">{views}</span></span>'
    )


def _graph() -> str:
    return (
        '<div class="x-con-main" data-view="graph"><section class="x-con-stage" '
        'aria-label="Graph"><div class="x-con-view" data-part="view">'
        '<canvas data-part="canvas" tabindex="-1" role="img" aria-label="The item in the middle '
        'and what it is linked with. The list beside it says the same."></canvas>'
        '<div class="x-map-tip" data-part="tip" hidden></div><div class="x-map-zoom">'
        + tool("back", "undo", "Back to the item before")
        + tool("other", "retry", "Another item")
        + '</div></div><ul class="x-con-legend" data-part="legend" aria-label="Kinds of links">'
        '</ul></section><section class="x-map-card x-con-side" aria-label="Linked items">'
        '<div data-part="middle"></div><ol data-part="near"></ol></section></div>'
    )


def _list() -> str:
    return (
        '<section data-view="documents" aria-label="Documents" hidden>'
        '<div class="x-grid" data-part="documents"></div><div class="x-more" data-part="more" '
        f"hidden>{button('more', 'Show more')}</div></section>"
    )
